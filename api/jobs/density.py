"""Land economic density of comparable planning units, or the reason why there is none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from api.jobs.answers import basis_of
from api.jobs.workspace import Workspace
from api.schemas import (
    Breaks,
    DensityRow,
    DensityTable,
    IndicatorList,
    IndicatorOption,
    Title,
    YearOption,
)
from geo.area import area_lonlat_m2
from geo.density import Denominator, Measured, land_density
from geo.errors import DenominatorError, InputError
from geo.units import M2_PER_KM2
from layers.model import LayerVersion
from layers.statistics.builtin import (
    load_areas,
    load_indicators,
    load_observations,
    load_units,
)
from layers.statistics.model import Indicator, Observation, PlanningUnit

BOUNDARY: Final = "boundary"
"""The denominator that is measured on the catalogue's own polygon."""

DENSITY_PERIODS: Final = ("full_year", "target")
MOST_CLASSES: Final = 5


class UnknownIndicatorError(InputError):
    """No indicator has this id. Params: ``indicator``, ``known``."""

    code = "api.density.unknown_indicator"


class NoDensityError(InputError):
    """No unit has both a value of the year and such land. Params: the query, ``offered``."""

    code = "api.density.none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityQuery:
    """Which density is asked for; nothing has a default."""

    indicator: str
    year: int
    denominator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """A denominator with what a reader must know of it."""

    denominator: Denominator
    method: str
    version: LayerVersion | None


def list_indicators(workspace: Workspace) -> IndicatorList:
    """Return the indicators that at least one density can be computed of."""
    lands = _lands(workspace)
    options = []
    for indicator in load_indicators().values():
        years: dict[int, set[str]] = defaultdict(set)
        for value in _values(indicator.id):
            for land in lands.get(value.unit_id, {}).values():
                if _reason(value, land) is None:
                    years[value.year].add(land.denominator.kind)
        if years:
            options.append(_option(indicator, years))
    return IndicatorList(indicators=options)


def density_table(workspace: Workspace, query: DensityQuery) -> DensityTable:
    """Return value over area of every unit on the levels that have values.

    Raises
    ------
    UnknownIndicatorError, NoDensityError
        Nothing is known of the indicator, or of that year and land.
    DenominatorError
        The units with values cannot be compared (see :func:`geo.density.land_density`).
    """
    indicator = load_indicators().get(query.indicator)
    if indicator is None:
        raise UnknownIndicatorError(indicator=query.indicator[:80], known=sorted(load_indicators()))
    values = {v.unit_id: v for v in _values(query.indicator) if v.year == query.year}
    found = _lands(workspace)
    lands = {unit: kinds.get(query.denominator) for unit, kinds in found.items()}
    good = [u for u in values if _reason(values[u], lands.get(u)) is None]
    if not good:
        raise _none_of(workspace, query)
    densities = _densities(values, lands, good)
    units = _comparable(values)
    return DensityTable(
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        year=query.year,
        denominator=query.denominator,
        unit=f"{indicator.unit}/km²",
        rows=[_row(u, indicator, values.get(u.id), lands.get(u.id), densities) for u in units],
        breaks=_breaks(list(densities.values())),
        basis=basis_of(land.version for u in good if (land := lands[u]) and land.version),
    )


def _densities(
    values: Mapping[str, Observation], lands: Mapping[str, Land | None], units: Sequence[str]
) -> dict[str, float]:
    measured = [
        Measured(unit_id=v.unit_id, value=v.value, unit=v.unit, year=v.year, source=v.source)
        for v in (values[unit] for unit in units)
    ]
    rows = land_density(measured, [land.denominator for u in units if (land := lands[u])])
    return {row.measured.unit_id: row.density for row in rows}


def _values(indicator: str) -> list[Observation]:
    """Return the values that may be divided: whole years and targets of extensive ones."""
    if not load_indicators()[indicator].extensive:
        return []
    return [
        value
        for value in load_observations()
        if value.indicator == indicator and value.period in DENSITY_PERIODS
    ]


def _lands(workspace: Workspace) -> dict[str, dict[str, Land]]:
    """Return all denominators of all units: published ones and measured boundaries."""
    lands: dict[str, dict[str, Land]] = defaultdict(dict)
    shapes = {unit.id: _boundary(workspace, unit) for unit in load_units().values()}
    for area in load_areas():
        shape = shapes[area.unit_id]
        lands[area.unit_id][area.denominator] = Land(
            denominator=Denominator(
                unit_id=area.unit_id,
                kind=area.denominator,
                area_km2=area.area_km2,
                first_year=area.first_year,
                last_year=area.last_year,
                source=area.source,
                geometry=shape.denominator.geometry if shape else None,
            ),
            method="published",
            version=None,
        )
    for unit_id, shape in shapes.items():
        if shape:
            lands[unit_id][BOUNDARY] = shape
    return dict(lands)


def _boundary(workspace: Workspace, unit: PlanningUnit) -> Land | None:
    if unit.layer is None:
        return None
    loaded = workspace.load(workspace.store.get(unit.layer))
    match = loaded.features.geometry[loaded.features["feature_id"] == unit.id]
    if match.empty:
        return None
    polygon = match.iloc[0]
    return Land(
        denominator=Denominator(
            unit_id=unit.id,
            kind=BOUNDARY,
            area_km2=float(area_lonlat_m2(np.array([polygon]))[0]) / M2_PER_KM2,
            first_year=unit.boundary_since,
            last_year=None,
            source=loaded.version.spec.source,
            geometry=polygon,
        ),
        method="ellipsoidal",
        version=loaded.version,
    )


def _reason(value: Observation | None, land: Land | None) -> str | None:
    """Return why a unit has no density; None if it has one."""
    if value is None:
        return "no_value"
    if land is None:
        return "no_area"
    measured = Measured(
        unit_id=value.unit_id, value=value.value, unit=value.unit, year=value.year, source=""
    )
    try:
        land_density([measured], [land.denominator])
    except DenominatorError as exc:
        return f"area_{exc.params['why']}"
    return None


def _comparable(values: Iterable[str]) -> list[PlanningUnit]:
    """Return all units on the levels that have values; districts stand below the zone."""
    units = load_units()
    levels = {units[unit].level for unit in values}
    if "zone" in levels:
        levels.add("district")
    return [unit for unit in units.values() if unit.level in levels]


def _row(
    unit: PlanningUnit,
    indicator: Indicator,
    value: Observation | None,
    land: Land | None,
    densities: Mapping[str, float],
) -> DensityRow:
    return DensityRow(
        unit_id=unit.id,
        level=unit.level,
        layer=unit.layer,
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
        quality=value.quality if value else None,
        reason=None if unit.id in densities else _reason(value, land),
    )


def _breaks(densities: Sequence[float]) -> Breaks:
    """Return natural breaks (Fisher-Jenks); fewer values than classes stand for themselves."""
    distinct = sorted(set(densities))
    if len(distinct) <= MOST_CLASSES:
        return Breaks(method="each_value", edges=distinct)
    # It brings scipy and scikit-learn: 1.7 s that a start must not pay for.
    import mapclassify  # noqa: PLC0415

    classes = mapclassify.FisherJenks(np.array(densities), k=MOST_CLASSES)
    return Breaks(method="fisher_jenks", edges=[distinct[0], *map(float, classes.bins)])


def _option(indicator: Indicator, years: Mapping[int, set[str]]) -> IndicatorOption:
    return IndicatorOption(
        id=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        unit=indicator.unit,
        years=[YearOption(year=year, denominators=sorted(years[year])) for year in sorted(years)],
    )


def _none_of(workspace: Workspace, query: DensityQuery) -> NoDensityError:
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
