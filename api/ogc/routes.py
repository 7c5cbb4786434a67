"""Routes of OGC API Features: thin, over the store of the product."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from starlette.background import BackgroundTask
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from api.data.export_forms import EXPORTS
from api.data.operations import export_layer
from api.data.questions import ExportQuestion
from api.ogc import pages
from api.ogc.collections import collections, describe_collection
from api.ogc.download import DownloadAsked, download_name, write_download
from api.ogc.items import find_feature, find_items, plain_rows
from api.ogc.items_question import FeatureAsked, ItemsAsked, property_filters
from api.ogc.landing import conformance, landing
from api.ogc.names import Named, all_named, named
from api.ogc.openapi import openapi_30
from api.ogc.queryables import describe_queryables
from api.ogc.tiles import TilePlace
from api.ogc.visit import Asked, OgcRoute, Spoken, Visit, asked_of, parameters_of, visit_of
from api.web.conditional import matches
from api.web.deps import WorkspaceDep
from api.web.description import file_content
from api.web.door import file_if_long
from api.web.gate import heavy_turn, takes_turns
from api.workbench.routes import get_page
from layers.provenance import digest
from maps.ogc.answers import (
    GEOJSON_TYPE,
    HTML_TYPE,
    OPENAPI_TYPE,
    SCHEMA_TYPE,
    ApiDescription,
    Collection,
    Collections,
    Conformance,
    Feature,
    FeatureCollection,
    Landing,
    OgcAnswer,
    Queryables,
)
from maps.ogc.web_page import Ref
from maps.workbench.tasks_answers import Task

Statuses = dict[int | str, dict[str, Any]]

TAG: Final = "ogc"
_DOWNLOADS: Final = "downloads"
"""Files have turns of their own: who reads a few features does not wait for them."""
_MOST_AT_ONCE: Final = 1_000
"""Features of an answer in one piece. Each piece of a stream is fetched by a thread: beside long
work, ten features would wait more for their turns than they take."""
_ASK_AGAIN: Final = {"cache-control": "no-cache"}
_BAD: Final[Statuses] = {
    400: {"description": "A parameter cannot be used."},
}
LOST: Final[Statuses] = {
    **_BAD,
    404: {"description": "There is no such layer or feature."},
    409: {"description": "No version of the layer counts."},
}

router = APIRouter(tags=[TAG], route_class=OgcRoute)


def _named(workspace: WorkspaceDep, collection_id: str) -> Named:
    return named(workspace, collection_id)


NamedDep = Annotated[Named, Depends(_named)]


async def _visit(request: Request) -> Visit:
    return visit_of(request, asked_of(request, Asked))


VisitDep = Annotated[Visit, Depends(_visit)]
PlaceDep = Annotated[TilePlace, Depends()]


def described(
    kind: type[Spoken], answer: type[OgcAnswer], media_type: str, refusals: Statuses
) -> dict[str, Any]:
    """Return what FastAPI documents of a route that answers JSON or a page."""
    page = {"content": {HTML_TYPE: {"schema": {"type": "string"}}}}
    return {
        "response_model": None,
        # FastAPI names the schema under the media type of this class.
        "response_class": type("Answered", (JSONResponse,), {"media_type": media_type}),
        "responses": {200: {"model": answer, **page}, **refusals},
        "openapi_extra": {"parameters": parameters_of(kind)},
    }


def answer_as(answer: OgcAnswer, media_type: str = "application/json") -> Response:
    """Return an answer as JSON."""
    return JSONResponse(answer.plain(), media_type=media_type)


@router.get("/", **described(Asked, Landing, "application/json", _BAD))
def get_landing(request: Request, workspace: WorkspaceDep) -> Response:
    """Return what the server offers; a browser gets the map."""
    if "f" not in request.query_params:
        # The page reads its own parameters, which are none of ours.
        wish = request.headers.get("accept", "")
        lang = request.query_params.get("lang")
        visit = visit_of(request, Asked())
        if visit.html and wish:
            accounts = request.app.state.accounts
            return get_page(
                workspace, lang if lang in {"zh", "en"} else visit.lang, accounts=accounts
            )
    visit = visit_of(request, asked_of(request, Asked))
    answer = landing(visit)
    return HTMLResponse(pages.landing_page(visit, answer)) if visit.html else answer_as(answer)


@router.get("/conformance", **described(Asked, Conformance, "application/json", _BAD))
def get_conformance(visit: VisitDep) -> Response:
    """Return which parts of the standards are kept."""
    answer = conformance()
    return HTMLResponse(pages.conformance_page(visit, answer)) if visit.html else answer_as(answer)


@router.get("/api", **described(Asked, ApiDescription, OPENAPI_TYPE, _BAD))
def get_api(request: Request, workspace: WorkspaceDep, visit: VisitDep) -> Response:
    """Return the description of these interfaces as OpenAPI 3.0."""
    ids = [] if visit.html else [one.id for one in all_named(workspace)]
    document = openapi_30(request.app, visit.base, ids)
    if visit.html:
        return HTMLResponse(pages.api_page(visit, document))
    return JSONResponse(document, media_type=OPENAPI_TYPE)


@router.get("/collections", **described(Asked, Collections, "application/json", _BAD))
def get_collections(workspace: WorkspaceDep, visit: VisitDep) -> Response:
    """Return all layers at the version in use."""
    answer = collections(workspace, visit)
    return HTMLResponse(pages.collections_page(visit, answer)) if visit.html else answer_as(answer)


@router.get(
    "/collections/{collection_id}",
    **described(Asked, Collection, "application/json", LOST),
)
def get_collection(workspace: WorkspaceDep, visit: VisitDep, asked: NamedDep) -> Response:
    """Return what is said of a layer, at the version in use or at one that is named."""
    answer = describe_collection(workspace, visit, asked)
    return HTMLResponse(pages.collection_page(visit, answer)) if visit.html else answer_as(answer)


@router.get(
    "/collections/{collection_id}/queryables",
    **described(Asked, Queryables, SCHEMA_TYPE, LOST),
)
def get_queryables(workspace: WorkspaceDep, visit: VisitDep, asked: NamedDep) -> Response:
    """Return the properties of a layer that filters may name."""
    answer = describe_queryables(visit, asked, workspace.load(asked.version))
    if visit.html:
        return HTMLResponse(pages.queryables_page(visit, asked, answer))
    return answer_as(answer, SCHEMA_TYPE)


@router.get(
    "/collections/{collection_id}/items",
    dependencies=[takes_turns(TAG)],
    **described(ItemsAsked, FeatureCollection, GEOJSON_TYPE, LOST),
)
def get_items(request: Request, workspace: WorkspaceDep, asked: NamedDep) -> Response:
    """Return features: all that match, or with a limit pages of them that lead on.

    Further parameters are properties of the layer with the value that they must have.
    """
    filters = property_filters(request.query_params)
    question = asked_of(request, ItemsAsked, filters)
    visit = visit_of(request, question)
    tag = _tag(asked, visit.base, visit.path, visit.query, visit.lang)
    if not visit.html and matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"etag": tag, **_ASK_AGAIN})
    items = find_items(workspace, visit, asked, question, filters)
    headers = {"content-crs": f"<{items.uri}>"}
    if visit.html:
        rows = [
            (Ref(text=name, href=visit.href(f"{asked.path}/items/{name}")), *record.values())
            for name, record in zip(items.shown.ids, plain_rows(items), strict=True)
        ]
        head = [visit.word("feature_id"), *items.shown.properties]
        page = pages.items_page(visit, asked, rows, head, items.links)
        return HTMLResponse(page, headers=headers)
    time_stamp = workspace.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    headers |= {"etag": tag, **_ASK_AGAIN}
    text = items.text(time_stamp)
    if len(items.selection.rows) > _MOST_AT_ONCE:
        return StreamingResponse(text, media_type=GEOJSON_TYPE, headers=headers)
    return Response("".join(text), media_type=GEOJSON_TYPE, headers=headers)


@router.get(
    "/collections/{collection_id}/items/{feature_id:path}",
    **described(FeatureAsked, Feature, GEOJSON_TYPE, LOST),
)
def get_feature(
    request: Request, workspace: WorkspaceDep, asked: NamedDep, feature_id: str
) -> Response:
    """Return a feature."""
    question = asked_of(request, FeatureAsked)
    visit = visit_of(request, question)
    feature, uri = find_feature(workspace, visit, asked, feature_id, question)
    headers = {"content-crs": f"<{uri}>"}
    if visit.html:
        rows = list(feature.properties.items())
        page = pages.feature_page(visit, asked, feature.id, rows, feature.links)
        return HTMLResponse(page, headers=headers)
    return JSONResponse(feature.plain(), media_type=GEOJSON_TYPE, headers=headers)


@router.get(
    "/collections/{collection_id}/download",
    response_class=FileResponse,
    responses={
        200: {"content": {kind: file_content(kind) for kind in EXPORTS.values()}},
        202: {"model": Task, "description": "The task that makes it: ask again."},
        **LOST,
    },
    openapi_extra={"parameters": parameters_of(DownloadAsked)},
)
async def get_download(request: Request, workspace: WorkspaceDep, asked: NamedDep) -> Response:
    """Return a whole layer as one file, in a form that other programs read.

    One of a large layer that is not made in ten seconds is a task: ask again.
    """
    form = asked_of(request, DownloadAsked).f
    headers = {"etag": _tag(asked, form), **_ASK_AGAIN}
    if matches(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    question = ExportQuestion(layer_id=asked.version.layer_id, version=asked.version.number)
    later = await file_if_long(request, export_layer, question, form)
    if isinstance(later, FileResponse):
        name = download_name(asked.version, form)
        return _WholeFile(later.path, filename=name, media_type=EXPORTS[form], headers=headers)
    if later is not None:
        return later
    async with heavy_turn(request, _DOWNLOADS):
        written = await run_in_threadpool(write_download, workspace, asked, form)
    return _WholeFile(
        written.path,
        filename=written.name,
        media_type=written.media_type,
        headers=headers,
        background=BackgroundTask(written.remove),
    )


class _WholeFile(FileResponse):
    """A file that was written for this answer alone.

    Another one holds the same features in other bytes: a part of it fits no part of this one,
    so that it is never sent by ranges.
    """

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.headers["accept-ranges"] = "none"
        asked = [pair for pair in scope["headers"] if pair[0] not in {b"range", b"if-range"}]
        await super().__call__({**scope, "headers": asked}, receive, send)


def _tag(asked: Named, *said: object) -> str:
    """Return the weak tag of what follows from a version and from what is said of the answer."""
    text = "\n".join(map(str, (asked.version.sha256, asked.version.number, *said)))
    return f'W/"{digest(text.encode())[:32]}"'
