"""Land economic density over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import WorkspaceDep
from api.jobs.density import DensityQuery, density_table, list_indicators
from api.schemas import DensityTable, IndicatorList

router = APIRouter(prefix="/api/v1", tags=["density"])


@router.get("/indicators")
def get_indicators(workspace: WorkspaceDep) -> IndicatorList:
    """List indicators with the years and denominators that a density exists for."""
    return list_indicators(workspace)


@router.get("/density")
def get_density(
    workspace: WorkspaceDep,
    indicator: Annotated[str, Query(examples=["trade"])],
    year: Annotated[int, Query(examples=[2020])],
    denominator: Annotated[str, Query(examples=["approved"])],
) -> DensityTable:
    """Return value over area for every comparable planning unit."""
    return density_table(
        workspace, DensityQuery(indicator=indicator, year=year, denominator=denominator)
    )
