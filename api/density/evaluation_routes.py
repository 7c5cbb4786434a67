"""Scenarios of land, and totals brought onto smaller land, over HTTP."""

import tempfile
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from api.density.downscale import DownscaleRequest, downscale_totals
from api.density.files import DOWNSCALE_FILES, SCENARIO_FILES
from api.density.land import DensityQuery
from api.density.scenario import Case, ScenarioRequest, run_scenarios
from api.errors import RequestError
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from api.workspace.workspace import Workspace
from maps.density.scenario_answers import DownscaleReport, ScenarioReport

router = APIRouter(prefix="/api/v1", tags=["scenarios"])


class CaseBody(BaseModel):
    """One scenario."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=80, examples=["扩区 10 km²"])
    added_km2: float = Field(ge=0, examples=[10.0])
    density: float | None = Field(
        default=None, gt=0, description="To reach on all land; null keeps the present one."
    )
    plan_target: bool = Field(default=False, description="Reach the plan's target density.")
    by_year: int | None = None


class ScenarioBody(BaseModel):
    """The known density to start from, and the scenarios."""

    model_config = ConfigDict(extra="forbid")
    indicator: str = Field(examples=["trade"])
    year: int = Field(examples=[2020])
    denominator: str = Field(examples=["approved"])
    unit_id: str = Field(examples=["ftz"])
    cases: list[CaseBody] = Field(min_length=1, max_length=50)


class DownscaleBody(BaseModel):
    """What is brought down, onto a grid or a layer, by a layer's cover or by area."""

    model_config = ConfigDict(extra="forbid")
    indicator: str = Field(examples=["trade"])
    year: int = Field(examples=[2020])
    units: list[str] = Field(default=[], max_length=200)
    grid_m: float | None = Field(default=None, gt=0, examples=[1000.0])
    onto_layer: str | None = None
    weight_layer: str | None = Field(default=None, examples=["demo_urban_development_boundary"])
    weight_raster: str | None = Field(
        default=None, description="A stored raster, or land_cover for all of that kind in use."
    )
    legend: str | None = Field(default=None, description="Of the raster that is uploaded.")
    geometry: bool = False


_RASTER_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["raster", "request"],
    "properties": {
        "raster": {"type": "string", "format": "binary"},
        "request": {"type": "string", "description": "The JSON body as text."},
    },
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": DownscaleBody.model_json_schema()},
            "multipart/form-data": {"schema": _RASTER_FORM},
        },
    }
}


@router.post("/scenarios", response_model=ScenarioReport)
def post_scenarios(
    workspace: WorkspaceDep, lang: LanguageDep, body: ScenarioBody, form: Form = "json"
) -> ScenarioReport | Response:
    """Tell what expansions must yield and what land a density saves, side by side."""
    query = DensityQuery(indicator=body.indicator, year=body.year, denominator=body.denominator)
    cases = tuple(Case(**case.model_dump()) for case in body.cases)
    report = run_scenarios(
        workspace, ScenarioRequest(query=query, unit_id=body.unit_id, cases=cases)
    )
    return report if form == "json" else download(SCENARIO_FILES, report, form, lang)


@router.post("/downscale", response_model=DownscaleReport, openapi_extra=_BODY)
async def post_downscale(
    request: Request, workspace: WorkspaceDep, lang: LanguageDep, form: Form = "json"
) -> DownscaleReport | Response:
    """Bring totals onto a grid or parcels: estimates that keep the totals."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as fields:
            body, raster = await _with_raster(fields)
    else:
        body, raster = _body(await request.body()), None
    report = await run_in_threadpool(_downscaled, workspace, body, raster)
    if form == "json":
        return report
    return await run_in_threadpool(download, DOWNSCALE_FILES, report, form, lang)


async def _with_raster(fields: FormData) -> tuple[DownscaleBody, bytes]:
    text, raster = fields.get("request"), fields.get("raster")
    if not isinstance(text, str) or not isinstance(raster, UploadFile):
        raise RequestError(field="raster", problem="missing")
    return _body(text.encode("utf-8")), await raster.read()


def _body(data: bytes) -> DownscaleBody:
    try:
        return DownscaleBody.model_validate_json(data)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise RequestError(field=where, problem=first["type"]) from exc


def _downscaled(workspace: Workspace, body: DownscaleBody, raster: bytes | None) -> DownscaleReport:
    with tempfile.TemporaryDirectory() as folder:
        path = None
        if raster is not None:
            path = Path(folder) / "weights.tif"
            path.write_bytes(raster)
        asked = DownscaleRequest(
            indicator=body.indicator,
            year=body.year,
            units=tuple(body.units),
            grid_m=body.grid_m,
            onto_layer=body.onto_layer,
            weight_layer=body.weight_layer,
            weight_raster=body.weight_raster,
            raster=path,
            legend=body.legend,
            with_features=body.geometry,
        )
        return downscale_totals(workspace, asked)
