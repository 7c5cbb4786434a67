"""From numbered boundary points to closed rings, however a program closed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.measure.rings import Ring
from layers.model import LeftOut

_SAME: Final = 1e-9
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A boundary point as it is written."""

    label: str
    ring: int
    first: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotRings:
    """The rings of a plot, closed, with what was found on the way.

    ``misnumbered`` are the labels of points whose ring number was taken for a slip.
    ``counts`` are the numbers of points that a header may state for them: without the
    closing points, with those that are written, with one for every ring. ``unclosed`` is
    the number of rings without a closing point.
    """

    rings: tuple[Ring, ...]
    numbers: tuple[int, ...]
    counts: tuple[int, ...]
    unclosed: int
    corrupt_closings: tuple[str, ...]
    misnumbered: tuple[str, ...] = ()


def rings_of(points: Sequence[Point]) -> PlotRings:
    """Split points into rings at each new ring number and after each closing point."""
    rings, numbers, corrupt = [], [], []
    unclosed = 0
    runs, misnumbered = _join_runs(list(_runs(points)))
    for run in runs:
        first, last = run[0], run[-1]
        faulty = len(run) > 3 and _repeats_first_number(first, last)
        closed = len(run) > 1 and (faulty or _closes(first, last))
        if faulty:
            corrupt.append(last.label)
        unclosed += not closed
        bare = run[:-1] if closed else run
        rings.append(np.array([(p.first, p.second) for p in (*bare, first)]))
        numbers.append(first.ring)
    count = sum(len(ring) - 1 for ring in rings)
    return PlotRings(
        rings=tuple(rings),
        numbers=tuple(numbers),
        counts=(count, len(points), count + len(rings)),
        unclosed=unclosed,
        corrupt_closings=tuple(corrupt),
        misnumbered=tuple(misnumbered),
    )


def left_out_rings(label: str, found: PlotRings, fewest: int = _FEWEST) -> Iterator[LeftOut]:
    """Name the rings of a plot that have too few points, and the plot if it has no others."""
    sizes = [len(ring) - 1 for ring in found.rings]
    short = [at for at, size in enumerate(sizes) if size < fewest]
    if len(short) == len(sizes):
        params = {"points": sum(sizes)}
        yield LeftOut(what="plot", label=label, reason="too_few_points", params=params)
        return
    whole = {tuple(xy) for at, ring in enumerate(found.rings) if at not in short for xy in ring}
    for at in short:
        # Points that stand in another ring, such as a second closing one, are no lost part.
        repeated = whole.issuperset(map(tuple, found.rings[at]))
        yield LeftOut(
            what="ring",
            label=f"{label}/{found.numbers[at]}",
            reason="too_few_points" if repeated else "part_too_few_points",
            part=True,
            params={"points": sizes[at]},
        )


def _join_runs(runs: list[list[Point]]) -> tuple[list[list[Point]], list[str]]:
    """Join runs that a mistyped ring number has parted; return labels of the points meant.

    A ring cannot go on after another was begun. If an open run is followed by a run of
    another number and one of its own again, and either that in between is too short for
    a ring, or the last one ends where the first began, then all three are one ring.
    """
    joined: list[list[Point]] = []
    wrong: list[str] = []
    at = 0
    while at < len(runs):
        run = list(runs[at])
        while at + 2 < len(runs) and _split_runs(run, *runs[at + 1 : at + 3]):
            wrong += [point.label for point in runs[at + 1]]
            run += [*runs[at + 1], *runs[at + 2]]
            at += 2
        joined.append(run)
        at += 1
    return joined, wrong


def _split_runs(first: list[Point], between: list[Point], last: list[Point]) -> bool:
    if first[0].ring != last[0].ring or between[0].ring == first[0].ring:
        return False
    if len(first) > 3 and _closes(first[0], first[-1]):
        return False
    if len(between) > 3 and _closes(between[0], between[-1]):
        return False
    return len(between) < _FEWEST or _closes(first[0], last[-1])


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    run: list[Point] = []
    for point in points:
        if run and point.ring != run[0].ring:
            yield run
            run = []
        run.append(point)
        if len(run) > 3 and (_closes(run[0], point) or _repeats_first_number(run[0], point)):
            yield run
            run = []
    if run:
        yield run


def _closes(first: Point, last: Point) -> bool:
    here, there = (last.first, last.second), (first.first, first.second)
    return bool(np.allclose(here, there, rtol=0.0, atol=_SAME))


def _repeats_first_number(first: Point, last: Point) -> bool:
    """Tell the closing line of a known faulty program: the first number stands twice."""
    return last.label == first.label and last.first == first.first == last.second
