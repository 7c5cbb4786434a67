"""Where the machine code of the compiled kernels is kept between processes.

numba reads back what lies there without looking: a byte that a disk has lost would be computed
with. So there are digests beside it, and what has another digest, or none, is compiled anew.
"""

import atexit
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Final

from filelock import FileLock

from layers.provenance import canonical_json, file_digest
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest

VARIABLE: Final = "NUMBA_CACHE_DIR"
_DIGESTS: Final = "digests.json"
_CODE: Final = "*.nb[ci]"

Digests = dict[str, tuple[str, int]]
"""SHA-256 and time of change in ns by the path below the folder."""

damaged: Final[list[str]] = []
"""Files of machine code that this process found to be other than they were written."""


def keep_machine_code(folder: Path) -> None:
    """Have kernels that are compiled from now on kept below a folder, unless one is set.

    The package's own folder may be read-only. There is one folder for each state of the
    sources: numba looks at the file of a function alone, and would go on using machine
    code into which another file's former functions are built.
    """
    if VARIABLE not in os.environ:
        home = folder / _sources_sha256()[:16]
        os.environ[VARIABLE] = str(home)
        damaged.extend(drop_unsound(home))
        atexit.register(_digest_at_exit, home)


def drop_unsound(home: Path) -> list[str]:
    """Remove machine code without its digest, and return what had another one.

    Without any is what a process wrote that did not live to its end.
    """
    known, found = _known(home), []
    for path in _code(home):
        name = path.relative_to(home).as_posix()
        if name in known and file_digest(path) == known[name][0]:
            continue
        if name in known:
            found.append(name)
        with suppress(OSError):
            path.unlink()
    return found


def keep_digests(home: Path) -> None:
    """Write the digests of what was compiled since they were last written.

    What has not been written since keeps the digest that it was written with.
    """
    if not home.is_dir():
        return
    with FileLock(home / f".{_DIGESTS}.lock"):
        known = _known(home)
        now: Digests = {}
        for path in _code(home):
            name, changed_ns = path.relative_to(home).as_posix(), path.stat().st_mtime_ns
            same = name in known and known[name][1] == changed_ns
            now[name] = known[name] if same else (file_digest(path), changed_ns)
        if now != known:
            write_file(home / _DIGESTS, wrap_with_digest(canonical_json(now).decode("utf-8")))


def _digest_at_exit(home: Path) -> None:
    # A full disk, or a folder that is gone: then it is compiled anew.
    with suppress(OSError):
        keep_digests(home)


def _known(home: Path) -> Digests:
    try:
        kept = json.loads(unseal((home / _DIGESTS).read_bytes()))
        return {name: (str(sha256), int(changed_ns)) for name, (sha256, changed_ns) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _code(home: Path) -> Iterator[Path]:
    yield from sorted(home.rglob(_CODE))


def _sources_sha256() -> str:
    whole = hashlib.sha256()
    places = [files("geo.measure").joinpath("ellipsoid.py"), *files("geo.kernel").iterdir()]
    for source in sorted(places, key=lambda place: place.name):
        if source.name.endswith(".py"):
            whole.update(source.read_bytes())
    return whole.hexdigest()
