"""The largest width of a polygon: the diameter of the largest circle inside it."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.inscribed import inscribed_diameters
from geo.measure.planes import to_own_planes

RELATIVE_ACCURACY: Final = 0.01
_COARSE: Final = 1000.0
_QUADRANT: Final = 16
_MANY: Final = 100
_THIN: Final = 0.01


def largest_widths_m(geometries: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the largest width of each lon/lat geometry over all its parts, in metres.

    Decides between a conflict and a technical contact: a 4 m x 4 m bite hanging on an
    11 km sliver has an average width (2 area / perimeter) of 7 mm and a largest width
    of 4 m.

    Parameters
    ----------
    geometries : array of Polygon or MultiPolygon, shape (n,)
        EPSG:4490 degrees. Each part is measured in the Gauss-Krueger plane of its own
        zone, whose scale differs from 1 by less than 5e-4 there.

    Returns
    -------
    array of float, shape (n,)
        Metres, to 1 %; 0 for nothing.
    """
    widths_m = np.zeros(len(geometries))
    parts, owner = shapely.get_parts(geometries, return_index=True)
    solid = ~shapely.is_empty(parts)
    parts, owner = parts[solid], owner[solid]
    if len(parts):
        np.maximum.at(widths_m, owner, planar_widths(to_own_planes(parts)))
    return widths_m


def largest_width_m(geometries: npt.NDArray[Any]) -> float:
    """Return the largest width over all geometries; see :func:`largest_widths_m`."""
    return float(largest_widths_m(geometries).max(initial=0.0))


def planar_widths(polygons: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the largest inscribed circle's diameter of each polygon of a plane.

    A polygon that a move has parted is as wide as its widest part; an empty one has no
    width.
    """
    widths = np.zeros(len(polygons))
    parts, owner = shapely.get_parts(polygons, return_index=True)
    np.maximum.at(widths, owner, _part_widths(parts))
    return widths


def _part_widths(parts: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the widths of single polygons.

    A coarse search (branch and bound over cells, GEOS) settles compact parts. Slivers,
    on which cells would have to be as small as the sliver is narrow, are settled by
    erosion: the largest distance at which anything of the part is left. Parts of many
    vertices on which either would take minutes are cut into triangles instead
    (:mod:`geo.inscribed`).
    """
    widths = np.zeros(len(parts))
    area, length = shapely.area(parts), shapely.length(parts)
    # A region lies within r of its boundary, so its area is at most r times its length.
    average = np.divide(2.0 * area, length, out=np.zeros(len(parts)), where=length > 0.0)
    spiky = (shapely.get_num_coordinates(parts) > _MANY) & (average < _THIN * _diagonals(parts))
    solid = (area > 0.0) & ~spiky
    if solid.any():
        widths[solid] = _solid_widths(_moved_to_origin(parts[solid]), average[solid])
    spiky &= area > 0.0
    if spiky.any():
        widths[spiky] = _cut_widths(_moved_to_origin(parts[spiky]), average[spiky])
    return widths


def _solid_widths(
    parts: npt.NDArray[Any], average: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    step, count = _diagonals(parts) / _COARSE, shapely.get_num_coordinates(parts)
    low = np.maximum(_inscribed_diameter(parts, step), average)
    high = np.minimum(low + 2.0 * step, 2.0 * np.sqrt(shapely.area(parts) / np.pi))
    open_ = high > low * (1.0 + RELATIVE_ACCURACY)
    many = open_ & (count > _MANY)
    if many.any():
        low[many] = _cut_widths(parts[many], low[many])
    narrow = high < 4.0 * shapely.length(parts) / count
    fine = open_ & ~many & ~narrow
    if fine.any():
        low[fine] = _fine_widths(parts[fine], low[fine])
    thin = open_ & ~many & narrow
    if thin.any():
        low[thin] = _eroded_diameters(parts[thin], low[thin], high[thin])
    return low


def _cut_widths(parts: npt.NDArray[Any], low: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return widths by triangles, none below ``low``."""
    found, settled = inscribed_diameters(parts, low, RELATIVE_ACCURACY)
    if not settled.all():
        found[~settled] = _fine_widths(parts[~settled], found[~settled])
    return found


def _fine_widths(parts: npt.NDArray[Any], low: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.maximum(low, _inscribed_diameter(parts, RELATIVE_ACCURACY / 2.0 * low))


def _inscribed_diameter(
    parts: npt.NDArray[Any], tolerance: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    radius = shapely.maximum_inscribed_circle(parts, tolerance=tolerance)
    return np.asarray(2.0 * shapely.length(radius), dtype=np.float64)


def _eroded_diameters(
    parts: npt.NDArray[Any], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Bisect the width at which erosion by half of it leaves nothing, for each part."""
    low, high = low.copy(), high.copy()
    open_ = np.arange(len(parts))
    while len(open_):
        middle = np.sqrt(low[open_] * high[open_])
        eroded = shapely.buffer(parts[open_], -middle / 2.0, quad_segs=_QUADRANT)
        left = ~shapely.is_empty(eroded)
        low[open_[left]], high[open_[~left]] = middle[left], middle[~left]
        open_ = open_[high[open_] > low[open_] * (1.0 + RELATIVE_ACCURACY / 4.0)]
    return low


def _diagonals(parts: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    west, south, east, north = shapely.bounds(parts).T
    return np.asarray(np.hypot(east - west, north - south), dtype=np.float64)


def _moved_to_origin(parts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Bring coordinates near zero: millimetres on 3e6 m are at the edge of GEOS's care."""
    origin = shapely.total_bounds(parts)[:2]
    moved: npt.NDArray[Any] = shapely.transform(parts, lambda xy: xy - origin)
    return moved
