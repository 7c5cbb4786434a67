"""From a planner's table to observations: every row that does not fit is named.

A value needs a planning unit, an indicator or kind of land, a time and a unit of measure.
Each may stand in the row, in the heading of the column, or above the table; the unit of
measure also behind the number or in a row under the headings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layers.density.amounts import Amount, amount_of
from layers.density.refusals import Problem, refusal_of
from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.dictionary import Dictionary, Measure
from layers.density.statistics.headings import UnitOf
from layers.density.statistics.layout import Column, find_layout
from layers.density.statistics.model import Observation, PublishedArea
from layers.density.statistics.periods import FACT
from layers.density.statistics.places import (
    Place,
    Reading,
    TableOptions,
    figure_of,
    measure_of,
    places_of,
)
from layers.density.statistics.qualifying import Judged
from layers.density.statistics.questions import account_for_ignored, ask_about_unseen
from layers.density.statistics.rows import check_columns, row_of
from layers.density.statistics.totals import RowKind, Taken, ZoneParts, reconcile
from layers.readers.sheets import Cell, Sheet

__all__ = ["TableOptions", "TableValues", "read_table"]

_BESIDE: Final = frozenset({"unknown_column"})
"""What leaves the rows of a table readable, so that all faults are told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableValues:
    """What a table says, in the units of the indicators and km2.

    ``questions`` must be confirmed before anything is stored; ``remarks``
    are columns and rows that were left out, and sums that differ, each with a code.
    """

    observations: tuple[Observation, ...]
    areas: tuple[PublishedArea, ...]
    header_line: int
    columns: Mapping[str, str]
    questions: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(
    sheet: Sheet,
    options: TableOptions,
    dictionary: Dictionary,
    unit_of: UnitOf,
    parts: ZoneParts,
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
    parts : ZoneParts
        What the whole zone is made up of: sums are held against it.

    Raises
    ------
    StatisticsTableError
        Nothing of the table is taken then. ``params["problems"]`` are the first
        :data:`layers.density.refusals.LARGEST_LIST`, ``params["count"]`` is how many there are.
    """
    layout = find_layout(sheet, dictionary, unit_of, options.ignore)
    if layout is None:
        raise refusal_of(sheet.name, [Problem(line=0, column=None, code="no_header")])
    reading = Reading(
        layout=layout,
        options=options,
        dictionary=dictionary,
        unit_of=unit_of,
        comments=sheet.comments,
    )
    check_columns(reading)
    if not {item.code for item in reading.problems} - _BESIDE:
        for line, at in layout.merged_values:
            reading.fault(line, at, "merged_value")
        for line, text in layout.strayed:
            reading.fault(line, None, "figures_above_headings", text)
        _read_rows(reading)
        ask_about_unseen(reading, sheet)
        account_for_ignored(reading)
        if not reading.problems and not reading.taken and not reading.areas:
            reading.fault(0, None, "no_values")
    totals = reconcile(reading.taken, reading.problem, parts)
    reading.problems += totals.problems
    if reading.problems:
        raise refusal_of(sheet.name, reading.problems)
    return TableValues(
        observations=totals.observations,
        areas=tuple(reading.areas.values()),
        header_line=layout.header_line,
        columns={one.text: _role_code(one) for one in layout.columns.values()},
        questions=(*reading.questions, *totals.questions),
        remarks=(*reading.remarks, *totals.remarks),
        notes=tuple(note for _, note in layout.notes),
    )


def _role_code(column: Column) -> str:
    heading = column.heading
    if heading is None or heading.left_out:
        return "left_out"
    return heading.role or (f"unit:{heading.unit_id}" if heading.unit_id else "period")


def _read_rows(reading: Reading) -> None:
    title, declared = reading.layout.title_period, reading.options.year
    if title and declared not in (None, title.year) and reading.column("period") is None:
        text = f"{title.year} / {declared}"
        reading.questions.append(reading.problem(0, None, "year_differs", text))
    whole: str | None = None
    for line, row in reading.layout.rows:
        found = row_of(reading, line, row, whole)
        if found is None:
            continue
        if found.kind is RowKind.UNIT:
            whole = found.unit_id
        for place in places_of(reading, found, row):
            _take(reading, place, row[place.at])


def _take(reading: Reading, place: Place, cell: Cell) -> None:
    amount = amount_of(cell)
    reading.used.add((place.line, place.at))
    if amount is None:
        reading.fault(place.line, place.at, "not_a_number", cell)
        return
    agrees, stated = measure_of(reading, place, amount)
    if not agrees:
        return
    unit_id = place.heading.unit_id or place.row.unit_id
    if unit_id is None:
        reading.fault(place.line, place.at, "no_unit")
        return
    figure = figure_of(reading, place, amount)
    if figure is None:
        return
    judged = reading.around.judge(figure)
    if figure.is_land:
        _take_area(reading, place, (unit_id, amount, judged), stated)
    else:
        _take_value(reading, place, (unit_id, amount, judged), stated)


_Found = tuple[str, Amount, Judged]


def _take_area(reading: Reading, place: Place, found: _Found, stated: Measure | None) -> None:
    unit_id, amount, judged = found
    kind = (place.heading.role or "").partition(":")[2]
    period = judged.period
    if period.year is None or place.row.kind is RowKind.TOTAL:
        return
    key = (unit_id, kind, period.year)
    faults = {
        "no_measure": stated is None,
        "other_measure": stated is not None and stated.of != "km2",
        "not_positive": not amount.value > 0.0,
        "area_not_exact": amount.relation != "=",
        "area_planned": period.nature != FACT,
        "repeated": key in reading.areas,
    }
    if why := next((code for code, holds in faults.items() if holds), None):
        text = stated.name if stated and why == "other_measure" else amount.value
        reading.fault(place.line, place.at, why, text)
    elif stated:
        reading.areas[key] = PublishedArea(
            unit_id=unit_id, denominator=kind, area_km2=amount.value * stated.times,
            first_year=period.year, last_year=period.year,
            source="; ".join((place.source, *judged.notes)),
            quality=judged.quality,
        )  # fmt: skip


def _take_value(reading: Reading, place: Place, found: _Found, stated: Measure | None) -> None:
    unit_id, amount, judged = found
    indicator = (place.heading.role or "").partition(":")[2]
    own = load_indicators()[indicator].unit
    times, said = _conversion(reading, stated, own)
    if times is None:
        reading.fault(place.line, place.at, said, stated.name if stated else "")
        return
    period = judged.period
    if period.year is None:
        return
    value = Observation(
        unit_id=unit_id,
        indicator=indicator,
        year=period.year,
        period=period.stored_kind,
        months=period.months,
        value=amount.value * times,
        relation=amount.relation,
        unit=own,
        source="; ".join(filter(None, (place.source, said))),
        quality=judged.quality,
        note=" ".join(judged.notes),
    )
    reading.taken.append(Taken(at=place.at, row=place.row, value=value))


def _conversion(
    reading: Reading, stated: Measure | None, own: str
) -> tuple[float, str] | tuple[None, str]:
    """Return by how much to multiply and what to add to the source; or why it cannot be."""
    if stated is None:
        return None, "no_measure"
    if stated.of == own or {stated.of, own} <= reading.dictionary.counts:
        return stated.times, ""
    if reading.dictionary.exchange.get(stated.of) != own:
        return None, "other_measure"
    rate, rate_source = reading.options.cny_per_usd, reading.options.rate_source
    if rate is None or not rate_source:
        return None, "no_exchange_rate"
    return stated.times * rate, f"1 USD = {rate} CNY, {rate_source}"
