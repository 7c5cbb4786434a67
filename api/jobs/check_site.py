"""Check sites against every control layer: overlap, coverage, verdict, record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from api.jobs.answers import basis_of, geojson, plain, report_out
from api.jobs.controls import Control, ControlSource, KindControls, controls_of
from api.jobs.workspace import Workspace
from api.schemas import CheckResult, DecisionOut, Finding, Part, SiteResult, Title
from geo.area import area_lonlat_m2
from geo.coverage import Coverage, coverage_of
from geo.crs import to_lonlat
from geo.model import Overlap, Reason, Relation, Verdict, worst
from geo.overlay import nearest_m, outside, overlap
from geo.units import m2_to_mu
from geo.verdict import Evidence, is_covered, judge
from layers.catalogue import kind_of
from layers.model import ReadOptions, SiteFrame
from layers.natures import Outcome, decide, decisions_sha256, require_nature, worst_outcome
from layers.provenance import RunRecord, run_id
from layers.readers import Source
from layers.rules import ControlRule, rules_digest

# A layer whose time is over, or has not come, says nothing where others speak of it all.
_OUT_OF_TIME: Final = frozenset({Reason.LAYER_EXPIRED, Reason.LAYER_NOT_YET_VALID})
_UNDECIDED: Final = DecisionOut(outcome=Outcome.UNDETERMINED, statement=None, papers=[])
_SOFTWARE: Final = ("ftz-planning-gis", "geopandas", "numpy", "pyproj", "shapely")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site in EPSG:4490; ``precision_m`` is that of its coordinates as stated."""

    site_id: str
    name: str | None
    geometry: Any
    area_m2: float
    precision_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a check is done under, beside its sites and layers.

    ``nature`` of the project is from :func:`layers.natures.load_natures`; None: not stated,
    and then no outcome of a conflict can be told. ``declared`` is what the person said of
    the input; the same bytes declared otherwise are another check.
    """

    on: date
    nature: str | None
    declared: ReadOptions
    rules: Sequence[ControlRule]
    decisions_sha256: str
    software: Mapping[str, str]


def check_sites(
    workspace: Workspace, sites: SiteFrame, declared: ReadOptions, nature: str | None = None
) -> CheckResult:
    """Check sites against the current control layers and keep the result.

    Parameters
    ----------
    workspace : Workspace
        The store and the day.
    sites : SiteFrame
        Valid polygons with a CRS, from :mod:`layers.readers`.
    declared, nature
        See :class:`Terms`.

    Returns
    -------
    CheckResult
        With geometries. The same input, layers, rules, day and software give the same id.
    """
    terms = Terms(
        on=workspace.today(),
        nature=require_nature(nature),
        declared=declared,
        rules=workspace.rules,
        decisions_sha256=decisions_sha256(),
        software={name: _version_of(name) for name in _SOFTWARE},
    )
    result = checked(workspace, sites, terms)
    workspace.archive.keep(result)
    return result


def checked(source: ControlSource, sites: SiteFrame, terms: Terms) -> CheckResult:
    """Return the result of a check, wherever its control layers come from."""
    kinds = tuple(controls_of(source, rule, terms.on) for rule in terms.rules)
    results = judged(sites, kinds, terms.nature)
    record = _record(sites, kinds, terms)
    return CheckResult(
        id=run_id(record),
        verdict=worst(Verdict(site.verdict) for site in results),
        nature=terms.nature,
        checked_on=terms.on.isoformat(),
        basis=basis_of(control.version for kind in kinds for control in kind.controls),
        sites=results,
        read_report=report_out(sites.report),
        record=plain(record),
    )


def read_and_check(
    workspace: Workspace, source: Source, options: ReadOptions, nature: str | None = None
) -> CheckResult:
    """Read sites from what a person hands in, and check them.

    Raises
    ------
    PlanningError
        The input cannot be used; nothing is computed or kept.
    """
    return next(read_and_check_all(workspace, [source], options, nature))


def read_and_check_all(
    workspace: Workspace, sources: Sequence[Source], options: ReadOptions, nature: str | None = None
) -> Iterator[CheckResult]:
    """Check several files one after the other, as soon as all of them have been read.

    Raises
    ------
    PlanningError
        One of them cannot be used; nothing is computed or kept of the others either.
    """
    require_nature(nature)
    frames = [workspace.read_sites(source, options) for source in sources]
    for source, sites in zip(sources, frames, strict=True):
        result = check_sites(workspace, sites, options, nature)
        workspace.archive.keep_input(result.id, source, options)
        yield result


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
    return any(
        len(tree.query(site.geometry, predicate="intersects")) for tree in (stated, features)
    )


def _missing(kind: KindControls) -> Finding:
    named = kind_of(kind.rule.kind)
    return Finding(
        kind=kind.rule.kind,
        layer_id=None,
        layer_version=None,
        layer_status=None,
        title=Title(zh=named.title_zh, en=named.title_en),
        relation=kind.rule.relation,
        verdict=Verdict.UNDETERMINED,
        reasons=[Reason.LAYER_MISSING],
        overlap_area_m2=None,
        overlap_area_mu=None,
        share_pct=None,
        max_width_m=None,
        nearest_m=None,
        coverage_pct=None,
        tolerance_width_m=None,
        citation=plain(kind.rule.citation),
        decision=_UNDECIDED,
        parts=[],
    )


def _finding(
    site: Site, kind: KindControls, control: Control, coverage: Coverage | None
) -> Finding:
    rule, spec = kind.rule, control.version.spec
    touched = _touched(site, rule.relation, control)
    precision_m = max(filter(None, (site.precision_m, spec.precision_m)), default=None)
    verdict, reasons = judge(
        Evidence(
            relation=rule.relation,
            tolerance=rule.tolerance,
            overlap=touched or Overlap(area_m2=0.0, max_width_m=0.0, parts=()),
            coverage=coverage,
            precision_m=precision_m,
            faults=control.faults,
        )
    )
    return Finding(
        kind=rule.kind,
        layer_id=spec.id,
        layer_version=control.version.number,
        layer_status=spec.status,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        relation=rule.relation,
        verdict=verdict,
        reasons=list(reasons),
        overlap_area_m2=touched.area_m2 if touched else None,
        overlap_area_mu=m2_to_mu(touched.area_m2) if touched else None,
        share_pct=100.0 * touched.area_m2 / site.area_m2 if touched else None,
        max_width_m=touched.max_width_m if touched else None,
        nearest_m=_nearest_m(site, rule.relation, control),
        coverage_pct=coverage.share_pct if coverage else None,
        tolerance_width_m=rule.tolerance.allowed_width_m(precision_m),
        citation=plain(rule.citation),
        decision=_UNDECIDED,
        parts=_parts(touched),
    )


def _touched(site: Site, relation: Relation, control: Control) -> Overlap | None:
    loaded = control.loaded
    if loaded is None or control.index is None:
        return None
    if relation is Relation.MUST_NOT_OVERLAP:
        return overlap(site.geometry, control.index)
    return outside(site.geometry, control.index, loaded.coverage_area)


def _nearest_m(site: Site, relation: Relation, control: Control) -> float | None:
    if control.index is None or relation is Relation.MUST_BE_INSIDE:
        return None
    return nearest_m(site.geometry, control.index)


def _parts(touched: Overlap | None) -> list[Part]:
    return [
        Part(
            feature_id=part.feature_id,
            area_m2=part.area_m2,
            shared_area_m2=part.shared_area_m2,
            max_width_m=part.max_width_m,
            # Ground that an earlier part counts leaves nothing to draw.
            geometry=None if part.geometry.is_empty else geojson(part.geometry),
        )
        for part in (touched.parts if touched else ())
    ]


def _record(sites: SiteFrame, kinds: Sequence[KindControls], terms: Terms) -> RunRecord:
    used = [control for kind in kinds for control in kind.controls]
    return RunRecord(
        inputs={sites.report.name: sites.report.sha256},
        layers={f"{c.version.layer_id}@{c.version.number}": _content_of(c) for c in used},
        rules_sha256=rules_digest(terms.rules),
        parameters={
            "date": terms.on.isoformat(),
            "nature": terms.nature,
            "decisions_sha256": terms.decisions_sha256,
            "declared": asdict(terms.declared),
            "crs": sites.report.crs,
            "crs_how": sites.report.crs_how,
            "encoding": sites.report.encoding,
        },
        software=terms.software,
    )


def _content_of(control: Control) -> str:
    """Return the digest of what was used: a damaged layer, once restored, is another check."""
    return control.version.content_sha256 if control.loaded else Reason.LAYER_UNREADABLE


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        # Run from a clone, the product itself is not an installed distribution.
        return "source"
