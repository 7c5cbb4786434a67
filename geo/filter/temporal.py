"""How periods of time lie to each other (CQL2, OGC 21-065r2, table 3; Allen's relations)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.filter.values import Array, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Periods in nanoseconds since 1970; an instant begins and ends at once."""

    start: Array
    end: Array
    known: Array


Relation = Callable[[Period, Period], Array]

TEMPORAL: Final[Mapping[str, Relation]] = {
    "t_after": lambda a, b: a.start > b.end,
    "t_before": lambda a, b: a.end < b.start,
    "t_contains": lambda a, b: (a.start < b.start) & (a.end > b.end),
    "t_disjoint": lambda a, b: (a.start > b.end) | (a.end < b.start),
    "t_during": lambda a, b: (a.start > b.start) & (a.end < b.end),
    "t_equals": lambda a, b: (a.start == b.start) & (a.end == b.end),
    "t_finishedby": lambda a, b: (a.start < b.start) & (a.end == b.end),
    "t_finishes": lambda a, b: (a.start > b.start) & (a.end == b.end),
    "t_intersects": lambda a, b: (a.start <= b.end) & (a.end >= b.start),
    "t_meets": lambda a, b: a.end == b.start,
    "t_metby": lambda a, b: a.start == b.end,
    "t_overlappedby": lambda a, b: (a.start > b.start) & (a.start < b.end) & (a.end > b.end),
    "t_overlaps": lambda a, b: (a.start < b.start) & (a.end > b.start) & (a.end < b.end),
    "t_startedby": lambda a, b: (a.start == b.start) & (a.end > b.end),
    "t_starts": lambda a, b: (a.start == b.start) & (a.end < b.end),
}


def relate_periods(name: str, first: Period, second: Period) -> Truth:
    """Return where a relation of two periods holds."""
    known = first.known & second.known
    return Truth(true=TEMPORAL[name](first, second) & known, known=known)
