"""Zip archives, unpacked in memory and under limits, with names in GBK or UTF-8."""

import io
import stat
import zipfile
from collections.abc import Iterator
from typing import Final

from layers.errors import EmptyFileError, HostileArchiveError
from layers.readers._translate import translated
from layers.readers.encoding import guess_encoding
from layers.readers.source import ReadLimits

_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 0x1
_LITTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def unpack(name: str, data: bytes, limits: ReadLimits) -> dict[str, bytes]:
    """Return the files of a zip archive by their path.

    Nothing is written anywhere. Sizes are counted while unpacking: what the archive
    says of itself is not believed.

    Raises
    ------
    HostileArchiveError
        A member leaves its folder, is a link, is encrypted or comes twice, or there
        are too many, or they unpack too far. Params: ``name``, ``why``.
    DamagedFileError
        The archive cannot be read.
    EmptyFileError
        There is no file in it.
    """
    with translated(name, "zip"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > limits.max_members:
            raise HostileArchiveError(name=name, why="too_many_members")
        files: dict[str, bytes] = {}
        allowed = _allowed_bytes(len(data), limits)
        for path, member in zip(_paths(members), members, strict=True):
            _require_harmless(name, path, member)
            if any(litter in path for litter in _LITTER):
                continue
            if path in files:
                raise HostileArchiveError(name=name, why="duplicate_member")
            files[path] = _read(archive, member, allowed)
            allowed -= len(files[path])
            if allowed < 0:
                raise HostileArchiveError(name=name, why="unpacks_too_far")
    if not files:
        raise EmptyFileError(name=name)
    return files


def _allowed_bytes(packed_bytes: int, limits: ReadLimits) -> int:
    by_ratio = max(int(packed_bytes * limits.max_ratio), limits.ratio_free_bytes)
    return min(by_ratio, limits.max_unpacked_bytes)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowed: int) -> bytes:
    with archive.open(member) as stream:
        return stream.read(allowed + 1)


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
