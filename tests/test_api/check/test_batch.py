"""Batches. Oracles: single checks of the same files, files read back by other programs, by hand."""

import io
import json
import time
import zipfile
from collections import Counter
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.batch.output import write_batch
from api.check.batch.run import (
    BatchTerms,
    EmptyBatchError,
    entries_of,
    run_batch,
    uploaded_entries,
)
from api.check.judgement import CHUNK
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import read_and_check
from api.cli import app
from api.exits import exit_of_batch
from api.settings import Settings
from api.workspace.tasks import TaskCancelledError
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from layers.errors import UnknownNatureError
from layers.model import ReadOptions
from layers.readers import source_from_path
from maps.check.batch_answers import Batch
from tests.test_api.conftest import polygon, square

TERMS = BatchTerms(options=ReadOptions(), nature="park_expansion")


def ring(west: float, south: float, size: float) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(*rings: object, **names: str) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": names.get(f"n{at}", f"地块{at}")},
            "geometry": one if one is None or isinstance(one, dict) else {"type": "Polygon", "coordinates": one},
        }
        for at, one in enumerate(rings)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def silent(done: int, total: int, note: str) -> None:
    pass


def shapefile(folder: Path, name: str) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["甲"]}, geometry=[shapely.box(102.80, 24.98, 102.81, 24.99)], crs="EPSG:4490"
    )
    frame.to_file(folder / f"{name}.shp", encoding="GBK")


@pytest.fixture
def reading(built_store: Path) -> Workspace:
    return Workspace(Settings(data_dir=built_store))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "项目"
    (root / "二期").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "a.geojson").write_text(collection(ring(102.77, 24.935, 0.01)), encoding="utf-8")
    shapefile(root / "二期", "地块")
    (root / "bad.geojson").write_text("{broken", encoding="utf-8")
    (root / "说明.txt").write_text("不是数据", encoding="utf-8")
    (root / ".hidden" / "x.geojson").write_text("{}", encoding="utf-8")
    two = gpd.GeoDataFrame(geometry=[shapely.box(102.80, 24.98, 102.81, 24.99)], crs="EPSG:4490")
    two.to_file(root / "two.gpkg", layer="一")
    two.to_file(root / "two.gpkg", layer="二")
    return root


def run(workspace: Workspace, *paths: Path, leave_out: Path = Path("/nowhere")) -> Batch:
    entries = entries_of(paths, workspace.limits, leave_out=leave_out)
    return run_batch(workspace, entries, TERMS, silent)


def test_a_folder_is_checked_file_by_file_and_what_fails_is_named(
    reading: Workspace, folder: Path
) -> None:
    batch = run(reading, folder)
    said = {(file.name, file.layer): file for file in batch.files}
    assert {name: file.status for name, file in said.items()} == {
        ("a.geojson", None): "checked",
        ("bad.geojson", None): "refused",
        ("two.gpkg", "一"): "checked",
        ("two.gpkg", "二"): "checked",
        ("二期/地块.shp", None): "checked",
        ("说明.txt", None): "skipped",
    }
    assert (batch.complete, batch.done, batch.total, batch.refused) == (False, 5, 5, 1)
    assert said["bad.geojson", None].refusal.code.startswith("layers.read.")


def test_each_check_is_the_one_that_the_file_has_alone(reading: Workspace, folder: Path) -> None:
    batch = run(reading, folder / "a.geojson")
    (source,) = [source_from_path(folder / "a.geojson", reading.limits)]
    alone = read_and_check(reading, source, ReadOptions(), "park_expansion")
    assert batch.files[0].check == alone
    assert reading.archive.get(alone.id) == alone


@pytest.mark.slow
def test_thousands_are_chunked_and_come_out_like_one_by_one(
    reading: Workspace, tmp_path: Path
) -> None:
    """Oracle: the same sites in files of their own, and in another order of chunks."""
    rings = [ring(102.76 + 0.0004 * at, 24.93 + 0.0003 * at, 0.003) for at in range(CHUNK + 3)]
    big = tmp_path / "big.geojson"
    big.write_text(collection(*rings), encoding="utf-8")
    steps: list[tuple[int, int]] = []
    entries = entries_of([big], reading.limits, leave_out=tmp_path / "out")
    batch = run_batch(reading, entries, TERMS, lambda done, total, _: steps.append((done, total)))
    sites = batch.files[0].check.sites
    assert len(sites) == CHUNK + 3
    # The same number is told once for each layer, so that a chunk can be stopped in its middle.
    told = list(dict.fromkeys(steps))
    assert told == [(0, 1), (0, CHUNK + 3), (CHUNK, CHUNK + 3), (CHUNK + 3, CHUNK + 3)]
    assert steps.count((0, CHUNK + 3)) > 10
    for at in (0, 100, CHUNK - 1, CHUNK, CHUNK + 2):
        one = tmp_path / "one.geojson"
        one.write_text(collection(rings[at], n0=f"地块{at}"), encoding="utf-8")
        (alone,) = run(reading, one).files[0].check.sites
        then, now = (
            [(f.rule_id, f.layer_id, f.verdict, f.reasons, f.overlap_area_m2, f.nearest_m or 0.0) for f in s.findings]
            for s in (sites[at], alone)
        )  # fmt: skip
        assert [row[:4] for row in then] == [row[:4] for row in now]
        for mine, theirs in zip(then, now, strict=True):
            assert mine[4:] == pytest.approx(theirs[4:], rel=1e-9, abs=1e-6)


def test_a_bad_site_stops_no_other_and_the_rest_keep_their_numbers(
    workspace: Workspace, tmp_path: Path
) -> None:
    bad = tmp_path / "mixed.geojson"
    good = ring(102.80, 24.98, 0.001)
    bowtie = [[[102.8, 24.98], [102.81, 24.99], [102.81, 24.98], [102.8, 24.99], [102.8, 24.98]]]
    bad.write_text(
        collection(
            good,
            None,
            {"type": "Point", "coordinates": [102.8, 24.98]},
            [[[102.8, 24.98], [102.9, 24.98], [102.8, 24.98], [102.8, 24.98]]],
            bowtie,
            good,
        ),
        encoding="utf-8",
    )
    check = run(workspace, bad).files[0].check
    assert [(site.site_id, site.name) for site in check.sites] == [
        ("1", "地块0"), ("5", "地块4"), ("6", "地块5"),
    ]  # fmt: skip
    ledger = check.read_report.ledger
    assert (ledger.found, ledger.used) == (6, 3)
    assert [(one.label, one.reason) for one in ledger.left_out] == [
        ("2", "no_geometry"), ("3", "is_point"), ("4", "no_area"),
    ]  # fmt: skip
    assert verify_evidence(build_evidence(workspace, check.id)).differences == []


def test_the_outputs_hold_every_site_and_every_part(
    reading: Workspace, folder: Path, tmp_path: Path
) -> None:
    batch = run(reading, folder)
    written = write_batch(batch, tmp_path / "out", "zh")
    assert [one.path for one in written.outputs] == ["batch.xlsx", "conflicts.gpkg", "results.json"]
    sites = [(f, s) for f in batch.files if f.check for s in f.check.sites]
    assert written.verdicts == dict(Counter(site.verdict for _, site in sites))
    parts = [p for _, s in sites for f in s.findings for p in f.parts]
    layer = gpd.read_file(tmp_path / "out" / "conflicts.gpkg", layer="conflicts")
    assert len(layer) == len(parts)
    measured = area_lonlat_m2(layer.geometry.to_numpy())
    # Geometry is told to 1e-8 degrees: the width of a millimetre round each part.
    assert measured == pytest.approx(layer["area_m2"].to_numpy(), rel=1e-3, abs=5.0)
    book = openpyxl.load_workbook(tmp_path / "out" / "batch.xlsx")
    rows = {sheet.title: list(sheet.values) for sheet in book}
    assert list(rows) == [
        "地块",
        "文件",
        "逐条规则结论",
        "逐层结论（不含“未涉及”）",
        "无法判定与说明",
        "依据",
    ]
    assert len(rows["文件"]) == 1 + len(batch.files)
    assert len(rows["逐条规则结论"]) == 1 + len(sites)
    unused = [one for one in batch.files if one.check is None]
    lost = [one for file in batch.files if file.check for one in file.check.left_out]
    assert len(rows["地块"]) == 1 + len(sites) + len(unused) + len(lost)
    not_clear = [f for _, s in sites for f in s.findings if f.verdict != "clear"]
    assert len(rows["逐层结论（不含“未涉及”）"]) == 1 + len(not_clear)
    again = Batch.model_validate_json((tmp_path / "out" / "results.json").read_bytes())
    assert [f.check.id for f in again.files if f.check] == [f.check.id for f in batch.files if f.check]  # fmt: skip


def test_a_formula_in_a_name_stays_text_and_equal_batches_give_equal_bytes(
    reading: Workspace, tmp_path: Path
) -> None:
    evil = tmp_path / "=1+1.geojson"
    evil.write_text(
        collection(ring(102.8, 24.98, 0.001), n0="=cmd|' /C calc'!A0"), encoding="utf-8"
    )
    for name in ("one", "two"):
        write_batch(run(reading, evil), tmp_path / name, "en")
    one, two = ((tmp_path / name / "batch.xlsx").read_bytes() for name in ("one", "two"))
    assert one == two
    cells = [
        cell for sheet in openpyxl.load_workbook(io.BytesIO(one)) for row in sheet for cell in row
    ]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert "'=cmd|' /C calc'!A0" in {cell.value for cell in cells}


def test_what_is_stopped_says_so_and_keeps_what_was_done(reading: Workspace, folder: Path) -> None:
    entries = entries_of([folder], reading.limits, leave_out=folder / "out")

    def stop(done: int, total: int, note: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    batch = run_batch(reading, entries, TERMS, stop)
    assert (batch.complete, batch.done, batch.total, len(batch.files)) == (False, 1, 5, 1)


def test_the_output_folder_is_not_checked_itself(reading: Workspace, folder: Path) -> None:
    out = folder / "out"
    write_batch(run(reading, folder / "a.geojson"), out, "zh")
    assert not [f.name for f in run(reading, folder, leave_out=out).files if "out/" in f.name]


def test_nothing_to_check_and_an_unknown_nature_are_refused(
    reading: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(EmptyBatchError):
        entries_of([tmp_path], reading.limits, leave_out=tmp_path / "out")
    with pytest.raises(EmptyBatchError):
        uploaded_entries({})
    with pytest.raises(UnknownNatureError):
        run_batch(reading, [], BatchTerms(options=ReadOptions(), nature="magic"), silent)


def test_uploaded_members_of_a_shapefile_are_one_entry(folder: Path) -> None:
    files = {f"二期/{path.name}": path.read_bytes() for path in (folder / "二期").iterdir()}
    entries = uploaded_entries({**files, "a.geojson": b"{}", "b.shx": b"alone"})
    assert [(entry.name, entry.named) for entry in entries] == [
        ("a.geojson", False), ("b.shx", False), ("二期/地块.shp", False),
    ]  # fmt: skip
    assert set(entries[2].open().files) == set(files)
    assert uploaded_entries({"a.geojson": b"{}"})[0].named


def ended(client: TestClient, task: dict) -> dict:
    for _ in range(300):
        now = client.get(f"/api/v1/tasks/{task['id']}").json()
        if now["status"] not in {"waiting", "running"}:
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def test_a_batch_over_http_is_a_task_whose_files_can_be_fetched(
    client: TestClient, folder: Path
) -> None:
    names = [p for p in sorted(folder.rglob("*")) if p.is_file() and ".hidden" not in p.parts]
    files = [("file", (path.relative_to(folder).as_posix(), path.read_bytes())) for path in names]
    answer = client.post("/api/v1/batches", files=files, data={"nature": "park_expansion"})
    assert answer.status_code == 202
    task = ended(client, answer.json())
    assert (task["status"], task["kind"]) == ("finished", "batch")
    assert task["files"] == ["batch.xlsx", "conflicts.gpkg", "results.json"]
    statuses = Counter(file["status"] for file in task["result"]["batch"]["files"])
    assert statuses == {"checked": 4, "refused": 1, "skipped": 1}
    book = client.get(f"/api/v1/tasks/{task['id']}/files/batch.xlsx").content
    assert zipfile.is_zipfile(io.BytesIO(book))
    # The folder of the server is nobody's business.
    assert str(folder.parent) not in json.dumps(task)
    check_id = task["result"]["batch"]["files"][0]["check"]["id"]
    assert client.get(f"/api/v1/checks/{check_id}").status_code == 200


def test_http_refuses_before_a_task_begins(client: TestClient) -> None:
    assert client.post("/api/v1/batches", data={"nature": "x"}).status_code == 422
    files = [("file", ("a.geojson", b"{}"))]
    wrong = client.post("/api/v1/batches", files=files, data={"nature": "magic"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "layers.natures.unknown")


@pytest.mark.slow
def test_the_command_writes_the_files_and_a_conflict_outweighs_a_bad_file(
    own_store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["batch", str(folder), "-o", str(out)])
    assert done.exit_code == 1, done.output
    assert "bad.geojson" in done.output
    assert {path.name for path in out.iterdir()} == {"batch.xlsx", "conflicts.gpkg", "results.json"}


@pytest.mark.parametrize(
    ("complete", "statuses", "verdicts", "code"),
    [
        (True, ["checked", "refused"], {"conflict": 1}, 1),
        (True, ["checked", "refused"], {"clear": 1, "undetermined": 1}, 2),
        (False, ["checked"], {"clear": 1}, 2),
        (True, ["checked", "skipped"], {"undetermined": 1}, 3),
        (True, ["checked"], {"clear": 1, "conditional": 2}, 0),
    ],
)
def test_the_exit_code_of_a_batch(
    complete: bool, statuses: list[str], verdicts: dict[str, int], code: int
) -> None:
    read = complete and "refused" not in statuses
    assert exit_of_batch(verdicts, complete=read) == code


def test_a_geodatabase_is_one_entry_and_tables_beside_it_are_none(
    reading: Workspace, tmp_path: Path
) -> None:
    golden = Path(__file__).parents[2] / "golden" / "readers" / "sites.gdb.zip"
    with zipfile.ZipFile(golden) as packed:
        packed.extractall(tmp_path)
    text = "年份,值,人\n2023,1,2\n2024,3,4\n2025,5,6\n"
    (tmp_path / "统计.csv").write_text(text, encoding="utf-8")
    (tmp_path / "报告.pdf").write_bytes(b"%PDF-1.7\n")
    said = {file.name: file.status for file in run(reading, tmp_path).files}
    assert said == {"sites.gdb": "checked", "报告.pdf": "skipped", "统计.csv": "skipped"}
    assert [file.name for file in run(reading, tmp_path / "sites.gdb").files] == ["sites.gdb"]


def test_a_batch_that_is_stopped_stops(workspace: Workspace) -> None:
    def stop(done: int, total: int, note: str = "") -> None:
        if total > 1:
            raise TaskCancelledError

    rows = [polygon(square(102.80 + 0.001 * at, 24.98, 0.001))["features"][0] for at in range(3)]
    content = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
    entries = uploaded_entries({"three.geojson": content})
    with pytest.raises(TaskCancelledError):
        run_batch(workspace, entries, BatchTerms(options=ReadOptions(), nature=None), stop)


def test_every_site_that_came_in_is_in_the_first_sheet_used_or_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    far, dot = ring(116.3, 39.9, 0.01), ring(102.82, 24.99, 1e-8)
    mixed = collection(ring(102.80, 24.98, 0.01), far, None, dot)
    (folder / "mixed.geojson").write_text(mixed, encoding="utf-8")
    (folder / "junk.geojson").write_text("junk", encoding="utf-8")
    entries = entries_of([folder], workspace.limits, leave_out=tmp_path / "out")
    batch = run_batch(workspace, entries, TERMS, lambda *_: None)
    write_batch(batch, tmp_path / "out", "en")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "batch.xlsx").worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    at = {name: head.index(name) for name in ("File", "Verdict", "Remark", "Area m2")}
    by_file = Counter(row[at["File"]] for row in rows)
    assert by_file == {"mixed.geojson": 4, "junk.geojson": 1}
    unused = [row for row in rows if row[at["Verdict"]] == "Not checked"]
    assert len(unused) == 4
    assert all(row[at["Remark"]] and row[at["Area m2"]] is None for row in unused)


def test_no_sheet_names_a_layer_by_its_id_alone(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.geojson").write_text(collection(ring(102.77, 24.935, 0.01)), encoding="utf-8")
    entries = entries_of([folder], workspace.limits, leave_out=tmp_path / "out")
    write_batch(run_batch(workspace, entries, TERMS, lambda *_: None), tmp_path / "out", "zh")
    book = openpyxl.load_workbook(tmp_path / "out" / "batch.xlsx")
    said = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert [one for one in said if one.startswith("demo_")] == []
    assert any("生态保护红线（演示数据）" in one for one in said)
