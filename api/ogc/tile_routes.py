"""Routes of OGC API Tiles and of the styles that draw them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from api.ogc.routes import LOST, TAG, NamedDep, PlaceDep, VisitDep, answer_as, described
from api.ogc.tiles import (
    TileSetAsked,
    cut_tile,
    describe_matrix_set,
    describe_tile_set,
    matrix_set_title,
    tile_json,
    tile_matrix_set,
)
from api.ogc.visit import Asked, OgcRoute, Spoken, asked_of, parameters_of, visit_of
from api.web.conditional import matches
from api.web.deps import WorkspaceDep
from api.web.description import BYTES
from api.web.gate import TILES, takes_turns
from geo.measure.crs_uri import epsg_uri
from geo.measure.tile_matrix import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD
from maps.ogc.map_style import style_layers
from maps.ogc.tiles_answers import (
    MapStyle,
    TileMatrixSetItem,
    TileMatrixSetOut,
    TileMatrixSets,
    TileSetOut,
    TileSets,
)
from maps.ogc.vector_tile import MEDIA_TYPE

router = APIRouter(tags=[TAG], route_class=OgcRoute)

_JSON: Final = "application/json"
_FOREVER: Final = "public, max-age=31536000, immutable"


@router.get("/tileMatrixSets", **described(Asked, TileMatrixSets, _JSON, LOST))
def get_matrix_sets(visit: VisitDep) -> Response:
    """Return in which ways the world is cut into tiles."""
    found = [
        TileMatrixSetItem(
            id=one.id,
            title=matrix_set_title(one, visit.lang),
            crs=epsg_uri(one.epsg),
            links=[visit.link("self", f"/tileMatrixSets/{one.id}", title="tile_matrix_set")],
        )
        for one in TILE_MATRIX_SETS.values()
    ]
    return answer_as(TileMatrixSets(tile_matrix_sets=found))


@router.get("/tileMatrixSets/{set_id}", **described(Asked, TileMatrixSetOut, _JSON, LOST))
def get_matrix_set(visit: VisitDep, set_id: str) -> Response:
    """Return a way of cutting the world into tiles."""
    return answer_as(describe_matrix_set(tile_matrix_set(set_id), visit.lang))


@router.get("/collections/{collection_id}/tiles", **described(Asked, TileSets, _JSON, LOST))
def get_tile_sets(workspace: WorkspaceDep, visit: VisitDep, asked: NamedDep) -> Response:
    """Return the tile sets of a layer."""
    found = [describe_tile_set(workspace, visit, asked, one) for one in TILE_MATRIX_SETS.values()]
    return answer_as(TileSets(tilesets=found, links=visit.own_links()[:1]))


@router.get(
    "/collections/{collection_id}/tiles/{set_id}",
    **described(TileSetAsked, TileSetOut, _JSON, LOST),
)
def get_tile_set(
    request: Request, workspace: WorkspaceDep, asked: NamedDep, set_id: str
) -> Response:
    """Return which tiles of a layer there are, or the same as TileJSON."""
    form = asked_of(request, TileSetAsked)
    visit = visit_of(request, Asked(lang=form.lang, f="json"))
    one = tile_matrix_set(set_id)
    if form.f == "tilejson":
        return answer_as(tile_json(workspace, visit, asked, one))
    return answer_as(describe_tile_set(workspace, visit, asked, one))


@router.get(
    "/collections/{collection_id}/tiles/{set_id}/{level}/{row}/{column}",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: BYTES}},
        204: {"description": "Nothing is there."},
        304: {"description": "Still the same."},
        **LOST,
    },
    openapi_extra={"parameters": parameters_of(Spoken)},
    dependencies=[takes_turns(TILES)],
)
def get_tile(
    request: Request,
    workspace: WorkspaceDep,
    asked: NamedDep,
    place: PlaceDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a vector tile with all properties."""
    asked_of(request, Spoken)
    version = asked.version
    tag = f'"{version.sha256[:16]}-{place.tag}"'
    headers = {"etag": tag, "cache-control": _FOREVER if asked.pinned else "no-cache"}
    matrix_set = tile_matrix_set(place.set_id)
    found = cut_tile(workspace, version, matrix_set, place.level_row_column)
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    if not found:
        return Response(status_code=204, headers=headers)
    return Response(found, media_type=MEDIA_TYPE, headers=headers)


@router.get(
    "/collections/{collection_id}/styles/maplibre", **described(Asked, MapStyle, _JSON, LOST)
)
def get_style(visit: VisitDep, asked: NamedDep) -> Response:
    """Return how MapLibre draws a layer as the page does."""
    version = asked.version
    path = f"{asked.path}/tiles/{WEB_MERCATOR_QUAD.id}"
    source: dict[str, Any] = {"type": "vector", "url": visit.href(path, [("f", "tilejson")])}
    style = MapStyle(
        name=version.spec.title_zh if visit.lang == "zh" else version.spec.title_en,
        sources={version.layer_id: source},
        layers=style_layers(version.spec.kind, version.layer_id, version.layer_id),
    )
    return JSONResponse(style.plain())
