"""Statistics over HTTP: imported data sets, and the plan's indicators."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.density.files import PLAN_FILES
from api.density.import_statistics import (
    TableRequest,
    import_statistics,
    list_tables,
    preview_statistics,
    table_history,
)
from api.density.plan_monitor import plan_monitor
from api.density.table_templates import table_template
from api.errors import RequestError
from api.web.deps import LanguageDep, WorkspaceDep
from api.web.downloads import Form, download
from api.web.uploads import uploaded
from layers.density.statistics.table import TableOptions
from layers.readers import Source
from maps.density.statistics_answers import PlanMonitor, TableImport, TableList, TablePreview

router = APIRouter(prefix="/api/v1", tags=["statistics"])

Number = TypeVar("Number", int, float)
_TEXT: Final = {"type": "string"}
_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "dataset", "source"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "CSV or XLSX."},
        "dataset": {"type": "string", "example": "monthly"},
        "source": {"type": "string", "example": "统计月报"},
        "quality": {"type": "string", "example": "official"},
        "year": {"type": "integer", "description": "Where the table has no column of years."},
        "layer": {"type": "string", "description": "Sheet of the workbook."},
        "encoding": _TEXT,
        "units_layer": {"type": "string", "description": "Rows are features of this layer."},
        "cny_per_usd": {"type": "number"},
        "rate_source": _TEXT,
        "ignore": {"type": "string", "description": "Columns to leave out, by commas."},
        "accept": {"type": "boolean", "description": "What is asked about has been confirmed."},
    },
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
}


@router.get("/plan", response_model=PlanMonitor)
def get_plan(
    workspace: WorkspaceDep, lang: LanguageDep, form: Form = "json"
) -> PlanMonitor | Response:
    """Return the plan's indicators recomputed, with paths to the targets and courses."""
    monitor = plan_monitor(workspace)
    return monitor if form == "json" else download(PLAN_FILES, monitor, form, lang)


@router.get("/templates/{name}.csv", response_class=Response)
def get_template(name: str, lang: LanguageDep) -> Response:
    """Return an empty table of the columns that are understood: statistics, zones, firms."""
    return Response(
        table_template(name, lang),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


@router.get("/statistics")
def get_tables(workspace: WorkspaceDep) -> TableList:
    """Return the newest version of every imported data set."""
    return list_tables(workspace)


@router.post("/statistics/preview", openapi_extra=_BODY)
async def post_preview(request: Request, workspace: WorkspaceDep) -> TablePreview:
    """Return what an import would take in, or every row that does not fit; store nothing."""
    source, asked = await _asked(request)
    return await run_in_threadpool(preview_statistics, workspace, source, asked)


@router.post("/statistics", status_code=201, openapi_extra=_BODY)
async def post_table(request: Request, workspace: WorkspaceDep) -> TableImport:
    """Store a table as the newest version of its data set, whole or not at all."""
    source, asked = await _asked(request)
    return await run_in_threadpool(import_statistics, workspace, source, asked)


@router.get("/statistics/{dataset}/versions")
def get_versions(workspace: WorkspaceDep, dataset: str) -> TableList:
    """Return all versions of a data set, oldest first."""
    return table_history(workspace, dataset)


async def _asked(request: Request) -> tuple[Source, TableRequest]:
    async with request.form() as form:
        source, options = await uploaded(form)
        table = TableOptions(
            source=_text(form, "source") or "",
            quality=_text(form, "quality") or "official",
            year=_number(form, "year", int),
            cny_per_usd=_number(form, "cny_per_usd", float),
            rate_source=_text(form, "rate_source"),
            ignore=tuple(filter(None, map(str.strip, (_text(form, "ignore") or "").split(",")))),
        )
        dataset, units_layer = _text(form, "dataset"), _text(form, "units_layer")
        accept = (_text(form, "accept") or "").casefold() in {"true", "1", "on", "yes"}
    for field, value in (("dataset", dataset), ("source", table.source)):
        if not value:
            raise RequestError(field=field, problem="missing")
    return source, TableRequest(
        dataset=dataset or "",
        options=table,
        sheet=options.layer,
        encoding=options.encoding,
        units_layer=units_layer,
        accept=accept,
    )


def _text(form: FormData, field: str) -> str | None:
    value = form.get(field)
    return value.strip() or None if isinstance(value, str) else None


def _number(form: FormData, field: str, kind: Callable[[str], Number]) -> Number | None:
    text = _text(form, field)
    try:
        return kind(text) if text else None
    except ValueError as exc:
        raise RequestError(field=field, problem="number") from exc
