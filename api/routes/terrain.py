"""The ground of sites over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from api.answers_terrain import TerrainReport
from api.deps import WorkspaceDep
from api.jobs.terrain import query_of_file, query_of_layer, terrain_report
from api.jobs.workspace import Workspace
from api.site_body import SITE_BODY, sites_of
from layers.model import ReadOptions
from layers.readers import Source

router = APIRouter(prefix="/api/v1/terrain", tags=["terrain"])

OfRaster = Annotated[
    str | None, Query(description="Raster of heights; without, the one in use at each site.")
]


@router.post("", openapi_extra=SITE_BODY)
async def post_terrain(
    request: Request, workspace: WorkspaceDep, raster: OfRaster = None
) -> TerrainReport:
    """Return heights, slopes and land cover of drawn or uploaded sites."""
    source, options = await sites_of(request)
    return await run_in_threadpool(_of_sites, workspace, source, options, raster)


@router.get("/layers/{layer_id}")
def get_layer_terrain(
    workspace: WorkspaceDep, layer_id: str, raster: OfRaster = None
) -> TerrainReport:
    """Return heights, slopes and land cover of the polygons of a layer."""
    return terrain_report(workspace, query_of_layer(workspace, layer_id, raster))


def _of_sites(
    workspace: Workspace, source: Source, options: ReadOptions, raster_id: str | None
) -> TerrainReport:
    return terrain_report(workspace, query_of_file(workspace, source, options, raster_id))
