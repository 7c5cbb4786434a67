"""Overlaps of many parcels: same rows by one process, by several, and by GEOS."""

import json
import os
import signal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from typer.testing import CliRunner

from api.check.batch.cluster import ClusterAddressError, local_crew, remote_crew
from api.check.batch.overlap_table import OverlapRequest, in_this_process, overlap_table
from api.cli import app
from api.workspace.output import OutputError
from api.workspace.workspace import Workspace
from geo.errors import MissingCrsError
from geo.measure.area import area_lonlat_m2
from layers.errors import AmbiguousFileError, DamagedFileError
from layers.readers._gdal import pyogrio
from layers.store.compiled import parcels as bulk
from maps.check.document import overlap_document
from maps.i18n import LANGUAGES

LAYER = "demo_ecological_red_line"
RNG = np.random.default_rng(3)


@pytest.fixture
def parcels(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """900 squares around the layer's features, in six partitions."""
    monkeypatch.setattr(bulk, "_ROWS", 150)
    features = workspace.load(workspace.store.get(LAYER)).features.geometry.to_numpy()
    near = features[RNG.integers(0, len(features), 900)]
    west, south, east, north = shapely.bounds(near).T
    x, y = RNG.uniform(west, east), RNG.uniform(south, north)
    frame = gpd.GeoDataFrame(
        {"no": [f"P{n}" for n in range(900)]},
        geometry=shapely.box(x, y, x + 0.01, y + 0.01),
        crs="EPSG:4490",
    )
    path = tmp_path / "parcels.parquet"
    frame.to_parquet(path, row_group_size=75)
    return path


def asked(parcels: Path, name: str) -> OverlapRequest:
    return OverlapRequest(
        parcels=parcels, layer_id=LAYER, id_column="no", output=parcels.with_name(name)
    )


def nothing(_: int, __: int) -> None:
    pass


def test_geos_gives_the_same_rows(workspace: Workspace, parcels: Path) -> None:
    # Second method: shapely's tree and intersection, areas by area_lonlat_m2.
    steps: list[tuple[int, int]] = []
    answer = overlap_table(
        workspace, asked(parcels, "out.parquet"), in_this_process(1), lambda *at: steps.append(at)
    )
    assert steps == [(n, 6) for n in range(1, 7)]
    found = pq.read_table(parcels.with_name("out.parquet"))
    features = workspace.load(workspace.store.get(LAYER)).features
    sites = gpd.read_parquet(parcels)
    feature, site = shapely.STRtree(sites.geometry).query(features.geometry, "intersects")
    area = area_lonlat_m2(
        shapely.intersection(sites.geometry.to_numpy()[site], features.geometry.to_numpy()[feature])
    )
    real = area > 1e-6
    expected = sorted(
        zip(
            sites["no"].to_numpy()[site[real]],
            features["feature_id"].to_numpy()[feature[real]],
            area[real],
            strict=True,
        )
    )
    rows = sorted(
        zip(
            *(found.column(name).to_pylist() for name in ("parcel_id", "feature_id", "area_m2")),
            strict=True,
        )
    )
    assert len(rows) > 50
    assert [row[:2] for row in rows] == [row[:2] for row in expected]
    assert np.allclose([row[2] for row in rows], [row[2] for row in expected], rtol=1e-9, atol=1e-6)
    assert answer.overlaps == len(rows)
    assert answer.touched == len({row[0] for row in rows})
    assert answer.overlap_area_m2 == pytest.approx(sum(row[2] for row in rows), rel=1e-12)
    assert found.schema.metadata[b"layer"].startswith(b"demo_ecological_red_line@")
    numbers = found.column("parcel_row").to_pylist()
    assert numbers == sorted(numbers)
    assert [f"P{n}" for n in numbers] == found.column("parcel_id").to_pylist()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_workers_give_the_same_rows_and_one_may_die(
    workspace: Workspace, parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Property: the crew does not matter. One of two workers is killed after the first piece.
    overlap_table(workspace, asked(parcels, "one.parquet"), in_this_process(2), nothing)
    started = pids_of_children()
    with local_crew(2) as crew:
        workers = [pid for pid in pids_of_children() - started if is_worker(pid)]

        def killing(done: int, _: int) -> None:
            if done == 1:
                os.kill(workers[0], signal.SIGKILL)

        answer = overlap_table(workspace, asked(parcels, "two.parquet"), crew, killing)
    assert answer.workers == 2
    one, two = (pq.read_table(parcels.with_name(f"{name}.parquet")) for name in ("one", "two"))
    assert one.equals(two)


def pids_of_children() -> set[int]:
    mine = str(os.getpid())
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1] == mine:
                found.add(int(stat.parent.name))
        except OSError:
            continue
    return found


def is_worker(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    with pytest.raises(ClusterAddressError) as caught, remote_crew("nowhere"):
        pass
    assert caught.value.params == {"address": "nowhere"}


def test_projected_parcels_are_cut_before_they_are_moved(
    workspace: Workspace, parcels: Path
) -> None:
    # Property: the same ground, given in a Gauss-Krueger plane.
    overlap_table(workspace, asked(parcels, "one.parquet"), in_this_process(1), nothing)
    plane = parcels.with_name("plane.parquet")
    gpd.read_parquet(parcels).segmentize(0.001).to_crs("EPSG:4543").to_frame("geometry").assign(
        no=[f"P{n}" for n in range(900)]
    ).to_parquet(plane)
    overlap_table(workspace, asked(plane, "two.parquet"), in_this_process(1), nothing)
    one, two = (
        pq.read_table(parcels.with_name(f"{name}.parquet")).column("area_m2").to_numpy().sum()
        for name in ("one", "two")
    )
    assert two == pytest.approx(one, rel=1e-6)


@pytest.mark.parametrize("suffix", ["gpkg", "fgb"])
def test_other_formats_give_the_rows_of_geoparquet(
    workspace: Workspace, parcels: Path, suffix: str
) -> None:
    path = parcels.with_suffix(f".{suffix}")
    # FlatGeobuf has an order of its own unless it is told not to.
    options = {"SPATIAL_INDEX": "NO"} if suffix == "fgb" else {}
    pyogrio.write_dataframe(gpd.read_parquet(parcels), path, **options)
    tables = []
    for source, name in ((parcels, "one.parquet"), (path, "two.parquet")):
        overlap_table(workspace, asked(source, name), in_this_process(1), nothing)
        tables.append(pq.read_table(parcels.with_name(name)))
    assert tables[0].equals(tables[1])
    assert tables[0].num_rows > 300


def test_a_file_of_several_layers_is_for_a_person_to_choose(
    workspace: Workspace, parcels: Path
) -> None:
    path, frame = parcels.with_suffix(".gpkg"), gpd.read_parquet(parcels)
    for name in ("one", "two"):
        pyogrio.write_dataframe(frame.head(3), path, layer=name)
    with pytest.raises(AmbiguousFileError):
        overlap_table(workspace, asked(path, "out.parquet"), in_this_process(1), nothing)


def test_bad_files_are_refused_and_nothing_is_left(workspace: Workspace, tmp_path: Path) -> None:
    here = in_this_process(1)
    plain = tmp_path / "plain.parquet"
    pq.write_table(pa.table({"a": [1]}), plain)
    text = tmp_path / "text.parquet"
    text.write_text("no parquet", encoding="utf-8")
    for path in (plain, text, tmp_path / "absent.parquet"):
        with pytest.raises(DamagedFileError):
            overlap_table(workspace, asked(path, "out.parquet"), here, nothing)
    unknown = tmp_path / "unknown.parquet"
    gpd.GeoDataFrame({"no": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)]).to_parquet(unknown)
    with pytest.raises(MissingCrsError):
        overlap_table(workspace, asked(unknown, "out.parquet"), here, nothing)
    assert not list(tmp_path.glob("*.tmp"))
    assert not (tmp_path / "out.parquet").exists()


def test_an_output_that_cannot_be_written_is_named(workspace: Workspace, parcels: Path) -> None:
    request = OverlapRequest(
        parcels=parcels, layer_id=LAYER, id_column=None, output=parcels / "x" / "out.parquet"
    )
    with pytest.raises(OutputError):
        overlap_table(workspace, request, in_this_process(1), nothing)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_what_it_wrote(
    own_store: Path, parcels: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    output = parcels.with_name("cli.parquet")
    command = ["overlap", str(parcels), LAYER, "-o", str(output), "--lang", lang]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "900" in done.output
    assert str(output) in done.output
    asked_json = CliRunner().invoke(app, [*command, "--json", "--id-column", "no"])
    answer = json.loads(asked_json.output)
    assert answer["parcels"] == 900
    assert answer["overlaps"] == pq.read_metadata(output).num_rows


def test_parcels_that_no_check_would_judge_are_counted(
    workspace: Workspace, tmp_path: Path
) -> None:
    # By hand: one in Shanghai, one of a square centimetre, one sound.
    shapes = [shapely.box(121.4, 31.2, 121.5, 31.3), shapely.box(102.8, 24.9, 102.8 + 1e-7, 24.9 + 1e-7), shapely.box(102.8, 24.9, 102.81, 24.91)]  # fmt: skip
    path = tmp_path / "odd.parquet"
    gpd.GeoDataFrame({"no": ["a", "b", "c"]}, geometry=shapes, crs="EPSG:4490").to_parquet(path)
    answer = overlap_table(workspace, asked(path, "out.parquet"), in_this_process(1), nothing)
    assert (answer.parcels, answer.outside_region, answer.too_small) == (3, 1, 1)
    for lang in LANGUAGES:
        (section,) = overlap_document(answer, lang).sections
        assert [block.role for block in section.blocks].count("notice") == 2
