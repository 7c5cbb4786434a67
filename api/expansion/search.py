"""Search an area for ground that keeps all constraints, and say what took the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from api.check.hard_lines import HardLine, HardLines, find_common_coverage, hard_lines
from api.check.sites import check_made_sites
from api.expansion.avoid import brief_check
from api.expansion.cell_ground import CellGround, elevations_over, ground_of_cells
from api.expansion.questions import SearchQuery
from api.expansion.search_area import Area, polygons_of
from api.workspace.answers import basis_of, geojson
from api.workspace.needs import CheckNeeds, GroundNeeds, RasterSource, SiteNeeds
from geo.check.nearest import grown_bounds
from geo.expansion.free_ground import Constraint, Step, apply_constraints, measure_km2
from geo.expansion.search import Parcel, ParcelTerms, draw_parcels, order_by_place
from geo.expansion.shape import nearest_place_m, shape_of
from geo.expansion.suitability import UNKNOWN
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import local_plane
from geo.measure.necks import from_plane, to_plane
from geo.raster.errors import AreaTooSmallError, CellTooWideError, TooManyCellsError
from geo.raster.isolines import ground_up_to, known_ground
from geo.raster.lattice import Lattice, lattice_over, mean_inside
from geo.units import M2_PER_HA, M2_PER_KM2, m2_to_mu
from layers.expansion.siting import SitingTerms, siting_terms
from layers.model import LayerVersion, Progress
from layers.rasters.model import RasterVersion
from layers.readers.made import DECIMALS
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.expansion.answers import CandidateOut, FunnelStep, SearchReport

_CIRCLE: Final = 64
"""Corners of a quarter of a circle of a distance: the circle loses 0.02 % of its area."""
_KEPT: Final = 1.02
"""GEOS draws outlines around shapes to a hundredth of their distance; all of it is to be kept."""
_STRAIGHT_M: Final = 200.0
"""An edge of this length leaves its line by less than a millimetre when it comes to lon/lat."""
_ROUNDING_LONLAT: Final = 2e-9
"""Corners nearer to a straight edge than a fifth of a millimetre say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The area of a search in its plane, with everything that is laid over it."""

    plane: CRS
    area: Area
    flat: shapely.Geometry
    hard: HardLines
    cells: CellGround | None
    districts: npt.NDArray[Any]
    lakes: npt.NDArray[Any]
    places: npt.NDArray[Any]
    margin_m: float


def search_sites(
    workspace: SiteNeeds, area: Area, query: SearchQuery, progress: Progress
) -> SearchReport:
    """Return candidates for expansion in an area: the largest of each piece of free ground first.

    Free ground is found exactly, by shapes; only slope and grade come from cells. Every
    candidate has been checked by the product's own check: none lies on a hard line.

    Raises
    ------
    SearchError
        Cells of heights are too many or too large for the width, or the area too small.
    PlanningError
        Raised by ``progress`` to stop the work.
    """
    terms = siting_terms()
    ground = _ground(workspace, area, query, terms)
    total = len(ground.hard.lines) + 10
    funnel: list[FunnelStep] = []
    left, titles = ground.flat, _titles(ground.hard)
    for step, free in apply_constraints(ground.flat, _constraints(ground, query), ground.plane):
        progress(len(funnel), total, step.reason)
        funnel.append(_step_out(step, titles))
        left = free
    drawn = _parcels(ground, left, query, funnel, lambda: progress(total - 2, total, "width"))
    parcels = order_by_place(drawn)
    progress(total - 1, total, "check")
    kept = _candidates(workspace, ground, parcels[: terms.most_candidates], query, funnel)
    used: list[LayerVersion | RasterVersion] = [line.version for line in ground.hard.lines]
    used += ground.cells.used if ground.cells else ()
    return SearchReport(
        area_name=area.name,
        area_km2=_area_m2(area.geometry) / M2_PER_KM2,
        cell_m=None if ground.cells is None else ground.cells.lattice.cell_m,
        constraints=query.model_dump(include=set(SearchQuery.model_fields)),
        margin_m=ground.margin_m,
        terms_quality=terms.quality,
        terms_note=Title(zh=terms.note_zh, en=terms.note_en),
        missing_factors=_missing_factors(workspace, ground, query),
        funnel=funnel,
        untold=list(ground.hard.untold),
        nothing_because=None if kept else _last_taken(funnel, query.least_ha),
        candidates=kept,
        left_out=max(len(parcels) - terms.most_candidates, 0),
        layers=sorted({_label(version) for version in used}),
        basis=basis_of(used),
    )


def _missing_factors(workspace: RasterSource, ground: _Ground, query: SearchQuery) -> list[str]:
    """Return the factors that grades rest on without; heights, where official ones are gone."""
    if ground.cells is None:
        return ["dem"] if workspace.rasters.missing("dem") else []
    return list(ground.cells.missing) if query.grade else []


def _ground(workspace: GroundNeeds, area: Area, query: SearchQuery, terms: SitingTerms) -> _Ground:
    if _area_m2(area.geometry) < query.least_ha * M2_PER_HA:
        raise AreaTooSmallError(least_ha=query.least_ha)
    plane = local_plane(area.geometry.centroid.x)
    (flat,) = to_plane(np.array([area.geometry], dtype=object), plane)
    # A margin is kept from lines beyond the area, too.
    hard = hard_lines(workspace, shapely.box(*grown_bounds(area.geometry.bounds, terms.reach_m)))
    known = [line.version.spec.precision_m for line in hard.lines]
    return _Ground(
        plane=plane,
        area=area,
        flat=flat,
        hard=hard,
        cells=_cells(workspace, area, query, terms),
        districts=to_plane(polygons_of(workspace, "district"), plane),
        lakes=to_plane(polygons_of(workspace, "lake"), plane),
        places=np.array([(one.lon, one.lat) for one in query.places]).reshape(-1, 2),
        margin_m=terms.margin_for(max((p for p in known if p is not None), default=None)),
    )


def _cells(
    workspace: GroundNeeds, area: Area, query: SearchQuery, terms: SitingTerms
) -> CellGround | None:
    """Return slope and grade of the area; None where nobody asks and no heights are at hand."""
    asked = query.slope_deg is not None or query.grade is not None
    elevations = elevations_over(workspace, area.geometry)
    if not asked and not elevations:
        return None
    try:
        lattice = _lattice(area, elevations, query, terms)
    except TooManyCellsError:
        if asked:
            raise
        return None
    if asked and query.width_m < terms.cells_across * lattice.cell_m:
        raise CellTooWideError(cell_m=lattice.cell_m, limit=terms.cells_across)
    # Values run from centre to centre: those around the area count for its edge.
    return ground_of_cells(
        workspace, lattice.extend(1), area.geometry, graded=query.grade is not None
    )


def _lattice(
    area: Area, elevations: Sequence[RasterVersion], query: SearchQuery, terms: SitingTerms
) -> Lattice:
    """Return cells as fine as the heights; larger ones, if asked for, where these are too many."""
    finest = min((one.facts.pixel_m for one in elevations), default=terms.cell_m)
    cell_m = max(finest, terms.cell_m)
    try:
        return lattice_over(area.geometry, cell_m)
    except TooManyCellsError:
        if query.cell_m is None or query.cell_m <= cell_m:
            raise
        return lattice_over(area.geometry, query.cell_m)


def _constraints(ground: _Ground, query: SearchQuery) -> Iterator[Constraint]:
    """Yield what ground must keep: cheap and certain constraints first."""
    stated = find_common_coverage(ground.hard.kinds)
    if stated is not None:
        yield Constraint(reason="unstated", shapes=to_plane(stated, ground.plane), inside=True)
    yield Constraint(reason="existing", shapes=ground.districts)
    yield Constraint(reason="water", shapes=ground.lakes)
    for line in ground.hard.lines:
        forbidden = to_plane(line.forbidden, ground.plane)
        yield Constraint(reason=line.id, shapes=_around(forbidden, _KEPT * ground.margin_m))
    if ground.cells is not None:
        yield from _cell_constraints(ground.cells, query)
    if query.district_km is not None:
        near = _around(ground.districts, 1000.0 * query.district_km)
        yield Constraint(reason="district", shapes=near, inside=True)
    if query.place_km is not None and len(ground.places):
        points = to_plane(shapely.points(ground.places), ground.plane)
        near = _around(points, 1000.0 * query.place_km)
        yield Constraint(reason="place", shapes=near, inside=True)


def _cell_constraints(cells: CellGround, query: SearchQuery) -> Iterator[Constraint]:
    if query.slope_deg is not None:
        known = known_ground(cells.lattice, ~np.isnan(cells.slope_deg))
        yield Constraint(reason="slope_unknown", shapes=known, inside=True)
        gentle = ground_up_to(cells.lattice, cells.slope_deg, query.slope_deg)
        yield Constraint(reason="slope", shapes=gentle, inside=True)
    if query.grade is not None and cells.grade is not None:
        known = known_ground(cells.lattice, cells.grade != UNKNOWN)
        yield Constraint(reason="grade_unknown", shapes=known, inside=True)
        good = ground_up_to(cells.lattice, np.where(cells.grade > query.grade, 1.0, 0.0), 0.5)
        yield Constraint(reason="grade", shapes=good, inside=True)


def _around(shapes: npt.NDArray[Any], distance_m: float) -> npt.NDArray[Any]:
    grown: npt.NDArray[Any] = shapely.buffer(shapes, distance_m, quad_segs=_CIRCLE)
    return grown


def _parcels(
    ground: _Ground,
    free: shapely.Geometry,
    query: SearchQuery,
    funnel: list[FunnelStep],
    alive: Callable[[], None],
) -> list[Parcel]:
    alive()
    terms = ParcelTerms(
        least_m2=query.least_ha * M2_PER_HA,
        most_m2=None if query.most_ha is None else query.most_ha * M2_PER_HA,
        width_m=query.width_m,
        compactness=query.compactness,
    )
    drawn = []
    for parcel in draw_parcels(free, terms, ground.plane):
        alive()
        drawn.append(parcel)
    by_reason = {
        reason: sum(measure_km2(one.shape, ground.plane) for one in drawn if one.unmet == reason)
        for reason in ("small", "ragged", None)
    }
    _append(funnel, "width", funnel[-1].left_km2 - sum(by_reason.values()))
    _append(funnel, "small", by_reason["small"])
    _append(funnel, "ragged", by_reason["ragged"])
    return [one for one in drawn if one.unmet is None]


def _candidates(
    workspace: CheckNeeds,
    ground: _Ground,
    parcels: Sequence[Parcel],
    query: SearchQuery,
    funnel: list[FunnelStep],
) -> list[CandidateOut]:
    shapes = [_outline(one.shape, ground.plane) for one in parcels]
    cut_km2 = sum(measure_km2(one.shape, ground.plane) for one in parcels)
    _append(funnel, "edges", cut_km2 - sum(map(_area_m2, shapes)) / M2_PER_KM2)
    if not shapes:
        _append(funnel, "check", 0.0)
        return []
    named = {f"C{number:03d}": shape for number, shape in enumerate(shapes, start=1)}
    result = check_made_sites(workspace, named, "candidates", query.nature)
    rows = list(zip(parcels, shapes, result.sites, strict=True))
    bad_m2 = sum(_area_m2(shape) for _, shape, site in rows if site.verdict == "conflict")
    _append(funnel, "check", bad_m2 / M2_PER_KM2)
    return [
        _candidate(ground, parcel, shape, (result.id, site))
        for parcel, shape, site in rows
        if site.verdict != "conflict"
    ]


def _outline(shape: shapely.Geometry, plane: CRS) -> shapely.Geometry:
    """Return a parcel in lon/lat, without corners on straight edges."""
    drawn = from_plane(shapely.segmentize(shape, _STRAIGHT_M), plane)
    return shapely.simplify(drawn, _ROUNDING_LONLAT)


def _candidate(
    ground: _Ground, parcel: Parcel, outline: shapely.Geometry, checked: tuple[str, SiteResult]
) -> CandidateOut:
    shape, cells = shape_of(outline), ground.cells
    slope_deg = None if cells is None else mean_inside(cells.lattice, cells.slope_deg, parcel.shape)
    return CandidateOut(
        site_id=checked[1].site_id,
        ground=parcel.piece,
        area_m2=shape.area_m2,
        area_mu=m2_to_mu(shape.area_m2),
        width_m=shape.width_m,
        compactness=shape.compactness,
        district_km=_km(_nearest_m(parcel.shape, ground.districts)),
        point_km=_km(nearest_place_m(outline, ground.places) if len(ground.places) else None),
        slope_mean_deg=slope_deg,
        check=brief_check(*checked),
        geometry=geojson(outline, DECIMALS),
    )


def _nearest_m(flat: shapely.Geometry, shapes: npt.NDArray[Any]) -> float | None:
    return float(shapely.distance(flat, shapes).min()) if len(shapes) else None


def _km(distance_m: float | None) -> float | None:
    return None if distance_m is None else distance_m / 1000.0


def _append(funnel: list[FunnelStep], reason: str, removed_km2: float) -> None:
    left = funnel[-1].left_km2 if funnel else 0.0
    funnel.append(
        FunnelStep(
            reason=reason,
            title=None,
            removed_km2=removed_km2,
            alone_km2=None,
            left_km2=left - removed_km2,
        )
    )


def _step_out(step: Step, titles: Mapping[str, tuple[str, Title]]) -> FunnelStep:
    reason, title = titles.get(step.reason, (step.reason, None))
    return FunnelStep(
        reason=reason,
        title=title,
        removed_km2=step.removed_km2,
        alone_km2=step.alone_km2,
        left_km2=step.left_km2,
    )


def _titles(hard: HardLines) -> dict[str, tuple[str, Title]]:
    """Return by line the rule and the layer's title, with the rule where it has several."""
    layers = [line.version.layer_id for line in hard.lines]

    def title(line: HardLine) -> Title:
        spec = line.version.spec
        if layers.count(line.version.layer_id) < 2:
            return Title(zh=spec.title_zh, en=spec.title_en)
        zh, en = (name or line.rule.id for name in (line.rule.name_zh, line.rule.name_en))
        return Title(zh=f"{spec.title_zh} · {zh}", en=f"{spec.title_en} · {en}")

    return {line.id: (line.rule.id, title(line)) for line in hard.lines}


def _last_taken(funnel: Sequence[FunnelStep], least_ha: float) -> str | None:
    """Return the constraint after which not enough ground was left for one site."""
    least_km2 = least_ha * M2_PER_HA / M2_PER_KM2
    return next((one.reason for one in funnel if one.left_km2 < least_km2), None)


def _area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def _label(version: LayerVersion | RasterVersion) -> str:
    return f"{version.spec.id}@{version.number}"
