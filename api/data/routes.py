"""Tiles of layers and rasters: files that browsers keep for good."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse

from api.data.raster_file import require_range, visible_raster
from api.data.raster_tiles import TileAddress, tile
from api.data.tiles import tile_bytes
from api.errors import RangeError
from api.web.conditional import matches
from api.web.deps import WorkspaceDep
from api.web.description import BYTES
from api.web.errors import problem
from api.web.gate import TILES, takes_turns
from api.web.language import language_of
from maps.ogc.catalogue_answers import COG_TYPE

router = APIRouter(tags=["tiles"])

_FOREVER: Final = "public, max-age=31536000, immutable"
_MVT: Final = "application/vnd.mapbox-vector-tile"
_YEAR_S: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a tile lies in the Web Mercator scheme, as its path says."""

    z: int
    x: int
    y: int


@router.get(
    "/tiles/{raster_id}/{version}/{style}/{z}/{x}/{y}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": BYTES}}, 304: {"description": "Still the same"}},
    dependencies=[takes_turns(TILES)],
)
def get_raster_tile(
    request: Request,
    workspace: WorkspaceDep,
    raster_id: str,
    version: int,
    style: str,
    place: Annotated[_Place, Depends()],
    _colours: Annotated[
        str, Query(alias="v", description="Names the colours, so that a browser asks anew.")
    ] = "",
) -> Response:
    """Return one tile of 256 pixels in the Web Mercator scheme."""
    address = TileAddress(
        raster_id=raster_id, version=version, style=style, zxy=(place.z, place.x, place.y)
    )
    found = tile(workspace, address)
    scope = "public" if found.public else "private"
    headers = {
        "etag": f'"{found.tag}"',
        "cache-control": f"{scope}, max-age={_YEAR_S}, immutable",
    }
    if matches(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type="image/png", headers=headers)


@router.get(
    "/rasters/{raster_id}@{version}.tif",
    response_class=FileResponse,
    responses={
        200: {"content": {COG_TYPE: BYTES}},
        206: {"description": "The bytes that the header Range asks for."},
        304: {"description": "Still the same."},
        416: {"description": "The file is shorter."},
    },
)
def get_raster_file(
    request: Request,
    workspace: WorkspaceDep,
    raster_id: str,
    version: int,
    if_none_match: Annotated[str | None, Header()] = None,
    asked_range: Annotated[str | None, Header(alias="range")] = None,
) -> Response:
    """Return a raster as a cloud-optimised GeoTIFF, whole or by ranges of bytes."""
    found = visible_raster(workspace, raster_id, version)
    tag = f'"{found.sha256}"'
    headers = {"etag": tag, "cache-control": "private, max-age=31536000, immutable"}
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    path = workspace.rasters.sound_path(found)
    size_bytes = path.stat().st_size
    try:
        require_range(asked_range, size_bytes)
    except RangeError as error:
        refusal = problem(error, language_of(request.scope))
        refusal.headers["content-range"] = f"bytes */{size_bytes}"
        return refusal
    name = f"{raster_id}_v{version}.tif"
    return FileResponse(path, media_type=COG_TYPE, headers=headers, filename=name)


def _address(z: int, x: int, y: int) -> tuple[int, int, int]:
    return z, x, y


@router.get(
    "/api/v1/layers/{layer_id}/versions/{version}/tiles/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {_MVT: BYTES}}},
)
def get_layer_tile(
    workspace: WorkspaceDep,
    layer_id: str,
    version: int,
    address: Annotated[tuple[int, int, int], Depends(_address)],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a tile of a version; empty where there is nothing."""
    tag = '"' + "-".join(map(str, (layer_id, version, *address))) + '"'
    content, gzipped = tile_bytes(workspace, layer_id, version, address)
    headers = {"etag": tag, "cache-control": _FOREVER}
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    if gzipped:
        headers["content-encoding"] = "gzip"
    return Response(content, media_type=_MVT, headers=headers)
