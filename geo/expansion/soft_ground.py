"""Soft ground within a parcel: how much of it may be taken, and what a parcel keeps within that.

Parcels and ground are polygons of one Gauss-Krueger plane; shares are of areas in it, whose
scale is one and the same within a parcel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geo.measure.necks import split_at_necks
from geo.measure.restore import polygonal

_STEPS: Final = 24
"""Halvings of the reach: a ten-millionth of it is left open."""
_TRIES: Final = 4
_ROUNDING: Final = 1e-9
_CIRCLE: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLimit:
    """Ground of which a parcel may take at most a share, from 0 to 1."""

    soft: shapely.Geometry
    most: float

    def share(self, parcel: shapely.Geometry) -> float:
        """Return the share of a parcel that lies in the ground."""
        return float(shapely.intersection(parcel, self.soft).area / parcel.area)

    def keeps(self, parcel: shapely.Geometry) -> bool:
        """Return whether a parcel takes no more than it may."""
        return self.share(parcel) <= self.most + _ROUNDING


def trim_to_shares(
    parcel: shapely.Geometry, limits: Sequence[ShareLimit], width_m: float
) -> list[shapely.Geometry]:
    """Return what of a parcel keeps all limits: soft ground is given up from the far end.

    What is not soft stays; of soft ground what is nearest to it stays, as much as the limit
    allows. Whatever a cut leaves too narrow falls away, and parts that it parts are judged
    each by itself. Ground that is soft by several limits counts for each of them.

    Parameters
    ----------
    parcel : Polygon
        Valid, in the plane.
    limits : sequence of ShareLimit
        In the same plane.
    width_m : float
        Diameter of the circle that every part must hold, 0 asks nothing.

    Returns
    -------
    list of Polygon
        Every one keeps every limit; empty if nothing does.

    Examples
    --------
    >>> soft = ShareLimit(soft=shapely.box(60, 0, 100, 10), most=0.25)
    >>> [round(one.area) for one in trim_to_shares(shapely.box(0, 0, 100, 10), [soft], 0.0)]
    [800]
    """
    pieces = [parcel]
    for limit in limits:
        pieces = [part for one in pieces for part in _trim(one, limit, width_m, _TRIES)]
    soft = shapely.union_all([limit.soft for limit in limits])
    # By giving up ground of one kind a part may come to hold too much of another.
    return [
        part
        for one in pieces
        for part in ([one] if _keeps_all(one, limits) else _without(one, soft, width_m))
    ]


def _keeps_all(parcel: shapely.Geometry, limits: Sequence[ShareLimit]) -> bool:
    return all(limit.keeps(parcel) for limit in limits)


def _trim(
    parcel: shapely.Geometry, limit: ShareLimit, width_m: float, tries: int
) -> Iterator[shapely.Geometry]:
    if limit.keeps(parcel):
        yield parcel
        return
    if not tries or limit.most <= 0.0:
        yield from _without(parcel, limit.soft, width_m)
        return
    for part in _parts(_grown(parcel, limit), width_m):
        yield from _trim(part, limit, width_m, tries - 1)


def _without(
    parcel: shapely.Geometry, soft: shapely.Geometry, width_m: float
) -> list[shapely.Geometry]:
    return _parts(shapely.difference(parcel, soft), width_m)


def _grown(parcel: shapely.Geometry, limit: ShareLimit) -> shapely.Geometry:
    """Return the firm ground of a parcel with as much soft ground around it as it may take."""
    firm = shapely.difference(parcel, limit.soft)
    most_soft = firm.area * limit.most / (1.0 - limit.most) if limit.most < 1.0 else np.inf
    soft = shapely.intersection(parcel, limit.soft)

    def near(reach_m: float) -> shapely.Geometry:
        around = shapely.buffer(firm, reach_m, quad_segs=_CIRCLE)
        return shapely.intersection(soft, around)

    low, high = 0.0, float(np.hypot(*np.subtract(parcel.bounds[2:], parcel.bounds[:2])))
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if near(middle).area <= most_soft else (low, middle)
    return shapely.union(firm, near(low))


def _parts(shape: shapely.Geometry, width_m: float) -> list[shapely.Geometry]:
    (solid,) = polygonal(np.array([shape], dtype=object))
    if shapely.is_empty(solid):
        return []
    if width_m > 0.0:
        return list(split_at_necks(solid, width_m))
    return [part for part in shapely.get_parts(solid) if part.area > 0.0]
