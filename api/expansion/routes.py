"""Search for sites, compare them, and keep them clear of the hard lines, over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from api.density.land import DensityQuery
from api.expansion.avoid import AvoidQuery, avoid_lines
from api.expansion.files import ranking_files
from api.expansion.output import keep_files
from api.expansion.rank import RankQuery, rank_sites
from api.expansion.search import Place, SearchQuery, search_sites
from api.expansion.search_area import area_of
from api.expansion.site_words import places_of, weights_of
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from api.web.site_body import SITE_BODY, sites_of
from layers.check.natures import require_nature
from maps.answers import JsonObject
from maps.expansion.answers import RankingReport
from maps.workbench.tasks_answers import Task

router = APIRouter(prefix="/api/v1/sites", tags=["sites"])

_Positive = Annotated[float, Field(gt=0, le=1e7, allow_inf_nan=False)]
_FromZero = Annotated[float, Query(ge=0, le=1e9, allow_inf_nan=False)]


class PlaceBody(BaseModel):
    """A point that sites shall be near to."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=80)
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


class SearchBody(BaseModel):
    """Where and what is searched for; a constraint that is null asks nothing."""

    model_config = ConfigDict(extra="forbid")
    county: str | None = Field(default=None, examples=["530111"], description="Code or name.")
    area: JsonObject | None = Field(default=None, description="Or a GeoJSON polygon, lon/lat.")
    least_ha: _Positive = Field(examples=[20])
    most_ha: _Positive | None = Field(default=None, description="Larger ground is cut.")
    width_m: _Positive = Field(examples=[200])
    compactness: Annotated[float, Field(ge=0, le=1)] = 0.0
    slope_deg: Annotated[float, Field(ge=0, le=90)] | None = None
    grade: Annotated[int, Field(ge=1, le=5)] | None = Field(
        default=None, description="Suitability for building no worse than this; 1 is best."
    )
    district_km: _Positive | None = None
    places: list[PlaceBody] = Field(default=[], max_length=200)
    place_km: _Positive | None = None
    cell_m: Annotated[float, Field(ge=1, le=1000)] | None = None
    nature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidParameters:
    """What an avoidance must keep."""

    target_m2: _FromZero
    width_m: _FromZero
    reach_m: Annotated[float | None, Query(ge=0, le=50_000, allow_inf_nan=False)] = None
    nature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankParameters:
    """How sites are compared."""

    criteria: Annotated[str, Query(description="Set of criteria.")] = "expansion"
    weight: Annotated[tuple[str, ...], Query(description="criterion=number; own weights.")] = ()
    place: Annotated[tuple[str, ...], Query(description="name=lon,lat")] = ()
    least_ha: _FromZero = 0.0
    width_m: _FromZero = 0.0
    nature: str | None = None
    indicator: Annotated[str | None, Query(description="With year and denominator.")] = None
    year: int | None = None
    denominator: str | None = None
    geometry: bool = False


@router.post("/search", status_code=202)
def post_search(workspace: WorkspaceDep, body: SearchBody) -> Task:
    """Search for candidates; the task ends with them, the funnel, and layers of them."""
    area = area_of(workspace, body.county, body.area)
    names = ("least_ha", "most_ha", "width_m", "compactness", "slope_deg", "grade", "district_km")
    asked: dict[str, Any] = {name: getattr(body, name) for name in names}
    query = SearchQuery(
        **asked,
        places=tuple(Place(name=one.name, lon=one.lon, lat=one.lat) for one in body.places),
        place_km=body.place_km,
        cell_m=body.cell_m,
        nature=require_nature(body.nature),
    )
    return workspace.tasks.start(
        "search",
        lambda progress: keep_files(
            search_sites(workspace, area, query, progress), progress.folder
        ),
    )


@router.post("/avoidance", status_code=202, openapi_extra=SITE_BODY)
async def post_avoidance(
    request: Request, workspace: WorkspaceDep, asked: Annotated[AvoidParameters, Depends()]
) -> Task:
    """Trim and shift sites clear of all hard lines; both are checked again."""
    source, options = await sites_of(request)
    query = AvoidQuery(
        target_m2=asked.target_m2,
        width_m=asked.width_m,
        reach_m=asked.reach_m,
        nature=require_nature(asked.nature),
    )
    return workspace.tasks.start(
        "avoid",
        lambda progress: keep_files(
            avoid_lines(workspace, source, options, query, progress), progress.folder
        ),
    )


@router.post("/ranking", response_model=RankingReport, openapi_extra=SITE_BODY)
async def post_ranking(
    request: Request,
    workspace: WorkspaceDep,
    lang: LanguageDep,
    asked: Annotated[RankParameters, Depends()],
    form: Form = "json",
) -> RankingReport | Response:
    """Compare sites; as JSON, or as the table of comparison in a file."""
    source, options = await sites_of(request)
    query = _rank_query(asked, drawn=form != "json")
    report = await run_in_threadpool(rank_sites, workspace, source, options, query)
    if form == "json":
        return report
    files = ranking_files(workspace, report)
    return await run_in_threadpool(download, files, report, form, lang)


def _rank_query(asked: RankParameters, *, drawn: bool) -> RankQuery:
    return RankQuery(
        criteria=asked.criteria,
        weights=weights_of(asked.weight),
        places=places_of(asked.place),
        least_ha=asked.least_ha,
        width_m=asked.width_m,
        nature=asked.nature,
        density=density_query(asked.indicator, asked.year, asked.denominator),
        with_geometry=asked.geometry or drawn,
    )


def density_query(
    indicator: str | None, year: int | None, denominator: str | None
) -> DensityQuery | None:
    """Return which density is joined; None if it is not said in full."""
    if indicator is None or year is None or denominator is None:
        return None
    return DensityQuery(indicator=indicator, year=year, denominator=denominator)
