"""Check sites over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from api.check.evidence import build_evidence
from api.check.override import OverrideRequest, override_finding, reviewed_check
from api.check.sites import read_and_check
from api.web.deps import WorkspaceDep
from api.web.site_body import SITE_BODY, sites_of
from maps.check.answers import CheckResult

router = APIRouter(prefix="/api/v1/checks", tags=["checks"])

AT_ONCE: Final = 2
"""Checks that are judged at a time: more would take the threads that answer the rest."""


class OverrideBody(BaseModel):
    """What a reviewer says of one finding."""

    model_config = ConfigDict(extra="forbid")
    site_id: str
    rule_id: str
    layer_id: str | None
    verdict: str = Field(examples=["contact"])
    reason: str
    name: str


OfNature = Annotated[
    str | None,
    Query(description="Nature of the project, see /api/v1/natures", examples=["park_expansion"]),
]
WithGeometry = Annotated[bool, Query(description="Add the geometry of sites and parts.")]


@router.post("", openapi_extra=SITE_BODY)
async def post_check(
    request: Request,
    workspace: WorkspaceDep,
    *,
    nature: OfNature = None,
    geometry: WithGeometry = False,
) -> CheckResult:
    """Check drawn or uploaded sites against all control layers."""
    source, options = await sites_of(request)
    async with request.app.state.checking:
        result = await run_in_threadpool(read_and_check, workspace, source, options, nature)
    return result if geometry else result.without_geometry()


@router.get("/{check_id}")
def get_check(
    workspace: WorkspaceDep, check_id: str, *, geometry: WithGeometry = False
) -> CheckResult:
    """Return a past check, with reviewers' verdicts beside the computed ones."""
    result = reviewed_check(workspace, check_id)
    return result if geometry else result.without_geometry()


@router.post("/{check_id}/overrides", status_code=201)
def post_override(workspace: WorkspaceDep, check_id: str, body: OverrideBody) -> CheckResult:
    """Record a reviewer's own verdict on a finding; the computed one stays beside it."""
    request = OverrideRequest(**body.model_dump())
    return override_finding(workspace, check_id, request).without_geometry()


@router.get("/{check_id}/evidence", responses={200: {"content": {"application/zip": {}}}})
def get_evidence(workspace: WorkspaceDep, check_id: str) -> Response:
    """Return everything that a past check rests on; ``ftzgis verify`` runs it again."""
    name = f'attachment; filename="evidence-{check_id}.zip"'
    return Response(
        build_evidence(workspace, check_id),
        media_type="application/zip",
        headers={"content-disposition": name},
    )
