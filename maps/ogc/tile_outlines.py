"""Outlines of polygons as the commands of a vector tile, by compiled code.

Most of the work of a tile is turning places into steps and steps into bytes of varying length
(specification 2.1, 4.3), number by number.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.kernel.jit import compile_inline, compile_lazily

_MOVE_ONCE: Final = 1 << 3 | 1
_DRAW: Final = 2
_CLOSE: Final = 1 << 3 | 7
_NUMBER_BYTES: Final = 10
"""The most bytes of a number of 64 bits."""
_RING_NUMBERS: Final = 11
"""Numbers that a ring may have beside its places: commands, and a square in its stead."""


def outlines_of(polygons: npt.NDArray[np.object_]) -> list[bytes]:
    """Return the outlines of polygons, in steps, as commands; nothing for an empty one.

    Outer rings have a positive area with y southwards, holes a negative one. A hole smaller
    than a step is left out; a polygon smaller than a step is a square of one step, so that it
    is seen.
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.cumsum(np.bincount(ring, minlength=len(rings)))
    drawn, drawn_ends = _draw(np.rint(xy).astype(np.int64), ends, part, owner, len(polygons))
    data, at = drawn.tobytes(), [0, *drawn_ends.tolist()]
    return [data[begin:end] for begin, end in pairwise(at)]


@compile_lazily
def _draw(
    places: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    part: npt.NDArray[np.int64],
    owner: npt.NDArray[np.int64],
    count: int,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the commands of all polygons, and where those of each end."""
    most = (2 * len(places) + _RING_NUMBERS * len(ends)) * _NUMBER_BYTES
    out = np.empty(most, np.uint8)
    drawn_ends = np.zeros(count, np.int64)
    line = np.empty((len(places) + 4, 2), np.int64)
    at, start, polygon, shell, seen, x, y = 0, 0, -1, -1, False, 0, 0
    for ring in range(len(ends)):
        outer = part[ring] != shell
        shell = part[ring]
        if owner[shell] != polygon:
            for passed in range(max(polygon, 0), owner[shell]):
                drawn_ends[passed] = at
            polygon, x, y = owner[shell], 0, 0
        kept, doubled = _without_repeats(places, start, ends[ring], line)
        start = ends[ring]
        if outer:
            seen = doubled != 0
            if not seen:
                kept = _as_one_step(line, kept)
        elif not seen or doubled == 0:
            continue
        forward = doubled == 0 or (doubled > 0) == outer
        at = _put(out, at, _MOVE_ONCE)
        for index in range(kept):
            if index == 1:
                at = _put(out, at, (kept - 1) << 3 | _DRAW)
            place = index if forward else kept - 1 - index
            at = _put_step(out, at, line[place, 0] - x)
            at = _put_step(out, at, line[place, 1] - y)
            x, y = line[place, 0], line[place, 1]
        at = _put(out, at, _CLOSE)
    for passed in range(max(polygon, 0), count):
        drawn_ends[passed] = at
    return out[:at], drawn_ends


@compile_lazily
def _without_repeats(
    places: npt.NDArray[np.int64], start: int, end: int, line: npt.NDArray[np.int64]
) -> tuple[int, int]:
    """Copy a ring without repeats and its last place; return its length, and its area doubled."""
    kept, doubled = 0, 0
    for index in range(start, end):
        x, y = places[index, 0], places[index, 1]
        if kept and line[kept - 1, 0] == x and line[kept - 1, 1] == y:
            continue
        if kept:
            doubled += line[kept - 1, 0] * y - x * line[kept - 1, 1]
        line[kept, 0], line[kept, 1] = x, y
        kept += 1
    # A ring ends where it begins.
    return max(kept - 1, 1), doubled


@compile_lazily
def _as_one_step(line: npt.NDArray[np.int64], kept: int) -> int:
    west, north = line[:kept, 0].min(), line[:kept, 1].min()
    for corner, (east, south) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
        line[corner, 0], line[corner, 1] = west + east, north + south
    return 4


@compile_inline
def _put_step(out: npt.NDArray[np.uint8], at: int, step: int) -> int:
    """Write a step with its sign in the lowest bit."""
    return _put(out, at, (step << 1) ^ (step >> 63))


@compile_lazily
def _put(out: npt.NDArray[np.uint8], at: int, number: int) -> int:
    """Write a number, seven bits in a byte; return where the next one goes."""
    while number >= 128:
        out[at] = number & 127 | 128
        number >>= 7
        at += 1
    out[at] = number
    return at + 1
