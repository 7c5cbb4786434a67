"""The catalogue over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.data.browse_layers import Window, features_of, layer_history, list_layers, parse_bounds
from api.web.deps import WorkspaceDep
from maps.data.answers import LayerList

router = APIRouter(prefix="/api/v1/layers", tags=["layers"])


@router.get("")
def get_layers(workspace: WorkspaceDep) -> LayerList:
    """List the current version of every layer with its status."""
    return list_layers(workspace)


@router.get("/{layer_id}/versions")
def get_versions(workspace: WorkspaceDep, layer_id: str) -> LayerList:
    """List all versions of a layer, newest first."""
    return layer_history(workspace, layer_id)


@router.get("/{layer_id}/features")
def get_features(
    workspace: WorkspaceDep,
    layer_id: str,
    bbox: Annotated[
        str | None,
        Query(description="west,south,east,north in degrees", examples=["102,24,103,25"]),
    ] = None,
    limit: Annotated[int | None, Query(description="Most features to answer with")] = None,
) -> JSONResponse:
    """Return a layer's features as GeoJSON in lon/lat (EPSG:4490)."""
    most = workspace.settings.max_features
    window = Window(bounds_lonlat=parse_bounds(bbox), limit=most if limit is None else limit)
    return JSONResponse(features_of(workspace, layer_id, window), media_type="application/geo+json")
