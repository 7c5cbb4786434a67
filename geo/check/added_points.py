"""Points that cutting of long edges has added to polygons: no boundary was surveyed there."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.measure.crs import GEOGRAPHIC, MAX_EDGE_M, move_vertices, parse_crs

Floats = npt.NDArray[np.float64]

_CLOSE_M: Final = 3e-3
"""Positions in answers are rounded to 1e-8 degrees, a millimetre."""


def added_points(polygon: Any, drawn_in: CRS) -> Floats:  # noqa: ANN401 - shapely is untyped
    """Return the vertices that :func:`geo.measure.crs.to_lonlat` has added, shape (n, 2).

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        In EPSG:4490, as it was transformed from the CRS that it was drawn in.
    drawn_in : CRS
        A projected one; of others nothing was added.

    Notes
    -----
    An added vertex parts a straight edge of the plane into equal pieces of at most
    :data:`geo.measure.crs.MAX_EDGE_M`, no more of them than that asks for. A vertex of
    somebody's own at the very same place is not to be told from one.
    """
    if not drawn_in.is_projected:
        return np.empty((0, 2))
    longest = MAX_EDGE_M / drawn_in.axis_info[0].unit_conversion_factor
    flat = move_vertices(np.array([polygon], dtype=object), parse_crs(GEOGRAPHIC), drawn_in)[0]
    found = [
        lonlat[_added(plane, longest)]
        for lonlat, plane in zip(_open_rings(polygon), _open_rings(flat), strict=True)
    ]
    return np.vstack(found)


def drop_points(polygon: Any, points: Floats) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return a polygon without those of its vertices that are among some points."""
    gone = set(map(tuple, np.round(points, 9).tolist()))

    def kept(ring: Any) -> Any:  # noqa: ANN401
        xy = shapely.get_coordinates(ring)[:-1]
        own = xy[[tuple(at) not in gone for at in np.round(xy, 9).tolist()]]
        return shapely.linearrings(own) if len(own) >= 3 else ring

    parts = [
        shapely.Polygon(kept(part.exterior), [kept(hole) for hole in part.interiors])
        for part in shapely.get_parts(polygon)
    ]
    return parts[0] if polygon.geom_type == "Polygon" else shapely.multipolygons(parts)


def _open_rings(polygon: Any) -> list[Floats]:  # noqa: ANN401 - shapely is untyped
    rings = shapely.get_rings(shapely.get_parts(polygon))
    return [shapely.get_coordinates(ring)[:-1] for ring in rings]


def _added(ring: Floats, longest: float) -> npt.NDArray[np.bool_]:
    """Tell which vertices of an open ring part a straight edge into equal short pieces."""
    added = np.zeros(len(ring), dtype=bool)
    corners = np.flatnonzero(~_is_straight(ring))
    if len(corners) < 3:
        return added
    for start, stop in zip(corners, np.roll(corners, -1), strict=True):
        last = stop if stop > start else stop + len(ring)
        for run in _even_runs(ring, np.arange(start, last + 1) % len(ring)):
            edge, pieces = ring[run[-1]] - ring[run[0]], len(run) - 1
            # A length that is a multiple of the longest is one within what rounding moves.
            of_pieces = (np.hypot(*edge) + _CLOSE_M * np.array([-1.0, 1.0])) / longest
            if pieces in np.ceil(of_pieces):
                added[run[1:-1]] = True
    return added


def _even_runs(ring: Floats, straight: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Part vertices along a straight line where the distance to the next one changes."""
    lengths = np.hypot(*(ring[straight[1:]] - ring[straight[:-1]]).T)
    changes = np.flatnonzero(np.abs(np.diff(lengths)) > 2.0 * _CLOSE_M) + 1
    stops = [0, *changes.tolist(), len(straight) - 1]
    return [straight[low : high + 1] for low, high in pairwise(stops)]


def _is_straight(ring: Floats) -> npt.NDArray[np.bool_]:
    """Tell which vertices lie on the line between their neighbours."""
    before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
    along, off = after - before, ring - before
    length = np.hypot(*along.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]) / length
    between = (off * along).sum(axis=1)
    return np.asarray((apart < _CLOSE_M) & (between > 0.0) & (between < length**2))
