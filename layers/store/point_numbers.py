"""Rings of a list of boundary points whose points have numbers of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import shapely

from geo.measure.rings import Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRing:
    """An open ring as a list holds it: easting and northing in metres, and the points' numbers."""

    xy: Ring
    numbers: tuple[str, ...]


def numbered_rings(polygon: Any, numbers: Sequence[str]) -> list[ListRing]:  # noqa: ANN401
    """Return the open rings of a polygon as they stand, every point under its own number.

    Points that fall together share a place, and their numbers. Those without a number are
    numbered on after the largest.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        In the plane of the list, rounded as it is written.
    numbers : sequence of str
        Of its coordinates, see :class:`geo.model.Boundary`.

    Examples
    --------
    >>> box = shapely.box(0, 0, 4, 4)
    >>> [ring.numbers for ring in numbered_rings(box, ["J7", "J8", "", "J9", "J7"])]
    [('J7', 'J8', 'J10', 'J9')]
    """
    further = _further(numbers)
    rings, start = list[ListRing](), 0
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        closed = shapely.get_coordinates(ring)
        own = numbers[start : start + len(closed) - 1]
        start += len(closed)
        xy, names = _together(closed[:-1], own)
        # A hole of a few tenths of a millimetre is no ring any more.
        if len(xy) >= 3:
            rings.append(ListRing(xy=xy, numbers=tuple(one or next(further) for one in names)))
    return rings


def _together(xy: Ring, numbers: Sequence[str]) -> tuple[Ring, list[str]]:
    """Join points that lie on the one before, the last with the first."""
    places: list[list[float]] = []
    names: list[dict[str, None]] = []
    for place, number in zip(xy.tolist(), numbers, strict=True):
        if not places or place != places[-1]:
            places.append(place)
            names.append({})
        names[-1].update({number: None} if number else {})
    if len(places) > 1 and places[-1] == places[0]:
        places.pop()
        names[0].update(names.pop())
    return np.array(places), ["/".join(own) for own in names]


def _further(numbers: Sequence[str]) -> Iterator[str]:
    """Yield numbers after the largest, called as the first that there is."""
    found = [int(digits[-1]) for one in numbers if (digits := re.findall(r"\d{1,9}", one))]
    first = next(filter(None, numbers), "")
    prefix = re.sub(r"\d.*", "", first)
    return (f"{prefix}{number}" for number in count(max(found, default=0) + 1))
