"""Indicative footprints: a published place, a published area, an outline from a recipe."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC
from geo.units import M2_PER_KM2
from layers.builtin.noise import outline
from layers.builtin.reference import read_counties, read_lakes
from layers.zones import Zone
from layers.zones.errors import ZoneFolderError
from layers.zones.schema import BondedFootprint, Footprint, Outline, UnitRow

APPROVED: Final = "approved"
EXACT_M2: Final = 1e-3
_DEGREE_M: Final = 111_000.0
_STEPS: Final = 200


def districts(zone: Zone) -> gpd.GeoDataFrame:
    """Return the districts with areas exact to 1e-9 km2, clipped to their counties.

    Raises
    ------
    ZoneFolderError
        A district's counties are none of the region, or cannot hold its area.
    """
    rows, outline_of = zone.recipe.footprints, zone.recipe.outline
    shapes = [_scaled(key, row, outline_of, _land(zone, key, row)) for key, row in rows.items()]
    names = [zone.places.districts[key] for key in rows]
    return gpd.GeoDataFrame(
        {
            "feature_id": list(rows),
            "name_zh": [name.zh for name in names],
            "name_en": [name.en for name in names],
            "published_area_km2": [row.area_km2 for row in rows.values()],
            "functions_zh": [name.functions_zh for name in names],
            "functions_en": [name.functions_en for name in names],
        },
        geometry=shapes,
        crs=GEOGRAPHIC,
    )


def whole_zone(zone: Zone, of_districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the whole zone: the districts together."""
    whole = shapely.MultiPolygon(list(shapely.get_parts(of_districts.geometry.to_numpy())))
    unit = zone.whole
    area_km2 = next(
        row.area_km2 for row in zone.areas if (row.unit_id, row.denominator) == (unit.id, APPROVED)
    )
    return _one_feature(unit, area_km2, whole)


def bonded_zone(zone: Zone, of_districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the part of the bonded zone that lies in its district, exact in area, if any."""
    row = zone.recipe.bonded_zone
    if row is None:
        return None
    unit = next(unit for unit in zone.units.values() if unit.level == "bonded_zone")
    inside = of_districts.geometry[of_districts["feature_id"] == row.inside].iloc[0]
    return _one_feature(unit, row.area_km2, _scaled(unit.id, row, zone.recipe.outline, inside))


def _one_feature(unit: UnitRow, area_km2: float, shape: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    return gpd.GeoDataFrame(
        {
            "feature_id": [unit.id],
            "name_zh": [unit.name_zh],
            "name_en": [unit.name_en],
            "published_area_km2": [area_km2],
        },
        geometry=[shape],
        crs=GEOGRAPHIC,
    )


def linkage_zones(zone: Zone) -> gpd.GeoDataFrame:
    """Return the linkage zones as points: no limits are published, so no area is drawn."""
    rows = zone.places.linkage_zones
    return gpd.GeoDataFrame(
        {
            "feature_id": list(rows),
            "name_zh": [row.zh for row in rows.values()],
            "name_en": [row.en for row in rows.values()],
            "published_area_km2": [row.published_area_km2 for row in rows.values()],
            "area_quality": [row.area_quality for row in rows.values()],
            "area_note": [row.area_note for row in rows.values()],
        },
        geometry=[shapely.Point(row.at) for row in rows.values()],
        crs=GEOGRAPHIC,
    )


def _land(zone: Zone, unit_id: str, row: Footprint) -> Any:  # noqa: ANN401 - shapely is untyped
    counties = read_counties(zone.region)
    for code in row.clip:
        if code not in set(counties["feature_id"]):
            raise _fault(unit_id, "no_county", code)
    chosen = shapely.union_all(counties.geometry[counties["feature_id"].isin(row.clip)].to_numpy())
    water = shapely.union_all(read_lakes(zone).geometry.to_numpy())
    return shapely.difference(chosen, water)


def _scaled(
    unit_id: str,
    row: Footprint | BondedFootprint,
    look: Outline,
    land: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Scale an outline round the place until what is left on its land has the area."""
    target_m2 = row.area_km2 * M2_PER_KM2
    unit = outline(look.vertices, look.roughness, row.seed)
    low, high = 0.0, 4.0 * np.sqrt(target_m2)
    for _ in range(_STEPS):
        radius_m = (low + high) / 2.0
        shape = _placed(unit, radius_m, row.centre, land)
        excess_m2 = float(area_lonlat_m2(np.array([shape]))[0]) - target_m2
        if abs(excess_m2) < EXACT_M2 / 10.0:
            return shape
        low, high = (radius_m, high) if excess_m2 < 0.0 else (low, radius_m)
    raise _fault(unit_id, "area_does_not_fit", f"{row.area_km2:g} km²")


def _fault(unit_id: str, problem: str, given: str) -> ZoneFolderError:
    where = f"footprints.{unit_id}"
    return ZoneFolderError(file="recipe.yaml", field=where, problem=problem, given=given)


def _placed(
    unit: npt.NDArray[np.float64],
    radius_m: float,
    centre: tuple[float, float],
    land: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    lon, lat = centre
    scale = np.array([radius_m / (_DEGREE_M * np.cos(np.radians(lat))), radius_m / _DEGREE_M])
    whole = shapely.Polygon(np.array([lon, lat]) + unit * scale)
    parts = shapely.get_parts(shapely.intersection(whole, land))
    if not len(parts):
        return shapely.Polygon()
    near = shapely.distance(parts, shapely.Point(lon, lat))
    return parts[int(np.argmin(near))]
