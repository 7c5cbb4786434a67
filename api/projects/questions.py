"""What is asked about projects."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.operation import Question
from api.reading import Said
from api.upload import Upload

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class ProjectQuestion(Question):
    """Which project."""

    project_id: str


class ProjectVersionQuestion(ProjectQuestion):
    """Which version of a project; the newest without a number."""

    version: Annotated[int, Field(ge=1)] | None = None


class NewProjectQuestion(Question):
    """A new project by its title alone, or with what it keeps, as values or as a JSON file."""

    title: Title | None = None
    file: Upload | None = None
    content: dict[str, Any] | None = None


class SaveQuestion(ProjectQuestion):
    """A change, and the number of the version that it was made to."""

    base: Annotated[int, Field(ge=1)]
    file: Upload | None = None
    content: dict[str, Any] | None = None


class StepQuestion(ProjectQuestion):
    """Undo or redo, and the number of the version that a person saw."""

    base: Annotated[int, Field(ge=1)]


class RevertQuestion(StepQuestion):
    """Which version is shown again."""

    version: Annotated[int, Field(ge=1)]


class DuplicateQuestion(ProjectVersionQuestion):
    """Which version becomes a project of its own, and under which title."""

    title: Title | None = None


class OpenQuestion(Question):
    """The file of a project."""

    file: Upload


class ProjectSaidQuestion(Said):
    """Which project is withdrawn or restored, by whom and why."""

    project_id: str
