"""Contiguous patches of free ground in square cells, and parcels with straight edges.

A cell is free only if nothing of it is forbidden. Patches become polygons that lie wholly
inside their free cells, so that what holds for the cells holds for the polygon.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, hypot
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from geo.measure.area import area_lonlat_m2
from geo.measure.necks import from_plane, to_plane, widest_piece
from geo.raster.lattice import HALF_DIAGONAL, Lattice, Mask

_CUT_STEPS: Final = 40
_EVEN: Final = 1e-3
"""A parcel may be larger by this share: cuts are rounded, and half a parcel helps nobody."""
_DRAWN_IN: Final = 1.5
"""Cells by which an outline is drawn in: stairs of up to this height become one edge."""
_GRID_M: Final = 1e-3
"""Cuts are rounded to a millimetre: along a cut made before, GEOS 3.14 may otherwise take all
of a parcel for the cut-off part, or none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one constraint takes: of what the ones before left, and on its own."""

    reason: str
    removed_km2: float
    alone_km2: float
    left_km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTerms:
    """What a parcel must keep; ``most_m2`` None leaves patches whole, 0 elsewhere asks nothing.

    ``margin_m`` is kept from the outline of the patch.
    """

    least_m2: float
    most_m2: float | None
    width_m: float
    compactness: float
    margin_m: float


def apply_constraints(
    lattice: Lattice, start: Mask, blocks: Iterable[tuple[str, Mask]]
) -> Iterator[tuple[Step, Mask]]:
    """Take constraints out one after the other; yields each step and the cells that are left.

    Parameters
    ----------
    lattice : Lattice
        The cells.
    start : array of bool
        The cells of the area that is searched.
    blocks : iterable of (str, array of bool)
        By reason the cells that are out.
    """
    left = start
    for reason, blocked in blocks:
        then = left & ~blocked
        before, after = int(left.sum()), int(then.sum())
        yield (
            Step(
                reason=reason,
                removed_km2=lattice.km2(before - after),
                alone_km2=lattice.km2(int((start & blocked).sum())),
                left_km2=lattice.km2(after),
            ),
            then,
        )
        left = then


def keep_wide_cells(lattice: Lattice, free: Mask, width_m: float) -> Mask:
    """Return the free cells that a circle of a width covers without leaving free cells.

    Centres of circles are centres of cells. A cell counts as covered if its centre is.
    """
    radius = width_m / 2.0 / lattice.cell_m
    if radius <= 0.0:
        return free
    # Beyond the edge nothing is free.
    depth = ndimage.distance_transform_edt(np.pad(free, 1))[1:-1, 1:-1]
    centres = depth >= radius + HALF_DIAGONAL
    if not centres.any():
        return np.zeros_like(free)
    near: Mask = ndimage.distance_transform_edt(~centres) <= radius
    return near & free


def patches(lattice: Lattice, free: Mask, least_m2: float) -> list[shapely.Geometry]:
    """Return the outlines of cells that join by their sides, largest first.

    Returns
    -------
    list of Polygon
        In the plane, along the sides of cells; smaller ones than ``least_m2`` are left out.
    """
    numbers, _ = ndimage.label(free)
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    numbers[(sizes * lattice.cell_m**2 < least_m2)[numbers]] = 0
    boxes, owners = _runs(lattice, numbers)
    order = np.argsort(owners, kind="stable")
    groups = np.split(boxes[order], np.flatnonzero(np.diff(owners[order])) + 1)
    found = [shapely.union_all(group) for group in groups if len(group)]
    return sorted(found, key=lambda one: one.area, reverse=True)


def straighten_outline(
    patch: shapely.Geometry, cell_m: float, margin_m: float
) -> list[shapely.Geometry]:
    """Return polygons with straight edges instead of the sides of cells, inside the patch.

    The outline is drawn in by one and a half cells and the margin, and then simplified by
    less than that: no edge comes nearer to the patch's outline than the margin.
    """
    inner = shapely.buffer(patch, -(_DRAWN_IN * cell_m + margin_m), join_style="mitre")
    drawn = shapely.simplify(inner, 0.99 * _DRAWN_IN * cell_m)
    parts = shapely.get_parts(drawn)
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def parcels(ground: shapely.Geometry, most_m2: float) -> list[shapely.Geometry]:
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


def drawn_parcels(
    lattice: Lattice, patch: shapely.Geometry, terms: ParcelTerms
) -> Iterator[tuple[shapely.Geometry, str | None]]:
    """Draw parcels inside a patch and tell of each whether it keeps the terms.

    Yields
    ------
    (Polygon, str or None)
        EPSG:4490, and why it is none of the answer: ``narrow``, ``small``, ``ragged``, in
        this order. What a cut leaves too narrow is trimmed away first; where patches are cut
        at all, a long parcel is halved while both halves are large enough.
    """
    for ground in straighten_outline(patch, lattice.cell_m, terms.margin_m):
        todo = parcels(ground, terms.most_m2 or ground.area)
        while todo:
            flat = todo.pop()
            whole = from_plane(flat, lattice.plane)
            parcel = widest_piece(whole, terms.width_m, lattice.plane)
            why = _select_unmet(parcel, lattice, terms)
            if why == "ragged" and terms.most_m2 and flat.area >= 2.0 * terms.least_m2:
                todo += _polygons(_halves(flat, 0.5))
            else:
                yield (whole if why == "narrow" else parcel), why


def _select_unmet(parcel: shapely.Geometry, lattice: Lattice, terms: ParcelTerms) -> str | None:
    if parcel.is_empty:
        return "narrow"
    if area_lonlat_m2(np.array([parcel], dtype=object))[0] < terms.least_m2:
        return "small"
    return "ragged" if compactness(_flat(parcel, lattice)) < terms.compactness else None


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


def _flat(shape: shapely.Geometry, lattice: Lattice) -> shapely.Geometry:
    return to_plane(np.array([shape], dtype=object), lattice.plane)[0]


def _runs(
    lattice: Lattice, numbers: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int32]]:
    """Return a box for each row's run of one number, and the number; 0 has none."""
    padded = np.pad(numbers, ((0, 0), (1, 1)))
    row, edge = np.nonzero(padded[:, 1:] != padded[:, :-1])
    number = padded[row, edge + 1]
    # Each run ends where the next change of its row stands.
    begins = np.flatnonzero(number)
    west = lattice.west_m + edge[begins] * lattice.cell_m
    east = lattice.west_m + edge[begins + 1] * lattice.cell_m
    north = lattice.north_m - row[begins] * lattice.cell_m
    return shapely.box(west, north - lattice.cell_m, east, north), number[begins]
