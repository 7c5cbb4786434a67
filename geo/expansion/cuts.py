"""Ground cut into parcels along lines that are there, such as roads, and no larger than asked.

All shapes are of one plane in metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]

_EVEN: Final = 1e-3
"""A parcel may be larger by this share, as in straight cuts."""
_GRID_M: Final = 1e-3
_WORSE: Final = 0.7
"""Of the compactness of a block that is large enough alone: less is no parcel to join it into."""
_MOST_BLOCKS: Final = 3000
"""Of more blocks in one piece of ground none are made: lines as dense are no limits of sites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutLines:
    """Lines of one kind, such as ``road`` or ``contour``, along which ground may be cut."""

    kind: str
    lines: Shapes


def cut_along(
    ground: shapely.Geometry, cuts: CutLines, least_m2: float, most_m2: float
) -> list[shapely.Geometry] | None:
    """Cut ground along lines into parcels of up to a size, each as compact as its blocks allow.

    Blocks between lines are joined with neighbours, the smallest first and into the most
    compact shape, while both together are not larger than asked; what is large enough by
    itself is not joined into a shape that is much less compact.

    Parameters
    ----------
    ground : Polygon
        What is larger than ``most_m2``.
    cuts : CutLines
        Lines; only those that part the ground count.
    least_m2, most_m2 : float
        Least area of a parcel of use, and greatest area; a block between lines may be larger,
        and stays whole.

    Returns
    -------
    list of Polygon or None
        Parcels that make up the ground to a millimetre; None where no line parts it.
    """
    blocks = blocks_between(ground, cuts.lines)
    return _join(blocks, least_m2, most_m2) if 1 < len(blocks) <= _MOST_BLOCKS else None


def blocks_between(ground: shapely.Geometry, lines: Shapes) -> list[shapely.Geometry]:
    """Return the parts of ground between lines that run through it; dead ends part nothing."""
    near = lines[shapely.intersects(lines, ground)] if len(lines) else lines
    if not len(near):
        return [ground]
    rings = shapely.boundary(ground)
    inside = shapely.intersection(shapely.union_all(near), ground)
    # One grid for all: what is parted then makes up the ground without slivers.
    noded = shapely.union_all(np.array([rings, inside], dtype=object), grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    kept = [one for one in faces if shapely.contains_properly(ground, one.representative_point())]
    return kept or [ground]


def _join(
    blocks: Sequence[shapely.Geometry], least_m2: float, most_m2: float
) -> list[shapely.Geometry]:
    """Join blocks that share an edge; each parcel is one polygon without parted corners."""
    shapes = dict(enumerate(blocks))
    areas = {name: one.area for name, one in shapes.items()}
    beside = _neighbours(blocks)
    numbers = count(len(blocks))
    todo = [(area, name) for name, area in areas.items()]
    heapify(todo)
    while todo:
        area, name = heappop(todo)
        if areas.get(name) != area:
            continue
        others = [one for one in beside[name] if area + areas[one] <= most_m2 * (1.0 + _EVEN)]
        if not others:
            continue
        unions = {one: shapely.union(shapes[name], shapes[one]) for one in others}
        best = max(others, key=lambda one: (_roundness(unions[one]), -one))
        if area >= least_m2 and _roundness(unions[best]) < _WORSE * _roundness(shapes[name]):
            continue
        if unions[best].geom_type != "Polygon":
            beside[name].discard(best)
            beside[best].discard(name)
            heappush(todo, (area, name))
            continue
        number = next(numbers)
        shapes[number], areas[number] = unions[best], area + areas[best]
        beside[number] = (beside[name] | beside[best]) - {name, best}
        for gone in (name, best):
            for one in beside.pop(gone):
                if one in beside and one != number:
                    beside[one].discard(gone)
                    beside[one].add(number)
            del shapes[gone], areas[gone]
        beside[number] = {one for one in beside[number] if one in shapes}
        heappush(todo, (areas[number], number))
    return list(shapes.values())


def _neighbours(blocks: Sequence[shapely.Geometry]) -> dict[int, set[int]]:
    """Return which blocks share an edge; a corner alone joins none."""
    own = np.array(blocks, dtype=object)
    left, right = shapely.STRtree(own).query(own, predicate="touches")
    edges = shapely.length(shapely.intersection(own[left], own[right]))
    found: dict[int, set[int]] = {at: set() for at in range(len(blocks))}
    for one, other, length in zip(left.tolist(), right.tolist(), edges.tolist(), strict=True):
        if length > _GRID_M and one != other:
            found[one].add(other)
    return found


def _roundness(shape: shapely.Geometry) -> float:
    """Return the area over that of the smallest circle around."""
    radius_m = shapely.minimum_bounding_radius(shape)
    return float(shape.area / (np.pi * radius_m**2)) if radius_m else 0.0
