"""Operations of the store itself."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.exits import Exit
from api.operation import Call, Question, operation, split_names
from maps.data.health_answers import Health
from maps.data.purge_answers import Purge

Kinds = Annotated[
    tuple[Literal["checks", "uploads", "evidence", "projects"], ...], BeforeValidator(split_names)
]


class DoctorQuestion(Question):
    """Whether lost rows are written again first."""

    rebuild: bool = False


@operation(
    "doctor",
    text="maps.data.document:health_document",
    exit_of=lambda health: Exit.FINE if health.sound else Exit.INTERNAL,
)
def doctor(call: Call, asked: DoctorQuestion) -> Health:
    """Check the installation and the stored data; only where these are, at a terminal."""
    from api.workspace.doctor import examine

    return examine(call.workspace, rebuild=asked.rebuild)


class PurgeQuestion(Question):
    """How long what is kept, in days; without ``sure`` it is only listed."""

    days: Annotated[int, Field(ge=1)]
    what: Kinds = ("checks", "uploads", "evidence")
    sure: bool = False


@operation("purge", text="maps.data.purge_document:purge_document")
def purge(call: Call, asked: PurgeQuestion) -> Purge:
    """List what is older than a retention time, and remove it; only at a terminal."""
    from api.workspace.purge import purge as remove

    return remove(call.workspace, asked.days, asked.what, sure=asked.sure)


OPERATIONS = (doctor, purge)
