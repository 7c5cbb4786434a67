"""Rasters over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.data.fetch_raster import list_recipes, start_fetch
from api.data.rasters import (
    import_raster_file,
    list_rasters,
    new_raster_spec,
    raster_history,
)
from api.errors import RequestError
from api.web.deps import WorkspaceDep
from api.web.uploads import form_text
from layers.model import LayerSpec
from layers.rasters.model import RasterDeclaration
from maps.data.raster_answers import RasterImport, RasterList, RecipeList
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1/rasters", tags=["rasters"])

Value = TypeVar("Value", int, float, date)
_NEEDED: Final = ("id", "kind", "title", "source")
_TEXT: Final = {"type": "string"}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", *_NEEDED],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "GeoTIFF."},
                        "id": {"type": "string", "example": "dem_own"},
                        "kind": {"type": "string", "example": "dem"},
                        "title": _TEXT,
                        "title_en": _TEXT,
                        "source": _TEXT,
                        "status": {"type": "string", "example": "official"},
                        "licence": _TEXT,
                        "data_date": {"type": "string", "format": "date"},
                        "unit": {"type": "string", "example": "m"},
                        "classes": {"type": "string", "example": "clcd"},
                        "crs": {"type": "string", "example": "EPSG:4543"},
                        "nodata": {"type": "number"},
                        "band": {"type": "integer"},
                    },
                }
            }
        },
    }
}


@router.get("")
def get_rasters(workspace: WorkspaceDep) -> RasterList:
    """List the current version of every raster with its styles and legends."""
    return list_rasters(workspace)


@router.post("", status_code=201, openapi_extra=_BODY)
async def post_raster(request: Request, workspace: WorkspaceDep) -> RasterImport:
    """Check a GeoTIFF in a process of its own and store it as a new version, or refuse it.

    It takes no longer than ``FTZGIS_READ_SECONDS``, so there is no task to follow.
    """
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise RequestError(field="file", problem="missing")
        spec, said = _asked(form)
        name = file.filename or ""
        return await run_in_threadpool(import_raster_file, workspace, name, file.file, spec, said)


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


def _asked(form: FormData) -> tuple[LayerSpec, RasterDeclaration]:
    texts = {field: form_text(form, field) or "" for field in _NEEDED}
    for field, text in texts.items():
        if not text:
            raise RequestError(field=field, problem="missing")
    spec = new_raster_spec(
        id=texts["id"],
        kind=texts["kind"],
        title_zh=texts["title"],
        title_en=form_text(form, "title_en") or texts["title"],
        source=texts["source"],
        status=form_text(form, "status") or "official",
        licence=form_text(form, "licence") or "internal",
        data_date=_value(form, "data_date", date.fromisoformat),
    )
    said = RasterDeclaration(
        kind=texts["kind"],
        unit=form_text(form, "unit"),
        classes=form_text(form, "classes"),
        crs=form_text(form, "crs"),
        nodata=_value(form, "nodata", float),
        band=_value(form, "band", int),
    )
    return spec, said


def _value(form: FormData, field: str, kind: Callable[[str], Value]) -> Value | None:
    text = form_text(form, field)
    try:
        return kind(text) if text else None
    except ValueError as exc:
        raise RequestError(field=field, problem="value") from exc
