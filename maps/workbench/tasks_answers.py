"""Answers about long work on the server."""

from pydantic import Field

from maps.answers import Answer, JsonObject


class TaskProblem(Answer):
    """Why a task failed; the code is worded for people."""

    code: str = Field(examples=["layers.read.damaged"])
    params: JsonObject


class Task(Answer):
    """Long work on the server, and how far it is."""

    id: str
    kind: str = Field(examples=["batch"], description="What is being done.")
    status: str = Field(
        examples=["waiting", "running", "finished", "cancelled", "failed", "interrupted"]
    )
    asked: JsonObject = Field(
        default={},
        description="What it was asked, as far as that was said: parameters, and of files their "
        "names.",
    )
    done: int = Field(description="Steps dealt with.")
    total: int = Field(description="Steps in all; 0 until it is known.")
    note: str = Field(description="What is at hand, such as the name of a file.")
    created_at: str = Field(description="ISO 8601, UTC.")
    ended_at: str | None = Field(default=None, description="ISO 8601, UTC.")
    problem: TaskProblem | None = None
    result: JsonObject | None = Field(default=None, description="The answer of the work itself.")
    files: list[str] = Field(default=[], description="Names of files to download.")


class TaskList(Answer):
    """Tasks, newest first."""

    tasks: list[Task]
    missing: list[str] = Field(
        default=[], description="Tasks that a project names and that are not kept here."
    )
