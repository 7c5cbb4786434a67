"""Operations of the store itself."""

from api.exits import Exit
from api.operation import Call, Question, operation
from maps.data.health_answers import Health


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


OPERATIONS = (doctor,)
