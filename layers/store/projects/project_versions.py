"""Versions of projects: what each shows, what can be undone and redone, and what can go wrong."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from geo.errors import InputError, PlanningError
from layers.errors import ConflictError, GoneError, NotFoundError

Action = Literal["edit", "undo", "redo", "return"]

MOST_STEPS: Final = 200
"""How many changes can be undone, one by one; older versions can be returned to."""


class UnknownProjectError(NotFoundError):
    """There is no such project, or it has no such version. Params: ``project_id``, ``version``."""

    code = "layers.project.unknown"


class DamagedProjectError(PlanningError):
    """What is kept of a project is not what was kept. Params: ``project_id``, ``name``."""

    code = "layers.project.damaged"


class WithdrawnProjectError(GoneError):
    """A project was withdrawn. Params: ``project_id``, ``name``, ``reason``, ``at``."""

    code = "layers.project.withdrawn"


class ProjectConflictError(ConflictError):
    """Another version came in since. Params: ``project_id``, ``base``, ``newest``, ``kept_as``.

    ``kept_as`` is the id of a project that holds what was to be saved.
    """

    code = "layers.project.conflict"


class ProjectMovedOnError(ConflictError):
    """A step was asked from a version that is not the newest.

    Params: ``project_id``, ``base``, ``newest``.
    """

    code = "layers.project.moved_on"


class NothingToUndoError(InputError):
    """There is no change to undo, or none to redo. Params: ``project_id``, ``action``."""

    code = "layers.project.nothing_to_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectVersion:
    """A version of a project: which content it shows, and what can be undone and redone.

    ``shows`` is the number of the version that holds the content. ``past`` and ``future`` are
    such numbers, the nearest last.
    """

    project_id: str
    number: int
    action: Action
    shows: int
    past: tuple[int, ...]
    future: tuple[int, ...]
    saved_at: datetime


def grown(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    """Return numbers with one more, without those that are too long ago."""
    return (*numbers, number)[-MOST_STEPS:]


def plain_version(version: ProjectVersion) -> dict[str, Any]:
    """Return a version as JSON values, without its content."""
    plain = {**asdict(version), "saved_at": version.saved_at.isoformat()}
    return {**plain, "past": list(version.past), "future": list(version.future)}


def version_from(project_id: str, kept: Mapping[str, Any]) -> ProjectVersion:
    """Return a version from JSON values.

    Raises
    ------
    KeyError, TypeError, ValueError
        They are none, or those of another project.
    """
    if kept["project_id"] != project_id:
        raise ValueError("of another project")
    return ProjectVersion(
        project_id=project_id,
        number=kept["number"],
        action=kept["action"],
        shows=kept["shows"],
        past=tuple(kept["past"]),
        future=tuple(kept["future"]),
        saved_at=datetime.fromisoformat(kept["saved_at"]),
    )
