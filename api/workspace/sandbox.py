"""Uploads are read in a process of their own, which may die of them.

A thread cannot be stopped inside GEOS or GDAL; a process can. The readers are pure
functions of picklable arguments, so nothing but bytes goes in and a frame comes out.
"""

import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLongError
from functools import cached_property
from multiprocessing import get_context
from queue import SimpleQueue
from typing import Final, Self, TypeVar

import geopandas as gpd
from pebble import ProcessExpired, ProcessPool

from api.settings import Settings
from layers.builtin.reference import read_counties
from layers.errors import ReaderCrashedError, TooSlowError
from layers.model import ReadOptions, ReadReport, SiteFrame
from layers.readers import ReadLimits, Source, read_layer, read_sites

Result = TypeVar("Result")

READERS: Final = 2
_READS_PER_PROCESS: Final = 5_000
_TRIAL: Final = Source(
    name="trial",
    files={"x": b'{"type": "Polygon", "coordinates": [[[102, 25], [103, 25], [103, 26]]]}'},
)


class Sandbox:
    """Reading processes, started with the first upload and replaced when one is killed.

    There are two: a file that takes its whole time holds up nobody else's.
    """

    def __init__(self, limits: ReadLimits, *, seconds: float, memory_bytes: int) -> None:
        self._limits = limits
        self._seconds = seconds
        self._memory_bytes = memory_bytes

    @cached_property
    def _pools(self) -> tuple[ProcessPool, ...]:
        """A pool for each process: one that is killed leaves no broken pipe to the others."""
        return tuple(
            ProcessPool(
                max_workers=1,
                max_tasks=_READS_PER_PROCESS,
                initializer=_enter,
                # Little: the server would wait until the child has taken it all in.
                initargs=(self._memory_bytes,),
                # A forked child would inherit the server's threads and their locks.
                context=get_context("spawn"),
            )
            for _ in range(READERS)
        )

    @cached_property
    def _free(self) -> "SimpleQueue[ProcessPool]":
        free: SimpleQueue[ProcessPool] = SimpleQueue()
        for pool in self._pools:
            free.put(pool)
        return free

    def start(self) -> None:
        """Have the processes started: the first upload need not wait for them."""
        for pool in self._pools:
            pool.schedule(_ready)

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

    def read_layer(
        self, source: Source, options: ReadOptions
    ) -> tuple[gpd.GeoDataFrame, ReadReport]:
        """Read a layer as :func:`layers.readers.read_layer` does; raises as above."""
        return self.call(source.name, _read_layer, source, options, self._limits)

    def call(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Call a picklable function within time and memory; raises as :meth:`read_sites`."""
        pool = self._free.get()
        try:
            task = pool.schedule(function, args=args, timeout=self._seconds)
            result: Result = task.result()
        except TookTooLongError as exc:
            raise TooSlowError(name=name, seconds=self._seconds) from exc
        except (ProcessExpired, MemoryError) as exc:
            raise ReaderCrashedError(name=name) from exc
        finally:
            self._free.put(pool)
        return result

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        if "_pools" not in self.__dict__:
            return
        for pool in self._pools:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sandbox_of(settings: Settings) -> Sandbox:
    """Return a sandbox with the limits of settings; it starts when it is first needed."""
    return Sandbox(
        ReadLimits(max_bytes=settings.max_upload_bytes),
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
    """Do nothing, in a process that has started."""


def _read(source: Source, options: ReadOptions, limits: ReadLimits) -> SiteFrame:
    return read_sites(source, options, counties=read_counties(), limits=limits)


def _read_layer(
    source: Source, options: ReadOptions, limits: ReadLimits
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    return read_layer(source, options, counties=read_counties(), limits=limits)
