"""Files that a person asks for: written whole, or not at all and with words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import InputError
from layers.store.durable import replace_file
from maps.answers import Written


class OutputError(InputError):
    """A file cannot be written where a person wants it. Params: ``path``."""

    code = "api.output.unwritable"


class OneOutputError(InputError):
    """One file shall be written of several answers. Params: ``files``, ``output``."""

    code = "api.output.one_file"


def write_whole(output: Path, data: bytes) -> Written:
    """Write a file beside its place and swap it in.

    Raises
    ------
    OutputError
        There is no such folder, it may not be written to, or the disk is full.
    """
    with worded_output(output), replace_file(output) as temporary:
        temporary.write_bytes(data)
    return Written(path=str(output), size_bytes=len(data))


@contextmanager
def worded_output(output: Path) -> Iterator[None]:
    """Turn what the system says of a place for output into :class:`OutputError`."""
    try:
        yield
    except OSError as exc:
        raise OutputError(path=str(output)) from exc


def ensure_folder(path: Path) -> Path:
    """Return a folder for several files, made if it is not there.

    Raises
    ------
    OutputError
        It cannot be made, or a file stands in its place.
    """
    with worded_output(path):
        path.mkdir(parents=True, exist_ok=True)
    return path
