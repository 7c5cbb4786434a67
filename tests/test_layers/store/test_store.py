"""Oracles: hashlib and sqlite3 of the standard library, bounds by hand, properties."""

import hashlib
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import MissingCrsError
from layers.errors import (
    DamagedVersionError,
    EmptyFileError,
    KindChangedError,
    LayerFactError,
    LayerIdError,
    UnknownKindError,
    UnknownLayerError,
    UnknownVersionError,
    WrongGeometryError,
)
from layers.model import (
    Issue,
    LayerFrame,
    LayerSpec,
    LayerStatus,
    MissingLayer,
    ReadReport,
    Sensitivity,
    Severity,
)
from layers.store.layer_store import LayerStore

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

SPEC = LayerSpec(
    id="red_line",
    kind="ecological_red_line",
    title_zh="生态保护红线",
    title_en="Ecological red line",
    status=LayerStatus.OFFICIAL,
    sensitivity=Sensitivity.INTERNAL,
    source="某局",
    licence="internal",
    data_date=date(2026, 1, 31),
    precision_m=0.01,
    valid_from=date(2026, 2, 1),
    valid_to=date(2030, 12, 31),
)

REPORT = ReadReport(
    name="红线.zip",
    sha256="ab",
    size_bytes=12,
    format="shapefile",
    encoding="gb18030",
    encoding_how="sniffed",
    crs="EPSG:4490",
    crs_how="prj_file",
    feature_count=2,
    precision_m=None,
    issues=(
        Issue(
            code="geometry_repaired",
            severity=Severity.WARNING,
            feature_id="a",
            params={"why": "self_intersection", "area_before_m2": 1.5},
        ),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> LayerStore:
    return LayerStore(tmp_path / "data")


def _frame(east: float = 103.0, *, coverage: bool = False) -> LayerFrame:
    shapes = [shapely.box(102.0, 25.0, 102.5, 25.5), shapely.box(102.5, 24.0, east, 25.5)]
    features = gpd.GeoDataFrame(
        {"feature_id": ["b", "a"], "名称": ["滇池", None]}, geometry=shapes, crs="EPSG:4490"
    )
    area = gpd.GeoSeries([shapely.box(102.0, 24.0, 104.0, 26.0)], crs="EPSG:4490")
    return LayerFrame(features=features, coverage=area if coverage else None)


def _put(store: LayerStore, spec: LayerSpec = SPEC, east: float = 103.0):
    return store.put_version(spec, _frame(east), report=None, now=NOW)


def test_a_version_is_one_read_only_file_with_its_digest(store, tmp_path):
    version = _put(store).version
    assert version.path == tmp_path / "data" / "layers" / "red_line" / "v0001.gpkg"
    assert version.sha256 == hashlib.sha256(version.path.read_bytes()).hexdigest()
    assert not version.path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    beside = version.path.with_suffix(".json")
    assert sorted(version.path.parent.iterdir()) == [version.path, beside]


def test_the_file_is_a_geopackage_that_sqlite_reads(store):
    path = store.put_version(SPEC, _frame(coverage=True), report=None, now=NOW).version.path
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        tables = connection.execute(
            "SELECT table_name, organization_coordsys_id FROM gpkg_contents"
            " JOIN gpkg_spatial_ref_sys USING (srs_id) ORDER BY table_name"
        ).fetchall()
        rows = connection.execute("SELECT feature_id, 名称 FROM features").fetchall()
    finally:
        connection.close()
    assert tables == [("coverage", 4490), ("features", 4490)]
    assert rows == [("b", "滇池"), ("a", None)]


def test_facts_of_a_version_by_hand(store):
    version = _put(store).version
    assert version.number == 1
    assert version.layer_id == "red_line"
    assert version.crs == "EPSG:4490"
    assert version.feature_count == 2
    assert version.geometry_type == "Polygon"
    assert version.bounds_lonlat == (102.0, 24.0, 103.0, 25.5)
    assert not version.covered


def test_bounds_are_lonlat_whatever_the_crs(store):
    square = shapely.box(499_000, 2_766_000, 501_000, 2_768_000)
    features = gpd.GeoDataFrame({"feature_id": ["a"]}, geometry=[square], crs="EPSG:4543")
    frame = LayerFrame(features=features, coverage=None)
    version = store.put_version(SPEC, frame, report=None, now=NOW).version
    west, south, east, north = version.bounds_lonlat
    assert version.crs == "EPSG:4543"
    # The central meridian of the zone is 102.
    assert (west + east) / 2 == pytest.approx(102.0, abs=1e-9)
    assert 24.9 < south < north < 25.1


def test_what_is_read_is_what_was_put(store):
    frame = _frame(coverage=True)
    version = store.put_version(SPEC, frame, report=None, now=NOW).version
    back = store.read(version)
    assert version.covered
    assert list(back.features["feature_id"]) == ["b", "a"]
    assert back.features["名称"].isna().tolist() == [False, True]
    assert back.features.geometry.geom_equals_exact(frame.features.geometry, 0.0).all()
    assert back.features.crs == frame.features.crs
    assert back.coverage.geom_equals_exact(frame.coverage, 0.0).all()


def test_putting_leaves_the_frame_as_it_was(store):
    frame = _frame()
    before = frame.features.copy(deep=True)
    store.put_version(SPEC, frame, report=None, now=NOW)
    pd.testing.assert_frame_equal(pd.DataFrame(frame.features), pd.DataFrame(before))


def test_another_opening_finds_every_fact_again(store, tmp_path):
    version = store.put_version(SPEC, _frame(coverage=True), report=REPORT, now=NOW).version
    again = LayerStore(tmp_path / "data").get("red_line")
    assert again == version
    assert again.created_at.tzinfo is not None
    assert again.report == REPORT


def test_a_store_may_be_moved(store, tmp_path):
    _put(store)
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    moved = LayerStore(tmp_path / "elsewhere")
    assert len(moved.read(moved.get("red_line")).features) == 2


def test_the_same_content_is_not_stored_twice(store):
    first, second = _put(store), _put(store)
    assert (first.created, second.created) == (True, False)
    assert second.version == first.version
    assert len(store.versions("red_line")) == 1


def test_what_is_said_about_a_layer_is_part_of_its_version(store):
    _put(store)
    extended = _put(store, replace(SPEC, valid_to=date(2031, 12, 31)))
    assert extended.created
    assert [v.spec.valid_to.year for v in store.versions("red_line")] == [2031, 2030]


def test_going_back_to_old_content_is_a_new_version(store):
    numbers = [_put(store, east=east).version.number for east in (103.0, 103.5, 103.0)]
    assert numbers == [1, 2, 3]
    newest, _, oldest = store.versions("red_line")
    assert newest.content_sha256 == oldest.content_sha256


def test_old_versions_stay_readable(store):
    _put(store, east=103.0)
    _put(store, east=103.5)
    assert store.get("red_line", 1).bounds_lonlat[2] == 103.0
    assert store.get("red_line").number == 2
    assert store.read(store.get("red_line", 1)).features.total_bounds[2] == 103.0


def test_the_catalogue_lists_the_newest_of_each_layer_by_id(store):
    for number in range(11):
        _put(store, replace(SPEC, id="b_line"), 103.0 + number / 100)
    _put(store, replace(SPEC, id="a_line"))
    assert [(v.layer_id, v.number) for v in store.current()] == [("a_line", 1), ("b_line", 11)]


def test_an_empty_store_has_no_layers(store):
    assert store.current() == ()


@pytest.mark.parametrize(
    "layer_id",
    ["", "A", "1a", "_a", "a-b", "a b", "../up", "a/b", "a\\b", "红线", "a\n", "a" * 64, "con.x"],
)
def test_an_id_that_could_leave_its_folder_is_refused(store, tmp_path, layer_id):
    with pytest.raises(LayerIdError) as caught:
        _put(store, replace(SPEC, id=layer_id))
    assert caught.value.params == {"layer_id": layer_id}
    assert store.current() == ()
    assert not (tmp_path / "data" / "layers").exists()


def test_the_longest_id(store):
    assert _put(store, replace(SPEC, id="a" * 63)).created


def test_an_unknown_kind_is_refused(store):
    with pytest.raises(UnknownKindError) as caught:
        _put(store, replace(SPEC, kind="sea"))
    assert caught.value.params["kind"] == "sea"


def test_features_without_a_crs_are_refused(store):
    frame = _frame()
    bare = frame.features.set_crs(None, allow_override=True)
    with pytest.raises(MissingCrsError):
        store.put_version(SPEC, LayerFrame(features=bare, coverage=None), report=None, now=NOW)
    assert store.current() == ()


def test_a_layer_without_features_is_refused(store):
    empty = LayerFrame(features=_frame().features.iloc[:0], coverage=None)
    with pytest.raises(EmptyFileError) as caught:
        store.put_version(SPEC, empty, report=None, now=NOW)
    assert caught.value.params == {"name": "red_line"}


@pytest.mark.parametrize("ask", ["versions", "get"])
@pytest.mark.parametrize("layer_id", ["nothing", "../../etc/passwd", "x' OR 1=1 --"])
def test_an_unknown_layer(store, ask, layer_id):
    _put(store)
    with pytest.raises(UnknownLayerError) as caught:
        getattr(store, ask)(layer_id)
    assert caught.value.params == {"layer_id": layer_id}


@pytest.mark.parametrize("number", [0, 2, -1])
def test_an_unknown_version(store, number):
    _put(store)
    with pytest.raises(UnknownVersionError) as caught:
        store.get("red_line", number)
    assert caught.value.params == {"layer_id": "red_line", "version": number}


def _flip_a_bit(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _remove(path: Path) -> None:
    path.chmod(0o644)
    path.unlink()


@pytest.mark.parametrize("damage", [_flip_a_bit, _remove])
def test_a_file_that_is_not_what_was_stored_is_never_used(store, tmp_path, damage):
    version = _put(store).version
    damage(version.path)
    with pytest.raises(DamagedVersionError) as caught:
        store.read(version)
    assert caught.value.params == {"layer_id": "red_line", "version": 1}
    with pytest.raises(DamagedVersionError):
        store.export(version, tmp_path / "out.geojson")
    assert not (tmp_path / "out.geojson").exists()
    # The same again is its successor, and is read.
    again = _put(store)
    assert (again.created, again.version.number) == (True, 2)
    assert len(store.read(again.version).features) == version.feature_count


def test_no_layer_of_a_kind_is_a_value(store):
    assert store.controls("lake_belt") == MissingLayer(kind="lake_belt")


def test_a_real_layer_puts_demonstrations_of_its_kind_aside(store):
    def ids() -> list[str]:
        return [version.layer_id for version in store.controls("ecological_red_line")]

    demonstration = replace(SPEC, id="demo_line", status=LayerStatus.DEMONSTRATION)
    _put(store, demonstration)
    _put(store, replace(demonstration, id="demo_farm", kind="permanent_basic_farmland"))
    assert ids() == ["demo_line"]
    _put(store, replace(SPEC, id="kunming", status=LayerStatus.INDICATIVE))
    assert ids() == ["kunming"]
    _put(store, replace(SPEC, id="dehong"))
    assert ids() == ["dehong", "kunming"]
    farmland = store.controls("permanent_basic_farmland")
    assert [version.layer_id for version in farmland] == ["demo_farm"]


def test_where_a_real_layer_stood_no_demonstration_counts_again(store):
    _put(store, replace(SPEC, id="demo_line", status=LayerStatus.DEMONSTRATION))
    _put(store)
    _put(store, replace(SPEC, status=LayerStatus.DEMONSTRATION))
    lost = MissingLayer(kind="ecological_red_line", lost=("red_line",))
    assert store.controls("ecological_red_line") == lost


def test_threads_of_one_process_take_turns(store):
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: _put(store, east=103.0 + n / 100), range(8)))
    assert all(result.created for result in results)
    assert [v.number for v in store.versions("red_line")] == list(range(8, 0, -1))
    assert {v.bounds_lonlat[2] for v in store.versions("red_line")} == {
        103.0 + n / 100 for n in range(8)
    }


def test_lines_are_refused_where_a_kind_is_made_of_polygons(store: LayerStore) -> None:
    # A red line drawn as lines overlaps nothing, and every site would be clear of it.
    line = gpd.GeoDataFrame(
        {"feature_id": ["1"]},
        geometry=[shapely.LineString([(102, 24), (103, 25)])],
        crs="EPSG:4490",
    )
    with pytest.raises(WrongGeometryError) as caught:
        store.put_version(
            replace(SPEC, id="lines", kind="ecological_red_line"),
            LayerFrame(features=line, coverage=None),
            report=None,
            now=NOW,
        )
    assert caught.value.params["found"] == ["LineString"]
    assert store.current() == ()


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"precision_m": float("nan")}, "precision_m"),
        ({"precision_m": float("inf")}, "precision_m"),
        ({"precision_m": -1.0}, "precision_m"),
        ({"precision_m": 0.0}, "precision_m"),
        ({"valid_from": date(2030, 1, 1), "valid_to": date(2029, 12, 31)}, "valid_to"),
    ],
)
def test_facts_that_cannot_be_are_refused(store, changes, fact):
    # An endless precision would make a technical contact of every small overlap.
    with pytest.raises(LayerFactError) as caught:
        _put(store, replace(SPEC, **changes))
    assert caught.value.params["fact"] == fact
    assert store.current() == ()


def test_a_layer_that_holds_for_one_day(store):
    day = date(2026, 11, 23)
    assert _put(store, replace(SPEC, valid_from=day, valid_to=day)).created


def test_a_new_version_is_of_the_same_kind(store):
    # Else a layer of another kind would vanish, and its kind with it.
    _put(store)
    with pytest.raises(KindChangedError) as caught:
        _put(store, replace(SPEC, kind="lake_belt"))
    assert caught.value.params == {
        "layer_id": "red_line", "kind": "lake_belt", "found": "ecological_red_line",
    }  # fmt: skip
    assert [v.number for v in store.versions("red_line")] == [1]
