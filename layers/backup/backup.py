"""A backup that is of one moment although others go on writing.

Files of the store are written beside their place and renamed, never changed in place; so links to
all of them, made while every writer's lock is held, are the store of that moment, whatever
is replaced or removed afterwards. Databases are changed in place, and are copied by their own
engine under the same locks. Then the locks are let go, and the links are packed at leisure.
"""

import json
import os
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from filelock import FileLock, Timeout

from layers.backup.errors import BusyStoreError, NotABackupError, TargetNotEmptyError
from layers.provenance import digest, file_digest
from layers.store.durable import replace_file, replace_folder

FORM: Final = "ftzgis-backup-1"
MANIFEST: Final = "manifest.json"
_LONGEST_WAIT_S: Final = 120
_MADE_ANEW: Final = frozenset({"kernels"})
_BESIDE: Final = ("-wal", "-shm", "-journal")
_OWNER_ONLY: Final = 0o600
_PIECE: Final = 1024 * 1024
SERVING: Final = "serve.lock"
"""Held by the one server of a folder, all its life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds; ``sha256`` is the digest of its list of files."""

    files: int
    size_bytes: int
    sha256: str
    made_at: datetime


def back_up(root: Path, target: Path, now: datetime) -> Backup:
    """Write a data folder into one file, whole or not at all.

    Raises
    ------
    BusyStoreError
        A writer held a lock for two minutes.
    """
    staged = root / f".{uuid4().hex}.tmp"
    try:
        with _all_locks(root):
            _link_all(root, staged)
        with replace_file(target) as temporary:
            os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY, _OWNER_ONLY))
            return _pack(staged, temporary, now)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def restore(source: Path, folder: Path) -> Backup:
    """Unpack a backup into a new folder; every file is compared with its digest first.

    Raises
    ------
    NotABackupError
        It is none, or a file in it is not what was backed up. Nothing is left.
    TargetNotEmptyError
        There is something in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise TargetNotEmptyError(folder=str(folder))
    try:
        with zipfile.ZipFile(source) as packed, replace_folder(folder) as temporary:
            found = read_manifest(packed, source.name)
            for name, known in found.items():
                _unpack(packed, name, known, temporary, source.name)
            said = json.loads(packed.read(MANIFEST))
    except (zipfile.BadZipFile, OSError, ValueError, KeyError) as exc:
        if isinstance(exc, OSError) and exc.errno is not None:
            raise
        raise NotABackupError(name=source.name, file=MANIFEST) from exc
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Backup(
        files=len(found),
        size_bytes=size,
        sha256=said["sha256"],
        made_at=datetime.fromisoformat(said["made_at"]),
    )


def read_manifest(packed: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return the digests of a backup's files by path.

    Raises
    ------
    NotABackupError
        The list is not that of the backup, or names what is no path inside.
    """
    said = json.loads(packed.read(MANIFEST))
    files: dict[str, str] = said["files"]
    held = {one for one in packed.namelist() if one != MANIFEST}
    if said["form"] != FORM or said["sha256"] != _listed(files) or held != set(files):
        raise NotABackupError(name=name, file=MANIFEST)
    for path in files:
        parts = Path(path).parts
        if Path(path).is_absolute() or ".." in parts or "\\" in path or ":" in path:
            raise NotABackupError(name=name, file=path[:200])
    return files


@contextmanager
def _all_locks(root: Path) -> Iterator[None]:
    with ExitStack() as held:
        for path in sorted(root.rglob("*.lock")):
            if path.name == SERVING or not _is_kept(path.relative_to(root)):
                continue
            try:
                held.enter_context(FileLock(path, timeout=_LONGEST_WAIT_S))
            except Timeout as exc:
                raise BusyStoreError(seconds=_LONGEST_WAIT_S) from exc
        yield


def _link_all(root: Path, staged: Path) -> None:
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if not _is_kept(inside) or path.suffix == ".lock" or not path.is_file():
            continue
        if path.is_symlink() or path.name.endswith(_BESIDE):
            continue
        place = staged / inside
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".sqlite":
            _copy_database(path, place)
        else:
            _link(path, place)


def _is_kept(inside: Path) -> bool:
    unfinished = any(
        part.startswith(".") and (".tmp" in part or part.endswith(".old")) for part in inside.parts
    )
    return inside.parts[0] not in _MADE_ANEW and not unfinished


def _link(path: Path, place: Path) -> None:
    try:
        os.link(path, place)
    except FileNotFoundError:
        return  # A cache that was made anew in this moment.
    except OSError:
        shutil.copy2(path, place)  # A file system without links.


def _copy_database(path: Path, place: Path) -> None:
    with (
        closing(sqlite3.connect(path, timeout=30)) as source,
        closing(sqlite3.connect(place)) as copy,
    ):
        source.backup(copy)
    place.chmod(path.stat().st_mode)


def _pack(staged: Path, target: Path, now: datetime) -> Backup:
    digests, size = dict[str, str](), 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for path in sorted(one for one in staged.rglob("*") if one.is_file()):
            name = path.relative_to(staged).as_posix()
            packed.write(path, name)
            digests[name] = file_digest(path)
            size += path.stat().st_size
        said = {"form": FORM, "made_at": now.isoformat(), "sha256": _listed(digests)}
        packed.writestr(MANIFEST, json.dumps({**said, "files": digests}, ensure_ascii=False))
    return Backup(files=len(digests), size_bytes=size, sha256=said["sha256"], made_at=now)


def _unpack(packed: zipfile.ZipFile, name: str, known: str, folder: Path, source: str) -> None:
    info, place = packed.getinfo(name), folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(info) as held, place.open("wb") as file:
        shutil.copyfileobj(held, file, _PIECE)
    if file_digest(place) != known:
        raise NotABackupError(name=source, file=name)
    mode = stat.S_IMODE(info.external_attr >> 16) or _OWNER_ONLY
    place.chmod(mode & 0o755)


def _listed(digests: dict[str, str]) -> str:
    return digest(json.dumps(sorted(digests.items()), ensure_ascii=False).encode("utf-8"))
