"""The ground of sites over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.expansion.ground_report import build_ground
from api.expansion.terrain import TerrainQuery, query_of_file, query_of_layer, terrain_report
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.site_body import SITE_BODY, sites_of
from api.workspace.workspace import Workspace
from maps.expansion.ground_answers import TerrainReport

router = APIRouter(prefix="/api/v1/terrain", tags=["terrain"])

OfRaster = Annotated[
    str | None, Query(description="Raster of heights; without, the one in use at each site.")
]
SheetForm = Annotated[
    str, Query(alias="format", description="json, or a sheet with maps: pdf, docx, html.")
]
SHEET_MEDIA: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


@router.post("", response_model=TerrainReport, openapi_extra=SITE_BODY)
async def post_terrain(
    request: Request,
    workspace: WorkspaceDep,
    lang: LanguageDep,
    raster: OfRaster = None,
    form: SheetForm = "json",
) -> TerrainReport | Response:
    """Return heights, slopes and land cover of drawn or uploaded sites."""
    source, options = await sites_of(request)

    def answer() -> TerrainReport | Response:
        query = query_of_file(workspace, source, options, raster)
        if form == "json":
            return terrain_report(workspace, query)
        return ground_sheet(workspace, "terrain", query, form, lang)

    return await run_in_threadpool(answer)


@router.get("/layers/{layer_id}", response_model=TerrainReport)
def get_layer_terrain(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    layer_id: str,
    raster: OfRaster = None,
    form: SheetForm = "json",
) -> TerrainReport | Response:
    """Return heights, slopes and land cover of the polygons of a layer."""
    query = query_of_layer(workspace, layer_id, raster)
    if form == "json":
        return terrain_report(workspace, query)
    return ground_sheet(workspace, "terrain", query, form, lang)


def ground_sheet(
    workspace: Workspace, subject: str, query: TerrainQuery, form: str, lang: str
) -> Response:
    """Return a sheet on the ground of sites as a download."""
    data = build_ground(workspace, subject, query, form, lang)
    name = f'attachment; filename="{subject}.{form}"'
    return Response(data, media_type=SHEET_MEDIA[form], headers={"content-disposition": name})
