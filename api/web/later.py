"""Files that may take minutes: a GET has them if they are ready soon, else hears where to look.

The same GET again joins the task that is under way, and has its file once it is made.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from fastapi.responses import FileResponse

from api.errors import error_of
from api.web.origin import require_own_page
from api.workspace.tasks import ENDED, TaskBoard
from layers.errors import NotFoundError
from maps.workbench.tasks_answers import Task

PATIENCE_S: Final = 10.0
"""How long a request is held: shorter than the patience of proxies, browsers and people."""
_ASK_AGAIN_S: Final = 5
_LOOK_EVERY_S: Final = 0.05
_KEPT_S: Final = 600.0
"""How long a file waits for who asked for it; whoever comes later has a fresh one."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A task that a GET began, and when it did."""

    task_id: str
    at_s: float


async def answer_later(
    request: Request, board: TaskBoard, key: tuple[str, ...], begin: Callable[[], Awaitable[Task]]
) -> tuple[Response, Task]:
    """Return the file of a task, begun by this request or one like it; else that it is made (202).

    ``key`` says what is asked, and by whom: another key is another task, which ``begin`` begins.

    Raises
    ------
    ForeignOriginError
        A page of a site that is not let in asks: merely opened, it would begin work here.
    PlanningError
        The task failed with it, or cannot be begun.
    """
    require_own_page(request.headers, request.app.state.settings.open_to_sites)
    task = await _ended(board, await _task_of(request, board, key, begin))
    if task.status not in ENDED:
        answer = accepted(request, task)
        answer.headers["retry-after"] = str(_ASK_AGAIN_S)
        # A browser asks again by itself.
        answer.headers["refresh"] = str(_ASK_AGAIN_S)
        return answer, task
    # Two who asked the same are answered at once.
    request.app.state.begun.pop(key, None)
    if task.problem is not None:
        raise error_of(task.problem.code, task.problem.params)
    if task.status != "finished":  # Somebody cancelled it.
        return accepted(request, task), task
    (name,) = task.files
    return FileResponse(board.file(task.id, name), filename=name), task


def accepted(request: Request, task: Task) -> Response:
    """Return a task as an answer, with the address at which it is found."""
    where = f"{request.scope.get('root_path', '')}/api/v1/tasks/{task.id}"
    return Response(
        task.model_dump_json(),
        status_code=HTTPStatus.ACCEPTED,
        media_type="application/json",
        headers={"location": where},
    )


async def _task_of(
    request: Request, board: TaskBoard, key: tuple[str, ...], begin: Callable[[], Awaitable[Task]]
) -> Task:
    begun: dict[tuple[str, ...], Begun] = request.app.state.begun
    known = begun.get(key)
    if known is not None and time.monotonic() - known.at_s < _KEPT_S:
        with suppress(NotFoundError):  # Somebody may have purged it.
            return board.get(known.task_id)
    task = await begin()
    begun[key] = Begun(task.id, time.monotonic())
    return task


async def _ended(board: TaskBoard, task: Task) -> Task:
    """Return a task when it has ended, or as it is when patience has."""
    until_s = time.monotonic() + PATIENCE_S
    while task.status not in ENDED and time.monotonic() < until_s:
        await asyncio.sleep(_LOOK_EVERY_S)
        task = board.get(task.id)
    return task
