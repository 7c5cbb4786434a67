"""Routes of map tiles, of the service that lists them (WMTS), and of styles."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from api.data.presentation import dimensions_of
from api.data.raster_tiles import TileAddress, tile
from api.ogc.map_tiles import draw_map_tile
from api.ogc.routes import LOST, TAG, NamedDep, PlaceDep, VisitDep, answer_as, described
from api.ogc.tiles import describe_map_tile_set, tile_matrix_set
from api.ogc.visit import Asked, OgcRoute, Spoken, asked_of, parameters_of, visit_of
from api.ogc.wmts import CAPABILITIES, wmts_capabilities
from api.web.conditional import matches
from api.web.deps import WorkspaceDep
from api.web.description import BYTES, TEXT
from api.web.gate import TILES, takes_turns
from geo.measure.tile_matrix import TILE_MATRIX_SETS
from maps.ogc.answers import JSON_TYPE as JSON
from maps.ogc.tiles_answers import TileSetOut, TileSets
from maps.ogc.wmts import MEDIA_TYPE as XML
from maps.ogc.wmts import PICTURE
from maps.style.qml import MEDIA_TYPE as QML
from maps.style.qml import qml
from maps.style.sld import MEDIA_TYPE as SLD
from maps.style.sld import sld
from maps.style.styles import looks_digest

router = APIRouter(tags=[TAG], route_class=OgcRoute)

_TILE: Final[dict[str, Any]] = {
    "response_class": Response,
    "responses": {
        200: {"content": {PICTURE: BYTES}},
        304: {"description": "Still the same."},
        **LOST,
    },
    "openapi_extra": {"parameters": parameters_of(Spoken)},
    "dependencies": [takes_turns(TILES)],
}


class CapabilitiesAsked(Spoken):
    """What clients write behind the address of capabilities, in any case of letters."""

    # Two words that differ in case alone are no enumeration that a generated client can hold.
    service: Annotated[str, Field(pattern="^(WMTS|wmts)$")] = "WMTS"
    request: Annotated[str, Field(pattern="^[Gg]et[Cc]apabilities$")] = "GetCapabilities"
    version: Literal["1.0.0"] = "1.0.0"
    acceptversions: str = "1.0.0"


@router.get(
    CAPABILITIES,
    response_class=Response,
    responses={200: {"content": {XML: TEXT}}, **LOST},
    openapi_extra={"parameters": parameters_of(CapabilitiesAsked)},
)
def get_capabilities(request: Request, workspace: WorkspaceDep) -> Response:
    """Return the capabilities of the Web Map Tile Service 1.0.0."""
    said = asked_of(request, CapabilitiesAsked, any_case=True)
    visit = visit_of(request, Asked(lang=said.lang, f="json"))
    return Response(wmts_capabilities(workspace, visit), media_type=XML)


@router.get("/collections/{collection_id}/map/tiles", **described(Asked, TileSets, JSON, LOST))
def get_map_tile_sets(workspace: WorkspaceDep, visit: VisitDep, asked: NamedDep) -> Response:
    """Return in which ways pictures of a layer are cut."""
    found = [
        describe_map_tile_set(workspace, visit, asked, one) for one in TILE_MATRIX_SETS.values()
    ]
    return answer_as(TileSets(tilesets=found, links=visit.own_links()))


@router.get(
    "/collections/{collection_id}/map/tiles/{set_id}", **described(Asked, TileSetOut, JSON, LOST)
)
def get_map_tile_set(
    workspace: WorkspaceDep, visit: VisitDep, asked: NamedDep, set_id: str
) -> Response:
    """Return which pictures of a layer there are."""
    return answer_as(describe_map_tile_set(workspace, visit, asked, tile_matrix_set(set_id)))


@router.get("/collections/{collection_id}/map/tiles/{set_id}/{level}/{row}/{column}", **_TILE)
def get_map_tile(
    request: Request,
    workspace: WorkspaceDep,
    asked: NamedDep,
    place: PlaceDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a picture of a layer as the page draws it."""
    asked_of(request, Spoken)
    version = asked.version
    tag = f'"{version.sha256[:16]}-{looks_digest()}-{place.tag}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    one = tile_matrix_set(place.set_id)
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    found = draw_map_tile(workspace, version, one, place.level_row_column)
    return Response(found, media_type=PICTURE, headers=headers)


@router.get("/rasters/{raster_id}/{style}/map/tiles/{set_id}/{level}/{row}/{column}", **_TILE)
def get_raster_map_tile(
    request: Request,
    workspace: WorkspaceDep,
    raster_id: str,
    style: str,
    place: PlaceDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a picture of a raster in use, in one of its styles."""
    asked_of(request, Spoken)
    tile_matrix_set(place.set_id)
    version = workspace.rasters.get(raster_id, None)
    address = TileAddress(
        raster_id=raster_id,
        version=version.number,
        style=style,
        zxy=(place.level, place.column, place.row),
        set_id=place.set_id,
    )
    found = tile(workspace, address)
    headers = {"etag": f'"{found.tag}"', "cache-control": "no-cache"}
    if matches(if_none_match, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=PICTURE, headers=headers)


@router.get(
    "/collections/{collection_id}/styles/qml",
    response_class=Response,
    responses={200: {"content": {QML: TEXT}}, **LOST},
    openapi_extra={"parameters": parameters_of(Spoken)},
)
def get_qml(request: Request, asked: NamedDep) -> Response:
    """Return how QGIS draws a layer as the page does."""
    asked_of(request, Spoken)
    spec = asked.version.spec
    text = qml(spec.kind, dimensions_of(asked.version)[0])
    name = f'attachment; filename="{spec.id}.qml"'
    return Response(text, media_type=QML, headers={"content-disposition": name})


@router.get(
    "/collections/{collection_id}/styles/sld",
    response_class=Response,
    responses={200: {"content": {SLD: TEXT}}, **LOST},
    openapi_extra={"parameters": parameters_of(Spoken)},
)
def get_sld(request: Request, asked: NamedDep) -> Response:
    """Return how servers of other makers draw a layer as the page does."""
    asked_of(request, Spoken)
    spec = asked.version.spec
    return Response(sld(spec.id, spec.kind, dimensions_of(asked.version)), media_type=SLD)
