"""Long work on the server: started, followed, cancelled, and kept with its files.

Work runs in threads: what it calls releases the interpreter while it computes, and it
shares the layers in memory. It can be stopped only where it reports progress, so it must
report often. States are files under their ids, so that a reload of the page, or another
start of the server, finds what became of a task.
"""

import json
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import uuid4

from pydantic import BaseModel

from api.errors import BusyError, DiskFullError, is_disk_full
from api.workspace.turns import Turns, give_way
from geo.errors import InputError, PlanningError
from layers.errors import NotFoundError
from layers.store.blocks import block_digests, is_whole
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest
from maps.answers import Answer
from maps.workbench.tasks_answers import Task, TaskProblem

log = logging.getLogger(__name__)

ENDED: Final = frozenset({"finished", "cancelled", "failed", "interrupted"})
MOST_WAITING: Final = 20
"""Tasks of one client that have not ended."""
MOST_OF_ALL: Final = 60
MOST_KEPT: Final = 200
_WORKERS: Final = 2
_STATE: Final = "state.json"
_FILES: Final = "files"
_ID: Final = re.compile(r"[0-9a-f]{32}")


class UnknownTaskError(NotFoundError):
    """There is no such task, or it has no such file. Params: ``task_id``."""

    code = "api.task.unknown"


class DamagedTaskError(PlanningError):
    """What is kept of a task, or a file of it, is not what was kept. Params: ``task_id``."""

    code = "api.task.damaged"


class TooManyTasksError(BusyError):
    """A client, or the server, has enough to do. Params: ``most``."""

    code = "api.task.too_many"


class TaskTooLongError(InputError):
    """A task ran longer than the server allows and was stopped. Params: ``seconds``."""

    code = "api.task.too_long"


class TaskCancelledError(Exception):
    """A person stopped the work; raised where it reports progress.

    It is no planning error: what goes on past one bad file must not go on past this.
    """


class TaskFailedError(PlanningError):
    """The work broke in an unforeseen way; its text is in the log. Params: ``incident``."""

    code = "api.task.failed"


class TaskProgress:
    """What work is handed: where it reports, and where it puts its files."""

    def __init__(self, entry: "_Entry", folder: Path, seconds: float) -> None:
        self._entry = entry
        self._seconds = seconds
        self._end_s = time.monotonic() + seconds
        self.folder = folder
        """Exists; what lies here in the end can be downloaded."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Report how many steps of how many are done, and what is at hand.

        Raises
        ------
        TaskCancelledError, TaskTooLongError
            The work shall stop; let it pass through.
        """
        if self._entry.stop.is_set():
            raise TaskCancelledError
        if time.monotonic() > self._end_s:
            raise TaskTooLongError(seconds=self._seconds)
        self._entry.change(done=done, total=total, note=note)


Work: TypeAlias = Callable[[TaskProgress], Answer]
"""Does something long, reports on the way, returns an answer."""


class _Entry:
    """A task of this process: its state, and the wish to stop it."""

    def __init__(self, task: Task, client: str) -> None:
        self.stop = threading.Event()
        self.client = client
        self._task = task
        self._lock = threading.Lock()

    @property
    def task(self) -> Task:
        return self._task

    def change(self, **fields: object) -> Task:
        with self._lock:
            self._task = self._task.model_copy(update=fields)
            return self._task


class TaskBoard:
    """The tasks of a data folder; those of this process are also in memory."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime], seconds: float = float("inf")
    ) -> None:
        self._folder = folder
        self._now = now
        self._seconds = seconds
        self._waiting: Turns[tuple[_Entry, Work]] = Turns()
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def start(
        self, kind: str, work: Work, client: str = "", asked: Mapping[str, Any] | None = None
    ) -> Task:
        """Queue work and return its task at once; clients take turns.

        ``asked`` is kept with it, so that two tasks of a kind can be told apart.

        Raises
        ------
        TooManyTasksError
            More than :data:`MOST_WAITING` of this client, or :data:`MOST_OF_ALL`, have not ended.
        """
        with self._lock:
            self._require_room(client)
            task = Task(
                id=uuid4().hex,
                kind=kind,
                status="waiting",
                asked=dict(asked or {}),
                done=0,
                total=0,
                note="",
                created_at=self._now().isoformat(),
            )
            # Kept before it counts: what cannot be written must not wait for ever.
            self._keep(task, client)
            entry = self._entries[task.id] = _Entry(task, client)
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_WORKERS, "task", initializer=give_way)
            self._waiting.put(client, (entry, work))
            self._pool.submit(self._run_next)
        return task

    def _require_room(self, client: str) -> None:
        clients = [e.client for e in self._entries.values() if e.task.status not in ENDED]
        if clients.count(client) >= MOST_WAITING:
            raise TooManyTasksError(most=MOST_WAITING)
        if len(clients) >= MOST_OF_ALL:
            raise TooManyTasksError(most=MOST_OF_ALL)

    def not_ended(self) -> int:
        """Return how many tasks of this process wait or run."""
        return sum(one.task.status not in ENDED for one in list(self._entries.values()))

    def _run_next(self) -> None:
        """Run the work whose turn it is; what was asked for first may not be."""
        with self._lock:
            entry, work = self._waiting.take()
        self._run(entry, work)

    def get(self, task_id: str) -> Task:
        """Return the state of a task.

        Raises
        ------
        UnknownTaskError, DamagedTaskError
            There is none with this id, or what is kept of it is not what was kept.
        """
        entry = self._entries.get(task_id)
        # One that has ended may have been purged by another process since.
        if entry is not None and (
            entry.task.status not in ENDED or (self._folder / task_id).is_dir()
        ):
            return entry.task
        home = self._folder / task_id
        if not _ID.fullmatch(task_id) or not home.is_dir():
            raise UnknownTaskError(task_id=task_id[:64])
        if not (home / _STATE).is_file():
            raise DamagedTaskError(task_id=task_id)
        return self._kept(home / _STATE).task

    def newest(self) -> list[Task]:
        """Return the last :data:`MOST_KEPT` tasks, newest first; damaged ones have failed."""
        return self.all()[:MOST_KEPT]

    def all(self) -> list[Task]:
        """Return all tasks, newest first; damaged ones have failed."""
        if not self._folder.is_dir():
            return []
        ids = [home.name for home in self._folder.iterdir() if any(home.glob("[!.]*"))]
        tasks = [self._get_or_damaged(task_id) for task_id in ids if _ID.fullmatch(task_id)]
        return sorted(tasks, key=lambda task: task.created_at, reverse=True)

    def size_bytes(self, task_id: str) -> int:
        """Return how large all files of a task are."""
        folder = self._folder / task_id
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def remove(self, task_id: str) -> None:
        """Remove a task that has ended, with its files; its state goes last."""
        shutil.rmtree(self._folder / task_id / _FILES, ignore_errors=True)
        shutil.rmtree(self._folder / task_id)
        self._entries.pop(task_id, None)

    def cancel(self, task_id: str) -> Task:
        """Ask a task to stop; it does so at its next report. One that has ended stays as it is.

        Raises
        ------
        UnknownTaskError
            There is none with this id.
        """
        task = self.get(task_id)
        entry = self._entries.get(task_id)
        if entry is not None:
            entry.stop.set()
            if task.status == "waiting":
                return self._end(entry, status="cancelled")
        return task

    def file(self, task_id: str, name: str) -> Path:
        """Return a file of a task.

        Raises
        ------
        UnknownTaskError, DamagedTaskError
            There is no such task, or it has no such file, or it is not what the task wrote.
        """
        if name not in self.get(task_id).files:
            raise UnknownTaskError(task_id=task_id)
        self._require_whole(task_id, name, afresh=False)
        return self._folder / task_id / _FILES / name

    def damaged(self) -> list[str]:
        """Return tasks and files of tasks that are not what was kept, to the last byte."""
        return [path.name for path in sorted(self._folder.glob("*/")) if not self._is_whole(path)]

    def recover(self) -> None:
        """Mark what an earlier server left unfinished; called by the one server of a folder."""
        for task in self.newest():
            if task.status not in ENDED and task.id not in self._entries:
                self._keep(
                    task.model_copy(update={"status": "interrupted"}), self.owner_of(task.id)
                )

    def close(self) -> None:
        """Stop all work at its next report, and wait for none that has not begun."""
        for entry in self._entries.values():
            entry.stop.set()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _run(self, entry: _Entry, work: Work) -> None:
        if entry.stop.is_set():
            self._end(entry, status="cancelled")
            return
        folder = self._folder / entry.task.id / _FILES
        try:
            self._keep(entry.change(status="running"), entry.client)
            folder.mkdir(parents=True, exist_ok=True)
            answer = work(TaskProgress(entry, folder, self._seconds))
            files = sorted(path.name for path in folder.iterdir() if path.is_file())
            done = answer.model_dump(mode="json")
        except TaskCancelledError:
            self._end(entry, status="cancelled")
        except PlanningError as exc:
            problem = TaskProblem(code=exc.code, params=exc.params)
            self._end(entry, status="failed", problem=problem)
        except Exception as exc:
            incident = uuid4().hex[:12]
            log.exception("incident %s in task %s", incident, entry.task.id)
            problem = TaskProblem(code=TaskFailedError.code, params={"incident": incident})
            if is_disk_full(exc):
                problem = TaskProblem(code=DiskFullError.code, params={})
            self._end(entry, status="failed", problem=problem)
        else:
            self._end(entry, status="finished", result=done, files=files)

    def _end(self, entry: _Entry, **fields: object) -> Task:
        ended = {"ended_at": self._now().isoformat(), **fields}
        try:
            # On disk before anybody sees it: who finds the task ended may read its files.
            self._keep(entry.task.model_copy(update=ended), entry.client)
        except OSError:
            # A full disk: it has ended all the same, and must not count as work to do.
            log.exception("the end of task %s cannot be kept", entry.task.id)
        return entry.change(**ended)

    def owner_of(self, task_id: str) -> str:
        """Return who began a task; "" where that was not kept.

        Raises
        ------
        DamagedTaskError
            What is kept of it is not what was kept, or nothing is.
        """
        entry = self._entries.get(task_id)
        if entry is not None:
            return entry.client
        state = self._folder / task_id / _STATE
        if not state.is_file():
            raise DamagedTaskError(task_id=task_id[:64])
        return self._kept(state).owner

    def _keep(self, task: Task, owner: str = "") -> None:
        home = self._folder / task.id
        blocks = {name: block_digests(home / _FILES / name) for name in task.files}
        kept = _Kept(task=task, blocks=blocks, owner=owner)
        write_file(home / _STATE, wrap_with_digest(kept.model_dump_json(), f"{task.id}/{_STATE}"))

    def _kept(self, path: Path) -> "_Kept":
        task_id = path.parent.name
        try:
            data = unseal(path.read_bytes(), f"{task_id}/{_STATE}")
            if "task" not in json.loads(data):
                # Of a release that kept no digests.
                return _Kept(task=Task.model_validate_json(data), blocks={})
            return _Kept.model_validate_json(data)
        except ValueError as exc:
            raise DamagedTaskError(task_id=task_id) from exc

    def _get_or_damaged(self, task_id: str) -> Task:
        """Return a task for a list: one that is damaged takes no other with it."""
        try:
            return self.get(task_id)
        except DamagedTaskError as exc:
            home = self._folder / task_id
            path = home / _STATE if (home / _STATE).exists() else home
            at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).isoformat()
            problem = TaskProblem(code=exc.code, params=exc.params)
            return Task(
                id=task_id, kind="", status="failed", done=0, total=0, note="",
                created_at=at, ended_at=at, problem=problem,
            )  # fmt: skip

    def _require_whole(self, task_id: str, name: str, *, afresh: bool) -> None:
        path = self._folder / task_id / _FILES / name
        known = self._kept(self._folder / task_id / _STATE).blocks.get(name)
        if not path.is_file() or (known is not None and not is_whole(path, known, afresh=afresh)):
            raise DamagedTaskError(task_id=task_id)

    def _is_whole(self, home: Path) -> bool:
        if not (home / _STATE).is_file():
            return not any(home.rglob("*"))
        try:
            for name in self._kept(home / _STATE).task.files:
                self._require_whole(home.name, name, afresh=True)
        except DamagedTaskError:
            return False
        return True


class _Kept(BaseModel):
    """What stands of a task: ``blocks`` are the digests of its files, ``owner`` who began it."""

    task: Task
    blocks: dict[str, list[str]]
    owner: str = ""
