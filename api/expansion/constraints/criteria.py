"""Criteria of a comparison, and the facts that a planner's own say how to measure."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import shapely

from api.expansion.constraints.constrained_ground import LaidGround, lay_source, shares_of
from api.expansion.constraints.own_file import read_own_text
from api.expansion.ground import Plot
from api.expansion.mosaic import lay, mosaic_at
from api.expansion.questions import RankQuery
from api.expansion.site_facts import Fact
from api.workspace.needs import GroundNeeds, UploadSource
from geo.check.split import taken_areas_m2
from geo.errors import NoGridOverlapError
from geo.expansion.shape import nearest_shape_m
from geo.measure.area import NOISE_M2
from geo.measure.buffer import buffer_lonlat
from geo.raster.zonal import class_areas, covers, spread
from layers.expansion.errors import CriteriaFileError
from layers.expansion.measures import Measure, MeasureKind
from layers.expansion.ranking_sets import CriteriaSet, criteria_set, parse_criteria

DEFAULT_CRITERIA: Final = "expansion"
_ROUNDING: Final = 1e-6


def criteria_of(workspace: UploadSource, query: RankQuery) -> CriteriaSet:
    """Return the criteria of a comparison: of a set that ships, of a file, or of both.

    Of both all criteria count with the weights that stand there; one in the file takes the
    place of that with the same id.

    Raises
    ------
    UnknownCriteriaError, CriteriaFileError
        No set has this id, or the file has a fault.
    """
    if query.criteria_file is None:
        return criteria_set(query.criteria or DEFAULT_CRITERIA)
    text = read_own_text(query.criteria_file, workspace.limits, CriteriaFileError)
    own = parse_criteria(*text)
    return criteria_set(query.criteria).joined_with(own) if query.criteria else own


def measured_facts(
    workspace: GroundNeeds, chosen: CriteriaSet, plots: Sequence[Plot]
) -> list[dict[str, Fact]]:
    """Return for each site the facts of the criteria that say how they are measured.

    A fact that rests on ground of which nobody can tell is not known: no zero stands for it.

    Raises
    ------
    UnknownKindError, UnknownRasterError
        A measure names a kind or a raster that is none.
    """
    found: list[dict[str, Fact]] = [{} for _ in plots]
    for name, named in chosen.criteria.items():
        if named.measure is None:
            continue
        facts = _facts(workspace, named.measure, plots)
        for own, fact in zip(found, facts, strict=True):
            own[name] = fact
    return found


def _facts(workspace: GroundNeeds, measure: Measure, plots: Sequence[Plot]) -> list[Fact]:
    if measure.raster is not None:
        return [_of_pixels(workspace, measure, measure.raster, plot) for plot in plots]
    assert measure.of is not None  # noqa: S101 - one of both, by its file
    laid = lay_source(workspace, measure.of)
    if laid.reason is not None:
        return [Fact(value=None, reason=laid.reason)] * len(plots)
    return _MEASURES[measure.what](workspace, laid, plots)


def _shares(workspace: GroundNeeds, laid: LaidGround, plots: Sequence[Plot]) -> list[Fact]:
    return [
        Fact(value=share.least_pct)
        if not share.unknown_m2
        else Fact(value=None, reason=share.reason)
        for share in shares_of(workspace, laid, plots)
    ]


def _counts(workspace: GroundNeeds, laid: LaidGround, plots: Sequence[Plot]) -> list[Fact]:
    del workspace
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    owners = shapely.STRtree(laid.meant).query(shapes, predicate="intersects")[0]
    counts = np.bincount(owners, minlength=len(plots))
    return [
        Fact(value=float(count)) if _is_told(laid, plot, 0.0) else _unknown_fact()
        for count, plot in zip(counts, plots, strict=True)
    ]


def _distances(workspace: GroundNeeds, laid: LaidGround, plots: Sequence[Plot]) -> list[Fact]:
    del workspace
    return [_distance(laid, plot) for plot in plots]


def _distance(laid: LaidGround, plot: Plot) -> Fact:
    """Return the distance to the nearest feature, if a nearer one would be known."""
    distance_m = nearest_shape_m(plot.shape, laid.meant)
    if distance_m is None:
        return Fact(value=None, reason="no_features")
    return Fact(value=distance_m) if _is_told(laid, plot, distance_m) else _unknown_fact()


def _is_told(laid: LaidGround, plot: Plot, reach_m: float) -> bool:
    """Return whether layers speak of all ground within a reach of a site."""
    if laid.told is None:
        return False
    around = np.array([plot.shape], dtype=object)
    if reach_m > 0.0:
        around = buffer_lonlat(around, reach_m)
    return float(taken_areas_m2(around, laid.told, outside=True)[0]) < max(
        NOISE_M2, _ROUNDING * plot.area_m2
    )


def _unknown_fact() -> Fact:
    return Fact(value=None, reason="not_covered")


def _of_pixels(workspace: GroundNeeds, measure: Measure, raster_id: str, plot: Plot) -> Fact:
    version = workspace.rasters.get(raster_id)
    shapes = np.array([plot.shape], dtype=object)
    try:
        mosaic = mosaic_at(workspace, version.spec.kind, plot, raster_id)
        grid = lay(workspace, mosaic, shapes).values
    except NoGridOverlapError:
        return Fact(value=None, reason="raster_partial")
    (cover,) = covers(shapes, np.array([plot.area_m2]), grid)
    found, classes = spread(cover, grid), class_areas(cover, grid)
    if found.mean is None or found.unknown_m2 + cover.outside_m2 > _ROUNDING * plot.area_m2:
        return Fact(value=None, reason="raster_partial")
    if measure.what == "mean":
        return Fact(value=found.mean)
    taken_m2 = sum(classes.by_class.get(value, 0.0) for value in measure.values)
    return Fact(value=100.0 * taken_m2 / found.known_m2)


_MEASURES: Final[
    Mapping[MeasureKind, Callable[[GroundNeeds, LaidGround, Sequence[Plot]], list[Fact]]]
] = MappingProxyType({"share": _shares, "count": _counts, "distance": _distances})
