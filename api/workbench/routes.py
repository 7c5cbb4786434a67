"""The page, its script, its static files, and tiles of base maps: files that are no answers."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

from api.errors import UnknownPathError
from api.web.deps import WorkspaceDep
from api.web.description import BYTES
from api.workbench.basemaps import basemap_tile
from api.workbench.build_map import served_page
from api.workspace.workspace import Workspace
from maps.i18n import LANGUAGES, negotiate
from maps.page.modules import modules_digest

router = APIRouter(include_in_schema=False)

_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


class PageFiles(StaticFiles):
    """Static files; what lies under the digest of the modules never changes."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, without the digest in front of its path."""
        first, *rest = Path(path).parts or ("",)
        if not first.startswith("v-"):
            return await super().get_response(path, scope)
        if first != f"v-{modules_digest()}":
            raise UnknownPathError(path=scope["path"])
        response = await super().get_response(str(Path(*rest)), scope)
        response.headers.update(_FOREVER)
        return response


def static_files() -> StaticFiles:
    """Return the vendored and own scripts and style sheets."""
    return PageFiles(directory=str(files("maps").joinpath("static")))


def guide_files() -> StaticFiles:
    """Return the documentation site, as ``docs/build_site.py`` has built it."""
    return StaticFiles(directory=str(files("maps").joinpath("guides")), html=True)


@router.get("/docs")
@router.get("/docs/")
def get_guides(request: Request, lang: str | None = None) -> RedirectResponse:
    """Send on to the guides in the language of the reader."""
    wanted = lang if lang in LANGUAGES else negotiate(request.headers.get("accept-language"))
    # Relative, for below the prefix of a proxy that says nothing of it.
    below = "" if request.url.path.endswith("/") else "docs/"
    return RedirectResponse(f"{below}{wanted}/index.html", status_code=307)


def get_page(workspace: Workspace, lang: str, *, accounts: bool) -> HTMLResponse:
    """Return the page in a language; :mod:`api.ogc` tells who gets it from the root."""
    return HTMLResponse(
        served_page(workspace, lang, accounts=accounts).html,
        headers={"cache-control": "no-cache", "vary": "accept, accept-language"},
    )


@router.get("/m/{name}.js")
def get_script(request: Request, workspace: WorkspaceDep, name: str) -> Response:
    """Return the script of a page under its digest."""
    for lang in ("zh", "en"):
        page = served_page(workspace, lang, accounts=request.app.state.accounts)
        if page.script_name == name:
            return Response(page.script, media_type="text/javascript", headers=_FOREVER)
    raise UnknownPathError(path=request.url.path)


@router.get(
    "/basemap/{basemap_id}/{z}/{x}/{y}",
    response_class=Response,
    responses={200: {"content": {"image/png": BYTES}}},
)
def get_basemap_tile(workspace: WorkspaceDep, basemap_id: str, z: int, x: int, y: int) -> Response:
    """Return a tile of a configured base map, fetched once and kept on disk."""
    content, media_type = basemap_tile(workspace, basemap_id, (z, x, y))
    headers = {"cache-control": "public, max-age=604800"}
    return Response(content, media_type=media_type, headers=headers)
