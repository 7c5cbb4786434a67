"""Suitability for building over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.expansion.suitability import suitability_report
from api.expansion.suitability_map import start_map
from api.expansion.terrain import query_of_file, query_of_layer
from api.expansion.terrain_routes import OfRaster, SheetForm, ground_sheet
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.site_body import SITE_BODY, sites_of
from api.workspace.suitability_rules import DEFAULT_RULE
from maps.expansion.suitability_answers import SuitabilityReport
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1/suitability", tags=["suitability"])


@router.post("", response_model=SuitabilityReport, openapi_extra=SITE_BODY)
async def post_suitability(
    request: Request,
    workspace: WorkspaceDep,
    lang: LanguageDep,
    raster: OfRaster = None,
    form: SheetForm = "json",
) -> SuitabilityReport | Response:
    """Return grades, exclusions and points of drawn or uploaded sites."""
    source, options = await sites_of(request)

    def answer() -> SuitabilityReport | Response:
        query = query_of_file(workspace, source, options, raster)
        if form == "json":
            return suitability_report(workspace, query)
        return ground_sheet(workspace, "suitability", query, form, lang)

    return await run_in_threadpool(answer)


@router.get("/layers/{layer_id}", response_model=SuitabilityReport)
def get_layer_suitability(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    layer_id: str,
    raster: OfRaster = None,
    form: SheetForm = "json",
) -> SuitabilityReport | Response:
    """Return grades, exclusions and points of the polygons of a layer."""
    query = query_of_layer(workspace, layer_id, raster)
    if form == "json":
        return suitability_report(workspace, query)
    return ground_sheet(workspace, "suitability", query, form, lang)


@router.post("/maps", status_code=202)
def post_suitability_map(
    workspace: WorkspaceDep,
    raster: Annotated[str, Query(description="Raster of heights", examples=["demo_dem_kunming"])],
    rule: Annotated[str, Query(description="Rule set")] = DEFAULT_RULE,
) -> Task:
    """Start a map of suitability over a raster of heights, and return its task."""
    return start_map(workspace, raster, rule)
