"""What everybody may see: released bundles, file by file, and nothing else.

This module reads the files that a manifest names. It knows no layer, no computation and
no upload.
"""

import mimetypes
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from api.publish.views import count_view
from api.web.conditional import matches
from api.web.deps import LanguageDep
from api.web.description import ANY_FILE
from api.web.language import language_of
from layers.publish.publications import MANIFEST, PublicationStore, WithdrawnError

router = APIRouter(tags=["public"])
map_router = APIRouter(tags=["public"])
"""The map itself, whose address is passed on: messengers and mails write keys of their own
behind it, which must not keep anybody from it."""

_INDEX = "index.html"
EMBED = "embed.txt"


def _publications(request: Request) -> PublicationStore:
    store: PublicationStore = request.app.state.publications
    return store


StoreDep = Annotated[PublicationStore, Depends(_publications)]
IfNoneMatch = Annotated[str | None, Header()]


@map_router.get("/public/{publication_id}", response_class=Response, status_code=307)
def get_public_map_without_slash(
    request: Request, store: StoreDep, publication_id: str
) -> Response:
    """Send on to the address below which the files of the map lie."""
    store.shown(publication_id, None)
    # Relative, for below the prefix of a proxy that says nothing of it.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{quote(publication_id)}/{query}", status_code=307)


@map_router.get("/public/{publication_id}/", **ANY_FILE)
def get_public_map(
    request: Request, store: StoreDep, publication_id: str, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the map as it is shown now; of a withdrawn one a page that says so (410)."""
    try:
        sha256 = store.shown(publication_id, None)
    except WithdrawnError:
        return _withdrawn(request, store, publication_id, None)
    answer = bundle_file(store, publication_id, sha256, _INDEX, etag=if_none_match, lasting=False)
    count_view(request.app.state.settings, publication_id, language_of(request.scope))
    return answer


@router.get("/public/{publication_id}/embed.txt", response_class=PlainTextResponse)
def get_public_embed(request: Request, store: StoreDep, publication_id: str) -> str:
    """Return what another site pastes to show the map: with the address under which it is here."""
    sha256 = store.shown(publication_id, None)
    said = store.read(publication_id, sha256, EMBED).decode("utf-8")
    frames = [line for line in said.splitlines() if line.startswith("<iframe ")]
    address = f"{request.base_url}public/{quote(publication_id)}/"
    return "\n".join(line.replace(f'src="{_INDEX}', f'src="{address}') for line in frames) + "\n"


@router.get("/public/{publication_id}/versions", response_class=HTMLResponse)
def get_public_versions(store: StoreDep, publication_id: str, lang: LanguageDep) -> Response:
    """Return a page that leads through all versions, and says what changed."""
    # Heavy: folium, by what a page is made of.
    from api.publish.versions import versions_page  # noqa: PLC0415

    page = versions_page(store, publication_id, lang)
    headers = {
        "content-security-policy": page.policy,
        "cache-control": "no-cache",
        "vary": "accept-language",
    }
    return HTMLResponse(page.html, headers=headers)


@router.get("/public/{publication_id}/{name}", **ANY_FILE)
def get_public_file(
    store: StoreDep, publication_id: str, name: str, if_none_match: IfNoneMatch = None
) -> Response:
    """Return a file of the map as it is shown now."""
    sha256 = store.shown(publication_id, None)
    return bundle_file(store, publication_id, sha256, name, etag=if_none_match, lasting=False)


@router.get("/public/{publication_id}/{sha256}/{name}", **ANY_FILE)
def get_public_version_file(
    request: Request,
    store: StoreDep,
    publication_id: str,
    sha256: str,
    name: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a file of a released bundle; it never changes. A link leads on to what is shown."""
    try:
        shown = store.shown(publication_id, sha256)
    except WithdrawnError:
        return _withdrawn(request, store, publication_id, sha256)
    answer = bundle_file(store, publication_id, shown, name, etag=if_none_match, lasting=True)
    # Of the map and not of the file: a later version may have no file of the name.
    answer.headers["link"] = '<../>; rel="latest-version", <../versions>; rel="version-history"'
    return answer


def _withdrawn(
    request: Request, store: PublicationStore, publication_id: str, sha256: str | None
) -> Response:
    """Return a page for people that the map was withdrawn; programs get the problem.

    Raises
    ------
    WithdrawnError
        What asks takes no page.
    """
    if "text/html" not in request.headers.get("accept", ""):
        raise WithdrawnError(publication_id=publication_id)
    from api.publish.versions import withdrawn_page  # noqa: PLC0415 - as above

    page = withdrawn_page(store, publication_id, sha256, language_of(request.scope))
    headers = {"content-security-policy": "default-src 'none'; img-src data:"}
    return HTMLResponse(page, status_code=410, headers=headers)


def bundle_file(
    store: PublicationStore,
    publication_id: str,
    sha256: str,
    name: str,
    *,
    etag: str | None = None,
    lasting: bool,
) -> Response:
    """Return a file of a bundle under the policy of its manifest.

    ``lasting``: the address names the content, so a browser need not ask again.
    """
    manifest = store.manifest(publication_id, sha256)
    known = manifest["files"].get(name, {}).get("sha256", sha256 if name == MANIFEST else None)
    headers = {
        "etag": f'"{known}"',
        "cache-control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        # Any page may show it in a frame: that is what the snippet is for.
        "content-security-policy": f"{manifest['policy']}; frame-ancestors *",
        "cross-origin-resource-policy": "cross-origin",
    }
    if known is not None and matches(etag, headers["etag"]):
        return Response(status_code=304, headers=headers)
    data = store.read(publication_id, sha256, name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(data, media_type=kind, headers=headers)
