"""The way to an identity provider and back: two pages of the browser."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from api.errors import NoProviderError, ProviderRefusedError, SignInOverError, status_of
from api.people.provider_sign_in import LONGEST, Begun, ProviderSignIn
from api.web.access.who_asks import cookie_header
from api.web.deps import LanguageDep
from api.web.gate import takes_turns
from api.workspace.answers import short_name
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from maps.refusals import refusal_text
from maps.workbench.office_pages import sign_in_page, signed_in_page

router = APIRouter(tags=["people"])

_TURN: Final = takes_turns("sign-in")
_COOKIE: Final = "ftzgis-sign-in"
_LONGEST_STATE: Final = 200


@router.get("/sign-in-by-provider", include_in_schema=False, dependencies=[_TURN])
async def get_sign_in_by_provider(request: Request, lang: LanguageDep) -> Response:
    """Send the browser to the identity provider."""
    root = request.scope.get("root_path", "")
    back = f"{request.url.scheme}://{request.url.netloc}{root}/signed-in"
    try:
        address, state = await run_in_threadpool(
            _provider(request).begin, back, lang, _workspace(request).now()
        )
    except PlanningError as exc:
        return _failed(request, exc, lang)
    answer = RedirectResponse(address, status_code=303)
    answer.headers["set-cookie"] = _state_header(request, state)
    return answer


@router.get("/signed-in", include_in_schema=False, dependencies=[_TURN])
async def get_signed_in(request: Request, lang: LanguageDep) -> Response:
    """Let in whom the identity provider sends back; it may add parameters of its own."""
    said, workspace = request.query_params, _workspace(request)
    state = said.get("state", "")[:_LONGEST_STATE]
    try:
        begun = _provider(request).take(state, _state_of(request), workspace.now())
        lang = begun.lang
        token = await run_in_threadpool(_finished, request, workspace, begun)
    except PlanningError as exc:
        return _failed(request, exc, lang)
    # A page, and no redirect: the cookie is not sent on a way that began at another site.
    answer = _page(signed_in_page(lang, short_name(workspace.zone)))
    answer.headers.append("set-cookie", cookie_header(request.scope, token))
    answer.headers.append("set-cookie", _state_header(request, None))
    return answer


def _finished(request: Request, workspace: Workspace, begun: Begun) -> str:
    said = request.query_params
    if "error" in said or not said.get("code"):
        raise ProviderRefusedError
    if said.get("iss", workspace.settings.oidc_issuer) != workspace.settings.oidc_issuer:
        raise SignInOverError  # RFC 9207: the answer of another provider was put in here.
    address = request.client.host if request.client else ""
    return _provider(request).finish(workspace, begun, said["code"], address)


def _provider(request: Request) -> ProviderSignIn:
    found: ProviderSignIn | None = request.app.state.provider_sign_in
    if found is None:
        raise NoProviderError
    return found


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _state_of(request: Request) -> str | None:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return None
    return found.value[:_LONGEST_STATE] if found else None


def _state_header(request: Request, state: str | None) -> str:
    # Lax: the browser comes back from another site.
    secure = "; Secure" if request.url.scheme == "https" else ""
    seconds = int(LONGEST.total_seconds()) if state else 0
    return f"{_COOKIE}={state or ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def _failed(request: Request, error: PlanningError, lang: str) -> Response:
    said = refusal_text(error.code, error.params, lang)
    by_provider = not isinstance(error, NoProviderError)
    zone = short_name(_workspace(request).zone)
    return _page(sign_in_page(lang, zone, said, by_provider=by_provider), status_of(error))


def _page(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
