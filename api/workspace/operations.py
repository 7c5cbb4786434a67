"""Operations of the store itself."""

from api.exits import Exit
from api.operation import Call, Question, operation
from maps.data.health_answers import Health


class Nothing(Question):
    """Nothing is asked."""


@operation(
    "doctor",
    text="maps.data.document:health_document",
    exit_of=lambda health: Exit.FINE if health.sound else Exit.INTERNAL,
)
def doctor(call: Call, _: Nothing) -> Health:
    """Check the installation and the stored data; only where these are, at a terminal."""
    from api.workspace.doctor import examine

    return examine(call.workspace)


OPERATIONS = (doctor,)
