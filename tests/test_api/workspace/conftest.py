"""A store with one or two of each thing that can be stored, and ways to damage it."""

import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from api.check.override import OverrideRequest, override_finding
from api.check.sites import read_and_check
from api.data.tiles import build_tiles
from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.settings import Settings
from api.workspace.tasks import ENDED, TaskProgress
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.store import blocks
from layers.store.compiled.layer import open_compiled
from maps.answers import Title

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
INSIDE = shapely.box(102.77, 24.935, 102.78, 24.945)
BESIDE = shapely.box(102.80, 24.98, 102.81, 24.99)
FREE_GROUND = shapely.box(102.80, 25.015, 102.83, 25.03)
RED = "ecological_red_line"
SPEC = LayerSpec(
    id="red", kind=RED, title_zh="红线", title_en="Red line", status=LayerStatus.OFFICIAL,
    sensitivity=Sensitivity.INTERNAL, source="某局", licence="internal",
)  # fmt: skip
TABLE = "片区,年份,进出口额（亿元）\n昆明,2023,{value}\n"
PLAN = {
    "id": "zone", "title": {"zh": "片区", "en": "Districts"}, "maker": {"zh": "某局", "en": "A bureau"},
    "disclaimer": {"zh": "示意", "en": "A sketch"}, "review_number": "云S(2026)12号", "draft": False,
    "prints": False, "layers": [{"id": "districts", "displacement_m": 0}], "densities": [],
    "story": [],
}  # fmt: skip


def opened(folder: Path) -> Workspace:
    """Open a store as a new process would: what another one has read is not known."""
    blocks._found_whole.clear()
    return Workspace(Settings(data_dir=folder, allowed_hosts=("testserver",)), now=lambda: NOW)


def client_of(workspace: Workspace) -> TestClient:
    return TestClient(create_app(workspace.settings, workspace), raise_server_exceptions=False)


def put_red(workspace: Workspace, east: float) -> None:
    features = gpd.GeoDataFrame(
        {"feature_id": ["a", "b"]},
        geometry=[shapely.box(102.772, 24.937, east, 24.94), shapely.box(103, 25, 103.1, 25.1)],
        crs="EPSG:4490",
    )
    covered = gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=covered)
    workspace.store.put_version(SPEC, frame, report=None, now=NOW)


def kept_check(workspace: Workspace, shape: shapely.Polygon) -> str:
    source = Source(name="a.geojson", files={"a.geojson": shapely.to_geojson(shape).encode()})
    result = read_and_check(workspace, source, ReadOptions())
    finding = next(one for one in result.sites[0].findings if one.kind == RED)
    said = OverrideRequest(
        site_id=result.sites[0].site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
        verdict="contact", reason="复核", name="张三",
    )  # fmt: skip
    override_finding(workspace, result.id, said)
    return result.id


def imported(client: TestClient, value: int, dataset: str = "trade") -> dict:
    files = {"file": ("表.csv", TABLE.format(value=value).encode(), "text/csv")}
    said = {"dataset": dataset, "source": "年鉴", "accept": "true"}
    answer = client.post("/api/v1/statistics", files=files, data=said)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def ended(client: TestClient, task: dict) -> dict:
    with client.stream("GET", f"/api/v1/tasks/{task['id']}/events") as answer:
        lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
    return json.loads(lines[-1].removeprefix("data: "))


def written(progress: TaskProgress) -> Title:
    (progress.folder / "a.csv").write_bytes(b"id,area_m2\n" + b"a,12.5\n" * 400)
    return Title(zh="好", en="good")


@pytest.fixture(scope="session")
def furnished(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one or two of each thing that can be stored."""
    folder = tmp_path_factory.mktemp("furnished") / "data"
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "tasks"))
    workspace = opened(folder)
    put_red(workspace, 102.773)
    for path in folder.glob("catalogue.sqlite*"):
        shutil.copy(path, folder / f"before-{path.name}")
    put_red(workspace, 102.775)
    client = client_of(workspace)
    ids = [kept_check(workspace, INSIDE), kept_check(workspace, BESIDE)]
    imported(client, 699, "earlier")
    imported(client, 700)
    imported(client, 701)
    publish(workspace, parse_plan({**PLAN, "id": "other", "data_date": "2026-11-01"}), release=True)
    for day in ("2026-11-01", "2026-11-02"):
        publish(workspace, parse_plan({**PLAN, "data_date": day}), release=True)
    tasks = [workspace.tasks.start("batch", written).id for _ in range(2)]
    assert {ended(client, {"id": task})["status"] for task in tasks} <= ENDED
    for number in (1, 2):
        open_compiled(folder, workspace.store, workspace.store.get("red", number))
    build_tiles(workspace, workspace.store.get("red"), waiting=lambda: None)
    build_tiles(workspace, workspace.store.get("districts"), waiting=lambda: None)
    workspace.tasks.close()
    (folder / "ids.json").write_text(json.dumps({"check": ids, "task": tasks}))
    return folder


@pytest.fixture
def store(furnished: Path, tmp_path: Path) -> Path:
    """A copy of its own; files are never changed in place here, so that links are enough."""

    def copied(source: str, target: str) -> None:
        (shutil.copy2 if ".sqlite" in source else os.link)(source, target)

    return Path(shutil.copytree(furnished, tmp_path / "data", copy_function=copied))


def damaged(path: Path, how: str, other: Path) -> None:
    data, known = path.read_bytes(), path.stat()
    instead = other.read_bytes()
    path.unlink()
    if how == "gone":
        return
    third = len(data) // 3
    path.write_bytes(
        {
            "zeroed": data[:third] + bytes(third) + data[2 * third :],
            "cut": data[: len(data) // 2],
            "empty": b"",
            "swapped": instead,
        }[how]
    )
    if how == "zeroed":
        # As a disk does it: neither size nor time of change tells.
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


Answer = tuple[int, object]


def answered(client: TestClient, store: Path, address: str) -> Answer:
    """Ask a door; {check} and {task} are the ids of what was damaged."""
    ids = json.loads((store / "ids.json").read_text())
    answer = client.get(address.format(check=ids["check"][0], task=ids["task"][0]))
    if answer.status_code < 400:
        # The time of a check whose summary is gone is that of its file.
        return answer.status_code, re.sub(rb'"kept_at":"[^"]*"', b"", answer.content)
    problem = answer.json()
    assert problem["code"] != "api.internal", problem
    assert problem["detail"]
    return answer.status_code, problem["code"]


def first(store: Path, pattern: str) -> Path:
    ids = json.loads((store / "ids.json").read_text())
    named = pattern.format(check=ids["check"][0], other=ids["check"][1], task=ids["task"][0])
    return sorted(store.glob(named))[0]
