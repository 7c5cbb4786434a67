"""Sites in the body of a request: drawn as GeoJSON, or uploaded as files."""

from typing import Any, Final

from fastapi import Request

from api.web.uploads import FORM, uploaded
from layers.model import ReadOptions
from layers.readers import Source

_EXAMPLE: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[102.80, 24.96], [102.82, 24.96], [102.82, 24.98], [102.80, 24.96]]
                ],
            },
        }
    ],
}
SITE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/geo+json": {"schema": {"type": "object"}, "example": _EXAMPLE},
            "application/json": {"schema": {"type": "object"}, "example": _EXAMPLE},
            "multipart/form-data": FORM,
        },
    }
}


async def sites_of(request: Request) -> tuple[Source, ReadOptions]:
    """Return what was drawn or uploaded, and what was declared about it.

    Raises
    ------
    RequestError
        A form without a file, or a declaration that is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as form:
            return await uploaded(form)
    body = await request.body()
    return Source(name="site.geojson", files={"site.geojson": body}), ReadOptions()
