"""What routes depend on, as types."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant

from api.errors import RequestError
from api.web.access.require import actor_of
from api.workspace.people.seen import OwnTasks
from api.workspace.workspace import Workspace
from layers.model import Sensitivity
from maps.i18n import negotiate


def open_workspace(request: Request) -> Workspace:
    """Return the server's workspace as far as who asks may see it.

    Kinds and rules are those that stand in its folder now.

    Raises
    ------
    RuleFileError
        A file of kinds or rules was written meanwhile and cannot be read.
    """
    clearance = actor_of(request).clearance
    # One for each clearance, and not for each request: what is computed is kept by it.
    views: dict[Sensitivity, Workspace] = request.app.state.views
    if clearance not in views:
        views[clearance] = request.app.state.workspace.seen_by(clearance)
    workspace = views[clearance]
    workspace.read_terms_anew()
    return workspace


async def _open_workspace(request: Request) -> Workspace:
    # Like all here that only looks into memory: a thread for it would cost more than it does.
    return open_workspace(request)


async def _own_tasks(request: Request) -> OwnTasks:
    return OwnTasks(request.app.state.workspace.tasks, actor_of(request))


async def _language(
    accept_language: Annotated[str | None, Header()] = None, lang: str | None = None
) -> str:
    return negotiate(lang or accept_language)


WorkspaceDep = Annotated[Workspace, Depends(_open_workspace)]
TasksDep = Annotated[OwnTasks, Depends(_own_tasks)]
LanguageDep = Annotated[str, Depends(_language)]


async def refuse_unknown(request: Request) -> None:
    """Refuse query parameters that a route does not read: a slip must not pass as an answer.

    Raises
    ------
    RequestError
        Names the first of them.
    """
    known = _read_by(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in known:
            raise RequestError(field=name[:40], problem="unknown")


def _read_by(dependant: Dependant) -> set[str]:
    """Return the query parameters that a route and what it depends on read."""
    own = {one.alias for one in dependant.query_params}
    return own.union(*(_read_by(one) for one in dependant.dependencies))
