"""Land economic density of comparable planning units, or the reason why there is none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.density.known_figures import known_figures
from api.density.lands import Land, Lands, land_for, lands_of, measure_value, reason_against
from api.density.qualifiers import qualifiers_of
from api.density.reconcile import area_checks, reconcile_total
from api.workspace.answers import basis_of
from api.workspace.needs import StatisticsSource
from geo.density.land import land_density
from geo.density.natural_breaks import natural_breaks
from geo.errors import InputError
from geo.model import Nature
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Indicator, Observation, PlanningUnit
from maps.answers import Title
from maps.density.answers import (
    Breaks,
    DensityRow,
    DensityTable,
    IndicatorList,
    IndicatorOption,
    YearOption,
)
from maps.density.density_answers import DensityYears
from maps.numbers import printed_density

TARGET: Final = "target"
_WHOLE: Final = "zone"
"""The level that covers the ground of its parts."""
MOST_CLASSES: Final = 5


class UnknownIndicatorError(InputError):
    """No indicator has this id. Params: ``indicator``, ``known``."""

    code = "api.density.unknown_indicator"


class IntensiveIndicatorError(InputError):
    """The indicator is a ratio already: not divided again. Params: ``indicator``, ``unit``."""

    code = "api.density.intensive"


class NoDensityError(InputError):
    """No unit has both a value of the year and such land. Params: the query, ``offered``."""

    code = "api.density.none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityQuery:
    """Which density is asked for; nothing has a default."""

    indicator: str
    year: int
    denominator: str


def list_indicators(workspace: StatisticsSource) -> IndicatorList:
    """Return the indicators with at least one density, and what is known of each unit."""
    statistics = workspace.statistics
    lands = lands_of(workspace, statistics)
    years: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    facts = set()
    for value in statistics.observations:
        if divisible(statistics, value):
            for kind, offered in lands.get(value.unit_id, {}).items():
                if any(reason_against(value, land) is None for land in offered):
                    years[value.indicator][value.year].add(kind)
                    if value.qualified.is_fact_of_year:
                        facts.add((value.indicator, value.year))
    return IndicatorList(
        indicators=[
            _option(indicator, years[indicator.id], facts)
            for indicator in statistics.indicators.values()
            if indicator.id in years
        ],
        units=list(known_figures(workspace.zone, statistics, lands)),
    )


def density_table(workspace: StatisticsSource, query: DensityQuery) -> DensityTable:
    """Return value over area of every unit on the levels that have values.

    Raises
    ------
    UnknownIndicatorError, NoDensityError
        Nothing is known of the indicator, or of that year and land.
    IntensiveIndicatorError
        The indicator is a ratio already.
    DenominatorError
        The units with values cannot be compared (see :func:`geo.density.land.land_density`).
    """
    statistics = workspace.statistics
    indicator = statistics.indicators.get(query.indicator)
    if indicator is None:
        known = sorted(statistics.indicators)
        raise UnknownIndicatorError(indicator=query.indicator[:80], known=known)
    if not indicator.extensive:
        raise IntensiveIndicatorError(indicator=indicator.id, unit=indicator.unit)
    values = values_of_year(statistics, indicator.id, query.year)
    offered = lands_of(workspace, statistics)
    lands = {unit: land_for(offered, value, query.denominator) for unit, value in values.items()}
    good = [unit for unit in values if reason_against(values[unit], lands[unit]) is None]
    if not good:
        raise _none_of(workspace, query)
    densities = _densities(statistics, values, lands, good)
    return DensityTable(
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        year=query.year,
        nature=next(iter(values.values())).qualified.nature,
        denominator=query.denominator,
        unit=f"{indicator.unit}/km²",
        rows=[
            _row(
                unit, indicator, values.get(unit.id), _shown(lands, offered, unit, query), densities
            )
            for unit in _comparable(statistics, values)
        ],
        breaks=breaks_of(list(densities.values())),
        reconciliation=reconcile_total(statistics, values),
        area_checks=area_checks(statistics, offered, good),
        basis=basis_of(land.version for unit in good if (land := lands[unit]) and land.version),
    )


def lands_read(workspace: StatisticsSource, query: DensityQuery) -> set[str]:
    """Return the layer versions, as ``id@number``, whose drawn areas a density divides by."""
    statistics = workspace.statistics
    values = values_of_year(statistics, query.indicator, query.year)
    offered = lands_of(workspace, statistics)
    lands = (land_for(offered, value, query.denominator) for value in values.values())
    versions = (land.version for land in lands if land and land.version)
    return {f"{version.layer_id}@{version.number}" for version in versions}


def density_years(workspace: StatisticsSource, indicator: str, denominator: str) -> DensityYears:
    """Return the densities of all years that an indicator has for a kind of land.

    Raises
    ------
    UnknownIndicatorError, NoDensityError
        Nothing is known of the indicator, or of it and that land.
    """
    options = {option.id: option for option in list_indicators(workspace).indicators}
    years = [
        year.year
        for year in (options[indicator].years if indicator in options else ())
        if denominator in year.denominators
    ]
    if not years:
        # The one query tells what is wrong.
        query = DensityQuery(indicator=indicator, year=0, denominator=denominator)
        density_table(workspace, query)
    tables = [
        density_table(
            workspace, DensityQuery(indicator=indicator, year=year, denominator=denominator)
        )
        for year in years
    ]
    known = [row.density for table in tables for row in table.rows if row.density is not None]
    return DensityYears(
        indicator=indicator, denominator=denominator, tables=tables, breaks=breaks_of(known)
    )


def divisible(statistics: Statistics, value: Observation) -> bool:
    """Tell whether a value may be divided by land: whole years and targets of extensive ones."""
    extensive = statistics.indicators[value.indicator].extensive
    covers = value.qualified.is_fact_of_year or (value.period == TARGET and not value.months)
    return extensive and covers


def values_of_year(statistics: Statistics, indicator: str, year: int) -> dict[str, Observation]:
    """Return the values of a year by unit: its facts, or targets where it has no fact at all.

    A plan never fills the gap of a unit without a fact, nor stands for one that has it.
    """
    found = [
        value
        for value in statistics.observations
        if (value.indicator, value.year) == (indicator, year) and divisible(statistics, value)
    ]
    facts = {value.unit_id: value for value in found if value.qualified.is_fact_of_year}
    return facts or {value.unit_id: value for value in found}


def _shown(
    lands: Mapping[str, Land | None], offered: Lands, unit: PlanningUnit, query: DensityQuery
) -> Land | None:
    """Return the land of a unit; one without a value shows the land that it would have."""
    if unit.id in lands:
        return lands[unit.id]
    known = offered.get(unit.id, {}).get(query.denominator, ())
    return known[-1] if known else None


def _densities(
    statistics: Statistics,
    values: Mapping[str, Observation],
    lands: Mapping[str, Land | None],
    units: Sequence[str],
) -> dict[str, float]:
    """Divide level by level: a zone covers its districts, units of one level stand apart."""
    densities: dict[str, float] = {}
    for level in dict.fromkeys(statistics.units[unit].level for unit in units):
        own = [unit for unit in units if statistics.units[unit].level == level]
        rows = land_density(
            [measure_value(values[unit]) for unit in own],
            [land.denominator for unit in own if (land := lands[unit])],
        )
        densities |= {row.measured.unit_id: row.density for row in rows}
    return densities


def _comparable(statistics: Statistics, values: Iterable[str]) -> list[PlanningUnit]:
    """Return all units on the levels that have values; districts stand below the zone."""
    units = statistics.units
    levels = {units[unit].level for unit in values}
    if _WHOLE in levels:
        levels.add("district")
    return [unit for unit in units.values() if unit.level in levels]


def _row(
    unit: PlanningUnit,
    indicator: Indicator,
    value: Observation | None,
    land: Land | None,
    densities: Mapping[str, float],
) -> DensityRow:
    quality = land.quality if land else None
    qualifiers = qualifiers_of(value.qualified, quality) if value else None
    return DensityRow(
        unit_id=unit.id,
        level=unit.level,
        # Its colour would be taken for that of each part, which has none of its own.
        layer=None if unit.level == _WHOLE else unit.layer,
        feature_ids=list(unit.feature_ids),
        name=Title(zh=unit.name_zh, en=unit.name_en),
        value=value.value if value else None,
        value_unit=indicator.unit,
        value_relation=value.relation if value else None,
        value_note=value.period if value else None,
        area_km2=land.denominator.area_km2 if land else None,
        area_method=land.method if land else None,
        density=densities.get(unit.id),
        density_unit=f"{indicator.unit}/km²",
        source=value.source if value else None,
        area_source=land.denominator.source if land else None,
        area_quality=quality,
        quality=value.quality if value else None,
        qualifiers=qualifiers,
        mark=qualifiers.mark if qualifiers else None,
        reason=None if unit.id in densities else reason_against(value, land),
    )


def breaks_of(densities: Sequence[float]) -> Breaks:
    """Return natural breaks (Fisher-Jenks); fewer values than classes stand for themselves.

    Classes are of the densities as they are printed: what reads the same has one colour.
    """
    printed = [printed_density(one) for one in densities]
    distinct = sorted(set(printed))
    if len(distinct) <= MOST_CLASSES:
        return Breaks(method="each_value", edges=distinct)
    edges = [distinct[0], *natural_breaks(printed, MOST_CLASSES)]
    return Breaks(method="fisher_jenks", edges=edges)


def _option(
    indicator: Indicator, years: Mapping[int, set[str]], facts: set[tuple[str, int]]
) -> IndicatorOption:
    return IndicatorOption(
        id=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        unit=indicator.unit,
        years=[
            YearOption(
                year=year,
                nature=Nature.FACT if (indicator.id, year) in facts else Nature.TARGET,
                denominators=sorted(years[year]),
            )
            for year in sorted(years)
        ],
    )


def _none_of(workspace: StatisticsSource, query: DensityQuery) -> NoDensityError:
    options = {option.id: option for option in list_indicators(workspace).indicators}
    offered: list[dict[str, Any]] = []
    if query.indicator in options:
        offered = [year.model_dump() for year in options[query.indicator].years]
    return NoDensityError(
        indicator=query.indicator,
        year=query.year,
        denominator=query.denominator[:80],
        offered=offered,
    )
