"""Check sites over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from api.deps import WorkspaceDep
from api.jobs.check_site import read_and_check
from api.jobs.evidence import build_evidence
from api.jobs.override import OverrideRequest, override_finding, reviewed_check
from api.schemas import CheckResult
from api.uploads import FORM, uploaded
from layers.model import ReadOptions
from layers.readers import Source

router = APIRouter(prefix="/api/v1/checks", tags=["checks"])

_EXAMPLE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[102.80, 24.96], [102.82, 24.96], [102.82, 24.98], [102.80, 24.96]]
                ],
            },
        }
    ],
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/geo+json": {"schema": {"type": "object"}, "example": _EXAMPLE},
            "application/json": {"schema": {"type": "object"}, "example": _EXAMPLE},
            "multipart/form-data": FORM,
        },
    }
}


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


@router.post("", openapi_extra=_BODY)
async def post_check(
    request: Request,
    workspace: WorkspaceDep,
    *,
    nature: OfNature = None,
    geometry: WithGeometry = False,
) -> CheckResult:
    """Check drawn or uploaded sites against all control layers."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as form:
            source, options = await uploaded(form)
    else:
        body = await request.body()
        source, options = Source(name="site.geojson", files={"site.geojson": body}), ReadOptions()
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
