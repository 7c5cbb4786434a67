"""Files and declarations of a multipart form, as readers take them."""

from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from api.errors import RequestError
from layers.model import Datum, ReadOptions
from layers.readers import Source

FORM: Final[dict[str, Any]] = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "description": "One file, or the loose files of one Shapefile.",
            },
            "crs": {"type": "string", "example": "EPSG:4543"},
            "encoding": {"type": "string", "example": "GB18030"},
            "layer": {"type": "string", "description": "Layer or sheet of the file."},
            "datum": {"type": "string", "enum": [datum.value for datum in Datum]},
            "swap_axes": {"type": "boolean"},
        },
    }
}
FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"multipart/form-data": FORM}}
}


async def uploaded(form: FormData) -> tuple[Source, ReadOptions]:
    """Return what was uploaded and what was declared about it.

    Raises
    ------
    RequestError
        There is no file, or a declaration is none.
    """
    uploads = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
    if not uploads:
        raise RequestError(field="file", problem="missing")
    files = {upload.filename or "upload": await upload.read() for upload in uploads}
    return Source(name=next(iter(files)), files=files), _options(form)


def _options(form: FormData) -> ReadOptions:
    def text(field: str) -> str | None:
        value = form.get(field)
        return value.strip() or None if isinstance(value, str) else None

    datum = text("datum") or Datum.TRUE
    if datum not in tuple(Datum):
        raise RequestError(field="datum", problem="enum")
    return ReadOptions(
        crs=text("crs"),
        encoding=text("encoding"),
        layer=text("layer"),
        datum=Datum(datum),
        swap_axes=(text("swap_axes") or "").lower() in {"true", "1", "on"},
    )
