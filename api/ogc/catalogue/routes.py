"""Routes of the catalogue: STAC API and OGC API Records in one, and DCAT."""

from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.errors import UnknownPathError
from api.ogc.catalogue import pages
from api.ogc.catalogue.dcat import dcat
from api.ogc.catalogue.entries import COLLECTIONS, shelf
from api.ogc.catalogue.question import RecordsAsked, SearchAsked, SearchBody
from api.ogc.catalogue.stac import (
    CONFORMS_TO,
    ROOT,
    catalog,
    collections,
    describe_collection,
    find_item,
    find_items,
    search,
)
from api.ogc.routes import LOST, TAG, VisitDep, described
from api.ogc.visit import Asked, OgcRoute, Spoken, asked_of, visit_of
from api.web.deps import WorkspaceDep
from maps.ogc.answers import GEOJSON_TYPE
from maps.ogc.catalogue_answers import (
    JSONLD_TYPE,
    JsonLd,
    StacAnswer,
    StacCatalog,
    StacCollection,
    StacCollections,
    StacConformance,
    StacItem,
    StacItems,
)

router = APIRouter(prefix=ROOT, tags=[TAG], route_class=OgcRoute)

_JSON: Final = "application/json"


class DcatAsked(Spoken):
    """What DCAT may be asked: its words stand in it in all languages."""

    f: Literal["jsonld"] | None = None


def _collection(request: Request, collection: str) -> str:
    if collection not in COLLECTIONS:
        raise UnknownPathError(path=request.url.path)
    return collection


CollectionDep = Annotated[str, Depends(_collection)]


def _answer(answer: StacAnswer, media_type: str = _JSON) -> Response:
    return JSONResponse(answer.plain(), media_type=media_type)


@router.get("", **described(Asked, StacCatalog, _JSON, LOST))
def get_catalogue(visit: VisitDep) -> Response:
    """Return the root of the catalogue."""
    answer = catalog(visit)
    return HTMLResponse(pages.catalog_page(visit, answer)) if visit.html else _answer(answer)


@router.get("/conformance", **described(Asked, StacConformance, _JSON, LOST))
def get_catalogue_conformance(visit: VisitDep) -> Response:
    """Return which parts of the standards the catalogue keeps."""
    answer = StacConformance(conforms_to=list(CONFORMS_TO))
    return HTMLResponse(pages.conformance_page(visit, answer)) if visit.html else _answer(answer)


@router.get("/collections", **described(Asked, StacCollections, _JSON, LOST))
def get_catalogue_collections(workspace: WorkspaceDep, visit: VisitDep) -> Response:
    """Return the sorts of things that have versions, and how many there are of each."""
    answer = collections(workspace, visit)
    if visit.html:
        return HTMLResponse(pages.collections_page(visit, answer))
    return _answer(answer)


@router.get("/collections/{collection}", **described(Asked, StacCollection, _JSON, LOST))
def get_catalogue_collection(
    workspace: WorkspaceDep, visit: VisitDep, collection: CollectionDep
) -> Response:
    """Return what is said of a sort."""
    answer = describe_collection(visit, collection, shelf(workspace, collection))
    if visit.html:
        return HTMLResponse(pages.collection_page(visit, answer))
    return _answer(answer)


@router.get(
    "/collections/{collection}/items", **described(RecordsAsked, StacItems, GEOJSON_TYPE, LOST)
)
def get_catalogue_items(
    request: Request, workspace: WorkspaceDep, collection: CollectionDep
) -> Response:
    """Return what there is of a sort, each at the version in use: all that match."""
    asked = asked_of(request, RecordsAsked)
    visit = visit_of(request, asked)
    answer = find_items(workspace, visit, [collection], asked)
    if visit.html:
        return HTMLResponse(pages.items_page(visit, answer, collection))
    return _answer(answer, GEOJSON_TYPE)


@router.get(
    "/collections/{collection}/items/{item_id}", **described(Asked, StacItem, GEOJSON_TYPE, LOST)
)
def get_catalogue_item(
    workspace: WorkspaceDep, visit: VisitDep, collection: CollectionDep, item_id: str
) -> Response:
    """Return a version, or by a name without a number the one in use."""
    answer = find_item(workspace, visit, collection, item_id)
    if visit.html:
        return HTMLResponse(pages.item_page(visit, answer))
    return _answer(answer, GEOJSON_TYPE)


@router.get("/search", **described(SearchAsked, StacItems, GEOJSON_TYPE, LOST))
def get_catalogue_search(request: Request, workspace: WorkspaceDep) -> Response:
    """Return what matches in all collections."""
    asked = asked_of(request, SearchAsked)
    visit = visit_of(request, asked)
    answer = search(workspace, visit, asked)
    if visit.html:
        return HTMLResponse(pages.items_page(visit, answer, None))
    return _answer(answer, GEOJSON_TYPE)


@router.post(
    "/search",
    response_model=None,
    responses={200: {"model": StacItems, "content": {GEOJSON_TYPE: {}}}, **LOST},
)
def post_catalogue_search(request: Request, workspace: WorkspaceDep, body: SearchBody) -> Response:
    """Return the same for a question as JSON, as clients of STAC ask; pages lead on by GET."""
    asked_of(request, Spoken)
    said = body.query()
    asked = SearchAsked.model_validate(said)
    visit = replace(visit_of(request, asked), query=tuple(said.items()), html=False)
    return _answer(search(workspace, visit, asked), GEOJSON_TYPE)


@router.get(
    "/dcat",
    **{
        **described(DcatAsked, JsonLd, JSONLD_TYPE, LOST),
        "responses": {200: {"model": JsonLd}, **LOST},
    },
)
def get_dcat(request: Request, workspace: WorkspaceDep) -> Response:
    """Return everything that is public as DCAT in JSON-LD, for portals of open data."""
    asked_of(request, DcatAsked)
    return _answer(dcat(workspace, visit_of(request, Asked())), JSONLD_TYPE)
