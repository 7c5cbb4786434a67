"""Which boxes meet which: a uniform grid of boxes, in the manner of a telephone book."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.kernel.jit import compile_inline, compile_lazily
from geo.kernel.ragged import Floats, Ints, read_only

Pairs = npt.NDArray[np.int32]


class BoxGrid(NamedTuple):
    """Boxes by the cells that they reach into.

    ``frame`` is (west, south, cells per unit east, cells per unit north), ``shape`` the
    number of columns and rows; the boxes of cell ``c = row * columns + column`` are
    ``members[cells[c]:cells[c + 1]]``.
    """

    bounds: Floats
    frame: Floats
    shape: Ints
    cells: Ints
    members: Pairs


def box_grid(bounds: Floats) -> BoxGrid:
    """Lay boxes (west, south, east, north; NaN for nothing) into a grid.

    About one cell for each box, and no cell narrower than the mean box, so that the
    number of entries stays within a small multiple of the number of boxes.
    """
    real = bounds[~np.isnan(bounds[:, 0])]
    west, south, east, north = (
        (*real[:, :2].min(axis=0), *real[:, 2:].max(axis=0)) if len(real) else (0.0,) * 4
    )
    side = math.sqrt(max(east - west, 1e-300) * max(north - south, 1e-300) / max(len(real), 1))
    mean = (real[:, 2:] - real[:, :2]).mean(axis=0) if len(real) else np.zeros(2)
    shape = [
        int(np.clip(extent / max(side, width, 1e-300), 1, 2 * math.sqrt(len(real)) + 1))
        for extent, width in ((east - west, mean[0]), (north - south, mean[1]))
    ]
    per_unit = [
        count / extent if extent > 0.0 else 0.0
        for count, extent in zip(shape, (east - west, north - south), strict=True)
    ]
    frame = read_only(np.array([west, south, *per_unit]), np.float64)
    sizes = read_only(np.array(shape), np.int64)
    bounds = read_only(bounds, np.float64)
    counts = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    count_members(bounds, frame, sizes, counts)
    cells = np.cumsum(counts)
    members = np.empty(int(cells[-1]), dtype=np.int32)
    fill_members(bounds, frame, sizes, cells.copy(), members)
    return BoxGrid(
        bounds=bounds,
        frame=frame,
        shape=sizes,
        cells=read_only(cells, np.int64),
        members=read_only(members, np.int32),
    )


def find_meeting_pairs(boxes: Floats, grid: BoxGrid) -> tuple[Pairs, Pairs]:
    """Return the pairs (position in ``boxes``, position in the grid) of boxes that meet.

    Closed boxes: touching counts. Sorted by the first.
    """
    boxes = read_only(boxes, np.float64)
    room = 2 * len(boxes) + 1024
    while True:
        left, right = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        found = write_meeting_pairs(boxes, grid, left, right)
        if found <= room:
            return left[:found], right[:found]
        room = found


@compile_lazily
def cell_of(value: float, start: float, per_unit: float, count: int) -> int:
    """Return the column (or row) in which a coordinate lies, the outermost if beyond."""
    return min(max(math.floor((value - start) * per_unit), 0), count - 1)


@compile_inline
def reach(
    boxes: Floats, at: int, frame: Floats, columns: int, rows: int
) -> tuple[int, int, int, int]:
    """Return first and last column, first and last row that a box reaches into."""
    return (
        cell_of(boxes[at, 0], frame[0], frame[2], columns),
        cell_of(boxes[at, 2], frame[0], frame[2], columns),
        cell_of(boxes[at, 1], frame[1], frame[3], rows),
        cell_of(boxes[at, 3], frame[1], frame[3], rows),
    )


@compile_lazily
def count_members(bounds: Floats, frame: Floats, shape: Ints, counts: Ints) -> None:
    """Count into ``counts[c + 1]`` the boxes that reach into cell ``c``."""
    for at in range(len(bounds)):
        if not math.isnan(bounds[at, 0]):
            left, right, low, high = reach(bounds, at, frame, shape[0], shape[1])
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    counts[row * shape[0] + column + 1] += 1


@compile_lazily
def fill_members(bounds: Floats, frame: Floats, shape: Ints, free: Ints, members: Pairs) -> None:
    """Write boxes into their cells; ``free`` is the next free place of each cell."""
    for at in range(len(bounds)):
        if not math.isnan(bounds[at, 0]):
            left, right, low, high = reach(bounds, at, frame, shape[0], shape[1])
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    cell = row * shape[0] + column
                    members[free[cell]] = at
                    free[cell] += 1


@compile_lazily
def write_meeting_pairs(boxes: Floats, grid: BoxGrid, left: Pairs, right: Pairs) -> int:
    """Write the pairs of boxes that meet as far as there is room; returns how many there are.

    Of the cells that a pair shares, it is taken in the one that holds the south-western
    corner of what both have in common.
    """
    bounds, frame, shape, cells, members = grid
    columns, rows, found = shape[0], shape[1], 0
    for at in range(len(boxes)):
        if math.isnan(boxes[at, 0]):
            continue
        first, last, low, high = reach(boxes, at, frame, columns, rows)
        one = first == last and low == high
        for row in range(low, high + 1):
            for column in range(first, last + 1):
                cell = row * columns + column
                for entry in range(cells[cell], cells[cell + 1]):
                    other = members[entry]
                    west = max(boxes[at, 0], bounds[other, 0])
                    south = max(boxes[at, 1], bounds[other, 1])
                    if west > min(boxes[at, 2], bounds[other, 2]):
                        continue
                    if south > min(boxes[at, 3], bounds[other, 3]):
                        continue
                    if not one and (
                        cell_of(west, frame[0], frame[2], columns) != column
                        or cell_of(south, frame[1], frame[3], rows) != row
                    ):
                        continue
                    if found < len(left):
                        left[found], right[found] = at, other
                    found += 1
    return found
