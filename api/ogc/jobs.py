"""Jobs of the processes: the tasks of the server, as the standard says them."""

from typing import Annotated, Final, Literal

from pydantic import Field

from api.errors import RequestError
from api.ogc.processes import processes
from api.ogc.visit import Asked, Visit
from api.workspace.people.seen import OwnTasks
from layers.errors import NotFoundError
from maps.ogc.answers import Link
from maps.ogc.process_answers import JobList, JobStatus, Results
from maps.refusals import refusal_text
from maps.workbench.tasks_answers import Task

_STATUS: Final = {
    "waiting": "accepted",
    "running": "running",
    "finished": "successful",
    "cancelled": "dismissed",
    "failed": "failed",
    "interrupted": "failed",
}
RESULTS: Final = "http://www.opengis.net/def/rel/ogc/1.0/results"


class NotReadyError(NotFoundError):
    """A job has no result yet. Params: ``job_id``, ``status``."""

    code = "api.ogc.not_ready"


class JobsAsked(Asked):
    """Which jobs are asked for."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0)] = 0
    process_id: Annotated[str | None, Field(alias="processID")] = None
    status: Literal["accepted", "running", "successful", "failed", "dismissed"] | None = None


def list_jobs(board: OwnTasks, visit: Visit, asked: JobsAsked) -> JobList:
    """Return jobs, newest first, page by page."""
    jobs = [_job_status(visit, task) for task in board.all()]
    chosen = [
        one
        for one in jobs
        if (asked.status is None or one.status == asked.status)
        and (asked.process_id is None or one.process_id == asked.process_id)
    ]
    if asked.offset and asked.offset >= len(chosen):
        raise RequestError(field="offset", problem="below", limit=str(len(chosen)))
    end = asked.offset + asked.limit
    links = visit.own_links()
    if end < len(chosen):
        kept = [(name, value) for name, value in visit.query if name != "offset"]
        href = visit.href("/jobs", [*kept, ("offset", str(end))])
        links.append(
            Link(href=href, rel="next", type="application/json", title=visit.word("next_page"))
        )
    page = chosen[asked.offset : end]
    return JobList(jobs=page, number_matched=len(chosen), number_returned=len(page), links=links)


def job_status(visit: Visit, task: Task) -> JobStatus:
    """Return a task as a job."""
    return _job_status(visit, task)


def job_results(visit: Visit, task: Task) -> Results:
    """Return what came of a job that was successful.

    Raises
    ------
    NotReadyError
        It has not ended, or was dismissed.
    """
    if task.status != "finished":
        raise NotReadyError(job_id=task.id, status=_STATUS[task.status])
    files = {
        name: {"href": visit.href(f"/api/v1/tasks/{task.id}/files/{name}")} for name in task.files
    }
    return Results(answer=task.result, files=files)


def failure_text(task: Task, lang: str) -> str | None:
    """Return why a job failed, in words; None where it did not."""
    if task.problem is None:
        return None
    return refusal_text(task.problem.code, task.problem.params, lang)


def _job_status(visit: Visit, task: Task) -> JobStatus:
    status = _STATUS[task.status]
    done = 100 if status == "successful" else int(100 * task.done / task.total) if task.total else 0
    path = f"/jobs/{task.id}"
    links = [visit.link("self", path, title="this_job")]
    if status == "successful":
        links.append(visit.link(RESULTS, f"{path}/results", title="results"))
    message = failure_text(task, visit.lang) or task.note or None
    return JobStatus.model_validate(
        {
            "processID": _process_of(task.kind),
            "jobID": task.id,
            "status": status,
            "message": message,
            "created": task.created_at,
            "finished": task.ended_at,
            "progress": min(done, 100),
            "links": links,
        }
    )


def _process_of(kind: str) -> str:
    """Return the process that a kind of task runs; other tasks are called by their kind."""
    return next((name for name, one in processes().items() if one.task_kind == kind), kind)
