"""Trim or shift sites clear of all hard lines, and have the check itself say so."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import GEOSException

from api.check.controls import KindControls
from api.check.hard_lines import HardLine, hard_lines, name_unknown_lines
from api.check.sites import Asked, check_and_keep, check_made_sites
from api.expansion.questions import AvoidQuery
from api.workspace.answers import geojson, shapes_of
from api.workspace.needs import CheckNeeds, ControlLayers
from geo.check.nearest import grown_bounds
from geo.expansion.avoidance import AvoidanceTerms, Shift, Trim, shift, trim
from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal
from geo.model import Reason, Relation
from geo.units import m2_to_mu
from layers.check.site_limits import leave_out_unjudgeable
from layers.errors import OutsideRegionError, SiteTooSmallError
from layers.expansion.siting import SitingTerms, siting_terms
from layers.model import Progress, ReadOptions
from layers.readers import Source
from layers.readers.made import DECIMALS
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.check.finding import Finding
from maps.check.sensitive import not_examined_titles
from maps.expansion.answers import (
    AvoidanceReport,
    AvoidedSite,
    BriefCheck,
    BriefFinding,
    LostGround,
    ShiftOut,
    TrimOut,
)

_NOT_COMPUTABLE: Final = "not_computable"
_NOT_JUDGED: Final = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A site with what became of it, before the check has looked at it."""

    site: SiteResult
    lines: Sequence[HardLine]
    margin_m: float
    trim: Trim
    shift: Shift


def avoid_lines(
    workspace: CheckNeeds,
    source: Source,
    options: ReadOptions,
    query: AvoidQuery,
    progress: Progress,
) -> AvoidanceReport:
    """Return for each site the smallest trim and the smallest shift that clear all hard lines.

    What comes out is checked like any other input, under an id of its own.

    Raises
    ------
    PlanningError
        The input or the query cannot be used; or ``progress`` stops the work.
    """
    terms = siting_terms()
    frame = leave_out_unjudgeable(workspace.read_sites(source, options), workspace.site_limits)
    asked = Asked(options=options, nature=query.nature)
    before = check_and_keep(workspace, source, frame, asked)
    total = len(before.sites) + 2
    moved: list[_Moved] = []
    untold: list[KindControls] = []
    for done, (site, shape) in enumerate(zip(before.sites, frame.sites.geometries, strict=True)):
        progress(done, total, site.name or site.site_id)
        one, missing = _avoided(workspace, (site, shape), query, frame.sites.precision_m)
        moved.append(one)
        untold += missing
    progress(total - 2, total, "")
    trims = _checked(workspace, {m.site.site_id: m.trim.geometry for m in moved}, query, "trim")
    progress(total - 1, total, "")
    shifts = _checked(workspace, {m.site.site_id: m.shift.geometry for m in moved}, query, "shift")
    return AvoidanceReport(
        target_m2=query.target_m2,
        width_m=query.width_m,
        reach_m=_reach_m(query),
        terms_quality=terms.quality,
        terms_note=Title(zh=terms.note_zh, en=terms.note_en),
        untold=name_unknown_lines(untold),
        not_examined=not_examined_titles(before.sensitive),
        sites=[_site_out(one, before.id, trims, shifts) for one in moved],
        basis=before.basis,
        read_report=before.read_report,
    )


def brief_check(check_id: str, site: SiteResult) -> BriefCheck:
    """Return what a check says of a site, in short."""
    hard = [f for f in site.findings if f.relation != Relation.IMPOSES_CONDITIONS]
    overlap_m2 = _ground_once_m2([one for one in hard if one.overlap_area_m2])
    untold = {
        one.title.zh: one.title
        for one in hard
        if any(Reason(reason).leaves_open for reason in one.reasons)
    }
    return BriefCheck(
        check_id=check_id,
        verdict=site.verdict,
        hard_overlap_m2=None if untold and not overlap_m2 else overlap_m2,
        untold=list(untold.values()),
        findings=[
            BriefFinding(
                rule_id=finding.rule_id,
                layer_id=finding.layer_id,
                title=finding.title,
                verdict=finding.verdict,
                reasons=finding.reasons,
                overlap_area_m2=finding.overlap_area_m2,
            )
            for finding in site.findings
            if finding.verdict != "clear"
        ],
    )


def _ground_once_m2(touched: Sequence[Finding]) -> float:
    """Return the ground that findings of several layers take, where they lie on each other once."""
    areas_m2 = [finding.overlap_area_m2 or 0.0 for finding in touched]
    if len(areas_m2) < 2:
        return sum(areas_m2)
    parts = shapes_of(part.geometry for finding in touched for part in finding.parts)
    together = polygonal(np.array([shapely.union_all(parts)], dtype=object))
    # An answer's outlines are rounded: no less than any layer takes of it, nor more than all.
    area_m2 = float(area_lonlat_m2(together)[0])
    return min(max(area_m2, *areas_m2), sum(areas_m2))


def _reach_m(query: AvoidQuery) -> float:
    return siting_terms().reach_m if query.reach_m is None else query.reach_m


def _avoided(
    workspace: ControlLayers,
    asked_of: tuple[SiteResult, shapely.Geometry],
    query: AvoidQuery,
    precision_m: float | None,
) -> tuple[_Moved, Sequence[KindControls]]:
    (site, shape), terms, reach_m = asked_of, siting_terms(), _reach_m(query)
    # Three reaches: what a move within the reach could come near, and its simplification.
    around = shapely.box(*grown_bounds(shape.bounds, 3.0 * max(reach_m, terms.margin_m)))
    try:
        found = hard_lines(workspace, around)
    except GEOSException:
        return _not_computable(site, terms), ()
    known = [precision_m, *(line.version.spec.precision_m for line in found.lines)]
    margin_m = terms.margin_for(max((one for one in known if one is not None), default=None))
    asked = AvoidanceTerms(
        margin_m=margin_m,
        width_m=query.width_m,
        target_m2=query.target_m2,
        reach_m=reach_m,
        accuracy_m=terms.shift_accuracy_m,
    )
    forbidden = {line.id: line.forbidden for line in found.lines}
    moved = replace(_not_computable(site, terms), lines=found.lines, margin_m=margin_m)
    # A site on which GEOS fails stops no other, and its trim does not stop its shift.
    with suppress(GEOSException):
        moved = replace(moved, trim=trim(shape, forbidden, asked))
    with suppress(GEOSException):
        moved = replace(moved, shift=shift(shape, forbidden, asked))
    return moved, found.untold


def _not_computable(site: SiteResult, terms: SitingTerms) -> _Moved:
    return _Moved(
        site=site,
        lines=(),
        margin_m=terms.margin_for(None),
        trim=Trim(
            geometry=None, area_m2=0.0, width_m=0.0, lost_m2={}, cut_off_m2=0.0, why=_NOT_COMPUTABLE
        ),
        shift=Shift(
            geometry=None,
            area_m2=site.area_m2,
            distance_m=None,
            bearing_deg=None,
            accuracy_m=terms.shift_accuracy_m,
            why=_NOT_COMPUTABLE,
        ),
    )


def _checked(
    workspace: CheckNeeds, sites: Mapping[str, Any | None], query: AvoidQuery, name: str
) -> Mapping[str, BriefCheck]:
    possible = {site_id: shape for site_id, shape in sites.items() if shape is not None}
    if not possible:
        return {}
    try:
        result = check_made_sites(workspace, possible, name, query.nature)
    except (OutsideRegionError, SiteTooSmallError):
        # What comes out is no ground that can be judged: none of it goes as possible.
        return {}
    return {site.site_id: brief_check(result.id, site) for site in result.sites}


def _site_out(
    one: _Moved,
    before_id: str,
    trims: Mapping[str, BriefCheck],
    shifts: Mapping[str, BriefCheck],
) -> AvoidedSite:
    site = one.site
    return AvoidedSite(
        site_id=site.site_id,
        name=site.name,
        area_m2=site.area_m2,
        area_mu=site.area_mu,
        margin_m=one.margin_m,
        before=brief_check(before_id, site),
        trim=_trim_out(one, trims.get(site.site_id)),
        shift=_shift_out(one.shift, shifts.get(site.site_id)),
        geometry=site.geometry or {},
    )


def _trim_out(one: _Moved, check: BriefCheck | None) -> TrimOut:
    found = one.trim
    why = found.why or (None if check else _NOT_JUDGED)
    return TrimOut(
        possible=why is None,
        why=why,
        area_m2=found.area_m2,
        area_mu=m2_to_mu(found.area_m2),
        kept_pct=100.0 * found.area_m2 / one.site.area_m2,
        width_m=found.width_m,
        lost=[
            _find_lost(line, lost_m2)
            for line in one.lines
            if (lost_m2 := found.lost_m2.get(line.id, 0.0))
        ],
        cut_off_m2=found.cut_off_m2,
        check=check,
        geometry=None if found.geometry is None else geojson(found.geometry, DECIMALS),
    )


def _find_lost(line: HardLine, area_m2: float) -> LostGround:
    spec = line.version.spec
    return LostGround(
        rule_id=line.rule.id,
        layer_id=spec.id,
        layer_version=line.version.number,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        area_m2=area_m2,
        area_mu=m2_to_mu(area_m2),
    )


def _shift_out(found: Shift, check: BriefCheck | None) -> ShiftOut:
    why = found.why or (None if check else _NOT_JUDGED)
    return ShiftOut(
        possible=why is None,
        why=why,
        area_m2=found.area_m2,
        distance_m=found.distance_m,
        bearing_deg=found.bearing_deg,
        accuracy_m=found.accuracy_m,
        check=check,
        geometry=None if found.geometry is None else geojson(found.geometry, DECIMALS),
    )
