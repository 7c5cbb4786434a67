"""Patterns by which control lines are told apart without colour: hatching and dots."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

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


def pattern_lines(pattern: str, colour: str, paper: Paper) -> PathPatch:
    """Return a pattern all over a box, to be clipped to an area: ``hatch`` or ``dots``.

    It is one path: in SVG, each line of a collection would carry the area again to be
    clipped by.
    """
    return _hatching(colour, paper) if pattern == "hatch" else _dots(colour, paper)


def _hatching(colour: str, paper: Paper) -> PathPatch:
    west, south, east, north = paper.box
    step, high = _HATCH_MM * paper.mm * np.sqrt(2.0), north - south
    starts = np.arange(west - high, east, step)
    rising = shapely.linestrings([[(x, south), (x + high, north)] for x in starts])
    inside = shapely.intersection(rising, shapely.box(*paper.box))
    kept = inside[(shapely.get_type_id(inside) == 1) & ~shapely.is_empty(inside)]
    return PathPatch(_one_path(shapely.get_coordinates(kept)), fill=False, ec=colour, lw=_HATCH_PT)


def _dots(colour: str, paper: Paper) -> PathPatch:
    """Return rows of dots: dashes without a length, with round ends."""
    west, south, east, north = paper.box
    rows = np.arange(south + 0.5 * paper.mm, north, 0.5 * _DOTS_MM * paper.mm)
    # Rows are shifted against each other by half a step.
    shift = 0.5 * _DOTS_MM * paper.mm
    ends = [((west + shift * (at % 2 + 0.4), y), (east, y)) for at, y in enumerate(rows)]
    # Dashes are measured in widths of the line.
    gap = _DOTS_MM * POINTS_PER_MM / _DOT_PT
    return PathPatch(
        _one_path(np.array(ends).reshape(-1, 2)),
        fill=False,
        ec=colour,
        lw=_DOT_PT,
        ls=(0.0, (0.01, gap)),
        capstyle="round",
    )


def _one_path(ends: npt.NDArray[np.float64]) -> Path:
    """Return pieces of line, each by its two ends, as one path."""
    return Path(ends, np.tile([Path.MOVETO, Path.LINETO], len(ends) // 2))
