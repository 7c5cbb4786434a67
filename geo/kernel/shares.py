"""Exact shares of pixels under polygons."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.kernel.jit import compile_lazily
from geo.kernel.ragged import Floats, Ints, Ragged

_NOISE: Final = 1e-12
"""Shares below this are rounding of sums along a row, not ground."""


def pixel_shares(
    polygons: Ragged, shape: tuple[int, int]
) -> tuple[Ints, npt.NDArray[np.int64], Floats]:
    """Return which pixels of a grid lie under each polygon, and how much of each.

    Parameters
    ----------
    polygons : Ragged
        In pixels: x counts columns, y rows, from the outer corner of the first pixel; the
        direction of y does not matter. What lies beyond the grid is left out.
    shape : (int, int)
        Rows and columns of the grid.

    Returns
    -------
    (starts, cells, shares)
        Polygon ``i`` has ``cells[starts[i]:starts[i + 1]]``, numbered row by row, with the
        share of each that is under it, above 0 and at most 1, to rounding.

    References
    ----------
    The signed area that each edge leaves in the pixels that it crosses, summed along rows,
    as in the font rasterisers of libart and font-rs (R. Levien).
    """
    reach = np.empty((polygons.size, 4), dtype=np.int64)
    room, widest = fill_reach(polygons, shape[0], shape[1], reach)
    starts = np.zeros(polygons.size + 1, dtype=np.int64)
    cells, shares = np.empty(room, dtype=np.int64), np.empty(room)
    buffer = np.zeros(max(widest, 1))
    fill_shares(polygons, reach, (starts, cells, shares), buffer, shape[1])
    count = starts[-1]
    return starts, cells[:count].copy(), shares[:count].copy()


@compile_lazily
def fill_reach(polygons: Ragged, rows: int, columns: int, reach: Ints) -> tuple[int, int]:
    """Write the box of pixels of each polygon; returns pixels in all boxes, and room for one."""
    room, widest = 0, 0
    xy, rings, features = polygons.xy, polygons.rings, polygons.features
    for at in range(len(features) - 1):
        west, east, low, high = np.inf, -np.inf, np.inf, -np.inf
        for vertex in range(rings[features[at]], rings[features[at + 1]]):
            west, east = min(west, xy[vertex, 0]), max(east, xy[vertex, 0])
            low, high = min(low, xy[vertex, 1]), max(high, xy[vertex, 1])
        box = (0, 0, 0, 0)
        if west < columns and east > 0 and low < rows and high > 0:
            box = (
                max(math.floor(west), 0),
                min(math.ceil(east), columns),
                max(math.floor(low), 0),
                min(math.ceil(high), rows),
            )
        reach[at, 0], reach[at, 1], reach[at, 2], reach[at, 3] = box
        size = (box[1] - box[0]) * (box[3] - box[2])
        room += size
        # Edges at the right side write up to two pixels beyond it.
        widest = max(widest, (box[1] - box[0] + 2) * (box[3] - box[2]))
    return room, widest


@compile_lazily
def fill_shares(
    polygons: Ragged,
    reach: Ints,
    answer: tuple[Ints, npt.NDArray[np.int64], Floats],
    buffer: Floats,
    columns: int,
) -> None:
    """Write pixels and shares of all polygons."""
    starts, cells, shares = answer
    xy, rings, features = polygons.xy, polygons.rings, polygons.features
    found = 0
    for at in range(len(features) - 1):
        west, low = reach[at, 0], reach[at, 2]
        width, height = reach[at, 1] - west, reach[at, 3] - low
        line = width + 2
        buffer[: line * height] = 0.0
        if width > 0:
            for ring in range(features[at], features[at + 1]):
                for vertex in range(rings[ring], rings[ring + 1] - 1):
                    ends = (
                        xy[vertex, 0] - west,
                        xy[vertex, 1] - low,
                        xy[vertex + 1, 0] - west,
                        xy[vertex + 1, 1] - low,
                    )
                    leave_edge(ends, float(width), height, buffer)
        for row in range(height):
            total = 0.0
            for column in range(width):
                total += buffer[row * line + column]
                if abs(total) > _NOISE:
                    cells[found] = (low + row) * columns + west + column
                    shares[found] = min(abs(total), 1.0)
                    found += 1
        starts[at + 1] = found


@compile_lazily
def leave_edge(
    ends: tuple[float, float, float, float], width: float, height: int, buffer: Floats
) -> None:
    """Leave an edge in the rows that it crosses; what is beside the box goes along its side."""
    x0, y0, x1, y1 = ends
    sign = 1.0
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -1.0
    if y0 == y1 or y1 <= 0.0 or y0 >= height:
        return
    slope = (x1 - x0) / (y1 - y0)
    line = int(width) + 2
    for row in range(max(math.floor(y0), 0), min(math.ceil(y1), height)):
        top, bottom = max(float(row), y0), min(row + 1.0, y1)
        left, right = x0 + (top - y0) * slope, x0 + (bottom - y0) * slope
        if left > right:
            left, right = right, left
        rise = sign * (bottom - top)
        if right > left:
            # In three: left of the box, within, and right of it, by their part of the rise.
            before = min(max(-left, 0.0), right - left) / (right - left)
            after = min(max(right - width, 0.0), right - left) / (right - left)
            if before > 0.0:
                leave_run(0.0, 0.0, rise * before, buffer, row * line)
            if before + after < 1.0:
                inner = (min(max(left, 0.0), width), min(max(right, 0.0), width))
                leave_run(inner[0], inner[1], rise * (1.0 - before - after), buffer, row * line)
        else:
            x = min(max(left, 0.0), width)
            leave_run(x, x, rise, buffer, row * line)


@compile_lazily
def leave_run(left: float, right: float, rise: float, buffer: Floats, line: int) -> None:
    """Leave a piece within one row: what changes from pixel to pixel of the ground beside it."""
    first, last = math.floor(left), math.ceil(right)
    if last <= first + 1:
        beyond = 0.5 * (left + right) - first
        buffer[line + first] += rise * (1.0 - beyond)
        buffer[line + first + 1] += rise * beyond
        return
    # The piece crosses pixels: the ground to its right in each grows as a parabola.
    steep = rise / (right - left)
    covered = 0.0
    for column in range(first, last):
        start, stop = max(left, float(column)), min(right, column + 1.0)
        # Rise within the pixel, its part right of the piece, and all that rose before.
        own = steep * (stop - start)
        ground = own * (column + 1.0 - 0.5 * (start + stop)) + steep * (start - left)
        buffer[line + column] += ground - covered
        covered = ground
    buffer[line + last] += rise - covered
