"""Reports of past checks as files."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.check.report import ReportWish, build_report, start_report
from api.web.deps import LanguageDep, WorkspaceDep
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1/checks", tags=["checks"])

_MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Project = Annotated[str | None, Query(description="Name of the project, for the front page.")]
Maker = Annotated[str | None, Query(description="Who hands the report in, for the front page.")]


@router.get(
    "/{check_id}/report.{form}",
    responses={200: {"content": {media: {} for media in _MEDIA.values()}}},
)
def get_report(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    check_id: str,
    form: str,
    project: Project = None,
    maker: Maker = None,
) -> Response:
    """Return the report of a past check: docx, pdf, html or xlsx, by Accept-Language or lang."""
    wish = ReportWish(form=form, lang=lang, project=project, maker=maker)
    return Response(
        build_report(workspace, check_id, wish),
        media_type=_MEDIA[form],
        headers={"content-disposition": f'attachment; filename="report-{check_id}.{form}"'},
    )


@router.post("/{check_id}/report.{form}", status_code=202)
def post_report(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    check_id: str,
    form: str,
    project: Project = None,
    maker: Maker = None,
) -> Task:
    """Make the report of a past check as a task that keeps the file: for hundreds of sites."""
    wish = ReportWish(form=form, lang=lang, project=project, maker=maker)
    return start_report(workspace, check_id, wish)
