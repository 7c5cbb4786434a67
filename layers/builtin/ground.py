"""Demonstration heights and land cover around the districts: made up, in no way real.

The hills are those that carry the demonstration red line; lakes and rivers are the real
ones, so that water lies low and level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from pyproj import CRS

from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.model import Grid
from layers.builtin.demonstration import ControlLines, make_hills
from layers.builtin.noise import fractal_surface
from layers.zones.errors import ZoneFolderError

Recipe = Mapping[str, Any]
FloatArray = npt.NDArray[np.float64]

CLASSES: Final = "esa_worldcover"
_FOREST, _SHRUB, _GRASS, _CROP, _BUILT, _WATER = 10, 20, 30, 40, 50, 80
_NO_CLASS: Final = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Reality:
    """What is real in the ground, in EPSG:4490; nothing is made up beyond the province."""

    lakes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Heights in metres and classes of land cover on the same pixels."""

    heights: Grid
    cover: Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The pixels of one window, in the plane of its zone."""

    plane: CRS
    transform: Affine
    x: FloatArray
    y: FloatArray

    def flat(self, shapes: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - shapely is untyped
        """Return lon/lat shapes that touch the window, in its plane."""
        west, south, east, north = self.x[0], self.y[-1], self.x[-1], self.y[0]
        moved = transform(np.asarray(shapes, dtype=object), parse_crs(GEOGRAPHIC), self.plane)
        near = shapely.intersects(moved, shapely.box(west, south, east, north))
        return np.asarray(moved[near], dtype=object)

    def rasterize_middles(self, shapes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return which pixels have their middle in one of the shapes."""
        from layers.rasters._gdal import rasterio  # noqa: PLC0415 - for building alone

        size = (len(self.y), len(self.x))
        if not len(shapes):
            return np.zeros(size, dtype=bool)
        return np.asarray(
            rasterio.features.rasterize(
                list(shapes), out_shape=size, transform=self.transform, dtype="uint8"
            ),
            dtype=bool,
        )


def grounds(
    recipe: Recipe, districts: gpd.GeoDataFrame, real: Reality, lines: ControlLines
) -> dict[str, Ground]:
    """Return the ground of every window of the recipe, by its name."""
    return {
        name: _ground(recipe, name, districts, real, lines) for name in recipe["ground"]["windows"]
    }


def _ground(
    recipe: Recipe, name: str, districts: gpd.GeoDataFrame, real: Reality, lines: ControlLines
) -> Ground:
    # Half a second, and only for those who build: every command imports this module.
    from scipy import ndimage  # noqa: PLC0415
    from scipy.interpolate import RectBivariateSpline  # noqa: PLC0415

    window, look = recipe["windows"][name], recipe["ground"]
    x, y, hills = make_hills(recipe["terrain"], window)
    frame = _frame(window, x, y, look["pixel_m"])
    rivers = frame.flat(real.rivers.geometry.to_numpy())
    near_district = frame.flat(districts.geometry.to_numpy())
    rise = _rise(
        ndimage.gaussian_filter(hills, look["smooth"]), look["windows"][name]["flat_share"]
    )
    lakes = frame.flat(real.lakes.geometry.to_numpy())
    for kind, shapes in (("river", rivers), ("district", near_district), ("lake", lakes)):
        low = look["low_ground"][kind]
        rise *= 1.0 - low["share"] * _nearness(x, y, shapes, low["reach_m"])
    # A spline wants rising coordinates; rows of a raster run south.
    fine = RectBivariateSpline(y, x, rise, kx=2, ky=2)(frame.y[::-1], frame.x)[::-1]
    heights = _heights(recipe, name, np.maximum(fine, 0.0))
    covers = _cover(recipe, window, frame, fine, lines)
    covers[frame.rasterize_middles(shapely.buffer(rivers, look["cover"]["river_m"]))] = _WATER
    for lake_id, lake in zip(real.lakes["feature_id"], real.lakes.geometry, strict=True):
        wet = frame.rasterize_middles(frame.flat([lake]))
        covers[wet] = _WATER
        if wet.any():
            heights[wet] = _level_m(recipe, name, lake_id)
    home = frame.rasterize_middles(frame.flat(real.counties.geometry.to_numpy()))
    # A little beyond the border, so that slopes are known up to it.
    abroad = ~ndimage.binary_dilation(home, iterations=look["beyond_border_pixels"])
    heights[abroad], covers[abroad] = np.nan, _NO_CLASS
    return Ground(
        heights=_grid(frame, heights.astype(np.float32), np.nan, "m"),
        cover=_grid(frame, covers, _NO_CLASS, "class"),
    )


def _frame(window: Recipe, x: FloatArray, y: FloatArray, pixel_m: float) -> _Frame:
    left = pixel_m * np.ceil(x[0] / pixel_m)
    top = pixel_m * np.floor(y[-1] / pixel_m)
    columns, rows = int((x[-1] - left) / pixel_m), int((top - y[0]) / pixel_m)
    return _Frame(
        plane=local_plane(window["centre"][0]),
        transform=Affine(pixel_m, 0.0, float(left), 0.0, -pixel_m, float(top)),
        x=left + (np.arange(columns) + 0.5) * pixel_m,
        y=top - (np.arange(rows) + 0.5) * pixel_m,
    )


def _rise(hills: FloatArray, flat_share: float) -> FloatArray:
    """Turn the surface into level ground and hills over it, 0 to 1."""
    level = float(np.quantile(hills, flat_share))
    over = np.logaddexp(0.0, 4.0 * (hills - level)) / 4.0
    return np.asarray(over / over.max(), dtype=np.float64)


def _nearness(x: FloatArray, y: FloatArray, shapes: npt.NDArray[Any], reach_m: float) -> FloatArray:
    """Return 1 at the shapes, falling to 0 within about twice the reach."""
    if not len(shapes):
        return np.zeros((len(y), len(x)))
    whole = shapely.union_all(shapes)
    shapely.prepare(whole)
    apart = shapely.distance(shapely.points(*np.meshgrid(x, y)), whole)
    return np.asarray(np.exp(-((apart / reach_m) ** 2)))


def _level_m(recipe: Recipe, name: str, lake_id: str) -> float:
    levels: Mapping[str, float] = recipe["ground"]["windows"][name]["lakes_m"]
    if lake_id not in levels:
        field = f"demonstration.ground.windows.{name}.lakes_m.{lake_id}"
        raise ZoneFolderError(file="recipe.yaml", field=field, problem="missing", given="")
    return levels[lake_id]


def _heights(recipe: Recipe, name: str, rise: FloatArray) -> FloatArray:
    look = recipe["ground"]
    own, small = look["windows"][name], look["fine"]
    seed = recipe["windows"][name]["seed"] + 3000
    bumps = _tiled(fractal_surface(small["size"], small["slope_of_spectrum"], seed), rise.shape)
    lifted = rise + small["share"] * bumps * (0.1 + rise)
    heights = own["base_m"] + own["hills_m"] * lifted
    return np.asarray(np.round(heights / look["round_m"]) * look["round_m"])


def _cover(
    recipe: Recipe, window: Recipe, frame: _Frame, rise: FloatArray, lines: ControlLines
) -> npt.NDArray[np.uint16]:
    look, small = recipe["ground"]["cover"], recipe["ground"]["fine"]
    patches = fractal_surface(small["size"], look["patch_spectrum"], window["seed"] + 4000)
    noise = _tiled(patches, rise.shape)
    bounds = np.quantile(patches, [look["grass_share"], look["grass_share"] + look["shrub_share"]])
    covers = np.array([_GRASS, _SHRUB, _FOREST], dtype=np.uint16)[np.digitize(noise, bounds)]
    covers[frame.rasterize_middles(frame.flat(lines.red_line.geometry))] = _FOREST
    covers[frame.rasterize_middles(frame.flat(lines.farmland.geometry))] = _CROP
    towns = frame.rasterize_middles(frame.flat(lines.development_boundary.geometry))
    built = noise < float(np.quantile(patches, look["built_share"]))
    covers[towns & built] = _BUILT
    return covers


def _tiled(surface: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Repeat a periodic surface over a shape."""
    rows, columns = (np.arange(n) % len(surface) for n in shape)
    return surface[np.ix_(rows, columns)]


def _grid(frame: _Frame, values: npt.NDArray[Any], nodata: float, unit: str) -> Grid:
    return Grid(values=values, transform=frame.transform, crs=frame.plane, nodata=nodata, unit=unit)
