"""Operations of projects, declared once for both doors."""

from api.operation import Call, FileAnswer, Nothing, operation
from api.projects.questions import (
    DuplicateQuestion,
    NewProjectQuestion,
    OpenQuestion,
    ProjectQuestion,
    ProjectSaidQuestion,
    ProjectVersionQuestion,
    RevertQuestion,
    SaveQuestion,
    StepQuestion,
)
from api.workspace.withdraw_operations import withdrawal_operations
from maps.workbench.projects_answers import ProjectHistory, ProjectList, ProjectOut, ProjectSaved
from maps.workbench.tasks_answers import TaskList

_PATH = "/api/v1/projects/{project_id}"


@operation(
    "projects list",
    "GET /api/v1/projects",
    text="maps.workbench.projects_document:projects_document",
)
def list_projects(call: Call, _: Nothing) -> ProjectList:
    """List all projects, the one saved last first."""
    from api.projects.keep import list_projects as listed

    return listed(call.workspace)


@operation(
    "projects create",
    "POST /api/v1/projects",
    arguments=("title",),
    status=201,
    text="maps.workbench.projects_document:project_document",
)
def create_project(call: Call, asked: NewProjectQuestion) -> ProjectOut:
    """Begin a project, by its title or with all that it keeps."""
    from api.projects.content import asked_content
    from api.projects.keep import create_project as create

    values = asked.content
    if asked.title is not None:
        values = {**(values or {}), "title": asked.title}
    return create(call.workspace, asked_content(call.workspace, values, asked.file))


@operation(
    "projects show",
    f"GET {_PATH}",
    arguments=("project_id",),
    text="maps.workbench.projects_document:project_document",
)
def show_project(call: Call, asked: ProjectVersionQuestion) -> ProjectOut:
    """Return a project as it is now, or as it was at a version."""
    from api.projects.keep import show_project as show

    return show(call.workspace, asked.project_id, asked.version)


@operation(
    "projects history",
    f"GET {_PATH}/versions",
    arguments=("project_id",),
    text="maps.workbench.projects_document:history_document",
)
def project_history(call: Call, asked: ProjectQuestion) -> ProjectHistory:
    """List the newest versions of a project, the newest first."""
    from api.projects.keep import project_history as history

    return history(call.workspace, asked.project_id)


@operation(
    "projects tasks",
    f"GET {_PATH}/tasks",
    arguments=("project_id",),
    text="maps.workbench.projects_document:tasks_document",
)
def project_tasks(call: Call, asked: ProjectQuestion) -> TaskList:
    """List the tasks that a project keeps, the newest first."""
    from api.projects.keep import tasks_of_project

    return tasks_of_project(call.workspace, asked.project_id)


@operation(
    "projects save",
    f"POST {_PATH}/versions",
    arguments=("project_id",),
    status=201,
    text="maps.workbench.projects_document:saved_document",
)
def save_project(call: Call, asked: SaveQuestion) -> ProjectSaved:
    """Store a change to a version; if another came in since, both are kept and 409 says so."""
    from api.projects.content import asked_content
    from api.projects.keep import save_project as save

    content = asked_content(call.workspace, asked.content, asked.file)
    return save(call.workspace, asked.project_id, asked.base, content)


@operation(
    "projects undo",
    f"POST {_PATH}/undo",
    arguments=("project_id",),
    text="maps.workbench.projects_document:project_document",
)
def undo_project(call: Call, asked: StepQuestion) -> ProjectOut:
    """Show a project as it was before the last change; that is a version, too."""
    from api.projects.keep import project_out

    workspace = call.workspace
    return project_out(
        workspace, workspace.projects.undo(asked.project_id, asked.base, workspace.now())
    )


@operation(
    "projects redo",
    f"POST {_PATH}/redo",
    arguments=("project_id",),
    text="maps.workbench.projects_document:project_document",
)
def redo_project(call: Call, asked: StepQuestion) -> ProjectOut:
    """Show again what was undone last."""
    from api.projects.keep import project_out

    workspace = call.workspace
    return project_out(
        workspace, workspace.projects.redo(asked.project_id, asked.base, workspace.now())
    )


@operation(
    "projects revert",
    f"POST {_PATH}/revert",
    arguments=("project_id", "version"),
    text="maps.workbench.projects_document:project_document",
)
def revert_project(call: Call, asked: RevertQuestion) -> ProjectOut:
    """Show again what an older version showed; that can be undone."""
    from api.projects.keep import project_out

    workspace = call.workspace
    version = workspace.projects.revert(
        asked.project_id, asked.base, asked.version, workspace.now()
    )
    return project_out(workspace, version)


@operation(
    "projects duplicate",
    f"POST {_PATH}/duplicate",
    arguments=("project_id",),
    status=201,
    text="maps.workbench.projects_document:project_document",
)
def duplicate_project(call: Call, asked: DuplicateQuestion) -> ProjectOut:
    """Make a project of its own of a version."""
    from api.projects.keep import duplicate_project as duplicate

    return duplicate(call.workspace, asked.project_id, asked.version, asked.title)


@operation(
    "projects export",
    f"GET {_PATH}/export",
    arguments=("project_id",),
    forms={"ftzproject": "application/zip"},
)
def export_project(call: Call, asked: ProjectVersionQuestion) -> FileAnswer:
    """Write a project to one file, to send and to open elsewhere."""
    from api.projects.keep import project_bytes

    return project_bytes(call.workspace, asked.project_id, asked.version)


@operation(
    "projects open",
    "POST /api/v1/projects/open",
    arguments=("file",),
    status=201,
    text="maps.workbench.projects_document:project_document",
)
def open_project(call: Call, asked: OpenQuestion) -> ProjectOut:
    """Take in the file of a project as a project of its own; a damaged one is refused."""
    from api.projects.content import opened_content
    from api.projects.keep import create_project as create

    return create(call.workspace, opened_content(call.workspace, asked.file))


OPERATIONS = (
    list_projects,
    create_project,
    show_project,
    project_history,
    project_tasks,
    save_project,
    undo_project,
    redo_project,
    revert_project,
    duplicate_project,
    export_project,
    open_project,
    *withdrawal_operations(
        "projects",
        _PATH,
        question=ProjectSaidQuestion,
        change="api.projects.keep:change_project",
    ),
)
