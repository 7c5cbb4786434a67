"""Demonstration control lines: made up by a seeded recipe, in no way real.

Hills from fractal noise give the red line, gentle low ground the farmland, the districts
and towns the development boundary. The three never overlap each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.restore import polygonal
from layers.builtin.noise import fractal_surface, outline, region_above

Recipe = Mapping[str, Any]
_SMOOTH_M: Final = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLines:
    """The lines as layers, and the area that they speak about; all in EPSG:4490."""

    red_line: gpd.GeoDataFrame
    farmland: gpd.GeoDataFrame
    development_boundary: gpd.GeoDataFrame
    basin_farmland: gpd.GeoDataFrame
    windows: Mapping[str, "Window"]
    coverage: gpd.GeoSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is drawn in one window, in EPSG:4490; ``area`` is all that it speaks about."""

    red_line: Any
    farmland: Any
    towns: Any
    basin_farmland: Any
    water: Any
    area: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What is already there: districts, water, the province."""

    districts: Any
    water: Any
    province: Any


def control_lines(
    recipe: Recipe, districts: gpd.GeoDataFrame, lakes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame
) -> ControlLines:
    """Return the three demonstration lines in all windows of the recipe."""
    ground = _Ground(
        districts=shapely.union_all(districts.geometry.to_numpy()),
        water=shapely.union_all(lakes.geometry.to_numpy()),
        province=shapely.union_all(counties.geometry.to_numpy()),
    )
    windows = {name: _window(recipe, window, ground) for name, window in recipe["windows"].items()}
    made, least_m2 = tuple(windows.values()), recipe["farmland"]["least_m2"]
    return ControlLines(
        red_line=_layer("red", [one.red_line for one in made], recipe["red_line"]["least_m2"]),
        farmland=_layer("farm", [one.farmland for one in made], least_m2),
        development_boundary=_layer("town", [one.towns for one in made], 0.0),
        basin_farmland=_layer("basin", [one.basin_farmland for one in made], least_m2),
        windows=windows,
        coverage=gpd.GeoSeries([one.area for one in made], crs=GEOGRAPHIC),
    )


def _window(recipe: Recipe, window: Recipe, ground: _Ground) -> Window:
    lon, lat = window["centre"]
    plane = local_plane(lon)
    lonlat = parse_crs(GEOGRAPHIC)
    middle = transform(np.array([shapely.Point(lon, lat)]), lonlat, plane)[0]
    reach_m = 1000.0 * window["radius_km"]
    x, y, hills = make_hills(recipe["terrain"], window)

    def on_globe(shape: Any) -> Any:  # noqa: ANN401 - shapely is untyped
        return transform(np.array([shape], dtype=object), plane, lonlat)[0]

    area = shapely.intersection(on_globe(middle.buffer(reach_m, quad_segs=24)), ground.province)
    land = shapely.difference(area, ground.water)
    towns = shapely.intersection(_towns(recipe, window, ground, area), land)
    high = region_above(x, y, hills, float(np.quantile(hills, 1.0 - recipe["red_line"]["share"])))
    apart = buffer_by_zone(ground.districts, recipe["red_line"]["keep_from_districts_m"])
    high = shapely.simplify(high, _SMOOTH_M)
    red = shapely.difference(shapely.intersection(on_globe(high), land), _union(towns, apart))
    fields, around = (on_globe(one) for one in _fields(recipe, window, x, y, hills))
    taken = _union(towns, red, ground.districts)
    farms = shapely.difference(shapely.intersection(fields, land), taken)
    basin = shapely.difference(shapely.intersection(around, land), _union(taken, farms))
    return Window(
        red_line=red,
        farmland=farms,
        towns=towns,
        basin_farmland=basin,
        water=shapely.intersection(area, ground.water),
        area=area,
    )


def make_hills(
    look: Recipe, window: Recipe
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the x and y of a window's lattice in its plane, and its hills (no unit)."""
    lon, lat = window["centre"]
    centre = np.array([shapely.Point(lon, lat)])
    middle = transform(centre, parse_crs(GEOGRAPHIC), local_plane(lon))[0]
    reach_m = 1000.0 * window["radius_km"]
    size = int(2.0 * reach_m / look["pixel_m"]) + 2
    steps = (np.arange(size) - size / 2.0) * look["pixel_m"]
    hills = fractal_surface(size, look["slope_of_spectrum"], window["seed"])
    return middle.x + steps, middle.y + steps, hills


def _fields(
    recipe: Recipe,
    window: Recipe,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    hills: npt.NDArray[np.float64],
) -> tuple[Any, Any]:
    """Low ground, broken into patches by a finer noise; and the same with a rim."""
    look = recipe["farmland"]
    low = region_above(x, y, -hills, float(np.quantile(-hills, 1.0 - look["share"])))
    fine = fractal_surface(len(x), look["patch_spectrum"], window["seed"] + 1000)
    patches, wider = (
        region_above(x, y, fine, float(np.quantile(fine, 1.0 - share)))
        for share in (look["patch_share"], look["patch_share"] + look["rim_share"])
    )
    smooth = [
        shapely.simplify(shapely.intersection(low, shape), _SMOOTH_M) for shape in (patches, wider)
    ]
    return smooth[0], smooth[1]


def _towns(recipe: Recipe, window: Recipe, ground: _Ground, area: Any) -> Any:  # noqa: ANN401
    """Districts with a margin and a town round each place, grown together without gaps."""
    look = recipe["development_boundary"]
    scale = look["town_radius_m"] / 111_000.0
    grown = []
    for number, (lon, lat) in enumerate(window["towns"]):
        unit = outline(60, look["roughness"], window["seed"] + 2000 + number)
        wide = unit * [scale / np.cos(np.radians(lat)), scale]
        grown.append(shapely.Polygon(np.array([lon, lat]) + wide))
    near = shapely.intersection(ground.districts, area)
    if not near.is_empty:
        grown.append(buffer_by_zone(near, look["margin_m"]))
    parts = shapely.get_parts(_union(*grown))
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))


def buffer_by_zone(shape: Any, distance_m: float) -> Any:  # noqa: ANN401
    """Buffer a lon/lat shape, each of its parts in the plane of its own zone."""
    lonlat = parse_crs(GEOGRAPHIC)
    grown = []
    for part in shapely.get_parts(shape):
        plane = local_plane(part.centroid.x)
        flat = transform(np.array([part], dtype=object), lonlat, plane)[0]
        wide = shapely.simplify(shapely.buffer(flat, distance_m, quad_segs=6), 5.0)
        grown.append(transform(np.array([wide], dtype=object), plane, lonlat)[0])
    return shapely.union_all(grown)


def _union(*shapes: Any) -> Any:  # noqa: ANN401
    return shapely.union_all(np.array(shapes, dtype=object))


def _layer(prefix: str, shapes: list[Any], least_m2: float) -> gpd.GeoDataFrame:
    parts = shapely.get_parts(polygonal(np.array(shapes, dtype=object)))
    plane_m2 = shapely.area(parts) * 111_000.0**2 * np.cos(np.radians(24.0))
    kept = parts[plane_m2 > least_m2]
    ids = [f"{prefix}-{number:04d}" for number in range(1, len(kept) + 1)]
    return gpd.GeoDataFrame({"feature_id": ids}, geometry=kept, crs=GEOGRAPHIC)
