"""Files that belong to what a project shows: each stands once, whatever number of versions has it.

Beside the versions of a project stands ``f<sha256>.bin`` for the bytes of each file; a version
names the digest, so that its own size does not grow with every change.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from layers.provenance import digest
from layers.store.durable import write_file

FILE: Final = re.compile(r"f([0-9a-f]{64})\.bin")
_FILES: Final = "files"


def set_files_apart(home: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content in which files are named by their digest, and write those that are new."""
    if not content.get(_FILES):
        return dict(content)
    return {**content, _FILES: [_set_apart(home, one) for one in content[_FILES]]}


def put_files_back(home: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content with the bytes of its files, as it came in.

    Raises
    ------
    OSError, ValueError
        A file is lost or not what was kept.
    """
    if not content.get(_FILES):
        return dict(content)
    return {**content, _FILES: [_put_back(home, one) for one in content[_FILES]]}


def drop_files(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content without its files, for lists that say what a project is about."""
    return {name: value for name, value in content.items() if name != _FILES}


def faults(home: Path) -> Iterator[str]:
    """Yield the names of files whose bytes are not what was kept."""
    for path in sorted(home.glob("f*.bin")):
        if (match := FILE.fullmatch(path.name)) and digest(path.read_bytes()) != match[1]:
            yield path.name


def _set_apart(home: Path, file: Mapping[str, Any]) -> dict[str, Any]:
    if file.get("data") is None:
        return dict(file)
    data = base64.b64decode(file["data"])
    sha256 = digest(data)
    path = home / f"f{sha256}.bin"
    if not path.exists():
        write_file(path, data)
    return {**file, "data": None, "sha256": sha256}


def _put_back(home: Path, file: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(file)
    sha256 = kept.pop("sha256", None)
    if sha256 is None:
        return kept
    data = (home / f"f{sha256}.bin").read_bytes()
    if digest(data) != sha256:
        raise ValueError("of another file")
    return {**kept, "data": base64.b64encode(data).decode("ascii")}
