"""Boxes around runs of consecutive edges: an index that a boundary brings along.

Consecutive edges are neighbours, so sixteen of them have a small box, and sixteen boxes
again. Building reads every vertex once and sorts nothing. A run of edges whose box lies
wholly above a window tells all that the window needs by its two ends.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.kernel.jit import compile_inline, compile_lazily
from geo.kernel.ragged import Floats, Ints, Ragged, read_only

SHIFT: Final = 4
RUN: Final = 1 << SHIFT


class RunBoxes(NamedTuple):
    """Boxes of all runs of a :class:`Ragged`, and of runs of runs.

    Run ``k`` lies in ring ``ring_of[k]``; ring ``r`` has the runs ``runs[r]:runs[r + 1]``.
    ``boxes`` (west, south, east, north) holds the runs, then from ``levels[1]`` on boxes
    around 16 runs each, from ``levels[2]`` around 256, whatever feature they belong to.
    ``bounds`` are the boxes of features, with NaN for those without rings.
    """

    boxes: Floats
    levels: Ints
    ring_of: npt.NDArray[np.int32]
    runs: Ints
    bounds: Floats


def run_boxes(polygons: Ragged) -> RunBoxes:
    """Index the boundary of polygons."""
    edges = np.maximum(np.diff(polygons.rings) - 1, 0)
    runs = np.concatenate(([0], np.cumsum((edges + RUN - 1) >> SHIFT))).astype(np.int64)
    levels = _levels(int(runs[-1]))
    boxes = np.empty((int(levels[-1]), 4))
    ring_of = np.repeat(np.arange(len(edges), dtype=np.int32), np.diff(runs))
    fill_runs(polygons.xy, polygons.rings, runs, boxes)
    fill_levels(levels, boxes)
    bounds = np.empty((polygons.size, 4))
    fill_bounds(polygons.features, runs, boxes, bounds)
    return RunBoxes(
        boxes=read_only(boxes, np.float64),
        levels=read_only(levels, np.int64),
        ring_of=read_only(ring_of, np.int32),
        runs=read_only(runs, np.int64),
        bounds=read_only(bounds, np.float64),
    )


def _levels(count: int) -> Ints:
    starts = [0, count]
    while count > RUN:
        count = (count + RUN - 1) >> SHIFT
        starts.append(starts[-1] + count)
    return np.array(starts, dtype=np.int64)


@compile_lazily
def fill_runs(xy: Floats, rings: Ints, runs: Ints, boxes: Floats) -> None:
    """Write the box of every run of at most sixteen consecutive edges of a ring."""
    for ring in range(len(rings) - 1):
        for run in range(runs[ring], runs[ring + 1]):
            start = rings[ring] + ((run - runs[ring]) << SHIFT)
            stop = min(start + RUN, rings[ring + 1] - 1)
            west = east = xy[start, 0]
            south = north = xy[start, 1]
            for at in range(start + 1, stop + 1):
                x, y = xy[at, 0], xy[at, 1]
                west, east = min(west, x), max(east, x)
                south, north = min(south, y), max(north, y)
            boxes[run, 0], boxes[run, 1], boxes[run, 2], boxes[run, 3] = west, south, east, north


@compile_lazily
def fill_levels(levels: Ints, boxes: Floats) -> None:
    """Write the boxes around sixteen boxes of the level below, up to the highest level."""
    for level in range(1, len(levels) - 1):
        below, here = levels[level - 1], levels[level]
        for node in range(levels[level + 1] - here):
            first = below + (node << SHIFT)
            fill_union(boxes, first, min(first + RUN, here), boxes, here + node)


@compile_lazily
def fill_bounds(features: Ints, runs: Ints, boxes: Floats, bounds: Floats) -> None:
    """Write the box of every feature."""
    for feature in range(len(features) - 1):
        first, last = runs[features[feature]], runs[features[feature + 1]]
        fill_union(boxes, first, last, bounds, feature)


@compile_inline
def fill_union(boxes: Floats, first: int, last: int, unions: Floats, at: int) -> None:
    """Write the box around a range of boxes; NaN around nothing."""
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for one in range(first, last):
        west, south = min(west, boxes[one, 0]), min(south, boxes[one, 1])
        east, north = max(east, boxes[one, 2]), max(north, boxes[one, 3])
    if first == last:
        west = south = east = north = np.nan
    unions[at, 0], unions[at, 1], unions[at, 2], unions[at, 3] = west, south, east, north
