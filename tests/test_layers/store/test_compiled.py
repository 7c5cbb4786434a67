"""Compiled layers: the same polygons as in the store, and never trusted when damaged."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.kernel.pairs import index_polygons
from geo.kernel.ragged import from_shapely
from geo.measure.crs import to_lonlat
from layers.errors import DamagedVersionError
from layers.model import LayerFrame, LayerSpec, LayerStatus, LayerVersion, Sensitivity
from layers.store import blocks
from layers.store.compiled import folder as folders
from layers.store.compiled.arrow import read_polygons
from layers.store.compiled.layer import compiled_folder, mapped_layer, open_compiled
from layers.store.geopackage import write_geopackage
from layers.store.layer_store import LayerStore

RNG = np.random.default_rng(5)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def version(tmp_path: Path) -> LayerVersion:
    corner = RNG.uniform((102, 24), (103, 25), (300, 2))
    boxes = shapely.buffer(shapely.points(corner), RNG.uniform(0.001, 0.02, 300), quad_segs=4)
    names = [f"红线-{number}" for number in range(300)]
    features = gpd.GeoDataFrame({"feature_id": names}, geometry=boxes, crs="EPSG:4490")
    spec = LayerSpec(
        id="red",
        kind="ecological_red_line",
        title_zh="红线",
        title_en="Red lines",
        status=LayerStatus.DEMONSTRATION,
        sensitivity=Sensitivity.INTERNAL,
        source="made up",
        licence="none",
    )
    frame = LayerFrame(features=features, coverage=None)
    return LayerStore(tmp_path).put_version(spec, frame, report=None, now=NOW).version


@pytest.fixture
def store(tmp_path: Path, version: LayerVersion) -> LayerStore:
    return LayerStore(tmp_path)


def folder_of(tmp_path: Path, version: LayerVersion) -> Path:
    return compiled_folder(tmp_path, version)


def test_areas_are_those_of_geos(tmp_path: Path, store: LayerStore, version: LayerVersion) -> None:
    # Second method: shapely on the frame that the store gives, by feature id.
    frame = store.read(version).features.set_index("feature_id").geometry
    layer = open_compiled(tmp_path, store, version)
    sites = shapely.box(*RNG.uniform((102, 24), (103, 25), (40, 2)).T, 103.0, 25.0)
    site, feature, area_m2, covered = layer.overlaps(index_polygons(from_shapely(sites)), threads=1)
    shapes = frame[layer.feature_ids(feature)].to_numpy()
    common = shapely.intersection(sites[site], shapes)
    assert len(site) == (shapely.area(shapely.intersection(sites[:, None], frame)) > 0).sum()
    assert np.allclose(area_m2, shapely.area(common) * 1.13e10, rtol=0.02)
    assert not covered.any()
    assert shapely.equals(layer.side.polygons.geometries(feature), shapes).all()


def test_arrow_gives_the_arrays_that_objects_give(tmp_path: Path) -> None:
    # Second method: the frame of the store, polygon by polygon; in degrees and in a plane.
    hole = shapely.Point(102.005, 24.005).buffer(0.002)
    holed = shapely.difference(shapely.box(102, 24, 102.01, 24.01), hole)
    many = shapely.union(holed, shapely.box(102.02, 24, 102.03, 24.01))
    lonlat = gpd.GeoSeries([holed, many, shapely.box(102.1, 24, 102.11, 24.01)], crs="EPSG:4490")
    for crs in ("EPSG:4490", "EPSG:4543"):
        features = gpd.GeoDataFrame({"feature_id": ["a", "乙", "c"]}, geometry=lonlat.to_crs(crs))
        path = tmp_path / f"{crs[5:]}.gpkg"
        write_geopackage(LayerFrame(features=features, coverage=None), path)
        polygons, names = read_polygons(path, "feature_id", layer="features")
        expected = from_shapely(to_lonlat(features.geometry).to_numpy())
        assert names.to_pylist() == ["a", "乙", "c"]
        for found, wanted in zip(polygons, expected, strict=True):
            assert np.array_equal(found, wanted)


def test_it_is_made_once(
    tmp_path: Path, store: LayerStore, version: LayerVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_compiled(tmp_path, store, version)
    monkeypatch.setattr(LayerStore, "sound_path", lambda *_: pytest.fail("read again"))
    again = open_compiled(tmp_path, store, version)
    assert np.array_equal(first.side.polygons.xy, again.side.polygons.xy)
    assert not again.side.polygons.xy.flags.writeable
    other = mapped_layer(folder_of(tmp_path, version))
    assert other.feature_ids([3]) == first.feature_ids([3])


def damage_byte(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-8])


def garble(path: Path) -> None:
    path.write_text("{}x", encoding="utf-8")


def zero_polygons(path: Path) -> None:
    """Make 60 polygons nothing, and leave size and time of change as they were."""
    stat = path.stat()
    path.chmod(0o644)
    vertices = np.load(path, mmap_mode="r+")
    vertices[: 60 * 17] = 0.0
    vertices.flush()
    del vertices
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("polygons_xy.npy", damage_byte),
        ("polygons_xy.npy", zero_polygons),
        ("grid_members.npy", cut_short),
        ("boxes_boxes.npy", Path.unlink),
        ("manifest.json", garble),
        ("manifest.json", Path.unlink),
    ],
)
def test_what_is_damaged_is_made_again(
    tmp_path: Path, store: LayerStore, version, name, damage, monkeypatch
) -> None:
    whole = np.array(open_compiled(tmp_path, store, version).side.polygons.xy)
    folder = folder_of(tmp_path, version)
    monkeypatch.setattr(blocks, "_found_whole", set())  # as in a process of its own
    damage(folder / name)
    assert not folders.is_sound(folder)
    again = open_compiled(tmp_path, store, version)
    assert np.array_equal(again.side.polygons.xy, whole)
    assert folders.is_sound(folder)
    assert sorted(path.name for path in folder.parent.iterdir() if path.is_dir()) == [folder.name]


def test_a_copy_is_as_good(tmp_path: Path, store, version) -> None:
    open_compiled(tmp_path, store, version)
    folder = folder_of(tmp_path, version)
    copy = tmp_path / "elsewhere" / folder.name
    shutil.copytree(folder, copy, copy_function=shutil.copy)
    assert len(mapped_layer(copy).id_ends) == 301


def test_a_folder_in_the_place_of_another_is_made_again(tmp_path: Path, store, version) -> None:
    frame = store.read(version)
    fewer = LayerFrame(features=frame.features.iloc[:240], coverage=None)
    other = store.put_version(version.spec, fewer, report=None, now=NOW).version
    for one in (version, other):
        open_compiled(tmp_path, store, one)
    mine, its = folder_of(tmp_path, version), folder_of(tmp_path, other)
    shutil.rmtree(mine)
    its.rename(mine)
    assert len(open_compiled(tmp_path, store, version).id_ends) == 301


def test_nothing_is_made_from_a_damaged_version(tmp_path: Path, store, version) -> None:
    damage_byte(version.path)
    with pytest.raises(DamagedVersionError):
        open_compiled(tmp_path, store, version)
    assert not folder_of(tmp_path, version).exists()


def test_many_may_ask_at_once(tmp_path: Path, store, version, monkeypatch) -> None:
    made = []
    read = LayerStore.sound_path
    monkeypatch.setattr(LayerStore, "sound_path", lambda *args: made.append(1) or read(*args))
    with ThreadPoolExecutor(4) as pool:
        layers = list(pool.map(lambda _: open_compiled(tmp_path, store, version), range(8)))
    assert made == [1]
    assert len({len(layer.side.polygons.xy) for layer in layers}) == 1
