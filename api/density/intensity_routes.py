"""The intensity of land use over HTTP."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.density.files import INTENSITY_FILES
from api.density.intensity import evaluate_zones
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from api.web.uploads import FILE_BODY, uploaded
from maps.density.intensity_answers import IntensityReport

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
