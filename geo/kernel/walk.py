"""Walking along a boundary, from large boxes to small ones, as seen from a window."""

from typing import Final, NamedTuple

from geo.kernel.boxes import SHIFT, RunBoxes
from geo.kernel.jit import compile_inline, compile_lazily
from geo.kernel.join import Pairs
from geo.kernel.ragged import Floats, Ints, Ragged

BESIDE: Final = 0
BELOW: Final = 1
ABOVE: Final = 2
MEETS: Final = 3

_RIDDLE: Final = 1 << 20


class Side(NamedTuple):
    """Polygons with the index of their boundary."""

    polygons: Ragged
    boxes: RunBoxes


class Window(NamedTuple):
    """A box: its south-western corner in degrees, and where it ends relative to that."""

    west_lon: float
    south_lat: float
    west: float
    east: float
    north: float


class Boundary(NamedTuple):
    """The arrays of polygons along which boundaries are walked; see Ragged and RunBoxes."""

    xy: Floats
    rings: Ints
    runs: Ints
    ring_of: Pairs
    boxes: Floats
    levels: Ints


@compile_inline
def common(box: Floats, other: Floats) -> Window:
    """Return the box that two boxes have in common; without extent if there is none."""
    west, south = max(box[0], other[0]), max(box[1], other[1])
    return Window(west, south, 0.0, min(box[2], other[2]) - west, min(box[3], other[3]) - south)


@compile_inline
def fills_box(window: Window, box: Floats) -> bool:
    """Tell whether a window is the whole of a box."""
    return bool(
        window.west_lon == box[0]
        and window.south_lat == box[1]
        and window.east == box[2] - box[0]
        and window.north == box[3] - box[1]
    )


@compile_inline
def side_of(box: tuple[float, float, float, float], window: Window) -> int:
    """Tell where a box (west, south, east, north) lies as seen from a window."""
    if box[2] <= window.west or box[0] >= window.east:
        return BESIDE
    if box[3] <= 0.0:
        return BELOW
    return ABOVE if box[1] >= window.north else MEETS


@compile_inline
def boundary_of(side: Side) -> Boundary:
    """Return the arrays along which boundaries are walked."""
    polygons, index = side.polygons, side.boxes
    return Boundary(
        polygons.xy, polygons.rings, index.runs, index.ring_of, index.boxes, index.levels
    )


@compile_inline
def next_node(run: int, last: int, boxes: Floats, levels: Ints, window: Window) -> tuple[int, int]:
    """Return the level of the largest box that starts at a run and is no riddle, and its side.

    A box is no riddle if it does not meet the window, or is of one run only.
    """
    level = 0
    while level + 2 < len(levels):
        size = 1 << (SHIFT * (level + 1))
        if run & (size - 1) or run + size > last:
            break
        level += 1
    lon, lat = window.west_lon, window.south_lat
    while True:
        at = levels[level] + (run >> (SHIFT * level))
        box = (boxes[at, 0] - lon, boxes[at, 1] - lat, boxes[at, 2] - lon, boxes[at, 3] - lat)
        side = side_of(box, window)
        if side != MEETS or level == 0:
            return level, side
        level -= 1


@compile_inline
def first_vertex(run: int, ring: int, rings: Ints, runs: Ints) -> int:
    """Return the vertex at which a run of a ring starts."""
    return int(rings[ring] + ((run - runs[ring]) << SHIFT))


@compile_inline
def end_vertex(run: int, ring: int, rings: Ints, runs: Ints) -> int:
    """Return the vertex at which a run of a ring ends, and the next one starts."""
    return int(min(rings[ring] + ((run - runs[ring] + 1) << SHIFT), rings[ring + 1] - 1))


@compile_inline
def runs_of(side: Side, at: int) -> tuple[int, int]:
    """Return the first run of a feature, and the one after its last."""
    features = side.polygons.features
    return side.boxes.runs[features[at]], side.boxes.runs[features[at + 1]]


@compile_lazily
def constant_inside(control: Side, at: int, window: Window) -> int:
    """Tell whether a window lies wholly inside (1) or outside (0) of a polygon, -1 if neither.

    Without an edge in the window, one point of it tells: the sum of the edges above.
    """
    xy, rings, runs, ring_of, boxes, levels = boundary_of(control)
    middle = window.west_lon + 0.5 * window.east
    run, last = runs_of(control, at)
    inside = 0
    while run < last:
        level, side = next_node(run, last, boxes, levels, window)
        end = run + (1 << (SHIFT * level))
        ring = ring_of[run]
        if side == ABOVE:
            other = ring_of[end - 1]
            inside -= int(xy[first_vertex(run, ring, rings, runs), 0] <= middle)
            inside += int(xy[end_vertex(end - 1, other, rings, runs), 0] <= middle)
            if ring != other:
                # Whole rings in between end where they start.
                inside += int(xy[rings[ring], 0] <= middle) - int(xy[rings[other], 0] <= middle)
        elif side == MEETS:
            span = (first_vertex(run, ring, rings, runs), end_vertex(run, ring, rings, runs))
            found = edges_inside(xy, span, window, middle)
            if found == _RIDDLE:
                return -1
            inside += found
        run = end
    return inside


@compile_inline
def edges_inside(xy: Floats, span: tuple[int, int], window: Window, x: float) -> int:
    """Return the sum over the edges of one run above a window, _RIDDLE if one is in it."""
    found = 0
    lon, lat = window.west_lon, window.south_lat
    for at in range(span[0], span[1]):
        x0, y0, x1, y1 = xy[at, 0], xy[at, 1], xy[at + 1, 0], xy[at + 1, 1]
        box = (min(x0, x1) - lon, min(y0, y1) - lat, max(x0, x1) - lon, max(y0, y1) - lat)
        side = side_of(box, window)
        if side == MEETS:
            found = _RIDDLE
            break
        if side == ABOVE:
            found += int(x1 <= x) - int(x0 <= x)
    return found
