"""The self-audit. Oracles: a layer whose every fault was put there by hand; geopandas reads back."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.check.audit.layers import audit_layers
from api.check.audit.tables import write_audit
from api.cli import app
from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from layers.errors import UnknownLayerError
from layers.model import (
    Issue,
    LayerFrame,
    LayerSpec,
    LayerStatus,
    ReadReport,
    Sensitivity,
    Severity,
)
from maps.check.audit_answers import LayerAudit

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 102.7, 24.9, 0.001


def cell(x: float, y: float, wide: float = 1.0, high: float = 1.0) -> shapely.Polygon:
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + wide) * STEP, SOUTH + (y + high) * STEP
    )


def put(workspace: Workspace, kind: str, shapes: list, *, report=None, **columns: list) -> None:
    spec = LayerSpec(
        id=kind, kind=kind, title_zh=kind, title_en=kind, source="test", licence="none",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    features = gpd.GeoDataFrame(
        {"feature_id": [f"f{at}" for at in range(len(shapes))], **columns},
        geometry=shapes,
        crs="EPSG:4490",
    )
    frame = LayerFrame(features=features, coverage=None)
    workspace.store.put_version(spec, frame, report=report, now=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    return Workspace(
        Settings(data_dir=tmp_path / "data", allowed_hosts=("testserver",)), now=lambda: NOW
    )


@pytest.fixture
def faulty(store: Workspace) -> Workspace:
    shapes = [cell(0, 0), cell(0.5, 0), cell(3, 0), cell(3, 0), cell(6, 0, 0.004, 4), cell(9, 9)]
    true_mu = (area_lonlat_m2(np.array(shapes, dtype=object)) / 2000.0 * 3.0).tolist()
    true_mu[5] *= 1.05
    repaired = Issue(
        code="geometry_repaired", severity=Severity.WARNING, feature_id="f5",
        params={"why": "self_intersection", "area_before_m2": 1.0, "area_after_m2": 2.0},
    )  # fmt: skip
    report = ReadReport(
        name="x", sha256="", size_bytes=0, format="Shapefile", encoding=None, encoding_how=None,
        crs="EPSG:4490", crs_how="declared", feature_count=6, precision_m=None, issues=(repaired,),
    )  # fmt: skip
    names = ["滇池", "锟斤拷", "昆明".encode("gbk").decode("latin-1"), "甲", None, "乙"]
    put(store, "ecological_red_line", shapes, report=report, 面积=true_mu, 名称=names)
    put(store, "permanent_basic_farmland", [cell(0, 0.5), cell(20, 20)])
    put(store, "urban_development_boundary", [cell(40, 40)])
    return store


def audit(workspace: Workspace, *ids: str) -> LayerAudit:
    return audit_layers(workspace, ids, lambda done, total, note: None)


def test_every_fault_that_was_made_is_found_and_no_other(faulty: Workspace) -> None:
    found = audit(faulty)
    said = {
        (f.code, f.layer_id[:3], f.feature_id, f.other_feature_id, f.field) for f in found.faults
    }
    assert said == {
        ("repaired", "eco", "f5", None, None),
        ("duplicate", "eco", "f3", "f2", None),
        ("overlap", "eco", "f0", "f1", None),
        ("sliver", "eco", "f4", None, None),
        ("area", "eco", "f5", None, "面积"),
        ("text", "eco", "f1", None, "名称"),
        ("text", "eco", "f2", None, "名称"),
        ("lines_cross", "eco", "f0", "f0", None),
        ("lines_cross", "eco", "f1", "f0", None),
    }
    assert found.total == len(found.faults) == 9
    by_code = {f.code: f for f in found.faults}
    half = float(area_lonlat_m2(np.array([cell(0.5, 0, 0.5, 1)], dtype=object))[0])
    assert by_code["overlap"].area_m2 == pytest.approx(half, rel=1e-9)
    assert by_code["area"].stated_m2 == pytest.approx(1.05 * by_code["area"].area_m2, rel=1e-9)
    texts = {f.feature_id: f.repaired for f in found.faults if f.code == "text"}
    assert texts == {"f1": None, "f2": "昆明"}
    pairs = {(p.left[:3], p.right[:3]): (p.places, p.area_m2) for p in found.line_pairs}
    assert pairs[("eco", "urb")] == pairs[("per", "urb")] == (0, 0.0)
    assert pairs[("eco", "per")] == (2, pytest.approx(half, rel=1e-3))


def test_one_layer_alone_is_not_held_against_others(faulty: Workspace) -> None:
    found = audit(faulty, "permanent_basic_farmland")
    assert (found.total, found.line_pairs, [one.id for one in found.layers]) == (
        0, [], ["permanent_basic_farmland"],
    )  # fmt: skip
    with pytest.raises(UnknownLayerError):
        audit(faulty, "nothing")


def test_more_faults_than_are_listed_are_counted(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layers.check.audit_limits import audit_limits

    few = audit_limits().model_copy(update={"most_listed": 3})
    monkeypatch.setattr("api.check.audit.layers.audit_limits", lambda: few)
    put(store, "ecological_red_line", [cell(0, 0) for _ in range(9)])
    found = audit(store)
    assert (found.total, len(found.faults), found.layers[0].faults) == (8, 3, {"duplicate": 8})


def test_the_files_hold_every_fault_with_its_place(faulty: Workspace, tmp_path: Path) -> None:
    found = audit(faulty)
    written = write_audit(found, tmp_path / "out", "zh")
    assert [one.path for one in written.outputs] == ["audit.xlsx", "faults.gpkg", "audit.json"]
    points = gpd.read_file(tmp_path / "out" / "faults.gpkg", layer="faults")
    areas = gpd.read_file(tmp_path / "out" / "faults.gpkg", layer="fault_areas")
    assert len(points) == len(areas) == found.total
    shared = areas[areas["code"] == "overlap"]
    assert area_lonlat_m2(shared.geometry.to_numpy()) == pytest.approx(
        shared["area_m2"].to_numpy(), rel=1e-4
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "audit.xlsx")
    rows = {sheet.title: list(sheet.values) for sheet in book}
    assert len(rows["问题清单"]) == 1 + found.total
    assert len(rows["图层"]) == 4


def test_http_and_command_tell_the_same(
    faulty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "builtin_to_build", lambda _: 0)
    client = TestClient(create_app(faulty.settings, faulty))
    task = client.post("/api/v1/audits").json()
    while task["status"] in {"waiting", "running"}:
        task = client.get(f"/api/v1/tasks/{task['id']}").json()
    assert (task["status"], task["result"]["audit"]["total"]) == ("finished", 9)
    data = client.get(f"/api/v1/tasks/{task['id']}/files/audit.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(data))
    assert client.post("/api/v1/audits?layer=nothing").status_code == 404
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(faulty.settings.data_dir))
    done = CliRunner().invoke(app, ["layers", "audit", "--json"])
    assert done.exit_code == 1, done.output
    said = json.loads(done.stdout)["audit"]
    assert said | {"checked_on": ""} == task["result"]["audit"] | {"checked_on": ""}
    text = CliRunner().invoke(app, ["layers", "audit", "permanent_basic_farmland"])
    assert text.exit_code == 0, text.output
