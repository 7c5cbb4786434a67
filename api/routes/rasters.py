"""Rasters over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.answers_rasters import RasterList, RecipeList
from api.answers_tasks import Task
from api.deps import WorkspaceDep
from api.jobs.fetch_raster import list_recipes, start_fetch
from api.jobs.rasters import list_rasters, raster_history

router = APIRouter(prefix="/api/v1/rasters", tags=["rasters"])


@router.get("")
def get_rasters(workspace: WorkspaceDep) -> RasterList:
    """List the current version of every raster with its styles and legends."""
    return list_rasters(workspace)


@router.get("/recipes")
def get_recipes() -> RecipeList:
    """List open rasters that can be fetched where the network is allowed."""
    return list_recipes()


@router.post("/recipes/{recipe_id}", status_code=202)
def post_fetch(
    workspace: WorkspaceDep,
    recipe_id: str,
    bbox: Annotated[str, Query(description="west,south,east,north in degrees")],
) -> Task:
    """Start to fetch a window of an open raster, and return the task."""
    return start_fetch(workspace, recipe_id, bbox)


@router.get("/{raster_id}/versions")
def get_raster_versions(workspace: WorkspaceDep, raster_id: str) -> RasterList:
    """List all versions of a raster, newest first."""
    return raster_history(workspace, raster_id)
