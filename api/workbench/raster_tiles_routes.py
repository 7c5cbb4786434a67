"""Tiles of rasters: PNG for web maps, kept by browsers for good."""

from fastapi import APIRouter, Request, Response

from api.data.raster_tiles import TileAddress, tile
from api.web.deps import WorkspaceDep

router = APIRouter(prefix="/tiles", tags=["tiles"])

_YEAR_S = 31_536_000


@router.get(
    "/{raster_id}/{version}/{style}/{z}/{x}/{y}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, 304: {"description": "Still the same"}},
)
def get_tile(  # noqa: PLR0913, PLR0917 - one argument for each part of the path
    request: Request,
    workspace: WorkspaceDep,
    raster_id: str,
    version: int,
    style: str,
    z: int,
    x: int,
    y: int,
) -> Response:
    """Return one tile of 256 pixels in the Web Mercator scheme."""
    address = TileAddress(raster_id=raster_id, version=version, style=style, zxy=(z, x, y))
    found = tile(workspace, address)
    scope = "public" if found.public else "private"
    headers = {
        "etag": f'"{found.tag}"',
        "cache-control": f"{scope}, max-age={_YEAR_S}, immutable",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type="image/png", headers=headers)
