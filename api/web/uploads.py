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
_NATURE: Final = {"type": "string", "description": "Nature of the project, see /api/v1/natures."}
FILES_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    **FORM["schema"],
                    "properties": {**FORM["schema"]["properties"], "nature": _NATURE},
                }
            }
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
    files = await uploaded_files(form)
    return Source(name=next(iter(files)), files=files), declared(form)


async def uploaded_files(form: FormData) -> dict[str, bytes]:
    """Return all files of a form by name, in their order.

    Raises
    ------
    RequestError
        There is none.
    """
    uploads = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
    if not uploads:
        raise RequestError(field="file", problem="missing")
    return {upload.filename or "upload": await upload.read() for upload in uploads}


def form_text(form: FormData, field: str) -> str | None:
    """Return a text of a form; None where it is absent or blank."""
    value = form.get(field)
    return value.strip() or None if isinstance(value, str) else None


def declared(form: FormData) -> ReadOptions:
    """Return what a form declares about its files.

    Raises
    ------
    RequestError
        The datum is none.
    """

    def text(field: str) -> str | None:
        return form_text(form, field)

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
