"""Routes of OGC API Processes: from the declarations of operations and the board of tasks."""

import json
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from typing_extensions import override

from api.errors import RequestError, problem_body
from api.ogc import process_pages
from api.ogc.execution import ask_process, read_execution
from api.ogc.jobs import (
    JobsAsked,
    NotReadyError,
    failure_text,
    job_results,
    job_status,
    list_jobs,
)
from api.ogc.processes import (
    UnknownProcessError,
    describe_process,
    list_processes,
    process,
)
from api.ogc.routes import LOST, TAG, Statuses, VisitDep, answer_as, described
from api.ogc.visit import Asked, OgcRoute, Spoken, asked_of, language_of, visit_of
from api.operation import JSON, Call, FileAnswer
from api.web.access.require import actor_of, require_operation
from api.web.deps import TasksDep, WorkspaceDep
from api.web.door import RESPOND_ASYNC, download, start_task
from api.web.errors import PROBLEM, problem
from api.web.gate import heavy_turn
from api.workspace.file_forms import forms_of
from api.workspace.tasks import UnknownTaskError
from api.workspace.time_limit import limit_time
from geo.errors import PlanningError
from maps.answers import Answer
from maps.ogc.process_answers import JobList, JobStatus, Process, ProcessList, Results

_EXCEPTIONS: Final = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
_TYPES: Final[Mapping[type[PlanningError], str]] = MappingProxyType(
    {
        UnknownProcessError: f"{_EXCEPTIONS}no-such-process",
        UnknownTaskError: f"{_EXCEPTIONS}no-such-job",
        NotReadyError: f"{_EXCEPTIONS}result-not-ready",
    }
)
_JSON: Final = "application/json"
_FAILED: Final[Statuses] = {422: {"description": "The job failed, and why."}}


class ProcessRoute(OgcRoute):
    """A route that calls some refusals by the names of the standard."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that answers what there is not."""
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await original(request)
            except tuple(_TYPES) as error:
                answer = problem(error, language_of(request))
                body = {**json.loads(bytes(answer.body)), "type": _TYPES[type(error)]}
                return JSONResponse(body, status_code=answer.status_code, media_type=PROBLEM)

        return handle


router = APIRouter(tags=[TAG], route_class=ProcessRoute)


@router.get("/processes", **described(Asked, ProcessList, _JSON, LOST))
def get_processes(visit: VisitDep) -> Response:
    """Return what the server can compute."""
    answer = list_processes(visit)
    if visit.html:
        return HTMLResponse(process_pages.processes_page(visit, answer))
    return answer_as(answer)


@router.get("/processes/{process_id}", **described(Asked, Process, _JSON, LOST))
def get_process(visit: VisitDep, process_id: str) -> Response:
    """Return a process with its inputs and outputs."""
    answer = describe_process(visit, process_id)
    if visit.html:
        return HTMLResponse(process_pages.process_page(visit, answer))
    return answer_as(answer)


@router.post(
    "/processes/{process_id}/execution",
    response_model=None,
    responses={
        200: {"description": "The answer, or the file that was asked for."},
        201: {"description": "A job was begun.", "model": JobStatus},
        **LOST,
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "inputs": {"type": "object"},
                            "outputs": {"type": "object"},
                            "response": {"type": "string", "enum": ["raw", "document"]},
                        },
                    }
                }
            },
        }
    },
)
async def execute_process(request: Request, workspace: WorkspaceDep, process_id: str) -> Response:
    """Run a process: at once, or as a job where the client prefers or the process is long."""
    said = asked_of(request, Spoken)
    visit = visit_of(request, Asked(lang=said.lang, f="json"))
    declared = process(process_id)
    require_operation(request, declared)
    asked = read_execution(await _object(request))
    question, form = ask_process(declared, asked.inputs)
    progress = limit_time(workspace.settings.answer_seconds)
    call = Call(
        lang=visit.lang,
        open_workspace=lambda: workspace,
        progress=progress,
        form=form,
        actor=actor_of(request),
    )
    if declared.is_long(question) or RESPOND_ASYNC in request.headers.get("prefer", ""):
        task = await start_task(request, declared, call, question)
        status = job_status(visit, task)
        headers = {"location": visit.href(f"/jobs/{task.id}"), "preference-applied": RESPOND_ASYNC}
        return JSONResponse(status.plain(), status_code=201, headers=headers)
    if form != JSON or declared.makes_file:
        forms_of(declared, call, question)
    async with heavy_turn(request, TAG):
        answer = await run_in_threadpool(declared.answered, call, question)
    if isinstance(answer, FileAnswer):
        return download(answer)
    if form != JSON:
        forms = forms_of(declared, call, question)
        if forms is not None:
            return download(forms.file(answer, form, visit.lang))
    return _result(answer, whole=asked.response == "document")


@router.get("/jobs", **described(JobsAsked, JobList, _JSON, LOST))
def get_jobs(request: Request, tasks: TasksDep) -> Response:
    """Return jobs, newest first: the tasks of the page are the same."""
    asked = asked_of(request, JobsAsked)
    visit = visit_of(request, asked)
    answer = list_jobs(tasks, visit, asked)
    if visit.html:
        return HTMLResponse(process_pages.jobs_page(visit, answer))
    return answer_as(answer)


@router.get("/jobs/{job_id}", **described(Asked, JobStatus, _JSON, LOST))
def get_job(tasks: TasksDep, visit: VisitDep, job_id: str) -> Response:
    """Return how far a job is."""
    answer = job_status(visit, tasks.get(job_id))
    if visit.html:
        return HTMLResponse(process_pages.job_page(visit, answer))
    return answer_as(answer)


@router.delete("/jobs/{job_id}", **described(Asked, JobStatus, _JSON, LOST))
def dismiss_job(tasks: TasksDep, visit: VisitDep, job_id: str) -> Response:
    """Ask a job to stop; it does so at its next report. One that has ended stays as it is."""
    return answer_as(job_status(visit, tasks.cancel(job_id)))


@router.get("/jobs/{job_id}/results", **described(Asked, Results, _JSON, {**LOST, **_FAILED}))
def get_results(tasks: TasksDep, visit: VisitDep, job_id: str) -> Response:
    """Return what came of a job: the answer and its files, or why it failed."""
    task = tasks.get(job_id)
    if task.problem is not None:
        failed = problem_body(PlanningError(), visit.lang, 422)
        said = {
            "type": f"urn:ftzgis:{task.problem.code}",
            "code": task.problem.code,
            "params": task.problem.params,
            "detail": failure_text(task, visit.lang),
        }
        return JSONResponse({**failed, **said}, status_code=422, media_type=PROBLEM)
    return answer_as(job_results(visit, task))


def _result(answer: Answer | Mapping[str, Any], *, whole: bool) -> Response:
    body = answer.model_dump(mode="json") if isinstance(answer, Answer) else dict(answer)
    return JSONResponse({"answer": body} if whole else body)


async def _object(request: Request) -> Mapping[str, Any]:
    """Return the body, which must say that it is JSON: a page of another site cannot."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON and not kind.endswith("+json"):
        raise HTTPException(415)
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError) as exc:
        raise RequestError(field="body", problem="json") from exc
    if not isinstance(found, dict):
        raise RequestError(field="body", problem="json")
    return found
