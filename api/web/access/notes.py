"""Put down what is done, before whoever did it hears that it is done."""

import logging
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TrailError
from api.web.access.require import ACTOR, DONE, REQUEST
from api.web.access.table import access_to
from api.web.errors import problem
from api.web.language import language_of
from api.workspace.people.actor import Actor
from api.workspace.people.deeds import deed_of
from api.workspace.workspace import Workspace

log = logging.getLogger(__name__)

_REFUSED: Final = 403


class NotesDeeds:
    """Pure ASGI middleware: what the table of routes wants noted, and what was refused."""

    def __init__(self, app: ASGIApp, workspace: Workspace) -> None:
        self.app = app
        self._workspace = workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put its end down before it is sent."""
        actor: Actor | None = scope.get(ACTOR)
        if scope["type"] != "http" or actor is None or not actor.is_known:
            await self.app(scope, receive, send)
            return
        lost = False

        async def send_noted(message: Message) -> None:
            nonlocal lost
            if message["type"] == "http.response.start" and self._counts(scope, message["status"]):
                try:
                    await run_in_threadpool(self._note, scope, actor, message["status"])
                except Exception:
                    # Whatever keeps it from the trail, nobody may think that it is there.
                    log.exception("the audit trail cannot be written")
                    lost = True
                    error = TrailError(status=message["status"])
                    await problem(error, language_of(scope), 507)(scope, receive, send)
            if not lost:
                await send(message)

        await self.app(scope, receive, send_noted)

    def _counts(self, scope: Scope, status: int) -> bool:
        route = scope.get("route")
        if route is None:
            return False
        return status == _REFUSED or access_to(scope["method"], route.path).noted

    def _note(self, scope: Scope, actor: Actor, status: int) -> None:
        path = scope["route"].path
        thing, version = scope.get(DONE) or ("", "")
        ids = {name: str(value) for name, value in scope.get("path_params", {}).items()}
        thing = " ".join(dict.fromkeys(one for one in (*ids.values(), thing) if one))
        deed = deed_of(
            actor,
            f"{scope['method']} {path}",
            (thing, version or ids.get("version", "")),
            str(status),
            str(scope.get(REQUEST, "")),
        )
        self._workspace.audit.add(deed, self._workspace.now())
