"""Square cells over an area, and means of them under a shape."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from pyproj import CRS

from geo.measure.crs import local_plane
from geo.measure.necks import to_plane
from geo.raster.errors import CellSideError, TooManyCellsError

Mask: TypeAlias = npt.NDArray[np.bool_]
Shapes: TypeAlias = npt.NDArray[Any]

MOST_CELLS: Final = 60_000_000
"""A search over more cells is refused: it would take minutes and gigabytes."""


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

    def extend(self, cells: int) -> "Lattice":
        """Return the lattice with more cells on every side."""
        return Lattice(
            plane=self.plane,
            west_m=self.west_m - cells * self.cell_m,
            north_m=self.north_m + cells * self.cell_m,
            cell_m=self.cell_m,
            rows=self.rows + 2 * cells,
            columns=self.columns + 2 * cells,
        )

    def part(self, shape: shapely.Geometry) -> tuple["Lattice", tuple[slice, slice]]:
        """Return the cells around a shape of the plane, and where they stand among all."""
        west, south, east, north = shape.bounds
        first = max(floor((west - self.west_m) / self.cell_m), 0)
        top = max(floor((self.north_m - north) / self.cell_m), 0)
        last = min(ceil((east - self.west_m) / self.cell_m), self.columns)
        bottom = min(ceil((self.north_m - south) / self.cell_m), self.rows)
        part = Lattice(
            plane=self.plane,
            west_m=self.west_m + first * self.cell_m,
            north_m=self.north_m - top * self.cell_m,
            cell_m=self.cell_m,
            rows=max(bottom - top, 0),
            columns=max(last - first, 0),
        )
        return part, (slice(top, bottom), slice(first, last))

    def centres_m(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return east by column and north by row of the cells' centres."""
        column, row = np.arange(self.columns, dtype=float), np.arange(self.rows, dtype=float)
        east, north = (column + 0.5) * self.cell_m, (row + 0.5) * self.cell_m
        return self.west_m + east, self.north_m - north


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
        raise CellSideError(cell_m=cell_m)
    plane = local_plane(area.centroid.x)
    (flat,) = to_plane(np.array([area], dtype=object), plane)
    west, south, east, north = flat.bounds
    west_m, north_m = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    columns, rows = ceil((east - west_m) / cell_m), ceil((north_m - south) / cell_m)
    if columns * rows > MOST_CELLS:
        raise TooManyCellsError(cell_m=cell_m, limit=MOST_CELLS)
    return Lattice(
        plane=plane,
        west_m=float(west_m),
        north_m=float(north_m),
        cell_m=cell_m,
        rows=rows,
        columns=columns,
    )


def mean_inside(
    lattice: Lattice, values: npt.NDArray[np.float64], shape: shapely.Geometry
) -> float | None:
    """Return the mean of the cells whose centre lies in a polygon of the plane.

    None where no centre lies inside, or one of these cells is NaN: a mean of what happens
    to be known would pass for that of all.
    """
    part, at = lattice.part(shape)
    if not part.rows or not part.columns:
        return None
    own = values[at][_filled(part, np.array([shape], dtype=object))]
    return float(own.mean()) if len(own) and not np.isnan(own).any() else None


def _filled(lattice: Lattice, flat: Shapes) -> Mask:
    """Return the cells whose centre lies in a polygon.

    Along the middle of each row the number of polygons around changes where an outline
    crosses it: up on the way in, down on the way out.
    """
    start, end = _segments(lattice, shapely.orient_polygons(flat, exterior_cw=False))
    middle = np.array([0.0, 0.5])
    line, column, rising = _crossings(start - middle, end - middle, 1)
    row = line.astype(int)
    rows, columns = lattice.shape
    # The first centre at or beyond the crossing; what begins left of the cells begins there.
    at = np.maximum(np.ceil(column - 0.5).astype(int), 0)
    known = (row >= 0) & (row < rows) & (at < columns)
    change = np.zeros(lattice.shape, dtype=np.int16)
    np.add.at(change, (row[known], at[known]), np.where(rising[known], 1, -1))
    return np.cumsum(change, axis=1, dtype=np.int16) > 0


def _segments(
    lattice: Lattice, flat: Shapes
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the starts and ends of all outlines, as column and row with fractions."""
    xy, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(flat)), return_index=True
    )
    at = np.column_stack([xy[:, 0] - lattice.west_m, lattice.north_m - xy[:, 1]]) / lattice.cell_m
    same = ring[1:] == ring[:-1]
    return at[:-1][same], at[1:][same]


def _crossings(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], axis: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], Mask]:
    """Return where segments cross the whole numbers of an axis.

    Returns
    -------
    (array, array, array of bool)
        The whole number, the place along the other axis, and whether the segment rises.
    """
    from_, to = start[:, axis], end[:, axis]
    low = np.minimum(np.floor(from_), np.floor(to))
    count = (np.maximum(np.floor(from_), np.floor(to)) - low).astype(int)
    owner = np.repeat(np.arange(len(start)), count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    line = low[owner] + 1.0 + nth
    along = (line - from_[owner]) / (to - from_)[owner]
    other = start[owner, 1 - axis] + along * (end - start)[owner, 1 - axis]
    return line, other, (to > from_)[owner]
