"""Candidate sites on free ground: pieces that are wide enough, cut into parcels.

Ground, pieces and parcels are polygons of one Gauss-Krueger plane. What is no candidate is
handed out too, with its reason, so that every square metre of free ground is accounted for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, hypot
from typing import Final

import numpy as np
import shapely
from pyproj import CRS

from geo.expansion.cuts import CutLines, cut_along
from geo.expansion.free_ground import measure_m2
from geo.measure.necks import split_at_necks

_CUT_STEPS: Final = 40
_EVEN: Final = 1e-3
"""A parcel may be larger by this share: cuts are rounded, and half a parcel helps nobody."""
STRAIGHT: Final = "straight"
"""How ground is cut where no line that is there serves."""
_KEEPS: Final = 0.9
_AS_COMPACT: Final = 0.6
"""Shares of what straight cuts keep and of how compact they are, from which lines serve."""
_GRID_M: Final = 1e-3
"""Cuts are rounded to a millimetre: along a cut made before, GEOS 3.14 may otherwise take all
of a parcel for the cut-off part, or none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTerms:
    """What a parcel must keep; ``most_m2`` None leaves pieces whole, 0 elsewhere asks nothing.

    ``cut_compactness`` is that of parcels which were cut out of larger ground: ground that is
    long by nature may be a site, a strip that a cut leaves is none.
    """

    least_m2: float
    most_m2: float | None
    width_m: float
    compactness: float
    cut_compactness: float = 0.0

    def least_compactness(self, *, was_cut: bool) -> float:
        """Return what a parcel must be as compact as."""
        return max(self.compactness, self.cut_compactness) if was_cut else self.compactness


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel of the plane, the piece of ground it was cut from, and why it is no candidate.

    ``piece`` counts from 1, the largest first; ``unmet`` is ``small``, ``ragged``, ``strip``
    (a cut left it less compact than parcels are cut) or None.
    ``cut_by`` are the kinds of lines along which it was cut out, and ``straight``.
    """

    shape: shapely.Geometry
    piece: int
    unmet: str | None
    cut_by: frozenset[str] = frozenset()


def draw_parcels(
    ground: shapely.Geometry, terms: ParcelTerms, plane: CRS, cuts: Sequence[CutLines] = ()
) -> Iterator[Parcel]:
    """Divide free ground into pieces without necks, and these into parcels.

    What is too narrow for the width is not handed out; a piece that is smaller than the least
    size is, as ``small``. Where pieces are cut, what a cut leaves too narrow is trimmed away,
    and a ragged parcel or a strip is halved while both halves are large enough.

    Parameters
    ----------
    ground : Polygon or MultiPolygon
        Valid, in the plane.
    terms : ParcelTerms
        What a parcel must keep.
    plane : CRS
        In which sizes are measured on the ellipsoid, see :func:`geo.measure.crs.local_plane`.
    cuts : sequence of CutLines
        Lines along which pieces are cut where that leaves sites as good as straight cuts do;
        those named first are tried first.
    """
    pieces = sorted(split_at_necks(ground, terms.width_m), key=shapely.area, reverse=True)
    for number, piece in enumerate(pieces, start=1):
        todo = list(divide(piece, terms, cuts))
        while todo:
            cut, by = todo.pop()
            for shape in split_at_necks(cut, terms.width_m) if terms.most_m2 else [cut]:
                unmet = _select_unmet(shape, terms, plane, was_cut=bool(by))
                halved = unmet in ("ragged", "strip") and terms.most_m2
                if halved and shape.area >= 2.0 * terms.least_m2:
                    todo += [(one, by | {STRAIGHT}) for one in _polygons(_halves(shape, 0.5))]
                else:
                    yield Parcel(shape=shape, piece=number, unmet=unmet, cut_by=by)


def divide(
    ground: shapely.Geometry, terms: ParcelTerms, cuts: Sequence[CutLines]
) -> Iterator[tuple[shapely.Geometry, frozenset[str]]]:
    """Yield the parts of ground that is too large, each with how it was cut out.

    Along the first lines that leave parcels about as large and compact as straight cuts would;
    what of these is no site as it is comes together again, is cut along the next, and by
    straight lines in the end.
    """
    if terms.most_m2 is None or ground.area <= terms.most_m2 * (1.0 + _EVEN):
        yield ground, frozenset()
        return
    straight = cut_evenly(ground, terms.most_m2)
    for at, one in enumerate(cuts, start=1):
        parts = cut_along(ground, one, terms.least_m2, terms.most_m2)
        if parts is None:
            continue
        good, rest = _part_good(parts, terms, terms.most_m2)
        recut = [part for left in rest for part in cut_evenly(left, terms.most_m2)]
        if good and _is_as_good([*good, *recut], straight, terms):
            for part in good:
                yield part, frozenset({one.kind})
            for left in rest:
                for shape, by in divide(left, terms, cuts[at:]):
                    yield shape, by | {one.kind}
            return
    for part in straight:
        yield part, frozenset({STRAIGHT})


def _part_good(
    parts: Sequence[shapely.Geometry], terms: ParcelTerms, most_m2: float
) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """Return the parts that are sites as they are, and the ground of all others together.

    What is too small, too large or a strip may be a site with what lies beside it.
    """
    fitting = [one for one in parts if one.area <= most_m2 * (1.0 + _EVEN)]
    good = _kept(fitting, terms)
    kept = {id(one) for one in good}
    rest = [one for one in parts if id(one) not in kept]
    return good, _polygons([shapely.union_all(rest, grid_size=_GRID_M)])


def _is_as_good(
    parts: Sequence[shapely.Geometry], straight: Sequence[shapely.Geometry], terms: ParcelTerms
) -> bool:
    """Tell whether parts lose little ground that straight cuts keep, and are about as compact."""
    kept, kept_straight = _kept(parts, terms), _kept(straight, terms)
    area, area_straight = (sum(one.area for one in found) for found in (kept, kept_straight))
    return (
        bool(kept)
        and area >= _KEEPS * area_straight
        and _mean_compactness(kept) >= _AS_COMPACT * _mean_compactness(kept_straight)
    )


def _kept(parts: Sequence[shapely.Geometry], terms: ParcelTerms) -> list[shapely.Geometry]:
    return [
        one
        for one in parts
        if one.area >= terms.least_m2
        and compactness(one) >= terms.least_compactness(was_cut=True)
        and not one.buffer(-terms.width_m / 2.0).is_empty
    ]


def _mean_compactness(parts: Sequence[shapely.Geometry]) -> float:
    """Return the compactness of parts, each weighted by its area."""
    whole = sum(one.area for one in parts)
    return sum(one.area * compactness(one) for one in parts) / whole if whole else 0.0


def order_by_place(parcels: list[Parcel]) -> list[Parcel]:
    """Return parcels so that the first ones lie apart.

    The largest of each piece stands first, then of each the one that is farthest from those of
    its piece that stand before it, and so on; the largest first in each turn.

    Examples
    --------
    >>> parcels = [Parcel(shape=shapely.box(0, 0, side, 1), piece=piece, unmet=None)
    ...            for side, piece in ((9, 1), (8, 1), (5, 2))]
    >>> [one.shape.area for one in order_by_place(parcels)]
    [9.0, 5.0, 8.0]
    """
    by_piece: dict[int, list[Parcel]] = {}
    for one in sorted(parcels, key=lambda one: -one.shape.area):
        by_piece.setdefault(one.piece, []).append(one)
    apart = [_far_first(own) for own in by_piece.values()]
    turns = [
        [own[turn] for own in apart if turn < len(own)]
        for turn in range(max(map(len, apart), default=0))
    ]
    return [one for turn in turns for one in sorted(turn, key=lambda one: -one.shape.area)]


def _far_first(parcels: Sequence[Parcel]) -> list[Parcel]:
    """Return parcels of one piece, the first as it is, each next one farthest from all before."""
    middles = shapely.get_coordinates(shapely.centroid([one.shape for one in parcels]))
    order, apart_m = [0], np.full(len(parcels), np.inf)
    for _ in parcels[1:]:
        apart_m = np.minimum(apart_m, np.hypot(*(middles - middles[order[-1]]).T))
        apart_m[order[-1]] = -1.0
        order.append(int(np.argmax(apart_m)))
    return [parcels[at] for at in order]


def cut_evenly(ground: shapely.Geometry, most_m2: float) -> list[shapely.Geometry]:
    """Cut ground into parcels of nearly equal area by straight cuts across its longer side.

    Parameters
    ----------
    ground : Polygon
        In a plane.
    most_m2 : float
        No parcel is larger by more than a thousandth.
    """
    pieces, todo = [], [ground]
    while todo:
        one = todo.pop()
        count = ceil(one.area / most_m2 - _EVEN)
        if count <= 1:
            pieces.append(one)
            continue
        todo += _polygons(_halves(one, (count // 2) / count))
    return pieces


def compactness(shape: shapely.Geometry) -> float:
    """Return the area over that of the smallest circle around a shape of a plane.

    From 0 to 1; 1 is a circle, 0.64 a square.

    References
    ----------
    The measure by which the practice of 双评价 (2019) grades plots, with 0.2, 0.4, 0.6 and
    0.8 as the limits of its grades.
    """
    radius = shapely.minimum_bounding_radius(shape)
    return float(shape.area / (np.pi * radius**2)) if radius else 0.0


def _select_unmet(
    parcel: shapely.Geometry, terms: ParcelTerms, plane: CRS, *, was_cut: bool
) -> str | None:
    if measure_m2(parcel, plane) < terms.least_m2:
        return "small"
    own = compactness(parcel)
    if own < terms.compactness:
        return "ragged"
    return "strip" if was_cut and own < terms.cut_compactness else None


def _halves(ground: shapely.Geometry, share: float) -> list[shapely.Geometry]:
    """Cut across the longer side of the smallest box around, so that one side has a share."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(ground))
    along = max((box[1] - box[0], box[2] - box[1]), key=lambda side: hypot(*side))
    length = hypot(*along)
    unit = along / length
    across = np.array([-unit[1], unit[0]])
    start = box[int(np.argmin(box @ unit))]

    def before(at_m: float) -> shapely.Geometry:
        end = start + unit * at_m
        wide = 2.0 * length * across
        back = start - unit * length
        return shapely.Polygon([back - wide, end - wide, end + wide, back + wide])

    low, high = 0.0, length
    for _ in range(_CUT_STEPS):
        middle = (low + high) / 2.0
        taken = shapely.intersection(ground, before(middle), grid_size=_GRID_M).area
        low, high = (middle, high) if taken < share * ground.area else (low, middle)
    cut = before((low + high) / 2.0)
    return [
        shapely.intersection(ground, cut, grid_size=_GRID_M),
        shapely.difference(ground, cut, grid_size=_GRID_M),
    ]


def _polygons(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(shapes) if part.geom_type == "Polygon"]
