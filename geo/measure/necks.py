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
_ARC: Final = 0.998
"""Arcs of as many corners come no nearer to their centre than this share of their radius."""
_SLIVER_M2: Final = 0.01
"""Pieces that share less ground than this only touch."""


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


def split_at_necks(ground: shapely.Geometry, width_m: float) -> list[shapely.Geometry]:
    """Return the pieces of ground of a plane where a circle of a width passes from end to end.

    No two pieces share ground: where the corners of two would meet in a neck, the larger has it.

    Parameters
    ----------
    ground : Polygon or MultiPolygon
        Valid, in a plane; parts that are too narrow are in no piece.
    width_m : float
        Diameter in metres, >= 0; 0 only separates the parts.

    Returns
    -------
    list of Polygon
    """
    radius_m = width_m / 2.0
    return [piece for part in _solid_parts(ground) for piece in _split_part(part, radius_m)]


def _split_part(part: shapely.Geometry, radius_m: float) -> list[shapely.Geometry]:
    todo = _open_piece(part, radius_m)
    found: list[shapely.Geometry] = []
    while todo:
        todo.sort(key=shapely.area)
        piece = todo.pop()
        shared = shapely.area(shapely.intersection(found, piece)) if found else np.zeros(0)
        clashes = np.array(found, dtype=object)[shared > _SLIVER_M2]
        if not len(clashes):
            found.append(piece)
            continue
        # Corners of two pieces met in a neck: what the larger one leaves is opened anew.
        rest = _solid_parts(shapely.difference(piece, shapely.union_all(clashes)))
        smaller = [one for own in rest for one in _open_piece(own, radius_m)]
        todo += [one for one in smaller if one.area > _SLIVER_M2]
    return found


def _open_piece(ground: shapely.Geometry, radius_m: float) -> list[shapely.Geometry]:
    if radius_m == 0.0:
        return [ground]
    cores = _erode(ground, radius_m)
    pieces = []
    for core in cores:
        reached = _reach(np.array([core], dtype=object), radius_m)[0]
        parts = _solid_parts(shapely.intersection(ground, reached))
        pieces += [part for part in parts if part.intersects(core.representative_point())]
    return pieces


def _erode(ground: shapely.Geometry, radius_m: float) -> npt.NDArray[Any]:
    """Return the places where the centre of a circle may lie, as parts.

    Of round outlines of nine corners and more GEOS 3.14 turns what is eroded away inside out,
    and hands out places from which the circle reaches beyond the outline.
    """
    cores = _solid_parts(shapely.buffer(ground, -radius_m, quad_segs=_QUADRANT))
    places = shapely.point_on_surface(cores)
    inside: npt.NDArray[Any] = cores[
        shapely.distance(places, shapely.boundary(ground)) >= _ARC * radius_m
    ]
    return inside


def _reach(cores: npt.NDArray[Any], radius_m: float) -> npt.NDArray[Any]:
    """Return the ground of circles around the places of their centres, corners left corners."""
    far_m = radius_m * _OVERREACH
    # A mitre is cut short at the sharp ends of a slim core, nearer than the circle reaches.
    round_ = shapely.buffer(cores, far_m, quad_segs=_QUADRANT)
    reached: npt.NDArray[Any] = shapely.union(
        round_, shapely.buffer(cores, far_m, join_style="mitre")
    )
    return reached


def _solid_parts(shape: shapely.Geometry) -> npt.NDArray[Any]:
    parts = shapely.get_parts(polygonal(np.array([shape], dtype=object)))
    solid: npt.NDArray[Any] = parts[~shapely.is_empty(parts)]
    return solid


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
    cores = _erode(flat, radius_m)
    wide = _reach(cores, radius_m)
    pieces = []
    for core, reached in zip(cores, wide, strict=True):
        kept = shapely.intersection(free, from_plane(reached, plane))
        parts = shapely.get_parts(polygonal(np.array([kept], dtype=object)))
        inside = from_plane(core.representative_point(), plane)
        pieces += [part for part in parts if part.intersects(inside)]
    return pieces
