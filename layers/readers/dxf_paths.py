"""The positions along one CAD entity, in drawing coordinates.

Arcs are cut here and not by ezdxf's paths, which put Bezier curves in their place: those
leave an arc of 100 m by 27 mm.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

MAX_SAGITTA: Final = 1e-3
"""How far a straight piece may leave its curve, in units of the drawing: 1 mm."""

MAX_RADIUS: Final = 1e7
"""Larger circles come from damage or malice, and would be cut into millions of pieces."""

_NOWHERE: Final = (math.nan, math.nan)

Positions = npt.NDArray[np.float64]


def paths_of(entity: Any) -> Iterator[tuple[Positions, bool]]:  # noqa: ANN401 - ezdxf is untyped
    """Return the positions of each path of an entity, and whether it is marked as closed.

    Hatches with curved edges give none: the lines around them are drawn as well.
    """
    match entity.dxftype():
        case "LINE":
            yield _array((entity.dxf.start, entity.dxf.end)), False
        case "CIRCLE" | "ARC":
            if abs(entity.dxf.radius) <= MAX_RADIUS:
                yield _array(entity.flattening(MAX_SAGITTA)), False
        case "ELLIPSE":
            if entity.dxf.major_axis.magnitude <= MAX_RADIUS:
                yield _array(entity.flattening(MAX_SAGITTA)), False
        case "SPLINE":
            yield _array(entity.flattening(MAX_SAGITTA)), bool(entity.closed)
        case "LWPOLYLINE":
            points = list(entity.vertices_in_wcs())
            yield _bent(entity, points), bool(entity.closed)
        case "POLYLINE":
            if entity.is_2d_polyline or entity.is_3d_polyline:
                points = list(entity.points_in_wcs())
                yield _bent(entity, points), bool(entity.is_closed)
        case _:
            yield from ((positions, True) for positions in _hatch(entity))


def _bent(polyline: Any, points: list[Any]) -> Positions:  # noqa: ANN401
    """Return the positions along a polyline whose pieces may be arcs."""
    if not points or not polyline.has_arc:
        return _array(points)
    along = [points[0]]
    for piece in polyline.virtual_entities():
        found = _piece(piece)
        # An arc always runs counter-clockwise, whichever way the polyline goes.
        if math.dist(found[-1].vec2, along[-1].vec2) < math.dist(found[0].vec2, along[-1].vec2):
            found.reverse()
        along += found[1:]
    return _array(along)


def _piece(piece: Any) -> list[Any]:  # noqa: ANN401
    if piece.dxftype() == "ARC" and abs(piece.dxf.radius) <= MAX_RADIUS:
        return list(piece.flattening(MAX_SAGITTA))
    ends = (piece.start_point, piece.end_point) if piece.dxftype() == "ARC" else None
    return list(ends or (piece.dxf.start, piece.dxf.end))


def _hatch(hatch: Any) -> Iterator[Positions]:  # noqa: ANN401
    from ezdxf.math import Vec3  # noqa: PLC0415 - with the drawing, see dxf.py

    ocs = hatch.ocs()
    for path in hatch.paths:
        if hasattr(path, "vertices"):
            corners = [(x, y) for x, y, bulge in path.vertices if not bulge]
            straight = len(corners) == len(path.vertices)
        else:
            straight = all(edge.EDGE_TYPE == "LineEdge" for edge in path.edges)
            corners = [(edge.start.x, edge.start.y) for edge in path.edges] if straight else []
        if straight and corners:
            yield _array(ocs.points_to_wcs(Vec3(x, y, 0.0) for x, y in corners))


def _array(points: Iterable[Any]) -> Positions:
    # A corner that a damaged file does not place is no number, and makes its line unreadable.
    pairs = [_NOWHERE if point is None else (point.x, point.y) for point in points]
    return np.array(pairs, dtype=float).reshape(-1, 2)
