"""Zip archives, unpacked in memory and under limits, with names in GBK or UTF-8."""

import io
import stat
import zipfile
from collections.abc import Iterator
from typing import Final

from layers.errors import EmptyFileError, HostileArchiveError
from layers.readers._translate import FOREIGN, translated
from layers.readers.encoding import guess_encoding
from layers.readers.sniff import is_zip
from layers.readers.source import ReadLimits

_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 0x1
_MAX_DEPTH: Final = 3
_CONTENT_TYPES: Final = "[Content_Types].xml"
"""What marks a zip file as an office document (ECMA-376, part 2)."""
_WORKBOOK: Final = "xl/workbook.xml"
_PACKAGES: Final = (("xl/workbook.bin", "XLSB"), ("word/document.xml", "DOCX"))
_OPEN_DOCUMENTS: Final = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    (b"application/vnd.oasis.opendocument", "OpenDocument"),
)
_LITTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def unpack(name: str, data: bytes, limits: ReadLimits) -> dict[str, bytes]:
    """Return the files of a zip archive by their path, and of archives inside it.

    Files of an inner archive are under ``<path of the archive>/``. Nothing is written
    anywhere. Sizes are counted while unpacking, over all archives together: what an
    archive says of itself is not believed.

    Raises
    ------
    HostileArchiveError
        A member leaves its folder, is a link, is encrypted or comes twice, or there
        are too many, or they unpack too far or nest too deep. Params: ``name``, ``why``.
    DamagedFileError
        The archive cannot be read.
    EmptyFileError
        There is no file in it.
    """
    unpacker = _Unpacker(name, len(data), limits)
    with translated(name, "zip"):
        unpacker.unpack(data, "", _MAX_DEPTH)
    if not unpacker.files:
        raise EmptyFileError(name=name)
    return unpacker.files


def is_workbook(data: bytes) -> bool:
    """Tell a workbook from other zip files; the names of its members are part of the format."""
    return _WORKBOOK in _member_names(data)


def office_package(data: bytes) -> str | None:
    """Return what kind of file of an office a zip file is that is no workbook, or None."""
    if not is_zip(data):
        return None
    members = _member_names(data)
    if "mimetype" in members:
        return next((kind for mark, kind in _OPEN_DOCUMENTS if mark in data[:200]), None)
    return next((kind for member, kind in _PACKAGES if member in members), None)


def _is_package(data: bytes) -> bool:
    return _CONTENT_TYPES in _member_names(data) or office_package(data) is not None


class _Unpacker:
    """Unpacks archives into ``files``, all under one budget."""

    def __init__(self, name: str, packed_bytes: int, limits: ReadLimits) -> None:
        self.name = name
        self.files: dict[str, bytes] = {}
        self._members = limits.max_members
        by_ratio = max(int(packed_bytes * limits.max_ratio), limits.ratio_free_bytes)
        self._bytes = min(by_ratio, limits.max_unpacked_bytes)

    def unpack(self, data: bytes, folder: str, depth: int) -> None:
        if depth == 0:
            raise self._hostile("nests_too_deep")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            self._members -= len(members)
            if self._members < 0:
                raise self._hostile("too_many_members")
            for path, member in zip(_paths(members), members, strict=True):
                _require_harmless(self.name, path, member)
                if not any(litter in path for litter in _LITTER):
                    self._take(folder + path, self._read(archive, member), depth)

    def _take(self, path: str, content: bytes, depth: int) -> None:
        if is_zip(content) and not _is_package(content):
            self.unpack(content, f"{path}/", depth - 1)
        elif path in self.files:
            raise self._hostile("duplicate_member")
        else:
            self.files[path] = content

    def _read(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        with archive.open(member) as stream:
            content = stream.read(self._bytes + 1)
        self._bytes -= len(content)
        if self._bytes < 0:
            raise self._hostile("unpacks_too_far")
        return content

    def _hostile(self, why: str) -> HostileArchiveError:
        return HostileArchiveError(name=self.name, why=why)


def _member_names(data: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except FOREIGN:
        return frozenset()


def _paths(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Decode member names: zip knows UTF-8 by a flag, everything else is local habit."""
    raw = [m.orig_filename.encode("cp437") for m in members if not m.flag_bits & _UTF8_FLAG]
    guess = guess_encoding(raw)
    for member in members:
        path = member.orig_filename
        if guess.encoding and not member.flag_bits & _UTF8_FLAG:
            path = path.encode("cp437").decode(guess.encoding, "replace")
        # Archives made on Windows may separate folders with backslashes.
        yield path.replace("\\", "/")


def _require_harmless(name: str, path: str, member: zipfile.ZipInfo) -> None:
    if path.startswith("/") or ".." in path.split("/") or ":" in path or "\x00" in path:
        raise HostileArchiveError(name=name, why="leaves_folder")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise HostileArchiveError(name=name, why="link")
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise HostileArchiveError(name=name, why="encrypted")
