"""Why no site is there: the smallest sets of constraints without which there would be one."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import shapely

from geo.expansion.free_ground import Constraint, take_away
from geo.measure.restore import polygonal

_SLIVER_M2: Final = 0.01
"""Less ground than this is rounding of an overlay."""


def find_smallest_relaxations(
    names: Sequence[str], fits: Callable[[frozenset[str]], bool], most: int
) -> list[frozenset[str]]:
    """Return the sets of constraints that it is enough to give up, none of which holds another.

    Parameters
    ----------
    names : sequence of str
        Constraints that can be given up.
    fits : callable
        Whether there is a site without the constraints of a set. It is asked of smaller sets
        first, and of no set that holds one that fits.
    most : int
        Sets of more constraints than this are not looked for.

    Returns
    -------
    list of frozenset
        Smaller sets first, else in the order of the names; empty if no set of up to ``most``
        is enough.

    Examples
    --------
    >>> (enough,) = find_smallest_relaxations("abc", lambda given_up: {"a", "b"} <= given_up, 3)
    >>> sorted(enough)
    ['a', 'b']
    """
    found: list[frozenset[str]] = []
    for size in range(1, min(most, len(names)) + 1):
        for chosen in combinations(names, size):
            given_up = frozenset(chosen)
            if not any(smaller <= given_up for smaller in found) and fits(given_up):
                found.append(given_up)
    return found


class Ground:
    """An area parted by what takes it: ground is had back by giving constraints up.

    Each atom is the ground that one and the same set of constraints takes, and no other; what
    two sets of constraints leave is the same if they leave the same atoms.
    """

    def __init__(self, area: shapely.Geometry, constraints: Sequence[Constraint]) -> None:
        self._area = area
        self._taken: dict[str, shapely.Geometry] = {}
        parts = {frozenset[str](): area}
        for one in constraints:
            taken = _overlay(shapely.difference, area, take_away(area, one))
            if taken.area > _SLIVER_M2:
                self._taken[one.reason] = taken
                parts = _split(parts, one.reason, taken)
        self._atoms = {takers: part.area for takers, part in parts.items()}

    @property
    def active(self) -> list[str]:
        """Constraints that take anything at all, in their order."""
        return list(self._taken)

    def atoms(self, given_up: frozenset[str]) -> frozenset[frozenset[str]]:
        """Return the atoms that are free when some constraints are given up."""
        return frozenset(takers for takers in self._atoms if takers <= given_up)

    def size_m2(self, given_up: frozenset[str]) -> float:
        """Return the size in the plane of the ground that is then free."""
        return float(sum(self._atoms[takers] for takers in self.atoms(given_up)))

    def without(self, given_up: frozenset[str]) -> shapely.Geometry:
        """Return the ground that is then free."""
        kept = [taken for reason, taken in self._taken.items() if reason not in given_up]
        return _overlay(shapely.difference, self._area, shapely.union_all(kept))


def _split(
    parts: Mapping[frozenset[str], shapely.Geometry], reason: str, taken: shapely.Geometry
) -> dict[frozenset[str], shapely.Geometry]:
    found = {}
    for takers, part in parts.items():
        inside = _overlay(shapely.intersection, part, taken)
        outside = _overlay(shapely.difference, part, taken)
        found.update({takers | {reason}: inside, takers: outside})
    return {takers: part for takers, part in found.items() if part.area > _SLIVER_M2}


def _overlay(
    how: Callable[[shapely.Geometry, shapely.Geometry], shapely.Geometry],
    first: shapely.Geometry,
    second: shapely.Geometry,
) -> shapely.Geometry:
    return polygonal(np.array([how(first, second)], dtype=object))[0]
