"""Suitability for building: grades and exclusions on a grid, and what they make of sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from api.expansion.exclusions import Exclusions, Mask, exclusions_on
from api.expansion.ground import (
    Plot,
    batches,
    coarse,
    margin_pixels,
    raster_at,
    window_around,
)
from api.expansion.terrain import TerrainQuery, problem_of, shares, used_raster
from api.workspace.answers import basis_of
from api.workspace.workspace import Workspace
from geo.errors import AllNoDataError, NoGridOverlapError, PlanningError
from geo.expansion.shape import compactness_of
from geo.expansion.suitability import (
    BEST,
    CANNOT_TELL,
    FREE,
    UNKNOWN,
    WORST,
    FormEffect,
    Grades,
    Grading,
    form_effect,
    integrated,
    land_grade,
)
from geo.model import Grid
from geo.raster.terrain import relief_m, slope_deg
from geo.raster.zonal import Cover, covers, touched
from geo.units import M2_PER_HA, round_as_printed
from layers.expansion.suitability import SuitabilityRule
from layers.rasters.model import RasterVersion
from layers.rasters.reading import read_onto
from maps.answers import Citation, Title
from maps.expansion.suitability_answers import (
    FormChange,
    MissingLine,
    Score,
    SiteSuitability,
    SuitabilityReport,
)

_WHOLE: Final = "1/{least:g}"
_UNMOVED: Final = np.arange(WORST + 1, dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Suitability on the pixels of a grid.

    ``shut`` holds 0 where nothing excludes, the number of the reason from 1, or
    :data:`geo.suitability.CANNOT_TELL`. ``used`` are all versions that it rests on.
    """

    grading: Grading
    shut: Grid
    reasons: tuple[str, ...]
    missing_lines: tuple[MissingLine, ...]
    used: tuple[Any, ...]


def judge(
    workspace: Workspace,
    rule: SuitabilityRule,
    version: RasterVersion,
    heights: Grid,
    counted: Mask,
) -> Judged:
    """Return grades and exclusions on the pixels of some heights.

    ``counted`` are the pixels whose hard lines must be known; the others are a margin.

    Raises
    ------
    PlanningError
        A raster or layer that is in use cannot be read.
    """
    slopes = slope_deg(heights)
    grading, factors = grading_on(workspace, rule, heights, slopes)
    lines = exclusions_on(workspace, rule, heights, counted)
    steep = slopes.known & (slopes.values > rule.excluded_slope_deg)
    shut, reasons = _shut(lines, steep)
    return Judged(
        grading=grading,
        shut=replace(heights, values=shut, nodata=None, unit="class"),
        reasons=reasons,
        missing_lines=lines.missing,
        used=(version, *factors, *lines.used),
    )


def grading_on(
    workspace: Workspace, rule: SuitabilityRule, heights: Grid, slopes: Grid
) -> tuple[Grading, list[RasterVersion]]:
    """Return grades without exclusions, and the rasters of the other factors they rest on."""
    land = land_grade(slopes, heights, relief_m(heights, window_m=rule.relief_window_m), rule.land)
    factors: dict[str, Grid] = {}
    used: list[RasterVersion] = []
    for kind in rule.factors:
        found, versions = _factor(workspace, kind, heights)
        used += versions
        if found is not None:
            factors[kind] = found
    return integrated(land, factors, rule.integration), used


def suitability_report(workspace: Workspace, query: TerrainQuery) -> SuitabilityReport:
    """Return how suitable each site is, in the order of the sites.

    A site that cannot be judged carries its problem; the others are answered.

    Raises
    ------
    PlanningError
        No site can be judged: the problem of the first.
    """
    answers: dict[str, SiteSuitability | PlanningError] = {}
    by_raster: dict[str, tuple[RasterVersion, list[Plot]]] = {}
    for plot in query.plots:
        try:
            version = raster_at(workspace, "dem", plot, query.raster_id)
            _require_fine(plot, version, query.rule)
        except PlanningError as exc:
            answers[plot.id] = exc
            continue
        by_raster.setdefault(version.label, (version, []))[1].append(plot)
    judged: list[Judged] = []
    for version, plots in by_raster.values():
        for batch in batches(plots, version):
            answers.update(_of_batch(workspace, query.rule, version, batch, judged))
    if not any(isinstance(one, SiteSuitability) for one in answers.values()):
        raise next(one for one in answers.values() if isinstance(one, PlanningError))
    return SuitabilityReport(
        rule=query.rule.id,
        title=Title(zh=query.rule.title_zh, en=query.rule.title_en),
        basis=basis_of(one for each in judged for one in each.used),
        citations={
            name: Citation(**one.model_dump()) for name, one in query.rule.citations.items()
        },
        missing_factors=sorted({name for one in judged for name in one.grading.missing}),
        missing_lines=distinct_lines(judged),
        sites=[_answer(plot, answers[plot.id]) for plot in query.plots],
        read_report=query.read_report,
    )


def distinct_lines(judged: Sequence[Judged]) -> list[MissingLine]:
    """Return the missing lines of several windows, each once."""
    found = {(one.kind, one.reason): one for each in judged for one in each.missing_lines}
    return [found[key] for key in sorted(found)]


def parts_of(
    judged: Judged,
    cells: npt.NDArray[np.int64],
    areas_m2: npt.NDArray[Any],
    moved: Grades = _UNMOVED,
) -> list[tuple[str, int | None, float]]:
    """Return ids, grades and areas of what some pixels are: grades, exclusions, unknown.

    ``moved`` holds new grades by grade (see :class:`geo.expansion.suitability.FormEffect`).
    """
    grade = moved[judged.grading.known.values.ravel()[cells]]
    shut = judged.shut.values.ravel()[cells]
    found: list[tuple[str, int | None, float]] = []
    for number in range(BEST, WORST + 1):
        chosen = (shut == FREE) & (grade == number)
        found.append((f"grade_{number}", number, float(areas_m2[chosen].sum())))
    for number, reason in enumerate(judged.reasons, start=1):
        area_m2 = float(areas_m2[shut == number].sum())
        if area_m2:
            found.append((f"excluded:{reason}", None, area_m2))
    for name, chosen in (
        ("cannot_tell", (shut == CANNOT_TELL) & (grade != UNKNOWN)),
        ("unknown", np.isin(shut, (FREE, CANNOT_TELL)) & (grade == UNKNOWN)),
    ):
        area_m2 = float(areas_m2[chosen].sum())
        if area_m2:
            found.append((name, None, area_m2))
    return found


def _of_batch(
    workspace: Workspace,
    rule: SuitabilityRule,
    version: RasterVersion,
    plots: Sequence[Plot],
    judged: list[Judged],
) -> Iterator[tuple[str, SiteSuitability | PlanningError]]:
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    margin = margin_pixels(version, rule.relief_window_m / 2.0)
    try:
        heights = window_around(workspace, version, shapes, margin=margin)
    except NoGridOverlapError:
        for plot in plots:
            yield plot.id, NoGridOverlapError(site=plot.id, raster=version.raster_id)
        return
    one = judge(workspace, rule, version, heights, touched(shapes, heights))
    judged.append(one)
    areas_m2 = np.array([plot.area_m2 for plot in plots])
    for plot, cover in zip(plots, covers(shapes, areas_m2, heights), strict=True):
        if not cover.cells.size:
            yield plot.id, NoGridOverlapError(site=plot.id, raster=version.raster_id)
        elif not heights.known.ravel()[cover.cells].any():
            yield plot.id, AllNoDataError(site=plot.id, raster=version.raster_id)
        else:
            yield plot.id, _site(plot, cover, one, rule, version)


def _site(
    plot: Plot, cover: Cover, judged: Judged, rule: SuitabilityRule, version: RasterVersion
) -> SiteSuitability:
    effect = form_effect(compactness_of(plot.shape), rule.form) if rule.form else None
    moved = effect.known if effect else _UNMOVED
    parts = parts_of(judged, cover.cells, cover.areas_m2, moved)
    if cover.outside_m2:
        parts.append(("outside", None, cover.outside_m2))
    ids, grades, areas_m2 = zip(*parts, strict=True)
    facts = [
        {"name": None, "lower": None, "upper": None, "group": None, "grade": grade}
        for grade in grades
    ]
    return SiteSuitability(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        width_m=round(plot.width_m, 1),
        problem=None,
        raster=used_raster(version),
        shares=shares(ids, areas_m2, plot.area_m2, facts),
        score=_score(plot, cover, judged, rule, effect),
        form=_form_change(effect, plot, _score(plot, cover, judged, rule, None)),
    )


def _form_change(effect: FormEffect | None, plot: Plot, without: Score | None) -> FormChange | None:
    if effect is None:
        return None
    step = effect.step
    if step is None:
        said, grades = "unknown", 0
    elif step.sets is not None:
        said, grades = "sets", step.sets
    else:
        said, grades = ("adds" if step.adds else "none"), step.adds
    return FormChange(
        compactness=None if step is None else round(compactness_of(plot.shape), 3),
        effect=said,
        grades=grades,
        only_grades=list(step.only_grades) if step else [],
        points_without=without.points if without else None,
    )


def _score(
    plot: Plot, cover: Cover, judged: Judged, rule: SuitabilityRule, effect: FormEffect | None
) -> Score | None:
    """Return points over the ground that can be judged: graded and free, or excluded."""
    points = np.zeros(WORST + 1)
    for grade, value in rule.points.items():
        points[grade] = value
    shut = judged.shut.values.ravel()[cover.cells]
    graded = judged.grading.known.values.ravel()[cover.cells] != UNKNOWN
    free = (shut == FREE) & graded
    sure = free | ((shut != FREE) & (shut != CANNOT_TELL))
    weights = cover.areas_m2 * sure
    if not weights.any():
        return None

    def mean(grid: Grid, moved: Grades) -> float:
        grades = moved[grid.values.ravel()[cover.cells]]
        return round(float((points[grades] * free) @ weights / weights.sum()), 2)

    return Score(
        points=mean(judged.grading.known, effect.known if effect else _UNMOVED),
        least=mean(judged.grading.worst, effect.worst if effect else _UNMOVED),
        most=mean(judged.grading.best, effect.best if effect else _UNMOVED),
        judged_pct=round(100.0 * float(weights.sum()) / plot.area_m2, 2),
    )


def _shut(
    lines: Exclusions, steep: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint8], tuple[str, ...]]:
    """Give reasons their numbers; a pixel is named by the first that applies."""
    reasons = (*lines.masks, "slope")
    shut = np.where(lines.cannot_tell, CANNOT_TELL, FREE).astype(np.uint8)
    taken = np.zeros(steep.shape, dtype=bool)
    for number, mask in enumerate((*lines.masks.values(), steep), start=1):
        shut[mask & ~taken] = number
        taken |= mask
    return shut, reasons


def _factor(workspace: Workspace, kind: str, grid: Grid) -> tuple[Grid | None, list[RasterVersion]]:
    """Return a factor's grades on a grid, from all rasters in use that reach it."""
    merged, used = None, []
    for version in workspace.rasters.in_use(kind):
        found = read_onto(version, workspace.rasters.sound_path(version), grid)
        if not found.known.any():
            continue
        used.append(version)
        grades = np.where(found.known, np.round(found.values), UNKNOWN)
        if merged is not None:
            grades = np.where(merged == UNKNOWN, grades, merged)
        merged = grades
    if merged is None:
        return None, []
    return replace(grid, values=merged, nodata=UNKNOWN, unit="grade"), used


def _require_fine(plot: Plot, version: RasterVersion, rule: SuitabilityRule) -> None:
    if plot.width_m < rule.least_pixels_across * version.facts.pixel_m:
        raise coarse(plot, version, _WHOLE.format(least=rule.least_pixels_across))


def _answer(plot: Plot, found: SiteSuitability | PlanningError) -> SiteSuitability:
    if isinstance(found, SiteSuitability):
        return found
    return SiteSuitability(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        width_m=round(plot.width_m, 1),
        problem=problem_of(found),
        raster=None,
        shares=[],
        score=None,
        form=None,
    )
