"""Where each value of a table stands, and what row, heading and title say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from layers.density.amounts import Amount, is_absent
from layers.density.refusals import Problem, cell_address
from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.dictionary import Dictionary, Measure, load_dictionary
from layers.density.statistics.footnotes import is_only_marks, split_notes
from layers.density.statistics.headings import Heading, UnitOf, stack_headings
from layers.density.statistics.layout import Column, Layout, part_of_year, year_of
from layers.density.statistics.model import PublishedArea
from layers.density.statistics.periods import CUMULATIVE, FACT, FULL_YEAR, Period
from layers.density.statistics.qualifying import Figure, Surroundings, marks_of
from layers.density.statistics.totals import RowKind, TableRow, Taken
from layers.readers.comments import Comment
from layers.readers.sheets import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What a person declares of a table; None: it must stand in the table.

    ``cny_per_usd`` with its source changes US dollars into yuan. ``ignore`` names columns
    that are to be left out. ``source`` and ``quality`` stand for values without their own.
    ``file_name`` may say more of the time: it is a hint, and asked about. ``today`` is the
    day of the import: what is not over by then is no fact; None asks nothing about it.
    ``nature`` is what figures are of which only names, notes and marks speak.
    """

    source: str
    quality: str
    year: int | None = None
    cny_per_usd: float | None = None
    rate_source: str | None = None
    ignore: tuple[str, ...] = ()
    file_name: str = ""
    today: date | None = None
    nature: str | None = None


@dataclass(slots=True)
class Reading:
    """A table being read, and what does not fit."""

    layout: Layout
    options: TableOptions
    dictionary: Dictionary
    unit_of: UnitOf
    problems: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    areas: dict[tuple[str, str, int], PublishedArea] = field(default_factory=dict)
    last_name: str | None = None
    open_section: str | None = None
    comments: tuple[Comment, ...] = ()
    used: set[tuple[int, int]] = field(default_factory=set)
    around: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        """Take the notes apart, and find the marks that something in the table carries."""
        headings = tuple(column.text for column in self.layout.columns.values())
        texts = [cell for _, row in self.layout.rows for cell in row if isinstance(cell, str)]
        texts += [*headings, *self.layout.titles, *(text for _, _, text in self.comments)]
        said = self.options
        self.around = Surroundings(
            dictionary=self.dictionary,
            names=(*self.layout.titles, said.file_name, said.source, said.quality),
            titles=self.layout.titles,
            headings=headings,
            declared=(said.source, said.quality),
            footnotes=split_notes(self.layout.notes),
            carried=frozenset(marks_of(texts)),
            nature=said.nature,
            today=said.today,
            questions=self.questions,
        )

    def column(self, role: str) -> int | None:
        """Return the column of a name, None where there is none."""
        return next(
            (
                at for at, column in self.layout.columns.items()
                if column.heading and column.heading.role == role
            ),
            None,
        )  # fmt: skip

    def text(self, row: Sequence[Cell], role: str) -> str | None:
        """Return what a row says in a column of a name."""
        at = self.column(role)
        cell = row[at] if at is not None and at < len(row) else None
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return None if cell is None else str(cell)

    def texts(self, row: Sequence[Cell], role: str) -> tuple[str, ...]:
        """Return what a row says in all columns of a name."""
        found = [
            str(row[at]) for at, column in self.layout.columns.items()
            if column.heading and column.heading.role == role
            and at < len(row) and not is_absent(row[at])
        ]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def problem(self, line: int, column: int | None, code: str, text: object = None) -> Problem:
        """Return a finding with the heading of its column."""
        header = None if column is None else self.layout.columns[column].text
        shown = None if text is None else str(text)[:80]
        cell = None if column is None else cell_address(line, column)
        return Problem(line=line, column=header, code=code, text=shown, cell=cell)

    def fault(self, line: int, column: int | None, code: str, text: object = None) -> None:
        """Note what does not fit: nothing of the table is taken then."""
        self.problems.append(self.problem(line, column, code, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands and what its row says."""

    line: int
    at: int
    row: TableRow
    heading: Heading
    measure: Measure | None
    source: str
    quality: str
    notes: tuple[str, ...] = ()


def title_period_of(reading: Reading) -> Period | None:
    """Return the time of the whole table: as declared, more closely as its title says."""
    year, title = reading.options.year, reading.layout.title_period
    if year is None:
        return title
    stated = Period(year=year, kind=FULL_YEAR)
    if title and title.year is None:
        return title.of_year(year)
    return title if title and title.year == year else stated


def quantity_of(heading: Heading) -> str | None:
    """Return the indicator or kind of land that a heading names."""
    return heading.role if heading.role and ":" in heading.role else None


def value_columns(reading: Reading) -> list[tuple[int, Column]]:
    """Return the columns that hold values."""
    return [
        (at, column)
        for at, column in reading.layout.columns.items()
        if column.heading and column.heading.has_values and not column.heading.left_out
    ]


def places_of(reading: Reading, row: TableRow, cells: Sequence[Cell]) -> Iterator[Place]:
    """Yield the cells of a row that state something, with all that is known of them."""
    stated = reading.text(cells, "measure")
    measure = None if is_absent(stated) else reading.dictionary.measure(stated or "")
    if measure is None and not is_absent(stated):
        reading.fault(row.line, reading.column("measure"), "unknown_measure", stated)
        return
    # Nothing stated is no value; it is not a zero.
    filled = [
        (at, column) for at, column in value_columns(reading)
        if at < len(cells) and not is_absent(cells[at])
    ]  # fmt: skip
    known, own = _own_indicator(reading, row.line, cells, any_value=bool(filled))
    for at, column in filled if known else ():
        heading = _joined(reading, (row.line, at), column, own, cells)
        said = (
            measure,
            own.measure if own else None,
            column.below,
            column.heading.measure if column.heading else None,
        )
        agrees, found = _one_measure(reading, (row.line, at), said)
        if heading is not None and agrees:
            yield Place(
                line=row.line, at=at, row=_row_of(row, column), heading=heading, measure=found,
                source=reading.text(cells, "source") or reading.options.source,
                quality=reading.text(cells, "quality") or reading.options.quality,
                notes=(*reading.texts(cells, "note"), *_comments_on(reading, row.line, at)),
            )  # fmt: skip


def _comments_on(reading: Reading, line: int, at: int) -> Iterator[str]:
    """Yield what is pinned to a cell, to its heading, or to what its row is of."""
    keys = {n for n, one in reading.layout.columns.items() if one.heading and one.heading.is_key}
    for of_line, column, text in reading.comments:
        of_cell = of_line == line and (column == at or column in keys)
        if of_cell or (of_line <= reading.layout.header_line and column == at):
            yield text


def _row_of(row: TableRow, column: Column) -> TableRow:
    """Return a row, as that of a sum where its column adds up the others."""
    if column.heading is None or not column.heading.total:
        return row
    return replace(row, kind=RowKind.TOTAL, unit_id=column.text)


def _own_indicator(
    reading: Reading, line: int, cells: Sequence[Cell], *, any_value: bool
) -> tuple[bool, Heading | None]:
    """Return whether a row may be read, and what its indicator says if it has one."""
    at = reading.column("indicator")
    if at is None:
        return True, None
    word = reading.text(cells, "indicator")
    own = stack_headings([word], reading.dictionary, reading.unit_of) if word else None
    if own is not None and own.left_out:
        reading.remarks.append(reading.problem(line, at, "no_value_of_its_own", word))
        return False, None
    if own is None or quantity_of(own) is None:
        if any_value:
            reading.fault(line, at, "unknown_indicator", word)
        return False, None
    return True, own


def _one_measure(
    reading: Reading, where: tuple[int, int], stated: Sequence[Measure | None]
) -> tuple[bool, Measure | None]:
    """Return whether all that is stated agrees, and the one unit of measure, if any."""
    said = [one for one in stated if one]
    if len({(one.of, one.times) for one in said}) > 1:
        reading.fault(*where, "two_measures", " / ".join(one.name for one in said))
        return False, None
    return True, said[0] if said else None


def _joined(
    reading: Reading,
    where: tuple[int, int],
    column: Column,
    own: Heading | None,
    cells: Sequence[Cell],
) -> Heading | None:
    """Return a column's heading with what the row says of indicator and time."""
    heading = column.heading or Heading()
    of_row = quantity_of(own) if own else None
    if of_row and quantity_of(heading) not in (None, of_row):
        reading.fault(*where, "two_indicators", reading.text(cells, "indicator"))
        return None
    spoken = tuple(one for one in (heading, own) if one)
    planned = any(_is_planned(one) for one in spoken)
    period = _period(reading, where, [one.period for one in spoken], cells, planned=planned)
    if period is None:
        return None
    natures = (*(one.nature for one in spoken), period.nature)
    nature = next((one for one in natures if one != FACT), FACT)
    if (heading.cumulative or (own and own.cumulative)) and period.kind == FULL_YEAR:
        period = Period(year=period.year, kind=CUMULATIVE, months="..12")
    return Heading(
        role=quantity_of(heading) or of_row,
        unit_id=heading.unit_id,
        period=replace(period, nature=nature),
        mark=heading.mark + (own.mark if own else ""),
    )


_PLANNED: Final = frozenset({"target", "estimate"})


def _is_planned(heading: Heading) -> bool:
    """Tell whether a heading calls its figures a plan or what is expected."""
    said = (heading.nature, heading.period.nature if heading.period else FACT)
    return not _PLANNED.isdisjoint(said)


def _period(
    reading: Reading,
    where: tuple[int, int],
    of_headings: Sequence[Period | None],
    cells: Sequence[Cell],
    *,
    planned: bool,
) -> Period | None:
    """Return the one time that headings, row and title say; None where they do not.

    The months of a title are those of what was: a target beside them is that of the year.
    """
    at, title = reading.column("period"), title_period_of(reading)
    if planned and title and title.kind != FULL_YEAR:
        title = Period(year=title.year, kind=FULL_YEAR, nature=title.nature)
        if not any(of_headings):
            name = reading.layout.columns[where[1]].text
            reading.around.ask(where[0], "plan_of_the_year", name, (where[1], name))
    of_row = _periods_of_row(reading, where[0], cells)
    if of_row is None:
        return None
    stated = [one for one in (*of_headings, *of_row) if one] or ([title] if title else [])
    years = {one.year for one in (*stated, title) if one and one.year}
    if any(one.year for one in stated):
        years = {one.year for one in stated if one.year}
    parts = [one for one in stated if one.kind != FULL_YEAR or one.says_whole]
    if not parts and title and title.kind != FULL_YEAR and {title.year} <= {None, *years}:
        # A year alone says less than the months in the title above it.
        parts = [title]
    parts = parts or stated
    if not years or not parts:
        reading.fault(where[0], at, "no_period")
        return None
    if len(years) > 1 or len({(one.kind, one.months) for one in parts}) > 1:
        text = " / ".join(f"{one.year or ''} {one.months}".strip() for one in stated)
        reading.fault(*where, "two_periods", text)
        return None
    (year,) = years
    said = [one.nature for one in stated] + ([title.nature] if title and title.year == year else [])
    if (
        reading.options.nature
        and title
        and not any(one.nature != FACT for one in (*of_headings, *of_row) if one)
    ):
        # What a person declares holds over what the title says.
        said = [FACT]
    nature = next((one for one in said if one != FACT), FACT)
    return replace(parts[0], year=year, nature=nature)


def _periods_of_row(reading: Reading, line: int, cells: Sequence[Cell]) -> list[Period] | None:
    """Return what the columns of years, months and quarters say; None where one is not read."""
    found = []
    for role in ("period", "month", "quarter"):
        at = reading.column(role)
        cell = cells[at] if at is not None and at < len(cells) else None
        if is_absent(cell):
            continue
        period = part_of_year(cell, role) if role != "period" else None
        period = period or year_of(cell, reading.dictionary)
        if period is None:
            if not any(one.line == line and one.code == "no_year" for one in reading.problems):
                reading.fault(line, at, "no_year", cell)
            return None
        found.append(period)
    return found


def measure_of(reading: Reading, place: Place, amount: Amount) -> tuple[bool, Measure | None]:
    """Return whether the units of measure of a number agree, and the one that it has."""
    behind = reading.dictionary.measure(amount.measure) if amount.measure else None
    if amount.measure and behind is None:
        reading.fault(place.line, place.at, "unknown_measure", amount.measure)
        return False, None
    agrees, found = _one_measure(reading, (place.line, place.at), (behind, place.measure))
    if found is not None or not agrees:
        return agrees, found
    titles = [one for one in reading.layout.title_measures if _fits(place, one)]
    return True, titles[0] if len(titles) == 1 else None


def _fits(place: Place, measure: Measure) -> bool:
    """Tell whether a unit that stands above the table can be that of a column."""
    role, _, name = (place.heading.role or "").partition(":")
    own = "km2" if role == "land" else load_indicators()[name].unit
    return measure.of == own or {measure.of, own} <= load_dictionary().counts


def figure_of(reading: Reading, place: Place, amount: Amount) -> Figure | None:
    """Return a figure with all that its cell, row and heading say; None without a year."""
    period = place.heading.period
    if period is None or period.year is None:
        return None
    column = reading.layout.columns[place.at]
    marked = [place.row.mark, place.heading.mark, amount.mark, *reading.layout.titles]
    marked += filter(is_only_marks, place.notes)
    return Figure(
        line=place.line,
        period=period,
        quality=place.quality,
        source=place.source,
        own=amount.remark,
        notes=place.notes,
        section=reading.open_section,
        marks=marks_of(marked),
        column=(place.at, column.text),
        has_own_year=bool(column.heading and column.heading.period),
        is_land=(place.heading.role or "").startswith("land:"),
    )
