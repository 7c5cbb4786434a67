"""The list of past checks."""

from datetime import UTC, datetime
from typing import Final

from api.check.override import reviewed_check
from api.workspace.workspace import Workspace
from maps.workbench.answers import CheckList, CheckSummary

MOST_LISTED: Final = 50


def list_checks(workspace: Workspace, limit: int) -> CheckList:
    """Return the newest past checks with their verdicts, reviewers' ones applied."""
    kept = workspace.archive.newest()
    return CheckList(
        checks=[_summary(workspace, check_id, at) for check_id, at in kept[:limit]],
        more=max(0, len(kept) - limit),
    )


def _summary(workspace: Workspace, check_id: str, kept_s: float) -> CheckSummary:
    result = reviewed_check(workspace, check_id)
    names = [site.name for site in result.sites if site.name]
    return CheckSummary(
        id=result.id,
        kept_at=datetime.fromtimestamp(kept_s, tz=UTC).isoformat(timespec="seconds"),
        checked_on=result.checked_on,
        verdict=result.verdict,
        nature=result.nature,
        name=names[0] if names else "",
        site_count=len(result.sites),
        area_m2=sum(site.area_m2 for site in result.sites),
    )
