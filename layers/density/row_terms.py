"""What a table says of its figures besides them, row by row: time, source, quality, notes.

What qualifies a figure is judged by the rules of tables of statistics (``qualifying``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from layers.density.amounts import Amount, amount_of, is_absent
from layers.density.quantities import Column, marks_of_header
from layers.density.records import Record, Table
from layers.density.refusals import Problem
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.footnotes import is_only_marks, split_notes
from layers.density.statistics.layout import part_of_year, year_of
from layers.density.statistics.periods import FACT, FULL_YEAR, UNCLEAR, Period
from layers.density.statistics.qualifying import Figure, Judged, Surroundings, marks_of
from layers.density.statistics.remarks import narrow_period, period_of_title
from layers.readers.sheets import Cell, split_mark

_REPORTED: Final = "reported"
_TIMES: Final = ("period", "month", "quarter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is known of a table besides it: the day it is read, and what a person declares.

    ``nature`` is what figures are of which only names, notes and marks speak.
    """

    today: date | None = None
    nature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What must travel with the figures of a row.

    ``year`` is None where no year is told, or several; ``period`` and ``months`` are those
    of an :class:`~layers.density.statistics.model.Observation`: ``unclear`` where nothing
    tells the time, or what tells it is not understood. ``notes`` stand as in the table.
    """

    year: int | None = None
    period: str = UNCLEAR
    months: str = ""
    quality: str = _REPORTED
    source: str = ""
    notes: tuple[str, ...] = ()
    relation: str = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTerms:
    """What a row says of its figures; what their own cells and headings add is asked for.

    ``whole`` is what holds for all figures of the row.
    """

    table: "TableTerms"
    figure: Figure
    whole: Terms

    def of_figure(self, header: str, column: Column, amount: Amount) -> Terms:
        """Return what holds for one figure: its heading and its cell may say more."""
        own = (*marks_of_header(header), *marks_of([amount.mark]))
        comments = self.table.comments_on(self.figure.line, header)
        if not (own or comments or amount.remark or column.period):
            # Most figures say no more than their row.
            return replace(self.whole, relation=amount.relation)
        figure = replace(
            self.figure,
            period=_joined(self.figure.period, column.period),
            own=amount.remark,
            notes=tuple(dict.fromkeys((*self.figure.notes, *comments))),
            marks=tuple(dict.fromkeys((*self.figure.marks, *own))),
            column=self.table.column(header),
            has_own_year=bool(column.period and column.period.year),
        )
        return self.table.judge(figure, amount.relation)


class TableTerms:
    """Reads what a table says of its figures; ``questions`` are what it leaves open."""

    def __init__(self, table: Table, declared: Declared) -> None:
        """Take apart what stands around the figures of a table."""
        self._table, self._dictionary = table, load_dictionary()
        records = table.records
        headers = list(dict.fromkeys(header for one in records for header in one.cells if header))
        texts = [cell for one in records for cell in one.cells.values() if isinstance(cell, str)]
        texts += [*headers, *table.titles, *(text for _, _, text in table.comments)]
        self._spoken = [head for head in headers if self._dictionary.term_role(head)]
        self._pinned = self._pin()
        title = period_of_title(table.titles, self._dictionary)
        # What a person declares holds over what the title says.
        self._title = replace(title, nature=FACT) if title and declared.nature else title
        self._around = Surroundings(
            dictionary=self._dictionary,
            names=(*table.names, table.quality),
            titles=table.titles,
            headings=tuple(headers),
            declared=(table.quality, table.name, _REPORTED),
            footnotes=split_notes(table.notes),
            carried=frozenset(marks_of(texts)),
            nature=declared.nature,
            today=declared.today,
        )

    @property
    def questions(self) -> tuple[Problem, ...]:
        """What was left open by the rows and figures that were read so far."""
        return tuple(self._around.questions)

    def of_row(self, record: Record) -> RowTerms:
        """Return what a row says of its figures."""
        said = self._texts_by_role(record.cells)
        period, unread = self._stated(record.cells)
        for text in unread:
            self._around.ask(record.line, "time_unread", text)
        section = "; ".join(filter(None, (record.section, *unread)))
        if record.section:
            self._around.ask(record.line, "section_unread", record.section)
        quality = "; ".join(filter(None, (*said["quality"], self._table.quality)))
        figure = Figure(
            line=record.line,
            period=period or Period(year=None, kind=FULL_YEAR),
            quality=quality or _REPORTED,
            source="; ".join(said["source"]) or self._table.name,
            notes=(*said["note"], *self.comments_on(record.line, None)),
            section=section or None,
            marks=marks_of([*self._marks_of_row(record), *self._table.titles]),
        )
        return RowTerms(table=self, figure=figure, whole=self.judge(figure))

    def judge(self, figure: Figure, relation: str = "=") -> Terms:
        """Return what a figure is, as its row, its cell and all around it say."""
        judged: Judged = self._around.judge(figure)
        period = judged.period
        timeless = period.year is None and period.stored_kind == FULL_YEAR
        return Terms(
            year=period.year,
            period=UNCLEAR if timeless else period.stored_kind,
            months=period.months,
            quality=judged.quality,
            source=figure.source,
            notes=judged.notes,
            relation=relation,
        )

    def column(self, header: str) -> tuple[int, str] | None:
        """Return the place of a column and its heading; None in a layer."""
        at = self._table.places.get(header)
        return None if at is None else (at, header)

    def comments_on(self, line: int, header: str | None) -> list[str]:
        """Return what is pinned to a figure or its heading; without a heading, to its row.

        What is pinned to a name is of its row, what is pinned to a title of all rows.
        """
        if not self._pinned:
            return []
        return [*self._pinned.get((line, header), ()), *self._pinned.get((0, header), ())]

    def _pin(self) -> dict[tuple[int, str | None], list[str]]:
        """Return comments by line, 0 of all rows, and by the heading of the figure they are on."""
        heads = {at: header for header, at in self._table.places.items()}
        lines = {one.line for one in self._table.records}
        found = defaultdict[tuple[int, str | None], list[str]](list)
        for line, at, text in self._table.comments:
            header = heads.get(at)
            is_figure = header is not None and self._holds_figures(header)
            is_pinned = is_figure and (line in lines or line == self._table.header_line)
            found[line if line in lines else 0, header if is_pinned else None].append(text)
        return dict(found)

    def _holds_figures(self, header: str) -> bool:
        """Tell whether numbers stand below a heading."""
        cells = (one.cells.get(header) for one in self._table.records)
        return header not in self._spoken and any(amount_of(cell) is not None for cell in cells)

    def _marks_of_row(self, record: Record) -> list[str]:
        """Return the marks that the texts of a row carry: they hold for all of its figures."""
        found = [
            split_mark(cell)[1]
            for cell in record.cells.values()
            if isinstance(cell, str) and amount_of(cell) is None
        ]
        notes = self._texts_by_role(record.cells)["note"]
        return [*found, *filter(is_only_marks, notes)]

    def _stated(self, cells: Mapping[str, Cell]) -> tuple[Period | None, list[str]]:
        """Return the time of a row, more closely as the title says it; and what is unread."""
        found: list[Period] = []
        for header in self._spoken:
            role, cell = self._dictionary.term_role(header), cells.get(header)
            if role not in _TIMES or is_absent(cell):
                continue
            period = None if role == "period" else part_of_year(cell, role)
            period = period or year_of(cell, self._dictionary)
            if period is None:
                return None, [f"{header}: {cell}"]
            found.append(period)
        if not found:
            return self._title, []
        whole = _one_period(found)
        if whole is None:
            said = (cells.get(one) for one in self._spoken
                    if self._dictionary.term_role(one) in _TIMES)  # fmt: skip
            return None, [" / ".join(str(one) for one in said if not is_absent(one))]
        return (narrow_period(whole, self._title) if self._title else whole) or whole, []

    def _texts_by_role(self, cells: Mapping[str, Cell]) -> dict[str, Sequence[str]]:
        return {
            role: [
                str(cells[header]).strip()
                for header in self._spoken
                if self._dictionary.term_role(header) == role and not is_absent(cells.get(header))
            ]
            for role in ("source", "quality", "note")
        }


def is_term(header: str) -> bool:
    """Tell whether a column says something of the figures beside it, and is none itself."""
    return load_dictionary().term_role(header) is not None


def _one_period(found: Sequence[Period]) -> Period | None:
    """Return what the columns of years and of parts of them say together; None if they differ."""
    years = {one.year for one in found if one.year}
    parts = [one for one in found if one.kind != FULL_YEAR or one.says_whole] or list(found)
    if len(years) > 1 or len({(one.kind, one.months) for one in parts}) > 1:
        return None
    nature = next((one.nature for one in found if one.nature != FACT), FACT)
    return replace(parts[0], year=next(iter(years), None), nature=nature)


def _joined(row: Period, column: Period | None) -> Period:
    """Return the time of a figure whose heading names a time, a plan or an estimate."""
    if column is None:
        return row
    nature_only = column.kind == FULL_YEAR and not column.year and column.nature != FACT
    if nature_only:
        # 计划 above the figures of a first quarter: no fact, and no year.
        return replace(row, nature=column.nature)
    nature = column.nature if column.nature != FACT else row.nature
    return replace(column, year=column.year or row.year, nature=nature)
