"""What each control layer says of a site: overlap, coverage, precision, verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from api.jobs.answers import geojson, plain
from api.jobs.controls import Control, KindControls
from api.schemas import DecisionOut, Finding, Part, Sensitivity, SiteResult, Title
from geo.area import area_lonlat_m2
from geo.coverage import Coverage, coverage_of
from geo.crs import to_lonlat
from geo.model import Overlap, Reason, Relation, Verdict, worst
from geo.overlay import NOISE_M2, grown_bounds, nearest_m, outside, overlap
from geo.precision import area_wider_than_m2, average_width_m, overlap_interval_m2
from geo.units import m2_to_mu
from geo.validity import polygonal
from geo.verdict import Evidence, is_covered, judge
from layers.catalogue import kind_of
from layers.model import SiteFrame
from layers.natures import Outcome, decide, worst_outcome
from layers.sensitivity import sensitivity_widths_m

# A layer whose time is over, or has not come, says nothing where others speak of it all.
_OUT_OF_TIME: Final = frozenset({Reason.LAYER_EXPIRED, Reason.LAYER_NOT_YET_VALID})
_UNDECIDED: Final = DecisionOut(outcome=Outcome.UNDETERMINED, statement=None, papers=[])
_NOTHING: Final = Overlap(area_m2=0.0, max_width_m=0.0, parts=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site in EPSG:4490; ``precision_m`` is that of its coordinates as stated."""

    site_id: str
    name: str | None
    geometry: Any
    area_m2: float
    precision_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one layer was measured to be to a site; all None where it could not be read.

    ``inside_m2`` is the ground of the site in the layer's features.
    """

    touched: Overlap | None = None
    inside_m2: float | None = None
    interval_m2: tuple[float, float] | None = None
    nearest_m: float | None = None
    unclassified: bool = False


def judged(sites: SiteFrame, kinds: Sequence[KindControls], nature: str | None) -> list[SiteResult]:
    """Return all findings of all sites."""
    return [_site_result(site, kinds, nature) for site in _sites(sites)]


def _sites(frame: SiteFrame) -> Iterator[Site]:
    lonlat = to_lonlat(frame.features.geometry).to_numpy()
    names = frame.features["name"] if "name" in frame.features else [None] * len(lonlat)
    areas_m2 = area_lonlat_m2(lonlat)
    for site_id, name, geometry, area_m2 in zip(
        frame.features["site_id"], names, lonlat, areas_m2, strict=True
    ):
        yield Site(
            site_id=str(site_id),
            name=name if isinstance(name, str) else None,
            geometry=geometry,
            area_m2=float(area_m2),
            precision_m=frame.report.precision_m,
        )


def _site_result(site: Site, kinds: Sequence[KindControls], nature: str | None) -> SiteResult:
    findings = [
        finding.model_copy(update={"decision": _decision(finding, nature)})
        for kind in kinds
        for finding in _findings(site, kind)
    ]
    return SiteResult(
        site_id=site.site_id,
        name=site.name,
        area_m2=site.area_m2,
        area_mu=m2_to_mu(site.area_m2),
        verdict=worst(Verdict(finding.verdict) for finding in findings),
        outcome=worst_outcome(Outcome(finding.decision.outcome) for finding in findings),
        findings=findings,
        geometry=geojson(site.geometry),
    )


def _decision(finding: Finding, nature: str | None) -> DecisionOut:
    decided = decide(finding.kind, Verdict(finding.verdict), nature)
    return DecisionOut(
        outcome=decided.outcome, statement=decided.statement, papers=list(decided.papers)
    )


def _findings(site: Site, kind: KindControls) -> Iterator[Finding]:
    if not kind.controls:
        if kind.rule.required:
            yield _missing(kind)
        return
    coverage = coverage_of(site.geometry, kind.stated) if kind.stated else None
    speaking = [control for control in kind.controls if _speaks_of(site, control)]
    if coverage and is_covered(coverage, kind.rule.tolerance, site.precision_m):
        speaking = [control for control in speaking if not set(control.faults) & _OUT_OF_TIME]
    for control in speaking or kind.controls:
        yield _finding(site, kind, control, coverage)


def _speaks_of(site: Site, control: Control) -> bool:
    """Tell whether a layer has anything to say here: another city's layer has not.

    A feature that reaches beyond the stated coverage speaks all the same.
    """
    if control.loaded is None or control.loaded.coverage is None:
        return True
    stated, features = control.loaded.coverage.tree, control.loaded.controls.tree
    judged_by = control.index.judged.tree if control.index else features
    return any(
        len(tree.query(site.geometry, predicate="intersects"))
        for tree in (stated, features, judged_by)
    )


def _missing(kind: KindControls) -> Finding:
    named = kind_of(kind.rule.kind)
    return Finding(
        kind=kind.rule.kind,
        rule_id=kind.rule.id,
        title=Title(zh=named.title_zh, en=named.title_en),
        demands=Title(zh=kind.rule.demands_zh, en=kind.rule.demands_en),
        relation=kind.rule.relation,
        verdict=Verdict.UNDETERMINED,
        reasons=[Reason.LAYER_MISSING],
        buffer_m=kind.rule.buffer_m,
        citation=plain(kind.rule.citation),
        decision=_UNDECIDED,
    )


def _finding(
    site: Site, kind: KindControls, control: Control, coverage: Coverage | None
) -> Finding:
    rule, spec = kind.rule, control.version.spec
    measured = _measured(site, rule.relation, control)
    touched = measured.touched
    precision_m = max(filter(None, (site.precision_m, spec.precision_m)), default=None)
    verdict, reasons = judge(
        Evidence(
            relation=rule.relation,
            tolerance=rule.tolerance,
            overlap=touched or _NOTHING,
            coverage=coverage,
            precision_m=precision_m,
            faults=control.faults,
            unclassified=measured.unclassified,
        )
    )
    return Finding(
        kind=rule.kind,
        rule_id=rule.id,
        layer_id=spec.id,
        layer_version=control.version.number,
        layer_status=spec.status,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        demands=Title(zh=rule.demands_zh, en=rule.demands_en),
        relation=rule.relation,
        verdict=verdict,
        reasons=list(reasons),
        buffer_m=rule.buffer_m,
        overlap_area_m2=touched.area_m2 if touched else None,
        overlap_area_mu=m2_to_mu(touched.area_m2) if touched else None,
        share_pct=100.0 * touched.area_m2 / site.area_m2 if touched else None,
        overlap_interval_m2=measured.interval_m2,
        spans_zero=_spans_zero(measured.interval_m2),
        inside_area_m2=measured.inside_m2,
        outside_area_m2=_rest(site, measured.inside_m2),
        sensitivity=_sensitivity(touched),
        max_width_m=touched.max_width_m if touched else None,
        nearest_m=measured.nearest_m,
        coverage_pct=coverage.share_pct if coverage else None,
        tolerance_width_m=rule.tolerance.allowed_width_m(precision_m),
        citation=plain(rule.citation),
        decision=_UNDECIDED,
        parts=_parts(touched, _told(control, rule.tells)),
    )


def _measured(site: Site, relation: Relation, control: Control) -> _Measured:
    loaded, index = control.loaded, control.index
    if loaded is None or index is None:
        return _Measured()
    nearest = None
    if relation is Relation.MUST_BE_INSIDE:
        touched = outside(site.geometry, index.judged, loaded.coverage_area)
        inside_m2 = overlap(site.geometry, index.judged).area_m2
    else:
        touched = overlap(site.geometry, index.judged)
        inside_m2, nearest = touched.area_m2, nearest_m(site.geometry, index.features)
    unclassified = control.unclassified
    return _Measured(
        touched=touched,
        inside_m2=inside_m2,
        interval_m2=_interval_m2(site, relation, control, touched),
        nearest_m=nearest,
        unclassified=unclassified is not None and bool(overlap(site.geometry, unclassified).parts),
    )


def _interval_m2(
    site: Site, relation: Relation, control: Control, touched: Overlap
) -> tuple[float, float] | None:
    """Return what the overlap may be, were both layers' coordinates off at their worst."""
    layer_m = control.version.spec.precision_m
    if control.index is None or site.precision_m is None or layer_m is None:
        return None
    together_m = site.precision_m + layer_m
    if together_m <= 0.0:
        return touched.area_m2, touched.area_m2
    here = site.geometry
    if relation is Relation.MUST_BE_INSIDE and control.loaded and control.loaded.coverage_area:
        (here,) = polygonal(np.array([here & control.loaded.coverage_area], dtype=object))
        if shapely.is_empty(here):
            return 0.0, 0.0
    around = shapely.box(*grown_bounds(here.bounds, together_m))
    judged_by = control.index.judged
    features = judged_by.geometries[judged_by.tree.query(around)]
    return overlap_interval_m2(here, features, together_m, relation)


def _spans_zero(interval_m2: tuple[float, float] | None) -> bool | None:
    """Tell whether both are possible, that there is an overlap and that there is none."""
    if interval_m2 is None:
        return None
    least, most = interval_m2
    return least < NOISE_M2 <= most


def _rest(site: Site, inside_m2: float | None) -> float | None:
    return None if inside_m2 is None else max(site.area_m2 - inside_m2, 0.0)


def _sensitivity(touched: Overlap | None) -> list[Sensitivity]:
    if touched is None or not touched.parts:
        return []
    widths_m = sensitivity_widths_m()
    taken = np.array([part.geometry for part in touched.parts], dtype=object)
    return [
        Sensitivity(tolerance_m=width, overlap_area_m2=area)
        for width, area in zip(widths_m, area_wider_than_m2(taken, widths_m), strict=True)
    ]


def _told(control: Control, names: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """Return by feature the attributes that the rule wants said; absent ones are left out."""
    if control.loaded is None or not names:
        return {}
    features = control.loaded.features
    table = features[[name for name in names if name in features]]
    return {
        str(feature_id): {str(key): str(value) for key, value in row.items() if value is not None}
        for feature_id, row in zip(
            features["feature_id"], table.to_dict(orient="records"), strict=True
        )
    }


def _parts(touched: Overlap | None, told: Mapping[str, dict[str, str]]) -> list[Part]:
    if touched is None or not touched.parts:
        return []
    widths_m = average_width_m(np.array([part.geometry for part in touched.parts], dtype=object))
    return [
        Part(
            feature_id=part.feature_id,
            area_m2=part.area_m2,
            shared_area_m2=part.shared_area_m2,
            max_width_m=part.max_width_m,
            average_width_m=float(width_m),
            attributes=told.get(part.feature_id, {}),
            # Ground that an earlier part counts leaves nothing to draw.
            geometry=None if part.geometry.is_empty else geojson(part.geometry),
        )
        for part, width_m in zip(touched.parts, widths_m, strict=True)
    ]
