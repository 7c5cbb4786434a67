"""A reviewer's own verdict on a finding: kept beside what was computed, never in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.check.withdrawn import with_withdrawals
from api.workspace.archive import DamagedCheckError
from api.workspace.needs import CHINA_TIME, CheckSource
from geo.check.verdict import weigh
from geo.errors import InputError
from geo.model import Verdict, worst_verdict
from layers.errors import NotFoundError
from maps.check.answers import CheckResult, SiteResult
from maps.check.finding import Finding, Override
from maps.check.report.material import printed_total
from maps.workbench.answers import CheckList, CheckSummary

_LONGEST: Final = {"reason": 2000, "name": 100}


class OverrideError(InputError):
    """Something that an override must say is missing or too long. Params: ``field``."""

    code = "api.override.invalid"


class UnknownFindingError(NotFoundError):
    """The check has no such finding. Params: ``site_id``, ``rule_id``."""

    code = "api.override.unknown_finding"


class OverlapNotClearError(InputError):
    """A measured overlap may be accepted, never be called clear. Params: ``area_m2``."""

    code = "api.override.overlap_is_not_clear"


class OverrideBeforeCheckError(InputError):
    """The clock is behind the check. Params: ``at``, ``made_at``: times in China, ISO 8601."""

    code = "api.override.before_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRequest:
    """Which finding a reviewer judges otherwise, how, why, and who answers for it."""

    site_id: str
    rule_id: str
    layer_id: str | None
    verdict: str
    reason: str
    name: str


def override_finding(
    workspace: CheckSource, check_id: str, request: OverrideRequest
) -> CheckResult:
    """Record a reviewer's verdict and return the check with both.

    Raises
    ------
    UnknownCheckError, UnknownFindingError
        There is no such check, or it has no such finding.
    OverrideError
        The verdict is none, or reason or name are empty or too long.
    OverlapNotClearError
        An overlap was measured, and the verdict says that there is none.
    OverrideBeforeCheckError
        The clock is behind the check.
    """
    _require_sound(request)
    result = workspace.archive.get(check_id)
    _require_not_cleared(request, _finding_of(request, result))
    at, made_at = (
        time.astimezone(CHINA_TIME).isoformat(timespec="seconds")
        for time in (workspace.now(), workspace.archive.kept_at(check_id))
    )
    if at < made_at:
        raise OverrideBeforeCheckError(at=at, made_at=made_at)
    recorded = Override(
        site_id=request.site_id,
        rule_id=request.rule_id,
        layer_id=request.layer_id,
        verdict=request.verdict,
        reason=request.reason.strip(),
        name=request.name.strip(),
        at=at,
    )
    workspace.archive.keep_override(check_id, recorded)
    return reviewed_check(workspace, check_id)


def reviewed_check(workspace: CheckSource, check_id: str) -> CheckResult:
    """Return a kept check with every reviewer's verdict beside the computed one.

    Raises
    ------
    UnknownCheckError
        There is none with this id.
    """
    return with_reviews(workspace, workspace.archive.get(check_id))


def with_reviews(workspace: CheckSource, result: CheckResult) -> CheckResult:
    """Return a check with reviewers' verdicts, and with withdrawals of what it rests on.

    Made again, it is the same check and keeps them.
    """
    told = with_withdrawals(workspace, result)
    return reviewed_by(told, workspace.archive.overrides(result.id))


def reviewed_by(result: CheckResult, overrides: Sequence[Override]) -> CheckResult:
    """Return a check with these reviewers' verdicts beside the computed ones, the last counting."""
    if not overrides:
        return result
    sites = [_reviewed(site, overrides) for site in result.sites]
    return result.model_copy(
        update={
            "sites": sites,
            "overrides": list(overrides),
            "reviewed_verdict": worst_verdict(
                [
                    *(Verdict(site.reviewed_verdict or site.verdict) for site in sites),
                    *([Verdict.UNDETERMINED] if result.left_out else []),
                ]
            ),
        }
    )


def _reviewed(site: SiteResult, overrides: Sequence[Override]) -> SiteResult:
    findings = [
        finding.model_copy(update={"override": _latest(site, finding, overrides)})
        for finding in site.findings
    ]
    if not any(finding.override for finding in findings):
        return site
    reviewed = weigh((Verdict(one.final_verdict), one.covers_all_land) for one in findings)
    return site.model_copy(update={"findings": findings, "reviewed_verdict": reviewed})


def _latest(site: SiteResult, finding: Finding, overrides: Sequence[Override]) -> Override | None:
    own = [override for override in overrides if _concerns(override, site, finding)]
    return own[-1] if own else None


def _concerns(said: Override | OverrideRequest, site: SiteResult, finding: Finding) -> bool:
    return (said.site_id, said.rule_id, said.layer_id) == (
        site.site_id,
        finding.rule_id,
        finding.layer_id,
    )


def _finding_of(request: OverrideRequest, result: CheckResult) -> Finding:
    for site in result.sites:
        for finding in site.findings:
            if _concerns(request, site, finding):
                return finding
    raise UnknownFindingError(site_id=request.site_id[:80], rule_id=request.rule_id[:80])


def _require_not_cleared(request: OverrideRequest, finding: Finding) -> None:
    area_m2 = finding.overlap_area_m2 or 0.0
    if request.verdict == Verdict.CLEAR and (finding.parts or area_m2 > 0.0):
        raise OverlapNotClearError(area_m2=round(area_m2, 2))


def _require_sound(request: OverrideRequest) -> None:
    if request.verdict not in tuple(Verdict):
        raise OverrideError(field="verdict")
    for field, longest in _LONGEST.items():
        if not 0 < len(getattr(request, field).strip()) <= longest:
            raise OverrideError(field=field)


def list_checks(workspace: CheckSource, limit: int) -> CheckList:
    """Return the newest past checks with their verdicts, reviewers' ones beside them."""
    kept = workspace.archive.newest()
    checks, damaged = list[CheckSummary](), list[str]()
    for check_id, _ in kept[:limit]:
        try:
            checks.append(_summary(workspace, check_id))
        except DamagedCheckError:
            # One that is damaged takes no other with it.
            damaged.append(check_id)
    damaged += workspace.archive.without_result()
    return CheckList(checks=checks, more=max(0, len(kept) - limit), damaged=damaged)


def _summary(workspace: CheckSource, check_id: str) -> CheckSummary:
    result = reviewed_check(workspace, check_id)
    names = [site.name for site in result.sites if site.name]
    kept_at = workspace.archive.kept_at(check_id).astimezone(CHINA_TIME)
    return CheckSummary(
        id=result.id,
        kept_at=kept_at.isoformat(timespec="seconds"),
        checked_on=result.checked_on,
        verdict=result.verdict,
        reviewed_verdict=result.reviewed_verdict,
        nature=result.nature,
        name=names[0] if names else "",
        site_count=len(result.sites),
        area_m2=sum(site.area_m2 for site in result.sites),
        printed=printed_total(result.sites),
    )
