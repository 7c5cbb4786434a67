"""Operations that hand over what a past check can be shown and proved by."""

from api.check.questions import PastCheck, ReportQuestion, VerifyQuestion
from api.exits import Exit
from api.operation import Call, FileAnswer, Question, operation
from maps.check.answers import Verification

_ZIP = "application/zip"
_TXT = "text/plain; charset=gb18030"
_REPORTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@operation(
    "evidence",
    "GET /api/v1/checks/{check_id}/evidence",
    arguments=("check_id",),
    forms={"zip": _ZIP},
    heavy=True,
)
def evidence(call: Call, asked: PastCheck) -> FileAnswer:
    """Return everything that a past check rests on; ``verify`` computes it again."""
    from api.check.proof.evidence import build_evidence

    return FileAnswer(
        name=f"evidence-{asked.check_id}.zip",
        data=build_evidence(call.workspace, asked.check_id),
        media_type=_ZIP,
    )


@operation(
    "points",
    "GET /api/v1/checks/{check_id}/points",
    arguments=("check_id",),
    heavy=True,
    forms={"txt": _TXT},
)
def points(call: Call, asked: PastCheck) -> FileAnswer:
    """Return the sites of a past check and what lines take of them, as boundary points."""
    from api.check.report.places import write_points

    result = call.workspace.archive.get(asked.check_id)
    return FileAnswer(
        name=f"points-{asked.check_id}.txt",
        data=write_points(result, call.lang),
        media_type=_TXT,
    )


@operation(
    "verify",
    "POST /api/v1/evidence/verify",
    arguments=("file",),
    text="maps.check.document:verification_document",
    exit_of=lambda answer: Exit.FINE if answer.same else Exit.CONFLICT,
)
def verify(call: Call, asked: VerifyQuestion) -> Verification:
    """Compute a check again from its evidence alone; a store only adds what was withdrawn."""
    from api.check.proof.verify import verify_evidence
    from api.check.withdrawn import verified_here
    from layers.readers import ReadLimits
    from layers.store.bundle import MOST_BYTES

    (data,) = asked.file.source(ReadLimits(max_bytes=MOST_BYTES)).files.values()
    return verified_here(verify_evidence(data, asked.digest), call.workspace_if_any())


@operation(
    "report",
    "GET /api/v1/checks/{check_id}/report.{format}",
    "POST /api/v1/checks/{check_id}/report.{format}",
    arguments=("check_id",),
    forms=_REPORTS,
    task="report",
    heavy=True,
    kept=True,
    require="api.check.report.build:require_report",
)
def report(call: Call, asked: ReportQuestion) -> FileAnswer:
    """Return the report of a past check; as a task for hundreds of sites."""
    from api.check.report.build import ReportWish, build_report

    wish = ReportWish(
        form=call.form,
        lang=call.lang,
        project=asked.project,
        maker=asked.maker,
        template=asked.template,
    )
    return FileAnswer(
        name=f"report-{asked.check_id}.{call.form}",
        data=build_report(call.workspace, asked.check_id, wish),
        media_type=_REPORTS[call.form],
    )


@operation(
    "report-template",
    "GET /api/v1/report-template.docx",
    forms={"docx": _REPORTS["docx"]},
)
def report_template(call: Call, asked: Question) -> FileAnswer:  # noqa: ARG001 - asks nothing
    """Return a Word template with every field and chapter, to make an office's own from."""
    from maps.check.report.sample import sample_template

    return FileAnswer(
        name=f"report-template-{call.lang}.docx",
        data=sample_template(call.lang),
        media_type=_REPORTS["docx"],
    )


PAPERS = (evidence, points, verify, report, report_template)
