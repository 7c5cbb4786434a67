"""Search an area for ground that keeps all constraints, and say what took the rest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from api.check.hard_lines import HardLine, HardLines, name_unknown_lines, unexamined_titles
from api.check.sites import check_made_sites
from api.expansion.avoid import brief_check
from api.expansion.constraints.ground_terms import describe_terms, ground_of_sites, title_of
from api.expansion.constraints.soft_parcels import find_softer_limits, trim_parcels
from api.expansion.ground import Plot
from api.expansion.questions import SearchQuery
from api.expansion.relaxation import describe_relaxation, find_relaxations, terms_of
from api.expansion.search_area import Area
from api.expansion.search_ground import (
    OWN_GROUND,
    UNTOLD_GROUND,
    SearchGround,
    constraints_on,
    lay_ground,
)
from api.workspace.answers import basis_of, geojson
from api.workspace.needs import RasterSource, SiteNeeds
from geo.expansion.free_ground import Step, apply_constraints, measure_km2, measure_m2
from geo.expansion.search import Parcel, draw_parcels, order_by_place
from geo.expansion.shape import nearest_place_m, shape_of
from geo.measure.area import area_lonlat_m2
from geo.measure.necks import from_plane
from geo.model import Verdict
from geo.raster.lattice import mean_inside
from geo.units import M2_PER_HA, M2_PER_KM2, m2_to_mu
from layers.expansion.siting import siting_terms
from layers.model import LayerVersion, Progress
from layers.rasters.model import RasterVersion
from layers.readers.made import DECIMALS
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.expansion.answers import CandidateOut, FunnelStep, SearchReport
from maps.expansion.constraint_answers import SiteGround

_STRAIGHT_M: Final = 200.0
"""An edge of this length leaves its line by less than a millimetre when it comes to lon/lat."""
_ROUNDING_LONLAT: Final = 2e-9
"""Corners nearer to a straight edge than a fifth of a millimetre say nothing."""


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
    ground = lay_ground(workspace, area, query, terms)
    constraints = list(constraints_on(ground, query))
    total = len(ground.hard.lines) + 10
    funnel: list[FunnelStep] = []
    left, titles = ground.flat, {**_titles(ground.hard), **_own_titles(ground)}
    for step, free in apply_constraints(ground.flat, constraints, ground.plane):
        progress(len(funnel), total, step.reason)
        funnel.append(_step_out(step, titles))
        left = free
    drawn = _parcels(ground, left, query, funnel, lambda: progress(total - 2, total, "width"))
    fitting = [one for one in drawn if one.unmet is None]
    limits = ground.limits()
    trimmed = trim_parcels(fitting, limits, query, ground.plane)
    if limits:
        _append(funnel, "soft_limits", _sum_km2(fitting, ground) - _sum_km2(trimmed, ground))
    parcels = order_by_place(trimmed)
    progress(total - 1, total, "check")
    kept = _candidates(workspace, ground, parcels[: terms.most_candidates], query, funnel)
    relaxations = []
    if not parcels:
        choices = (
            find_softer_limits(fitting, limits, query, terms.most_given_up, ground.plane)
            if fitting
            else find_relaxations(
                ground, constraints, query, terms.most_given_up,
                lambda: progress(total - 1, total, "relax"),
            )
        )  # fmt: skip
        relaxations = [describe_relaxation(*found, ground, titles) for found in choices]
    used: list[LayerVersion | RasterVersion] = [line.version for line in ground.hard.lines]
    used += ground.cells.used if ground.cells else ()
    used += ground.terms.versions
    used += ground.cuts.versions
    return SearchReport(
        area_name=area.name,
        area_km2=_area_m2(area.geometry) / M2_PER_KM2,
        cell_m=None if ground.cells is None else ground.cells.lattice.cell_m,
        constraints=query.model_dump(include=set(SearchQuery.model_fields) - {"constraints"}),
        ground_terms=describe_terms(ground.terms),
        margin_m=ground.margin_m,
        terms_quality=terms.quality,
        terms_note=Title(zh=terms.note_zh, en=terms.note_en),
        missing_factors=_missing_factors(workspace, ground, query),
        funnel=funnel,
        untold=name_unknown_lines(ground.hard.untold),
        not_examined=unexamined_titles(ground.hard),
        nothing_because=None if kept else _last_taken(funnel, query.least_ha),
        relaxations=relaxations,
        largest_ha=max((measure_m2(one.shape, ground.plane) for one in drawn), default=0.0)
        / M2_PER_HA,
        cut_along=[one.kind for one in ground.cuts.cuts],
        cut_compactness=terms.cut_compactness,
        candidates=kept,
        left_out=max(len(parcels) - terms.most_candidates, 0),
        layers=sorted({_label(version) for version in used}),
        basis=basis_of(used),
    )


def _missing_factors(
    workspace: RasterSource, ground: SearchGround, query: SearchQuery
) -> list[str]:
    """Return the factors that grades rest on without; heights, where official ones are gone."""
    if ground.cells is None:
        return ["dem"] if workspace.rasters.missing("dem") else []
    return list(ground.cells.missing) if query.grade else []


def _parcels(
    ground: SearchGround,
    free: shapely.Geometry,
    query: SearchQuery,
    funnel: list[FunnelStep],
    alive: Callable[[], None],
) -> list[Parcel]:
    alive()
    terms = terms_of(query)
    drawn = []
    for parcel in draw_parcels(free, terms, ground.plane, ground.cuts.cuts):
        alive()
        drawn.append(parcel)
    by_reason = {
        reason: sum(measure_km2(one.shape, ground.plane) for one in drawn if one.unmet == reason)
        for reason in ("small", "ragged", "strip", None)
    }
    _append(funnel, "width", funnel[-1].left_km2 - sum(by_reason.values()))
    _append(funnel, "small", by_reason["small"])
    _append(funnel, "ragged", by_reason["ragged"])
    _append(funnel, "strip", by_reason["strip"])
    return drawn


def _candidates(
    workspace: SiteNeeds,
    ground: SearchGround,
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
    good = [row for row in rows if not _is_forbidden(ground, row[2])]
    bad_m2 = sum(_area_m2(shape) for _, shape, _ in rows) - sum(
        _area_m2(shape) for _, shape, _ in good
    )
    _append(funnel, "check", bad_m2 / M2_PER_KM2)
    taken = ground_of_sites(
        workspace, ground.terms, [_plot(site, shape) for _, shape, site in good]
    )
    return [
        _candidate(ground, parcel, shape, (result.id, site), own)
        for (parcel, shape, site), own in zip(good, taken, strict=True)
    ]


def _is_forbidden(ground: SearchGround, site: SiteResult) -> bool:
    """Return whether a candidate conflicts with a line that this search does not merely list."""
    kind_of = {kind.rule.id: kind.rule.kind for kind in ground.hard.kinds}
    return any(
        finding.verdict == Verdict.CONFLICT
        and kind_of.get(finding.rule_id) not in ground.terms.opened
        for finding in site.findings
    )


def _plot(site: SiteResult, outline: shapely.Geometry) -> Plot:
    shape = shape_of(outline)
    return Plot(id=site.site_id, shape=outline, area_m2=shape.area_m2, width_m=shape.width_m)


def _outline(shape: shapely.Geometry, plane: CRS) -> shapely.Geometry:
    """Return a parcel in lon/lat, without corners on straight edges."""
    drawn = from_plane(shapely.segmentize(shape, _STRAIGHT_M), plane)
    return shapely.simplify(drawn, _ROUNDING_LONLAT)


def _candidate(
    ground: SearchGround,
    parcel: Parcel,
    outline: shapely.Geometry,
    checked: tuple[str, SiteResult],
    taken: SiteGround,
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
        cut_by=sorted(parcel.cut_by),
        point_km=_km(nearest_place_m(outline, ground.places) if len(ground.places) else None),
        slope_mean_deg=slope_deg,
        takes=taken,
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


def _own_titles(ground: SearchGround) -> dict[str, tuple[str, Title]]:
    """Return names of one's own constraints, and of the ground where nobody can tell of them."""
    found = {}
    for one in ground.terms.constraints:
        name = title_of(one)
        own, untold = f"{OWN_GROUND}{one.id}", f"{UNTOLD_GROUND}{one.id}"
        found[own] = (own, name)
        found[untold] = (untold, Title(zh=f"{name.zh}（无数据）", en=f"{name.en} (no data)"))
    return found


def _sum_km2(parcels: Sequence[Parcel], ground: SearchGround) -> float:
    return sum(measure_km2(one.shape, ground.plane) for one in parcels)


def _last_taken(funnel: Sequence[FunnelStep], least_ha: float) -> str | None:
    """Return the constraint after which not enough ground was left for one site."""
    least_km2 = least_ha * M2_PER_HA / M2_PER_KM2
    return next((one.reason for one in funnel if one.left_km2 < least_km2), None)


def _area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def _label(version: LayerVersion | RasterVersion) -> str:
    return f"{version.spec.id}@{version.number}"
