"""What a file is, by its first bytes; its name is never believed."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from layers.errors import (
    AmbiguousFileError,
    EmptyFileError,
    IncompleteShapefileError,
    UnknownFormatError,
)
from layers.readers.source import SHAPEFILE_SUFFIXES


class FileFormat(StrEnum):
    """Formats that are read."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    ZIP = "zip"


SUPPORTED: Final = tuple(str(file_format) for file_format in FileFormat)

_NEEDED: Final = (".shp", ".shx", ".dbf")
_BLANK: Final = b" \t\r\n\x00"
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The files of one data set: one file, or the members of a Shapefile by suffix."""

    name: str
    format: FileFormat
    parts: Mapping[str, bytes]


def sniff(data: bytes) -> FileFormat | None:
    """Return the format of the bytes, or None if they are of no supported one.

    A Shapefile begins with 9994 (big-endian) and has version 1000 at byte 28 (ESRI
    Shapefile Technical Description, 1998); a GeoPackage is a SQLite 3 file with the
    application id ``GPKG``, ``GP10`` or ``GP11`` at byte 68 (OGC 12-128r19, clause 1.1.1).
    """
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return FileFormat.ZIP
    if data[:16] == b"SQLite format 3\x00" and data[68:72] in (b"GPKG", b"GP10", b"GP11"):
        return FileFormat.GEOPACKAGE
    if len(data) >= 100 and data[:4] == b"\x00\x00\x27\x0a":
        return FileFormat.SHAPEFILE if struct.unpack_from("<i", data, 28)[0] == 1000 else None
    head = data[:1024]
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return FileFormat.GEOJSON if head.lstrip(_BLANK)[:1] == b"{" else None


def find_dataset(name: str, files: Mapping[str, bytes], wanted: str | None) -> Dataset:
    """Return the one data set among some files.

    Parameters
    ----------
    name : str
        What the whole is called in messages.
    files : mapping of str to bytes
        Paths with ``/`` inside an archive, or plain names.
    wanted : str or None
        The path or the stem of the data set to take where there are several.

    Raises
    ------
    EmptyFileError, UnknownFormatError, IncompleteShapefileError, AmbiguousFileError
    """
    _require_bytes(name, files)
    found = {path: _main(path, data) for path, data in files.items()}
    mains = {path: file_format for path, file_format in found.items() if file_format}
    if not mains:
        raise _nothing_found(name, files)
    if len(mains) > 1:
        mains = _chosen(name, mains, wanted)
    path, file_format = next(iter(mains.items()))
    if file_format is FileFormat.SHAPEFILE:
        return Dataset(name=name, format=file_format, parts=_members(name, path, files))
    return Dataset(name=name, format=file_format, parts={"": files[path]})


def _main(path: str, data: bytes) -> FileFormat | None:
    # The index of a Shapefile has the same first bytes as its main file.
    if PurePosixPath(path).suffix.lower() == ".shx":
        return None
    found = sniff(data)
    return None if found is FileFormat.ZIP else found


def _require_bytes(name: str, files: Mapping[str, bytes]) -> None:
    if not any(files.values()):
        raise EmptyFileError(name=name)
    for path, data in files.items():
        if not data and PurePosixPath(path).suffix.lower() in _NEEDED:
            raise EmptyFileError(name=path)


def _nothing_found(name: str, files: Mapping[str, bytes]) -> Exception:
    suffixes = {PurePosixPath(path).suffix.lower() for path in files}
    if ".shp" not in suffixes and suffixes & {".shx", ".dbf"}:
        missing = [suffix for suffix in _NEEDED if suffix not in suffixes]
        return IncompleteShapefileError(name=name, missing=missing)
    return UnknownFormatError(name=name, supported=list(SUPPORTED))


def _chosen(
    name: str, mains: Mapping[str, FileFormat], wanted: str | None
) -> dict[str, FileFormat]:
    found = {p: f for p, f in mains.items() if wanted in (p, PurePosixPath(p).stem)}
    if len(found) != 1:
        raise AmbiguousFileError(name=name, choices=sorted(mains))
    return found


def _members(name: str, main: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    home, stem = PurePosixPath(main).parent, PurePosixPath(main).stem.casefold()
    parts = {
        other.suffix.lower(): files[path]
        for path in files
        if (other := PurePosixPath(path)).parent == home
        and other.stem.casefold() == stem
        and other.suffix.lower() in SHAPEFILE_SUFFIXES
    }
    parts[".shp"] = files[main]
    missing = [suffix for suffix in _NEEDED if suffix not in parts]
    if missing:
        raise IncompleteShapefileError(name=name, missing=missing)
    return parts
