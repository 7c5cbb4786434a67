"""Which numbers are missing among those of a plot's boundary points."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from layers.model import Issue, Severity
from layers.readers.boundary_rings import Point

_NUMBERED: Final = re.compile(r"(.*?)(\d{1,18})['’]?")
_LATEST_START: Final = 3
"""Numbers that begin at 2 or 3 lack the first; those that begin later begin there."""

_FEWEST: Final = 3
_MOST_RUNS: Final = 10
_MOST_MISSING: Final = 9
"""More missing numbers for each point than this: they do not count the points."""

_Numbers = Mapping[str, list[int]]
_Run = tuple[int, int]


def missing_numbers(labels: Sequence[str], plots: Sequence[Sequence[Point]]) -> Iterator[Issue]:
    """Say which numbers are missing in which plot: a point may have been lost.

    Where plots share points, as neighbours do, a number that another plot has is not
    missing; where each plot counts its own points, it is.
    """
    shared = _sorted_numbers([p for points in plots for p in points]) if _is_shared(plots) else {}
    for label, points in zip(labels, plots, strict=True):
        runs = [
            (prefix, run)
            for prefix, own in _sorted_numbers(points).items()
            for run in _missing(own, shared.get(prefix, own))
        ]
        if runs:
            texts = [_text(prefix, run) for prefix, run in runs[:_MOST_RUNS]]
            missing = ", ".join(texts) + (" …" if len(runs) > _MOST_RUNS else "")
            yield Issue(
                code="point_numbers_missing",
                severity=Severity.WARNING,
                feature_id=label,
                params={"missing": missing},
            )


def _is_shared(plots: Sequence[Sequence[Point]]) -> bool:
    """Tell whether every number stands for one place in all plots."""
    places: dict[str, tuple[float, float]] = {}
    for points in plots:
        for point in points:
            place = (point.first, point.second)
            if places.setdefault(point.label, place) != place:
                return False
    return True


def _sorted_numbers(points: Sequence[Point]) -> _Numbers:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for point in points:
        if match := _NUMBERED.fullmatch(point.label[-60:]):
            found[match[1]].add(int(match[2]))
    return {prefix: sorted(numbers) for prefix, numbers in found.items()}


def _missing(own: list[int], known: list[int]) -> list[_Run]:
    if len(own) < _FEWEST:
        return []
    start = [0] if 1 < own[0] <= _LATEST_START else []
    runs = [
        run
        for low, high in pairwise([*start, *own])
        if high - low > 1
        for run in _gaps(low, high, known)
    ]
    count = sum(last - first + 1 for first, last in runs)
    return runs if count <= _MOST_MISSING * len(own) else []


def _gaps(low: int, high: int, known: list[int]) -> Iterator[_Run]:
    between = known[bisect_right(known, low) : bisect_left(known, high)]
    for one, other in pairwise([low, *between, high]):
        if other - one > 1:
            yield one + 1, other - 1


def _text(prefix: str, run: _Run) -> str:
    first, last = run
    return f"{prefix}{first}" if first == last else f"{prefix}{first}–{prefix}{last}"
