"""Promises of standard land held against yearly figures, and the calendar of terms."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.density.qualifiers import lines_left_out
from api.workspace.needs import DensityNeeds
from layers.density.land_ledger import (
    LEDGER_TABLE,
    PROMISES,
    LedgerTable,
    Promise,
    YearFigures,
    figures_of,
    is_promise_table,
    promises_of,
)
from layers.density.promises import (
    expiry_state,
    first_due_year,
    keeps_least,
    keeps_most,
    term_end,
)
from layers.density.records import read_records
from layers.density.refusals import question_of
from layers.density.row_terms import Declared
from layers.model import ReadOptions
from layers.readers import Source
from layers.zones import Region
from maps.density.route_answers import Expiry, LandLedger, LedgerRow

_UNITS: Final = {
    "investment": "万元/亩",
    "output": "万元/亩",
    "tax": "万元/亩",
    "energy": "吨标煤/万元",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRequest:
    """How both tables are read, and how early the end of a term is told."""

    options: ReadOptions
    warn_months: int
    accept: bool = False
    nature: str | None = None


def land_ledger(
    workspace: DensityNeeds, promises: Source, figures: Source, request: LedgerRequest
) -> LandLedger:
    """Return each promise in each year that it was due: kept, broken, or without a figure.

    A promise is due to the last year that is over. What is missing is never taken as kept.

    Raises
    ------
    StatisticsTableError, StatisticsQuestionError
        A table does not fit, or something must be confirmed.
    """
    today = workspace.today()
    declared = Declared(today=workspace.now().date(), nature=request.nature)
    agreed = _read(workspace, promises, request, declared)
    reached = _read(workspace, figures, request, declared)
    by_year = {(one.parcel, one.year): one for one in reached.figures}
    rows = [row for one in agreed.promises for row in _rows(one, by_year, today.year - 1)]
    known = {one.parcel for one in agreed.promises}
    return LandLedger(
        on=today.isoformat(),
        warn_months=request.warn_months,
        parcels=len(agreed.promises),
        rows=rows,
        expiries=_expiries(agreed.promises, today, request.warn_months),
        counts=dict(Counter(row.state for row in rows)),
        without_term=[
            one.parcel for one in agreed.promises if not one.start or one.term_months is None
        ],
        unknown_parcels=sorted({one.parcel for one in reached.figures} - known),
        left_out=lines_left_out(reached.not_facts),
        sums=lines_left_out((*agreed.sums, *reached.sums)),
        sources=[promises.name, figures.name],
    )


def _read(
    workspace: DensityNeeds, source: Source, request: LedgerRequest, declared: Declared
) -> LedgerTable:
    found = workspace.read_apart(source.name, _table_of, source, request.options, workspace.limits,
                                 workspace.zone.region, declared)  # fmt: skip
    if found.questions and not request.accept:
        raise question_of(source.name, found.questions)
    return found


def _table_of(
    source: Source, options: ReadOptions, limits: object, region: Region, declared: Declared
) -> LedgerTable:
    """Return a table as promises where it has them, else as yearly figures."""
    table = read_records(source, options, limits, region, LEDGER_TABLE)  # type: ignore[arg-type]
    heads = list(dict.fromkeys(head for record in table.records for head in record.cells if head))
    return promises_of(table, declared) if is_promise_table(heads) else figures_of(table, declared)


def _rows(
    promise: Promise, by_year: Mapping[tuple[str, int], YearFigures], last_year: int
) -> Iterator[LedgerRow]:
    for name in PROMISES:
        promised = promise.amounts.get(name)
        if promised is None:
            continue
        if promise.deadline is None:
            yield _row(promise, name, promised, None, "no_deadline", None)
            continue
        due = first_due_year(promise.deadline, at_deadline=name == "investment")
        if due > last_year:
            yield _row(promise, name, promised, due, "not_due", None)
        for year in range(due, last_year + 1):
            actual = _actual(promise, name, by_year.get((promise.parcel, year)))
            yield _row(promise, name, promised, year, _state(name, actual, promised), actual)


def _actual(promise: Promise, name: str, figures: YearFigures | None) -> float | None:
    """Return what was reached, a mu of the parcel; of energy a unit of output."""
    if figures is None or name not in figures.amounts:
        return None
    below = figures.amounts.get("output") if name == "energy" else promise.land_mu
    return figures.amounts[name] / below if below else None


def _state(name: str, actual: float | None, promised: float) -> str:
    if actual is None:
        return "no_figure"
    keeps = keeps_most if name == "energy" else keeps_least
    return "kept" if keeps(actual, promised) else "breach"


def _row(
    promise: Promise, name: str, promised: float, year: int | None, state: str,
    actual: float | None,
) -> LedgerRow:  # fmt: skip
    short = None
    if state == "breach" and actual is not None and promised > 0.0:
        short = 100.0 * abs(promised - actual) / promised
    return LedgerRow(
        parcel=promise.parcel,
        firm=promise.firm,
        promise=name,
        year=year,
        promised=promised,
        actual=actual,
        unit=_UNITS[name],
        state=state,
        shortfall_pct=short,
    )


def _expiries(promises: Sequence[Promise], today: date, warn_months: int) -> list[Expiry]:
    found = []
    for one in promises:
        if one.start is None or one.term_months is None:
            continue
        ends = term_end(one.start, one.term_months)
        found.append(
            Expiry(
                parcel=one.parcel,
                firm=one.firm,
                tenure=one.tenure,
                ends_on=ends.isoformat(),
                days_left=(ends - today).days,
                state=expiry_state(ends, today, warn_months),
            )
        )
    return sorted(found, key=lambda one: one.ends_on)
