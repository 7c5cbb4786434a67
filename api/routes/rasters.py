"""Rasters over HTTP."""

from fastapi import APIRouter

from api.answers_rasters import RasterList
from api.deps import WorkspaceDep
from api.jobs.rasters import list_rasters, raster_history

router = APIRouter(prefix="/api/v1/rasters", tags=["rasters"])


@router.get("")
def get_rasters(workspace: WorkspaceDep) -> RasterList:
    """List the current version of every raster with its styles and legends."""
    return list_rasters(workspace)


@router.get("/{raster_id}/versions")
def get_raster_versions(workspace: WorkspaceDep, raster_id: str) -> RasterList:
    """List all versions of a raster, newest first."""
    return raster_history(workspace, raster_id)
