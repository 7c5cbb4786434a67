"""Per-mu performance of firms over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.density.files import PERMU_FILES
from api.density.permu import PermuRequest, evaluate_firms, evaluate_layer, list_schemes
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from api.web.uploads import FILE_BODY, uploaded
from maps.density.evaluation_answers import PermuReport, SchemeList

router = APIRouter(prefix="/api/v1/permu", tags=["permu"])

Scheme = Annotated[str, Query(examples=["huangyan_2022"], description="See /schemes.")]
Accept = Annotated[bool, Query(description="Units of measure not stated are confirmed.")]
Geometry = Annotated[bool, Query(description="Add the parcels as GeoJSON.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermuQuery:
    """How firms of an upload are to be scored."""

    scheme: Scheme
    parcels: Annotated[str | None, Query(description="Layer of the parcels named.")] = None
    geometry: Geometry = False
    accept: Accept = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerQuery:
    """How firms of a stored layer are to be scored."""

    scheme: Scheme
    parcels: Annotated[str, Query(examples=["demo_parcels"])]
    geometry: Geometry = False
    accept: Accept = False


@router.get("/schemes")
def get_schemes(workspace: WorkspaceDep) -> SchemeList:
    """List the schemes by which firms can be scored."""
    return list_schemes(workspace)


@router.get("", response_model=PermuReport)
def get_permu(
    workspace: WorkspaceDep,
    lang: LanguageDep,
    query: Annotated[LayerQuery, Depends()],
    form: Form = "json",
) -> PermuReport | Response:
    """Evaluate the firms that a stored layer of parcels holds."""
    request = PermuRequest(
        scheme=query.scheme,
        parcel_layer=None,
        with_features=query.geometry,
        accept=query.accept,
    )
    report = evaluate_layer(workspace, query.parcels, request)
    return report if form == "json" else download(PERMU_FILES, report, form, lang)


@router.post("", response_model=PermuReport, openapi_extra=FILE_BODY)
async def post_permu(
    request: Request,
    workspace: WorkspaceDep,
    lang: LanguageDep,
    query: Annotated[PermuQuery, Depends()],
    form: Form = "json",
) -> PermuReport | Response:
    """Evaluate the firms of an uploaded table, or of a layer of their parcels."""
    async with request.form() as body:
        source, options = await uploaded(body)
    asked = PermuRequest(
        scheme=query.scheme,
        parcel_layer=query.parcels,
        with_features=query.geometry,
        accept=query.accept,
    )
    report = await run_in_threadpool(evaluate_firms, workspace, source, options, asked)
    if form == "json":
        return report
    return await run_in_threadpool(download, PERMU_FILES, report, form, lang)
