"""The area that pairs of polygons share.

The one polygon is cut to the common window and held, in chunks of pieces, against the
boundary of the other one, which is walked from large boxes to small ones. A run of edges
beside the chunk, or below it, takes no part. A run above it is as good as one straight
piece between its two ends. Only edges that come near are looked at one by one.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.kernel.boxes import SHIFT
from geo.kernel.edges import (
    CHUNK,
    Ends,
    add_piece,
    clipped,
    ground_below_both,
    ground_between,
)
from geo.kernel.jit import compile_inline, compile_lazily
from geo.kernel.ragged import Floats, Ragged
from geo.kernel.rings import polygon_area
from geo.kernel.series import fill_ellipsoid, fill_plane, series_room
from geo.kernel.walk import (
    ABOVE,
    BELOW,
    BESIDE,
    MEETS,
    Boundary,
    Side,
    Window,
    boundary_of,
    common,
    constant_inside,
    end_vertex,
    fills_box,
    first_vertex,
    next_node,
    runs_of,
    side_of,
)

APART: Final = 0
COVERED: Final = 1
ON_BOUNDARY: Final = 2

_EQUAL: Final = 1e-13
"""Relative difference up to which a site and its share are the same ground."""

_ROUNDING: Final = 1e-15
"""A sum below this share of all that was added and taken away is rounding, not ground."""


class Chunk(NamedTuple):
    """What is known of pieces of one polygon: box, number, and signed ground below them.

    Tuples here hold numbers alone, and arrays travel beside them: compiled code counts
    references whenever it takes an array out of a tuple, which costs more than the sums.
    """

    window: Window
    size: int
    degree: int
    whole: float


class Walk(NamedTuple):
    """How far along a boundary: the sum, and the sum of all that was added or taken away.

    ``start`` is where the edges above the chunk began, NaN while there are none.
    """

    total: float
    moved: float
    start: float


@compile_lazily
def shared_areas(
    sites: Side,
    controls: Side,
    pairs: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    answer: tuple[Floats, npt.NDArray[np.int8]],
    ellipsoidal: bool,  # noqa: FBT001 - compiled functions have no keyword-only arguments
) -> None:
    """Write what pairs of a site and a control polygon share: the area and the relation.

    ``answer`` is room for the area (square metres on the ellipsoid if the coordinates are
    degrees, else square units) and APART, COVERED or ON_BOUNDARY. A covered site shares
    its own area, to the last digit.
    """
    room = (np.empty((CHUNK, 6)), np.empty((1, 6)), series_room())
    for at in range(len(pairs[0])):
        a, b = pairs[0][at], pairs[1][at]
        window = common(sites.boxes.bounds[a], controls.boxes.bounds[b])
        answer[0][at], answer[1][at] = 0.0, APART
        if not (window.east > 0.0 and window.north > 0.0):
            continue
        inside = constant_inside(controls, b, window)
        if inside == 0:
            continue
        if inside == 1 and fills_box(window, sites.boxes.bounds[a]):
            answer[0][at] = polygon_area(sites.polygons, a, room[2], ellipsoidal)
            answer[1][at] = COVERED
            continue
        degree = degree_of(window, room[2], ellipsoidal)
        if vertices(sites.polygons, a) <= vertices(controls.polygons, b):
            shared = shared_area((sites.polygons, a), (controls, b), (window, degree), room)
        else:
            shared = shared_area((controls.polygons, b), (sites, a), (window, degree), room)
        if shared > 0.0:
            answer[0][at], answer[1][at] = shared, ON_BOUNDARY
            own = polygon_area(sites.polygons, a, room[2], ellipsoidal)
            if abs(shared - own) <= _EQUAL * own:
                answer[0][at], answer[1][at] = own, COVERED


@compile_inline
def degree_of(window: Window, means: Floats, ellipsoidal: bool) -> int:  # noqa: FBT001
    """Write the series of the ground within a window to ``means``, and return its degree."""
    if ellipsoidal:
        return fill_ellipsoid(window.south_lat, window.north, means)
    return fill_plane(means)


@compile_inline
def vertices(polygons: Ragged, at: int) -> int:
    """Return the number of vertices of a feature."""
    features, rings = polygons.features, polygons.rings
    return int(rings[features[at + 1]] - rings[features[at]])


@compile_lazily
def shared_area(
    one: tuple[Ragged, int],
    other: tuple[Side, int],
    within: tuple[Window, int],
    room: tuple[Floats, Floats, Floats],
) -> float:
    """Return the area that two polygons share in their common window."""
    polygons, at = one
    control, feature = other
    window, degree = within
    rows, row, means = room
    xy, rings = polygons.xy, polygons.rings
    boundary, span = boundary_of(control), runs_of(control, feature)
    first, last = polygons.features[at], polygons.features[at + 1]
    total, moved, count = 0.0, 0.0, 0
    for ring in range(first, last):
        stop = rings[ring + 1] - 1
        for vertex in range(rings[ring], stop):
            count = add_piece(rows, count, piece_of(xy, vertex, window))
            full = count == CHUNK or (ring == last - 1 and vertex == stop - 1)
            if full and count:
                chunk = chunk_of(rows, count, means, degree, window)
                walk = sum_below_boundary(chunk, boundary, span, (rows, row, means))
                total, moved, count = total + walk.total, moved + walk.moved, 0
    return total if total > _ROUNDING * moved else 0.0


@compile_inline
def piece_of(xy: Floats, at: int, window: Window) -> Ends:
    """Return an edge within a window: cut at three sides, and levelled above the fourth."""
    x0, y0 = xy[at, 0] - window.west_lon, xy[at, 1] - window.south_lat
    x1, y1 = xy[at + 1, 0] - window.west_lon, xy[at + 1, 1] - window.south_lat
    if y0 >= window.north and y1 >= window.north:
        y0 = y1 = window.north
    return clipped((x0, y0, x1, y1), 0.0, window.east)


@compile_inline
def chunk_of(rows: Floats, count: int, means: Floats, degree: int, window: Window) -> Chunk:
    """Return the box around pieces and the ground below them."""
    west, east, north = np.inf, -np.inf, 0.0
    for at in range(count):
        west, east = min(west, rows[at, 0]), max(east, rows[at, 2])
        north = max(north, rows[at, 1], rows[at, 3])
    own = Window(window.west_lon, window.south_lat, west, east, north)
    whole = ground_between(rows, count, (west, east), means, degree)
    return Chunk(own, count, degree, whole)


@compile_lazily
def sum_below_boundary(
    chunk: Chunk,
    boundary: Boundary,
    span: tuple[int, int],
    room: tuple[Floats, Floats, Floats],
) -> Walk:
    """Walk a polygon's boundary and sum the ground below it and below the chunk."""
    xy, rings, runs, ring_of, boxes, levels = boundary
    rows, row, means = room
    run, last = span
    walk, ring = Walk(0.0, 0.0, np.nan), -1
    window = chunk.window
    lon = window.west_lon
    while run < last:
        level, side = next_node(run, last, boxes, levels, window)
        end = run + (1 << (SHIFT * level))
        if ring_of[run] != ring:
            if not math.isnan(walk.start):
                walk = close_walk(walk, xy[rings[ring], 0] - lon, chunk, rows, means)
            ring = ring_of[run]
        start = first_vertex(run, ring, rings, runs)
        if side == MEETS:
            stop = end_vertex(run, ring, rings, runs)
            walk = along_edges(walk, chunk, (xy, start, stop), rows, row, means)
        elif side == BELOW:
            if not math.isnan(walk.start):
                walk = close_walk(walk, xy[start, 0] - lon, chunk, rows, means)
            ring = ring_of[end - 1]
        else:
            if math.isnan(walk.start):
                walk = Walk(walk.total, walk.moved, xy[start, 0] - lon)
            if ring_of[end - 1] != ring:
                walk = close_walk(walk, xy[rings[ring], 0] - lon, chunk, rows, means)
                ring = ring_of[end - 1]
                walk = Walk(walk.total, walk.moved, xy[rings[ring], 0] - lon)
        run = end
    if math.isnan(walk.start):
        return walk
    return close_walk(walk, xy[rings[ring], 0] - lon, chunk, rows, means)


@compile_lazily
def close_walk(walk: Walk, x: float, chunk: Chunk, rows: Floats, means: Floats) -> Walk:
    """Return a walk after what was above: ground below the chunk counts between the ends."""
    west, east = chunk.window.west, chunk.window.east
    start, end = min(max(walk.start, west), east), min(max(x, west), east)
    left, right = min(start, end), max(start, end)
    if left == right:
        ground = 0.0
    elif left == west and right == east:
        ground = chunk.whole
    else:
        ground = ground_between(rows, chunk.size, (left, right), means, chunk.degree)
    if start < end:
        ground = -ground
    return Walk(walk.total + ground, walk.moved + abs(ground), np.nan)


@compile_inline
def along_edges(
    walk: Walk,
    chunk: Chunk,
    edges: tuple[Floats, int, int],
    rows: Floats,
    row: Floats,
    means: Floats,
) -> Walk:
    """Return a walk after the edges of one run, each looked at."""
    xy, start, stop = edges
    window = chunk.window
    lon, lat = window.west_lon, window.south_lat
    for at in range(start, stop):
        x0, y0, x1, y1 = xy[at, 0] - lon, xy[at, 1] - lat, xy[at + 1, 0] - lon, xy[at + 1, 1] - lat
        side = side_of((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), window)
        if side in (BESIDE, ABOVE):
            if math.isnan(walk.start):
                walk = Walk(walk.total, walk.moved, x0)
            continue
        if not math.isnan(walk.start):
            walk = close_walk(walk, x0, chunk, rows, means)
        if side == MEETS:
            ends = clipped((x0, y0, x1, y1), window.west, window.east)
            if add_piece(row, 0, ends):
                walk = sum_below_piece(walk, chunk, rows, row, means)
    return walk


@compile_lazily
def sum_below_piece(walk: Walk, chunk: Chunk, rows: Floats, row: Floats, means: Floats) -> Walk:
    """Return a walk after one piece that comes near the chunk."""
    total, moved = 0.0, 0.0
    for at in range(chunk.size):
        ground = ground_below_both(rows, at, row, means, chunk.degree)
        total += rows[at, 5] * ground
        moved += ground
    return Walk(walk.total + row[0, 5] * total, walk.moved + moved, walk.start)
