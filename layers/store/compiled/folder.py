"""A folder of arrays that is written once, whole or not at all, and then mapped."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from layers.provenance import canonical_json, file_digest
from layers.store.durable import replaced_folder

MANIFEST: Final = "manifest.json"
FULLY_CHECKED_BYTES: Final = 16 * 1024 * 1024
"""Folders up to this size are held against their digests whenever they are opened."""

_READ_ONLY: Final = 0o444
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, EOFError)

Arrays = Mapping[str, npt.NDArray[Any]]


def opened(folder: Path, make: Callable[[], Arrays]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a folder, mapped; they are made first if it is not there or unsound.

    A folder is sound if its manifest is, and every file has the size and the time of
    change that it was written with; small ones, and those whose times differ (a copy), must
    have their digests too. Any number of processes may ask at once.
    """
    found = _mapped(folder)
    if found is not None:
        return found
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f".{folder.name}.lock"):
        found = _mapped(folder)
        if found is None:
            _write(folder, make())
            found = _mapped(folder)
    if found is None:
        raise OSError(f"{folder} cannot be read back")
    return found


def is_sound(folder: Path) -> bool:
    """Tell whether every byte of a folder is as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return all(file_digest(folder / name) == row["sha256"] for name, row in manifest.items())
    except _UNREADABLE:
        return False


def _mapped(folder: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Map the arrays of a folder, None if it is not there or not what was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        stats = {name: (folder / name).stat() for name in manifest}
        if any(stats[name].st_size != row["size"] for name, row in manifest.items()):
            return None
        small = sum(stat.st_size for stat in stats.values()) <= FULLY_CHECKED_BYTES
        touched = any(stats[name].st_mtime_ns != row["mtime_ns"] for name, row in manifest.items())
        if (small or touched) and not is_sound(folder):
            return None
        return {
            name.removesuffix(".npy"): np.load(folder / name, mmap_mode="r", allow_pickle=False)
            for name in manifest
        }
    except _UNREADABLE:
        return None


def _write(folder: Path, arrays: Arrays) -> None:
    """Write arrays beside a folder, and swap them in with one rename."""
    with replaced_folder(folder) as temporary:
        manifest = {}
        for name, values in arrays.items():
            path = temporary / f"{name}.npy"
            with path.open("wb") as file:
                np.save(file, values, allow_pickle=False)
            path.chmod(_READ_ONLY)
            stat = path.stat()
            manifest[path.name] = {
                "sha256": file_digest(path),
                "size": stat.st_size,
                "mtime_ns": stat.st_mtime_ns,
            }
        (temporary / MANIFEST).write_bytes(canonical_json(manifest))
