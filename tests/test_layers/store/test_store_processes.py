"""Several real processes on one store. Oracle: every import is there, whole, once."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from layers.model import LayerFrame
from layers.store.layer_store import LayerStore

ROOT = Path(__file__).parents[3]

# A process reports that it is ready, and starts when it is told to.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import geopandas as gpd, shapely
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.store.layer_store import LayerStore

def put(store, layer_id, west):
    spec = LayerSpec(
        id=layer_id, kind="lake", title_zh="湖", title_en="Lake", status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.PUBLIC, source="test", licence="none",
    )
    shape = shapely.box(west, 25.0, west + 0.1, 25.1)
    features = gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[shape], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=features.geometry)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return store.put_version(spec, frame, report=None, now=now)

root, me = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
"""

IMPORT_TWENTY = """
store = LayerStore(root)
for number in range(10):
    put(store, "shared", 100.0 + me + number / 100)
    put(store, f"own_{me}", 100.0 + number / 100)
"""

# Stands still where it is told to, in the middle of an import, until it is killed.
STAND_STILL = """
def stop(*args, **kwargs):
    print("stopped", flush=True)
    sys.stdin.read()

import layers.store.layer_store
from layers.store.versions_table import CatalogueDb
store = LayerStore(root)
put(store, "shared", 100.0)
if sys.argv[3] == "file_written":
    layers.store.layer_store.file_digest = stop
else:
    CatalogueDb.add = stop
put(store, "shared", 103.0)
"""


def _start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER + script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def _assert_whole(store: LayerStore, layer_id: str, numbers: list[int]) -> None:
    versions = store.versions(layer_id)
    assert [version.number for version in versions] == numbers
    for version in versions:
        assert hashlib.sha256(version.path.read_bytes()).hexdigest() == version.sha256
        west = store.read(version).features.total_bounds[0]
        assert west == version.bounds_lonlat[0]
        # The facts of a version stand beside it, so that the catalogue can be rebuilt.
        assert version.path.with_suffix(".json").is_file()


@pytest.mark.slow
def test_two_processes_that_import_at_once_lose_nothing(tmp_path):
    """Both also make the store, which is not there yet."""
    root = tmp_path / "data"
    processes = [_start(IMPORT_TWENTY, root, me) for me in (1, 2)]
    assert [_line(process) for process in processes] == ["ready", "ready"]
    for process in processes:
        _go(process)
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0]

    store = LayerStore(root)
    assert [v.layer_id for v in store.current()] == ["own_1", "own_2", "shared"]
    for layer_id, count in (("own_1", 10), ("own_2", 10), ("shared", 20)):
        _assert_whole(store, layer_id, list(range(count, 0, -1)))
    wests = sorted(version.bounds_lonlat[0] for version in store.versions("shared"))
    assert wests == [100.0 + me + number / 100 for me in (1, 2) for number in range(10)]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["file_written", "file_in_place"])
def test_a_process_killed_in_the_middle_leaves_only_whole_versions(tmp_path, where):
    root = tmp_path / "data"
    killed = _start(STAND_STILL, root, 1, where)
    try:
        assert _line(killed) == "ready"
        _go(killed)
        assert _line(killed) == "stopped"
        # Whoever only looks does not wait for it: opening with the lock taken must not hang.
        seen = ThreadPoolExecutor(1).submit(lambda: LayerStore(root).current()).result(30)
    finally:
        killed.kill()
        killed.communicate()
    assert [(version.layer_id, version.number) for version in seen] == [("shared", 1)]
    folder = root / "layers" / "shared"
    begun = [path for path in folder.iterdir() if not path.name.startswith("v0001.")]
    assert begun, "it was killed too early for this test"

    store = LayerStore(root)
    assert [version.number for version in store.versions("shared")] == [1]
    old = store.get("shared")
    moved = store.read(old).features.translate(1.0)
    frame = LayerFrame(features=moved.to_frame("geometry").assign(feature_id="1"), coverage=None)
    store.put_version(old.spec, frame, report=None, now=old.created_at)
    _assert_whole(store, "shared", [2, 1])
    assert store.get("shared").bounds_lonlat[0] == 101.0
