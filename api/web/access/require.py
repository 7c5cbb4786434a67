"""What every route depends on: that who asks may."""

from typing import Any, Final

from fastapi import Request

from api.errors import NotAllowedError, NotSignedInError, PasswordDueError
from api.operation import Operation
from api.web.access.table import access_to
from api.workspace.people.actor import Actor

ACTOR: Final = "ftzgis.actor"
"""Where a request's scope holds who asks; None of who must sign in first."""

DONE: Final = "ftzgis.done"
"""Where a request's scope holds on which object and version something was done."""
REQUEST: Final = "ftzgis.request"
"""Where a request's scope holds its own id."""


def actor_of(request: Request) -> Actor:
    """Return who asks.

    Raises
    ------
    NotSignedInError
        Nobody has signed in.
    """
    found: Actor | None = request.scope.get(ACTOR)
    if found is None:
        raise NotSignedInError
    return found


async def require_access(request: Request) -> None:
    """Refuse who may not ask this route.

    Raises
    ------
    NotSignedInError, NotAllowedError, PasswordDueError
        Nobody has signed in; none of the person's roles may; the password is to be changed.
    """
    _require(request, request.method, request.scope["route"].path)


def require_operation(request: Request, declared: Operation[Any, Any]) -> None:
    """Refuse who may not ask an operation that is asked by another door; raises as above."""
    method, _, path = declared.routes[-1].partition(" ")
    _require(request, method, path)


def _require(request: Request, method: str, path: str) -> None:
    access = access_to(method, path)
    if access.anyone:
        return
    actor = actor_of(request)
    if actor.way == "open":
        return
    if actor.must_change and not access.own:
        raise PasswordDueError
    if access.roles.isdisjoint(actor.roles):
        raise NotAllowedError(roles=sorted(access.roles), own=sorted(actor.roles))
