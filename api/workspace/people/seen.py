"""What of a workspace somebody may see: past checks by their layers, tasks by who began them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from api.workspace.archive import CheckArchive, DamagedCheckError, UnknownCheckError
from api.workspace.people.actor import Actor
from api.workspace.tasks import DamagedTaskError, TaskBoard, UnknownTaskError, Work
from maps.check.answers import CheckResult
from maps.check.batch_answers import PastCheck
from maps.workbench.tasks_answers import Task


class ClearedArchive(CheckArchive):
    """Past checks that rest on no layer that is kept back; the others are as if they were not.

    ``shows`` tells whether somebody may see all of the layers that a record names.
    """

    def __init__(self, archive: CheckArchive, shows: Callable[[Mapping[str, Any]], bool]) -> None:
        self.__dict__.update(archive.__dict__)
        self._whole, self._shows = archive, shows

    @override
    def get(self, check_id: str) -> CheckResult:
        """Return a kept result; raises as if there were none where it is kept back."""
        found = self._whole.get(check_id)
        if not self._shows(found.record):
            raise UnknownCheckError(check_id=check_id[:64])
        return found

    @override
    def short(self, check_id: str) -> PastCheck:
        """Return a kept check in short; raises as above."""
        found = self._whole.short(check_id)
        if not self._shows(found.record):
            raise UnknownCheckError(check_id=check_id[:64])
        return found

    @override
    def newest(self) -> list[tuple[str, float]]:
        """Return the ids of the checks that may be seen, newest first."""
        return [one for one in self._whole.newest() if self._may_see(one[0])]

    @override
    def strays(self) -> list[Path]:
        """Return files that belong to no kept check, whoever may see it."""
        return self._whole.strays()

    def _may_see(self, check_id: str) -> bool:
        try:
            return self._shows(self._whole.short(check_id).record)
        except DamagedCheckError:
            # Its name says nothing of any layer, and a damaged one must not be missed.
            return True


class OwnTasks:
    """The tasks of one person; all of them for who administers."""

    def __init__(self, board: TaskBoard, actor: Actor) -> None:
        self._board, self._actor = board, actor

    def newest(self) -> list[Task]:
        """Return the last tasks, newest first."""
        return [one for one in self._board.newest() if self._owns(one.id)]

    def all(self) -> list[Task]:
        """Return all tasks, newest first."""
        return [one for one in self._board.all() if self._owns(one.id)]

    def get(self, task_id: str) -> Task:
        """Return a task.

        Raises
        ------
        UnknownTaskError, DamagedTaskError
            There is none with this id, or it is another person's.
        """
        found = self._board.get(task_id)
        if not self._owns(task_id):
            raise UnknownTaskError(task_id=task_id[:64])
        return found

    def cancel(self, task_id: str) -> Task:
        """Ask a task to stop; raises as above."""
        self.get(task_id)
        return self._board.cancel(task_id)

    def file(self, task_id: str, name: str) -> Path:
        """Return a file of a task; raises as above."""
        self.get(task_id)
        return self._board.file(task_id, name)

    def start(self, kind: str, work: Work, client: str, asked: Mapping[str, Any]) -> Task:
        """Queue work in the person's name."""
        return self._board.start(kind, work, self._actor.person_id or client, asked)

    def _owns(self, task_id: str) -> bool:
        if not self._actor.is_known or self._actor.administers:
            return True
        try:
            return self._board.owner_of(task_id) == self._actor.person_id
        except DamagedTaskError:
            return False
