"""Points that stand side by side in a table: one plot that goes on, or several plots."""

import math
import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import shapely

from layers.readers.boundary_rings import Point

_NUMBERED: Final = re.compile(r"(.*?)(\d+)['’]?")
_NO_PLOT: Final = re.compile(
    r"坐标|页|续|转换|[前后]$|CGCS|WGS|西安|北京|国家|datum|system|coord|page|before|after|^[\W\d_]+$",
    re.I,
)
"""Titles of datums, pages, or before and after a transformation: of the same points perhaps."""

_FEWEST: Final = 3
_SLIGHT: Final = 1e-6
_SAME_SHAPE_M: Final = 5.0
"""Xi'an 1980 and CGCS2000 differ by a shift that varies less than this over a plot."""

_MOST_DEGREES: Final = 360.0


class Layout(StrEnum):
    """How blocks of points side by side belong together."""

    ONE = "one"
    SEVERAL = "several"
    UNCLEAR = "unclear"


def layout_of(
    blocks: Sequence[Sequence[Point]], titles: Sequence[str | None], *, own_numbers: bool
) -> Layout:
    """Return whether blocks are one plot, or each its own, by titles and numbers of points.

    ``titles`` stand above the blocks; ``own_numbers``: each block has a column of numbers.
    Where the same points may stand there twice, in two systems, nothing is certain.
    """
    filled = [list(block) for block in blocks if block]
    if len(filled) < 2:
        return Layout.SEVERAL
    if not own_numbers or any(title and _NO_PLOT.search(title) for title in titles):
        return Layout.UNCLEAR
    if len({_is_degrees(block) for block in filled}) > 1:
        return Layout.UNCLEAR
    if all(titles) and len(set(titles)) == len(titles):
        return Layout.SEVERAL
    return _by_numbers(filled)


def may_be_two_plots(blocks: Sequence[Sequence[Point]]) -> bool:
    """Tell whether blocks read as one plot could each be a ring of their own."""
    return all(len(block) >= _FEWEST for block in blocks if block)


def _by_numbers(blocks: list[list[Point]]) -> Layout:
    closing = _same(blocks[0][0], blocks[-1][-1])
    if closing:
        blocks = [*blocks[:-1], blocks[-1][:-1]]
    bare = [_bare(block) for block in blocks]
    split = [[_NUMBERED.fullmatch(point.label) for point in block] for block in bare]
    prefixes = [{found[1] for found in block if found} for block in split]
    numbers = [[int(found[2]) for found in block if found] for block in split]
    if not all(found for block in split for found in block) or max(map(len, prefixes)) > 1:
        return Layout.UNCLEAR
    every = [number for own in numbers for number in own]
    if len(set().union(*map(set, numbers))) == sum(len(set(own)) for own in numbers):
        if len(set(every)) < len(every) or len(set().union(*prefixes)) > 1:
            return Layout.UNCLEAR
        if any(len(one) < len(block) for one, block in zip(bare, blocks, strict=True)):
            return Layout.SEVERAL if _lie_apart(bare) else Layout.UNCLEAR
        return Layout.ONE if closing or _goes_on(bare, numbers) else Layout.UNCLEAR
    # Each begins again at the same number, so that each is a ring.
    if len({min(own) for own in numbers}) > 1 or not may_be_two_plots(blocks):
        return Layout.UNCLEAR
    repeated = len(set().union(*prefixes)) < len(blocks) and _is_repeated(bare)
    return Layout.UNCLEAR if repeated else Layout.SEVERAL


def _goes_on(blocks: Sequence[Sequence[Point]], numbers: Sequence[Sequence[int]]) -> bool:
    """Tell whether points with running numbers go around one thing.

    The steps from block to block are then no longer than those that would close each block
    by itself.
    """
    points = [point for block in blocks for point in block]
    order = np.argsort([number for own in numbers for number in own])
    corners = [(points[at].first, points[at].second) for at in order]
    if len(corners) >= _FEWEST and not shapely.is_valid(shapely.Polygon(corners)):
        return False
    one_after_other = all(max(a) < min(b) for a, b in pairwise(numbers))
    if not one_after_other or not may_be_two_plots(blocks):
        return True
    following = [*blocks[1:], blocks[0]]
    steps = sum(_apart(a[-1], b[0]) for a, b in zip(blocks, following, strict=True))
    return steps <= sum(_apart(block[-1], block[0]) for block in blocks) * (1 + _SLIGHT)


def _lie_apart(blocks: Sequence[Sequence[Point]]) -> bool:
    if not may_be_two_plots(blocks):
        return False
    areas = [shapely.Polygon([(p.first, p.second) for p in block]) for block in blocks]
    return not any(one.intersects(other) for one, other in combinations(areas, 2))


def _apart(one: Point, other: Point) -> float:
    return math.hypot(one.first - other.first, one.second - other.second)


def _same(one: Point, other: Point) -> bool:
    return (one.first, one.second) == (other.first, other.second)


def _is_degrees(block: Sequence[Point]) -> bool:
    return all(max(abs(p.first), abs(p.second)) <= _MOST_DEGREES for p in block)


def _is_repeated(blocks: Sequence[Sequence[Point]]) -> bool:
    """Tell whether two blocks have one shape: the same points in two systems, it may be."""
    arrays = [np.array([(p.first, p.second) for p in block]) for block in blocks]
    shapes = [array - array.mean(axis=0) for array in arrays]
    return any(
        one.shape == other.shape
        and min(np.abs(one - other).max(), np.abs(one - other[:, ::-1]).max()) < _SAME_SHAPE_M
        for one, other in combinations(shapes, 2)
    )


def _bare(block: Sequence[Point]) -> Sequence[Point]:
    return block[:-1] if len(block) > _FEWEST and _same(block[0], block[-1]) else block
