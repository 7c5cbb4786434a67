"""Turn files of sites into other formats over HTTP."""

from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.data.convert import Conversion, converted_bytes
from api.web.deps import WorkspaceDep
from api.web.uploads import FILE_BODY, uploaded

router = APIRouter(prefix="/api/v1/convert", tags=["convert"])


class Target(StrEnum):
    """Formats that are written; ``shp`` is a zipped Shapefile."""

    TXT = "txt"
    GPKG = "gpkg"
    GEOJSON = "geojson"
    SHP = "shp"


_SUFFIXES: Final = {Target.SHP: ".zip"}
_MEDIA: Final = {
    Target.TXT: "text/plain; charset=gb18030",
    Target.GPKG: "application/geopackage+sqlite3",
    Target.GEOJSON: "application/geo+json",
    Target.SHP: "application/zip",
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media.partition(";")[0]: {} for media in _MEDIA.values()}}
}


@router.post("", openapi_extra=FILE_BODY, responses=_FILE, response_class=Response)
async def post_convert(
    request: Request,
    workspace: WorkspaceDep,
    to: Annotated[Target, Query(description="Format to write.")],
    to_crs: Annotated[
        str | None, Query(description="CRS to write; that of the input if not given.")
    ] = None,
) -> Response:
    """Read sites and return them in another format, repaired and on a true datum."""
    async with request.form() as form:
        source, options = await uploaded(form)
    suffix = _SUFFIXES.get(to, f".{to}")
    conversion = Conversion(options=options, to_crs=to_crs)
    data = await run_in_threadpool(converted_bytes, workspace, source, conversion, suffix)
    name = quote(PurePath(source.name).stem + suffix, safe="")
    return Response(
        data,
        media_type=_MEDIA[to],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )
