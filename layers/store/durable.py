"""Files and folders that are put in place whole and stay there when the power goes.

What is written first lies beside its place under a hidden name. Its bytes are forced to the
disk, then it is renamed, then the folder that names it is forced to the disk: after a power
cut there is either what was there before or all of the new. Nothing else in this program
renames a file (a test looks).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

_CAN_SYNC_FOLDERS: Final = os.name != "nt"
"""Windows has no way to force a folder's entries to the disk; its file system logs them."""


def write_file(path: Path, data: bytes) -> None:
    """Write a file in place of the one that may be there; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replace_file(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Yield a path beside another, of the same suffix; what is written there takes its place.

    If the block raises, what it wrote is removed and the old file stays.
    """
    temporary = path.with_name(f".{uuid4().hex}.tmp{path.suffix}")
    try:
        yield temporary
        place_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def place_file(staged: Path, path: Path) -> None:
    """Move a finished file to its place on the same file system."""
    _sync_file(staged)
    os.replace(staged, path)  # noqa: PTH105 - the same call on every system
    sync_folder(path.parent)


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside another; what is put into it takes the other's place.

    A folder cannot be put over another one: for a moment there is none of that name, so that
    who reads must hold a lock, or never replaces. If the block raises, the old one stays.
    """
    temporary = folder.with_name(f".{uuid4().hex}.tmp")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        for path in temporary.rglob("*"):
            if path.is_file():
                _sync_file(path)
            else:
                sync_folder(path)
        sync_folder(temporary)
        if folder.exists():
            aside = folder.with_name(f".{uuid4().hex}.old")
            os.replace(folder, aside)  # noqa: PTH105 - the same call on every system
            shutil.rmtree(aside, ignore_errors=True)
        os.replace(temporary, folder)  # noqa: PTH105 - the same call on every system
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_file(path: Path) -> None:
    """Remove a file, and force that to the disk."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def leftovers(root: Path) -> list[Path]:
    """Return files below a folder that writers were about to put in place, or to remove.

    Those of a writer at work are among them: only old ones are left over.
    """
    hidden = [*root.rglob(".*.tmp*"), *root.rglob(".*.old")]
    inside = [path for one in hidden for path in (one.rglob("*") if one.is_dir() else [one])]
    return sorted({path for path in inside if path.is_file()})


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk."""
    if not _CAN_SYNC_FOLDERS:
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sync_file(path: Path) -> None:
    # A file that was made read-only cannot be opened to write, and Linux does not ask for it.
    with path.open("rb" if _CAN_SYNC_FOLDERS else "rb+") as file:
        os.fsync(file.fileno())
