"""Checks in number as tasks: batches, and the watch over past checks."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.check.batch import BatchTerms, run_batch, uploaded_entries
from api.check.batch_output import write_batch
from api.check.stale import find_stale
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.uploads import FILES_BODY, declared, form_text, uploaded_files
from api.workspace.tasks import Progress
from layers.check.natures import require_nature
from maps.check.batch_answers import BatchWritten
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1", tags=["checks"])


@router.post("/batches", status_code=202, openapi_extra=FILES_BODY)
async def post_batch(request: Request, workspace: WorkspaceDep, lang: LanguageDep) -> Task:
    """Start a batch; its task ends with a summary, a workbook, conflicts and all results."""
    async with request.form() as form:
        entries = uploaded_entries(await uploaded_files(form))
        terms = BatchTerms(options=declared(form), nature=require_nature(form_text(form, "nature")))

    def work(progress: Progress) -> BatchWritten:
        batch = run_batch(workspace, entries, terms, progress)
        return write_batch(batch, progress.folder, lang)

    return workspace.tasks.start("batch", work)


@router.post("/checks/stale", status_code=202)
def post_stale(
    workspace: WorkspaceDep,
    since: Annotated[
        date | None, Query(description="Only checks made on this day or later.")
    ] = None,
) -> Task:
    """Hold past checks against today's layers and rules; the task ends with a list of them."""
    return workspace.tasks.start("stale", lambda told: find_stale(workspace, since, told))
