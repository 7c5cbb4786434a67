"""The columns and rows of a table: what they are, and which of them do not fit."""

from collections.abc import Sequence

from layers.density.amounts import is_absent
from layers.density.statistics.headings import Heading
from layers.density.statistics.places import (
    Reading,
    quantity_of,
    title_period_of,
    value_columns,
)
from layers.density.statistics.remarks import leaves_open
from layers.density.statistics.totals import RowKind, TableRow
from layers.readers.sheets import Cell, plain_word, split_mark


def check_columns(reading: Reading) -> None:
    """Note the columns that are not understood, left out or missing."""
    line = reading.layout.header_line
    seen: set[object] = set()
    for at, column in reading.layout.columns.items():
        heading = column.heading
        if heading is None:
            reading.fault(line, at, "unknown_column")
        elif heading.left_out:
            reading.remarks.append(reading.problem(line, at, "no_value_of_its_own"))
        elif heading.role not in ("note", "number"):
            _check_column(reading, at, heading, seen)
    used = [column.heading for _, column in value_columns(reading) if column.heading]
    times = [reading.column(role) for role in ("period", "month", "quarter")]
    missing = {
        "no_unit_column": reading.column("unit") is None
        and not all(one.unit_id or one.total for one in used),
        "no_value_column": not used,
        "no_indicator_column": reading.column("indicator") is None
        and not all(map(quantity_of, used)),
        "no_period": all(one is None for one in times)
        and not ((title := title_period_of(reading)) and title.year)
        and not all(one.period and one.period.year for one in used),
    }
    for code in (code for code, is_missing in missing.items() if is_missing):
        reading.fault(line, None, code)


def _check_column(reading: Reading, at: int, heading: Heading, seen: set[object]) -> None:
    line = reading.layout.header_line
    units = any(one.heading and one.heading.unit_id for one in reading.layout.columns.values())
    is_sum_of_others = heading.total and (heading.role is not None or not units)
    if is_sum_of_others or not (heading.is_key or heading.has_values):
        reading.fault(line, at, "unknown_column")
    period = heading.period and (heading.period.year, heading.period.kind, heading.period.months)
    nature = heading.period.nature if heading.period else heading.nature
    same = (heading.role, heading.cumulative, period, heading.unit_id, heading.total, nature)
    if same in seen:
        reading.fault(line, at, "repeated_column")
    seen.add(same)
    if heading.unread and not heading.is_key:
        words = " / ".join(heading.unread)
        reading.questions.append(reading.problem(line, at, "group_unread", words))


def row_of(reading: Reading, line: int, row: Sequence[Cell], whole: str | None) -> TableRow | None:
    """Return whose row it is; None where it says nothing, does not fit or is left out.

    ``whole`` is the unit of the last row that was no part of another.
    """
    at = reading.column("unit")
    if at is None:
        return TableRow(line=line, kind=RowKind.UNIT, unit_id=None, mark="", whole=None)
    name = reading.text(row, "unit")
    if not any(n < len(row) and not is_absent(row[n]) for n, _ in value_columns(reading)):
        if name is None or reading.unit_of(name) is None:
            text = name or " ".join(str(cell) for cell in row if cell is not None)
            # 一季度 alone in a row is a time of the rows below it, which cannot be told.
            is_open = leaves_open(text, (0,), reading.dictionary)
            reading.open_section = text if is_open else None
            told = reading.questions if is_open else reading.remarks
            code = "section_unread" if is_open else "row_without_values"
            told.append(reading.problem(line, at, code, text))
        return None
    if name is None and reading.last_name is None:
        reading.fault(line, at, "no_unit")
        return None
    if name is None:
        # What a merged cell leaves behind in a CSV file, or a name that was forgotten.
        name = reading.last_name or ""
        reading.questions.append(reading.problem(line, at, "unit_of_the_row_above", name))
    found = _named(reading, line, name, whole)
    reading.last_name = name if found and found.kind is RowKind.UNIT else None
    return found


def _named(reading: Reading, line: int, name: str, whole: str | None) -> TableRow | None:
    at, (bare, mark) = reading.column("unit"), split_mark(name)
    inner = reading.dictionary.without_prefix(bare, "parts")
    unit_id = reading.unit_of(name) or reading.unit_of(bare)
    if unit_id is None and inner is None and plain_word(bare) in reading.dictionary.words["totals"]:
        return TableRow(line=line, kind=RowKind.TOTAL, unit_id=bare, mark=mark, whole=None)
    kind = RowKind.UNIT if inner is None else RowKind.PART
    unit_id = unit_id or (reading.unit_of(inner) if inner else None)
    if unit_id is not None:
        return TableRow(line=line, kind=kind, unit_id=unit_id, mark=mark, whole=whole)
    if reading.dictionary.roles.get(plain_word(name)) == "unit":
        reading.fault(line, at, "second_table", name)
    elif inner is None:
        reading.fault(line, at, "unknown_unit", name)
    else:
        reading.remarks.append(reading.problem(line, at, "part_of_the_row_above", name))
    return None
