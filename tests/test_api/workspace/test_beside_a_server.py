"""What another door changes on the disk is seen by a server that runs.

Oracle: a workspace that is opened on the same folder after the change, as a server that is
started now; and, so that the comparison can fail, that the answers are others than before.
"""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from starlette.testclient import TestClient

from api.app import create_app
from api.publish.bundle import change_publication, publish
from api.publish.publication_plan import parse_plan
from api.settings import Settings
from api.workspace.doctor import examine
from api.workspace.withdraw import Wish, change_layer, change_raster
from api.workspace.workspace import Workspace
from geo.model import Grid
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.rasters.building import put_grids
from layers.rasters.store import RasterOrigin

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SITE = shapely.box(102.77, 24.935, 102.78, 24.945)
WISH = Wish(withdrawn=True, name="张三", reason="试")
PLAN = {
    "id": "zone", "title": {"zh": "片区", "en": "Districts"}, "maker": {"zh": "某局", "en": "A bureau"},
    "disclaimer": {"zh": "示意", "en": "A sketch"}, "review_number": "云S(2026)12号", "draft": False,
    "prints": False, "layers": [{"id": "districts", "displacement_m": 0}], "densities": [],
    "story": [], "data_date": "2026-11-01",
}  # fmt: skip
DOORS = (
    "/api/v1/layers",
    "/api/v1/rasters",
    "/api/v1/identify?lon=102.775&lat=24.94",
    "/api/v1/places?q=昆明",
    "/api/v1/density?indicator=trade&year=2023&denominator=approved",
    "/api/v1/publications",
    "/public/zone/",
    "/api/v1/kinds/guide",
    "/collections",
)


def opened(folder: Path) -> Workspace:
    settings = Settings(data_dir=folder, rules_dir=folder / "own", allowed_hosts=("testserver",))
    return Workspace(settings, now=lambda: NOW)


def answers(workspace: Workspace) -> dict[str, object]:
    client = TestClient(create_app(workspace.settings, workspace), raise_server_exceptions=False)
    said: dict[str, object] = {}
    for door in DOORS:
        answer = client.get(door)
        assert answer.status_code != 500 or answer.json()["code"] != "api.internal", door
        said[door] = (answer.status_code, answer.text)
    site = json.loads(shapely.to_geojson(SITE))
    ground = client.post("/api/v1/terrain", json=site)
    said["terrain"] = (ground.status_code, ground.text)
    checked = client.post("/api/v1/checks", json=site).json()
    assert checked.get("code") != "api.internal"
    said["check"] = checked.get("code") or [
        (one["rule_id"], one["layer_id"], one["layer_version"], one["verdict"])
        for one in checked["sites"][0]["findings"]
    ]
    return said


def spec(layer_id: str, kind: str) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=kind, title_zh=layer_id, title_en=layer_id, status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.INTERNAL, source="某局", licence="internal",
    )  # fmt: skip


def put(workspace: Workspace, layer_id: str, kind: str, shape: shapely.Polygon) -> None:
    features = gpd.GeoDataFrame(
        {"feature_id": ["a"], "name_zh": ["新"], "name_en": ["New"]},
        geometry=[shape], crs="EPSG:4490",
    )  # fmt: skip
    covered = gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=covered)
    workspace.store.put_version(spec(layer_id, kind), frame, report=None, now=NOW)


def counties_come_anew(workspace: Workspace) -> None:
    known = workspace.store.get("counties")
    frame = workspace.store.read(known)
    named = frame.features.assign(name_zh=lambda rows: rows["name_zh"] + "新")
    again = LayerFrame(features=named, coverage=frame.coverage)
    workspace.store.put_version(known.spec, again, report=None, now=NOW)


def counties_are_withdrawn(workspace: Workspace) -> None:
    counties_come_anew(workspace)
    change_layer(workspace, "counties", 1, WISH)
    change_layer(workspace, "counties", 2, WISH)


def red_line_comes(workspace: Workspace) -> None:
    put(workspace, "red", "ecological_red_line", SITE)


def red_line_is_withdrawn(workspace: Workspace) -> None:
    red_line_comes(workspace)
    change_layer(workspace, "red", 1, WISH)


def districts_come(workspace: Workspace) -> None:
    put(workspace, "real_districts", "district", SITE)


def heights_come(workspace: Workspace) -> None:
    values = np.full((400, 400), 1900.0, dtype=np.float32)
    grid = Grid(
        values=values, transform=Affine(0.001, 0, 102.6, 0, -0.001, 25.2), crs=CRS(4490),
        nodata=np.nan, unit="m",
    )  # fmt: skip
    put_grids(
        workspace.rasters, spec("own_dem", "dem"), {"dem": grid}, classes=None,
        origin=RasterOrigin(), now=NOW,
    )  # fmt: skip


def heights_are_withdrawn(workspace: Workspace) -> None:
    heights_come(workspace)
    change_raster(workspace, "own_dem", 1, WISH)


def table_comes(workspace: Workspace) -> None:
    client = TestClient(create_app(workspace.settings, workspace))
    files = {"file": ("表.csv", "片区,年份,进出口额（亿元）\n昆明,2023,700\n".encode(), "text/csv")}
    said = {"dataset": "trade", "source": "年鉴", "accept": "true"}
    assert client.post("/api/v1/statistics", files=files, data=said).status_code == 201


def map_is_published(workspace: Workspace) -> None:
    publish(workspace, parse_plan(PLAN), release=True)


def map_is_withdrawn(workspace: Workspace) -> None:
    map_is_published(workspace)
    change_publication(workspace, "zone", None, WISH)


def rule_is_written(workspace: Workspace) -> None:
    text = "belt: {title: {zh: 管控带, en: Belt}, geometry: polygon, sensitivity: internal}\n"
    assert workspace.settings.rules_dir is not None
    (workspace.settings.rules_dir / "kinds.yaml").write_text(text, encoding="utf-8")


def catalogue_is_lost(workspace: Workspace) -> None:
    for path in workspace.settings.data_dir.glob("*.sqlite*"):
        path.unlink()


def catalogue_is_rebuilt(workspace: Workspace) -> None:
    red_line_comes(workspace)
    catalogue_is_lost(workspace)
    assert examine(opened(workspace.settings.data_dir), rebuild=True).findings == []


def older_store_is_put_back(workspace: Workspace) -> None:
    """Another content under a number that the server has read: a copy that was restored."""
    folder = workspace.settings.data_dir
    for path in folder.glob("*.sqlite*"):
        path.unlink()
    shutil.rmtree(folder / "layers")
    shutil.copytree(folder / "kept", folder, dirs_exist_ok=True)


CHANGES = [
    counties_come_anew, counties_are_withdrawn, red_line_comes, red_line_is_withdrawn,
    districts_come, heights_come, heights_are_withdrawn, table_comes, map_is_published,
    map_is_withdrawn, rule_is_written, catalogue_is_lost, catalogue_is_rebuilt,
]  # fmt: skip


@pytest.fixture
def folder(built_store: Path, tmp_path: Path) -> Path:
    home = tmp_path / "data"
    shutil.copytree(built_store, home, ignore=shutil.ignore_patterns("checks", "tasks"))
    (home / "own").mkdir()
    return home


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_server_answers_as_one_that_is_started_now(
    folder: Path, change: Callable[[Workspace], None]
) -> None:
    server = opened(folder)
    before = answers(server)
    change(opened(folder))
    after = answers(server)
    assert after == answers(opened(folder))
    assert after != before


def test_a_store_that_is_put_back_is_read_anew(folder: Path) -> None:
    put(opened(folder), "red", "ecological_red_line", shapely.box(103, 25, 103.1, 25.1))
    kept = folder / "kept"
    shutil.copytree(folder / "layers", kept / "layers")
    for path in folder.glob("catalogue.sqlite*"):
        shutil.copy(path, kept)
    older_store = folder.parent / "older"
    shutil.copytree(folder, older_store)
    # In the store that is served, version 1 of the same id holds another content.
    for path in folder.glob("layers/red/*"):
        path.unlink()
    for path in folder.glob("*.sqlite*"):
        path.unlink()
    examine(opened(folder), rebuild=True)
    put(opened(folder), "red", "ecological_red_line", SITE)
    server = opened(folder)
    before = answers(server)
    older_store_is_put_back(server)
    after = answers(server)
    assert after == answers(opened(folder))
    assert after["check"] != before["check"]


def test_a_rule_that_cannot_be_read_is_said_and_the_old_one_is_not_used(folder: Path) -> None:
    client = TestClient(create_app(opened(folder).settings, opened(folder)))
    (folder / "own" / "kinds.yaml").write_text("belt: [", encoding="utf-8")
    said = client.post("/api/v1/checks", json=json.loads(shapely.to_geojson(SITE))).json()
    assert said["code"] == "layers.rules.invalid"
    (folder / "own" / "kinds.yaml").unlink()
    again = client.post("/api/v1/checks", json=json.loads(shapely.to_geojson(SITE)))
    assert again.status_code == 200
