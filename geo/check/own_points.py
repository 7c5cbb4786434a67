"""Points of a boundary that somebody drew, beside those that reading has added to its edges."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.measure.crs import GEOGRAPHIC, move_points, parse_crs
from geo.model import Boundary

Floats = npt.NDArray[np.float64]
Positions = frozenset[tuple[float, float]]

_DECIMALS: Final = 8
"""Positions in answers are rounded to 1e-8 degrees, a millimetre."""

_STRAIGHT_M: Final = 3e-3


def added_positions(polygon: Any, boundary: Boundary) -> Positions:  # noqa: ANN401 - shapely
    """Return the positions of a polygon in lon/lat that stand in no boundary as it was drawn.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        In EPSG:4490, made of the boundary (:func:`geo.measure.crs.to_lonlat`).
    boundary : Boundary
        As it was drawn.
    """
    own = move_points(boundary.polygon, parse_crs(boundary.crs), parse_crs(GEOGRAPHIC))
    return frozenset(_positions(polygon)) - frozenset(_positions(own))


def drop_added(part: Any, added: Positions, plane: CRS) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return a part of a site in a plane, without the vertices that reading added to the site.

    A corner of the part stays, even if it lies where one was added.

    Parameters
    ----------
    part : Polygon or MultiPolygon
        In EPSG:4490.
    added : positions
        From :func:`added_positions`.
    plane : CRS
        A projected one.
    """
    flat = move_points(part, parse_crs(GEOGRAPHIC), plane)
    if not added:
        return flat
    lonlat = iter(shapely.get_rings(shapely.get_parts(part)))
    polygons = [
        shapely.Polygon(rings[0], rings[1:])
        for one in shapely.get_parts(flat)
        for rings in [[_left(ring, next(lonlat), added) for ring in shapely.get_rings(one)]]
    ]
    return polygons[0] if part.geom_type == "Polygon" else shapely.multipolygons(polygons)


def _left(flat: Any, lonlat: Any, added: Positions) -> Any:  # noqa: ANN401 - shapely is untyped
    ring = shapely.get_coordinates(flat)[:-1]
    gone = np.array([at in added for at in _positions(lonlat)[:-1]]) & _is_straight(ring)
    return shapely.linearrings(ring[~gone]) if (~gone).sum() >= 3 else flat


def _positions(shape: Any) -> list[tuple[float, float]]:  # noqa: ANN401 - shapely is untyped
    return [(x, y) for x, y in np.round(shapely.get_coordinates(shape), _DECIMALS).tolist()]


def _is_straight(ring: Floats) -> npt.NDArray[np.bool_]:
    """Tell which vertices of an open ring lie on the line between their neighbours."""
    before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
    along, off = after - before, ring - before
    length = np.hypot(*along.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]) / length
    between = (off * along).sum(axis=1)
    return np.asarray((apart < _STRAIGHT_M) & (between > 0.0) & (between < length**2))
