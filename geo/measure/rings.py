"""Polygons from loose rings: what is a hole follows from where a ring lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A Polygon or MultiPolygon, and which of the given rings became holes."""

    polygon: Any
    holes: tuple[bool, ...]


def assemble(rings: Sequence[Ring]) -> Assembled:
    """Build one geometry from closed rings by containment, whatever their numbers say.

    A ring inside an even number of others is an outer ring, inside an odd number a hole
    of the smallest outer ring around it. Rings that merely touch or overlap are side by
    side; whether the result is valid is for others to see.

    Parameters
    ----------
    rings : sequence of arrays, shape (n, 2)
        Each closed, with at least four positions; plane or lon/lat alike.

    Raises
    ------
    ValueError
        There is no ring.

    Examples
    --------
    >>> outer, inner = [shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)]
    >>> made = assemble([shapely.get_coordinates(inner), shapely.get_coordinates(outer)])
    >>> made.polygon.area, made.holes
    (15.0, (True, False))
    """
    shells = shapely.polygons([shapely.linearrings(ring) for ring in rings])
    around = _containers(shells)
    holes = tuple(len(found) % 2 == 1 for found in around)
    own: dict[int, list[Ring]] = {at: [] for at, hole in enumerate(holes) if not hole}
    for at, hole in enumerate(holes):
        if hole:
            parent = next(outer for outer in around[at] if outer in own)
            own[parent].append(rings[at])
    parts = [shapely.Polygon(rings[at], inner) for at, inner in own.items()]
    polygon = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return Assembled(polygon=polygon, holes=holes)


def _containers(shells: npt.NDArray[Any]) -> list[list[int]]:
    """Return for each ring those around it, the smallest first.

    Each ring is indexed once: a thousand holes in a ring of a thousand vertices would else be
    a million steps, and rings that wind round each other as many pairs.
    """
    areas = shapely.area(shells)
    inside = shapely.point_on_surface(shells)
    corners = [shapely.points(shapely.get_coordinates(shell)) for shell in shells]
    shapely.prepare(shells)
    outer, inner = shapely.STRtree(inside).query(shells, predicate="covers")
    # A ring drawn twice is not inside itself.
    larger = areas[outer] > areas[inner] * (1.0 + 1e-9)
    around: list[list[int]] = [[] for _ in shells]
    for n, at in zip(outer[larger].tolist(), inner[larger].tolist(), strict=True):
        if shapely.covers(shells[n], corners[at]).all():
            around[at].append(n)
    return [sorted(found, key=lambda n: float(areas[n])) for found in around]
