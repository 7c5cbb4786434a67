"""What is handed in: named bytes, and the limits under which they are read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from layers.errors import MissingFileError, TooLargeError
from layers.provenance import digest

SHAPEFILE_SUFFIXES: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
GEODATABASE_CATALOGUE: Final = "a00000001.gdbtable"
"""The file by which a folder is a File Geodatabase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """How much a reader takes in before it refuses.

    ``max_ratio`` is unpacked to packed bytes of an archive; it is only applied above
    ``ratio_free_bytes``, because a small table full of blanks packs 500 to 1.
    """

    max_bytes: int = 64 * 2**20
    max_unpacked_bytes: int = 256 * 2**20
    max_members: int = 500
    max_ratio: float = 100.0
    ratio_free_bytes: int = 16 * 2**20
    max_features: int = 500_000
    max_vertices: int = 5_000_000
    max_fields: int = 1_000


DEFAULT_LIMITS: Final = ReadLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One uploaded file, the loose members of one Shapefile, or a File Geodatabase.

    Parameters
    ----------
    name : str
        What the person calls it; used in messages only, never to decide anything.
    files : mapping of str to bytes
        Names of the files and their content; those of a geodatabase with its folder.
    """

    name: str
    files: Mapping[str, bytes]

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(len(data) for data in self.files.values())

    @property
    def sha256(self) -> str:
        """Digest of the only file, or of the names and digests of all, sorted by name."""
        if len(self.files) == 1:
            return digest(next(iter(self.files.values())))
        whole = hashlib.sha256()
        for name in sorted(self.files):
            whole.update(f"{digest(self.files[name])}  {name}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()


def source_from_path(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Source:
    """Read a file of this machine; a ``.shp`` brings its companions with it.

    A folder is read if it is a File Geodatabase.

    Raises
    ------
    MissingFileError
        There is no such file, it is another folder, or it may not be read.
    TooLargeError
        The files together are over ``limits.max_bytes``; nothing was read.
    """
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    try:
        whole = is_geodatabase(path)
        members = _tables(path) if whole else [path, *_companions(path)]
        size_bytes = sum(member.stat().st_size for member in members)
        if size_bytes > limits.max_bytes:
            raise TooLargeError(name=name, limit_bytes=limits.max_bytes)
        folder = f"{name}/" if whole else ""
        files = {f"{folder}{member.name}": member.read_bytes() for member in members}
        return Source(name=name, files=files)
    except (OSError, ValueError) as exc:
        # ValueError: a path with a NUL character.
        raise MissingFileError(name=name) from exc


def is_geodatabase(path: Path) -> bool:
    """Tell whether a folder is a File Geodatabase."""
    return (path / GEODATABASE_CATALOGUE).is_file()


def _tables(folder: Path) -> list[Path]:
    # A geodatabase that is open in another program also holds locks.
    return sorted(
        file for file in folder.iterdir() if file.is_file() and file.suffix.lower() != ".lock"
    )


def _companions(path: Path) -> list[Path]:
    if path.suffix.lower() != ".shp":
        return []
    return sorted(
        other
        for other in path.parent.iterdir()
        if other != path
        and other.stem == path.stem
        and other.suffix.lower() in SHAPEFILE_SUFFIXES
        and other.is_file()
    )
