"""Totals of planning units brought onto a grid or onto parcels, as estimates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from api.density.errors import OneTargetError, PartialRasterError
from api.density.land import (
    IntensiveIndicatorError,
    UnknownIndicatorError,
    breaks_of,
    values_of_year,
)
from api.density.lands import boundaries
from api.density.qualifiers import combine_qualifiers, join_qualities, qualifiers_of
from api.workspace.answers import MAP_DECIMALS, basis_of, geojson
from api.workspace.needs import DensityNeeds, LayerFiles, RasterSource, StatisticsSource
from geo.density.dasymetric import (
    Weigh,
    downscale,
    grid_cells,
    pieces,
    weight_by_area,
    weight_by_cover,
)
from geo.density.errors import NoWeightInUnitError
from geo.errors import InputError
from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_KM2
from layers.density.statistics.collected import Statistics
from layers.density.statistics.landcover import impervious_km2
from layers.density.statistics.model import Observation
from layers.density.weight_raster import (
    LEAST_RASTER_SHARE,
    VALUES,
    WeightRaster,
    raster_share,
    raster_weights,
)
from layers.model import LayerStatus, LayerVersion
from layers.rasters.model import RasterVersion
from layers.rasters.mosaic import Sheet, footprint, sheets_of
from layers.zones import Zone
from maps.answers import JsonObject, Title
from maps.density.answers import Qualifiers
from maps.density.qualified import with_mark
from maps.density.scenario_answers import DownscaledPart, DownscaleReport

IMPERVIOUS: Final = "county_impervious"
"""Stands for weights that are each county's share of impervious land in 2023 (CLCD)."""

LAND_COVER: Final = "land_cover"
"""Stands for the stored rasters of land cover that are in use, taken together."""

_LEVELS: Final = ("district", "zone", "bonded_zone", "park", "county")


class NothingToDownscaleError(InputError):
    """No drawn unit has a value of the year. Params: ``indicator``, ``year``, ``units``."""

    code = "api.downscale.nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DownscaleRequest:
    """What is brought down, onto what, and by which weights.

    ``units``: ids of planning units; empty takes the districts if they have values, else
    the zone, else parks or counties. Onto ``grid_m`` cells or the features of
    ``onto_layer``, one of the two. Weights are the cover of ``weight_layer`` (or the share
    of impervious land in each county, :data:`IMPERVIOUS`), or the stored
    ``weight_raster`` (:data:`LAND_COVER`: all land cover in use), or the file ``raster``
    with the dictionary of its classes, or, if none is given, area alone.
    """

    indicator: str
    year: int
    units: tuple[str, ...]
    grid_m: float | None
    onto_layer: str | None
    weight_layer: str | None
    weight_raster: str | None
    raster: Path | None
    legend: str | None
    with_features: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targets:
    ids: Sequence[str]
    shapes: Any
    name: str
    version: LayerVersion | None


def downscale_totals(workspace: DensityNeeds, request: DownscaleRequest) -> DownscaleReport:
    """Return the estimated share of every cell or parcel; the totals are kept.

    Raises
    ------
    UnknownIndicatorError, IntensiveIndicatorError, NothingToDownscaleError
        There is nothing that could be divided.
    DownscaleError
        Neither or both targets are named, there are too many cells, or a unit holds
        nothing that has weight.
    UnknownLayerError, PlanningError
        A layer or raster cannot be used.
    """
    statistics = workspace.statistics
    indicator = statistics.indicators.get(request.indicator)
    if indicator is None:
        known = sorted(statistics.indicators)
        raise UnknownIndicatorError(indicator=request.indicator[:80], known=known)
    if not indicator.extensive:
        raise IntensiveIndicatorError(indicator=indicator.id, unit=indicator.unit)
    values, drawn = _sources(workspace, request)
    ids = list(values)
    sources = np.array([drawn[unit].denominator.geometry for unit in ids], dtype=object)
    targets = _targets(workspace, request, sources)
    stored = _stored_rasters(workspace, request, sources)
    weigh, weighed_by, weight_version = _weigh(workspace, request, sources)
    totals = np.array([values[unit].value for unit in ids])
    try:
        found = downscale(totals, sources, targets.shapes, weigh)
    except NoWeightInUnitError as exc:
        numbers = exc.params["units"]
        assert isinstance(numbers, list)  # noqa: S101 - narrows the type of params
        named = [ids[number] for number in numbers]
        raise NoWeightInUnitError(units=named) from exc
    areas = _areas_km2(sources, targets.shapes)
    versions = [*(drawn[unit].version for unit in ids), targets.version, weight_version, *stored]
    parts = [
        DownscaledPart(id=one, value=float(value), area_km2=area, density=float(value) / area)
        for one, value, area in zip(targets.ids, found, areas, strict=True)
        if area > 0.0
    ]
    covered = sum(areas) * M2_PER_KM2 / float(area_lonlat_m2(sources).sum())
    return DownscaleReport(
        estimate=True,
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        year=request.year,
        value_unit=indicator.unit,
        density_unit=f"{indicator.unit}/km²",
        units=ids,
        unit_names=_titles(statistics, ids),
        left_out=_titles(statistics, _left_out(statistics, ids)),
        qualifiers=[qualifiers_of(values[unit].qualified, drawn[unit].quality) for unit in ids],
        source="; ".join(dict.fromkeys(values[unit].source for unit in ids)),
        of_parts=_of_parts(
            [qualifiers_of(values[unit].qualified, drawn[unit].quality) for unit in ids],
            onto=targets.version,
            weights=[one.spec.status for one in (weight_version, *stored) if one],
        ),
        onto=targets.name,
        weights=weighed_by,
        total=float(totals.sum()),
        total_of_parts=float(found.sum()),
        covered_pct=100.0 * covered,
        parts=parts,
        breaks=breaks_of([part.density for part in parts if part.value > 0.0]),
        basis=basis_of(version for version in versions if version),
        features=_features(targets, parts) if request.with_features else None,
    )


def _titles(statistics: Statistics, ids: Iterable[str]) -> list[Title]:
    units = (statistics.units[one] for one in ids)
    return [Title(zh=one.name_zh, en=one.name_en) for one in units]


def _left_out(statistics: Statistics, ids: Sequence[str]) -> list[str]:
    """Return units beside those brought down: without a fact of the year, or a boundary."""
    levels = {statistics.units[one].level for one in ids}
    units = statistics.units.values()
    return [one.id for one in units if one.level in levels and one.id not in ids]


def _of_parts(
    of_totals: Sequence[Qualifiers], *, onto: LayerVersion | None, weights: Sequence[LayerStatus]
) -> Qualifiers:
    """Return what qualifies every part: the totals, the boundaries, what they lie on and by."""
    whole = combine_qualifiers(of_totals)
    land = [whole.area_quality, *([onto.spec.status.value] if onto else [])]
    said = [whole.quality, *(status.value for status in weights)]
    told = {"area_quality": join_qualities(land), "quality": join_qualities(said)}
    return with_mark(whole.model_copy(update=told))


def _sources(
    workspace: StatisticsSource, request: DownscaleRequest
) -> tuple[dict[str, Observation], dict[str, Any]]:
    """Return the values and boundaries of the units that are to be divided."""
    statistics = workspace.statistics
    # A target is nobody's yet: only facts are brought down.
    values = {
        unit: value
        for unit, value in values_of_year(statistics, request.indicator, request.year).items()
        if value.qualified.is_fact_of_year and (not request.units or unit in request.units)
    }
    drawn = boundaries(workspace, [statistics.units[unit] for unit in values])
    known = {unit: value for unit, value in values.items() if unit in drawn}
    if not request.units:
        # Districts lie in the zone, parks in counties: only one level at a time.
        levels = {unit: statistics.units[unit].level for unit in known}
        level = next((one for one in _LEVELS if one in levels.values()), None)
        known = {unit: value for unit, value in known.items() if levels[unit] == level}
    if not known or set(request.units) - set(known):
        raise NothingToDownscaleError(
            indicator=request.indicator, year=request.year, units=list(request.units)[:20]
        )
    return known, drawn


def _targets(workspace: LayerFiles, request: DownscaleRequest, sources: Any) -> _Targets:  # noqa: ANN401
    if (request.grid_m is None) == (request.onto_layer is None):
        raise OneTargetError
    if request.onto_layer is not None:
        version = workspace.store.get(request.onto_layer)
        features = workspace.load(version).features
        ids = features["feature_id"].astype(str).to_list()
        shapes = features.geometry.to_numpy()
        return _Targets(ids=ids, shapes=shapes, name=version.layer_id, version=version)
    cell_m = request.grid_m or 0.0
    cells = grid_cells(shapely.union_all(sources), cell_m, workspace.settings.max_features)
    ids = [f"{number:05d}" for number in range(1, len(cells) + 1)]
    return _Targets(ids=ids, shapes=cells, name=f"grid {cell_m:g} m", version=None)


def _weigh(
    workspace: DensityNeeds,
    request: DownscaleRequest,
    sources: Any,  # noqa: ANN401 - shapely is untyped
) -> tuple[Weigh, str, LayerVersion | None]:
    rasters, name = _rasters(workspace, request, sources)
    if rasters:
        # A raster may be anybody's upload.
        parts = shapely.get_parts(sources)
        share = workspace.read_apart(name, raster_share, rasters, parts)
        if share < LEAST_RASTER_SHARE:
            raise PartialRasterError
        return partial(workspace.read_apart, name, raster_weights, rasters), name, None
    if request.weight_layer is None:
        return weight_by_area, "area", None
    if request.weight_layer == IMPERVIOUS:
        counties = workspace.store.get("counties")
        shapes, shares = _impervious(workspace.zone, workspace.load(counties).features)
        return weight_by_cover(shapes, shares), IMPERVIOUS, counties
    version = workspace.store.get(request.weight_layer)
    cover = shapely.get_parts(
        shapely.union_all(workspace.load(version).features.geometry.to_numpy())
    )
    return weight_by_cover(cover, np.ones(len(cover))), version.layer_id, version


def _areas_km2(sources: Any, shapes: Any) -> list[float]:  # noqa: ANN401
    shared, _, at_target = pieces(sources, shapes)
    areas = np.zeros(len(shapes))
    np.add.at(areas, at_target, area_lonlat_m2(shared))
    return [float(area) for area in areas / M2_PER_KM2]


def _features(targets: _Targets, parts: Sequence[DownscaledPart]) -> JsonObject:
    kept = {part.id for part in parts}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one,
                "geometry": geojson(shape, MAP_DECIMALS),
                "properties": {"estimate": True},
            }
            for one, shape in zip(targets.ids, targets.shapes, strict=True)
            if one in kept
        ],
    }


def _rasters(
    workspace: RasterSource,
    request: DownscaleRequest,
    sources: Any,  # noqa: ANN401 - shapely is untyped
) -> tuple[tuple[WeightRaster, ...], str]:
    if request.raster is not None:
        legend = request.legend or ""
        own = WeightRaster(path=request.raster, legend=legend)
        return (own,), f"{request.raster.name} ({legend})"
    found = tuple(
        _weight_raster(workspace, sheet)
        for sheet in sheets_of(_stored_rasters(workspace, request, sources))
    )
    return found, request.weight_raster or ""


def _weight_raster(workspace: RasterSource, sheet: Sheet) -> WeightRaster:
    paths = tuple(workspace.rasters.paths(sheet))
    legend = sheet.facts.classes or VALUES
    return WeightRaster(path=paths[0], legend=legend, beside=(sheet, paths))


def _stored_rasters(
    workspace: RasterSource,
    request: DownscaleRequest,
    sources: Any,  # noqa: ANN401 - shapely is untyped
) -> tuple[RasterVersion, ...]:
    if request.raster is not None or request.weight_raster is None:
        return ()
    if request.weight_raster == LAND_COVER:
        return _land_cover(workspace, sources)
    return (workspace.rasters.get(request.weight_raster),)


def _land_cover(workspace: RasterSource, sources: Any) -> tuple[RasterVersion, ...]:  # noqa: ANN401
    """Return the land cover in use on some ground; none that is made up beside a real one."""
    ground = shapely.union_all(sources)
    counted = workspace.rasters.require_in_use(LAND_COVER)
    near = [v for v in counted if footprint(v).intersects(ground)]
    real = [v for v in near if v.spec.status is not LayerStatus.DEMONSTRATION]
    return tuple(real or near)


def _impervious(zone: Zone, counties: gpd.GeoDataFrame) -> tuple[Any, Any]:
    """Return the counties whose impervious land is known, and its share of each."""
    known = impervious_km2(zone)
    own = counties[counties["name_zh"].isin(known)]
    shapes = own.geometry.to_numpy()
    built = np.array([known[name] for name in own["name_zh"]])
    return shapes, built / (area_lonlat_m2(shapes) / M2_PER_KM2)
