"""Land economic density over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.density.files import DENSITY_FILES, UNIT_FILES
from api.density.land import DensityQuery, density_table, density_years, list_indicators
from api.density.unit_sheet import unit_sheet
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from maps.density.answers import DensityTable, IndicatorList
from maps.density.density_answers import DensityYears, UnitSheet

router = APIRouter(prefix="/api/v1", tags=["density"])


@router.get("/indicators")
def get_indicators(workspace: WorkspaceDep) -> IndicatorList:
    """List indicators with the years and denominators that a density exists for."""
    return list_indicators(workspace)


@router.get("/density", response_model=DensityTable)
def get_density(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    indicator: Annotated[str, Query(examples=["trade"])],
    year: Annotated[int, Query(examples=[2020])],
    denominator: Annotated[str, Query(examples=["approved"])],
    form: Form = "json",
) -> DensityTable | Response:
    """Return value over area for every comparable planning unit."""
    query = DensityQuery(indicator=indicator, year=year, denominator=denominator)
    table = density_table(workspace, query)
    return table if form == "json" else download(DENSITY_FILES, table, form, lang)


@router.get("/density/years")
def get_density_years(
    workspace: WorkspaceDep,
    indicator: Annotated[str, Query(examples=["trade"])],
    denominator: Annotated[str, Query(examples=["approved"])],
) -> DensityYears:
    """Return the densities of all years, in classes that the years share."""
    return density_years(workspace, indicator, denominator)


@router.get("/units/{unit_id}", response_model=UnitSheet)
def get_unit(
    workspace: WorkspaceDep, lang: LanguageDep, unit_id: str, form: Form = "json"
) -> UnitSheet | Response:
    """Return all that is known of a unit's land and densities; as PDF it is one page."""
    sheet = unit_sheet(workspace, unit_id)
    return sheet if form == "json" else download(UNIT_FILES, sheet, form, lang)
