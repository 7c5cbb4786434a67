"""Withdraw and restore versions. Oracle: a model that keeps lists in memory, and file copies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PlanningError
from layers.density.statistics.model import Observation
from layers.density.statistics.store import StatisticsStore, StatisticsVersion, content_sha256
from layers.model import LayerFrame, LayerSpec, LayerStatus, MissingLayer, Sensitivity
from layers.rasters.model import RasterFacts
from layers.rasters.store import RasterOrigin, RasterStore
from layers.store.layer_store import LayerStore
from layers.store.withdrawals import (
    AllWithdrawnError,
    AlreadyWithdrawnError,
    DamagedWithdrawalError,
    NotWithdrawnError,
    Step,
    steps_beside,
)

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RED = "ecological_red_line"
DEM = "dem"
DEMO, REAL = LayerStatus.DEMONSTRATION, LayerStatus.OFFICIAL


def spec(of: str, kind: str, status: LayerStatus) -> LayerSpec:
    return LayerSpec(
        id=of, kind=kind, title_zh="某层", title_en="Some layer", status=status,
        sensitivity=Sensitivity.INTERNAL, source="某局", licence="internal",
    )  # fmt: skip


def step(*, withdrawn: bool) -> Step:
    return Step(withdrawn=withdrawn, name="李某", reason="坐标有误", at=NOW)


def put_layer(root: Path, of: str, content: int, status: LayerStatus = REAL) -> int:
    shape = shapely.box(102.0, 25.0, 102.5 + content / 100, 25.5)
    features = gpd.GeoDataFrame({"feature_id": ["a"]}, geometry=[shape], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=None)
    store = LayerStore(root)
    return store.put_version(spec(of, RED, status), frame, report=None, now=NOW).version.number


def put_raster(
    root: Path, of: str, content: int, status: LayerStatus = REAL, west: float = 102.0
) -> int:
    facts = RasterFacts(
        crs="EPSG:4490", columns=1, rows=1, transform=(1.0, 0.0, west, 0.0, -1.0, 26.0),
        bands=("dem",), unit="m", classes=None, nodata=None, least=0.0, most=1.0, pixel_m=30.0,
        bounds_lonlat=(west, 25.0, west + 1.0, 26.0), content_sha256=str(content),
    )  # fmt: skip
    store = RasterStore(root)
    with store.staging() as staged:
        staged.write_bytes(str(content).encode())
        done = store.put_version(
            spec(of, DEM, status), staged, facts, origin=RasterOrigin(), now=NOW
        )
    return done.version.number


def used_layers(root: Path) -> Any:
    found = LayerStore(root).controls(RED)
    if isinstance(found, MissingLayer):
        return "gone" if found.gone else "missing"
    return {one.layer_id: one.number for one in found}


def used_rasters(root: Path) -> Any:
    store = RasterStore(root)
    found = {one.raster_id: one.number for one in store.in_use(DEM)}
    if found:
        return found
    current = [one for one in store.current() if one.spec.kind == DEM]
    return "gone" if store.memory.missing(DEM, current) else "missing"


@dataclass
class Kept:
    status: LayerStatus
    content: int
    withdrawn: bool = False


@dataclass
class Model:
    """What a person would keep on paper: all versions of each layer, in order."""

    layers: dict[str, list[Kept]] = field(default_factory=dict)
    names_withdrawn: bool = False
    """Whether a kind of which demonstrations alone were withdrawn is one that cannot be told."""

    def current(self, of: str) -> tuple[int, Kept] | None:
        left = [(n, one) for n, one in enumerate(self.layers.get(of, []), 1) if not one.withdrawn]
        return left[-1] if left else None

    def put(self, of: str, content: int, status: LayerStatus) -> None:
        now = self.current(of)
        if now is None or (now[1].content, now[1].status) != (content, status):
            self.layers.setdefault(of, []).append(Kept(status, content))

    def says(self, of: str, number: int, *, withdrawn: bool) -> bool:
        versions = self.layers.get(of, [])
        if not 1 <= number <= len(versions) or versions[number - 1].withdrawn == withdrawn:
            return False
        versions[number - 1].withdrawn = withdrawn
        return True

    def used(self) -> Any:
        current = {of: now for of in self.layers if (now := self.current(of))}
        real = {of: n for of, (n, one) in current.items() if one.status is not DEMO}
        if real:
            return real
        if any(one.status is not DEMO for versions in self.layers.values() for one in versions):
            return "gone"
        return {of: n for of, (n, _) in current.items()} or self.none_left()

    def none_left(self) -> str:
        return "gone" if self.layers and self.names_withdrawn else "missing"


STORES: dict[str, tuple[Any, Callable[..., int], Callable[[Path], Any], str]] = {
    "layers": (LayerStore, put_layer, used_layers, "catalogue.sqlite"),
    "rasters": (RasterStore, put_raster, used_rasters, "rasters.sqlite"),
}
IDS = st.sampled_from(["a", "b"])
ACTIONS = st.one_of(
    st.tuples(
        st.just("put"), IDS, st.integers(1, 3), st.sampled_from([DEMO, REAL, LayerStatus.REFERENCE])
    ),
    st.tuples(st.just("withdraw"), IDS, st.integers(1, 4)),
    st.tuples(st.just("restore"), IDS, st.integers(1, 4)),
    st.just(("rebuild",)),
)


def rebuilt(root: Path, catalogue: str, kind: Any) -> None:
    """Lose the catalogue as a whole, and write it again from what stands beside the files."""
    for path in root.glob(f"{catalogue}*"):
        path.unlink()
    kind(root).memory.rebuild()


@pytest.mark.parametrize("name", STORES)
@settings(max_examples=40)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_the_version_in_use_is_that_of_the_model(name: str, actions: list[Any]) -> None:
    kind, put, used, catalogue = STORES[name]
    model = Model(names_withdrawn=name == "layers")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for what, *given_ in actions:
            if what == "put":
                of, content, status = given_
                put(root, of, content, status)
                model.put(of, content, status)
            elif what == "rebuild":
                rebuilt(root, catalogue, kind)
            else:
                of, number = given_
                withdrawn = what == "withdraw"
                try:
                    kind(root).say(of, number, step(withdrawn=withdrawn))
                    done = True
                except PlanningError:
                    done = False
                assert done is model.says(of, number, withdrawn=withdrawn)
            assert used(root) == model.used()
        store = kind(root)
        assert [len(store.versions(of)) for of in model.layers] == [
            len(versions) for versions in model.layers.values()
        ]
        rebuilt(root, catalogue, kind)
        assert used(root) == model.used()


def put_table(root: Path, of: str, content: int) -> int:
    value = Observation(
        unit_id="ftz", indicator="trade", year=2020, period="full_year", months="1-12",
        value=float(content), relation="=", unit="1e8_cny", source="某局", quality="official",
        note="",
    )  # fmt: skip
    version = StatisticsVersion(
        dataset=of, number=0, created_at=NOW, source_name="t.csv", source_sha256="", areas=(),
        observations=(value,), units=(), content_sha256=content_sha256((value,), (), ()),
    )  # fmt: skip
    return StatisticsStore(root).put(version)[0].number


TABLE_ACTIONS = st.one_of(
    st.tuples(st.just("put"), IDS, st.integers(1, 3)),
    st.tuples(st.sampled_from(["withdraw", "restore"]), IDS, st.integers(1, 4)),
)


@settings(max_examples=40)
@given(actions=st.lists(TABLE_ACTIONS, max_size=12))
def test_the_data_set_in_use_is_that_of_the_model(actions: list[Any]) -> None:
    model = Model()
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for what, of, number in actions:
            if what == "put":
                put_table(root, of, number)
                model.put(of, number, REAL)
            else:
                withdrawn = what == "withdraw"
                try:
                    StatisticsStore(root).say(of, number, step(withdrawn=withdrawn))
                    done = True
                except PlanningError:
                    done = False
                assert done is model.says(of, number, withdrawn=withdrawn)
            used = {one.dataset: one.number for one in StatisticsStore(root).current()}
            assert used == {of: now[0] for of in model.layers if (now := model.current(of))}
        for of, versions in model.layers.items():
            assert len(StatisticsStore(root).history(of)) == len(versions)


def test_a_lost_or_damaged_record_of_a_table_is_never_taken_for_none(tmp_path: Path) -> None:
    put_table(tmp_path, "a", 1)
    put_table(tmp_path, "a", 2)
    store = StatisticsStore(tmp_path)
    store.say("a", 2, step(withdrawn=True))
    assert [one.number for one in store.current()] == [1]
    path = tmp_path / "a" / "withdrawn-v0002.json"
    sound = path.read_bytes()
    path.unlink()
    with pytest.raises(DamagedWithdrawalError):
        StatisticsStore(tmp_path).current()
    path.write_bytes(sound.replace(b"true", b"null"))
    with pytest.raises(DamagedWithdrawalError):
        StatisticsStore(tmp_path).current()
    path.write_bytes(sound)
    # The next version does not forget what was said of the one before.
    assert put_table(tmp_path, "a", 3) == 3
    path.unlink()
    with pytest.raises(DamagedWithdrawalError):
        StatisticsStore(tmp_path).steps_of(store.history("a")[1])


def test_a_demonstration_does_not_come_back_where_a_real_raster_was_withdrawn(
    tmp_path: Path,
) -> None:
    put_raster(tmp_path, "demo_west", 1, DEMO, west=102.0)
    put_raster(tmp_path, "demo_east", 2, DEMO, west=104.0)
    put_raster(tmp_path, "demo_else", 3, DEMO, west=106.0)
    put_raster(tmp_path, "a", 4, west=102.0)
    assert used_rasters(tmp_path) == {"a": 1, "demo_east": 1, "demo_else": 1}
    put_raster(tmp_path, "b", 5, west=104.0)
    assert used_rasters(tmp_path) == {"a": 1, "b": 1, "demo_else": 1}
    RasterStore(tmp_path).say("b", 1, step(withdrawn=True))
    assert used_rasters(tmp_path) == {"a": 1, "demo_else": 1}
    # Another real one that lies there answers; and what stood answers again.
    put_raster(tmp_path, "c", 6, west=104.0)
    RasterStore(tmp_path).say("c", 1, step(withdrawn=True))
    RasterStore(tmp_path).say("b", 1, step(withdrawn=False))
    assert used_rasters(tmp_path) == {"a": 1, "b": 1, "demo_else": 1}


@pytest.mark.parametrize("name", STORES)
def test_the_former_version_answers_and_the_withdrawn_one_is_kept(
    tmp_path: Path, name: str
) -> None:
    kind, put, _, _ = STORES[name]
    put(tmp_path, "a", 1)
    put(tmp_path, "a", 2)
    store = kind(tmp_path)
    before = store.get("a", 2).path.read_bytes()
    store.say("a", 2, step(withdrawn=True))
    assert store.get("a").number == 1
    assert kind(tmp_path).get("a").number == 1
    assert [one.number for one in store.versions("a")] == [2, 1]
    assert store.get("a", 2).path.read_bytes() == before
    assert store.memory.steps_of(store.get("a", 2)) == (step(withdrawn=True),)
    # What was withdrawn may come in again, as a version of its own.
    assert put(tmp_path, "a", 2) == 3


@pytest.mark.parametrize("name", STORES)
def test_withdrawing_twice_and_restoring_what_stands_are_refused(tmp_path: Path, name: str) -> None:
    kind, put, _, _ = STORES[name]
    put(tmp_path, "a", 1)
    store = kind(tmp_path)
    with pytest.raises(NotWithdrawnError):
        store.say("a", 1, step(withdrawn=False))
    store.say("a", 1, step(withdrawn=True))
    with pytest.raises(AlreadyWithdrawnError) as caught:
        store.say("a", 1, step(withdrawn=True))
    assert caught.value.params["name"] == "李某"
    with pytest.raises(AllWithdrawnError):
        store.get("a")
    store.say("a", 1, step(withdrawn=False))
    assert store.get("a").number == 1


@pytest.mark.parametrize("name", STORES)
def test_an_old_catalogue_does_not_know_of_a_withdrawal_and_it_stands(
    tmp_path: Path, name: str
) -> None:
    kind, put, _, catalogue = STORES[name]
    root, aside = tmp_path / "data", tmp_path / "old"
    put(root, "a", 1)
    put(root, "a", 2)
    aside.mkdir()
    for path in root.glob(f"{catalogue}*"):
        shutil.copy(path, aside)
    kind(root).say("a", 2, step(withdrawn=True))
    for path in root.glob(f"{catalogue}*"):
        path.unlink()
    for path in aside.iterdir():
        shutil.copy(path, root)
    store = kind(root)
    assert store.get("a").number == 1
    assert store.memory.standing().unsaid == {("a", 2)}
    assert store.memory.rebuild() == 1
    assert not store.memory.standing().unsaid
    steps_beside(store.get("a", 2).path).unlink()
    assert kind(root).get("a").number == 1
    assert steps_beside(store.get("a", 2).path).exists()


@pytest.mark.parametrize("name", STORES)
def test_a_damaged_record_is_never_taken_for_none(tmp_path: Path, name: str) -> None:
    kind, put, used, catalogue = STORES[name]
    put(tmp_path, "a", 1)
    put(tmp_path, "a", 2)
    store = kind(tmp_path)
    store.say("a", 2, step(withdrawn=True))
    path = steps_beside(store.get("a", 2).path)
    sound = path.read_bytes()
    changed = sound.replace(b"true", b"null")
    assert changed != sound
    path.write_bytes(changed)
    # The catalogue knows all the same, and writes it again.
    assert kind(tmp_path).get("a").number == 1
    assert kind(tmp_path).memory.unreadable() == [path]
    kind(tmp_path).memory.rebuild()
    assert path.read_bytes() == sound
    # Without it nobody can tell whether the second version counts.
    path.write_bytes(changed)
    for one in tmp_path.glob(f"{catalogue}*"):
        one.unlink()
    kind(tmp_path).memory.rebuild()
    assert used(tmp_path) == "gone"
    with pytest.raises(DamagedWithdrawalError):
        kind(tmp_path).get("a")
    with pytest.raises(DamagedWithdrawalError):
        kind(tmp_path).say("a", 2, step(withdrawn=True))


def test_a_record_of_another_version_is_none(tmp_path: Path) -> None:
    put_layer(tmp_path, "a", 1)
    put_layer(tmp_path, "a", 2)
    store = LayerStore(tmp_path)
    store.say("a", 1, step(withdrawn=True))
    one, two = (steps_beside(store.get("a", number).path) for number in (1, 2))
    two.write_bytes(one.read_bytes())
    with pytest.raises(DamagedWithdrawalError):
        LayerStore(tmp_path).get("a")


def test_another_process_sees_a_withdrawal_at_once(tmp_path: Path) -> None:
    put_layer(tmp_path, "a", 1)
    put_layer(tmp_path, "a", 2)
    watching = LayerStore(tmp_path)
    assert watching.get("a").number == 2
    LayerStore(tmp_path).say("a", 2, step(withdrawn=True))
    assert watching.get("a").number == 1
    assert used_layers(tmp_path) == {"a": 1}


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[5])
import layers.store.memory as memory
from layers.store.withdrawals import StepRows
import tests_of_withdrawals as tests
owner, name = (StepRows, "extend") if sys.argv[2] == "row" else (memory, "write_steps")
known = getattr(owner, name)
def dies(*args):
    if sys.argv[3] == "after":
        known(*args)
    os.kill(os.getpid(), 9)
setattr(owner, name, dies)
tests.STORES[sys.argv[4]][0](Path(sys.argv[1])).say("a", 2, tests.step(withdrawn=True))
"""


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", ["row", "file"])
def test_a_process_that_is_killed_leaves_all_or_nothing(
    tmp_path: Path, place: str, when: str, name: str
) -> None:
    kind, put, _, catalogue = STORES[name]
    root, code = tmp_path / "data", tmp_path / "code"
    put(root, "a", 1)
    put(root, "a", 2)
    code.mkdir()
    shutil.copy(__file__, code / "tests_of_withdrawals.py")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), place, when, name, str(code)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()
    wanted = 2 if (place, when) == ("row", "before") else 1
    store = kind(root)
    assert store.get("a").number == wanted
    standing = store.memory.standing()
    assert not standing.unsaid
    assert not standing.doubtful
    # File and row agree again, so that the catalogue may be lost now.
    rebuilt(root, catalogue, kind)
    assert kind(root).get("a").number == wanted
    records = sorted(path.name for path in root.rglob("withdrawn-*.json"))
    assert records == (["withdrawn-v0002.json"] if wanted == 1 else [])
    for path in root.rglob("withdrawn-*.json"):
        assert json.loads(path.read_bytes())["document"]["steps"][0]["reason"] == "坐标有误"


KILLED_TABLE = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
import layers.density.statistics.store as store
import tests_of_withdrawals as tests
owner, name = (store, "write_steps") if sys.argv[2] == "file" else (
    store.StatisticsStore, "_keep_count")
known = getattr(owner, name)
def dies(*args):
    if sys.argv[3] == "after":
        known(*args)
    os.kill(os.getpid(), 9)
setattr(owner, name, dies)
store.StatisticsStore(Path(sys.argv[1])).say("a", 2, tests.step(withdrawn=True))
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", ["file", "count"])
def test_a_process_that_is_killed_leaves_a_table_withdrawn_or_not(
    tmp_path: Path, place: str, when: str
) -> None:
    root, code = tmp_path / "data", tmp_path / "code"
    put_table(root, "a", 1)
    put_table(root, "a", 2)
    code.mkdir()
    shutil.copy(__file__, code / "tests_of_withdrawals.py")
    done = subprocess.run(
        [sys.executable, "-c", KILLED_TABLE, str(root), place, when, str(code)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()
    wanted = 2 if (place, when) == ("file", "before") else 1
    (used,) = StatisticsStore(root).current()
    assert used.number == wanted
    StatisticsStore(root).say("a", 1, step(withdrawn=True))
    assert [one.number for one in StatisticsStore(root).current()] == ([2] if wanted == 2 else [])
