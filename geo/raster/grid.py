"""Where the pixels of a grid lie on the ground: lengths, areas, and sites in its CRS."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

from geo.errors import (
    DistortedPlaneError,
    GridMismatchError,
    GridUnitError,
    InputError,
    NotLonLatError,
    NoTransformationError,
    OutsideCrsError,
    TurnedGridError,
)
from geo.measure.area import area_lonlat_m2, radii_m, zone_m2
from geo.measure.crs import (
    GEOGRAPHIC,
    crs_name,
    densify,
    densify_lonlat,
    move_vertices,
    parse_crs,
    to_lonlat,
)
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M
from geo.model import Grid

FloatArray = npt.NDArray[np.float64]

MOST_DISTORTION: Final = 0.01
"""How far a projection may stretch lengths before slopes in its plane are refused.

A slope's tangent is off by as much: 0.6 degrees at 45. Gauss-Krueger zones stay below
0.0005, UTM below 0.001; Web Mercator stretches Yunnan by 0.1.
"""

MOST_SHIFT_DEG: Final = 0.05
"""5 km: several times as far as any two datums of the Earth lie apart."""

_LATTICE: Final = 33
_ELLIPSOID: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)


def require_straight(grid: Grid) -> None:
    """Refuse a grid whose rows are turned against the axes of its CRS.

    Raises
    ------
    TurnedGridError
        Warp the raster to an upright grid first.
    """
    if grid.transform.b or grid.transform.d:
        raise TurnedGridError


def require_unit(grid: Grid, needed: str) -> None:
    """Refuse a grid in another unit.

    Raises
    ------
    GridUnitError
        For example a map of classes where heights are needed.
    """
    if grid.unit != needed:
        raise GridUnitError(needed=needed, found=grid.unit)


def require_degrees(crs: CRS, own: FloatArray, lonlat: FloatArray) -> None:
    """Refuse a geographic CRS whose numbers are not nearly those of EPSG:4490.

    Parameters
    ----------
    crs : CRS
        Any; a plane is not refused.
    own, lonlat : array of float, shape (n, 2)
        Points in it, and the same in EPSG:4490. No datum of the Earth is off by
        :data:`MOST_SHIFT_DEG`; other units, meridians and poles are.

    Raises
    ------
    NotLonLatError
        Lengths and areas of pixels would be taken for other ones.
    """
    if crs.is_geographic and not (np.abs(own - lonlat) < MOST_SHIFT_DEG).all():
        raise NotLonLatError(crs=crs_name(crs))


def require_same_grid(left: Grid, right: Grid) -> None:
    """Refuse two grids that do not lie on the same pixels.

    Raises
    ------
    GridMismatchError
        They differ in CRS, shape or place. Warp one to the other first.
    """
    same = left.crs == right.crs and left.shape == right.shape
    if not same or not left.transform.almost_equals(right.transform, 1e-9 * abs(left.transform.a)):
        raise GridMismatchError(left=_place(left), right=_place(right))


def pixel_size_m(grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Return the width and the height of pixels on the ground, row by row.

    Parameters
    ----------
    grid : Grid
        In lon/lat degrees or in a plane in any unit of length.

    Returns
    -------
    two arrays of float, shape (rows,)
        Metres, above zero. For a lon/lat grid the arcs of the parallel and of the
        meridian at the middle of each row on CGCS2000. For a plane that is true to
        length within :data:`MOST_DISTORTION` (a zone of Gauss-Krueger or UTM) the plane's
        own lengths. For one that is not, but stretches all of a row alike (Mercator),
        lengths on the ground.

    Raises
    ------
    TurnedGridError, DistortedPlaneError
        The grid is turned, or its pixels have other shapes on the ground from place to
        place or corners that are not square.
    """
    require_straight(grid)
    rows = grid.shape[0]
    if not grid.crs.is_geographic:
        return _plane_size_m(grid)
    lat = np.radians(grid.transform.f + (np.arange(rows) + 0.5) * grid.transform.e)
    meridian_m, normal_m = radii_m(lat)
    d_lon, d_lat = np.radians(abs(grid.transform.a)), np.radians(abs(grid.transform.e))
    return normal_m * np.cos(lat) * d_lon, meridian_m * d_lat


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelAreas:
    """Areas of a grid's pixels on the ellipsoid, in square metres.

    Along a row of a lon/lat grid they are equal. In a plane they are known on a lattice of
    pixels and interpolated: the areal scale of a projection bends so little that 33 points
    a side leave 1e-7 over a county.
    """

    columns: int
    by_row: FloatArray | None
    lattice: FloatArray | None
    rows: int

    def of(self, cells: npt.NDArray[np.int64]) -> FloatArray:
        """Return the areas of pixels, given as ``row * columns + column``."""
        row, column = np.divmod(cells, self.columns)
        if self.by_row is not None:
            return self.by_row[row]
        assert self.lattice is not None  # noqa: S101 - one of the two is there
        at_row = row * (_LATTICE - 1) / max(self.rows - 1, 1)
        at_column = column * (_LATTICE - 1) / max(self.columns - 1, 1)
        up, left = (np.minimum(at.astype(int), _LATTICE - 2) for at in (at_row, at_column))
        down, right = at_row - up, at_column - left
        corner = self.lattice
        top = corner[up, left] * (1.0 - right) + corner[up, left + 1] * right
        bottom = corner[up + 1, left] * (1.0 - right) + corner[up + 1, left + 1] * right
        return np.asarray(top * (1.0 - down) + bottom * down)


def pixel_areas(grid: Grid) -> PixelAreas:
    """Return the areas of a grid's pixels on the CGCS2000 ellipsoid.

    Raises
    ------
    TurnedGridError, NoTransformationError, OutsideCrsError
        The grid is turned, or does not lie where its CRS says.
    """
    require_straight(grid)
    rows, columns = grid.shape
    step = grid.transform
    if grid.crs.is_geographic:
        lat = np.radians(step.f + np.arange(rows + 1) * step.e)
        strips = np.abs(zone_m2(lat[:-1], lat[1:])) * np.radians(abs(step.a))
        return PixelAreas(columns=columns, by_row=strips, lattice=None, rows=rows)
    across, down = np.meshgrid(*(np.linspace(0, n - 1, _LATTICE) for n in (columns, rows)))
    x, y = step.c + across * step.a, step.f + down * step.e
    squares = shapely.box(x, y, x + step.a, y + step.e).ravel()
    areas = area_lonlat_m2(to_lonlat(gpd.GeoSeries(squares, crs=grid.crs)).to_numpy())
    lattice = areas.reshape(_LATTICE, _LATTICE)
    return PixelAreas(columns=columns, by_row=None, lattice=lattice, rows=rows)


def pixel_width_m(grid: Grid) -> float:
    """Return the longer side of the pixel in the middle of a grid, in metres."""
    middle = grid.shape[0] // 2
    return max(float(lengths_m[middle]) for lengths_m in pixel_size_m(grid))


def lonlat_bounds(
    bounds: tuple[float, float, float, float],
    crs: Any,  # noqa: ANN401 - anything that PROJ takes
) -> tuple[float, float, float, float]:
    """Return bounds of a CRS as west, south, east, north in EPSG:4490 degrees."""
    edge = densify(np.array([shapely.box(*bounds)]), max(bounds[2] - bounds[0], 1e-9) / 32.0)
    west, south, east, north = to_lonlat(gpd.GeoSeries(edge, crs=crs)).total_bounds
    return float(west), float(south), float(east), float(north)


def into_grid(polygons_lonlat: npt.NDArray[Any], grid: Grid) -> npt.NDArray[Any]:
    """Return lon/lat polygons in a grid's CRS, each edge kept where it lies.

    WGS 84 and CGCS2000 are taken for the same, as for vectors.

    Raises
    ------
    NoTransformationError, OutsideCrsError
        The grid's CRS does not reach the polygons.
    """
    dense = densify_lonlat(np.asarray(polygons_lonlat, dtype=object))
    if grid.crs.is_geographic and grid.crs.to_epsg() in (4326, 4490):
        return np.asarray(polygons_lonlat, dtype=object)
    return move_vertices(dense, parse_crs(GEOGRAPHIC), grid.crs)


def first_known(grids: Sequence[Grid]) -> Grid:
    """Return grids on the same pixels as one: of each pixel what the first says that knows it.

    Raises
    ------
    GridMismatchError
        They do not lie on the same pixels.
    """
    merged = grids[0]
    for grid in grids[1:]:
        require_same_grid(merged, grid)
        values = np.where(merged.known, merged.values, _recoded(grid, merged))
        merged = replace(merged, values=values)
    return merged


def _recoded(grid: Grid, like: Grid) -> npt.NDArray[Any]:
    """Return values with the nodata of another grid."""
    if grid.nodata is None or like.nodata is None:
        return grid.values
    return np.where(grid.known, grid.values, np.asarray(like.nodata, dtype=like.values.dtype))


def _plane_size_m(grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Hold one step along each axis, on a lattice of pixels, against the ground."""
    rows, columns = grid.shape
    step, unit_m = grid.transform, _unit_m(grid)
    at_column, at_row = np.meshgrid(
        np.linspace(0.0, columns, 3), np.linspace(0.5, rows - 0.5, _LATTICE)
    )
    east_m, east_deg = _ground(grid, at_column, at_row, (1.0, 0.0))
    north_m, north_deg = _ground(grid, at_column, at_row, (0.0, 1.0))
    own_m = np.array([abs(step.a), abs(step.e)]) * unit_m
    scales = np.stack([own_m[0] / east_m, own_m[1] / north_m])
    askew = np.abs(np.cos(np.radians(east_deg - north_deg))).max()
    off = np.abs(scales - 1.0).max()
    if max(off, askew) <= MOST_DISTORTION:
        return np.full(rows, own_m[0]), np.full(rows, own_m[1])
    along = np.ptp(scales, axis=2).max()
    if not max(along, askew) <= MOST_DISTORTION:
        raise _distorted(grid, scales)
    every = np.arange(rows) + 0.5
    return (
        np.interp(every, at_row[:, 1], east_m[:, 1]),
        np.interp(every, at_row[:, 1], north_m[:, 1]),
    )


def _distorted(grid: Grid, scales: FloatArray) -> InputError:
    """Return the refusal of a plane; pixels that lie nowhere on the Earth have no scale."""
    told = scales[np.isfinite(scales)]
    if not told.size:
        return OutsideCrsError(crs=crs_name(grid.crs), proposals=[])
    pct = round(100.0 * float(np.abs(told - 1.0).max()), 1)
    return DistortedPlaneError(crs=crs_name(grid.crs), pct=pct)


def _ground(
    grid: Grid, column: FloatArray, row: FloatArray, along: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return the length in metres and the azimuth in degrees of a step of one pixel."""
    to_ground = _to_ground(grid.crs.srs)
    (lon1, lat1), (lon2, lat2) = (
        to_ground.transform(
            grid.transform.c + (column + half * along[0]) * grid.transform.a,
            grid.transform.f + (row + half * along[1]) * grid.transform.e,
        )
        for half in (-0.5, 0.5)
    )
    azimuth_deg, _, length_m = _ELLIPSOID.inv(lon1, lat1, lon2, lat2)
    return np.asarray(length_m), np.asarray(azimuth_deg)


@lru_cache(maxsize=16)
def _to_ground(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(crs, GEOGRAPHIC, always_xy=True)
    except ProjError as exc:
        raise NoTransformationError(source=crs_name(CRS(crs)), target=GEOGRAPHIC) from exc


def _unit_m(grid: Grid) -> float:
    return float(grid.crs.axis_info[0].unit_conversion_factor)


def _place(grid: Grid) -> str:
    rows, columns = grid.shape
    return f"{crs_name(grid.crs)} {columns}x{rows} {grid.transform.c:.10g},{grid.transform.f:.10g}"
