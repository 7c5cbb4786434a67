"""Uploads are read in a process that may be killed, and the server lives on."""

import contextlib
import json
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from api.workspace.sandbox import Sandbox
from layers.errors import EmptyFileError, ReaderCrashedError, TooSlowError
from layers.model import ReadOptions
from layers.readers import DEFAULT_LIMITS, Source, read_sites
from layers.zones import shipped_zone

SECONDS = 2.0


def polygon(ring: list[list[float]]) -> Source:
    data = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}).encode()
    return Source(name="ring.geojson", files={"ring.geojson": data})


def hostile() -> Source:
    """A ring of 6,000 random vertices: about ten million self-crossings to repair."""
    ring = np.random.default_rng(0).uniform((102.7, 24.9), (102.72, 24.92), (6000, 2))
    return polygon(ring.round(6).tolist())


def harmless() -> Source:
    return polygon([[102.7, 24.9], [102.71, 24.9], [102.71, 24.91]])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(
        DEFAULT_LIMITS, shipped_zone().region, seconds=SECONDS, memory_bytes=3 * 1024**3
    ) as opened:
        opened.read_sites(harmless(), ReadOptions())
        yield opened


@pytest.mark.slow
def test_a_ring_that_would_take_for_ever_is_stopped_and_the_next_file_is_read(
    sandbox: Sandbox,
) -> None:
    with pytest.raises(TooSlowError) as caught:
        sandbox.read_sites(hostile(), ReadOptions())
    assert caught.value.params == {"name": "ring.geojson", "seconds": SECONDS}
    assert len(sandbox.read_sites(harmless(), ReadOptions()).features) == 1


def cpu_ticks(pid: int | None) -> int:
    """Time that a process has computed; linux says it in fields 14 and 15 of its stat."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_reader_that_dies_is_an_error_and_the_next_file_is_read(sandbox: Sandbox) -> None:
    sandbox.read_sites(harmless(), ReadOptions())
    children = multiprocessing.active_children()

    def kill_while_reading() -> None:
        before = {child.pid: cpu_ticks(child.pid) for child in children}
        time.sleep(1.0)
        busiest = max(children, key=lambda child: cpu_ticks(child.pid) - before[child.pid])
        os.kill(busiest.pid or 0, signal.SIGKILL)

    killer = threading.Thread(target=kill_while_reading)
    killer.start()
    with pytest.raises(ReaderCrashedError):
        sandbox.read_sites(hostile(), ReadOptions())
    killer.join()
    assert len(sandbox.read_sites(harmless(), ReadOptions()).features) == 1


def test_what_the_reader_says_of_a_file_comes_through_with_its_parameters(sandbox: Sandbox) -> None:
    with pytest.raises(EmptyFileError) as caught:
        sandbox.read_sites(Source(name="a.shp", files={"a.shp": b""}), ReadOptions())
    assert caught.value.params == {"name": "a.shp"}


def test_a_random_polygon_of_300_vertices_does_not_hold_the_server_up() -> None:
    # GEOS's default repair takes 12 s for it; the one that is used here a fraction of one. It is
    # the time of the processor that is measured: a busy machine is slow for everybody.
    ring = np.random.default_rng(0).uniform((102.7, 24.9), (102.72, 24.92), (300, 2))
    source = polygon(ring.round(6).tolist())
    begun_s = time.process_time()
    sites = read_sites(source, ReadOptions(), counties=None)
    assert time.process_time() - begun_s < 6.0
    assert [issue.code for issue in sites.report.issues] == ["geometry_repaired"]


def test_a_random_polygon_is_repaired_in_the_sandbox_too() -> None:
    ring = np.random.default_rng(0).uniform((102.7, 24.9), (102.72, 24.92), (300, 2))
    with Sandbox(
        DEFAULT_LIMITS, shipped_zone().region, seconds=600, memory_bytes=3 * 1024**3
    ) as opened:
        sites = opened.read_sites(polygon(ring.round(6).tolist()), ReadOptions())
    assert [issue.code for issue in sites.report.issues] == ["geometry_repaired"]


@pytest.mark.parametrize("name", ["sites.fgb", "sites.gdb.zip", "sites.gml", "sites.parquet"])
def test_formats_of_other_libraries_are_read_under_the_bounds(sandbox: Sandbox, name: str) -> None:
    golden = Path(__file__).parents[2] / "golden" / "readers" / name
    source = Source(name=name, files={name: golden.read_bytes()})
    assert len(sandbox.read_sites(source, ReadOptions()).features) == 2


def held(seconds: float) -> None:
    """Leave a file as a reader does while it works, and do not come back."""
    folder = tempfile.mkdtemp(prefix="ftzgis-")
    (Path(folder) / "upload.gpkg").write_bytes(b"somebody's red line")
    time.sleep(seconds)


def ignored(opened: Sandbox) -> None:
    # It is stopped when the sandbox is closed, in one way or another.
    with contextlib.suppress(ReaderCrashedError, CancelledError, RuntimeError):
        opened.call("x", held, 600.0)


def uploads() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("ftzgis-readers-*/*/*"))


def test_an_upload_that_hangs_holds_up_no_other_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Sandbox(
        DEFAULT_LIMITS, shipped_zone().region, seconds=600, memory_bytes=3 * 1024**3
    ) as opened:
        hanging = threading.Thread(target=ignored, args=(opened,), daemon=True)
        hanging.start()
        while not uploads():
            time.sleep(0.02)
        # Answered while the other one goes on: there is a second reader.
        assert len(opened.read_sites(harmless(), ReadOptions()).features) == 1
        assert hanging.is_alive()
        assert [path.name for path in uploads()[0].iterdir()] == ["upload.gpkg"]
    hanging.join(30)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_is_killed_leaves_no_upload_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # What a server left that was killed itself; another one that lives holds its lock.
    dead, alive = tmp_path / "ftzgis-readers-dead", tmp_path / "ftzgis-readers-alive"
    for folder in (dead, alive):
        (folder / "0" / "ftzgis-x").mkdir(parents=True)
        (folder / "server.lock").touch()
    with (
        FileLock(alive / "server.lock"),
        Sandbox(
            DEFAULT_LIMITS, shipped_zone().region, seconds=1.0, memory_bytes=3 * 1024**3
        ) as opened,
    ):
        opened.read_sites(harmless(), ReadOptions())
        assert not dead.exists()
        with pytest.raises(TooSlowError):
            opened.call("x", held, 600.0)
        assert [path.parents[1].name for path in uploads()] == ["ftzgis-readers-alive"]
    assert [path.name for path in tmp_path.iterdir()] == ["ftzgis-readers-alive"]
