"""Points of a site: of its ground as it is judged, and between what they may lie."""

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from api.expansion.exclusions import Mask
from api.expansion.ground import Plot
from geo.expansion.suitability import (
    BEST,
    CANNOT_TELL,
    FREE,
    UNKNOWN,
    WORST,
    FormEffect,
    Grades,
    Grading,
)
from geo.model import Grid
from geo.raster.zonal import Cover
from layers.expansion.suitability import SuitabilityRule
from maps.expansion.suitability_answers import Score

UNMOVED: Final = np.arange(WORST + 1, dtype=np.uint8)
"""Grades that no form of a site moves."""


class Scored(Protocol):
    """Grades and exclusions on the pixels of a grid."""

    @property
    def grading(self) -> Grading:
        """The grades."""

    @property
    def shut(self) -> Grid:
        """What excludes each pixel, see :class:`api.expansion.suitability.Judged`."""


def score_of(
    plot: Plot, cover: Cover, judged: Scored, rule: SuitabilityRule, effect: FormEffect | None
) -> Score | None:
    """Return points over the ground that can be judged: graded and free, or excluded.

    The bounds are of the whole site: ground that cannot be judged may be excluded, or as good
    as its factors can still be.
    """
    shut = judged.shut.values.ravel()[cover.cells]
    graded = judged.grading.known.values.ravel()[cover.cells] != UNKNOWN
    free = (shut == FREE) & graded
    open_ = (shut == CANNOT_TELL) | ((shut == FREE) & ~graded)
    judged_m2, whole_m2 = float(cover.areas_m2[~open_].sum()), _whole_m2(cover)
    if not judged_m2:
        return None

    def points(grid: Grid, moved: Grades, ground: Mask) -> float:
        grades = moved[grid.values.ravel()[cover.cells]]
        return float(_points_of(rule)[grades[ground]] @ cover.areas_m2[ground])

    known, best, worst = (
        (effect.known, effect.best, effect.worst) if effect else (UNMOVED, UNMOVED, UNMOVED)
    )
    top = float(_points_of(rule)[best[BEST:]].max())
    unseen_m2 = cover.outside_m2 + float(cover.areas_m2[open_ & ~graded].sum())
    most = points(judged.grading.best, best, free | (open_ & graded)) + top * unseen_m2
    return Score(
        points=round(points(judged.grading.known, known, free) / judged_m2, 2),
        least=round(points(judged.grading.worst, worst, free) / whole_m2, 2),
        most=round(most / whole_m2, 2),
        judged_pct=round(100.0 * judged_m2 / plot.area_m2, 2),
    )


def bounded_score(
    score: Score, cover: Cover, judged: Scored, rule: SuitabilityRule, effect: FormEffect | None
) -> Score:
    """Return a score whose bounds count each pixel as the best and the worst around it.

    In a coarse pixel may stand what stands in its neighbours: a hard line that touches a corner
    excludes the whole. Wide pixels smooth the ground, and hide what is steeper: the worst is taken
    one grade worse. What is not known bounds it as before. A rule of thumb, held against fine
    ground in the tests.
    """
    shut, graded = judged.shut.values, judged.grading.known.values != UNKNOWN
    best, worst = (effect.best, effect.worst) if effect else (UNMOVED, UNMOVED)
    points = _points_of(rule)
    top = float(points[best[BEST:]].max())
    high = points[best[judged.grading.best.values]]
    high = np.where(graded, high, top)
    high[(shut != FREE) & (shut != CANNOT_TELL)] = 0.0
    steeper = np.minimum(np.arange(WORST + 1) + 1, WORST)
    low = points[worst[steeper[judged.grading.worst.values]]]
    low[(shut != FREE) | ~graded] = 0.0
    around = {"size": 3, "mode": "nearest"}
    highest, lowest = ndimage.maximum_filter(high, **around), ndimage.minimum_filter(low, **around)
    whole_m2 = _whole_m2(cover)
    most = float(highest.ravel()[cover.cells] @ cover.areas_m2) + top * cover.outside_m2
    least = float(lowest.ravel()[cover.cells] @ cover.areas_m2)
    return score.model_copy(
        update={
            "least": min(score.least, round(least / whole_m2, 2)),
            "most": max(score.most, round(most / whole_m2, 2)),
        }
    )


def _points_of(rule: SuitabilityRule) -> npt.NDArray[np.float64]:
    """Return points by grade; 0 where there is none."""
    return np.array([rule.points.get(grade, 0.0) for grade in range(WORST + 1)])


def _whole_m2(cover: Cover) -> float:
    return cover.inside_m2 + cover.outside_m2
