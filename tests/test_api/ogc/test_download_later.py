"""Whole layers that take long: a GET is held for a moment, and then hears of a task."""

import time

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.data import export_layer
from api.web import later
from api.workspace.workspace import Workspace

DOOR = "/collections/red_lines/download?f=dxf"


@pytest.fixture
def client(small_store: Workspace, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(export_layer, "LONG_FEATURES", 100)
    monkeypatch.setattr(later, "PATIENCE_S", 0.05)
    return TestClient(create_app(small_store.settings, small_store))


@pytest.mark.parametrize("door", [DOOR, "/api/v1/layers/red_lines/export?format=dxf"])
def test_a_large_layer_is_a_task_and_then_a_file(client: TestClient, door: str) -> None:
    first = client.get(door)
    assert first.status_code == 202
    assert first.headers["retry-after"] == "5"
    assert first.headers["location"].endswith(first.json()["id"])
    until = time.monotonic() + 60
    while (answer := client.get(door)).status_code == 202:
        assert answer.json()["id"] == first.json()["id"]  # It joins the work that is under way.
        assert time.monotonic() < until
        time.sleep(0.2)
    assert answer.headers["content-type"] == "image/vnd.dxf"
    assert answer.content.count(b"LWPOLYLINE") >= 12_000
    if door == DOOR:
        assert 'filename="red_lines_v1.dxf"' in answer.headers["content-disposition"]
        again = client.get(door, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


def test_a_small_layer_comes_at_once(client: TestClient) -> None:
    assert client.get("/collections/zones/download?f=dxf").status_code == 200


def test_forms_that_are_quick_are_tasks_of_larger_layers_alone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_layer, "LONG_FEATURES", 1_200)  # The layer has 12,000.
    assert client.get("/collections/red_lines/download?f=fgb").status_code == 200
    monkeypatch.setattr(export_layer, "LONG_FEATURES", 1_199)
    monkeypatch.setattr(later, "PATIENCE_S", 0.0)
    assert client.get("/collections/red_lines/download?f=fgb").status_code == 202
