"""What stood in a store is remembered. Oracles: copies of the files, and the state before."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.errors import DamagedVersionError, LostVersionError, VanishedVersionError
from layers.model import LayerFrame, LayerSpec, LayerStatus, MissingLayer, Sensitivity
from layers.store.layer_store import LayerStore

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RED = "ecological_red_line"


def spec(layer_id: str, status: LayerStatus = LayerStatus.OFFICIAL) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=RED, title_zh="红线", title_en="Red line", status=status,
        sensitivity=Sensitivity.INTERNAL, source="某局", licence="internal",
    )  # fmt: skip


def frame(east: float = 103.0) -> LayerFrame:
    shapes = [shapely.box(102.0, 25.0, 102.5, 25.5), shapely.box(102.5, 24.0, east, 25.5)]
    features = gpd.GeoDataFrame({"feature_id": ["a", "b"]}, geometry=shapes, crs="EPSG:4490")
    return LayerFrame(features=features, coverage=None)


def put(root: Path, layer_id: str, status=LayerStatus.OFFICIAL, east: float = 103.0):
    store = LayerStore(root)
    return store.put_version(spec(layer_id, status), frame(east), report=None, now=NOW).version


def copied(root: Path, aside: Path) -> None:
    aside.mkdir()
    for path in root.glob("catalogue.sqlite*"):
        shutil.copy(path, aside)


def restored(root: Path, aside: Path) -> None:
    for path in root.glob("catalogue.sqlite*"):
        path.unlink()
    for path in aside.iterdir():
        shutil.copy(path, root)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store whose catalogue was restored from before its official layer came."""
    root = tmp_path / "data"
    put(root, "demo", LayerStatus.DEMONSTRATION)
    copied(root, tmp_path / "old")
    put(root, "real")
    restored(root, tmp_path / "old")
    return root


def test_a_demonstration_never_takes_the_place_of_a_lost_layer(root: Path) -> None:
    store = LayerStore(root)
    assert store.controls(RED) == MissingLayer(kind=RED, lost=("real",))
    with pytest.raises(LostVersionError):
        store.get("real")
    assert store.memory.rebuild() == 1
    (version,) = store.controls(RED)
    assert version.layer_id == "real"
    assert store.read(version).features.geometry.iloc[1].equals(frame().features.geometry.iloc[1])


def test_what_is_rebuilt_is_what_stood(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for east in (103.0, 103.1, 103.2):
        put(root, "real", east=east)
    before = LayerStore(root).versions("real")
    for path in root.glob("catalogue.sqlite*"):
        path.unlink()
    store = LayerStore(root)
    assert store.memory.rebuild() == 3
    assert store.versions("real") == before


def test_a_lost_newer_version_lets_no_older_one_count(tmp_path: Path) -> None:
    root = tmp_path / "data"
    put(root, "real")
    copied(root, tmp_path / "old")
    put(root, "real", east=103.4)
    restored(root, tmp_path / "old")
    store = LayerStore(root)
    assert store.controls(RED) == MissingLayer(kind=RED, lost=("real",))
    with pytest.raises(LostVersionError):
        store.get("real")
    # The next import never writes over the file of the lost one.
    lost = (root / "layers" / "real" / "v0002.gpkg").read_bytes()
    assert put(root, "real", east=103.6).number == 3
    assert (root / "layers" / "real" / "v0002.gpkg").read_bytes() == lost


def test_files_of_an_older_release_that_its_catalogue_lost_are_missed(root: Path) -> None:
    (root / "layers" / "real" / "v0001.json").unlink()
    found = LayerStore(root).controls(RED)
    assert found == MissingLayer(kind=RED, lost=("?",))
    assert [path.name for path in LayerStore(root).memory.standing().nameless] == ["v0001.gpkg"]


def test_a_demonstration_after_an_official_version_of_the_same_layer_does_not_count(
    tmp_path: Path,
) -> None:
    put(tmp_path, "red")
    put(tmp_path, "red", LayerStatus.DEMONSTRATION)
    assert LayerStore(tmp_path).controls(RED) == MissingLayer(kind=RED, lost=("red",))


def without_files_and_rows(root: Path, layer_id: str, newer_than: int = 0) -> None:
    """Take away all that a store has of versions of a layer, the facts of others left alone."""
    for path in (root / "layers" / layer_id).iterdir():
        if int(path.stem[-4:]) > newer_than:
            path.unlink()
    with closing(sqlite3.connect(root / "catalogue.sqlite")) as connection:
        query = "DELETE FROM layer_version WHERE layer_id = ? AND number > ?"
        connection.execute(query, (layer_id, newer_than))
        connection.commit()


def test_a_layer_of_which_nothing_is_left_is_missed(tmp_path: Path) -> None:
    put(tmp_path, "demo", LayerStatus.DEMONSTRATION)
    put(tmp_path, "real")
    without_files_and_rows(tmp_path, "real")
    (tmp_path / "layers" / "real").rmdir()
    store = LayerStore(tmp_path)
    assert store.controls(RED) == MissingLayer(kind=RED, lost=("real",))
    assert store.memory.unlisted() == store.memory.unlisted("real") == ["real v1"]
    assert store.memory.unlisted("demo") == []
    with pytest.raises(VanishedVersionError):
        store.get("real")
    # Nothing brings it back but the file that it came from; then it is a later version.
    assert store.memory.rebuild() == 0
    assert put(tmp_path, "real").number == 2
    (version,) = LayerStore(tmp_path).controls(RED)
    assert (version.layer_id, version.number) == ("real", 2)


def test_an_older_version_or_another_layer_is_not_taken_for_what_vanished(tmp_path: Path) -> None:
    put(tmp_path, "other")
    put(tmp_path, "real")
    put(tmp_path, "real", east=103.4)
    without_files_and_rows(tmp_path, "real", newer_than=1)
    store = LayerStore(tmp_path)
    assert store.controls(RED) == MissingLayer(kind=RED, lost=("real",))
    with pytest.raises(VanishedVersionError):
        store.get("real")
    assert store.get("real", 1).number == 1


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_store_without_its_inventory_remembers_by_its_files(tmp_path: Path, how: str) -> None:
    put(tmp_path, "demo", LayerStatus.DEMONSTRATION)
    put(tmp_path, "real")
    path = tmp_path / "layers.json"
    said = path.read_bytes()
    path.unlink() if how == "gone" else path.write_bytes(said[:-9])
    store = LayerStore(tmp_path)
    assert [version.layer_id for version in store.controls(RED)] == ["real"]
    assert store.memory.rebuild() == (how == "damaged")
    assert path.read_bytes() == said


@pytest.mark.parametrize("damage", ["garbage", "cut", "page"])
def test_a_damaged_catalogue_is_set_aside_and_rebuilt(tmp_path: Path, damage: str) -> None:
    root = tmp_path / "data"
    put(root, "demo", LayerStatus.DEMONSTRATION)
    put(root, "real")
    before = LayerStore(root).current()
    path = root / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for beside in root.glob("catalogue.sqlite-*"):
        beside.unlink()
    data = bytearray(path.read_bytes())
    if damage == "garbage":
        data = bytearray(b"not a database at all" * 100)
    elif damage == "cut":
        del data[len(data) // 2 :]
    else:
        data[4096:8192] = os.urandom(4096)
    path.write_bytes(data)
    store = LayerStore(root)
    assert store.set_aside is not None
    assert isinstance(store.controls(RED), MissingLayer)
    store.memory.rebuild()
    assert store.current() == before


def test_a_store_of_an_older_release_gets_facts_and_digests_that_prove(tmp_path: Path) -> None:
    made = put(tmp_path, "real")
    LayerStore(tmp_path)._db.set_content(made, "an older digest")
    made.path.with_suffix(".json").unlink()
    again = LayerStore(tmp_path)
    assert again.get("real") == made
    assert made.path.with_suffix(".json").is_file()


def test_files_swapped_between_versions_are_damaged(tmp_path: Path) -> None:
    one, two = put(tmp_path, "real"), put(tmp_path, "real", east=103.3)
    aside = tmp_path / "aside"
    one.path.rename(aside)
    two.path.rename(one.path)
    aside.rename(two.path)
    for version in (one, two):
        with pytest.raises(DamagedVersionError):
            LayerStore(tmp_path).read(version)


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from layers.store.memory import Memory
from layers.store.facts import FactsFiles
from layers.store.versions_table import CatalogueDb
import tests_of_memory as tests
owner = {"begin": Memory, "add": CatalogueDb, "finish": Memory}[sys.argv[2]]
known = getattr(owner, sys.argv[2])
def dies(*args):
    if sys.argv[3] == "after":
        known(*args)
    os.kill(os.getpid(), 9)
setattr(owner, sys.argv[2], dies)
tests.put(Path(sys.argv[1]), "real", east=103.7)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["begin", "add", "finish"])
def test_a_writer_that_is_killed_leaves_all_or_nothing(
    tmp_path: Path, step: str, when: str
) -> None:
    root, code = tmp_path / "data", tmp_path / "code"
    put(root, "demo", LayerStatus.DEMONSTRATION)
    put(root, "real")
    code.mkdir()
    shutil.copy(__file__, code / "tests_of_memory.py")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), step, when, str(code)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()
    store = LayerStore(root)
    (version,) = store.controls(RED)
    kept = (step, when) in {("add", "after"), ("finish", "before"), ("finish", "after")}
    assert version.number == (2 if kept else 1)
    store.read(version)
    assert put(root, "real", east=103.8).number == version.number + 1
    standing = LayerStore(root).memory.standing()
    assert (standing.lost, standing.nameless) == ((), ())


def test_a_spec_that_never_was_is_no_facts(tmp_path: Path) -> None:
    made = put(tmp_path, "real")
    beside = made.path.with_suffix(".json")
    beside.write_bytes(beside.read_bytes().replace(b"official", b"demonstr"))
    assert LayerStore(tmp_path).memory.unreadable() == [beside]
    assert replace(made, number=1) == LayerStore(tmp_path).get("real")
