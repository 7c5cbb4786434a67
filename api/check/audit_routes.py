"""The self-audit of layers, as a task."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.check.audit import audit_layers
from api.check.audit_output import write_audit
from api.web.deps import LanguageDep, WorkspaceDep
from api.workspace.tasks import Progress
from maps.check.audit_answers import AuditWritten
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1/audits", tags=["layers"])


@router.post("", status_code=202)
def post_audit(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    layer: Annotated[
        list[str] | None, Query(description="Layers to audit; all control layers if none.")
    ] = None,
) -> Task:
    """Start an audit; its task ends with the faults, a workbook and their places as a layer."""
    ids = [workspace.store.get(layer_id).layer_id for layer_id in layer or ()]

    def work(progress: Progress) -> AuditWritten:
        return write_audit(audit_layers(workspace, ids, progress), progress.folder, lang)

    return workspace.tasks.start("audit", work)
