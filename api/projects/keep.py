"""Keep projects: make, save, undo, redo, return to a version, duplicate, withdraw, send."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from api.operation import FileAnswer
from api.workspace.answers import steps_out
from api.workspace.needs import KeptProjects
from api.workspace.withdraw import Wish
from geo.errors import PlanningError
from layers.store.projects.project_file import SUFFIX, pack_project
from layers.store.projects.project_versions import DamagedProjectError, ProjectVersion
from layers.store.withdrawals import is_withdrawn
from maps.data.withdrawal_answers import VersionStanding
from maps.workbench.projects_answers import (
    ProjectContent,
    ProjectHistory,
    ProjectList,
    ProjectOut,
    ProjectResult,
    ProjectRow,
    ProjectSaved,
    ProjectVersionOut,
)
from maps.workbench.tasks_answers import Task, TaskList

MOST_VERSIONS: Final = 200
"""Versions that a history lists."""
MEDIA_TYPE: Final = "application/zip"


def list_projects(workspace: KeptProjects) -> ProjectList:
    """Return all projects, the one saved last first; damaged ones are named."""
    store, found, damaged = workspace.projects, list[ProjectRow](), list[str]()
    for project_id in store.ids():
        try:
            newest = store.newest(project_id)
            content = ProjectContent.model_validate(store.content_without_files(newest))
            steps = store.steps(project_id)
        except DamagedProjectError:
            damaged.append(project_id)
            continue
        found.append(
            ProjectRow(
                id=project_id,
                title=content.title,
                version=newest.number,
                saved_at=newest.saved_at.isoformat(),
                sites=len(content.sites),
                results=len(content.results),
                withdrawals=steps_out(steps),
            )
        )
    found.sort(key=lambda one: (one.saved_at, one.id), reverse=True)
    return ProjectList(projects=found, damaged=damaged)


def create_project(workspace: KeptProjects, content: ProjectContent) -> ProjectOut:
    """Store a new project."""
    version = workspace.projects.create(content.model_dump(mode="json"), workspace.now())
    return project_out(workspace, version)


def show_project(workspace: KeptProjects, project_id: str, number: int | None) -> ProjectOut:
    """Return a project at a version; at the newest without a number.

    Raises
    ------
    UnknownProjectError, DamagedProjectError
        There is none, or it is not what was kept.
    """
    store = workspace.projects
    version = store.newest(project_id) if number is None else store.version(project_id, number)
    return project_out(workspace, version)


def save_project(
    workspace: KeptProjects, project_id: str, base: int, content: ProjectContent
) -> ProjectSaved:
    """Store a change; raises as :meth:`layers.store.projects.ProjectStore.save`."""
    version, created = workspace.projects.save(
        project_id, base, content.model_dump(mode="json"), workspace.now()
    )
    return ProjectSaved(
        id=project_id,
        version=version.number,
        created=created,
        saved_at=version.saved_at.isoformat(),
        can_undo=bool(version.past),
        can_redo=bool(version.future),
    )


def duplicate_project(
    workspace: KeptProjects, project_id: str, number: int | None, title: str | None
) -> ProjectOut:
    """Store what a version shows as a project of its own; the first one stays as it is."""
    content = show_project(workspace, project_id, number).content
    copied = content.model_copy(update={"title": title or content.title})
    return create_project(workspace, copied)


def project_history(workspace: KeptProjects, project_id: str) -> ProjectHistory:
    """Return the newest versions of a project.

    Raises
    ------
    UnknownProjectError
        There is no such project.
    """
    store, rows = workspace.projects, list[ProjectVersionOut]()
    for version in store.history(project_id, MOST_VERSIONS):
        with suppress(DamagedProjectError):
            content = ProjectContent.model_validate(store.content_without_files(version))
            rows.append(
                ProjectVersionOut(
                    number=version.number,
                    action=version.action,
                    shows=version.shows,
                    saved_at=version.saved_at.isoformat(),
                    title=content.title,
                    sites=len(content.sites),
                    results=len(content.results),
                )
            )
    return ProjectHistory(
        id=project_id,
        count=store.count(project_id),
        versions=rows,
        damaged=store.damaged(project_id),
    )


def project_bytes(workspace: KeptProjects, project_id: str, number: int | None) -> FileAnswer:
    """Return a project as one file, to send and to open elsewhere."""
    shown = show_project(workspace, project_id, number)
    origin = {
        "project_id": shown.id,
        "version": shown.version,
        "saved_at": shown.saved_at,
        "written_at": workspace.now().isoformat(),
    }
    data = pack_project(shown.content.model_dump(mode="json"), origin)
    name = "".join(one if one.isalnum() else "_" for one in shown.content.title)[:60]
    return FileAnswer(name=f"{name}.{SUFFIX}", data=data, media_type=MEDIA_TYPE)


def tasks_of_project(workspace: KeptProjects, project_id: str) -> TaskList:
    """Return the tasks that a project keeps, newest first; those that are not kept are named.

    Raises
    ------
    UnknownProjectError, DamagedProjectError
        There is none, or it is not what was kept.
    """
    results = show_project(workspace, project_id, None).content.results
    found, missing = list[Task](), list[str]()
    for one in results:
        if one.what != "task":
            continue
        try:
            found.append(workspace.tasks.get(one.id))
        except PlanningError:
            missing.append(one.id)
    found.sort(key=lambda task: task.created_at, reverse=True)
    return TaskList(tasks=found, missing=missing)


def change_project(workspace: KeptProjects, project_id: str, wish: Wish) -> VersionStanding:
    """Withdraw or restore a project; it is kept with all its versions.

    Raises
    ------
    UnknownProjectError, AlreadyWithdrawnError, NotWithdrawnError
        There is no such project, or it is so already.
    """
    steps = workspace.projects.say(project_id, wish.step(workspace))
    number = str(workspace.projects.count(project_id))
    return VersionStanding(
        what="project",
        id=project_id,
        version=number,
        steps=steps_out(steps),
        in_use=None if is_withdrawn(steps) else number,
        cannot_tell=None,
        resting=[],
    )


def project_out(workspace: KeptProjects, version: ProjectVersion) -> ProjectOut:
    """Return a version as an answer."""
    store = workspace.projects
    content = ProjectContent.model_validate(store.content(version))
    return ProjectOut(
        id=version.project_id,
        version=version.number,
        newest=store.count(version.project_id),
        action=version.action,
        saved_at=version.saved_at.isoformat(),
        can_undo=bool(version.past),
        can_redo=bool(version.future),
        content=content,
        missing=[one.id for one in content.results if not _is_kept(workspace, one)],
        withdrawals=steps_out(store.steps(version.project_id)),
    )


def _is_kept(workspace: KeptProjects, result: ProjectResult) -> bool:
    """Tell whether a result can be opened here."""
    places: dict[str, Callable[[str], object]] = {
        "task": workspace.tasks.get,
        "check": workspace.archive.short,
        "run": workspace.runs.get,
    }
    try:
        places[result.what](result.id)
    except (PlanningError, KeyError):
        return False
    return True
