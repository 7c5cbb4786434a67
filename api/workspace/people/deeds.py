"""What of a request or command goes into the audit trail: never a value that somebody typed.

Names of objects and numbers of versions are put down, and what came of it; no file, no geometry,
no reason, no password.
"""

from typing import TYPE_CHECKING, Any, Final

from api.workspace.people.actor import Actor, terminal_user
from layers.audit.audit_trail import Deed

if TYPE_CHECKING:
    from api.operation import Operation, Question
    from api.workspace.workspace import Workspace

_IDS: Final = (
    "layer_id", "raster_id", "dataset", "check_id", "project_id", "publication_id", "person_id",
    "key_id", "task_id", "job_id", "process_id", "recipe_id", "id",
)  # fmt: skip
_VERSIONS: Final = ("version", "number", "sha256")
_HOLDERS: Final = ("layer", "raster", "version")


def deed_of(actor: Actor, action: str, done: tuple[str, str], result: str, request: str) -> Deed:
    """Return what is put down of a request."""
    return Deed(
        person=actor.person_id,
        way=actor.way,
        address=actor.address,
        action=action,
        object=done[0],
        version=done[1],
        result=result,
        request=request,
    )


def done_with(asked: Any, answer: Any) -> tuple[str, str]:  # noqa: ANN401 - any question and answer
    """Return on which object something was done, and which version of it came about."""
    holders = [answer, *(getattr(answer, name, None) for name in _HOLDERS), asked]
    return _first(holders, _IDS), _first(holders, _VERSIONS)


def note_command(
    workspace: "Workspace", declared: "Operation[Any, Any]", asked: "Question", answer: object
) -> None:
    """Put down what a command changed, where people are known here at all."""
    changes = not declared.routes or any(not one.startswith("GET ") for one in declared.routes)
    if not changes or not workspace.people.exists:
        return
    thing, version = done_with(asked, answer)
    deed = Deed(
        person=terminal_user(),
        way="terminal",
        address="",
        action=declared.name,
        object=thing,
        version=version,
        result="done",
    )
    workspace.audit.add(deed, workspace.now())


def _first(holders: list[Any], names: tuple[str, ...]) -> str:
    for holder in holders:
        for name in names:
            value = getattr(holder, name, None)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                return str(value)
    return ""
