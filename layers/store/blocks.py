"""Digests of large files by block: computed in parallel, and checked once in a process."""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from layers.provenance import canonical_json
from layers.store.durable import write_file

BLOCK_BYTES: Final = 4 * 1024 * 1024

_found_whole: Final[set[tuple[str, int, int, int]]] = set()
"""Path, number, size and time of change of files that this process has read in full."""


def block_digests(path: Path) -> list[str]:
    """Return the SHA-256 of each block of :data:`BLOCK_BYTES`, and of what is left."""
    starts = range(0, max(path.stat().st_size, 1), BLOCK_BYTES)
    with ThreadPoolExecutor(min(len(starts), os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda start: _digest(path, start), starts))


def is_whole(path: Path, digests: Sequence[str], *, afresh: bool = False) -> bool:
    """Tell whether a file still has the digests that it was written with.

    Every byte is read the first time that a process asks, whatever the size and the time of
    change say: a fault of a disk changes neither. ``afresh`` reads them again.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    stat = path.stat()
    key = (str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns)
    if key in _found_whole and not afresh:
        return True
    whole = block_digests(path) == list(digests)
    if whole:
        _found_whole.add(key)
    else:
        _found_whole.discard(key)
    return whole


def write_beside(path: Path) -> None:
    """Write the digests of a file that was just made into a file beside it."""
    write_file(_beside(path), canonical_json({"file": _place(path), "blocks": block_digests(path)}))


def is_whole_beside(path: Path, *, afresh: bool = False) -> bool:
    """Tell whether a file has the digests that stand beside it; without them it has not."""
    try:
        kept = json.loads(_beside(path).read_bytes())
        return kept["file"] == _place(path) and is_whole(path, kept["blocks"], afresh=afresh)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _place(path: Path) -> str:
    # With its folder: the first version of another layer has the same name.
    return f"{path.parent.name}/{path.name}"


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.digests")


def _digest(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(start)
        return hashlib.sha256(file.read(BLOCK_BYTES)).hexdigest()
