"""Uploads are read in a process of their own, which may die of them.

A thread cannot be stopped inside GEOS or GDAL; a process can. The readers are pure
functions of picklable arguments, so nothing but bytes goes in and a frame comes out.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLongError
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Self, TypeVar

import geopandas as gpd
from filelock import FileLock, Timeout
from pebble import ProcessExpired, ProcessPool

from api.settings import Settings
from api.workspace.zones.zone_of import open_zone
from layers.builtin.reference import read_counties
from layers.errors import ReaderCrashedError, TooSlowError
from layers.model import ReadOptions, ReadReport, SiteFrame
from layers.readers import ReadLimits, Source, read_layer, read_sites
from layers.zones import Region

Result = TypeVar("Result")

READERS: Final = 2
_PREFIX: Final = "ftzgis-readers-"
_LOCK: Final = "server.lock"
_READS_PER_PROCESS: Final = 5_000
_TRIAL: Final = Source(
    name="trial",
    files={"x": b'{"type": "Polygon", "coordinates": [[[102, 25], [103, 25], [103, 26]]]}'},
)


class Sandbox:
    """Reading processes, started with the first upload and replaced when one is killed.

    There are two: a file that takes its whole time holds up nobody else's. Each writes its
    temporary files to a folder that is emptied when it is killed: no upload stays behind.
    """

    def __init__(
        self, limits: ReadLimits, region: Region, *, seconds: float, memory_bytes: int
    ) -> None:
        self._limits = limits
        self._region = region
        self._seconds = seconds
        self._memory_bytes = memory_bytes

    @cached_property
    def _home(self) -> "_Home":
        return _Home()

    @cached_property
    def _readers(self) -> tuple["_Reader", ...]:
        """A pool for each process: one that is killed leaves no broken pipe to the others."""
        return tuple(self._reader(self._home.folder / str(number)) for number in range(READERS))

    def _reader(self, folder: Path) -> "_Reader":
        folder.mkdir()
        pool = ProcessPool(
            max_workers=1,
            max_tasks=_READS_PER_PROCESS,
            initializer=_enter,
            # Little: the server would wait until the child has taken it all in.
            initargs=(self._memory_bytes, str(folder), self._region),
            # A forked child would inherit the server's threads and their locks.
            context=get_context("spawn"),
        )
        return _Reader(pool=pool, folder=folder)

    @cached_property
    def _free(self) -> "SimpleQueue[_Reader]":
        free: SimpleQueue[_Reader] = SimpleQueue()
        for reader in self._readers:
            free.put(reader)
        return free

    def start(self) -> None:
        """Have the processes started: the first upload need not wait for them."""
        for reader in self._readers:
            reader.pool.schedule(_ready)

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
        return self.call(source.name, _read, source, options, self._limits, self._region)

    def read_layer(
        self, source: Source, options: ReadOptions
    ) -> tuple[gpd.GeoDataFrame, ReadReport]:
        """Read a layer as :func:`layers.readers.read_layer` does; raises as above."""
        return self.call(source.name, _read_layer, source, options, self._limits, self._region)

    def call(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Call a picklable function within time and memory; raises as :meth:`read_sites`."""
        reader = self._free.get()
        try:
            task = reader.pool.schedule(function, args=args, timeout=self._seconds)
            result: Result = task.result()
        except TookTooLongError as exc:
            reader.forget_files()
            raise TooSlowError(name=name, seconds=self._seconds) from exc
        except (ProcessExpired, MemoryError) as exc:
            reader.forget_files()
            raise ReaderCrashedError(name=name) from exc
        finally:
            self._free.put(reader)
        return result

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        if "_readers" not in self.__dict__:
            return
        for reader in self._readers:
            reader.pool.stop()  # type: ignore[no-untyped-call]
            reader.pool.join()
        self._home.remove()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """A process that reads, and the folder of its temporary files."""

    pool: ProcessPool
    folder: Path

    def forget_files(self) -> None:
        """Remove what a reader that was killed has left; it is never anybody's but its own."""
        for path in self.folder.iterdir():
            shutil.rmtree(path, ignore_errors=True)


class _Home:
    """The folder of all readers of a server; what servers that were killed left is removed."""

    def __init__(self) -> None:
        for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
            # Whoever lives holds the lock of its folder.
            with suppress(Timeout, OSError), FileLock(lock, timeout=0):
                shutil.rmtree(lock.parent, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = FileLock(self.folder / _LOCK)
        self._lock.acquire()

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def sandbox_of(settings: Settings) -> Sandbox:
    """Return a sandbox with the limits of settings; it starts when it is first needed."""
    return Sandbox(
        ReadLimits(max_bytes=settings.max_upload_bytes),
        open_zone(settings)[0].region,
        seconds=settings.read_seconds,
        memory_bytes=settings.read_memory_bytes,
    )


def _enter(memory_bytes: int, folder: str, region: Region) -> None:
    """Set up the child: its own temporary folder, a bound on its memory where there is one."""
    tempfile.tempdir = folder
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # Before the first task, whose time would otherwise pay for it after every kill.
    _read(_TRIAL, ReadOptions(), ReadLimits(), region)


def _ready() -> None:
    """Do nothing, in a process that has started."""


def _read(source: Source, options: ReadOptions, limits: ReadLimits, region: Region) -> SiteFrame:
    return read_sites(source, options, counties=read_counties(region), limits=limits)


def _read_layer(
    source: Source, options: ReadOptions, limits: ReadLimits, region: Region
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    return read_layer(source, options, counties=read_counties(region), limits=limits)
