"""Pieces of ground without necks: where a circle of a width passes from end to end."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, densify_lonlat, parse_crs, transform
from geo.measure.restore import polygonal

_OVERREACH: Final = 1.001
"""A core is grown back by this much more than it was eroded: the ground's own edges are then
the limit again, and not their copies with the rounding of two buffers."""
_QUADRANT: Final = 16


def widest_piece(free: shapely.Geometry, width_m: float, plane: CRS) -> shapely.Geometry:
    """Return the largest piece of free ground that has no neck narrower than a width.

    Corners stay corners: ground within the mitred outline of a circle's places belongs to
    the piece.

    Parameters
    ----------
    free : Polygon or MultiPolygon
        Valid, EPSG:4490.
    width_m : float
        Diameter in metres, >= 0; 0 only separates the parts.
    plane : CRS
        Where widths are measured, see :func:`geo.measure.crs.local_plane`.

    Returns
    -------
    Polygon
        EPSG:4490; empty if nothing is as wide.
    """
    pieces: npt.NDArray[Any] = shapely.get_parts(free)
    pieces = pieces[~shapely.is_empty(pieces)]
    if width_m > 0.0:
        flat = to_plane(pieces, plane)
        pieces = np.array(
            [
                piece
                for own, shape in zip(pieces, flat, strict=True)
                for piece in _without_necks(own, shape, width_m / 2.0, plane)
            ],
            dtype=object,
        )
    if not len(pieces):
        return shapely.Polygon()
    largest: shapely.Geometry = pieces[int(np.argmax(area_lonlat_m2(pieces)))]
    return largest


def to_plane(shapes: npt.NDArray[Any], plane: CRS) -> npt.NDArray[Any]:
    """Return lon/lat shapes in a plane, their edges kept where they were drawn."""
    if not len(shapes):
        return shapes
    return transform(densify_lonlat(shapes), parse_crs(GEOGRAPHIC), plane)


def from_plane(shape: shapely.Geometry, plane: CRS) -> shapely.Geometry:
    """Return one shape of a plane in lon/lat."""
    return transform(np.array([shape], dtype=object), plane, parse_crs(GEOGRAPHIC))[0]


def _without_necks(
    free: shapely.Geometry, flat: shapely.Geometry, radius_m: float, plane: CRS
) -> list[shapely.Geometry]:
    cores = shapely.get_parts(shapely.buffer(flat, -radius_m, quad_segs=_QUADRANT))
    cores = cores[~shapely.is_empty(cores)]
    wide = shapely.buffer(cores, radius_m * _OVERREACH, join_style="mitre")
    pieces = []
    for core, reached in zip(cores, wide, strict=True):
        kept = shapely.intersection(free, from_plane(reached, plane))
        parts = shapely.get_parts(polygonal(np.array([kept], dtype=object)))
        inside = from_plane(core.representative_point(), plane)
        pieces += [part for part in parts if part.intersects(inside)]
    return pieces
