"""Suitability for building: grades and exclusions on a grid, and what they make of sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from api.expansion.exclusions import Exclusions, Mask, exclusions_on
from api.expansion.ground import Plot, batches, refuse_coarse
from api.expansion.mosaic import Laid, Mosaic, lay, layers_on, mosaic_at
from api.expansion.site_score import UNMOVED, bounded_score, score_of
from api.expansion.terrain import TerrainQuery, problem_of, shares, used_raster
from api.workspace.answers import basis_of
from api.workspace.needs import GroundNeeds, RasterSource
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
    integrate_grades,
    land_grade,
)
from geo.model import Grid
from geo.raster.grid import first_known
from geo.raster.terrain import relief_m, slope_deg
from geo.raster.zonal import Cover, covers, touched_pixels
from geo.units import M2_PER_HA, round_as_printed
from layers.expansion.suitability import SuitabilityRule
from layers.model import Progress, ignore_progress
from layers.rasters.errors import RasterGoneError
from layers.rasters.model import RasterVersion
from maps.answers import Citation, Title
from maps.expansion.suitability_answers import (
    FormChange,
    MissingLine,
    Score,
    SiteSuitability,
    SuitabilityReport,
)

_WHOLE: Final = "1/{least:g}"
_UNKNOWN: Final = "unknown"
Part = tuple[str, int | None, float]
"""Id, grade and area in m2."""


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


def judge(workspace: GroundNeeds, rule: SuitabilityRule, laid: Laid, counted: Mask) -> Judged:
    """Return grades and exclusions on the pixels of some heights.

    ``counted`` are the pixels whose hard lines must be known; the others are a margin.

    Raises
    ------
    PlanningError
        A raster or layer that is in use cannot be read.
    """
    slopes, heights = laid.derive(slope_deg), laid.values
    grading, factors = grading_on(workspace, rule, laid)
    lines = exclusions_on(workspace, rule, heights, counted)
    steep = slopes.known & (slopes.values > rule.excluded_slope_deg)
    shut, reasons = _exclusion_reasons(lines, steep)
    return Judged(
        grading=grading,
        shut=replace(heights, values=shut, nodata=None, unit="class"),
        reasons=reasons,
        missing_lines=lines.missing,
        used=(*laid.telling, *factors, *lines.used),
    )


def grading_on(
    workspace: RasterSource, rule: SuitabilityRule, laid: Laid
) -> tuple[Grading, list[RasterVersion]]:
    """Return grades without exclusions, and the rasters of the other factors they rest on."""

    def land(heights: Grid) -> Grid:
        relief = relief_m(heights, window_m=rule.relief_window_m)
        return land_grade(slope_deg(heights), heights, relief, rule.land)

    graded = laid.derive(land)
    factors: dict[str, Grid] = {}
    used: list[RasterVersion] = []
    for kind in rule.factors:
        found, versions = _factor(workspace, kind, graded)
        used += versions
        if found is not None:
            factors[kind] = found
    return integrate_grades(graded, factors, rule.integration), used


def suitability_report(
    workspace: GroundNeeds, query: TerrainQuery, report: Progress = ignore_progress
) -> SuitabilityReport:
    """Return how suitable each site is, in the order of the sites.

    A site that cannot be judged carries its problem; the others are answered.

    Raises
    ------
    PlanningError
        No site can be judged: the problem of the first.
    """
    answers: dict[str, SiteSuitability | PlanningError] = {}
    by_mosaic: dict[tuple[tuple[str, ...], ...], tuple[Mosaic, list[Plot]]] = {}
    total = len(query.plots)
    for plot in query.plots:
        report(0, total)
        try:
            mosaic = scoring_mosaic(workspace, plot, query.rule, query.raster_id)
        except PlanningError as exc:
            answers[plot.id] = exc
            continue
        by_mosaic.setdefault(mosaic.labels, (mosaic, []))[1].append(plot)
    judged: list[Judged] = []
    for mosaic, plots in by_mosaic.values():
        for batch in batches(plots, mosaic.pixel_m):
            report(len(answers), total)
            answers.update(_of_batch(workspace, query.rule, mosaic, batch, judged))
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
    moved: Grades = UNMOVED,
) -> list[Part]:
    """Return ids, grades and areas of what some pixels are: grades, exclusions, unknown.

    ``moved`` holds new grades by grade (see :class:`geo.expansion.suitability.FormEffect`).
    """
    grade = moved[judged.grading.known.values.ravel()[cells]]
    shut = judged.shut.values.ravel()[cells]
    found: list[Part] = []
    for number in range(BEST, WORST + 1):
        chosen = (shut == FREE) & (grade == number)
        found.append((f"grade_{number}", number, float(areas_m2[chosen].sum())))
    for number, reason in enumerate(judged.reasons, start=1):
        area_m2 = float(areas_m2[shut == number].sum())
        if area_m2:
            found.append((f"excluded:{reason}", None, area_m2))
    for name, chosen in (
        ("cannot_tell", (shut == CANNOT_TELL) & (grade != UNKNOWN)),
        (_UNKNOWN, np.isin(shut, (FREE, CANNOT_TELL)) & (grade == UNKNOWN)),
    ):
        area_m2 = float(areas_m2[chosen].sum())
        if area_m2:
            found.append((name, None, area_m2))
    return found


def scoring_mosaic(
    workspace: RasterSource, plot: Plot, rule: SuitabilityRule, raster_id: str | None
) -> Mosaic:
    """Return the rasters of heights at a plot that are fine enough to score it.

    Raises
    ------
    CoarseGridError, PlanningError
        None is; or there is none (see :func:`api.expansion.mosaic.mosaic_at`).
    """
    least = rule.least_pixels_across
    reach_m = rule.relief_window_m / 2.0
    mosaic = mosaic_at(workspace, "dem", plot, raster_id, reach_m=reach_m)
    return mosaic.fine(
        plot,
        lambda pixel_m: plot.width_m >= least * pixel_m,
        partial(refuse_coarse, least=_WHOLE.format(least=least)),
    )


def _of_batch(
    workspace: GroundNeeds,
    rule: SuitabilityRule,
    mosaic: Mosaic,
    plots: Sequence[Plot],
    judged: list[Judged],
) -> Iterator[tuple[str, SiteSuitability | PlanningError]]:
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    try:
        laid = lay(workspace, mosaic, shapes, reach_m=rule.relief_window_m / 2.0)
    except NoGridOverlapError:
        for plot in plots:
            yield plot.id, NoGridOverlapError(site=plot.id, raster=mosaic.raster_ids)
        return
    heights = laid.values
    one = judge(workspace, rule, laid, touched_pixels(shapes, heights))
    judged.append(one)
    areas_m2 = np.array([plot.area_m2 for plot in plots])
    for plot, cover in zip(plots, covers(shapes, areas_m2, heights), strict=True):
        if not cover.cells.size:
            yield plot.id, NoGridOverlapError(site=plot.id, raster=mosaic.raster_ids)
        elif not heights.known.ravel()[cover.cells].any():
            yield plot.id, AllNoDataError(site=plot.id, raster=mosaic.raster_ids)
        else:
            yield plot.id, _site(plot, cover, one, rule, laid)


def _site(
    plot: Plot, cover: Cover, judged: Judged, rule: SuitabilityRule, laid: Laid
) -> SiteSuitability:
    effect = form_effect(compactness_of(plot.shape), rule.form) if rule.form else None
    moved = effect.known if effect else UNMOVED
    parts = _with_outside(parts_of(judged, cover.cells, cover.areas_m2, moved), cover, laid)
    ids, grades, areas_m2 = zip(*parts, strict=True)
    facts = [
        {"name": None, "lower": None, "upper": None, "group": None, "grade": grade}
        for grade in grades
    ]
    used = laid.used(plot, cover)
    pixel_m = max(version.facts.pixel_m for version in used)
    coarse = plot.width_m < rule.fine_pixels_across * pixel_m
    score = score_of(plot, cover, judged, rule, effect)
    return SiteSuitability(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        width_m=round(plot.width_m, 1),
        problem=None,
        raster=used_raster(used[0]),
        others=[used_raster(version) for version in used[1:]],
        shares=shares(ids, areas_m2, plot.area_m2, facts),
        score=bounded_score(score, cover, judged, rule, effect) if score and coarse else score,
        coarse=coarse,
        form=_form_change(effect, plot, score_of(plot, cover, judged, rule, None)),
    )


def _with_outside(parts: list[Part], cover: Cover, laid: Laid) -> list[Part]:
    """Return parts with the ground that no raster lies on taken out of the unknown."""
    beyond_m2 = laid.outside_m2(cover) - cover.outside_m2
    unknown_m2 = sum(area_m2 for name, _, area_m2 in parts if name == _UNKNOWN)
    outside_m2 = min(beyond_m2, unknown_m2)
    kept = [part for part in parts if part[0] != _UNKNOWN]
    if unknown_m2 > outside_m2:
        kept.append((_UNKNOWN, None, unknown_m2 - outside_m2))
    if cover.outside_m2 + outside_m2:
        kept.append(("outside", None, cover.outside_m2 + outside_m2))
    return kept


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


def _exclusion_reasons(
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


def _factor(
    workspace: RasterSource, kind: str, grid: Grid
) -> tuple[Grid | None, list[RasterVersion]]:
    """Return a factor's grades on a grid, from all rasters in use that reach it."""
    found = list(layers_on(workspace, kind, grid))
    if not found:
        missing = workspace.rasters.missing(kind)
        if missing is not None and missing.lost:
            # What was withdrawn is a factor that nobody has; what is lost may be found again.
            raise RasterGoneError(kind=kind, gone=list(missing.gone))
        return None, []
    merged = first_known([layer for _, layer in found])
    grades = np.where(merged.known, np.round(merged.values), UNKNOWN)
    used = [version for sheet, _ in found for version in sheet.versions]
    return replace(grid, values=grades, nodata=UNKNOWN, unit="grade"), used


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
        others=[],
        shares=[],
        score=None,
        form=None,
    )
