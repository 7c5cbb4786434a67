"""What a server refuses to check. Oracles: vertices and pieces counted by hand, a clock."""

import json
import threading
import time

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.check.limits import (
    CheckTooLargeError,
    CheckTooLongError,
    CheckTooMuchError,
    CheckTooSlowError,
)
from api.check.sites import read_and_check
from api.settings import Settings
from api.workspace.archive import CheckArchive
from api.workspace.workspace import Workspace
from layers.model import ReadOptions
from layers.readers import Source, read_sites


def ring(count: int, east: float = 102.7) -> str:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    points = np.column_stack([25 + 1e-3 * np.sin(turns), east + 1e-3 * np.cos(turns)])
    return "".join(f"J{n},{lat:.9f},{lon:.9f}\n" for n, (lat, lon) in enumerate(points))


@pytest.fixture
def server(own_store):
    """A workspace as the server has it: sites are read for it, here in this process."""
    return Workspace(Settings(data_dir=own_store, max_site_vertices=50), reader=Here())


class Here:
    """Reads in this process what a server's sandbox reads in another."""

    def read_sites(self, source: Source, options: ReadOptions):
        return read_sites(source, options, counties=None)

    def call(self, name: str, function, *args: object):
        return function(*args)


@pytest.fixture
def own_machine(own_store):
    """A workspace as a person at a terminal has it."""
    return Workspace(Settings(data_dir=own_store, max_site_vertices=50))


def check(workspace: Workspace, text: str):
    source = Source(name="x", files={"x": text.encode()})
    return read_and_check(workspace, source, ReadOptions(crs="EPSG:4490"))


def test_one_large_site(server, own_machine):
    # A ring of 49 points has 50 vertices with the closing one.
    assert len(check(server, "点号,纬度,经度\n" + ring(49)).sites) == 1
    with pytest.raises(CheckTooLargeError) as caught:
        check(server, "点号,纬度,经度\n" + ring(50))
    assert caught.value.params == {"site": "1", "found": 51, "limit": 50}
    assert len(check(own_machine, "点号,纬度,经度\n" + ring(50)).sites) == 1


def test_many_sites(server):
    table = "点号,纬度,经度\n" + "".join(
        f"地块{n},,\n{ring(49, 102.7 + n * 3e-3)}" for n in range(21)
    )
    with pytest.raises(CheckTooMuchError) as caught:
        check(server, table)
    # 21 rings of 49 edges of 16 m or less, a piece each.
    assert caught.value.params == {"found": 1029, "limit": 1000}


def test_long_edges(server, own_machine):
    # 4 sides of 0.2 degrees: 22.264 km or 112 pieces each; 5 times 50 vertices are allowed.
    square = "J1,25,102\nJ2,25,102.2\nJ3,25.2,102.2\nJ4,25.2,102\n"
    with pytest.raises(CheckTooLongError) as caught:
        check(server, "点号,纬度,经度\n" + square)
    assert caught.value.params == {"site": "1", "found": 448, "limit": 250}
    assert len(check(own_machine, "点号,纬度,经度\n" + square).sites) == 1


def test_a_check_is_stopped_in_time(own_store):
    workspace = Workspace(Settings(data_dir=own_store, check_seconds=1e-9))
    text = "点号,纬度,经度\n" + ring(49)
    assert len(check(workspace, text).sites) == 1
    kept = CheckArchive(own_store / "checks").newest()
    server = Workspace(workspace.settings, reader=Here())
    with pytest.raises(CheckTooSlowError) as caught:
        check(server, "点号,纬度,经度\n" + ring(48))
    assert caught.value.params == {"seconds": 1e-9}
    assert CheckArchive(own_store / "checks").newest() == kept


def star(count: int) -> bytes:
    """Spikes of 5 km, or of 180 m if there are many: those have no long edges to be refused for."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = 5e-2 if count < 1000 else 1.6e-3
    radius = np.where(np.arange(count) % 2, reach, reach / 20)
    ring = np.column_stack([102.8 + radius * np.cos(turns), 24.97 + radius * np.sin(turns)])
    rows = [*ring.tolist(), ring[0].tolist()]
    return json.dumps({"type": "Polygon", "coordinates": [rows]}).encode()


@pytest.mark.slow
def test_hostile_sites_hold_up_nobody(own_store):
    """Six uploads of spikes at once; meanwhile the server says that it is alive."""
    app = create_app(Settings(data_dir=own_store, check_seconds=20))
    answers: list[tuple[int, float]] = []

    def post(client: TestClient, body: bytes) -> None:
        began = time.monotonic()
        answer = client.post(
            "/api/v1/checks", content=body, headers={"content-type": "application/geo+json"}
        )
        answers.append((answer.status_code, time.monotonic() - began))

    with TestClient(app, base_url="http://localhost") as client:
        bodies = [star(600), star(9_999), star(300)] * 2
        posts = [threading.Thread(target=post, args=(client, body)) for body in bodies]
        for one in posts:
            one.start()
        waits = []
        while any(one.is_alive() for one in posts):
            began = time.monotonic()
            assert client.get("/livez").status_code == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.05)
    assert len(answers) == 6
    # Answered, stopped at the deadline, or told to come again after waiting its turn.
    assert {status for status, _ in answers} <= {200, 422, 503}
    assert max(waits) < 5.0
