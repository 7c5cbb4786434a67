"""The largest width of a polygon: the diameter of the largest circle inside it."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import GEOGRAPHIC, densify_lonlat, local_plane, parse_crs, transform

RELATIVE_ACCURACY: Final = 0.01
_COARSE: Final = 1000.0
_QUADRANT: Final = 16


def largest_width_m(geometries: npt.NDArray[Any]) -> float:
    """Return the largest width over all parts of lon/lat polygons, in metres.

    Decides between a conflict and a technical contact: a 4 m x 4 m bite hanging on an
    11 km sliver has an average width (2 area / perimeter) of 7 mm and a largest width
    of 4 m.

    Parameters
    ----------
    geometries : array of Polygon or MultiPolygon, shape (n,)
        EPSG:4490 degrees. Measured in the Gauss-Krueger plane of their middle, whose
        scale differs from 1 by less than 5e-4 within its zone.

    Returns
    -------
    float
        Metres, to 1 %; 0 for nothing.
    """
    parts = shapely.get_parts(geometries)
    parts = parts[~shapely.is_empty(parts)]
    if not len(parts):
        return 0.0
    west, _, east, _ = shapely.total_bounds(parts)
    plane = local_plane((west + east) / 2.0)
    # Long lon/lat edges are curves in the plane: 0.9 m of sag on 10 km would be a width.
    return planar_width(transform(densify_lonlat(parts), parse_crs(GEOGRAPHIC), plane))


def planar_width(parts: npt.NDArray[Any]) -> float:
    """Return the largest inscribed circle's diameter over polygons of a plane.

    A coarse search (branch and bound over cells, GEOS) settles compact parts. Slivers,
    on which cells would have to be as small as the sliver is narrow, are settled by
    erosion: the largest distance at which anything of the part is left.
    """
    area, length = shapely.area(parts), shapely.length(parts)
    solid = area > 0.0
    parts, area, length = parts[solid], area[solid], length[solid]
    if not len(parts):
        return 0.0
    parts = _moved_to_origin(parts)
    box = shapely.bounds(parts)
    step = np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) / _COARSE
    # A region lies within r of its boundary, so its area is at most r times its length.
    low = np.maximum(_inscribed_diameter(parts, step), 2.0 * area / length)
    high = np.minimum(low + 2.0 * step, 2.0 * np.sqrt(area / np.pi))
    best = float(low.max())
    open_ = high > best * (1.0 + RELATIVE_ACCURACY)
    spacing = length / shapely.get_num_coordinates(parts)
    narrow = high < 4.0 * spacing
    for at in np.flatnonzero(open_ & ~narrow):
        fine = np.array([RELATIVE_ACCURACY / 2.0 * low[at]])
        best = max(best, float(_inscribed_diameter(parts[at : at + 1], fine)[0]))
    thin = open_ & narrow
    return _eroded_diameter(parts[thin], best, float(high[thin].max())) if thin.any() else best


def _inscribed_diameter(
    parts: npt.NDArray[Any], tolerance: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    radius = shapely.maximum_inscribed_circle(parts, tolerance=tolerance)
    return np.asarray(2.0 * shapely.length(radius), dtype=np.float64)


def _eroded_diameter(parts: npt.NDArray[Any], low: float, high: float) -> float:
    """Bisect the width at which erosion by half of it leaves nothing, over all parts."""
    while high > low * (1.0 + RELATIVE_ACCURACY / 4.0):
        middle = float(np.sqrt(low * high))
        left = ~shapely.is_empty(shapely.buffer(parts, -middle / 2.0, quad_segs=_QUADRANT))
        if left.any():
            low, parts = middle, parts[left]
        else:
            high = middle
    return low


def _moved_to_origin(parts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Bring coordinates near zero: millimetres on 3e6 m are at the edge of GEOS's care."""
    origin = shapely.total_bounds(parts)[:2]
    moved: npt.NDArray[Any] = shapely.transform(parts, lambda xy: xy - origin)
    return moved
