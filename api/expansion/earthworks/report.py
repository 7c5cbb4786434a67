"""Cut and fill of sites from the heights in use, with the error of the heights."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from api.expansion.earthworks.cost import PriceList, cost_of
from api.expansion.ground import Plot, plots_of, refuse_coarse
from api.expansion.mosaic import Laid, Mosaic, lay, mosaic_at
from api.expansion.questions import EarthworksQuestion
from api.expansion.terrain import in_lonlat, problem_of, used_raster
from api.workspace.answers import basis_of, report_out
from api.workspace.needs import RasterNeeds
from geo.errors import AllNoDataError, InputError, PlanningError
from geo.expansion.earthworks import Slopes, Volumes, balance, volumes
from geo.expansion.platform_cells import Cells, platform_cells
from geo.raster.grid import pixel_size_m
from geo.raster.height_errors import error_fields
from geo.raster.refine import Refinement
from geo.raster.zonal import covers
from geo.units import M2_PER_HA, round_as_printed
from layers.expansion.earthworks import EarthworksTerms, earthworks_terms
from layers.model import Progress, ReadOptions
from layers.rasters.errors import WindowTooLargeError
from layers.rasters.model import RasterVersion
from layers.readers import Source
from maps.expansion.earthworks_answers import (
    EarthworksReport,
    ErrorModel,
    PlatformOut,
    SiteEarthworks,
    Span,
    Uncertain,
)

_UNKNOWN: Final = 1e-6
"""Share of a site without heights that is the rounding of its edge."""

Floats = npt.NDArray[np.float64]


class PlatformCountError(InputError):
    """There are not as many elevations as platforms. Params: ``elevations``, ``platforms``."""

    code = "api.earthworks.platform_count"


class UnknownGroundError(InputError):
    """A part of a site has no height. Params: ``site``, ``unknown_ha``, ``raster``."""

    code = "api.earthworks.unknown_ground"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dug:
    """What was computed of a site at its elevations."""

    laid: Laid
    refinement: Refinement
    cells: Cells
    elevations_m: Floats
    found: Volumes
    used: list[RasterVersion]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draws:
    """Volumes under each drawn field of errors, and the elevation that would balance it."""

    cut_m3: Floats
    fill_m3: Floats
    shift_m: Floats


def earthworks_report(
    workspace: RasterNeeds,
    source: Source,
    options: ReadOptions,
    asked: EarthworksQuestion,
    report: Progress,
) -> EarthworksReport:
    """Return the earthworks of each site; one that cannot be computed carries its problem.

    Raises
    ------
    PlanningError
        The input cannot be used as it is, or nothing can be told of any site.
    """
    if asked.elevations_m and len(asked.elevations_m) not in (1, asked.platforms):
        raise PlatformCountError(elevations=len(asked.elevations_m), platforms=asked.platforms)
    read = workspace.read_sites(source, options)
    plots = plots_of(read.features.set_geometry(in_lonlat(read)), "site_id")
    prices = PriceList.of(asked, workspace.settings.data_dir)
    sites, used, first_problem = [], list[RasterVersion](), None
    for done, plot in enumerate(plots):
        report(done, len(plots))
        try:
            dug = _dig(workspace, plot, asked)
        except PlanningError as exc:
            first_problem = first_problem or exc
            sites.append(_refused(plot, exc))
            continue
        used += dug.used
        sites.append(_site(plot, dug, asked, prices))
    if first_problem is not None and not used:
        raise first_problem
    return EarthworksReport(
        basis=basis_of(used),
        balanced=not asked.elevations_m,
        swell=asked.swell,
        cut_slope=asked.cut_slope,
        fill_slope=asked.fill_slope,
        prices=prices.out(),
        price_source=prices.source,
        sites=sites,
        read_report=report_out(read.report),
    )


def _dig(workspace: RasterNeeds, plot: Plot, asked: EarthworksQuestion) -> _Dug:
    """Compute a site, following its slopes farther out until they end."""
    terms = earthworks_terms()
    mosaic = mosaic_at(workspace, "dem", plot, asked.raster)
    mosaic = mosaic.fine(
        plot,
        lambda pixel_m: plot.width_m >= terms.pixels_across * pixel_m,
        partial(refuse_coarse, least=f"1/{terms.pixels_across:g}"),
    )
    steepest = max(asked.cut_slope or 0.0, asked.fill_slope or 0.0)
    reach_m = 2.0 * mosaic.pixel_m
    dug = _at_reach(workspace, plot, mosaic, asked, reach_m)
    while steepest and dug.found.open_slopes and reach_m < terms.reach_m:
        reach_m = min(max(2.0 * reach_m, steepest * _deepest_m(dug)), terms.reach_m)
        dug = _at_reach(workspace, plot, mosaic, asked, reach_m)
    return dug


def _deepest_m(dug: _Dug) -> float:
    inside = dug.cells.site.inside_m2.sum(axis=0) > 0.0
    heights = dug.cells.heights_m[inside]
    return float(heights.max() - heights.min())


def _at_reach(
    workspace: RasterNeeds, plot: Plot, mosaic: Mosaic, asked: EarthworksQuestion, reach_m: float
) -> _Dug:
    terms, slopes = earthworks_terms(), Slopes(cut=asked.cut_slope, fill=asked.fill_slope)
    laid = lay(workspace, mosaic, np.array([plot.shape], dtype=object), reach_m=reach_m)
    heights = laid.values
    if heights.values.size > terms.most_pixels:
        raise WindowTooLargeError(pixels=heights.values.size, most=terms.most_pixels)
    refinement = Refinement(shape=heights.shape, factor=_factor(heights.values.size, terms))
    cells = platform_cells(refinement.grid(heights), plot.shape, plot.area_m2, asked.platforms)
    (cover,) = covers(np.array([plot.shape], dtype=object), np.array([plot.area_m2]), heights)
    if not heights.known.ravel()[cover.cells].any():
        raise AllNoDataError(site=plot.id, raster=laid.raster_ids)
    if cells.unknown_m2 > _UNKNOWN * plot.area_m2:
        unknown_ha = round_as_printed(cells.unknown_m2 / M2_PER_HA, 4)
        raise UnknownGroundError(site=plot.id, unknown_ha=unknown_ha, raster=laid.raster_ids)
    elevations_m = _elevations(cells, asked, slopes)
    return _Dug(
        laid=laid,
        refinement=refinement,
        cells=cells,
        elevations_m=elevations_m,
        found=volumes(cells.site, cells.heights_m, elevations_m, slopes),
        used=laid.used(plot, cover),
    )


def _factor(pixels: int, terms: EarthworksTerms) -> int:
    return max(1, min(terms.most_parts, int(np.sqrt(terms.cells / pixels))))


def _elevations(cells: Cells, asked: EarthworksQuestion, slopes: Slopes) -> Floats:
    if not asked.elevations_m:
        return balance(cells.site, cells.heights_m, asked.swell, slopes)
    return np.broadcast_to(np.array(asked.elevations_m), (asked.platforms,)).astype(np.float64)


def _site(plot: Plot, dug: _Dug, asked: EarthworksQuestion, prices: PriceList) -> SiteEarthworks:
    found = dug.found
    error = _error_model(dug, asked)
    draws = _draw(dug, asked, error) if error else None
    surplus_m3 = found.all_cut_m3 - found.all_fill_m3 / asked.swell
    cost = cost_of(
        prices,
        draws.cut_m3 if draws else np.array([found.all_cut_m3]),
        draws.fill_m3 if draws else np.array([found.all_fill_m3]),
        asked.swell,
        error.interval_pct if error else 100.0,
    )
    return SiteEarthworks(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        width_m=round(plot.width_m, 1),
        problem=None,
        raster=used_raster(dug.used[0]),
        others=[used_raster(version) for version in dug.used[1:]],
        platforms=_platforms(dug),
        cut_m3=round(found.all_cut_m3, 0),
        fill_m3=round(found.all_fill_m3, 0),
        slope_cut_m3=round(found.slope_cut_m3, 0),
        slope_fill_m3=round(found.slope_fill_m3, 0),
        slope_ha=round_as_printed(found.slope_m2 / M2_PER_HA, 4),
        surplus_m3=round(surplus_m3, 0),
        open_slopes=found.open_slopes,
        error=error,
        interval=_interval(draws, asked, error) if draws and error else None,
        cost_cny=cost.span,
        unpriced=cost.unpriced,
    )


def _platforms(dug: _Dug) -> list[PlatformOut]:
    upright = Slopes(cut=None, fill=None)
    rows = []
    for number, elevation_m in enumerate(dug.elevations_m.tolist()):
        inside = dug.cells.site.inside_m2[number : number + 1]
        alone = volumes(
            dug.cells.site.only(number), dug.cells.heights_m, np.array([elevation_m]), upright
        )
        rows.append(
            PlatformOut(
                number=number + 1,
                area_ha=round_as_printed(float(inside.sum()) / M2_PER_HA, 4),
                elevation_m=round(elevation_m, 2),
                cut_m3=round(alone.cut_m3, 0),
                fill_m3=round(alone.fill_m3, 0),
            )
        )
    return rows


def _error_model(dug: _Dug, asked: EarthworksQuestion) -> ErrorModel | None:
    if asked.dem_sd_m is None:
        return None
    terms = earthworks_terms()
    length_m = asked.dem_length_m
    if length_m is None:
        length_m = terms.length_pixels * max(one.facts.pixel_m for one in dug.used)
    return ErrorModel(
        sd_m=asked.dem_sd_m,
        length_m=round(length_m, 1),
        length_stated=asked.dem_length_m is not None,
        draws=terms.draws,
        seed=terms.seed,
        interval_pct=terms.interval_pct,
    )


def _draw(dug: _Dug, asked: EarthworksQuestion, error: ErrorModel) -> _Draws:
    """Compute the volumes under random errors of the heights, at the elevations that stand."""
    grid = dug.laid.values
    width_m, height_m = pixel_size_m(grid)
    middle = grid.shape[0] // 2
    fields = error_fields(
        grid.shape,
        (float(height_m[middle]), float(width_m[middle])),
        error.sd_m,
        error.length_m,
        np.random.default_rng(error.seed),
    )
    slopes = Slopes(cut=asked.cut_slope, fill=asked.fill_slope)
    rows = []
    for _ in range(error.draws):
        heights_m = dug.cells.heights_m + dug.refinement.values(next(fields))
        one = volumes(dug.cells.site, heights_m, dug.elevations_m, slopes)
        net = asked.swell * one.all_cut_m3 - one.all_fill_m3
        rate = asked.swell * one.cut_m2 + one.fill_m2
        rows.append((one.all_cut_m3, one.all_fill_m3, net / rate if rate else 0.0))
    cut_m3, fill_m3, shift_m = np.array(rows).T
    return _Draws(cut_m3=cut_m3, fill_m3=fill_m3, shift_m=shift_m)


def _interval(draws: _Draws, asked: EarthworksQuestion, error: ErrorModel) -> Uncertain:
    def span(values: Floats, decimals: int) -> Span:
        tail = (100.0 - error.interval_pct) / 2.0
        least, most = np.percentile(values, [tail, 100.0 - tail])
        return Span(least=round(float(least), decimals), most=round(float(most), decimals))

    return Uncertain(
        cut_m3=span(draws.cut_m3, 0),
        fill_m3=span(draws.fill_m3, 0),
        surplus_m3=span(draws.cut_m3 - draws.fill_m3 / asked.swell, 0),
        balance_shift_m=span(draws.shift_m, 2),
    )


def _refused(plot: Plot, problem: PlanningError) -> SiteEarthworks:
    return SiteEarthworks(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        width_m=round(plot.width_m, 1),
        problem=problem_of(problem),
    )
