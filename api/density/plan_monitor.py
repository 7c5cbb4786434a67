"""The plan's indicators recomputed, and held against what has been reached since."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.density.qualifiers import qualifiers_of
from api.workspace.needs import LayerSource, StatisticsSource
from geo.density.errors import GrowthError
from geo.density.growth import (
    Course,
    PathShape,
    annual_growth_pct,
    course_of_rise,
    course_to_target,
    path_value,
)
from geo.measure.area import area_lonlat_m2
from geo.model import Nature, Qualified
from geo.units import M2_PER_KM2, round_as_printed
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Observation, PlanIndicator, PublishedArea
from layers.density.statistics.plan import PlanShare, plan_indicators, plan_shares
from layers.zones import Zone
from maps.answers import Title
from maps.density.answers import Qualifiers
from maps.density.statistics_answers import (
    RATE_DECIMALS,
    VALUE_DECIMALS,
    GrowthOut,
    PathPoint,
    PlanMonitor,
    PlanRow,
    ShareOut,
)

APPROVED = "approved"


def plan_monitor(workspace: StatisticsSource) -> PlanMonitor:
    """Return the plan's indicators with required and achieved growth, path and course."""
    statistics, zone = workspace.statistics, workspace.zone
    land = approved_land(statistics, zone)
    rows = [_row(item, statistics, land, zone) for item in plan_indicators(zone)]
    return PlanMonitor(
        source=zone.plan.source,
        base_year=zone.plan.base_year,
        target_year=zone.plan.target_year,
        area_km2=land.area_km2,
        area_source=land.source,
        area_quality=land.quality,
        rows=rows,
        shares=[_share(workspace, statistics, share, land) for share in plan_shares(zone)],
    )


def approved_land(statistics: Statistics, zone: Zone) -> PublishedArea:
    """Return the approved land of the whole zone."""
    wanted = (zone.whole.id, APPROVED)
    return next(area for area in statistics.areas if (area.unit_id, area.denominator) == wanted)


def _row(item: PlanIndicator, statistics: Statistics, land: PublishedArea, zone: Zone) -> PlanRow:
    observed = _select_observed(statistics, zone.whole.id, item)
    values = {year: value.value for year, value in observed.items()}
    if item.base_value is not None:
        values.setdefault(item.base_year, item.base_value)
    latest = max(values) if values else None
    # A count of reported cases over land would say nothing.
    divisible = item.growth_kind == "annual_pct"
    target = item.target_value
    return PlanRow(
        number=item.number,
        id=item.id,
        name=Title(zh=item.name_zh, en=item.name_en),
        unit=item.unit,
        target_rule=item.target_rule,
        first_year=item.base_year,
        target_year=item.target_year,
        first_value=item.base_value,
        target_value=target,
        latest_year=latest,
        latest_value=values[latest] if latest is not None else None,
        latest_qualifiers=_qualifiers(item, observed, latest),
        course=_judge_course(item, observed, _course(item, values, statistics, zone)),
        growth=_growth(item, values),
        cumulative=item.growth_kind == "cumulative",
        target_density=target / land.area_km2 if target is not None and divisible else None,
        target_qualifiers=_target_qualifiers(item, land) if divisible else None,
        density_unit=f"{item.unit}/km²" if target is not None and divisible else None,
        points=_points(item, values, observed),
    )


def _select_observed(
    statistics: Statistics, unit_id: str, item: PlanIndicator
) -> dict[int, Observation]:
    """Return the values that the plan counts, from its base year on.

    What is counted since a beginning has a value up to the end of each year, all else one
    of the whole year: a part of a year, a plan or an estimate stands for neither.
    """
    found = _facts(statistics, unit_id, item.id, "full_year")
    if item.growth_kind == "cumulative":
        found |= _facts(statistics, unit_id, item.id, "cumulative")
    return {year: value for year, value in found.items() if year >= item.base_year}


def _facts(
    statistics: Statistics, unit_id: str, indicator: str, period: str
) -> dict[int, Observation]:
    return {
        value.year: value
        for value in statistics.observations
        if (value.unit_id, value.indicator, value.period) == (unit_id, indicator, period)
        and value.months in ("", "..12")
    }


def _qualifiers(
    item: PlanIndicator, observed: Mapping[int, Observation], year: int | None
) -> Qualifiers | None:
    if year is not None and year in observed:
        return qualifiers_of(observed[year].qualified)
    if year != item.base_year or item.base_value is None:
        return None
    plan = Qualified(
        value=item.base_value, relation="=", unit=item.unit, year=item.base_year,
        period="full_year", months="", quality=item.quality, source=item.source, basis="",
    )  # fmt: skip
    return qualifiers_of(plan)


def _target_qualifiers(item: PlanIndicator, land: PublishedArea) -> Qualifiers | None:
    """Return what a reader must know of a target over the approved area: it is no fact."""
    if item.target_value is None:
        return None
    target = Qualified(
        value=item.target_value, relation="=", unit=item.unit, year=item.target_year,
        period=Nature.TARGET, months="", quality=item.quality, source=item.source, basis="",
    )  # fmt: skip
    return qualifiers_of(target, land.quality)


def _shape(item: PlanIndicator) -> PathShape:
    """Return how the plan approaches a target: counts by steps, values by yearly rates."""
    return PathShape.EQUAL_STEPS if item.growth_kind == "cumulative" else PathShape.EQUAL_RATES


def _course(
    item: PlanIndicator, values: Mapping[int, float], statistics: Statistics, zone: Zone
) -> Course:
    if item.target_rule == "share_of_province_rises":
        province = zone.province
        whole = _select_observed(statistics, province.id, item) if province else {}
        shares = {year: values[year] / whole[year].value for year in values.keys() & whole.keys()}
        return course_of_rise({year: 100.0 * one for year, one in shares.items()}, VALUE_DECIMALS)
    if item.base_value is None or item.target_value is None:
        return course_of_rise(values, VALUE_DECIMALS)
    latest = max(values)
    return course_to_target(
        (item.base_year, item.base_value),
        (item.target_year, item.target_value),
        (latest, values[latest]),
        _shape(item),
        VALUE_DECIMALS,
    )


def _judge_course(
    item: PlanIndicator, observed: Mapping[int, Observation], course: Course
) -> Course:
    """Return the course; uncertain where the open end of a figure could make it another."""
    if not observed or course is Course.NO_DATA:
        return course
    to_target = item.base_value is not None and item.target_value is not None
    relations = {one.relation for one in observed.values()}
    if not to_target:
        return Course.UNCERTAIN if relations & {">", "<"} else course
    last = observed[max(observed)].relation
    behind = course is Course.BEHIND
    return Course.UNCERTAIN if (last, behind) in ((">", True), ("<", False)) else course


def _growth(item: PlanIndicator, values: Mapping[int, float]) -> GrowthOut:
    first, target, printed = item.base_value, item.target_value, item.printed_growth
    if item.growth_kind == "cumulative" and first is not None and target is not None:
        added = round_as_printed(target - first, VALUE_DECIMALS)
        agrees = None if printed is None else added == printed
        return GrowthOut(required_pct=None, printed_pct=None, agrees=agrees, achieved_pct=None)
    required = _rate(first, target, item.target_year - item.base_year)
    latest = max(values, default=item.base_year)
    return GrowthOut(
        required_pct=required,
        printed_pct=printed,
        agrees=None
        if required is None or printed is None
        else round_as_printed(required, RATE_DECIMALS) == printed,
        achieved_pct=_rate(first, values.get(latest), latest - item.base_year),
    )


def _rate(first: float | None, last: float | None, years: int) -> float | None:
    if first is None or last is None:
        return None
    try:
        return annual_growth_pct(first, last, years)
    except GrowthError:
        return None


def _points(
    item: PlanIndicator, values: Mapping[int, float], observed: Mapping[int, Observation]
) -> list[PathPoint]:
    last = max(item.target_year, *values) if values else item.target_year
    return [
        PathPoint(
            year=year,
            path=_path(item, year),
            value=values.get(year),
            source=observed[year].source if year in observed else None,
            qualifiers=_qualifiers(item, observed, year),
        )
        for year in range(item.base_year, last + 1)
    ]


def _path(item: PlanIndicator, year: int) -> float | None:
    if item.base_value is None or item.target_value is None or year > item.target_year:
        return None
    start, target = (item.base_year, item.base_value), (item.target_year, item.target_value)
    try:
        return path_value(start, target, year, _shape(item))
    except GrowthError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ratio:
    """The two figures of a share, in one unit, with what a reader must know of each."""

    part: float | None
    whole: float | None
    unit: str
    source: str | None
    said_of_part: Qualifiers | None = None
    said_of_whole: Qualifiers | None = None


def _share(
    workspace: LayerSource, statistics: Statistics, share: PlanShare, land: PublishedArea
) -> ShareOut:
    found = (
        _land_share(workspace, share, land)
        if share.whole_layer
        else _value_share(statistics, share)
    )
    pct = None
    if found.part is not None and found.whole:
        pct = 100.0 * found.part / found.whole
    decimals = len(f"{share.printed_pct}".partition(".")[2])
    return ShareOut(
        id=share.id,
        name=Title(zh=share.name_zh, en=share.name_en),
        printed_pct=share.printed_pct,
        recomputed_pct=pct,
        agrees=None if pct is None else round_as_printed(pct, decimals) == share.printed_pct,
        numerator=found.part,
        denominator=found.whole,
        unit=found.unit,
        numerator_qualifiers=found.said_of_part,
        denominator_qualifiers=found.said_of_whole,
        source=found.source,
        reason=None if pct is not None else "no_value",
    )


def _value_share(statistics: Statistics, share: PlanShare) -> _Ratio:
    indicator = share.indicator or ""
    part = _facts(statistics, share.of, indicator, "full_year").get(share.year)
    whole = _facts(statistics, share.whole or "", indicator, "full_year").get(share.year)
    return _Ratio(
        part=part.value if part else None,
        whole=whole.value if whole else None,
        unit=statistics.indicators[indicator].unit,
        source=whole.source if whole else None,
        said_of_part=qualifiers_of(part.qualified) if part else None,
        said_of_whole=qualifiers_of(whole.qualified) if whole else None,
    )


def _land_share(workspace: LayerSource, share: PlanShare, land: PublishedArea) -> _Ratio:
    loaded = workspace.load(workspace.store.get(share.whole_layer or ""))
    whole_m2 = float(area_lonlat_m2(loaded.features.geometry.to_numpy()).sum())
    return _Ratio(
        part=land.area_km2,
        whole=whole_m2 / M2_PER_KM2,
        unit="km2",
        source=loaded.version.spec.source,
        said_of_part=_land_qualifiers(land, share.year),
    )


def _land_qualifiers(land: PublishedArea, year: int) -> Qualifiers:
    said = Qualified(
        value=land.area_km2, relation="=", unit="km2", year=year, period="full_year",
        months="", quality=land.quality, source=land.source, basis="",
    )  # fmt: skip
    return qualifiers_of(said)
