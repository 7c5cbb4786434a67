"""Operations of checks, declared once for both doors."""

from api.check.law_operations import LAW_OPERATIONS
from api.check.paper_operations import PAPERS
from api.check.questions import (
    AuditQuestion,
    BatchQuestion,
    CheckQuestion,
    HistoryQuestion,
    OverlapQuestion,
    OverrideQuestion,
    ShowQuestion,
    StaleQuestion,
)
from api.exits import Exit, exit_of, exit_of_batch
from api.operation import Call, operation
from maps.check.answers import CheckResult
from maps.check.audit_answers import AuditWritten
from maps.check.batch_answers import BatchWritten
from maps.check.overlap_answers import OverlapTable
from maps.check.stale_answers import StaleList
from maps.workbench.answers import CheckList


def _exit_of_check(result: CheckResult) -> Exit:
    return exit_of([result.reviewed_verdict or result.verdict])


@operation(
    "check",
    "POST /api/v1/checks",
    arguments=("file",),
    drawn=True,
    several=True,
    text="maps.check.document:check_document",
    files="api.check.report.build:report_forms",
    output="--report",
    exit_of=_exit_of_check,
)
def check(call: Call, asked: CheckQuestion) -> CheckResult:
    """Check sites against all control layers."""
    from api.check.sites import read_and_check

    source = asked.file.source(call.workspace.limits)
    result = read_and_check(call.workspace.as_of(asked.on), source, asked.options, asked.nature)
    return result if asked.geometry else result.without_geometry()


@operation(
    "checks list",
    "GET /api/v1/checks",
    text="maps.workbench.document:checks_document",
)
def list_checks(call: Call, asked: HistoryQuestion) -> CheckList:
    """List past checks, newest first."""
    from api.check.override import list_checks as listed

    return listed(call.workspace, asked.limit)


@operation(
    "checks show",
    "GET /api/v1/checks/{check_id}",
    arguments=("check_id",),
    text="maps.check.document:check_document",
    exit_of=_exit_of_check,
)
def show_check(call: Call, asked: ShowQuestion) -> CheckResult:
    """Return a past check, with reviewers' verdicts beside the computed ones."""
    from api.check.override import reviewed_check

    result = reviewed_check(call.workspace, asked.check_id)
    return result if asked.geometry else result.without_geometry()


@operation(
    "override",
    "POST /api/v1/checks/{check_id}/overrides",
    arguments=("check_id",),
    status=201,
    text="maps.check.document:check_document",
    exit_of=_exit_of_check,
    signed="name",
)
def override(call: Call, asked: OverrideQuestion) -> CheckResult:
    """Record a reviewer's own verdict on a finding; the computed one stays beside it."""
    from api.check.override import OverrideRequest, override_finding

    request = OverrideRequest(**asked.model_dump(exclude={"check_id"}))
    return override_finding(call.workspace, asked.check_id, request).without_geometry()


def _exit_of_batch(answer: BatchWritten) -> Exit:
    return exit_of_batch(
        answer.reviewed_verdicts or answer.verdicts, complete=answer.batch.complete
    )


@operation(
    "batch",
    "POST /api/v1/batches",
    arguments=("file",),
    task="batch",
    apart=True,
    folder=True,
    needs_output=True,
    text="maps.check.batch_document:batch_summary",
    exit_of=_exit_of_batch,
)
def batch(call: Call, asked: BatchQuestion) -> BatchWritten:
    """Check many files in one run: a summary, a workbook, conflicts as a layer."""
    from api.check.batch.output import write_batch
    from api.check.batch.run import BatchTerms, entries_of_uploads, run_batch

    folder = call.require_folder()
    entries = entries_of_uploads(asked.file, call.workspace.limits, leave_out=folder)
    terms = BatchTerms(options=asked.options, nature=asked.nature)
    workspace = call.workspace.as_of(asked.on)
    return write_batch(run_batch(workspace, entries, terms, call.progress), folder, call.lang)


@operation(
    "stale",
    "POST /api/v1/checks/stale",
    task="stale",
    apart=True,
    text="maps.check.stale_document:stale_document",
    files="api.check.stale.files:STALE_FILES",
    require="api.check.stale.alone:require_layers",
    exit_of=lambda answer: (
        Exit.CONFLICT if any(one.state == "changed" for one in answer.checks) else Exit.FINE
    ),
)
def stale(call: Call, asked: StaleQuestion) -> StaleList:
    """Find past checks that today's layers and rules would judge otherwise, and why."""
    from api.check.stale.files import STALE_FILES
    from api.check.stale.find import StaleScope, find_stale

    scope = StaleScope(since=asked.since, law=asked.law, layers=asked.layer)
    found = find_stale(call.workspace.as_of(asked.on), scope, call.progress)
    if call.folder is not None:
        STALE_FILES.write(found, call.folder / "stale.xlsx", call.lang)
    return found


@operation(
    "layers audit",
    "POST /api/v1/audits",
    arguments=("layer",),
    task="audit",
    folder=True,
    text="maps.check.audit_document:audit_summary",
    require="api.check.audit.layers:require_layers",
    exit_of=lambda answer: Exit.CONFLICT if answer.audit.total else Exit.FINE,
)
def audit(call: Call, asked: AuditQuestion) -> AuditWritten:
    """Audit layers themselves: topology, doubles, crossings of the three lines, areas."""
    from api.check.audit.layers import audit_layers
    from api.check.audit.tables import write_audit

    found = audit_layers(call.workspace, asked.layer, call.progress)
    if call.folder is not None:
        return write_audit(found, call.folder, call.lang)
    return AuditWritten(audit=found.without_geometry(), outputs=[])


@operation(
    "overlap",
    arguments=("parcels", "layer"),
    needs_output=True,
    text="maps.check.document:overlap_document",
)
def overlap(call: Call, asked: OverlapQuestion) -> OverlapTable:
    """Return the overlaps of millions of parcels with one layer, as a table.

    Only at a terminal: such parcels are larger than any upload, and lie on its disk.
    """
    from api.check.batch.cluster import crew_of
    from api.check.batch.overlap_table import OverlapRequest, overlap_table

    request = OverlapRequest(
        parcels=asked.parcels.require_path(),
        layer_id=asked.layer,
        id_column=asked.id_column,
        output=call.require_output(),
    )
    with crew_of(asked.scheduler, asked.workers) as crew:
        return overlap_table(call.workspace, request, crew, call.progress)


OPERATIONS = (
    check,
    list_checks,
    show_check,
    override,
    *LAW_OPERATIONS,
    *PAPERS,
    batch,
    stale,
    audit,
    overlap,
)
