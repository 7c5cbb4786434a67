"""Grades of suitability for building: factors, a matrix, corrections, and what is excluded.

A grade is 1 (best) to 5 (worst), 0 where it is not known. What is not known is never
taken as harmless: beside the grade from the known factors stand the best and the worst
that are possible whatever the others turn out to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.expansion.errors import MatrixOrderError, MatrixShapeError
from geo.model import Grid
from geo.raster.grid import require_same_grid, require_unit

Grades = npt.NDArray[np.uint8]

UNKNOWN: Final = 0
BEST: Final = 1
WORST: Final = 5
FREE: Final = 0
CANNOT_TELL: Final = 254
"""In a grid of exclusions: a hard layer that is needed does not speak about the pixel."""
_ALL: Final = range(BEST, WORST + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Grades of a measurement: ``grades[i]`` up to ``upper_bounds[i]``, one more above."""

    upper_bounds: tuple[float, ...]
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worsening:
    """By how many grades a measurement above a value makes worse; the largest one counts."""

    above: float
    grades: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LandRule:
    """How slope, height and relief make the grade of the land."""

    slope_deg: Steps
    elevation_m: tuple[Worsening, ...]
    relief_m: tuple[Worsening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the grade of a further factor does to the grade so far.

    ``changes`` maps the factor's grade to how many grades are added; no entry, no change.
    ``only_grades`` restricts it to these grades so far; empty: all.
    """

    factor: str
    changes: Mapping[int, int]
    only_grades: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """How factors are joined: a matrix of land (rows) and another factor, then corrections."""

    matrix_factor: str
    matrix: tuple[tuple[int, ...], ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStep:
    """What a site's compactness from a value on does to the grades of its ground.

    ``sets`` puts another grade in place, ``adds`` moves by so many (one of the two).
    ``only_grades`` restricts it to these grades so far; empty: all.
    """

    from_compactness: float
    sets: int | None
    adds: int
    only_grades: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEffect:
    """New grades by grade so far, 0 (unknown) to 5; where form is unknown, their bounds.

    ``step`` is what applies; None where the compactness is not known.
    """

    step: FormStep | None
    known: Grades
    best: Grades
    worst: Grades


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """Grades on one grid: from the known factors, and the best and worst possible."""

    known: Grid
    best: Grid
    worst: Grid
    missing: tuple[str, ...]


def land_grade(slope_deg: Grid, elevation_m: Grid, relief_m: Grid, rule: LandRule) -> Grid:
    """Return the grade of the land from slope, worsened by height and relief.

    Unknown wherever one of the three is: at the rim of a grid there is neither slope nor
    relief, so read enough around the area that counts.

    Raises
    ------
    GridUnitError, GridMismatchError
        The grids are not in these units, or not on the same pixels.
    """
    require_unit(slope_deg, "deg")
    for grid in (elevation_m, relief_m):
        require_unit(grid, "m")
        require_same_grid(slope_deg, grid)
    bounds, grades = rule.slope_deg.upper_bounds, np.array(rule.slope_deg.grades, dtype=np.uint8)
    # NaN falls into the last class; it is taken out below.
    result = grades[np.digitize(slope_deg.values, bounds, right=True)]
    result += _worsening(elevation_m, rule.elevation_m) + _worsening(relief_m, rule.relief_m)
    result = np.minimum(result, WORST).astype(np.uint8)
    result[~(slope_deg.known & elevation_m.known & relief_m.known)] = UNKNOWN
    return replace(slope_deg, values=result, nodata=UNKNOWN, unit="grade")


def integrate_grades(land: Grid, factors: Mapping[str, Grid], rule: Integration) -> Grading:
    """Join the grade of the land with those of the other factors.

    Parameters
    ----------
    land : Grid
        From :func:`land_grade`.
    factors : mapping of str to Grid
        Grades 1 to 5 by factor, 0 or nodata where unknown, on the pixels of ``land``. A
        factor of the rule that is not here is unknown everywhere.
    rule : Integration
        Matrix and corrections.

    Returns
    -------
    Grading
        ``known`` leaves unknown factors out: where the matrix lacks its second factor it
        is the land's own grade. ``best`` and ``worst`` are the bounds over everything
        that unknown factors may turn out to be; where they are equal nothing is open.

    Raises
    ------
    GridUnitError, GridMismatchError
        A grid holds no grades, or does not lie on the land's pixels.
    """
    base = _grades_of(land)
    given = {name: _grades_on(land, grid) for name, grid in factors.items()}
    nothing = np.zeros_like(base)
    known, best, worst = _matrix(base, given.get(rule.matrix_factor, nothing), rule.matrix)
    for step in rule.corrections:
        grades = given.get(step.factor, nothing)
        known = _corrected(known, grades, step, {UNKNOWN: 0})
        best = _extreme(best, grades, step, np.minimum)
        worst = _extreme(worst, grades, step, np.maximum)
    needed = dict.fromkeys((rule.matrix_factor, *(step.factor for step in rule.corrections)))
    missing = tuple(name for name in needed if name not in factors)

    def grid(values: Grades) -> Grid:
        return replace(land, values=np.where(base == UNKNOWN, UNKNOWN, values).astype(np.uint8))

    return Grading(known=grid(known), best=grid(best), worst=grid(worst), missing=missing)


def form_effect(compactness: float | None, steps: Sequence[FormStep]) -> FormEffect:
    """Return what the form of a site does to the grades of its ground.

    Parameters
    ----------
    compactness : float or None
        Area of the site over that of the smallest circle around it, 0 to 1 (see
        :func:`geo.expansion.shape.shape_of`). None, not known: grades stay, and the bounds are
        those over all steps.
    steps : sequence of FormStep
        At least one; the lowest from 0, so that each compactness has its step.

    References
    ----------
    Practice of 双评价 (2019): the compactness of plots corrects the integrated grade, with
    0.2, 0.4, 0.6 and 0.8 as limits.

    Examples
    --------
    >>> steps = [
    ...     FormStep(from_compactness=0.0, sets=5, adds=0, only_grades=()),
    ...     FormStep(from_compactness=0.6, sets=None, adds=-1, only_grades=()),
    ... ]
    >>> form_effect(0.64, steps).known.tolist()
    [0, 1, 1, 2, 3, 4]
    >>> form_effect(None, steps).worst.tolist()
    [0, 5, 5, 5, 5, 5]
    """
    tables = {step: _moved_by(step) for step in steps}
    if compactness is None:
        every = np.array(list(tables.values()))
        same = np.arange(WORST + 1, dtype=np.uint8)
        return FormEffect(step=None, known=same, best=every.min(axis=0), worst=every.max(axis=0))
    reached = [step for step in steps if compactness >= step.from_compactness]
    step = max(reached, key=lambda one: one.from_compactness)
    return FormEffect(step=step, known=tables[step], best=tables[step], worst=tables[step])


def require_matrix(matrix: Sequence[Sequence[int]]) -> None:
    """Refuse a matrix that is not 5 by 5 grades, or by which a worse factor does better.

    Raises
    ------
    SuitabilityError
        Correct the data file.
    """
    table = np.array([list(row) for row in matrix if len(row) == WORST])
    if table.shape != (WORST, WORST) or not ((table >= BEST) & (table <= WORST)).all():
        raise MatrixShapeError(names=[])
    if (np.diff(table, axis=0) < 0).any() or (np.diff(table, axis=1) < 0).any():
        raise MatrixOrderError(names=[])


def _worsening(grid: Grid, steps: Sequence[Worsening]) -> Grades:
    worse = np.zeros(grid.shape, dtype=np.uint8)
    for step in steps:
        over = np.greater(grid.values, step.above, where=grid.known, out=np.zeros(grid.shape, bool))
        worse[over] = np.maximum(worse[over], step.grades)
    return worse


def _matrix(
    land: Grades, other: Grades, matrix: tuple[tuple[int, ...], ...]
) -> tuple[Grades, Grades, Grades]:
    """Look grades up; an unknown second factor leaves the land's grade, or an interval."""
    table = np.zeros((WORST + 1, WORST + 1), dtype=np.uint8)
    table[1:, 1:] = matrix
    lowest, highest = table.copy(), table.copy()
    table[1:, UNKNOWN] = list(_ALL)
    lowest[:, UNKNOWN] = table[:, 1:].min(axis=1)
    highest[:, UNKNOWN] = table[:, 1:].max(axis=1)
    return table[land, other], lowest[land, other], highest[land, other]


def _corrected(
    so_far: Grades, factor: Grades, step: Correction, of_unknown: Mapping[int, int]
) -> Grades:
    """Add the changes; grades stay between best and worst."""
    changes = np.zeros(WORST + 1, dtype=np.int64)
    for grade, change in {**step.changes, **of_unknown}.items():
        changes[grade] = change
    allowed = np.ones(WORST + 1, dtype=bool)
    if step.only_grades:
        allowed[:] = False
        allowed[list(step.only_grades)] = True
    moved = so_far + np.where(allowed[so_far], changes[factor], 0)
    return np.asarray(np.clip(moved, BEST, WORST), dtype=np.uint8)


def _extreme(so_far: Grades, factor: Grades, step: Correction, pick: np.ufunc) -> Grades:
    """Correct by the known grades, and by the most or least of all where there is none."""
    result = _corrected(so_far, factor, step, {UNKNOWN: 0})
    open_ = factor == UNKNOWN
    if open_.any():
        possible = [
            _corrected(so_far[open_], np.full_like(factor[open_], grade), step, {})
            for grade in _ALL
        ]
        result[open_] = pick.reduce(possible)
    return result


def _moved_by(step: FormStep) -> Grades:
    grades = np.arange(WORST + 1)
    moved = np.clip(grades + step.adds if step.sets is None else step.sets, BEST, WORST)
    concerned = np.isin(grades, step.only_grades or _ALL)
    return np.asarray(np.where(concerned, moved, grades), dtype=np.uint8)


def _grades_of(grid: Grid) -> Grades:
    require_unit(grid, "grade")
    values = np.where(grid.known, grid.values, UNKNOWN)
    return np.asarray(np.clip(values, UNKNOWN, WORST), dtype=np.uint8)


def _grades_on(land: Grid, grid: Grid) -> Grades:
    require_same_grid(land, grid)
    return _grades_of(grid)
