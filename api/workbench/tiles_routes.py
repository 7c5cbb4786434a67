"""Vector tiles of large layers over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Response

from api.data.tiles import start_tiles, tile_bytes, tile_set
from api.web.deps import WorkspaceDep
from maps.workbench.tasks_answers import Task
from maps.workbench.tiles_answers import TileSet

router = APIRouter(prefix="/api/v1/layers", tags=["layers"])

_FOREVER: Final = "public, max-age=31536000, immutable"
_MVT: Final = "application/vnd.mapbox-vector-tile"


@router.get("/{layer_id}/tiles")
def get_tile_set(workspace: WorkspaceDep, layer_id: str) -> TileSet:
    """Say where a layer's tiles are, and whether they have been made."""
    return tile_set(workspace, layer_id)


@router.post("/{layer_id}/tiles", status_code=202)
def post_tile_set(workspace: WorkspaceDep, layer_id: str) -> Task:
    """Cut a layer into tiles: a task."""
    return start_tiles(workspace, layer_id)


def _address(z: int, x: int, y: int) -> tuple[int, int, int]:
    return z, x, y


@router.get(
    "/{layer_id}/versions/{version}/tiles/{z}/{x}/{y}.mvt",
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
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    if gzipped:
        headers["content-encoding"] = "gzip"
    return Response(content, media_type=_MVT, headers=headers)
