"""Check sites against every control layer: overlap, coverage, verdict, record."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from shapely import Geometry

from api.check.controls import Control, KindControls, kinds_of
from api.check.drawn import BOUNDARIES, boundaries_sha256
from api.check.judgement import Project, judge_sites
from api.check.land_use import land_controls, split_land
from api.check.limits import limit_check_time, require_bounded
from api.check.override import with_reviews
from api.check.shift_suspicion import with_suspicion
from api.check.zone_terms import ZoneTerms, zone_terms
from api.workspace.answers import basis_of, plain, report_out
from api.workspace.needs import CHINA_TIME, CheckNeeds, ControlSource, LawSource
from geo.model import Reason, Verdict, worst_verdict
from layers.check.law import Law
from layers.check.natures import require_nature
from layers.check.register import load_register
from layers.check.sensitivity import sensitivity_widths_m
from layers.check.site_limits import leave_out_unjudgeable
from layers.model import (
    LayerSpec,
    LayerVersion,
    MissingLayer,
    Progress,
    ReadOptions,
    ReadReport,
    SiteFrame,
)
from layers.provenance import RunRecord, canonical_json, digest, run_id
from layers.readers import Source
from layers.readers.ledger import may_be_plot
from layers.readers.made import make_sites
from maps.answers import LeftOutOut, ReadReportOut, Title
from maps.check.answers import AHEAD, CheckResult, SiteResult
from maps.check.sensitive import UnexaminedKind

_SOFTWARE: Final = ("ftz-planning-gis", "geopandas", "numpy", "pyproj", "shapely")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a check is done under, beside its sites and layers.

    Without a nature of the project no outcome of a conflict can be told. ``declared`` is
    what the person said of the input; the same bytes declared otherwise are another check.
    ``ahead``: the day had not come, so that its law and layers are those known before it.
    """

    on: date
    project: Project
    declared: ReadOptions
    law: Law
    software: Mapping[str, str]
    zone: ZoneTerms
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person declares of a file, and the nature of the project, None if not stated."""

    options: ReadOptions
    nature: str | None


def check_sites(
    workspace: CheckNeeds,
    sites: SiteFrame,
    declared: ReadOptions,
    nature: str | None = None,
    report: Progress | None = None,
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
    report : Progress, optional
        Gets how many sites are done; what it raises stops the check, and nothing is kept.
        Without it nobody follows the work, and a server bounds its time by its settings.

    Raises
    ------
    CheckTooLargeError, CheckTooSlowError
        See :mod:`api.check.limits`; on a server only.

    Returns
    -------
    CheckResult
        With geometries. The same input, layers, rules, day and software give the same id.
    """
    require_bounded(workspace, sites, together=report is None)
    if workspace.serves_anybody and report is None:
        report = limit_check_time(workspace.settings.check_seconds)
    terms = terms_today(workspace, declared, require_nature(nature))
    ahead = terms.on > workspace.now().astimezone(CHINA_TIME).date()
    terms = replace(terms, ahead=ahead)
    result = compute_check(workspace, sites, terms, report)
    workspace.archive.keep(result, workspace.now())
    return result


def terms_today(workspace: LawSource, declared: ReadOptions, nature: str | None) -> Terms:
    """Return what a check that is made today is done under."""
    today = workspace.today()
    law, zone = workspace.law(today), zone_terms(workspace.zone)
    return Terms(
        on=today,
        project=Project(nature=nature, decisions=law.decisions, not_here=zone.not_here),
        declared=declared,
        law=law,
        software=software_used(),
        zone=zone,
    )


def compute_check(
    source: ControlSource, sites: SiteFrame, terms: Terms, report: Progress | None = None
) -> CheckResult:
    """Return the result of a check, wherever its control layers come from.

    Raises
    ------
    OutsideRegionError, SiteTooSmallError
        Not one of the sites can be judged.
    """
    sites = leave_out_unjudgeable(sites, terms.zone.limits)
    kinds, land = kinds_of(source, terms.law, terms.on), land_controls(source, terms.on)
    results = judge_sites(sites.sites, kinds, terms.project, report)
    record = _record(sites, results, kinds, land, terms)
    return CheckResult(
        id=run_id(record),
        verdict=worst_verdict(
            [*(Verdict(site.verdict) for site in results), *summarise_unjudged(sites.report)]
        ),
        nature=terms.project.nature,
        checked_on=terms.on.isoformat(),
        basis=basis_of(control.version for kind in kinds for control in kind.controls),
        sites=results,
        land_use=split_land(sites.sites, results, kinds, land),
        left_out=lost_sites(report_out(sites.report)),
        not_examined=unexamined_kinds(kinds),
        read_report=report_out(with_suspicion(sites, kinds, terms.declared)),
        record=plain(record),
    )


def unexamined_kinds(kinds: Iterable[KindControls]) -> list[UnexaminedKind]:
    """Return the kinds of which no layer stands and that no finding tells of, by name.

    Kinds of the register of sensitive areas are told of by their members.
    """
    silent = {
        one.kind.id: Title(zh=one.kind.title_zh, en=one.kind.title_en)
        for one in kinds
        if not one.controls and not one.required and one.kind.id not in load_register().kinds
    }
    return [UnexaminedKind(kind=kind, title=title) for kind, title in silent.items()]


def read_and_check(
    workspace: CheckNeeds, source: Source, options: ReadOptions, nature: str | None = None
) -> CheckResult:
    """Read sites from what a person hands in, and check them.

    Raises
    ------
    PlanningError
        The input cannot be used; nothing is computed or kept.
    """
    return next(read_and_check_all(workspace, [source], options, nature))


def read_and_check_all(
    workspace: CheckNeeds,
    sources: Sequence[Source],
    options: ReadOptions,
    nature: str | None = None,
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
        yield check_and_keep(workspace, source, sites, Asked(options=options, nature=nature))


def check_and_keep(
    workspace: CheckNeeds,
    source: Source,
    sites: SiteFrame,
    asked: Asked,
    report: Progress | None = None,
) -> CheckResult:
    """Check the sites that were read of a source; keep the result and what it was made of.

    Reviewers' verdicts on the same check, made before, stand beside what was computed.
    """
    result = check_sites(workspace, sites, asked.options, asked.nature, report)
    # With the law of its day: midnight may have passed.
    law = workspace.law(date.fromisoformat(result.checked_on))
    workspace.archive.keep_input(result.id, source, asked.options, law.files)
    return with_reviews(workspace, result)


def check_made_sites(
    workspace: CheckNeeds, shapes: Mapping[str, Geometry], name: str, nature: str | None
) -> CheckResult:
    """Check lon/lat polygons that the product itself made, by their ids, and keep them.

    Raises
    ------
    OutsideRegionError, SiteTooSmallError
        Not one of them can be judged.
    """
    source, sites = make_sites(shapes, name, counties=workspace.counties, limits=workspace.limits)
    return check_and_keep(workspace, source, sites, Asked(options=ReadOptions(), nature=nature))


def lost_sites(report: ReadReportOut) -> list[LeftOutOut]:
    """Return what of an input should have been judged and was not.

    See :func:`layers.readers.ledger.may_be_plot` for what may be a site.
    """
    ledger = report.ledger
    entries = ledger.left_out if ledger else []
    return [one for one in entries if may_be_plot(one)]


def summarise_unjudged(report: ReadReport) -> list[Verdict]:
    """Return what sites that were not judged make of the whole: it cannot be told."""
    return [Verdict.UNDETERMINED] if lost_sites(report_out(report)) else []


def _record(
    sites: SiteFrame,
    results: Sequence[SiteResult],
    kinds: Sequence[KindControls],
    land: Sequence[Control],
    terms: Terms,
) -> RunRecord:
    return RunRecord(
        inputs={sites.report.name: sites.report.sha256},
        layers=layers_used(kinds, land),
        rules_sha256=terms.law.rules_sha256,
        parameters={
            "date": terms.on.isoformat(),
            **({AHEAD: True} if terms.ahead else {}),
            "nature": terms.project.nature,
            "sensitivity_widths_m": list(sensitivity_widths_m()),
            "site_limits": terms.zone.limits.model_dump(mode="json"),
            **terms.zone.recorded,
            "decisions_sha256": terms.law.decisions_sha256,
            **bound_beside(kinds, land, terms.law),
            BOUNDARIES: boundaries_sha256(results),
            "declared": asdict(terms.declared),
            "crs": sites.report.crs,
            "crs_how": sites.report.crs_how,
            "encoding": sites.report.encoding,
        },
        software=terms.software,
    )


def bound_beside(
    kinds: Sequence[KindControls], land: Sequence[Control], law: Law
) -> dict[str, Any]:
    """Return what decides a result beside the features: all that is said of kinds and layers.

    Older checks were kept without it.
    """
    versions = {c.version.layer_id: c for c in _every_control(kinds, land)}
    said = [stated_of(c.version, _content_of(c)) for _, c in sorted(versions.items())]
    missing = [kind.missing for kind in kinds if kind.missing]
    withdrawn = {one.kind: list(one.withdrawn) for one in missing if one.withdrawn}
    withheld = {one.kind: list(one.withheld) for one in missing if one.withheld}
    return {
        "kinds_sha256": digest(law.files["kinds.json"]),
        "layers_sha256": digest(canonical_json(said)),
        "lost_layers": {one.kind: list(one.lost) for one in missing if one.lost},
        **({"withdrawn_layers": withdrawn} if withdrawn else {}),
        **({"withheld_layers": withheld} if withheld else {}),
    }


def missing_then(record: Mapping[str, Any]) -> list[MissingLayer]:
    """Return the layers that stood and did not count any more when a check was made."""
    said = record["parameters"]
    names = ("lost_layers", "withdrawn_layers", "withheld_layers")
    lost, withdrawn, withheld = (said.get(name) or {} for name in names)
    return [
        MissingLayer(
            kind=kind,
            lost=tuple(lost.get(kind, ())),
            withdrawn=tuple(withdrawn.get(kind, ())),
            withheld=tuple(withheld.get(kind, ())),
        )
        for kind in sorted({*lost, *withdrawn, *withheld})
    ]


def stated_of(version: LayerVersion, content: str) -> dict[str, Any]:
    """Return what is said of a layer version, as evidence keeps it."""
    return {
        "spec": json.loads(_spec_json(version.spec)),
        "number": version.number,
        "content_sha256": content,
        "covered": version.covered,
        # Evidence of older releases does not say it.
        **({"incomplete": True} if version.incomplete else {}),
    }


@lru_cache(maxsize=1024)
def _spec_json(spec: LayerSpec) -> bytes:
    return canonical_json(asdict(spec))


def layers_used(kinds: Sequence[KindControls], land: Sequence[Control]) -> dict[str, str]:
    """Return the digests of layer versions by ``id@number``; ``land`` is the land survey."""
    used = _every_control(kinds, land)
    return {f"{c.version.layer_id}@{c.version.number}": _content_of(c) for c in used}


def _every_control(kinds: Sequence[KindControls], land: Sequence[Control]) -> list[Control]:
    return [*(control for kind in kinds for control in kind.controls), *land]


def _content_of(control: Control) -> str:
    """Return the digest of what was used: a damaged layer, once restored, is another check."""
    return control.version.content_sha256 if control.loaded else Reason.LAYER_UNREADABLE


@cache
def software_used() -> Mapping[str, str]:
    """Return the versions of what computes a check, by distribution."""
    return {name: _version_of(name) for name in _SOFTWARE}


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        # Run from a clone, the product itself is not an installed distribution.
        return "source"
