"""Search an area for ground that keeps all constraints, and say what took the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.check.hard_lines import HardLine, HardLines, find_common_coverage, hard_lines
from api.check.sites import check_made_sites
from api.expansion.avoid import brief_check
from api.expansion.cell_ground import CellGround, elevations_over, ground_of_cells
from api.expansion.questions import SearchQuery
from api.expansion.search_area import Area, polygons_of
from api.workspace.answers import basis_of, geojson
from api.workspace.needs import CheckNeeds, GroundNeeds, RasterSource, SiteNeeds
from geo.expansion.search import (
    ParcelTerms,
    Step,
    apply_constraints,
    drawn_parcels,
    keep_wide_cells,
    patches,
)
from geo.expansion.shape import nearest_place_m, nearest_shape_m, shape_of
from geo.expansion.suitability import UNKNOWN
from geo.measure.area import area_lonlat_m2
from geo.measure.necks import to_plane
from geo.raster.errors import AreaTooSmallError, CellTooWideError
from geo.raster.lattice import (
    Lattice,
    Mask,
    cells_within_m,
    covered_cells,
    lattice_over,
    mean_inside,
    touched_cells,
)
from geo.units import M2_PER_HA, M2_PER_KM2, m2_to_mu
from layers.expansion.siting import SitingTerms, siting_terms
from layers.model import LayerVersion, Progress
from layers.rasters.model import RasterVersion
from layers.readers.made import DECIMALS
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.expansion.answers import CandidateOut, FunnelStep, SearchReport


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The cells of a search with everything that is laid over them."""

    lattice: Lattice
    area: Area
    hard: HardLines
    cells: CellGround | None
    districts: npt.NDArray[Any]
    lakes: npt.NDArray[Any]
    places: npt.NDArray[Any]
    margin_m: float


def search_sites(
    workspace: SiteNeeds, area: Area, query: SearchQuery, progress: Progress
) -> SearchReport:
    """Return candidates for expansion in an area, largest first.

    Every candidate has been checked by the product's own check: none lies on a hard line.

    Raises
    ------
    SearchError
        The cells are too many or too large for the width, or the area too small for a site.
    PlanningError
        Raised by ``progress`` to stop the work.
    """
    terms = siting_terms()
    ground = _ground(workspace, area, query, terms)
    total = len(ground.hard.lines) + 10
    funnel: list[FunnelStep] = []
    start = covered_cells(ground.lattice, _flat(area.geometry, ground.lattice))
    left, titles = start, _titles(ground.hard)
    for step, cells in apply_constraints(ground.lattice, start, _blocks(ground, query)):
        progress(len(funnel), total, step.reason)
        funnel.append(_step_out(step, titles))
        left = cells
    parcels = _parcels(ground, left, query, funnel, lambda: progress(total - 2, total, "width"))
    progress(total - 1, total, "check")
    ordered = sorted(parcels, key=_area_m2, reverse=True)
    kept = _candidates(workspace, ground, ordered[: terms.most_candidates], query, funnel)
    used: list[LayerVersion | RasterVersion] = [line.version for line in ground.hard.lines]
    used += ground.cells.used if ground.cells else ()
    return SearchReport(
        area_name=area.name,
        area_km2=float(area_lonlat_m2(np.array([area.geometry], dtype=object))[0]) / M2_PER_KM2,
        cell_m=ground.lattice.cell_m,
        constraints=_constraints(query),
        margin_m=ground.margin_m,
        terms_quality=terms.quality,
        terms_note=Title(zh=terms.note_zh, en=terms.note_en),
        missing_factors=_missing_factors(workspace, ground, query),
        funnel=funnel,
        untold=list(ground.hard.untold),
        nothing_because=None if kept else _last_taken(funnel, query.least_ha),
        candidates=kept,
        left_out=max(len(ordered) - terms.most_candidates, 0),
        layers=sorted({_label(version) for version in used}),
        basis=basis_of(used),
    )


def _missing_factors(workspace: RasterSource, ground: _Ground, query: SearchQuery) -> list[str]:
    """Return the factors that grades rest on without; heights, where official ones are gone."""
    if ground.cells is None:
        return ["dem"] if workspace.rasters.missing("dem") else []
    return list(ground.cells.missing) if query.grade else []


def _ground(workspace: GroundNeeds, area: Area, query: SearchQuery, terms: SitingTerms) -> _Ground:
    cell_m = terms.cell_m if query.cell_m is None else query.cell_m
    if query.width_m < terms.cells_across * cell_m:
        raise CellTooWideError(cell_m=cell_m, limit=terms.cells_across)
    if _area_m2(area.geometry) < query.least_ha * M2_PER_HA:
        raise AreaTooSmallError(least_ha=query.least_ha)
    lattice = lattice_over(area.geometry, cell_m)
    hard = hard_lines(workspace, shapely.box(*area.geometry.bounds))
    known = [line.version.spec.precision_m for line in hard.lines]
    elevations = elevations_over(workspace, area.geometry)
    wanted = bool(elevations) or query.slope_deg is not None or query.grade is not None
    return _Ground(
        lattice=lattice,
        area=area,
        hard=hard,
        cells=ground_of_cells(workspace, lattice, area.geometry) if wanted else None,
        districts=polygons_of(workspace, "district"),
        lakes=polygons_of(workspace, "lake"),
        places=np.array([(one.lon, one.lat) for one in query.places]).reshape(-1, 2),
        margin_m=terms.margin_for(max((p for p in known if p is not None), default=None)),
    )


def _blocks(ground: _Ground, query: SearchQuery) -> Iterator[tuple[str, Mask]]:
    """Yield by reason the cells that are out: cheap and certain constraints first."""
    lattice = ground.lattice
    stated = find_common_coverage(ground.hard.kinds)
    if stated is not None:
        yield "unstated", ~covered_cells(lattice, to_plane(stated, lattice.plane))
    yield "existing", touched_cells(lattice, to_plane(ground.districts, lattice.plane))
    yield "water", touched_cells(lattice, to_plane(ground.lakes, lattice.plane))
    for line in ground.hard.lines:
        yield line.id, touched_cells(lattice, to_plane(line.forbidden, lattice.plane))
    if ground.cells is not None:
        yield from _ground_blocks(ground.cells, query)
    if query.district_km is not None:
        near = to_plane(ground.districts, lattice.plane)
        yield "district", ~_near(lattice, near, 1000.0 * query.district_km)
    if query.place_km is not None and len(ground.places):
        points = to_plane(shapely.points(ground.places), lattice.plane)
        yield "place", ~cells_within_m(lattice, points, 1000.0 * query.place_km)


def _ground_blocks(cells: CellGround, query: SearchQuery) -> Iterator[tuple[str, Mask]]:
    if query.slope_deg is not None:
        yield "slope_unknown", np.isnan(cells.slope_deg)
        with np.errstate(invalid="ignore"):
            yield "slope", cells.slope_deg > query.slope_deg
    if query.grade is not None:
        yield "grade_unknown", cells.grade == UNKNOWN
        yield "grade", cells.grade > query.grade


def _near(lattice: Lattice, shapes: npt.NDArray[Any], most_m: float) -> Mask:
    """Return the cells near polygons, also those that lie beyond the area that is searched."""
    grown = shapely.buffer(shapes, most_m)
    return covered_cells(lattice, grown) if len(shapes) else np.zeros(lattice.shape, dtype=bool)


def _parcels(
    ground: _Ground,
    free: Mask,
    query: SearchQuery,
    funnel: list[FunnelStep],
    alive: Callable[[], None],
) -> list[shapely.Geometry]:
    alive()
    lattice, least_m2 = ground.lattice, query.least_ha * M2_PER_HA
    wide = keep_wide_cells(lattice, free, query.width_m)
    _append(funnel, "width", lattice.km2(int(free.sum()) - int(wide.sum())))
    found = patches(lattice, wide, least_m2)
    in_patches = sum(patch.area for patch in found)
    _append(funnel, "patch_area", lattice.km2(int(wide.sum())) - in_patches / M2_PER_KM2)
    terms = ParcelTerms(
        least_m2=least_m2,
        most_m2=None if query.most_ha is None else query.most_ha * M2_PER_HA,
        width_m=query.width_m,
        compactness=query.compactness,
        margin_m=ground.margin_m,
    )
    kept, removed_m2 = [], dict.fromkeys(("narrow", "small", "ragged"), 0.0)
    for patch in found:
        alive()
        for parcel, why in drawn_parcels(lattice, patch, terms):
            if why is None:
                kept.append(parcel)
            else:
                removed_m2[why] += _area_m2(parcel)
    drawn_m2 = sum(_area_m2(parcel) for parcel in kept) + sum(removed_m2.values())
    _append(funnel, "edges", (in_patches - drawn_m2) / M2_PER_KM2)
    for why, area_m2 in removed_m2.items():
        _append(funnel, why, area_m2 / M2_PER_KM2)
    return kept


def _candidates(
    workspace: CheckNeeds,
    ground: _Ground,
    parcels: Sequence[shapely.Geometry],
    query: SearchQuery,
    funnel: list[FunnelStep],
) -> list[CandidateOut]:
    named = {f"C{number:03d}": parcel for number, parcel in enumerate(parcels, start=1)}
    if not named:
        _append(funnel, "check", 0.0)
        return []
    result = check_made_sites(workspace, named, "candidates", query.nature)
    pairs = list(zip(named.values(), result.sites, strict=True))
    good = [(parcel, site) for parcel, site in pairs if site.verdict != "conflict"]
    bad_m2 = sum(_area_m2(parcel) for parcel, site in pairs if site.verdict == "conflict")
    _append(funnel, "check", bad_m2 / M2_PER_KM2)
    return [_candidate(ground, parcel, site, result.id) for parcel, site in good]


def _candidate(
    ground: _Ground, parcel: shapely.Geometry, site: SiteResult, check_id: str
) -> CandidateOut:
    shape = shape_of(parcel)
    (flat,) = _flat(parcel, ground.lattice)
    slope = None if ground.cells is None else ground.cells.slope_deg
    return CandidateOut(
        site_id=site.site_id,
        area_m2=shape.area_m2,
        area_mu=m2_to_mu(shape.area_m2),
        width_m=shape.width_m,
        compactness=shape.compactness,
        district_km=_km(nearest_shape_m(parcel, ground.districts)),
        point_km=_km(nearest_place_m(parcel, ground.places) if len(ground.places) else None),
        slope_mean_deg=None if slope is None else mean_inside(ground.lattice, slope, flat),
        check=brief_check(check_id, site),
        geometry=geojson(parcel, DECIMALS),
    )


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


def _constraints(query: SearchQuery) -> dict[str, Any]:
    return query.model_dump(include=set(SearchQuery.model_fields))


def _flat(shape: shapely.Geometry, lattice: Lattice) -> npt.NDArray[Any]:
    return to_plane(np.array([shape], dtype=object), lattice.plane)


def _area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def _label(version: LayerVersion | RasterVersion) -> str:
    return f"{version.spec.id}@{version.number}"
