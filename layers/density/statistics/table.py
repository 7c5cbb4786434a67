"""From a planner's table to observations: every row that does not fit is named.

Two habits are understood. A long table has a line for each value (unit, indicator,
period, value, measure); a wide one a line for each unit, and a column for each
indicator or kind of land with the unit of measure in its header.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from layers.density.refusals import Problem, refused
from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.dictionary import Dictionary, Heading, Measure
from layers.density.statistics.model import Observation, PublishedArea
from layers.readers.sheets import Cell, Sheet, header_row, number_of

_YEAR: Final = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d)")
_BESIDE: Final = frozenset({"unknown_column"})
"""What leaves the rows of a table readable, so that all faults are told at once."""

_EMPTY: Final = frozenset({"-", "—", "–", "/", "无", "n/a", "na", "null", "..."})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What a person declares of a table; None: it must stand in the table.

    ``cny_per_usd`` with its source changes US dollars into yuan. ``ignore`` names columns
    that are to be left out. ``source`` and ``quality`` stand for values without their own.
    """

    source: str
    quality: str
    year: int | None = None
    cny_per_usd: float | None = None
    rate_source: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableValues:
    """What a table says, in the units of the indicators and km2."""

    observations: tuple[Observation, ...]
    areas: tuple[PublishedArea, ...]
    header_line: int
    columns: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    """A table being read: where its columns are, and what does not fit."""

    sheet: Sheet
    options: TableOptions
    dictionary: Dictionary
    unit_of: Callable[[str], str | None]
    at: int
    headings: dict[int, Heading] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    observations: dict[tuple[str, str, int, str], tuple[int, Observation]] = field(
        default_factory=dict
    )
    areas: dict[tuple[str, str, int], PublishedArea] = field(default_factory=dict)

    def column(self, role: str) -> int | None:
        return next((at for at, head in self.headings.items() if head.role == role), None)

    def cell(self, row: Sequence[Cell], role: str) -> Cell:
        at = self.column(role)
        return row[at] if at is not None and at < len(row) else None

    def text(self, row: Sequence[Cell], role: str) -> str | None:
        cell = self.cell(row, role)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return None if cell is None else str(cell)

    def header(self, at: int) -> str:
        return str(self.sheet.rows[self.at][at])

    def fault(self, line: int, column: int | None, code: str, text: object = None) -> None:
        header = None if column is None else self.header(column)
        shown = None if text is None else str(text)[:80]
        self.problems.append(Problem(line=line, column=header, code=code, text=shown))


def read_table(
    sheet: Sheet,
    options: TableOptions,
    dictionary: Dictionary,
    unit_of: Callable[[str], str | None],
) -> TableValues:
    """Return the values of a table, or say of every row what is wrong with it.

    Parameters
    ----------
    sheet : Sheet
        From :func:`layers.readers.sheets.read_sheet`.
    options, dictionary
        What the person and the dictionary say.
    unit_of : callable
        From a name to the id of a planning unit; None if there is no such unit.

    Raises
    ------
    StatisticsTableError
        Nothing of the table is taken then. ``params["problems"]`` are the first
        :data:`layers.refusals.LARGEST_LIST`, ``params["count"]`` is how many there are.
    """
    at = header_row(sheet.rows, dictionary.words)
    if at is None:
        raise refused(sheet.name, [Problem(line=0, column=None, code="no_header")])
    reading = _Reading(sheet=sheet, options=options, dictionary=dictionary, unit_of=unit_of, at=at)
    _read_header(reading)
    if not {item.code for item in reading.problems} - _BESIDE:
        for line, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
            if any(cell is not None for cell in row):
                _read_row(reading, line, row)
        _require_one_kind_of_period(reading)
        if not reading.problems and not reading.observations and not reading.areas:
            reading.fault(0, None, "no_values")
    if reading.problems:
        raise refused(sheet.name, reading.problems)
    return TableValues(
        observations=tuple(found for _, found in reading.observations.values()),
        areas=tuple(reading.areas.values()),
        header_line=at + 1,
        columns={reading.header(n): head.role for n, head in reading.headings.items()},
    )


def _read_header(reading: _Reading) -> None:
    for at, cell in enumerate(reading.sheet.rows[reading.at]):
        if cell is None or str(cell) in reading.options.ignore:
            continue
        heading = reading.dictionary.heading(str(cell))
        if heading is None:
            reading.fault(reading.at + 1, at, "unknown_column")
        elif heading.role != "note":
            if any(_same_column(heading, other) for other in reading.headings.values()):
                reading.fault(reading.at + 1, at, "repeated_column")
            reading.headings[at] = heading
    if reading.column("unit") is None:
        reading.fault(reading.at + 1, None, "no_unit_column")
    long = reading.column("value") is not None
    if long and reading.column("indicator") is None:
        reading.fault(reading.at + 1, None, "no_indicator_column")
    if not long and not _value_columns(reading):
        reading.fault(reading.at + 1, None, "no_value_column")
    if reading.column("period") is None and reading.options.year is None:
        reading.fault(reading.at + 1, None, "no_period")


def _same_column(one: Heading, other: Heading) -> bool:
    return (one.role, one.cumulative) == (other.role, other.cumulative)


def _value_columns(reading: _Reading) -> list[tuple[int, Heading]]:
    return [(at, head) for at, head in reading.headings.items() if ":" in head.role]


def _read_row(reading: _Reading, line: int, row: Sequence[Cell]) -> None:
    name = reading.text(row, "unit")
    unit_id = reading.unit_of(name) if name else None
    if unit_id is None:
        reading.fault(line, reading.column("unit"), "unknown_unit" if name else "no_unit", name)
        return
    when = _period(reading, line, row)
    if when is None:
        return
    for at, heading, stated in _values(reading, line, row):
        cell = row[at] if at < len(row) else None
        if cell is None or str(cell).strip().casefold() in _EMPTY:
            # Nothing stated is no value; it is not a zero.
            continue
        value = number_of(cell)
        if value is None:
            reading.fault(line, at, "not_a_number", cell)
            continue
        year, period = when
        period = "cumulative" if heading.cumulative and period == "full_year" else period
        source = reading.text(row, "source") or reading.options.source
        quality = reading.text(row, "quality") or reading.options.quality
        found = Observation(
            unit_id=unit_id, indicator=heading.role.partition(":")[2], year=year, period=period,
            value=value, relation="=", unit=stated.name if stated else "", source=source,
            quality=quality,
        )  # fmt: skip
        if heading.role.startswith("land:"):
            _take_area(reading, (line, at), found, stated)
        else:
            _take_value(reading, (line, at), found, stated)


def _values(
    reading: _Reading, line: int, row: Sequence[Cell]
) -> Iterator[tuple[int, Heading, Measure | None]]:
    """Yield the columns of a row that hold values, with the measure that is stated."""
    value_at = reading.column("value")
    stated = reading.text(row, "measure")
    own = reading.dictionary.measure(stated) if stated else None
    if stated and own is None:
        reading.fault(line, reading.column("measure"), "unknown_measure", stated)
        return
    if value_at is None:
        yield from ((at, head, head.measure or own) for at, head in _value_columns(reading))
        return
    word = reading.text(row, "indicator")
    heading = reading.dictionary.heading(word) if word else None
    if heading is None or ":" not in heading.role:
        reading.fault(line, reading.column("indicator"), "unknown_indicator", word)
        return
    yield value_at, heading, own or heading.measure or reading.headings[value_at].measure


def _period(reading: _Reading, line: int, row: Sequence[Cell]) -> tuple[int, str] | None:
    cell = reading.cell(row, "period")
    if cell is None:
        if reading.options.year is not None:
            return reading.options.year, "full_year"
        reading.fault(line, reading.column("period"), "no_period")
        return None
    text = str(cell.year) if isinstance(cell, date) else reading.text(row, "period") or ""
    year = _YEAR.search(text)
    if year is None:
        reading.fault(line, reading.column("period"), "no_year", text)
        return None
    return int(year[0]), reading.dictionary.period_of(text)


def _take_area(
    reading: _Reading, where: tuple[int, int], found: Observation, stated: Measure | None
) -> None:
    line, at = where
    if stated is None or stated.of != "km2":
        reading.fault(line, at, "no_measure" if stated is None else "other_measure", found.unit)
        return
    if not found.value > 0.0:
        reading.fault(line, at, "not_positive", found.value)
        return
    area = PublishedArea(
        unit_id=found.unit_id, denominator=found.indicator, area_km2=found.value * stated.times,
        first_year=found.year, last_year=found.year, source=found.source, quality=found.quality,
    )  # fmt: skip
    key = (found.unit_id, found.indicator, found.year)
    if key in reading.areas:
        reading.fault(line, at, "repeated", found.unit_id)
        return
    reading.areas[key] = area


def _take_value(
    reading: _Reading, where: tuple[int, int], found: Observation, stated: Measure | None
) -> None:
    line, at = where
    own = load_indicators()[found.indicator].unit
    times, source = _conversion(reading, stated, own)
    if times is None:
        reading.fault(line, at, source, found.unit)
        return
    said = "; ".join(filter(None, (found.source, source)))
    value = replace(found, value=found.value * times, unit=own, source=said)
    key = (found.unit_id, found.indicator, found.year, found.period)
    if key in reading.observations:
        reading.fault(line, at, "repeated", f"{reading.observations[key][0]}")
        return
    reading.observations[key] = (line, value)


def _conversion(
    reading: _Reading, stated: Measure | None, own: str
) -> tuple[float, str] | tuple[None, str]:
    """Return by how much to multiply and what to add to the source; or why it cannot be."""
    if stated is None:
        return None, "no_measure"
    if stated.of == own:
        return stated.times, ""
    if reading.dictionary.exchange.get(stated.of) != own:
        return None, "other_measure"
    rate, rate_source = reading.options.cny_per_usd, reading.options.rate_source
    if rate is None or not rate_source:
        return None, "no_exchange_rate"
    return stated.times * rate, f"1 USD = {rate} CNY, {rate_source}"


def _require_one_kind_of_period(reading: _Reading) -> None:
    """Refuse a year that has a whole-year and a cumulative value of one thing."""
    seen: dict[tuple[str, str, int], tuple[int, str]] = {}
    for (unit, indicator, year, period), (line, _) in reading.observations.items():
        if period == "target":
            continue
        before = seen.setdefault((unit, indicator, year), (line, period))
        if before[1] != period:
            reading.fault(line, None, "mixed_periods", f"{indicator} {year} ({before[0]})")
