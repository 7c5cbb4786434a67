"""The intensity of land use over HTTP."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.answers_intensity import IntensityReport
from api.deps import LanguageDep, WorkspaceDep
from api.file_forms import INTENSITY_FILES
from api.jobs.intensity import evaluate_zones
from api.routes.downloads import Form, download
from api.uploads import FILE_BODY, uploaded

router = APIRouter(prefix="/api/v1", tags=["intensity"])


@router.post("/intensity", response_model=IntensityReport, openapi_extra=FILE_BODY)
async def post_intensity(
    request: Request, workspace: WorkspaceDep, lang: LanguageDep, form: Form = "json"
) -> IntensityReport | Response:
    """Evaluate the development zones of an uploaded table or layer."""
    async with request.form() as body:
        source, options = await uploaded(body)
    report = await run_in_threadpool(evaluate_zones, workspace, source, options)
    return report if form == "json" else download(INTENSITY_FILES, report, form, lang)
