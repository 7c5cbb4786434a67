"""Uploads are read in a process of their own, which may die of them.

A thread cannot be stopped inside GEOS or GDAL; a process can. The readers are pure
functions of picklable arguments, so nothing but bytes goes in and a frame comes out.
"""

import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLongError
from multiprocessing import get_context
from typing import Final, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.errors import ReaderCrashedError, TooSlowError
from layers.model import ReadOptions, SiteFrame
from layers.readers import ReadLimits, Source, read_sites

Result = TypeVar("Result")

_READS_PER_PROCESS: Final = 5_000
_TRIAL: Final = Source(
    name="trial",
    files={"x": b'{"type": "Polygon", "coordinates": [[[102, 25], [103, 25], [103, 26]]]}'},
)


class Sandbox:
    """One reading process, started with the first upload and replaced when it is killed."""

    def __init__(self, limits: ReadLimits, *, seconds: float, memory_bytes: int) -> None:
        self._limits = limits
        self._seconds = seconds
        self._pool = ProcessPool(
            max_workers=1,
            max_tasks=_READS_PER_PROCESS,
            initializer=_enter,
            # Little: the server would wait until the child has taken it all in.
            initargs=(memory_bytes,),
            # A forked child would inherit the server's threads and their locks.
            context=get_context("spawn"),
        )
        self._pool.schedule(_ready)

    def read_sites(self, source: Source, options: ReadOptions) -> SiteFrame:
        """Read sites as :func:`layers.readers.read_sites` does, within time and memory.

        Raises
        ------
        TooSlowError
            It took too long; the process was killed.
        ReaderCrashedError
            The process died, of memory or of a fault in a library.
        PlanningError
            Whatever the reader says of the file.
        """
        return self.call(source.name, _read, source, options, self._limits)

    def call(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Call a picklable function within time and memory; raises as :meth:`read_sites`."""
        task = self._pool.schedule(function, args=args, timeout=self._seconds)
        try:
            result: Result = task.result()
        except TookTooLongError as exc:
            raise TooSlowError(name=name, seconds=self._seconds) from exc
        except (ProcessExpired, MemoryError) as exc:
            raise ReaderCrashedError(name=name) from exc
        return result

    def close(self) -> None:
        """Stop the process, whatever it is doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sandbox_of(workspace: Workspace) -> Sandbox:
    """Return a sandbox with the limits of a workspace's settings."""
    settings = workspace.settings
    return Sandbox(
        workspace.limits,
        seconds=settings.read_seconds,
        memory_bytes=settings.read_memory_bytes,
    )


def _enter(memory_bytes: int) -> None:
    """Set up the child: a bound on its memory where the system has one."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # Before the first task, whose time would otherwise pay for it after every kill.
    _read(_TRIAL, ReadOptions(), ReadLimits())


def _ready() -> None:
    """Have the process started: the first upload need not wait for it."""


def _read(source: Source, options: ReadOptions, limits: ReadLimits) -> SiteFrame:
    return read_sites(source, options, counties=read_counties(), limits=limits)
