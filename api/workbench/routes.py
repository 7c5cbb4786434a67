"""What stands where, over HTTP: names and coordinates, features at a point, measures."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.check.history import MOST_LISTED, list_checks
from api.data.compare_layers import compare_versions
from api.web.deps import WorkspaceDep
from api.workbench.find_places import find_places
from api.workbench.identify import MOST_POINTS, Spot, identify, measure
from maps.workbench.answers import CheckList, Identified, LayerComparison, Measured, PlaceList

router = APIRouter(prefix="/api/v1", tags=["look"])


class MeasureBody(BaseModel):
    """A line, or a ring whose last point is not repeated, in lon/lat."""

    model_config = ConfigDict(extra="forbid")
    points: list[tuple[float, float]] = Field(
        max_length=MOST_POINTS, examples=[[[102.8, 24.9], [102.9, 24.9], [102.9, 25.0]]]
    )
    closed: bool = False


@router.get("/places")
def get_places(
    workspace: WorkspaceDep,
    q: Annotated[str, Query(description="A name or coordinates", examples=["昆明"])],
) -> PlaceList:
    """Find places by name, lon/lat, degrees-minutes-seconds or Gauss-Krueger metres."""
    return find_places(workspace, q)


@router.get("/identify")
def get_identify(
    workspace: WorkspaceDep,
    lon: Annotated[float, Query(examples=[102.8])],
    lat: Annotated[float, Query(examples=[24.95])],
    tolerance_m: Annotated[float, Query(description="Reach to lines and points.")] = 0.0,
    layers: Annotated[str | None, Query(description="Ids separated by commas.")] = None,
) -> Identified:
    """Return the features at a position, and which layers say nothing there."""
    spot = Spot(lon_deg=lon, lat_deg=lat, tolerance_m=tolerance_m)
    wanted = None if layers is None else [one for one in layers.split(",") if one]
    return identify(workspace, spot, wanted)


@router.post("/measure")
def post_measure(body: MeasureBody) -> Measured:
    """Measure a line or a ring on the CGCS2000 ellipsoid."""
    return measure(body.points, closed=body.closed)


@router.get("/layers/{layer_id}/diff")
def get_diff(
    workspace: WorkspaceDep,
    layer_id: str,
    from_version: Annotated[int, Query(alias="from", examples=[1])],
    to_version: Annotated[int, Query(alias="to", examples=[2])],
) -> LayerComparison:
    """Return what changed between two versions of a layer."""
    return compare_versions(workspace, layer_id, from_version, to_version)


@router.get("/checks")
def get_checks(
    workspace: WorkspaceDep, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = MOST_LISTED
) -> CheckList:
    """List past checks, newest first."""
    return list_checks(workspace, limit)
