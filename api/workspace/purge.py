"""Remove what is older than a retention time that a person states: checks, uploads, evidence.

A check goes with its upload, and leaves word that it was removed and when; so do kept answers of
searches, rankings and reports, without a word. What reviewers
judged, what a layer or a publication names, and what is damaged stays, however old.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal

from api.workspace.tasks import ENDED, DamagedTaskError
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.store.durable import leftovers, remove_file
from layers.store.withdrawals import is_withdrawn
from maps.data.purge_answers import Purge, PurgeEntry

What = Literal["checks", "uploads", "evidence", "projects"]

_UNREADABLE: Final = (PlanningError, OSError, ValueError, KeyError, TypeError)


def purge(workspace: Workspace, days: int, what: Sequence[What], *, sure: bool) -> Purge:
    """List what is older than so many days, and remove it if a person is sure.

    Parameters
    ----------
    workspace : Workspace
        The store and the clock.
    days : int
        How long things are kept, in days of 24 hours.
    what : sequence
        ``checks`` and other kept answers with their uploads; ``uploads`` that belong to none,
        and what writers that died left; ``evidence``: files of ended tasks, such as reports;
        ``projects`` that were withdrawn so long ago.
    sure : bool
        False only lists.
    """
    before = workspace.now() - timedelta(days=days)
    finders = {
        "checks": _old_answers,
        "uploads": _uploads,
        "evidence": _tasks,
        "projects": _projects,
    }
    old = [one for name in what for one in finders[name](workspace, before)]
    going = [one for one in old if one.stays is None]
    if sure:
        for one in going:
            _remove(workspace, one)
    return Purge(
        days=days,
        before=before.isoformat(timespec="seconds"),
        removed=sure,
        size_bytes=sum(one.size_bytes for one in going),
        entries=going,
        stays=[one for one in old if one.stays is not None],
    )


def _old_answers(workspace: Workspace, before: datetime) -> Iterator[PurgeEntry]:
    yield from _checks(workspace, before)
    for run_id in workspace.runs.ids():
        try:
            run = workspace.runs.get(run_id)
            name, kept_at, stays = run.operation, datetime.fromisoformat(run.kept_at), None
        except _UNREADABLE:
            name, kept_at, stays = "", before, "damaged"
        if kept_at < before or stays:
            yield PurgeEntry(
                what="run",
                id=run_id,
                name=name,
                day=kept_at.isoformat(),
                size_bytes=sum(path.stat().st_size for path in workspace.runs.files_of(run_id)),
                stays=stays,
            )


def _checks(workspace: Workspace, before: datetime) -> Iterator[PurgeEntry]:
    archive, kept = workspace.archive, results_of_projects(workspace)
    for check_id, _ in archive.newest():
        try:
            name, kept_at = archive.short(check_id).name, archive.kept_at(check_id)
            stays = "named_by_project" if check_id in kept else _named_by(workspace, check_id)
            stays = "reviewed" if archive.overrides(check_id) else stays
        except _UNREADABLE:
            # Nobody can tell how old it is, or whether it was reviewed.
            name, kept_at, stays = "", before, "damaged"
        if kept_at < before or stays == "damaged":
            yield PurgeEntry(
                what="check",
                id=check_id,
                name=name,
                day=kept_at.isoformat(),
                size_bytes=sum(path.stat().st_size for path in archive.files_of(check_id)),
                stays=stays,
            )


def _named_by(workspace: Workspace, check_id: str) -> str | None:
    """Return what names a check as its source."""
    if any(check_id in one.spec.source for one in workspace.store.everything()):
        return "named_by_layer"
    publications = workspace.publications
    for publication_id in publications.ids():
        for release in publications.state(publication_id).releases:
            if check_id in str(publications.manifest(publication_id, release.sha256)):
                return "named_by_publication"
    return None


def _uploads(workspace: Workspace, before: datetime) -> Iterator[PurgeEntry]:
    root = workspace.settings.data_dir
    strays = (*workspace.archive.strays(), *workspace.runs.strays(), *leftovers(root))
    for path in sorted(set(strays)):
        made = datetime.fromtimestamp(path.stat().st_mtime, tz=before.tzinfo)
        if made < before:
            yield PurgeEntry(
                what="upload",
                id=path.relative_to(root).as_posix(),
                name=path.name,
                day=made.isoformat(timespec="seconds"),
                size_bytes=path.stat().st_size,
            )


def _tasks(workspace: Workspace, before: datetime) -> Iterator[PurgeEntry]:
    kept = results_of_projects(workspace)
    for task in workspace.tasks.all():
        damaged = task.problem is not None and task.problem.code == DamagedTaskError.code
        ended = datetime.fromisoformat(task.ended_at or task.created_at)
        if task.status in ENDED and ended < before:
            yield PurgeEntry(
                what="evidence",
                id=task.id,
                name=task.kind,
                day=ended.isoformat(),
                size_bytes=workspace.tasks.size_bytes(task.id),
                stays="damaged" if damaged else "named_by_project" if task.id in kept else None,
            )


def results_of_projects(workspace: Workspace) -> frozenset[str]:
    """Return the ids of all results that the newest version of a project names."""
    store, found = workspace.projects, set[str]()
    for project_id in store.ids():
        with suppress(*_UNREADABLE):
            content = store.content_without_files(store.newest(project_id))
            found |= {str(one["id"]) for one in content["results"]}
    return frozenset(found)


def _projects(workspace: Workspace, before: datetime) -> Iterator[PurgeEntry]:
    """Return projects that were withdrawn; all others are somebody's work and stay unlisted."""
    store = workspace.projects
    for project_id in store.ids():
        try:
            steps, newest = store.steps(project_id), store.newest(project_id)
            name, stays = str(store.content_without_files(newest)["title"]), None
        except _UNREADABLE:
            steps, name, stays = (), "", "damaged"
        if stays or (is_withdrawn(steps) and steps[-1].at < before):
            yield PurgeEntry(
                what="project",
                id=project_id,
                name=name,
                day=(steps[-1].at if steps else before).isoformat(),
                size_bytes=store.size_bytes(project_id),
                stays=stays,
            )


def _remove(workspace: Workspace, one: PurgeEntry) -> None:
    if one.what == "check":
        workspace.archive.remove(one.id, workspace.now())
    elif one.what == "run":
        workspace.runs.remove(one.id)
    elif one.what == "project":
        workspace.projects.remove(one.id)
    elif one.what == "upload":
        remove_file(workspace.settings.data_dir / one.id)
    else:
        workspace.tasks.remove(one.id)
