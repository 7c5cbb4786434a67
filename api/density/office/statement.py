"""The statement of a quarter: targets, progress, judgement and text by rule."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from api.density.land import divisible
from api.density.lands import Lands, lands_of, reason_against
from api.density.qualifiers import combine_qualifiers, qualifiers_of
from api.density.reconcile import reconcile_total
from api.density.unit_sheet import UnknownUnitError
from api.workspace.needs import DensityNeeds
from geo.density.progress import Span, change_pct, judge_progress, progress_pct, value_until
from geo.errors import InputError
from layers.density.assessment import Assessment, load_assessment
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Indicator, Observation, PlanningUnit
from maps.answers import Title
from maps.density.answers import Qualifiers, Reconciliation
from maps.density.statement_answers import Statement, StatementDensity, StatementRow
from maps.density.statement_words import overview_text, row_text

COUNTED_UNITS: Final = frozenset({"户", "个", "人"})
_APPROVED: Final = "approved"
_LIMITS: Final = (">", "<")
_TARGET: Final = "target"
_MONTHS_OF_QUARTER: Final = 3


class NothingToStateError(InputError):
    """No unit has a target or a figure of that time. Params: ``year``, ``quarter``."""

    code = "api.density.nothing_to_state"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequest:
    """Of which quarter; ``unit_ids`` empty: all units with a target or a figure."""

    year: int
    quarter: int
    unit_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    """A figure from January to a month, put together of the observations it is the sum of."""

    value: float
    of: tuple[Observation, ...]
    differs_from_sum: float | None


def quarter_statement(workspace: DensityNeeds, request: StatementRequest) -> Statement:
    """Return targets and progress of every unit to the end of a quarter.

    A figure is that of January to the end of the quarter as it was reported, else the sum of the
    spans that cover those months without a gap; a plan, an estimate or a preliminary figure
    stands for neither.

    Raises
    ------
    UnknownUnitError, NothingToStateError
        There is no such unit, or nothing is known of that time.
    SchemeFileError
        The office's own rules cannot be read.
    """
    statistics = workspace.statistics
    for unit_id in request.unit_ids:
        if unit_id not in statistics.units:
            raise UnknownUnitError(unit=unit_id[:80], known=sorted(statistics.units)[:50])
    rules = load_assessment(workspace.settings.data_dir / "density")
    lands = lands_of(workspace, statistics)
    rows = list(_rows(statistics, lands, rules, request))
    if not rows:
        raise NothingToStateError(year=request.year, quarter=request.quarter)
    last = request.quarter * _MONTHS_OF_QUARTER
    counts = dict(Counter(row.judgement for row in rows))
    return Statement(
        year=request.year,
        quarter=request.quarter,
        months=f"01-{last:02d}",
        time_pct=100.0 * last / 12,
        own_rules=rules.own,
        made_on=workspace.today().isoformat(),
        rows=rows,
        counts=counts,
        reconciliations=_reconciliations(statistics, request),
        density=list(_densities(statistics, lands, rows)),
        overview=overview_text(request.year, f"01-{last:02d}", counts),
    )


def _rows(
    statistics: Statistics, lands: Lands, rules: Assessment, request: StatementRequest
) -> Iterator[StatementRow]:
    grouped = _by_unit(statistics)
    for unit in statistics.units.values():
        if request.unit_ids and unit.id not in request.unit_ids:
            continue
        for indicator in statistics.indicators.values():
            own = grouped.get((unit.id, indicator.id), [])
            row = _row(unit, indicator, own, rules, (lands, request))
            if row is not None:
                yield row


def _by_unit(statistics: Statistics) -> Mapping[tuple[str, str], list[Observation]]:
    found: dict[tuple[str, str], list[Observation]] = {}
    for one in statistics.observations:
        found.setdefault((one.unit_id, one.indicator), []).append(one)
    return found


def _row(
    unit: PlanningUnit,
    indicator: Indicator,
    own: list[Observation],
    rules: Assessment,
    about: tuple[Lands, StatementRequest],
) -> StatementRow | None:
    lands, request = about
    last = request.quarter * _MONTHS_OF_QUARTER
    target = next(
        (one for one in own if (one.year, one.period, one.months) == (request.year, _TARGET, "")),
        None,
    )
    now = _reached(own, indicator, request.year, last)
    if target is None and now is None:
        return None
    before = _reached(own, indicator, request.year - 1, last)
    done = progress_pct(now.value, target.value) if now and target and target.value > 0 else None
    judgement = _judgement(now, target, done, last, rules)
    row = StatementRow(
        unit_id=unit.id,
        level=unit.level,
        unit_name=Title(zh=unit.name_zh, en=unit.name_en),
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        unit=indicator.unit,
        decimals=0 if indicator.unit in COUNTED_UNITS else 2,
        value=now.value if now else None,
        value_qualifiers=_qualifiers(now),
        summed=[one.months for one in now.of] if now else [],
        differs_from_sum=now.differs_from_sum if now else None,
        before=before.value if before else None,
        before_qualifiers=_qualifiers(before),
        change_pct=_change(now, before),
        target=target.value if target else None,
        target_qualifiers=qualifiers_of(target.qualified) if target else None,
        progress_pct=done,
        judgement=judgement,
        target_density=_target_density(target, indicator, lands, rules),
        text=Title(zh="", en=""),
    )
    return row.model_copy(update={"text": row_text(row, f"01-{last:02d}", 100.0 * last / 12)})


def _change(now: _Reached | None, before: _Reached | None) -> float | None:
    """Return the change on the year before; of limits nothing: it could be any."""
    if now is None or before is None:
        return None
    if any(one.relation in _LIMITS for one in (*now.of, *before.of)):
        return None
    return change_pct(now.value, before.value)


def _judgement(
    now: _Reached | None,
    target: Observation | None,
    done: float | None,
    last: int,
    rules: Assessment,
) -> str:
    if now is None:
        return "no_value"
    if target is None or done is None:
        return "no_target"
    found = judge_progress(done, last, rules.steps)
    relations = {one.relation for one in now.of}
    # More than a figure may be any better judgement, less than one any worse.
    better, worse = found != rules.steps[0].id, found != rules.steps[-1].id
    open_ends = (">" in relations and better) or ("<" in relations and worse)
    return "uncertain" if open_ends else found


def _qualifiers(found: _Reached | None) -> Qualifiers | None:
    if found is None:
        return None
    return combine_qualifiers(qualifiers_of(one.qualified) for one in found.of)


def _reached(own: list[Observation], indicator: Indicator, year: int, last: int) -> _Reached | None:
    if not indicator.extensive:
        # A share or an index of parts of a year adds up to nothing.
        stated = _stated(own, year, last)
        return _Reached(value=stated.value, of=(stated,), differs_from_sum=None) if stated else None
    parts = {
        span: one
        for one in own
        if one.year == year
        and one.period in ("partial_year", "full_year")
        and (span := _span_of(one.months))
    }
    found = value_until({span: one.value for span, one in parts.items()}, last)
    if found is None:
        return None
    value, spans = found
    whole = Span(first=1, last=last)
    differs = None
    if spans == (whole,):
        rest = {span: one.value for span, one in parts.items() if span != whole}
        summed = value_until(rest, last)
        if summed and abs(summed[0] - value) > 0.005 * max(abs(value), 1e-9):
            differs = summed[0]
    return _Reached(value=value, of=tuple(parts[one] for one in spans), differs_from_sum=differs)


def _stated(own: list[Observation], year: int, last: int) -> Observation | None:
    wanted = Span(first=1, last=last)
    return next(
        (
            one
            for one in own
            if one.year == year
            and one.period in ("partial_year", "full_year")
            and _span_of(one.months) == wanted
        ),
        None,
    )


def _span_of(months: str) -> Span | None:
    """Return the months of a figure: all where none are named, None where they are not a span."""
    if not months:
        return Span(first=1, last=12)
    first, _, last = months.partition("-")
    if first.isdecimal() and (last or first).isdecimal():
        return Span(first=int(first), last=int(last or first))
    return None


def _target_density(
    target: Observation | None, indicator: Indicator, lands: Lands, rules: Assessment
) -> float | None:
    if target is None or not indicator.extensive or indicator.id in rules.counts:
        return None
    for land in lands.get(target.unit_id, {}).get(_APPROVED, ()):
        if reason_against(target, land) is None:
            return target.value / land.denominator.area_km2
    return None


def _reconciliations(
    statistics: Statistics, request: StatementRequest
) -> dict[str, Reconciliation]:
    last = request.quarter * _MONTHS_OF_QUARTER
    found: dict[str, Reconciliation] = {}
    for indicator in statistics.indicators.values():
        if not indicator.extensive:
            continue
        own = [one for one in statistics.observations if one.indicator == indicator.id]
        values = {}
        for unit_id in {one.unit_id for one in own}:
            reached = _reached(
                [one for one in own if one.unit_id == unit_id], indicator, request.year, last
            )
            if reached:
                # The first of its parts stands for time and source; its value is that of all.
                values[unit_id] = _valued(reached)
        reconciled = reconcile_total(statistics, values)
        if reconciled and reconciled.parts:
            found[indicator.id] = reconciled
    return found


def _valued(found: _Reached) -> Observation:
    return replace(found.of[0], value=found.value)


def _densities(
    statistics: Statistics, lands: Lands, rows: list[StatementRow]
) -> Iterator[StatementDensity]:
    """Yield the density of the last full year of each unit and indicator of a statement."""
    wanted = {(row.unit_id, row.indicator) for row in rows}
    latest: dict[tuple[str, str], Observation] = {}
    for one in statistics.observations:
        key = (one.unit_id, one.indicator)
        whole = one.qualified.is_fact_of_year and divisible(statistics, one)
        if key in wanted and whole and (key not in latest or one.year > latest[key].year):
            latest[key] = one
    for (unit_id, name), value in latest.items():
        unit, indicator = statistics.units[unit_id], statistics.indicators[name]
        for land in lands.get(unit_id, {}).get(_APPROVED, ()):
            if reason_against(value, land) is None:
                yield StatementDensity(
                    unit_name=Title(zh=unit.name_zh, en=unit.name_en),
                    name=Title(zh=indicator.name_zh, en=indicator.name_en),
                    year=value.year,
                    density=value.value / land.denominator.area_km2,
                    unit=f"{indicator.unit}/km²",
                    denominator=_APPROVED,
                    qualifiers=qualifiers_of(value.qualified, land.quality),
                )
