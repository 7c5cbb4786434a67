"""Indicative footprints: a published place, a published area, an outline from a recipe."""

from collections.abc import Mapping
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

EXACT_M2: Final = 1e-3
_DEGREE_M: Final = 111_000.0
_STEPS: Final = 200


def districts(recipe: Mapping[str, Any], places: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the three districts with areas exact to 1e-9 km2, clipped to their counties."""
    rows = recipe["footprints"]
    shapes = [_scaled(rows[key], recipe["outline"], _land(rows[key]["clip"])) for key in rows]
    names = [places["districts"][key] for key in rows]
    return gpd.GeoDataFrame(
        {
            "feature_id": list(rows),
            "name_zh": [name["zh"] for name in names],
            "name_en": [name["en"] for name in names],
            "published_area_km2": [row["area_km2"] for row in rows.values()],
            "functions_zh": [name["functions_zh"] for name in names],
            "functions_en": [name["functions_en"] for name in names],
        },
        geometry=shapes,
        crs=GEOGRAPHIC,
    )


def zone(of_districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the whole zone: the districts together."""
    whole = shapely.MultiPolygon(list(shapely.get_parts(of_districts.geometry.to_numpy())))
    return gpd.GeoDataFrame(
        {
            "feature_id": ["ftz"],
            "name_zh": ["中国（云南）自由贸易试验区"],
            "name_en": ["China (Yunnan) Pilot Free Trade Zone"],
            "published_area_km2": [119.86],
        },
        geometry=[whole],
        crs=GEOGRAPHIC,
    )


def bonded_zone(recipe: Mapping[str, Any], of_districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the part of the bonded zone that lies in its district, exact in area."""
    row = recipe["bonded_zone"]
    inside = of_districts.geometry[of_districts["feature_id"] == row["inside"]].iloc[0]
    shape = _scaled(row, recipe["outline"], inside)
    return gpd.GeoDataFrame(
        {
            "feature_id": ["bonded"],
            "name_zh": ["昆明综合保税区（区内部分）"],
            "name_en": ["Kunming bonded zone (part inside the FTZ)"],
            "published_area_km2": [row["area_km2"]],
        },
        geometry=[shape],
        crs=GEOGRAPHIC,
    )


def linkage_zones(places: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the linkage zones as points: no limits are published, so no area is drawn."""
    rows = places["linkage_zones"]
    return gpd.GeoDataFrame(
        {
            "feature_id": list(rows),
            "name_zh": [row["zh"] for row in rows.values()],
            "name_en": [row["en"] for row in rows.values()],
            "published_area_km2": [row["published_area_km2"] for row in rows.values()],
            "area_quality": [row["area_quality"] for row in rows.values()],
            "area_note": [row["area_note"] for row in rows.values()],
        },
        geometry=[shapely.Point(row["at"]) for row in rows.values()],
        crs=GEOGRAPHIC,
    )


def _land(codes: list[str]) -> Any:  # noqa: ANN401 - shapely is untyped
    counties = read_counties()
    chosen = shapely.union_all(counties.geometry[counties["feature_id"].isin(codes)].to_numpy())
    water = shapely.union_all(read_lakes().geometry.to_numpy())
    return shapely.difference(chosen, water)


def _scaled(row: Mapping[str, Any], look: Mapping[str, Any], land: Any) -> Any:  # noqa: ANN401
    """Scale an outline round the place until what is left on its land has the area."""
    target_m2 = row["area_km2"] * M2_PER_KM2
    unit = outline(look["vertices"], look["roughness"], row["seed"])
    low, high = 0.0, 4.0 * np.sqrt(target_m2)
    for _ in range(_STEPS):
        radius_m = (low + high) / 2.0
        shape = _placed(unit, radius_m, row["centre"], land)
        excess_m2 = float(area_lonlat_m2(np.array([shape]))[0]) - target_m2
        if abs(excess_m2) < EXACT_M2 / 10.0:
            return shape
        low, high = (radius_m, high) if excess_m2 < 0.0 else (low, radius_m)
    raise ArithmeticError("the recipe's land cannot hold the published area")


def _placed(
    unit: npt.NDArray[np.float64],
    radius_m: float,
    centre: list[float],
    land: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    lon, lat = centre
    scale = np.array([radius_m / (_DEGREE_M * np.cos(np.radians(lat))), radius_m / _DEGREE_M])
    whole = shapely.Polygon(np.array([lon, lat]) + unit * scale)
    parts = shapely.get_parts(shapely.intersection(whole, land))
    near = shapely.distance(parts, shapely.Point(lon, lat))
    return parts[int(np.argmin(near))]
