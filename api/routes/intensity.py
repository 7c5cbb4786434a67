"""The intensity of land use over HTTP."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from api.answers_intensity import IntensityReport
from api.deps import WorkspaceDep
from api.jobs.intensity import evaluate_zones
from api.uploads import FILE_BODY, uploaded

router = APIRouter(prefix="/api/v1", tags=["intensity"])


@router.post("/intensity", openapi_extra=FILE_BODY)
async def post_intensity(request: Request, workspace: WorkspaceDep) -> IntensityReport:
    """Evaluate the development zones of an uploaded table or layer."""
    async with request.form() as form:
        source, options = await uploaded(form)
    return await run_in_threadpool(evaluate_zones, workspace, source, options)
