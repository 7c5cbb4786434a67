"""Straight pieces of boundaries, and the ground below two of them.

A point lies in a polygon if the edges above it, +1 for one that runs westward and -1 for
one that runs eastward, sum to one. So the area that two polygons share is the sum over all
pairs of their edges of sign times sign times the ground below both edges: nothing is
intersected, and holes, parts, shared edges and touching corners are no special cases.

All coordinates are relative to the south-western corner of a window, the box that both
polygons have in common: within it alone they can share anything, ground is counted from
its southern side, and small numbers keep their digits.
"""

from typing import Final

from geo.kernel.jit import compile_inline, compile_lazily
from geo.kernel.ragged import Floats
from geo.kernel.series import mean_below

CHUNK: Final = 64
"""Pieces of one polygon that are held against the other polygon together."""

Ends = tuple[float, float, float, float]


@compile_lazily
def height_at(x: float, ends: Ends) -> float:
    """Return the height of a piece at ``x``, measured from the nearer end."""
    x0, y0, x1, y1 = ends
    slope = (y1 - y0) / (x1 - x0)
    return y0 + (x - x0) * slope if abs(x - x0) <= abs(x1 - x) else y1 + (x - x1) * slope


@compile_lazily
def clipped(ends: Ends, west: float, east: float) -> Ends:
    """Cut a piece to a range of x and to y >= 0; nothing is left if both x are equal.

    The direction stays, and ends that need no cut stay exactly what they are.
    """
    x0, y0, x1, y1 = ends
    left, right = min(max(x0, west), east), min(max(x1, west), east)
    if left == right:
        return left, 0.0, left, 0.0
    if left != x0:
        y0 = height_at(left, ends)
    if right != x1:
        y1 = height_at(right, ends)
    if y0 <= 0.0 and y1 <= 0.0:
        return left, 0.0, left, 0.0
    if y0 < 0.0:
        return right + (left - right) * (y1 / (y1 - y0)), 0.0, right, y1
    if y1 < 0.0:
        return left, y0, left + (right - left) * (y0 / (y0 - y1)), 0.0
    return left, y0, right, y1


@compile_inline
def add_piece(rows: Floats, count: int, ends: Ends) -> int:
    """Add a piece, given in the direction of its ring; returns the new count.

    A row holds x0, y0, x1, y1 of the piece running east, its slope, and the sign that the
    direction of the ring gives it.
    """
    x0, y0, x1, y1 = ends
    if x0 == x1:
        return count
    rows[count, 4], rows[count, 5] = (y1 - y0) / (x1 - x0), -1.0
    if x0 > x1:
        x0, y0, x1, y1 = x1, y1, x0, y0
        rows[count, 5] = 1.0
    rows[count, 0], rows[count, 1], rows[count, 2], rows[count, 3] = x0, y0, x1, y1
    return count + 1


@compile_inline
def ground_below(ends: Ends, means: Floats, degree: int) -> float:
    """Return the ground below a piece that runs east."""
    x0, y0, x1, y1 = ends
    return (x1 - x0) * mean_below(y0, y1, means, degree)


@compile_inline
def row_height(rows: Floats, at: int, x: float) -> float:
    """Return the height of a piece at one of its ends or between them."""
    if x == rows[at, 0]:
        return float(rows[at, 1])
    if x == rows[at, 2]:
        return float(rows[at, 3])
    return float(rows[at, 1] + (x - rows[at, 0]) * rows[at, 4])


@compile_inline
def ground_below_both(rows: Floats, at: int, other: Floats, means: Floats, degree: int) -> float:
    """Return the ground below the lower of two pieces, where both are."""
    left, right = max(rows[at, 0], other[0, 0]), min(rows[at, 2], other[0, 2])
    if left >= right:
        return 0.0
    a0, a1 = row_height(rows, at, left), row_height(rows, at, right)
    b0, b1 = row_height(other, 0, left), row_height(other, 0, right)
    if a0 <= b0 and a1 <= b1:
        return ground_below((left, a0, right, a1), means, degree)
    if b0 <= a0 and b1 <= a1:
        return ground_below((left, b0, right, b1), means, degree)
    share = (b0 - a0) / ((b0 - a0) + (a1 - b1))
    middle, crossing = left + (right - left) * share, a0 + (a1 - a0) * share
    return ground_below((left, min(a0, b0), middle, crossing), means, degree) + ground_below(
        (middle, crossing, right, min(a1, b1)), means, degree
    )


@compile_inline
def ground_between(
    rows: Floats, count: int, span: tuple[float, float], means: Floats, degree: int
) -> float:
    """Return the signed ground below all pieces within a range of x."""
    total = 0.0
    for at in range(count):
        left, right = max(rows[at, 0], span[0]), min(rows[at, 2], span[1])
        if left < right:
            ends = (left, row_height(rows, at, left), right, row_height(rows, at, right))
            total += rows[at, 5] * ground_below(ends, means, degree)
    return total
