"""Files of other programs that hold shapes and are not read: what they are, and the way out."""

from typing import Final

from layers.errors import DocumentFormatError, ReadError
from layers.readers.archive import office_package
from layers.readers.errors import OtherGeodataError
from layers.readers.sniff import closed_format, is_mapinfo, office_text, root_of

_HEAD_BYTES: Final = 4096
_ROOTS: Final = {"gpx": "GPX", "osm": "OpenStreetMap XML"}
_SQLITE: Final = b"SQLite format 3\x00"
_BESIDE: Final = ("PDF", "RTF", "HTML", "MHTML", "DOCX", "OpenDocument")
"""Documents that lie beside data and hold none."""


def unread_format(name: str, data: bytes) -> ReadError | None:
    """Return the error with the way out for a file that is known and not read."""
    if package := office_package(data):
        return DocumentFormatError(name=name, format=package)
    if error := closed_format(name, data) or office_text(name, data):
        return error
    kind = _geodata(data[:_HEAD_BYTES])
    return OtherGeodataError(name=name, format=kind) if kind else None


def may_hold_plots(name: str, data: bytes) -> bool:
    """Tell whether a file that is not read is a drawing, table or archive, and no document."""
    error = unread_format(name, data)
    return error is not None and error.params.get("format") not in _BESIDE


def _geodata(head: bytes) -> str | None:
    if head.startswith(_SQLITE):
        return "SQLite"
    if is_mapinfo(head):
        return "MapInfo"
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    return _ROOTS.get(root_of(text) or "") if text[:1] == "<" else None
