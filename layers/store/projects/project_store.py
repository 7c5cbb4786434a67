"""Projects of planners: every change is a version, undo and redo are versions, too.

``projects/<id>/v000001.json`` is a sealed file for each version; none is ever written again. A
version that undoes, redoes or returns holds no content of its own, but the number of the one
that does. How many versions there are stands once more in an inventory beside the folder, so
that a lost file is a damage and not an older state. Bytes of files that a version has stand
once beside it (:mod:`layers.store.projects.project_files`). Who saves says on which version the
change rests: another one in between is a conflict, and nobody's work is written over.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from filelock import FileLock

from geo.errors import PlanningError
from layers.provenance import canonical_json
from layers.store.durable import write_file
from layers.store.inventory import Inventory
from layers.store.projects import project_files
from layers.store.projects.project_versions import (
    Action,
    DamagedProjectError,
    NothingToUndoError,
    ProjectConflictError,
    ProjectMovedOnError,
    ProjectVersion,
    UnknownProjectError,
    WithdrawnProjectError,
    grown,
    plain_version,
    version_from,
)
from layers.store.sealed import unseal, wrap_with_digest
from layers.store.withdrawals import (
    Step,
    Steps,
    followed_by,
    is_withdrawn,
    last_words,
    plain_steps,
    steps_from,
)

Content = Mapping[str, Any]
_ID: Final = re.compile(r"[0-9a-f]{12}")
_FILE: Final = re.compile(r"v(\d{6,})\.json")
_STEPS: Final = "withdrawn.json"
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError)


class ProjectStore:
    """Projects in a folder; writers of one project take turns, readers need no lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.inventory = Inventory(folder)

    def create(self, content: Content, now: datetime) -> ProjectVersion:
        """Store a new project and return its first version."""
        project_id = uuid4().hex[:12]
        first = ProjectVersion(
            project_id=project_id,
            number=1,
            action="edit",
            shows=1,
            past=(),
            future=(),
            saved_at=now,
        )
        with self._turn(project_id):
            return self._put(first, content)

    def save(
        self, project_id: str, base: int, content: Content, now: datetime
    ) -> tuple[ProjectVersion, bool]:
        """Store a change that was made to a version; equal content is not stored again.

        Returns
        -------
        ProjectVersion and bool
            The newest version, and whether it is new.

        Raises
        ------
        UnknownProjectError, WithdrawnProjectError
            There is no such project, or none that can be changed.
        ProjectConflictError
            The newest version is another one. The content is kept as a project of its own.
        """
        with self._turn(project_id):
            self._require_open(project_id)
            newest, before = self._newest(project_id), self._sound_content(project_id)
            if before is not None and canonical_json(before) == canonical_json(content):
                return newest, False
            if newest.number != base:
                raise ProjectConflictError(
                    project_id=project_id,
                    base=base,
                    newest=newest.number,
                    kept_as=self.create(content, now).project_id,
                )
            past = grown(newest.past, newest.shows) if before is not None else newest.past
            return self._next(newest, "edit", newest.number + 1, (past, ()), now, content), True

    def undo(self, project_id: str, base: int, now: datetime) -> ProjectVersion:
        """Show what was shown before the last change, as a version of its own.

        Raises
        ------
        UnknownProjectError, WithdrawnProjectError, ProjectMovedOnError, NothingToUndoError
            There is no such project, change, or another version came in since.
        """
        with self._turn(project_id):
            newest = self._require_base(project_id, base)
            if not newest.past:
                raise NothingToUndoError(project_id=project_id, action="undo")
            *past, shows = newest.past
            lists = (tuple(past), grown(newest.future, newest.shows))
            return self._next(newest, "undo", shows, lists, now)

    def redo(self, project_id: str, base: int, now: datetime) -> ProjectVersion:
        """Show again what was undone last; raises as :meth:`undo`."""
        with self._turn(project_id):
            newest = self._require_base(project_id, base)
            if not newest.future:
                raise NothingToUndoError(project_id=project_id, action="redo")
            *future, shows = newest.future
            lists = (grown(newest.past, newest.shows), tuple(future))
            return self._next(newest, "redo", shows, lists, now)

    def revert(self, project_id: str, base: int, number: int, now: datetime) -> ProjectVersion:
        """Show again what a version showed; that can be undone. Raises as :meth:`undo`."""
        with self._turn(project_id):
            newest = self._require_base(project_id, base)
            chosen = self.version(project_id, number)
            self.content(chosen)
            lists = (grown(newest.past, newest.shows), ())
            return self._next(newest, "return", chosen.shows, lists, now)

    def newest(self, project_id: str) -> ProjectVersion:
        """Return the newest version.

        Raises
        ------
        UnknownProjectError, DamagedProjectError
            There is no such project, or its newest version is not what was kept.
        """
        return self.version(project_id, self._last(project_id))

    def version(self, project_id: str, number: int) -> ProjectVersion:
        """Return a version; raises as :meth:`newest`."""
        kept = self._read(project_id, number)
        try:
            return version_from(project_id, kept)
        except _UNREADABLE as exc:
            raise DamagedProjectError(project_id=project_id, name=_name(number)) from exc

    def content(self, version: ProjectVersion) -> Content:
        """Return what a version shows; raises as :meth:`newest`."""
        content = self._kept_content(version)
        try:
            return project_files.put_files_back(self._folder / version.project_id, content)
        except _UNREADABLE as exc:
            raise DamagedProjectError(
                project_id=version.project_id, name=_name(version.shows)
            ) from exc

    def content_without_files(self, version: ProjectVersion) -> Content:
        """Return what a version shows but for its files; raises as :meth:`newest`."""
        return project_files.drop_files(self._kept_content(version))

    def _kept_content(self, version: ProjectVersion) -> Content:
        content = self._read(version.project_id, version.shows).get("content")
        if not isinstance(content, dict):
            raise DamagedProjectError(project_id=version.project_id, name=_name(version.shows))
        return content

    def count(self, project_id: str) -> int:
        """Return how many versions there are; raises as :meth:`newest`."""
        return self._last(project_id)

    def history(self, project_id: str, most: int) -> list[ProjectVersion]:
        """Return the newest versions that can be read, the newest first."""
        last, found = self._last(project_id), list[ProjectVersion]()
        for number in range(last, max(last - most, 0), -1):
            try:
                found.append(self.version(project_id, number))
            except DamagedProjectError:
                continue
        return found

    def say(self, project_id: str, step: Step) -> Steps:
        """Withdraw a project, or restore it; nothing is removed.

        Raises
        ------
        UnknownProjectError, AlreadyWithdrawnError, NotWithdrawnError
            There is no such project, or it is so already.
        """
        with self._turn(project_id):
            number = self._last(project_id)
            steps = followed_by(self.steps(project_id), step, project_id, number)
            text = canonical_json({"steps": plain_steps(steps)}).decode("utf-8")
            path = self._folder / project_id / _STEPS
            write_file(path, wrap_with_digest(text, f"{project_id}/{_STEPS}"))
            self.inventory.note(project_id, {"versions": number, "steps": len(steps)})
            return steps

    def steps(self, project_id: str) -> Steps:
        """Return what was said of a project.

        Raises
        ------
        DamagedProjectError
            It is lost or not what was written.
        """
        path = self._folder / project_id / _STEPS
        known = int(self._noted(project_id).get("steps", 0))
        try:
            found: Steps = ()
            if path.exists():
                text = unseal(path.read_bytes(), f"{project_id}/{_STEPS}")
                found = steps_from(json.loads(text)["steps"])
        except _UNREADABLE as exc:
            raise DamagedProjectError(project_id=project_id, name=_STEPS) from exc
        if len(found) < known:
            raise DamagedProjectError(project_id=project_id, name=_STEPS)
        return found

    def ids(self) -> list[str]:
        """Return the ids of all projects, of lost ones too."""
        folders = self._folder.glob("*/") if self._folder.is_dir() else ()
        there = {path.name for path in folders if _ID.fullmatch(path.name) and self._numbers(path)}
        return sorted(there | set(self.inventory.noted()))

    def damaged(self, project_id: str) -> list[str]:
        """Return which files of a project are lost or not what was kept, to the last byte."""
        return list(self._faults(project_id))

    def rebuild(self) -> int:
        """Write the inventory anew from the folders where it is damaged."""
        found = {}
        for project_id in self.ids():
            numbers = self._numbers(self._folder / project_id)
            said = self.steps(project_id) if numbers else ()
            found[project_id] = {"versions": max(numbers, default=0), "steps": len(said)}
        return self.inventory.rewrite(found)

    def size_bytes(self, project_id: str) -> int:
        """Return how large all versions of a project are."""
        return sum(path.stat().st_size for path in (self._folder / project_id).glob("[!.]*"))

    def remove(self, project_id: str) -> None:
        """Remove a project for good; that it stood is forgotten first."""
        self.inventory.forget(project_id)
        shutil.rmtree(self._folder / project_id, ignore_errors=True)
        self._folder.joinpath(f".{project_id}.lock").unlink(missing_ok=True)

    def _faults(self, project_id: str) -> Iterator[str]:
        home = self._folder / project_id
        for number in range(1, self._last(project_id) + 1):
            try:
                version = self.version(project_id, number)
                self.content(version)
            except PlanningError:
                yield f"{project_id}/{_name(number)}"
        try:
            self.steps(project_id)
        except PlanningError:
            yield f"{project_id}/{_STEPS}"
        yield from (f"{project_id}/{name}" for name in project_files.faults(home))
        names = {path.name for path in home.glob("[!.]*")} - {_STEPS}
        known = (_FILE, project_files.FILE)
        yield from (
            f"{project_id}/{name}"
            for name in sorted(names)
            if not any(form.fullmatch(name) for form in known)
        )

    def _turn(self, project_id: str) -> FileLock:
        if not _ID.fullmatch(project_id):
            raise UnknownProjectError(project_id=project_id[:64], version=None)
        home = self._folder / project_id
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(home.with_name(f".{project_id}.lock"))

    def _require_open(self, project_id: str) -> None:
        self._last(project_id)
        if is_withdrawn(steps := self.steps(project_id)):
            raise WithdrawnProjectError(project_id=project_id, **last_words(steps))

    def _require_base(self, project_id: str, base: int) -> ProjectVersion:
        self._require_open(project_id)
        newest = self._newest(project_id)
        if newest.number != base:
            raise ProjectMovedOnError(project_id=project_id, base=base, newest=newest.number)
        return newest

    def _newest(self, project_id: str) -> ProjectVersion:
        """Return the newest version to go on from; of one that is damaged only its number."""
        number = self._last(project_id)
        try:
            return self.version(project_id, number)
        except DamagedProjectError:
            return ProjectVersion(
                project_id=project_id,
                number=number,
                action="edit",
                shows=number,
                past=(),
                future=(),
                saved_at=datetime.min.replace(tzinfo=UTC),
            )

    def _sound_content(self, project_id: str) -> Content | None:
        try:
            return self.content(self.newest(project_id))
        except DamagedProjectError:
            return None

    def _next(
        self,
        newest: ProjectVersion,
        action: Action,
        shows: int,
        lists: tuple[tuple[int, ...], tuple[int, ...]],
        now: datetime,
        content: Content | None = None,
    ) -> ProjectVersion:
        version = ProjectVersion(
            project_id=newest.project_id,
            number=newest.number + 1,
            action=action,
            shows=shows,
            past=lists[0],
            future=lists[1],
            saved_at=now,
        )
        return self._put(version, content)

    def _put(self, version: ProjectVersion, content: Content | None) -> ProjectVersion:
        """Write a version, then how many there are: a process that dies between loses nothing."""
        of, name = version.project_id, _name(version.number)
        home = self._folder / of
        if content is not None:
            content = project_files.set_files_apart(home, content)
        kept = {**plain_version(version), "content": content}
        text = canonical_json(kept).decode("utf-8")
        write_file(home / name, wrap_with_digest(text, f"{of}/{name}"))
        steps = int(self._noted(of).get("steps", 0))
        self.inventory.note(of, {"versions": version.number, "steps": steps})
        return version

    def _read(self, project_id: str, number: int) -> dict[str, Any]:
        last = self._last(project_id)
        if not 1 <= number <= last:
            raise UnknownProjectError(project_id=project_id, version=number)
        name = _name(number)
        try:
            data = (self._folder / project_id / name).read_bytes()
            found: dict[str, Any] = json.loads(unseal(data, f"{project_id}/{name}"))
            if found["number"] != number:
                raise ValueError("of another version")
        except _UNREADABLE as exc:
            raise DamagedProjectError(project_id=project_id, name=name) from exc
        return found

    def _last(self, project_id: str) -> int:
        """Return how many versions there were at least."""
        if not _ID.fullmatch(project_id):
            raise UnknownProjectError(project_id=project_id[:64], version=None)
        there = max(self._numbers(self._folder / project_id), default=0)
        last = max(there, int(self._noted(project_id).get("versions", 0)))
        if not last:
            raise UnknownProjectError(project_id=project_id, version=None)
        return last

    def _noted(self, project_id: str) -> Mapping[str, Any]:
        noted: Mapping[str, Any] = self.inventory.noted().get(project_id, {})
        return noted

    @staticmethod
    def _numbers(home: Path) -> list[int]:
        found = (_FILE.fullmatch(path.name) for path in home.glob("v*.json"))
        return [int(match[1]) for match in found if match]


def _name(number: int) -> str:
    return f"v{number:06d}.json"
