"""Patterns by which control lines are told apart without colour: hatching and dots."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.collections import LineCollection

_HATCH_MM: Final = 1.7
_DOTS_MM: Final = 1.9
_HATCH_PT: Final = 0.55
_DOT_PT: Final = 1.1
POINTS_PER_MM: Final = 72.0 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A box in the units of its axes, of which ``mm`` are a millimetre of paper."""

    box: tuple[float, float, float, float]
    mm: float


def pattern_lines(pattern: str, colour: str, paper: Paper) -> LineCollection:
    """Return a pattern all over a box, to be clipped to an area: ``hatch`` or ``dots``."""
    return _hatching(colour, paper) if pattern == "hatch" else _dots(colour, paper)


def _hatching(colour: str, paper: Paper) -> LineCollection:
    west, south, east, north = paper.box
    step, high = _HATCH_MM * paper.mm * np.sqrt(2.0), north - south
    starts = np.arange(west - high, east, step)
    rising = shapely.linestrings([[(x, south), (x + high, north)] for x in starts])
    inside = shapely.intersection(rising, shapely.box(*paper.box))
    return LineCollection(_coordinates(inside), colors=colour, linewidths=_HATCH_PT)


def _dots(colour: str, paper: Paper) -> LineCollection:
    """Return rows of dots: dashes without a length, with round ends."""
    west, south, east, north = paper.box
    rows = np.arange(south + 0.5 * paper.mm, north, 0.5 * _DOTS_MM * paper.mm)
    # Rows are shifted against each other by half a step.
    shift = 0.5 * _DOTS_MM * paper.mm
    lines = [[(west + shift * (at % 2 + 0.4), y), (east, y)] for at, y in enumerate(rows)]
    # Dashes are measured in widths of the line.
    gap = _DOTS_MM * POINTS_PER_MM / _DOT_PT
    return LineCollection(
        lines,
        colors=colour,
        linewidths=_DOT_PT,
        linestyles=[(0.0, (0.01, gap))],
        capstyle="round",
    )


def _coordinates(lines: Any) -> list[Any]:  # noqa: ANN401 - an array of shapely geometries
    kept = lines[shapely.get_type_id(lines) == 1]
    return [shapely.get_coordinates(line) for line in kept[~shapely.is_empty(kept)]]
