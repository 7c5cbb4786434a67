"""Where a site or a destination joins a network, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.nearest import grown_bounds
from geo.expansion.network import Floats, Network, OnNetwork
from geo.measure.crs import local_plane
from geo.measure.distance import pair_lengths_m
from geo.measure.necks import from_plane, to_plane

_TOUCHES_M: Final = 1e-6
_MARGIN: Final = 1.01
"""Bounds are grown by a rule of thumb: a little more is looked at than may count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The place on a network that is nearest to a shape, and how far from its outline."""

    place: OnNetwork
    distance_m: float


class SegmentIndex:
    """The enterable segments of a network by where they lie."""

    def __init__(self, network: Network) -> None:
        """Index the segments."""
        self._own = np.flatnonzero(network.enterable)
        self._lines = network.segments[self._own]
        self._tree = shapely.STRtree(self._lines)
        # The tree orders itself at the first question, which threads must not ask at once.
        self._tree.query(shapely.Point(0.0, 0.0))

    def join(self, shape: shapely.Geometry, most_m: float) -> Joint | None:
        """Return where a shape joins the network; None where it is farther than ``most_m``.

        Parameters
        ----------
        shape : geometry
            Point, line or polygon in EPSG:4490. Where the network reaches it, the place in it is
            taken that is nearest to its middle.
        most_m : float
            Farthest distance between the outline and the network in metres.
        """
        near = self._tree.query(shapely.box(*grown_bounds(shape.bounds, _MARGIN * most_m)))
        if not len(near):
            return None
        near = np.sort(near)
        plane = local_plane(shapely.centroid(shape).x)
        (flat,) = to_plane(np.array([shape], dtype=object), plane)
        lines = to_plane(self._lines[near], plane)
        apart_m = shapely.distance(lines, flat)
        closest = np.flatnonzero(apart_m <= apart_m.min() + _TOUCHES_M)
        target = flat if apart_m.min() > _TOUCHES_M else shapely.point_on_surface(flat)
        parts = _touching(lines[closest], flat, inside=bool(apart_m.min() <= _TOUCHES_M))
        best = int(np.argmin(shapely.distance(parts, target)))
        on_part, on_target = shapely.get_parts(
            shapely.points(shapely.get_coordinates(shapely.shortest_line(parts[best], target)))
        )
        line = lines[closest[best]]
        point = from_plane(on_part, plane)
        inside = bool(apart_m.min() <= _TOUCHES_M)
        distance_m = 0.0 if inside else _between_m(point, from_plane(on_target, plane))
        if distance_m > most_m:
            return None
        share = float(shapely.line_locate_point(line, on_part, normalized=True))
        place = OnNetwork(
            segment=int(self._own[near[closest[best]]]), share=share, lon=point.x, lat=point.y
        )
        return Joint(place=place, distance_m=distance_m)


def _touching(lines: npt.NDArray[Any], flat: shapely.Geometry, *, inside: bool) -> npt.NDArray[Any]:
    """Return the parts of lines that lie in a shape, or the lines where none does."""
    if not inside:
        return lines
    parts = shapely.intersection(lines, flat)
    # What only rounding makes touch has no part in common: the line itself then.
    found: npt.NDArray[Any] = np.where(shapely.is_empty(parts), lines, parts)
    return found


def _between_m(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(pair_lengths_m(np.array([[one.x, one.y]]), np.array([[other.x, other.y]]))[0])


def straight_m(shape: shapely.Geometry, others: Sequence[Any]) -> Floats:
    """Return the shortest geodesic between the outline of a shape and each of others.

    Parameters
    ----------
    shape, others : geometries
        EPSG:4490, not empty.

    Notes
    -----
    The nearest points are found in the Gauss-Krueger plane of the shape, the distance between
    them is measured on the ellipsoid. Far beyond the zone the plane stretches by less than
    0.4 % within three degrees, which can choose another point but not another length of note.
    """
    plane = local_plane(shapely.centroid(shape).x)
    (flat,) = to_plane(np.array([shape], dtype=object), plane)
    far = to_plane(np.array(others, dtype=object), plane)
    links = shapely.shortest_line(flat, far)
    ends = shapely.get_coordinates(links).reshape(-1, 2, 2)
    points = [
        shapely.get_coordinates(from_plane(shapely.multipoints(ends[:, at]), plane))
        for at in (0, 1)
    ]
    return pair_lengths_m(points[0], points[1])
