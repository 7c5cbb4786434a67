"""Sign-in, one's own account, and the page of who administers: forms and pages of the browser."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.errors import LockedOutError, NotSignedInError, WrongPasswordError, status_of
from api.people.keep import list_keys, person_out
from api.people.sign_in import Attempt, change_password, me, sign_in, sign_out
from api.web.access.require import actor_of
from api.web.access.who_asks import cookie_header, cookie_of
from api.web.deps import LanguageDep
from api.web.gate import takes_turns
from api.workspace.answers import short_name
from api.workspace.people.actor import Actor
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.audit.audit_trail import Search
from layers.people.errors import WeakPasswordError
from maps.answers import Title
from maps.refusals import refusal_text
from maps.workbench.office_pages import account_page, administration_page, sign_in_page
from maps.workbench.people_answers import Me, SignedOut

router = APIRouter(tags=["people"])

_TURN: Final = takes_turns("sign-in")
"""A password takes 32 MiB and a moment: few are looked at once."""
_Text = Annotated[str, Field(max_length=1000)]
_SHOWN: Final = 50


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInBody(_Body):
    """A name and a password."""

    name: _Text
    password: _Text


class PasswordBody(_Body):
    """The password until now, and the next one."""

    former: _Text
    password: _Text


def _everything(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _person(request: Request) -> Actor:
    actor = actor_of(request)
    if not actor.is_known:
        # Without accounts nobody signs in, and there is nobody to tell of.
        raise NotSignedInError
    return actor


WholeDep = Annotated[Workspace, Depends(_everything)]
ActorDep = Annotated[Actor, Depends(_person)]


@router.post("/api/v1/session", status_code=201, dependencies=[_TURN])
async def post_session(request: Request, workspace: WholeDep, body: SignInBody) -> Response:
    """Sign in; the cookie of the answer is the proof from then on."""
    token = await run_in_threadpool(sign_in, workspace, _attempt(request, body.name, body.password))
    return Response(status_code=201, headers={"set-cookie": cookie_header(request.scope, token)})


@router.get("/api/v1/session")
def get_session(actor: ActorDep) -> Me:
    """Return who is signed in."""
    return me(actor)


@router.delete("/api/v1/session")
def delete_session(
    request: Request, response: Response, workspace: WholeDep, actor: ActorDep,
    everywhere: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
) -> SignedOut:  # fmt: skip
    """Sign out here, or in every browser."""
    token = cookie_of(request.scope)
    count = sign_out(workspace, actor, token, everywhere=everywhere)
    response.headers["set-cookie"] = cookie_header(request.scope, None)
    return SignedOut(id=actor.person_id, sessions=count)


@router.post("/api/v1/session/password", status_code=204, dependencies=[_TURN])
async def post_password(
    request: Request, workspace: WholeDep, actor: ActorDep, body: PasswordBody
) -> Response:
    """Change one's own password; all other browsers are signed out."""
    token = await run_in_threadpool(change_password, workspace, actor, body.former, body.password)
    return Response(status_code=204, headers={"set-cookie": cookie_header(request.scope, token)})


@router.get("/sign-in", include_in_schema=False)
def get_sign_in(request: Request, lang: LanguageDep) -> HTMLResponse:
    """Return the page to sign in."""
    return _page(sign_in_page(lang, _zone(request), by_provider=_has_provider(request)))


@router.post("/sign-in", include_in_schema=False, dependencies=[_TURN])
async def post_sign_in(
    request: Request,
    workspace: WholeDep,
    lang: LanguageDep,
    name: Annotated[str, Form(max_length=1000)],
    password: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Sign in by the form, and go to the map; a new password is asked for first where due."""
    try:
        token = await run_in_threadpool(sign_in, workspace, _attempt(request, name, password))
    except (WrongPasswordError, LockedOutError) as exc:
        by_provider = _has_provider(request)
        page = sign_in_page(lang, _zone(request), _refusal_text(exc, lang), by_provider=by_provider)
        return _page(page, status_of(exc))
    headers = {"set-cookie": cookie_header(request.scope, token)}
    due = any(one.person_id == name and one.must_change for one in workspace.people.people())
    target = "account" if due else ""
    return _go(request, target, lang, headers)


@router.post("/sign-out", include_in_schema=False)
def post_sign_out(
    request: Request,
    workspace: WholeDep,
    actor: ActorDep,
    lang: LanguageDep,
    everywhere: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of the form
) -> Response:
    """Sign out by the form."""
    sign_out(workspace, actor, cookie_of(request.scope), everywhere=everywhere)
    return _go(request, "sign-in", lang, {"set-cookie": cookie_header(request.scope, None)})


@router.get("/account", include_in_schema=False)
def get_account(workspace: WholeDep, actor: ActorDep, lang: LanguageDep) -> HTMLResponse:
    """Return the page of one's own account; who came by an identity provider has no password."""
    has_password = workspace.people.get(actor.person_id).has_password
    return _page(
        account_page(lang, short_name(workspace.zone), me(actor), has_password=has_password)
    )


@router.post("/account", include_in_schema=False, dependencies=[_TURN])
async def post_account(
    request: Request,
    workspace: WholeDep,
    lang: LanguageDep,
    former: Annotated[str, Form(max_length=1000)],
    password: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Change one's own password by the form."""
    actor = _person(request)
    try:
        token = await run_in_threadpool(change_password, workspace, actor, former, password)
    except (WrongPasswordError, LockedOutError, WeakPasswordError) as exc:
        return _page(
            account_page(lang, _zone(request), me(actor), _refusal_text(exc, lang)), status_of(exc)
        )
    return _go(request, "", lang, {"set-cookie": cookie_header(request.scope, token)})


@router.get("/administration", include_in_schema=False)
def get_administration(workspace: WholeDep, actor: ActorDep, lang: LanguageDep) -> HTMLResponse:
    """Return the page of who administers: people, keys, tasks, the audit trail."""
    people = [person_out(one) for one in workspace.people.people()]
    entries, _ = workspace.audit.search(Search(), _SHOWN)
    keys = list_keys(workspace, actor).keys
    tasks = workspace.tasks.newest()[:_SHOWN]
    return _page(
        administration_page(lang, short_name(workspace.zone), people, keys, entries, tasks)
    )


def _has_provider(request: Request) -> bool:
    return request.app.state.provider_sign_in is not None


def _attempt(request: Request, name: str, password: str) -> Attempt:
    address = request.client.host if request.client else ""
    return Attempt(name=name, password=password, address=address)


def _refusal_text(error: PlanningError, lang: str) -> str:
    return refusal_text(error.code, error.params, lang)


def _go(request: Request, path: str, lang: str, headers: dict[str, str]) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/{path}?lang={lang}", status_code=303, headers=headers)


def _zone(request: Request) -> Title:
    return short_name(request.app.state.workspace.zone)


def _page(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
