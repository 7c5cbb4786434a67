"""What a file is, by its first bytes; its name is never believed."""

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from layers.errors import (
    ArchiveFormatError,
    DatabaseFormatError,
    DocumentFormatError,
    DrawingFormatError,
    ReadError,
)
from layers.readers.encoding import unmarked_utf16


class FileFormat(StrEnum):
    """Formats that are read."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    FILE_GEODATABASE = "File Geodatabase"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    KML = "KML"
    GML = "GML"
    DXF = "DXF"
    BOUNDARY_TXT = "TXT"
    XLSX = "XLSX"
    CSV = "CSV"
    HTML = "HTML"
    ZIP = "zip"


SUPPORTED: Final = tuple(str(file_format) for file_format in FileFormat)

WEAK: Final = frozenset({FileFormat.XLSX, FileFormat.CSV, FileFormat.HTML})
"""Formats that anything may be in: taken only where nothing else is found."""

_HEAD_BYTES: Final = 64 * 1024
_BLANK: Final = " \t\r\n\x00\x1e\ufeff"
_MAGIC: Final = (
    (b"fgb\x03fgb", FileFormat.FLATGEOBUF),
    (b"PAR1", FileFormat.GEOPARQUET),
    (b"AutoCAD Binary DXF", FileFormat.DXF),
)
_CLOSED: Final[Mapping[bytes, tuple[type[ReadError], str]]] = MappingProxyType(
    {
        b"AC10": (DrawingFormatError, "DWG"),
        b"\x00\x01\x00\x00Standard ": (DatabaseFormatError, "MDB"),
        b"Rar!\x1a\x07": (ArchiveFormatError, "RAR"),
        b"7z\xbc\xaf\x27\x1c": (ArchiveFormatError, "7z"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (DocumentFormatError, "XLS/DOC"),
        b"\x09\x08\x10\x00": (DocumentFormatError, "XLS"),
        b"\x09\x08\x08\x00": (DocumentFormatError, "XLS"),
        b"\x1f\x8b": (ArchiveFormatError, "GZ"),
        b"BZh": (ArchiveFormatError, "BZ2"),
        b"\xfd7zXZ": (ArchiveFormatError, "XZ"),
        b"%PDF-": (DocumentFormatError, "PDF"),
        b"{\\rtf": (DocumentFormatError, "RTF"),
    }
)
_TABLE: Final = re.compile(rb"<table[\s>]", re.I)
_MAPINFO: Final = re.compile(
    rb"\s*(?:!table\b|Version\s+\d{3,4}\s+(?:Charset|Delimiter|CoordSys|Columns)\b)", re.I
)
_HTML_ROOTS: Final = ("html", "head", "body", "meta", "style", "table", "div")
_GEOJSON: Final = re.compile(rb'"(type|features|geometry|coordinates)"\s*:')
_GML_NAMESPACE: Final = "http://www.opengis.net/gml"
_DXF: Final = re.compile(r"(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\b")
_BLANKS: Final = r"[^\S\n]*"
_COORDINATE: Final = rf"{_BLANKS}[+-]?\d+(?:\.\d*)?{_BLANKS}"
_TXT_POINT: Final = re.compile(
    rf"{_BLANKS}[A-Za-z]*\d+{_BLANKS}[,，]{_BLANKS}\d{{1,4}}{_BLANKS}[,，]"
    rf"{_COORDINATE}[,，]{_COORDINATE}(?:[,，][^,，]*){{0,2}}"
)
_TXT_SECTIONS: Final = ("[地块坐标]", "【地块坐标】", "［地块坐标］")
_WKT: Final = re.compile(r"POLYGON[ ZM]{0,4}\(", re.I)
_DIGIT: Final = re.compile(r"\d")
_BETWEEN: Final = re.compile(r"[,，;；|\t ]")
_NAME: Final = re.compile(r"[\w:.-]{1,100}")
_SKIPPED: Final = (
    ("<!--", "-->"),
    ("<?", "?>"),
    ("<!DOCTYPE", ">"),
    ("<!doctype", ">"),
)
_FEWEST_ROWS: Final = 3


def sniff(data: bytes) -> FileFormat | None:
    """Return the format of the bytes, or None if they are of no supported one.

    A Shapefile begins with 9994 (big-endian) and has version 1000 at byte 28 (ESRI
    Shapefile Technical Description, 1998); a GeoPackage is a SQLite 3 file with the
    application id ``GPKG``, ``GP10`` or ``GP11`` at byte 68 (OGC 12-128r19, clause 1.1.1).
    """
    if is_zip(data):
        return FileFormat.ZIP
    if data[:16] == b"SQLite format 3\x00" and data[68:72] in (b"GPKG", b"GP10", b"GP11"):
        return FileFormat.GEOPACKAGE
    if len(data) >= 100 and data[:4] == b"\x00\x00\x27\x0a":
        return FileFormat.SHAPEFILE if struct.unpack_from("<i", data, 28)[0] == 1000 else None
    known = next((one for magic, one in _MAGIC if data.startswith(magic)), None)
    if known or data.startswith(tuple(_CLOSED)) or is_mapinfo(data):
        return known
    text = _head_text(data)
    if text is not None and (document := _document(data)):
        # Other documents hold no table of points that could be read.
        holds_table = document == "HTML" and _TABLE.search(data.replace(b"\x00", b""))
        return FileFormat.HTML if holds_table else None
    return None if text is None else _text_format(text, data)


def is_mapinfo(data: bytes) -> bool:
    """Tell whether bytes begin as the texts of MapInfo do (MIF, TAB)."""
    return _MAPINFO.match(data[:4096]) is not None


def is_zip(data: bytes) -> bool:
    """Tell whether bytes are a zip archive, of whatever kind."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def closed_format(name: str, data: bytes) -> ReadError | None:
    """Return the error with the way out for a well-known format that is not read."""
    for magic, (error, label) in _CLOSED.items():
        if data.startswith(magic):
            return error(name=name, format=label)
    return None


def office_text(name: str, data: bytes) -> ReadError | None:
    """Return the error with the way out for a document that is text, whatever its name says."""
    document = _document(data)
    return DocumentFormatError(name=name, format=document) if document else None


def _text_format(text: str, data: bytes) -> FileFormat | None:
    start = text.lstrip(_BLANK)
    checks: tuple[tuple[FileFormat, Callable[[], object]], ...] = (
        (FileFormat.GEOJSON, lambda: start[:1] == "{" and _GEOJSON.search(_ascii(data))),
        (FileFormat.KML, lambda: start[:1] == "<" and root_of(start) == "kml"),
        (FileFormat.GML, lambda: start[:1] == "<" and _GML_NAMESPACE in start),
        (FileFormat.DXF, lambda: _DXF.match(start)),
        (FileFormat.BOUNDARY_TXT, lambda: start[:1] not in ("{", "<") and _boundary_txt(text)),
        (FileFormat.CSV, lambda: start[:1] not in ("{", "<") and _rows(text)),
    )
    return next((file_format for file_format, fits in checks if fits()), None)


def _boundary_txt(text: str) -> bool:
    if any(section in text for section in _TXT_SECTIONS):
        return True
    lines = text.split("\n")
    points = sum(_TXT_POINT.fullmatch(line.rstrip()) is not None for line in lines)
    return points >= _FEWEST_ROWS and (
        any(_is_plot_header(line) for line in lines)
        # Without any header, nearly every line must be a point, below no names of columns.
        or (points * 10 >= len(lines) * 8 and not _names_columns(lines))
    )


def _names_columns(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return len(re.findall("[,，]", first)) > 1 and not _DIGIT.search(first)


def _is_plot_header(line: str) -> bool:
    before, mark, after = line.rpartition("@")
    return bool(mark) and not after.strip() and before.rstrip().endswith((",", "，"))


def _rows(text: str) -> bool:
    if _WKT.search(text):
        return True
    rows = (line for line in text.split("\n") if _has_two_numbers(line))
    return sum(1 for _, _ in zip(range(_FEWEST_ROWS), rows, strict=False)) == _FEWEST_ROWS


def _has_two_numbers(line: str) -> bool:
    """Tell whether something that separates stands between two digits."""
    first = _DIGIT.search(line)
    if first is None:
        return False
    last = next(at for at in range(len(line) - 1, -1, -1) if line[at].isdigit())
    return _BETWEEN.search(line, first.end(), last) is not None


def root_of(text: str) -> str | None:
    """Return the name of the root element in lower case, whatever stands before it.

    Each piece is stepped over once: patterns for this take for ever on purpose-made texts.
    """
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if text[at : at + 1] != "<":
            return None
        if end := next((end for mark, end in _SKIPPED if text.startswith(mark, at)), None):
            found = text.find(end, at)
            if end == ">" and "[" in text[at : max(found, at)]:
                # A document type may hold declarations of its own.
                end = "]>"
                found = text.find(end, at)
            if found < 0:
                return None
            at = found + len(end)
            continue
        name = _NAME.match(text, at + 1)
        return name.group().rpartition(":")[2].lower() if name else None


def _ascii(data: bytes) -> bytes:
    # Enough to find ASCII words in UTF-16.
    return data.replace(b"\x00", b"") if b"\x00" in data[:64] else data


def _document(data: bytes) -> str | None:
    """Return what kind of document of an office a text is, whatever its name says."""
    start = (_head_text(data) or "").lstrip(_BLANK)
    if start[:13].lower() == "mime-version:":
        return "MHTML"
    root = root_of(start) if start[:1] == "<" else None
    if root == "workbook":
        return "XML Spreadsheet"
    return "HTML" if root in _HTML_ROOTS else None


def _head_text(data: bytes) -> str | None:
    head = data[:_HEAD_BYTES]
    for mark, encoding in ((b"\xff\xfe", "UTF-16-LE"), (b"\xfe\xff", "UTF-16-BE")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore")
    if b"\x00" in head:
        bare = unmarked_utf16(head)
        return head.decode(bare, "ignore") if bare else None
    try:
        return head.decode("UTF-8")
    except UnicodeDecodeError as exc:
        # The head may end inside a character.
        cut = exc.start >= len(head) - 4 and len(data) > len(head)
        return head[: exc.start].decode("UTF-8") if cut else head.decode("GB18030", "replace")
