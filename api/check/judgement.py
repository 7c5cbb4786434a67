"""What each control layer says of sites: overlap, coverage, precision, verdict, outcome."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache, partial
from typing import Final

import numpy as np
from shapely.errors import GEOSException

from api.check.controls import Control, KindControls
from api.check.drawn import drawn_boundary
from api.check.measurement import Ground, Measured
from api.check.printed import print_area, print_parts, print_rest
from api.workspace.answers import geojson, plain
from geo.check.coverage import Coverage
from geo.check.overlay import NOTHING
from geo.check.precision import areas_wider_than_m2, average_width_m, spans_zero
from geo.check.verdict import Evidence, judge, weigh
from geo.measure.area import NOISE_M2
from geo.model import Overlap, OverlapPart, Reason, Relation, Sites, Verdict
from geo.units import m2_to_mu
from layers.check.classes import cell_text
from layers.check.natures import Decisions, Outcome, worst_outcome
from layers.check.rules import Citation, ControlRule
from layers.check.sensitivity import sensitivity_widths_m
from layers.model import Progress, ignore_progress
from layers.store.catalogue import Kind
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.check.finding import (
    Cited,
    DecisionOut,
    DecisionSource,
    Finding,
    Part,
    Printed,
    Sensitivity,
)

CHUNK: Final = 256
"""Sites that are judged together: enough for arrays, few enough to follow and to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is to be built, and the table that says what follows from findings for it.

    ``nature`` is from :func:`layers.check.natures.load_natures`; None: not stated. ``not_here``
    are members of the register that cannot occur in the zone's region, with the reason.
    """

    nature: str | None
    decisions: Decisions
    not_here: Mapping[str, Title]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One site before one layer and one rule.

    ``own_coverage`` is of the layer itself, ``coverage`` of all layers of the kind.
    """

    site_m2: float
    precision_m: float | None
    kind: Kind
    rule: ControlRule
    control: Control
    coverage: Coverage | None
    own_coverage: Coverage | None
    measured: Measured
    doubts: tuple[Reason, ...]


def judge_sites(
    sites: Sites,
    kinds: Sequence[KindControls],
    project: Project,
    report: Progress | None = None,
) -> list[SiteResult]:
    """Return all findings of all sites, in their order.

    Where GEOS fails on a site and a layer, that finding is "cannot tell", and no other.
    """
    told = report or ignore_progress
    results = list[SiteResult]()
    for start in range(0, len(sites), CHUNK):
        chunk = sites.take(np.arange(start, min(start + CHUNK, len(sites))))
        results += _results(chunk, kinds, project, partial(told, start, len(sites)))
    told(len(sites), len(sites))
    return results


def _results(
    sites: Sites, kinds: Sequence[KindControls], project: Project, step: Callable[[], None]
) -> Iterator[SiteResult]:
    findings: list[list[Finding]] = [[] for _ in range(len(sites))]
    ground = Ground(sites)
    ground.measure_distances(kinds)
    for kind in kinds:
        step()
        for at, finding in _findings_apart(ground, kind, project):
            findings[at].append(finding)
    for at, found in enumerate(findings):
        area_m2 = float(sites.areas_m2[at])
        yield SiteResult(
            site_id=sites.ids[at],
            name=sites.names[at],
            area_m2=area_m2,
            area_mu=m2_to_mu(area_m2),
            printed=print_area(area_m2),
            verdict=weigh((Verdict(one.verdict), one.covers_all_land) for one in found),
            outcome=worst_outcome(Outcome(finding.decision.outcome) for finding in found),
            findings=found,
            not_here=dict(project.not_here),
            geometry=geojson(sites.geometries[at]),
            boundary=drawn_boundary(sites, at),
        )


def _findings_apart(
    ground: Ground, kind: KindControls, project: Project
) -> list[tuple[int, Finding]]:
    """Return the findings of :func:`_findings`; sites on which GEOS fails stop no other."""
    sites = ground.sites
    try:
        return list(_findings(ground, kind, project))
    except GEOSException:
        if len(sites) == 1:
            return [(0, finding) for finding in _not_computable(sites, kind, project)]
    found, half = list[tuple[int, Finding]](), len(sites) // 2
    for part in (np.arange(half), np.arange(half, len(sites))):
        own = _findings_apart(Ground(sites.take(part)), kind, project)
        found += [(int(part[at]), finding) for at, finding in own]
    return found


def _not_computable(sites: Sites, kind: KindControls, project: Project) -> Iterator[Finding]:
    for control in kind.controls:
        faulty = replace(control, faults=(*control.faults, Reason.NOT_COMPUTABLE))
        case = _Case(
            site_m2=float(sites.areas_m2[0]),
            precision_m=sites.precision_m,
            kind=kind.kind,
            rule=kind.rule,
            control=faulty,
            coverage=None,
            own_coverage=None,
            measured=Measured(),
            doubts=sites.doubts_of(0),
        )
        yield from _layer_findings(kind, faulty, [case], project)


def _findings(
    ground: Ground, kind: KindControls, project: Project
) -> Iterator[tuple[int, Finding]]:
    """Return findings with the position of their site."""
    sites = ground.sites
    if not kind.controls:
        if kind.required:
            missing = _missing(kind, project)
            yield from ((at, missing) for at in range(len(sites)))
        return
    covered = ground.coverages(kind.stated)
    for control, speaks in zip(kind.controls, ground.find_covered(kind), strict=True):
        chosen = np.flatnonzero(speaks)
        some = sites.take(chosen)
        found = ground.measure(chosen, kind.rule.relation, control)
        own_covered = ground.coverages(control.loaded.coverage if control.loaded else None)
        cases = [
            _Case(
                site_m2=float(some.areas_m2[number]),
                precision_m=sites.precision_m,
                kind=kind.kind,
                rule=kind.rule,
                control=control,
                coverage=covered[at],
                own_coverage=own_covered[at],
                measured=found[number],
                doubts=some.doubts_of(number),
            )
            for number, at in enumerate(chosen.tolist())
        ]
        yield from zip(chosen.tolist(), _layer_findings(kind, control, cases, project), strict=True)


def _layer_findings(
    kind: KindControls, control: Control, cases: Sequence[_Case], project: Project
) -> Iterator[Finding]:
    """Make the findings of one layer, with what is the same for all of them made once."""
    cited = cite(kind.rule.citation)
    decide = cache(partial(_decision, kind.rule, project))
    touched = [case.measured.touched or NOTHING for case in cases]
    told = _attributes_by_feature(
        control, kind.rule, {part.feature_id for one in touched for part in one.parts}
    )
    shapes = [np.array([p.geometry for p in one.parts], dtype=object) for one in touched]
    widths_m = sensitivity_widths_m()
    averages_m = iter(average_width_m(np.concatenate([np.empty(0, object), *shapes])).tolist())
    left_m2 = areas_wider_than_m2(shapes, widths_m)
    for case, overlap, areas_m2 in zip(cases, touched, left_m2, strict=True):
        areas = print_parts([part.area_m2 for part in overlap.parts], overlap.area_m2)
        parts = [
            _part(part, next(averages_m), area, told)
            for part, area in zip(overlap.parts, areas, strict=True)
        ]
        sensitivity = [
            Sensitivity(tolerance_m=width, overlap_area_m2=area)
            for width, area in zip(widths_m, areas_m2, strict=True)
            if parts
        ]
        yield _finding(case, cited, sensitivity, parts, decide)


@lru_cache(maxsize=512)
def cite(citation: Citation) -> Cited:
    """Return a citation as it stands in an answer."""
    return Cited(**plain(citation))


@lru_cache(maxsize=1024)
def _title(zh: str, en: str) -> Title:
    """Return a title, the same one for all findings that have it."""
    return Title(zh=zh, en=en)


def _missing(kind: KindControls, project: Project) -> Finding:
    rule, named = kind.rule, kind.kind
    return Finding(
        kind=rule.kind,
        kind_title=_title(named.title_zh, named.title_en),
        covers_all_land=named.covers_all_land,
        rule_id=rule.id,
        title=_title(named.title_zh, named.title_en),
        demands=_title(rule.demands_zh, rule.demands_en),
        relation=rule.relation,
        verdict=Verdict.UNDETERMINED,
        rule_name=_name_of(rule),
        reasons=[kind.why_nothing],
        law_day=kind.law_day,
        buffer_m=rule.buffer_m,
        citation=cite(rule.citation),
        decision=_decision(rule, project, Verdict.UNDETERMINED),
    )


def _name_of(rule: ControlRule) -> Title | None:
    if rule.name_zh is None or rule.name_en is None:
        return None
    return _title(rule.name_zh, rule.name_en)


def _finding(
    case: _Case,
    cited: Cited,
    sensitivity: list[Sensitivity],
    parts: list[Part],
    decide: Callable[[Verdict], DecisionOut],
) -> Finding:
    rule, spec, found = case.rule, case.control.version.spec, case.measured
    touched, precision_m = found.touched, _coarser_m(case)
    verdict, reasons = _verdict(case, precision_m)
    inside_printed, outside_printed = _sides(case)
    return Finding(
        kind=rule.kind,
        kind_title=_title(case.kind.title_zh, case.kind.title_en),
        covers_all_land=case.kind.covers_all_land,
        rule_id=rule.id,
        rule_name=_name_of(rule),
        layer_id=spec.id,
        layer_version=case.control.version.number,
        layer_status=spec.status,
        title=_title(spec.title_zh, spec.title_en),
        demands=_title(rule.demands_zh, rule.demands_en),
        relation=rule.relation,
        verdict=verdict,
        reasons=list(reasons),
        buffer_m=rule.buffer_m,
        overlap_area_m2=touched.area_m2 if touched else None,
        overlap_area_mu=m2_to_mu(touched.area_m2) if touched else None,
        share_pct=100.0 * touched.area_m2 / case.site_m2 if touched else None,
        overlap_interval_m2=found.interval_m2,
        spans_zero=spans_zero(found.interval_m2),
        inside_area_m2=found.inside_m2,
        outside_area_m2=_rest_m2(case),
        inside_printed=inside_printed,
        outside_printed=outside_printed,
        sensitivity=sensitivity,
        max_width_m=touched.max_width_m if touched else None,
        nearest_m=found.nearest_m,
        coverage_pct=case.own_coverage.share_pct if case.own_coverage else None,
        kind_coverage_pct=case.coverage.share_pct if case.coverage else None,
        tolerance_width_m=rule.tolerance.allowed_width_m(precision_m),
        citation=cited,
        decision=decide(verdict),
        parts=parts,
    )


def _verdict(case: _Case, precision_m: float | None) -> tuple[Verdict, tuple[Reason, ...]]:
    return judge(
        Evidence(
            relation=case.rule.relation,
            tolerance=case.rule.tolerance,
            overlap=case.measured.touched or NOTHING,
            coverage=case.coverage,
            precision_m=precision_m,
            site_m2=case.site_m2,
            faults=case.control.faults,
            unclassified=case.measured.unclassified,
            doubts=(*case.control.doubts, *case.doubts),
        )
    )


def _decision(rule: ControlRule, project: Project, verdict: Verdict) -> DecisionOut:
    decided = project.decisions.decide(rule.id, rule.kind, verdict, project.nature)
    return DecisionOut(
        outcome=decided.outcome,
        statement=decided.statement,
        papers=list(decided.papers),
        source=DecisionSource(**asdict(decided.source)) if decided.source else None,
    )


def _coarser_m(case: _Case) -> float | None:
    return max(
        filter(None, (case.precision_m, case.control.version.spec.precision_m)), default=None
    )


def _rest_m2(case: _Case) -> float | None:
    inside_m2 = case.measured.inside_m2
    return None if inside_m2 is None else max(case.site_m2 - inside_m2, 0.0)


def _sides(case: _Case) -> tuple[Printed | None, Printed | None]:
    """Return what of a site lies inside and outside the features, as it is printed."""
    inside_m2, rest_m2 = case.measured.inside_m2, _rest_m2(case)
    if inside_m2 is None or rest_m2 is None:
        return None, None
    site, touched = print_area(case.site_m2), case.measured.touched
    # What decides is printed as the overlap; the other side is what it leaves of the site.
    if case.rule.relation is Relation.MUST_BE_INSIDE:
        outside = print_area(_as_overlap(rest_m2, touched))
        return print_rest(site, outside), outside
    inside = print_area(_as_overlap(inside_m2, touched))
    return inside, print_rest(site, inside)


def _as_overlap(side_m2: float, touched: Overlap | None) -> float:
    """Return the area of a side of a site; where it is the overlap, to its last digit."""
    if touched is not None and abs(side_m2 - touched.area_m2) < NOISE_M2:
        return touched.area_m2
    return side_m2


def _attributes_by_feature(
    control: Control, rule: ControlRule, feature_ids: Collection[str]
) -> Mapping[str, dict[str, str]]:
    """Return by feature the attributes that the rule wants said; absent ones are left out."""
    loaded = control.loaded
    if loaded is None or not rule.tells or not feature_ids:
        return {}
    known = [feature_id for feature_id in feature_ids if feature_id in loaded.rows]
    columns = {name: rule.column(name, loaded.features.columns) for name in rule.tells}
    texts = {
        name: [cell_text(loaded.features[column].iat[loaded.rows[one]]) for one in known]
        for name, column in columns.items()
        if column is not None
    }
    return {
        feature_id: {name: texts[name][at] for name in texts if texts[name][at]}
        for at, feature_id in enumerate(known)
    }


def _part(
    part: OverlapPart, average_width_m: float, area: Printed, told: Mapping[str, dict[str, str]]
) -> Part:
    return Part(
        feature_id=part.feature_id,
        area_m2=part.area_m2,
        printed=area,
        shared_area_m2=part.shared_area_m2,
        max_width_m=part.max_width_m,
        average_width_m=average_width_m,
        attributes=told.get(part.feature_id, {}),
        # Ground that an earlier part counts leaves nothing to draw.
        geometry=None if part.geometry.is_empty else geojson(part.geometry),
    )
