"""Find out who asks, before anything else is looked at: by a key, or by the cookie of the page."""

from dataclasses import replace
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Final

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import NoProofOfOriginError, NotSignedInError
from api.web.access.require import ACTOR
from api.web.errors import problem
from api.web.language import language_of
from api.workspace.people.actor import Actor
from api.workspace.workspace import Workspace
from layers.audit.audit_trail import Deed
from layers.errors import NotFoundError
from layers.people.model import Person
from layers.people.session_book import ReplayedTokenError

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_TURNS_AT: Final = frozenset({"/", "/api/v1/session"})
_DOCUMENT: Final = "/openapi.json"
_PLAIN: Final = "ftzgis"
_OVER_TLS: Final = "__Host-ftzgis"
_BEARER: Final = "bearer "


class WhoAsks:
    """Pure ASGI middleware. Without accounts, whoever sits at this machine may do all."""

    def __init__(self, app: ASGIApp, workspace: Workspace, *, accounts: bool) -> None:
        self.app = app
        self._workspace = workspace
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with who asks in its scope."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = str((scope.get("client") or ("",))[0])
        if not self._accounts:
            scope[ACTOR] = Actor(way="open", address=address)
            await self.app(scope, receive, send)
            return
        headers, token = Headers(scope=scope), cookie_of(scope)
        scope[ACTOR] = await run_in_threadpool(self._identify, headers, token, address)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        by_cookie = scope[ACTOR] is not None and scope[ACTOR].way == "session"
        if token and by_cookie and _path(scope) in _TURNS_AT:
            fresh = await run_in_threadpool(
                self._workspace.people.sessions.turn, token, self._workspace.now()
            )
            send = _with_cookie(send, scope, fresh) if fresh else send
        await self.app(scope, receive, _unshared(send))

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        """Return the answer to what goes no further; None where a route decides."""
        actor: Actor | None = scope[ACTOR]
        if actor is None:
            if _path(scope) == "/" and "text/html" in headers.get("accept", ""):
                page = f"{scope.get('root_path', '')}/sign-in?lang={language_of(scope)}"
                return RedirectResponse(page, status_code=303)
            if _path(scope) == _DOCUMENT or "authorization" in headers:
                return problem(NotSignedInError(), language_of(scope))
            return None
        # Every browser of today says one of them; what says neither may be a trick.
        silent = "origin" not in headers and "sec-fetch-site" not in headers
        if actor.way == "session" and scope["method"] not in _SAFE and silent:
            return problem(NoProofOfOriginError(roles=[], own=[]), language_of(scope))
        return None

    def _identify(self, headers: Headers, token: str | None, address: str) -> Actor | None:
        said = headers.get("authorization", "")
        now = self._workspace.now()
        if said:
            return self._by_key(said, address, now)
        return self._by_cookie(token, address, now) if token else None

    def _by_key(self, said: str, address: str, now: datetime) -> Actor | None:
        if not said.lower().startswith(_BEARER):
            return None
        key = self._workspace.people.keys.find(said[len(_BEARER) :].strip(), now)
        person = self._person(key.person_id) if key else None
        if key is None or person is None:
            return None
        return replace(_actor(person, "key", address), roles=key.roles & person.roles)

    def _by_cookie(self, token: str, address: str, now: datetime) -> Actor | None:
        try:
            found = self._workspace.people.sessions.find(token, now)
        except ReplayedTokenError as exc:
            deed = Deed(
                person=exc.person_id,
                way="session",
                address=address,
                action="session replayed",
                result="ended",
            )
            self._workspace.audit.add(deed, now)
            return None
        person = self._person(found.person_id) if found else None
        return _actor(person, "session", address) if person else None

    def _person(self, person_id: str) -> Person | None:
        try:
            person = self._workspace.people.get(person_id)
        except NotFoundError:
            return None
        return None if person.disabled else person


def _actor(person: Person, way: str, address: str) -> Actor:
    return Actor(
        way=way,
        person_id=person.person_id,
        title=person.title,
        roles=person.roles,
        clearance=person.clearance,
        address=address,
        must_change=person.must_change and way == "session",
    )


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(str(scope.get("root_path", ""))) or "/"


def cookie_name(scope: Scope) -> str:
    """Return the name of the cookie; over TLS one that no other site can plant."""
    return _OVER_TLS if scope.get("scheme") == "https" else _PLAIN


def cookie_of(scope: Scope) -> str | None:
    """Return the token of the cookie, if there is one."""
    try:
        found = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(cookie_name(scope))
    except CookieError:
        return None
    return found.value[:200] if found else None


def cookie_header(scope: Scope, token: str | None) -> str:
    """Return the header that sets the cookie, or takes it away."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    value = f"{cookie_name(scope)}={token or ''}; Path=/; HttpOnly; SameSite=Strict{secure}"
    return value if token else f"{value}; Max-Age=0"


def _with_cookie(send: Send, scope: Scope, token: str) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie_header(scope, token))
        await send(message)

    return told


def _unshared(send: Send) -> Send:
    """Keep answers out of caches that several people share: not everybody may see them."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            kept = headers.get("cache-control", "no-cache")
            headers["cache-control"] = kept.replace("public", "private")
        await send(message)

    return told
