"""Routes made from declared operations: one address or more for each.

The values of a question may stand in the address, in a form or in a JSON body, each once;
what is unknown, stands twice or does not fit is refused in the reader's language. A drawn
shape is the whole body, as GeoJSON. ``format`` asks for a file instead of JSON, ``lang`` for
a language other than that of the browser.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.errors import RequestError
from api.operation import (
    JSON,
    Call,
    FileAnswer,
    Operation,
    Question,
    holds_values,
    resolve,
    takes_several,
)
from api.upload import DRAWN, Upload
from api.web.access.require import DONE, actor_of
from api.web.deps import open_workspace
from api.web.description import describe_route
from api.web.file_names import sent_name
from api.web.gate import client_of, heavy_turn
from api.web.language import language_of
from api.web.later import accepted, answer_later
from api.workspace.file_forms import forms_of
from api.workspace.output import write_whole
from api.workspace.people.deeds import done_with
from api.workspace.tasks import TaskProgress
from api.workspace.time_limit import limit_time
from api.workspace.workspace import Workspace
from maps.answers import Answer
from maps.workbench.tasks_answers import Task

Endpoint = Callable[[Request], Awaitable[Response]]
Given = dict[str, Any]

RESPOND_ASYNC: Final = "respond-async"
"""What a client prefers that would rather have a task (RFC 7240)."""
_SETTINGS: Final = ("lang", "format")
_FILE: Final = "file"
_MOST_NAMES: Final = 3
"""Files that a list of tasks names of one task."""


def routes_of(operations: Iterable[Operation[Any, Any]], tag: str) -> APIRouter:
    """Return the routes of operations."""
    router = APIRouter(tags=[tag])
    for one in operations:
        for address in one.routes:
            method, _, path = address.partition(" ")
            router.add_api_route(
                path, _endpoint(one, tag), methods=[method], **describe_route(one, method, path)
            )
    return router


def _endpoint(declared: Operation[Any, Any], room: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        lang = language_of(request.scope)
        given = await _given(request, declared)
        form = str(given.pop("format", None) or request.query_params.get("format", ""))
        form = form or next(iter(declared.forms), JSON)
        actor = actor_of(request)
        if declared.signed is not None and actor.is_known:
            given[declared.signed] = actor.signature
        question = declared.ask(given)
        workspace: Workspace = open_workspace(request)
        progress = limit_time(workspace.settings.answer_seconds)
        call = Call(
            lang=lang,
            open_workspace=lambda: workspace,
            progress=progress,
            form=form,
            actor=actor,
        )
        prefers_task = declared.takes_turns and RESPOND_ASYNC in request.headers.get("prefer", "")
        if request.method != "GET" and (declared.is_long(question) or prefers_task):
            task = await start_task(request, declared, call, question)
            request.scope[DONE] = done_with(question, task)
            return accepted(request, task)
        if request.method == "GET" and await run_in_threadpool(declared.is_later, call, question):
            response, task = await file_later(request, declared, call, question)
            request.scope[DONE] = done_with(question, task)
            return response
        if declared.takes_turns:
            async with heavy_turn(request, room):
                response, done = await run_in_threadpool(_answer_question, declared, call, question)
        else:
            response, done = await run_in_threadpool(_answer_question, declared, call, question)
        request.scope[DONE] = done
        return response

    return endpoint


async def file_if_long(
    request: Request, declared: Operation[Any, Any], question: Question, form: str
) -> Response | None:
    """Return what :func:`file_later` does for another door; None where the work is short."""
    workspace: Workspace = open_workspace(request)
    call = Call(
        lang=language_of(request.scope),
        open_workspace=lambda: workspace,
        progress=limit_time(workspace.settings.answer_seconds),
        form=form,
        actor=actor_of(request),
    )
    if not await run_in_threadpool(declared.is_later, call, question):
        return None
    response, _ = await file_later(request, declared, call, question)
    return response


async def file_later(
    request: Request, declared: Operation[Any, Any], call: Call, question: Question
) -> tuple[Response, Task]:
    """Return the file of an operation if it is made soon, else the task that makes it."""
    asked = question.model_dump_json(exclude_unset=True)
    key = (
        declared.name,
        call.form,
        asked,
        client_of(request),
        str(call.actor.clearance),
        call.lang,
    )
    begin = partial(start_task, request, declared, call, question)
    response, task = await answer_later(request, call.workspace.tasks, key, begin)
    if response.status_code == HTTPStatus.OK and call.form in declared.forms:
        # What a name ends in says nothing to the system of many of these.
        response.headers["content-type"] = declared.forms[call.form]
    return response, task


async def start_task(
    request: Request, declared: Operation[Any, Any], call: Call, question: Question
) -> Task:
    """Return the task that answers a question, begun for the client who asks.

    Raises
    ------
    TooManyTasksError
        The client, or the server, has enough to do.
    PlanningError
        The question cannot be answered, or not in this form.
    """
    if call.form != JSON or declared.makes_file:
        forms_of(declared, call, question)  # A form that there is not, before the work.
    if declared.require is not None:
        await run_in_threadpool(resolve(declared.require), call, question)
    work = work_of(declared, call, question)
    asked = asked_values(declared, question)
    return call.workspace.tasks.start(declared.task_kind, work, client_of(request), asked)


def asked_values(declared: Operation[Any, Any], question: Question) -> Given:
    """Return what a person said in a question, as a list of tasks shows it."""
    said = question.model_dump(mode="json", exclude=set(declared.inputs), exclude_unset=True)
    files = {name: _names_of(getattr(question, name)) for name in declared.inputs}
    return said | {name: text for name, text in files.items() if text}


def _names_of(files: object) -> str:
    """Return the names of files that came in; of many the first, and how many there are."""
    many = [files] if isinstance(files, Upload) else files if isinstance(files, tuple) else ()
    names = [one.name for one in many if isinstance(one, Upload)]
    return ", ".join(names[:_MOST_NAMES]) + f" … ({len(names)})" * (len(names) > _MOST_NAMES)


def work_of(
    declared: Operation[Any, Any], call: Call, question: Question
) -> Callable[[TaskProgress], Answer]:
    """Return the work of a task: the answer, and beside it the file that it is asked for as."""

    def work(progress: TaskProgress) -> Answer:
        workspace = call.workspace
        inside = Call(
            lang=call.lang,
            open_workspace=lambda: workspace,
            progress=progress,
            form=call.form,
            folder=progress.folder,
            actor=call.actor,
        )
        progress(0, 1)
        answer = declared.answered(inside, question)
        forms = forms_of(declared, inside, question) if call.form != JSON else None
        # Some work writes files of its own into the folder, and such a form with them.
        if forms and not any(progress.folder.glob(f"*.{call.form}")):
            file = forms.file(answer, call.form, call.lang)
            write_whole(progress.folder / file.name, file.data)
        if isinstance(answer, FileAnswer):
            written = write_whole(progress.folder / answer.name, answer.data)
            return written.model_copy(update={"path": answer.name})
        done: Answer = answer
        return done

    return work


def _answer_question(
    declared: Operation[Any, Any], call: Call, question: Question
) -> tuple[Response, tuple[str, str]]:
    """Return an answer as it is sent, and on what it was done."""
    forms = None if call.form == JSON else forms_of(declared, call, question)
    answer = declared.answered(call, question)
    done = done_with(question, answer)
    if isinstance(answer, FileAnswer):
        return download(answer), done
    if forms is None:
        return answer_of(answer, declared.status), done
    return download(forms.file(answer, call.form, call.lang)), done


def answer_of(answer: Any, status: int = 200) -> Response:  # noqa: ANN401 - or GeoJSON
    """Return an answer as JSON; a mapping is GeoJSON."""
    if isinstance(answer, Answer):
        return Response(answer.model_dump_json(), status_code=status, media_type="application/json")
    geojson = "type" in answer and "features" in answer
    media_type = "application/geo+json" if geojson else "application/json"
    return JSONResponse(answer, status_code=status, media_type=media_type)


def download(file: FileAnswer) -> Response:
    """Return a file that a browser saves under its name."""
    plain = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.data, media_type=file.media_type, headers={"content-disposition": name})


async def _given(request: Request, declared: Operation[Any, Any]) -> Given:
    """Return the values of a question as they were sent.

    Raises
    ------
    RequestError
        A value stands twice, or the body is none that the operation takes.
    HTTPException
        The body is neither a form nor said to be JSON, or is a form that cannot be read.
    """
    given: Given = dict(request.path_params)
    query = request.query_params
    asked = {name: query.getlist(name) for name in query if name not in _SETTINGS}
    _add(given, _single(asked, declared))
    if request.method in {"GET", "DELETE"}:
        return given
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        async with request.form() as form:
            await _add_form(given, form, declared)
        return given
    body = await request.body()
    if body and not (kind == "application/json" or kind.endswith("+json")):
        # What a page of another site may send unasked is never taken for JSON.
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if body and declared.drawn:
        given[_FILE] = Upload(name=DRAWN, files={DRAWN: body})
    elif body:
        _add(given, _json_object(body))
    return given


async def _add_form(given: Given, form: FormData, declared: Operation[Any, Any]) -> None:
    texts: dict[str, list[str]] = {}
    for name in form:
        values = form.getlist(name)
        uploads = [value for value in values if isinstance(value, UploadFile)]
        if uploads and name in declared.inputs:
            files = {sent_name(one): await one.read() for one in uploads}
            given[name] = _uploads(files, declared, name)
        elif not uploads and any(str(value).strip() for value in values):
            texts[name] = [str(value).strip() for value in values]
    found = _single(texts, declared)
    for name, text in found.items():
        info = declared.fields.get(name)
        if info is not None and holds_values(info):
            found[name] = _json_object(text.encode(), name)
    _add(given, found)


def _uploads(
    files: Mapping[str, bytes], declared: Operation[Any, Any], name: str
) -> Upload | tuple[Upload, ...]:
    """Return files as one upload, or each as its own where the question takes several."""
    if takes_several(declared.fields[name]):
        return tuple(Upload(name=one, files={one: data}) for one, data in files.items())
    return Upload(name=next(iter(files)), files=files)


def _add(given: Given, more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        # Generated clients say their defaults in the address and in the body: both say the same.
        if name in given and _text_of(given[name]) != _text_of(value):
            raise RequestError(field=name, problem="twice")
        given[name] = value


def _text_of(value: Any) -> str:  # noqa: ANN401 - as it was sent
    """Return a value as an address says it: Python's True is JSON's true."""
    text = str(value)
    return text.lower() if text.lower() in {"true", "false"} else text


def _single(texts: Mapping[str, list[str]], declared: Operation[Any, Any]) -> Given:
    """Return what stood in an address or a form: one value, or all of a field of several."""
    found: Given = {}
    for name, values in texts.items():
        info = declared.fields.get(name)
        if info is None or not takes_several(info):
            if len(values) > 1:
                raise RequestError(field=name, problem="twice")
            found[name] = values[0]
        else:
            found[name] = values
    return found


def _json_object(body: bytes, field: str = "body") -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise RequestError(field=field, problem="json") from exc
    if not isinstance(found, dict):
        raise RequestError(field=field, problem="json")
    return found
