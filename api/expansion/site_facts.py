"""Facts of sites for their comparison, each with the reason where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.check.hard_lines import HardLine, hard_lines
from api.expansion.cell_ground import elevations_over
from api.expansion.constraints.slope_shares import slopes_under
from api.expansion.ground import Plot
from api.expansion.search_area import polygons_of
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery
from api.workspace.needs import ControlLayers, GroundNeeds, RasterSource
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from geo.check.nearest import grown_bounds
from geo.errors import CoarseGridError
from geo.expansion.shape import Shape, nearest_place_m, nearest_shape_m, shape_of
from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal
from geo.measure.width import largest_width_m
from geo.model import Relation, Sites, Verdict
from geo.units import M2_PER_HA
from layers.expansion.siting import siting_terms
from layers.rasters.model import RasterVersion
from maps.check.answers import SiteResult
from maps.expansion.suitability_answers import SiteSuitability

_WHOLE_PCT: Final = 100.0 - 1e-6
_SLOPES: Final = ("slope_mean_deg", "steep_share_pct")
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number, or the reason as a code why it is not known, with its bounds if there are any."""

    value: float | None
    reason: str | None = None
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """All facts of one site.

    ``clear_m2`` is its ground that no hard line forbids, ``clear_width_m`` the width of that.
    A site that lies on a line has the area that an avoidance leaves.
    """

    site: SiteResult
    geometry: shapely.Geometry
    facts: Mapping[str, Fact]
    clear_m2: float
    clear_width_m: float
    elevations: tuple[RasterVersion, ...]


def plots_of_sites(sites: Sites) -> list[Plot]:
    """Return sites as plots, in their order."""
    return [
        Plot(id=own, shape=geometry, area_m2=float(area_m2), width_m=shape_of(geometry).width_m)
        for own, geometry, area_m2 in zip(sites.ids, sites.geometries, sites.areas_m2, strict=True)
    ]


def facts_of_sites(
    workspace: GroundNeeds,
    plots: Sequence[Plot],
    results: Sequence[SiteResult],
    places: npt.NDArray[np.float64],
) -> list[SiteFacts]:
    """Return the facts of checked sites.

    Parameters
    ----------
    workspace : Workspace
        The store and the day.
    plots : sequence of Plot
        The sites.
    results : sequence of SiteResult
        What a check says of each.
    places : array of float, shape (n, 2)
        Longitude and latitude of the points that sites shall be near to; may be empty.
    """
    districts = polygons_of(workspace, "district")
    shapes = [shape_of(plot.shape) for plot in plots]
    points = _suitability(workspace, plots)
    return [
        _facts(workspace, (site, plot, shape), districts, places, fact)
        for site, plot, shape, fact in zip(results, plots, shapes, points, strict=True)
    ]


def _suitability(workspace: GroundNeeds, plots: Sequence[Plot]) -> list[Fact]:
    """Return the points of suitability of each site, where nothing of them is open."""
    query = TerrainQuery(
        plots=plots,
        rule=suitability_rule(workspace, DEFAULT_RULE),
        raster_id=None,
        read_report=None,
    )
    return [_points(site) for site in suitability_report(workspace, query).sites]


def _points(site: SiteSuitability) -> Fact:
    if site.problem is not None:
        coarse = site.problem.code == CoarseGridError.code
        return Fact(value=None, reason="raster_too_coarse" if coarse else "no_terrain")
    if site.score is None:
        return Fact(value=None, reason="terrain_partial")
    bounds = site.score.least, site.score.most
    if site.score.judged_pct < _WHOLE_PCT:
        return Fact(value=None, reason="terrain_partial", bounds=bounds)
    if site.coarse:
        return Fact(value=None, reason="raster_coarse", bounds=bounds)
    return Fact(value=site.score.points)


def _facts(
    workspace: GroundNeeds,
    asked: tuple[SiteResult, Plot, Shape],
    districts: npt.NDArray[Any],
    places: npt.NDArray[np.float64],
    suitability: Fact,
) -> SiteFacts:
    (site, plot, shape), geometry = asked, asked[1].shape
    clear = _clear_ground(workspace, geometry)
    left = np.array([clear], dtype=object)
    clear_m2 = float(area_lonlat_m2(left)[0])
    on_lines = site.verdict == Verdict.CONFLICT
    elevations = elevations_over(workspace, geometry)
    facts = {
        "area_ha": Fact(value=(clear_m2 if on_lines else site.area_m2) / M2_PER_HA),
        "compactness": Fact(value=shape.compactness),
        "clear_share_pct": _bounded(site, min(100.0 * clear_m2 / shape.area_m2, 100.0)),
        "hard_line_m": Fact(value=0.0) if on_lines else _nearest_line(site),
        "district_km": _km(nearest_shape_m(geometry, districts), "no_districts"),
        "point_km": _km(nearest_place_m(geometry, places) if len(places) else None, "no_places"),
        "suitability_points": suitability,
        **_slopes(workspace, plot, elevations),
    }
    return SiteFacts(
        site=site,
        geometry=geometry,
        facts=facts,
        clear_m2=clear_m2,
        clear_width_m=largest_width_m(left) if on_lines else shape.width_m,
        elevations=elevations,
    )


def _clear_ground(workspace: ControlLayers, geometry: shapely.Geometry) -> shapely.Geometry:
    around = shapely.box(*grown_bounds(geometry.bounds, siting_terms().margin_m))
    lines: tuple[HardLine, ...] = hard_lines(workspace, around).lines
    forbidden = np.concatenate([*(line.forbidden for line in lines), np.array([], dtype=object)])
    left = shapely.difference(geometry, shapely.union_all(forbidden))
    return polygonal(np.array([left], dtype=object))[0]


def _nearest_line(site: SiteResult) -> Fact:
    known = [
        finding.nearest_m
        for finding in site.findings
        if finding.relation == Relation.MUST_NOT_OVERLAP and finding.nearest_m is not None
    ]
    return _bounded(site, min(known)) if known else Fact(value=None, reason="no_lines")


def _bounded(site: SiteResult, most: float) -> Fact:
    """Return a fact of hard lines: at most that, where what one of them says is not known."""
    hard = (one for one in site.findings if one.relation != Relation.IMPOSES_CONDITIONS)
    if any(one.verdict == Verdict.UNDETERMINED for one in hard):
        return Fact(value=None, reason="lines_untold", bounds=(0.0, most))
    return Fact(value=most)


def _km(distance_m: float | None, reason: str) -> Fact:
    if distance_m is None:
        return Fact(value=None, reason=reason)
    return Fact(value=distance_m / 1000.0)


def _slopes(
    workspace: RasterSource, plot: Plot, elevations: Sequence[RasterVersion]
) -> dict[str, Fact]:
    """Return the mean slope and the share that is steep, by exact shares of pixels."""
    if not elevations:
        return dict.fromkeys(_SLOPES, Fact(value=None, reason="no_terrain"))
    found = slopes_under(workspace, plot, siting_terms().steep_deg)
    if isinstance(found, str):
        return dict.fromkeys(_SLOPES, Fact(value=None, reason=found))
    if found.mean_deg is None or found.unknown_m2 > _ROUNDING * plot.area_m2:
        return dict.fromkeys(_SLOPES, Fact(value=None, reason="terrain_partial"))
    share_pct = 100.0 * found.steep_m2 / found.known_m2
    return dict(zip(_SLOPES, (Fact(value=found.mean_deg), Fact(value=share_pct)), strict=True))
