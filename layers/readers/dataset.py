"""Which of some files are the data set: one file, or several that belong together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from layers.errors import (
    EmptyFileError,
    IncompleteShapefileError,
    UnknownFormatError,
)
from layers.readers.archive import is_workbook
from layers.readers.errors import choice_error
from layers.readers.other_formats import may_hold_plots, unread_format
from layers.readers.sniff import (
    SUPPORTED,
    WEAK,
    FileFormat,
    is_zip,
    sniff,
)
from layers.readers.source import GEODATABASE_CATALOGUE, SHAPEFILE_SUFFIXES

_NEEDED: Final = (".shp", ".shx", ".dbf")
_KMZ_MAIN: Final = "doc.kml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The files of one data set.

    ``parts`` is one file under ``""``, the members of a Shapefile by suffix, or those of a
    File Geodatabase by name. ``layer`` is the layer inside it that was asked for.
    ``path`` is its name among others, None where it is alone. ``beside`` are files that could
    be read, too, and were not, without anybody having chosen. ``kml_beside`` are those of a
    KMZ that are KML as well: its main file alone is read.
    """

    name: str
    format: FileFormat
    parts: Mapping[str, bytes]
    path: str | None
    layer: str | None
    beside: tuple[str, ...] = ()
    kml_beside: tuple[str, ...] = ()


def find_dataset(name: str, files: Mapping[str, bytes], wanted: str | None) -> Dataset:
    """Return the one data set among some files.

    Tables count only where nothing else is found: lists of points and notes lie beside
    many a Shapefile.

    Parameters
    ----------
    name : str
        What the whole is called in messages.
    files : mapping of str to bytes
        Paths with ``/`` inside an archive, or plain names.
    wanted : str or None
        The path or the stem of the data set to take where there are several, or
        ``path/layer`` for a layer inside it.

    Raises
    ------
    EmptyFileError, UnknownFormatError, IncompleteShapefileError, AmbiguousFileError
    DrawingFormatError, DatabaseFormatError, ArchiveFormatError, DocumentFormatError
    """
    _require_bytes(name, files)
    readable = _readable(files)
    mains = _mains(readable)
    if not mains:
        raise _nothing_found(name, files)
    path, layer = (next(iter(mains)), wanted) if len(mains) == 1 else _chosen(name, mains, wanted)
    passed = sorted({*readable, *_unreadable(files, readable)} - {path})
    kml = [one for one in passed if one not in mains and readable.get(one) is FileFormat.KML]
    return Dataset(
        name=name,
        format=mains[path],
        parts=_parts(name, path, mains[path], files),
        path=path if len(mains) > 1 else None,
        layer=layer,
        # Who chose one of several put the others aside; they are named all the same.
        beside=tuple(one for one in passed if one not in kml),
        kml_beside=tuple(kml),
    )


def _readable(files: Mapping[str, bytes]) -> dict[str, FileFormat]:
    homes = {
        str(PurePosixPath(path).parent)
        for path in files
        if PurePosixPath(path).name.lower() == GEODATABASE_CATALOGUE
    }
    found = dict.fromkeys(sorted(homes), FileFormat.FILE_GEODATABASE)
    for path, data in files.items():
        file_format = None if str(PurePosixPath(path).parent) in homes else _main(path, data)
        if file_format:
            found[path] = file_format
    return found


def _unreadable(files: Mapping[str, bytes], readable: Mapping[str, FileFormat]) -> Iterator[str]:
    """Return the drawings, tables and archives that no reader takes."""
    if len(files) > 1:
        yield from (
            path
            for path, data in files.items()
            if path not in readable and not _is_part(path) and may_hold_plots(path, data)
        )


def _is_part(path: str) -> bool:
    inside = any(part.lower().endswith(".gdb") for part in PurePosixPath(path).parts[:-1])
    return inside or PurePosixPath(path).suffix.lower() in SHAPEFILE_SUFFIXES


def _mains(found: dict[str, FileFormat]) -> dict[str, FileFormat]:
    strong = {path: each for path, each in found.items() if each not in WEAK}
    if set(strong.values()) == {FileFormat.KML}:
        # In a KMZ it is the main file, whatever else its folders hold (OGC 07-147r2, annex C).
        main = [path for path in strong if path.lower() == _KMZ_MAIN]
        strong = {main[0]: FileFormat.KML} if main else strong
    return strong or found


def _main(path: str, data: bytes) -> FileFormat | None:
    # The index of a Shapefile has the same first bytes as its main file.
    if PurePosixPath(path).suffix.lower() in (".shx", ".prj", ".cpg"):
        return None
    if is_zip(data):
        return FileFormat.XLSX if is_workbook(data) else None
    return sniff(data)


def _parts(
    name: str, path: str, file_format: FileFormat, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    if file_format is FileFormat.SHAPEFILE:
        return _members(name, path, files)
    if file_format is FileFormat.FILE_GEODATABASE:
        return {
            PurePosixPath(other).name: data
            for other, data in files.items()
            if str(PurePosixPath(other).parent) == path
        }
    return {"": files[path]}


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
    closed = (unread_format(path, data) for path, data in sorted(files.items()))
    return next(filter(None, closed), UnknownFormatError(name=name, supported=list(SUPPORTED)))


def _chosen(
    name: str, mains: Mapping[str, FileFormat], wanted: str | None
) -> tuple[str, str | None]:
    found = [path for path in mains if wanted in (path, PurePosixPath(path).stem)]
    if len(found) == 1:
        return found[0], None
    inside = [path for path in mains if wanted and wanted.startswith(f"{path}/")]
    if len(inside) == 1 and wanted:
        return inside[0], wanted.removeprefix(f"{inside[0]}/")
    raise choice_error(name, sorted(mains), wanted)


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
