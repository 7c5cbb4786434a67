"""The ground of sites: heights, slopes and land cover, with exact shares of pixels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np

from api.expansion.ground import Plot, batches, narrow, plots_of
from api.expansion.mosaic import Laid, Mosaic, lay, mosaic_at
from api.workspace.answers import basis_of, report_out
from api.workspace.needs import GroundNeeds, RasterNeeds, RasterSource
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from geo.errors import AllNoDataError, InputError, NoGridOverlapError, PlanningError
from geo.measure.crs import GEOGRAPHIC
from geo.model import Grid
from geo.raster.terrain import FLAT, aspect_deg, classify_slopes, slope_deg
from geo.raster.zonal import ClassAreas, Cover, Spread, class_areas, covers, spread
from geo.units import M2_PER_HA, round_as_printed, rounded_to_total
from layers.expansion.suitability import SuitabilityRule
from layers.model import Progress, ReadOptions, SiteFrame, ignore_progress
from layers.rasters.errors import NoRasterError
from layers.rasters.kinds import class_dictionary
from layers.rasters.model import RasterVersion
from layers.readers import Source
from maps.answers import Citation, JsonObject, ReadReportOut, Title
from maps.expansion.ground_answers import (
    CoverShares,
    Ground,
    Range,
    RasterUsed,
    Share,
    SiteProblem,
    SiteTerrain,
    TerrainReport,
)

_DECIMALS: Final = 4
_PCT_DECIMALS: Final = 2
_ASPECTS: Final = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_LEVEL: Final = len(_ASPECTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrainQuery:
    """Whose ground: sites, the rule that grades slopes, and a raster if one is named."""

    plots: Sequence[Plot]
    rule: SuitabilityRule
    raster_id: str | None
    read_report: ReadReportOut | None


class OneGroundError(InputError):
    """The ground of a file or that of a stored layer is asked for: one of the two."""

    code = "api.terrain.one_ground"


def query_of_file(
    workspace: RasterNeeds, source: Source, options: ReadOptions, raster_id: str | None
) -> TerrainQuery:
    """Return the query of sites that a person hands in.

    Raises
    ------
    PlanningError
        The input cannot be used as it is.
    """
    sites = workspace.read_sites(source, options)
    return TerrainQuery(
        plots=plots_of(sites.features.set_geometry(in_lonlat(sites)), "site_id"),
        rule=suitability_rule(workspace, DEFAULT_RULE),
        raster_id=raster_id,
        read_report=report_out(sites.report),
    )


def in_lonlat(sites: SiteFrame) -> gpd.GeoSeries:
    """Return the shapes of sites in EPSG:4490."""
    return gpd.GeoSeries(sites.sites.geometries, crs=GEOGRAPHIC)


def query_of_layer(workspace: GroundNeeds, layer_id: str, raster_id: str | None) -> TerrainQuery:
    """Return the query of the polygons of a stored layer.

    Raises
    ------
    UnknownLayerError, NotPolygonalError
        There is no such layer, or it is not made of polygons.
    """
    loaded = workspace.load(workspace.store.get(layer_id))
    return TerrainQuery(
        plots=plots_of(loaded.features, "feature_id"),
        rule=suitability_rule(workspace, DEFAULT_RULE),
        raster_id=raster_id,
        read_report=None,
    )


def terrain_report(
    workspace: RasterSource, query: TerrainQuery, report: Progress = ignore_progress
) -> TerrainReport:
    """Return what the rasters in use say of each site, in the order of the sites.

    A site of which nothing can be said carries its problem; the others are answered.

    Raises
    ------
    PlanningError
        Nothing can be said of any site: the problem of the first.
    """
    # Heights first, then the cover: each site is two steps.
    total = 2 * len(query.plots)
    grounds = _each(workspace, query, "dem", _grounds, partial(_report, report, 0, total))
    half = partial(_report, report, len(query.plots), total)
    covered = _each(workspace, query, "land_cover", _covers, half)
    if not any(isinstance(one, Ground) for one in grounds.values()):
        raise next(one for one in grounds.values() if isinstance(one, PlanningError))
    return TerrainReport(
        basis=basis_of(_versions(workspace, (*grounds.values(), *covered.values()))),
        citation=Citation(**query.rule.citations["terrain"].model_dump()),
        sites=[_site(plot, grounds[plot.id], covered[plot.id]) for plot in query.plots],
        read_report=query.read_report,
    )


def _versions(
    workspace: RasterSource, answers: Iterable[Ground | CoverShares | PlanningError]
) -> list[RasterVersion]:
    """Return the rasters that answers rest on."""
    told = [one for one in answers if not isinstance(one, PlanningError)]
    labels = {used.label for one in told for used in (one.raster, *one.others)}
    return [one for one in workspace.rasters.current() if one.label in labels]


def used_raster(version: RasterVersion) -> RasterUsed:
    """Return the raster that an answer rests on."""
    spec = version.spec
    title = Title(zh=spec.title_zh, en=spec.title_en)
    return RasterUsed(
        label=version.label, title=title, status=spec.status, pixel_m=version.facts.pixel_m
    )


def problem_of(error: PlanningError) -> SiteProblem:
    """Return an error as the problem of one site."""
    params: JsonObject = dict(error.params)
    return SiteProblem(code=error.code, params=params)


def shares(
    ids: Sequence[str], areas_m2: Sequence[float], site_m2: float, facts: Sequence[JsonObject]
) -> list[Share]:
    """Return areas as hectares and percent, rounded so that the parts keep their sum."""
    hectares = rounded_to_total([area / M2_PER_HA for area in areas_m2], _DECIMALS)
    pcts = rounded_to_total([100.0 * area_m2 / site_m2 for area_m2 in areas_m2], _PCT_DECIMALS)
    return [
        Share(id=name, area_ha=area_ha, pct=pct, **more)
        for name, area_ha, pct, more in zip(ids, hectares, pcts, facts, strict=True)
    ]


Answers = dict[str, Ground | CoverShares | PlanningError]
_Work = Callable[
    [Laid, SuitabilityRule, Sequence[Plot]],
    Iterator[tuple[str, Ground | CoverShares | PlanningError]],
]


def _report(report: Progress, before: int, total: int, done: int) -> None:
    report(before + done, total)


def _each(
    workspace: RasterSource,
    query: TerrainQuery,
    kind: str,
    work: _Work,
    report: Callable[[int], None],
) -> Answers:
    """Answer all sites, mosaic by mosaic and window by window."""
    answers: Answers = {}
    by_mosaic: dict[tuple[tuple[str, ...], ...], tuple[Mosaic, list[Plot]]] = {}
    raster_id = query.raster_id if kind == "dem" else None
    for plot in query.plots:
        report(0)
        try:
            mosaic = mosaic_at(workspace, kind, plot, raster_id)
            mosaic = mosaic.fine(plot, plot.width_m.__ge__, narrow)
        except PlanningError as exc:
            answers[plot.id] = exc
            continue
        by_mosaic.setdefault(mosaic.labels, (mosaic, []))[1].append(plot)
    for mosaic, plots in by_mosaic.values():
        for batch in batches(plots, mosaic.pixel_m):
            report(len(answers))
            shapes = np.array([plot.shape for plot in batch], dtype=object)
            try:
                answers.update(work(lay(workspace, mosaic, shapes), query.rule, batch))
            except NoGridOverlapError:
                for plot in batch:
                    answers[plot.id] = NoGridOverlapError(site=plot.id, raster=mosaic.raster_ids)
    return answers


def _grounds(
    laid: Laid, rule: SuitabilityRule, plots: Sequence[Plot]
) -> Iterator[tuple[str, Ground | PlanningError]]:
    heights, slopes, facing = laid.values, laid.derive(slope_deg), laid.derive(aspect_deg)
    steep = classify_slopes(slopes, rule.land.slope_deg.upper_bounds)
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    areas_m2 = np.array([plot.area_m2 for plot in plots])
    for plot, cover in zip(plots, covers(shapes, areas_m2, heights), strict=True):
        high = spread(cover, heights)
        if not cover.cells.size:
            yield plot.id, NoGridOverlapError(site=plot.id, raster=laid.raster_ids)
        elif high.mean is None:
            yield plot.id, AllNoDataError(site=plot.id, raster=laid.raster_ids)
        else:
            used = laid.used(plot, cover)
            pixel_m = max(version.facts.pixel_m for version in used)
            classes, outside_m2 = class_areas(cover, steep), laid.outside_m2(cover)
            yield (
                plot.id,
                Ground(
                    raster=used_raster(used[0]),
                    others=[used_raster(version) for version in used[1:]],
                    fit=_fit(plot.width_m / pixel_m, rule),
                    elevation_m=_range(high),
                    relief_m=_difference(high),
                    slope_deg=_range(spread(cover, slopes)),
                    slope_shares=_slope_shares(classes, rule, plot),
                    aspect_shares=_aspect_shares(cover, facing, plot),
                    unknown_ha=_ha(_within(classes.unknown_m2, cover, outside_m2)),
                    outside_ha=_ha(outside_m2),
                ),
            )


def _fit(pixels_across: float, rule: SuitabilityRule) -> str:
    """Return what pixels are good for, by how many lie across a site."""
    if pixels_across < rule.least_pixels_across:
        return "overview"
    return "coarse" if pixels_across < rule.fine_pixels_across else "scoring"


def _within(unknown_m2: float, cover: Cover, outside_m2: float) -> float:
    """Return the unknown ground on which a raster lies."""
    return max(unknown_m2 - (outside_m2 - cover.outside_m2), 0.0)


def _covers(
    laid: Laid, _: SuitabilityRule, plots: Sequence[Plot]
) -> Iterator[tuple[str, CoverShares | PlanningError]]:
    grid = laid.values
    known = class_dictionary(laid.sheets[0].facts.classes or "")
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    areas_m2 = np.array([plot.area_m2 for plot in plots])
    for plot, cover in zip(plots, covers(shapes, areas_m2, grid), strict=True):
        found = class_areas(cover, grid)
        if not found.by_class:
            yield plot.id, AllNoDataError(site=plot.id, raster=laid.raster_ids)
            continue
        used, outside_m2 = laid.used(plot, cover), laid.outside_m2(cover)
        codes = sorted(found.by_class, key=lambda code: -found.by_class[code])
        entries = [known.classes[code] for code in codes]
        yield (
            plot.id,
            CoverShares(
                raster=used_raster(used[0]),
                others=[used_raster(version) for version in used[1:]],
                classes=known.id,
                shares=shares(
                    [str(code) for code in codes],
                    [found.by_class[code] for code in codes],
                    plot.area_m2,
                    [_named(Title(zh=one.title_zh, en=one.title_en), one.group) for one in entries],
                ),
                unknown_ha=_ha(_within(found.unknown_m2, cover, outside_m2)),
                outside_ha=_ha(outside_m2),
            ),
        )


def _site(
    plot: Plot,
    ground: Ground | CoverShares | PlanningError,
    cover: Ground | CoverShares | PlanningError,
) -> SiteTerrain:
    errors = {"dem": ground, "land_cover": cover}
    missing = [
        kind for kind, one in errors.items() if isinstance(one, (NoRasterError, NoGridOverlapError))
    ]
    return SiteTerrain(
        id=plot.id,
        name=plot.name,
        area_ha=_ha(plot.area_m2),
        width_m=round(plot.width_m, 1),
        problem=problem_of(ground) if isinstance(ground, PlanningError) else None,
        ground=ground if isinstance(ground, Ground) else None,
        cover=cover if isinstance(cover, CoverShares) else None,
        missing=missing,
        cover_problem=(
            problem_of(cover)
            if isinstance(cover, PlanningError) and "land_cover" not in missing
            else None
        ),
    )


def _slope_shares(found: ClassAreas, rule: SuitabilityRule, plot: Plot) -> list[Share]:
    steps = rule.land.slope_deg
    lower, upper = (0.0, *steps.upper_bounds), (*steps.upper_bounds, None)
    facts: list[JsonObject] = [
        {"name": None, "lower": low, "upper": high, "group": None, "grade": grade}
        for low, high, grade in zip(lower, upper, steps.grades, strict=True)
    ]
    areas_m2 = [found.by_class.get(at, 0.0) for at in range(len(facts))]
    ids = [f"slope_{at + 1}" for at in range(len(facts))]
    return shares(ids, areas_m2, plot.area_m2, facts)


def _aspect_shares(cover: Cover, facing: Grid, plot: Plot) -> list[Share]:
    """Return the shares of eight sides, each 45 degrees wide round its direction."""
    sides = np.floor((facing.values + 22.5) / 45.0) % len(_ASPECTS)
    sides[facing.values == FLAT] = _LEVEL
    found = class_areas(cover, replace(facing, values=sides, unit="class"))
    ids = [f"aspect_{name}" for name in (*_ASPECTS, "level")]
    areas_m2 = [found.by_class.get(at, 0.0) for at in range(len(ids))]
    return shares(ids, areas_m2, plot.area_m2, [_named(None)] * len(ids))


def _named(name: Title | None, group: str | None = None) -> JsonObject:
    return {"name": name, "lower": None, "upper": None, "group": group, "grade": None}


def _difference(found: Spread) -> float | None:
    if found.most is None or found.least is None:
        return None
    return round(found.most - found.least, 2)


def _range(found: Spread) -> Range:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 2)

    return Range(least=rounded(found.least), mean=rounded(found.mean), most=rounded(found.most))


def _ha(area_m2: float) -> float:
    return round_as_printed(area_m2 / M2_PER_HA, _DECIMALS)
