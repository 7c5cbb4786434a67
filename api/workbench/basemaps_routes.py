"""Configured base maps over HTTP."""

from fastapi import APIRouter, Response

from api.web.deps import WorkspaceDep
from api.workbench.basemaps import basemap_tile, list_basemaps
from maps.workbench.basemaps_answers import BasemapList

router = APIRouter(tags=["basemaps"])


@router.get("/api/v1/basemaps")
def get_basemaps(workspace: WorkspaceDep) -> BasemapList:
    """List the configured base maps; none unless an office configures them."""
    return list_basemaps(workspace)


@router.get("/basemap/{basemap_id}/{z}/{x}/{y}", responses={200: {"content": {"image/png": {}}}})
def get_basemap_tile(workspace: WorkspaceDep, basemap_id: str, z: int, x: int, y: int) -> Response:
    """Return a tile of a configured base map, fetched once and kept on disk."""
    content, media_type = basemap_tile(workspace, basemap_id, (z, x, y))
    headers = {"cache-control": "public, max-age=604800"}
    return Response(content, media_type=media_type, headers=headers)
