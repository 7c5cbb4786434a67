"""A folder of arrays that is written once, whole or not at all, and then mapped."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from layers.provenance import canonical_json
from layers.store.blocks import block_digests, is_whole
from layers.store.durable import replace_folder

MANIFEST: Final = "manifest.json"
_READ_ONLY: Final = 0o444
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError)

Arrays = Mapping[str, npt.NDArray[Any]]


def open_arrays(folder: Path, make: Callable[[], Arrays]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a folder, mapped; they are made first if it is not there or unsound.

    A folder is sound if its manifest says that it was written as this folder, and every block
    of every file has its digest; a process looks once. Any number of processes may ask.
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


def is_sound(folder: Path, *, afresh: bool = True) -> bool:
    """Tell whether every byte of a folder is as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        # A folder that took another one's place is whole, and of other polygons.
        return manifest["folder"] == folder.name and all(
            is_whole(folder / name, digests, afresh=afresh)
            for name, digests in manifest["files"].items()
        )
    except _UNREADABLE:
        return False


def _mapped(folder: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Map the arrays of a folder, None if it is not there or not what was written."""
    if not is_sound(folder, afresh=False):
        return None
    try:
        names = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {
            name.removesuffix(".npy"): np.load(folder / name, mmap_mode="r", allow_pickle=False)
            for name in names
        }
    except _UNREADABLE:
        return None


def _write(folder: Path, arrays: Arrays) -> None:
    """Write arrays beside a folder, and swap them in with one rename."""
    with replace_folder(folder) as temporary:
        digests = {}
        for name, values in arrays.items():
            path = temporary / f"{name}.npy"
            with path.open("wb") as file:
                np.save(file, values, allow_pickle=False)
            path.chmod(_READ_ONLY)
            digests[path.name] = block_digests(path)
        manifest = {"folder": folder.name, "files": digests}
        (temporary / MANIFEST).write_bytes(canonical_json(manifest))
