"""Follow, cancel and collect long work."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.web.deps import TasksDep
from api.web.description import ANY_FILE
from api.workspace.tasks import ENDED
from maps.workbench.tasks_answers import Task, TaskList

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])

_LOOK_EVERY_S: Final = 0.2


@router.get("")
def list_tasks(tasks: TasksDep) -> TaskList:
    """Return the tasks of this server, newest first."""
    return TaskList(tasks=tasks.newest())


@router.get("/{task_id}")
def get_task(tasks: TasksDep, task_id: str) -> Task:
    """Return how far a task is, and what came of it."""
    return tasks.get(task_id)


@router.delete("/{task_id}")
def cancel_task(tasks: TasksDep, task_id: str) -> Task:
    """Ask a task to stop; what it wrote until then is not kept."""
    return tasks.cancel(task_id)


# As a dependency, since a refusal inside the stream would come too late for its status.
KnownTask = Annotated[Task, Depends(get_task)]


@router.get("/{task_id}/events", response_class=EventSourceResponse)
async def follow_task(tasks: TasksDep, task: KnownTask) -> AsyncIterator[ServerSentEvent]:
    """Send the task whenever it changes, until it ends; each event is a whole task."""
    yield ServerSentEvent(data=task)
    while task.status not in ENDED:
        await asyncio.sleep(_LOOK_EVERY_S)
        now = tasks.get(task.id)
        if now != task:
            task = now
            yield ServerSentEvent(data=task)


@router.get("/{task_id}/files/{name}", **ANY_FILE)
def get_task_file(tasks: TasksDep, task_id: str, name: str) -> FileResponse:
    """Return a file that a finished task wrote."""
    return FileResponse(tasks.file(task_id, name), filename=name)
