"""Where the parts of a table are: titles, rows of headings, body, notes."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.density.amounts import amount_of, is_absent
from layers.density.statistics.dictionary import Dictionary, Measure
from layers.density.statistics.headings import Heading, UnitOf, parse_heading, stack_headings
from layers.density.statistics.periods import Period, parse_period
from layers.density.statistics.remarks import period_of_title
from layers.readers.sheets import Cell, Sheet, half_width, number_of, plain_word

HEADER_WITHIN: Final = 20
"""How many rows of titles may stand above the headings."""

_PARTED: Final = re.compile(r"[、,;/和与]")
_NOTE_MARKS: Final = "*※†①②③④⑤⑥⑦⑧⑨⑩¹²³"
_MOST_HEADER_ROWS: Final = 4
_PART_NAMES: Final = {"month": "月", "quarter": "季度"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its heading as printed, what it says, and the unit of measure of a row below.

    ``heading`` is None where it is not understood.
    """

    text: str
    heading: Heading | None
    below: Measure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table taken apart. Lines count from 1.

    ``rows`` repeat what merged cells say of units, indicators and times; ``merged_values``
    are line and column of numbers that stand for several rows. ``ignored`` are the names
    by which a person leaves columns out.
    """

    header_line: int
    columns: Mapping[int, Column]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    notes: tuple[tuple[int, str], ...]
    merged_values: tuple[tuple[int, int], ...]
    title_measures: tuple[Measure, ...]
    title_period: Period | None
    titles: tuple[str, ...]
    strayed: tuple[tuple[int, str], ...]
    ignored: Mapping[int, str]


def find_layout(
    sheet: Sheet, dictionary: Dictionary, unit_of: UnitOf, ignored: Sequence[str]
) -> Layout | None:
    """Return where headings, rows and notes are; None where no row names columns."""
    rows = sheet.fill_merged()
    at = next(
        (
            n
            for n, row in enumerate(rows[:HEADER_WITHIN])
            if _names_columns(row, dictionary, unit_of)
        ),
        None,
    )
    if at is None:
        return None
    first = _first_header_row(rows, at, dictionary)
    keys = _key_places(rows[first : at + 1], dictionary)
    last, below = _last_header_row(rows, at, keys, dictionary, unit_of)
    texts = _headings(rows[first : last + 1])
    left = {at: name for at, one in texts.items() if (name := _ignored_as(one, ignored))}
    columns = _columns(texts, below, (dictionary, unit_of), left)
    titles, above = _above(rows[:first], dictionary, unit_of)
    body, notes = _body(sheet, last + 1 + bool(below), dictionary, unit_of, columns)
    named = [sheet.name] if sheet.form == "XLSX" else []
    return Layout(
        header_line=at + 1,
        columns=columns,
        rows=body,
        notes=(*above, *notes),
        merged_values=_merged_values(sheet, last + 1, columns),
        title_measures=_title_measures(titles, dictionary),
        title_period=period_of_title([*titles, *named], dictionary)
        or period_of_title(titles, dictionary),
        titles=(*titles, *named),
        strayed=tuple(_strayed(rows[:first], above)),
        ignored=left,
    )


def has_figures(cells: Sequence[Cell]) -> bool:
    """Tell whether a row above the headings states something: no title, for it names no other."""
    return len(cells) > 2 and any(map(_is_figure, cells))


def _is_figure(cell: Cell) -> bool:
    """Tell whether a cell states a value, with its marks and words; a year is none."""
    amount = amount_of(cell)
    return amount is not None and not amount.measure.startswith("年")


def _strayed(
    rows: Sequence[Sequence[Cell]], notes: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """Yield the rows of figures above the headings: under none of these they say nothing."""
    known = {line for line, _ in notes}
    for line, row in enumerate(rows, start=1):
        cells = [cell for cell in row if cell is not None]
        if line not in known and has_figures(cells):
            yield line, " ".join(map(str, cells))


def _above(
    rows: Sequence[Sequence[Cell]], dictionary: Dictionary, unit_of: UnitOf
) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the texts above the headings: titles, and notes with their lines."""
    titles, notes = list[str](), list[tuple[int, str]]()
    for line, row in enumerate(rows, start=1):
        cells = [cell for cell in row if cell is not None]
        if (note := note_of(cells, dictionary, unit_of)) is not None:
            notes.append((line, note))
        elif not has_figures(cells):
            titles += map(str, dict.fromkeys(cells))
    return titles, notes


def _names_columns(row: Sequence[Cell], dictionary: Dictionary, unit_of: UnitOf) -> bool:
    """Tell whether a row holds headings: a column's name with another, or two indicators."""
    texts = dict.fromkeys(str(cell) for cell in row if isinstance(cell, str))
    found = [parse_heading(text, dictionary, unit_of) for text in texts]
    known = [one for one in found if one]
    keys = sum(one.is_key for one in known)
    others = sum(one.has_values for one in known)
    others += sum(_is_year(cell) for cell in row)
    values = sum(bool(one.role) and not one.is_key for one in known)
    # The row of a long table's body names an indicator, a period and a unit, but no column.
    return keys + others >= 2 and (keys >= 1 or values >= 2)


def _is_year(cell: Cell) -> bool:
    number = cell if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None
    return number is not None and float(number).is_integer() and 1900 <= number <= 2100


def _first_header_row(rows: Sequence[Sequence[Cell]], at: int, dictionary: Dictionary) -> int:
    """Return the first of the rows of headings: those above hold several different texts."""
    first = at
    while first and at - first < _MOST_HEADER_ROWS:
        above, row = rows[first - 1], rows[first]
        cells = [cell for cell in above if cell is not None]
        if len(dict.fromkeys(map(str, cells))) < 2 or any(_is_statement(cell) for cell in cells):
            break
        # A title over a column of names is no group of headings.
        if any(
            n < len(above) and above[n] not in (None, row[n])
            for n in _key_places([row], dictionary)
        ):
            break
        first -= 1
    return first


def _is_statement(cell: Cell) -> bool:
    return isinstance(cell, str) and ":" in plain_word(cell)


def _key_places(rows: Sequence[Sequence[Cell]], dictionary: Dictionary) -> list[int]:
    places = {
        at
        for row in rows
        for at, cell in enumerate(row)
        if isinstance(cell, str)
        and dictionary.roles.get(plain_word(cell)) in ("unit", "indicator", "period")
    }
    return sorted(places)


def _last_header_row(
    rows: Sequence[Sequence[Cell]],
    at: int,
    keys: Sequence[int],
    dictionary: Dictionary,
    unit_of: UnitOf,
) -> tuple[int, dict[int, Measure] | None]:
    """Return the last row of headings, and the row of units of measure under it, if any."""
    last = at
    while last + 1 < len(rows) and last - at < _MOST_HEADER_ROWS:
        row = rows[last + 1]
        own = {n: cell for n, cell in enumerate(row) if cell is not None}
        fresh = {
            n: cell for n, cell in own.items() if n >= len(rows[last]) or rows[last][n] != cell
        }
        if measures := _measures(fresh, dictionary):
            return last, measures
        if not fresh or any(n in keys for n in fresh):
            break
        texts = [cell for cell in fresh.values() if isinstance(cell, str)]
        if len(texts) + sum(map(_is_year, fresh.values())) < len(fresh):
            break
        if not any(parse_heading(text, dictionary, unit_of) for text in texts) and texts:
            break
        last += 1
    return last, None


def _measures(cells: Mapping[int, Cell], dictionary: Dictionary) -> dict[int, Measure] | None:
    found = {
        at: measure
        for at, cell in cells.items()
        if isinstance(cell, str) and (measure := _measure_in(cell, dictionary))
    }
    titles = dictionary.words["measure_titles"]
    names = {at for at, cell in cells.items() if plain_word(str(cell)) in titles}
    others = [at for at, cell in cells.items() if at not in found and not is_absent(cell)]
    return found if found and names.issuperset(others) else None


def _measure_in(text: str, dictionary: Dictionary) -> Measure | None:
    plain = plain_word(text).removeprefix("(").removesuffix(")")
    return dictionary.measures.get(plain) or dictionary.measures.get(plain_word(text))


def _headings(rows: Sequence[Sequence[Cell]]) -> dict[int, list[str]]:
    """Return the texts over each column that has any, from above; no text twice."""
    width = max(map(len, rows))
    grid = [[*row, *[None] * (width - len(row))] for row in rows]
    for upper, lower in itertools.pairwise(grid):
        # A group's name stands over its first column where cells are not merged.
        for at in range(1, width):
            if upper[at] is None and lower[at] is not None and upper[at - 1] is not None:
                spans = lower[at - 1] is not None and lower[at - 1] != upper[at - 1]
                upper[at] = upper[at - 1] if spans else None
    found = {}
    for at in range(width):
        texts = [_heading_text(row[at]) for row in grid if row[at] is not None]
        if texts:
            found[at] = texts
    return found


def _ignored_as(texts: Sequence[str], ignored: Sequence[str]) -> str | None:
    """Return the name by which a person leaves a column out; None if it is to be read."""
    names = (" ".join(dict.fromkeys(texts)), texts[-1])
    return next((name for name in names if name in ignored), None)


def _columns(
    headings: Mapping[int, Sequence[str]],
    below: Mapping[int, Measure] | None,
    words: tuple[Dictionary, UnitOf],
    ignored: Mapping[int, str],
) -> dict[int, Column]:
    return {
        at: Column(
            text=" ".join(dict.fromkeys(texts)),
            heading=_cornered(texts, *words) or stack_headings(texts, *words),
            below=(below or {}).get(at),
        )
        for at, texts in headings.items()
        if at not in ignored
    }


def _cornered(texts: Sequence[str], dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what stands below a corner that names its column and its row at once."""
    del unit_of
    parts = [part for part in re.split(r"[\\/＼]", texts[-1]) if part]
    roles = [dictionary.roles.get(plain_word(part)) for part in parts]
    if len(parts) < 2 or not all(roles):
        return None
    below = next((role for role in roles if role == "unit"), roles[0])
    return Heading(role=below) if below else None


def _heading_text(cell: Cell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _body(
    sheet: Sheet,
    start: int,
    dictionary: Dictionary,
    unit_of: UnitOf,
    columns: Mapping[int, Column],
) -> tuple[tuple[tuple[int, tuple[Cell, ...]], ...], list[tuple[int, str]]]:
    rows, notes = [], []
    filled = sheet.fill_merged(down_only=True)
    keys = {at for at, column in columns.items() if column.heading and column.heading.is_key}
    for line, whole in enumerate(filled[start:], start=start + 1):
        own = sheet.rows[line - 1]
        row = tuple(
            cell if at in keys or at >= len(own) else own[at] for at, cell in enumerate(whole)
        )
        cells = [cell for cell in row if cell is not None]
        if not cells:
            continue
        note = note_of(cells, dictionary, unit_of)
        if note is not None:
            notes.append((line, note))
        elif not _repeats_header(row, columns):
            rows.append((line, row))
    while rows and (note := _closing_text(rows[-1][1], unit_of)) is not None:
        notes.append((rows.pop()[0], note))
    return tuple(rows), notes


def _closing_text(row: Sequence[Cell], unit_of: UnitOf) -> str | None:
    """Return the only text of a row below all others: it speaks of the table, not of a row."""
    cells = [cell for cell in row if cell is not None]
    if len(cells) != 1 or not isinstance(cells[0], str) or unit_of(cells[0]) is not None:
        return None
    return cells[0]


def _merged_values(
    sheet: Sheet, start: int, columns: Mapping[int, Column]
) -> tuple[tuple[int, int], ...]:
    return tuple(
        (top + 1, left)
        for top, left, bottom, _ in sheet.merged
        if top >= start and bottom > top and left in columns and left < len(sheet.rows[top])
        and (heading := columns[left].heading) and heading.has_values
        and not is_absent(sheet.rows[top][left])
    )  # fmt: skip


def _repeats_header(row: Sequence[Cell], columns: Mapping[int, Column]) -> bool:
    """Tell whether a row holds the headings again, as at the head of a printed page."""
    filled = [(at, str(cell)) for at, cell in enumerate(row) if cell is not None]
    return len(filled) > 1 and all(
        at in columns and columns[at].text.split(" ")[-1] == text.split(" ")[-1]
        for at, text in filled
    )


def note_of(cells: Sequence[Cell], dictionary: Dictionary, unit_of: UnitOf) -> str | None:
    """Return a row of text that is no row of the table; None for any other."""
    texts = [cell for cell in dict.fromkeys(cells) if isinstance(cell, str)]
    if not texts or len(texts) < len(dict.fromkeys(cells)):
        return None
    plain = plain_word(texts[0])
    # NFKC makes ① a 1.
    if half_width(texts[0]).strip().startswith(tuple(_NOTE_MARKS)) or re.match(
        r"\(\d\)|\d[.、]", plain
    ):
        return " ".join(texts)
    starts = any(plain.startswith(word) for word in dictionary.words["notes"])
    if starts and (len(texts) == 1 or ":" in plain) and unit_of(texts[0]) is None:
        return " ".join(texts)
    return None


def _title_measures(titles: Sequence[str], dictionary: Dictionary) -> tuple[Measure, ...]:
    """Return the units of measure that stand above the headings, as of the whole table."""
    found: list[Measure] = []
    words = "|".join(map(re.escape, dictionary.words["measure_titles"]))
    for title in titles:
        plain = plain_word(title)
        for said in re.findall(rf"(?:{words}):([^()]+)", plain) + re.findall(
            r"\(([^()]+)\)", plain
        ):
            whole = dictionary.measures.get(said)
            parts = (
                [whole]
                if whole
                else [dictionary.measures.get(part) for part in _PARTED.split(said)]
            )
            found += [part for part in parts if part and part not in found]
    return tuple(found)


def part_of_year(cell: Cell, role: str) -> Period | None:
    """Return the month or quarter that a bare number names in a column of them."""
    number = number_of(cell)
    if number is None or not number.is_integer():
        return None
    return parse_period(f"{int(number)}{_PART_NAMES[role]}", {})


def year_of(cell: Cell, dictionary: Dictionary) -> Period | None:
    """Return the time that a cell states."""
    number = number_of(cell) if isinstance(cell, (int, float)) else None
    return parse_period(
        int(number) if number is not None and number.is_integer() else cell, dictionary.natures
    )
