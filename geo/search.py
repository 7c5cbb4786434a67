"""Contiguous patches of free ground in square cells, and parcels with straight edges.

A cell is free only if nothing of it is forbidden. Patches become polygons that lie wholly
inside their free cells, so that what holds for the cells holds for the polygon.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, hypot
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from pyproj import CRS
from rasterio.features import rasterize, shapes
from scipy import ndimage

from geo.crs import local_plane
from geo.errors import SearchError
from geo.necks import to_plane
from geo.units import M2_PER_KM2

Mask: TypeAlias = npt.NDArray[np.bool_]

MOST_CELLS: Final = 60_000_000
"""A search over more cells is refused: it would take minutes and gigabytes."""
_HALF_DIAGONAL: Final = hypot(0.5, 0.5)
_CUT_STEPS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Square cells in a Gauss-Krueger plane; row 0 is the northernmost."""

    plane: CRS
    west_m: float
    north_m: float
    cell_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def transform(self) -> Affine:
        """From column, row to east, north."""
        return Affine(self.cell_m, 0.0, self.west_m, 0.0, -self.cell_m, self.north_m)

    def km2(self, cells: int) -> float:
        """Return the area of cells in the plane."""
        return cells * self.cell_m**2 / M2_PER_KM2

    def centres_m(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return east by column and north by row of the cells' centres."""
        column, row = np.arange(self.columns, dtype=float), np.arange(self.rows, dtype=float)
        east, north = (column + 0.5) * self.cell_m, (row + 0.5) * self.cell_m
        return self.west_m + east, self.north_m - north


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one constraint takes: of what the ones before left, and on its own."""

    reason: str
    removed_km2: float
    alone_km2: float
    left_km2: float


def lattice_over(area: shapely.Geometry, cell_m: float) -> Lattice:
    """Return the cells that hold an area.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        EPSG:4490. Its Gauss-Krueger zone is that of its middle: lengths are off by less
        than 1e-3 to the ends of any county of Yunnan.
    cell_m : float
        Side of a cell in metres.

    Raises
    ------
    SearchError
        ``too_many_cells``: take larger cells or a smaller area; ``cell``: no length.
    """
    if not cell_m > 0.0 or not np.isfinite(cell_m):
        raise SearchError(why="cell", cell_m=cell_m, limit=0)
    plane = local_plane(area.centroid.x)
    (flat,) = to_plane(np.array([area], dtype=object), plane)
    west, south, east, north = flat.bounds
    west_m, north_m = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    columns, rows = ceil((east - west_m) / cell_m), ceil((north_m - south) / cell_m)
    if columns * rows > MOST_CELLS:
        raise SearchError(why="too_many_cells", cell_m=cell_m, limit=MOST_CELLS)
    return Lattice(
        plane=plane,
        west_m=float(west_m),
        north_m=float(north_m),
        cell_m=cell_m,
        rows=rows,
        columns=columns,
    )


def touched(lattice: Lattice, flat: npt.NDArray[Any]) -> Mask:
    """Return the cells that shapes of the plane touch."""
    return _burnt(lattice, flat, all_touched=True)


def covered(lattice: Lattice, flat: npt.NDArray[Any]) -> Mask:
    """Return the cells that lie wholly in the union of shapes of the plane."""
    whole = np.array([shapely.union_all(flat)], dtype=object)
    middle = _burnt(lattice, whole, all_touched=False)
    return middle & ~_burnt(lattice, shapely.boundary(whole), all_touched=True)


def within(lattice: Lattice, flat: npt.NDArray[Any], most_m: float) -> Mask:
    """Return the cells of which the farthest corner is within a distance of the nearest shape.

    Shapes that are points count from the point, others from the cells inside them.
    """
    reach = most_m - _HALF_DIAGONAL * lattice.cell_m
    kinds = shapely.get_type_id(flat)
    found = np.zeros(lattice.shape, dtype=bool)
    east, north = lattice.centres_m()
    for x, y in shapely.get_coordinates(flat[kinds == 0]):
        found |= np.hypot(east[None, :] - x, north[:, None] - y) <= reach
    if (kinds != 0).any():
        inside = _burnt(lattice, flat[kinds != 0], all_touched=False)
        if inside.any():
            found |= ndimage.distance_transform_edt(~inside) * lattice.cell_m <= reach
    return found


def narrowed(
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


def roomy(lattice: Lattice, free: Mask, width_m: float) -> Mask:
    """Return the free cells that a circle of a width covers without leaving free cells.

    Centres of circles are centres of cells. A cell counts as covered if its centre is.
    """
    radius = width_m / 2.0 / lattice.cell_m
    if radius <= 0.0:
        return free
    # Beyond the edge nothing is free.
    depth = ndimage.distance_transform_edt(np.pad(free, 1))[1:-1, 1:-1]
    centres = depth >= radius + _HALF_DIAGONAL
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
    keep = sizes * lattice.cell_m**2 >= least_m2
    mask = keep[numbers]
    found = [
        shapely.geometry.shape(outline)
        for outline, value in shapes(
            numbers.astype(np.int32), mask=mask, connectivity=4, transform=lattice.transform
        )
        if value
    ]
    return sorted(found, key=lambda one: one.area, reverse=True)


def straightened(patch: shapely.Geometry, cell_m: float, margin_m: float) -> list[shapely.Geometry]:
    """Return polygons with straight edges instead of the sides of cells, inside the patch.

    The outline is drawn in by a cell and the margin, and then simplified by less than a
    cell: no edge comes nearer to the patch's outline than the margin.
    """
    inner = shapely.buffer(patch, -(cell_m + margin_m), join_style="mitre")
    drawn = shapely.simplify(inner, 0.99 * cell_m)
    parts = shapely.get_parts(drawn)
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def parcels(ground: shapely.Geometry, most_m2: float) -> list[shapely.Geometry]:
    """Cut ground into parcels of nearly equal area by straight cuts across its longer side.

    Parameters
    ----------
    ground : Polygon
        In a plane.
    most_m2 : float
        No parcel is larger.
    """
    pieces, todo = [], [ground]
    while todo:
        one = todo.pop()
        count = ceil(one.area / most_m2 * (1.0 - 1e-9))
        if count <= 1:
            pieces.append(one)
            continue
        for half in _halves(one, (count // 2) / count):
            todo += [part for part in shapely.get_parts(half) if part.geom_type == "Polygon"]
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
        taken = shapely.intersection(ground, before(middle)).area
        low, high = (middle, high) if taken < share * ground.area else (low, middle)
    cut = before((low + high) / 2.0)
    return [shapely.intersection(ground, cut), shapely.difference(ground, cut)]


def _burnt(lattice: Lattice, flat: npt.NDArray[Any], *, all_touched: bool) -> Mask:
    solid = flat[~(shapely.is_missing(flat) | shapely.is_empty(flat))]
    if not len(solid):
        return np.zeros(lattice.shape, dtype=bool)
    burnt = rasterize(
        solid,
        out_shape=lattice.shape,
        transform=lattice.transform,
        all_touched=all_touched,
        dtype=np.uint8,
    )
    found: Mask = burnt.astype(bool)
    return found
