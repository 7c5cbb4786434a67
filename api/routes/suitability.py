"""Suitability for building over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from api.answers_suitability import SuitabilityReport
from api.answers_tasks import Task
from api.deps import WorkspaceDep
from api.jobs.suitability import suitability_report
from api.jobs.suitability_map import start_map
from api.jobs.terrain import DEFAULT_RULE, query_of_file, query_of_layer
from api.jobs.workspace import Workspace
from api.routes.terrain import OfRaster
from api.site_body import SITE_BODY, sites_of
from layers.model import ReadOptions
from layers.readers import Source

router = APIRouter(prefix="/api/v1/suitability", tags=["suitability"])


@router.post("", openapi_extra=SITE_BODY)
async def post_suitability(
    request: Request, workspace: WorkspaceDep, raster: OfRaster = None
) -> SuitabilityReport:
    """Return grades, exclusions and points of drawn or uploaded sites."""
    source, options = await sites_of(request)
    return await run_in_threadpool(_of_sites, workspace, source, options, raster)


@router.get("/layers/{layer_id}")
def get_layer_suitability(
    workspace: WorkspaceDep, layer_id: str, raster: OfRaster = None
) -> SuitabilityReport:
    """Return grades, exclusions and points of the polygons of a layer."""
    return suitability_report(workspace, query_of_layer(workspace, layer_id, raster))


@router.post("/maps", status_code=202)
def post_suitability_map(
    workspace: WorkspaceDep,
    raster: Annotated[str, Query(description="Raster of heights", examples=["demo_dem_kunming"])],
    rule: Annotated[str, Query(description="Rule set")] = DEFAULT_RULE,
) -> Task:
    """Start a map of suitability over a raster of heights, and return its task."""
    return start_map(workspace, raster, rule)


def _of_sites(
    workspace: Workspace, source: Source, options: ReadOptions, raster_id: str | None
) -> SuitabilityReport:
    return suitability_report(workspace, query_of_file(workspace, source, options, raster_id))
