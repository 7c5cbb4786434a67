"""Tiles of layers and rasters: files that browsers keep for good."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.data.raster_tiles import TileAddress, tile
from api.data.tiles import tile_bytes
from api.web.conditional import matches
from api.web.deps import WorkspaceDep
from api.web.gate import TILES, takes_turns

router = APIRouter(tags=["tiles"])

_FOREVER: Final = "public, max-age=31536000, immutable"
_MVT: Final = "application/vnd.mapbox-vector-tile"
_YEAR_S: Final = 31_536_000


@router.get(
    "/tiles/{raster_id}/{version}/{style}/{z}/{x}/{y}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, 304: {"description": "Still the same"}},
    dependencies=[takes_turns(TILES)],
)
def get_raster_tile(  # noqa: PLR0913, PLR0917 - one argument for each part of the path
    request: Request,
    workspace: WorkspaceDep,
    raster_id: str,
    version: int,
    style: str,
    z: int,
    x: int,
    y: int,
    _colours: Annotated[
        str, Query(alias="v", description="Names the colours, so that a browser asks anew.")
    ] = "",
) -> Response:
    """Return one tile of 256 pixels in the Web Mercator scheme."""
    address = TileAddress(raster_id=raster_id, version=version, style=style, zxy=(z, x, y))
    found = tile(workspace, address)
    scope = "public" if found.public else "private"
    headers = {
        "etag": f'"{found.tag}"',
        "cache-control": f"{scope}, max-age={_YEAR_S}, immutable",
    }
    if matches(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type="image/png", headers=headers)


def _address(z: int, x: int, y: int) -> tuple[int, int, int]:
    return z, x, y


@router.get(
    "/api/v1/layers/{layer_id}/versions/{version}/tiles/{z}/{x}/{y}.mvt",
    responses={200: {"content": {_MVT: {}}}},
)
def get_tile(
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
