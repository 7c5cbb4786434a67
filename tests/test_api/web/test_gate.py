"""Few heavy requests at a time, in turns of clients. Oracles: by hand, and a flooded real server."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import BusyError
from api.settings import Settings
from api.web import later
from api.web.gate import Gate
from api.web.later import PATIENCE_S
from api.workspace.tasks import MOST_WAITING
from layers.errors import UnknownLayerError

SQUARE = [[102.80, 24.98], [102.81, 24.98], [102.81, 24.99], [102.80, 24.99], [102.80, 24.98]]
SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
    ],
}
ENGLISH = {"accept-language": "en"}


def test_clients_take_turns() -> None:
    served: list[str] = []

    async def ask(gate: Gate, client: str, name: str) -> None:
        async with gate.turn(client):
            served.append(name)
            await asyncio.sleep(0)

    async def run() -> None:
        gate = Gate(at_once=1)
        names = ["a1", "a2", "a3", "b1", "a4", "c1"]
        await asyncio.gather(*(ask(gate, name[0], name) for name in names))
        # All turns came back: the next one is served at once.
        await asyncio.wait_for(ask(gate, "d", "d1"), 1)

    asyncio.run(run())
    assert served == ["a1", "a2", "b1", "c1", "a3", "a4", "d1"]


def test_who_would_wait_too_long_or_behind_too_many_is_told() -> None:
    async def run() -> None:
        gate = Gate(at_once=1, most_waiting=3, most_of_a_client=2, longest_wait_s=0.05)
        done = asyncio.Event()

        async def hold() -> None:
            async with gate.turn("holder"):
                await done.wait()

        async def ask(client: str) -> str:
            try:
                async with gate.turn(client):
                    return "served"
            except BusyError as error:
                return f"busy {error.params['waiting']}"

        holding = asyncio.create_task(hold())
        await asyncio.sleep(0)
        told = await asyncio.gather(*(ask(client) for client in "aaabb"))
        # The third of a and the second of b came too many; the others waited in vain.
        assert [told[2], told[4]] == ["busy 2", "busy 3"]
        assert all(one.startswith("busy") for one in told)
        done.set()
        await holding
        assert await ask("a") == "served"

    asyncio.run(run())


def test_a_waiting_request_that_is_given_up_takes_no_turn_with_it() -> None:
    async def run() -> None:
        gate = Gate(at_once=1)

        async def ask() -> None:
            async with gate.turn("a"):
                await asyncio.sleep(0)

        async with gate.turn("holder"):
            waiting = asyncio.create_task(ask())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.sleep(0)
        await asyncio.wait_for(ask(), 1)

    asyncio.run(run())


def test_long_work_on_a_layer_is_a_task_with_an_address(client: TestClient) -> None:
    assert client.get("/api/v1/terrain/layers/districts").status_code == 405
    begun = client.post("/api/v1/terrain/layers/districts")
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/api/v1/tasks/{begun.json()['id']}"
    while (task := client.get(begun.headers["location"]).json())["status"] in {
        "waiting",
        "running",
    }:
        time.sleep(0.02)
    assert [one["id"] for one in task["result"]["sites"]] == ["kunming", "honghe", "dehong"]
    assert task["done"] > 0


def test_whatever_takes_a_file_is_a_task_where_the_client_prefers(client: TestClient) -> None:
    at_once = client.post("/api/v1/terrain", json=SITE)
    begun = client.post("/api/v1/terrain", json=SITE, headers={"prefer": "respond-async"})
    assert (at_once.status_code, begun.status_code) == (200, 202)
    while (task := client.get(begun.headers["location"]).json())["status"] in {
        "waiting",
        "running",
    }:
        time.sleep(0.02)
    assert task["result"] == at_once.json()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "name"), [("map", "map.html"), ("qgis-project.zip", "workspace.zip")]
)
def test_large_files_are_made_by_tasks_too(client: TestClient, path: str, name: str) -> None:
    address = f"/api/v1/{path}"
    begun = client.post(address)
    assert begun.status_code == 202
    while (task := client.get(begun.headers["location"]).json())["status"] in {
        "waiting",
        "running",
    }:
        time.sleep(0.05)
    assert task["files"] == [name], task["problem"]
    assert client.get(f"{begun.headers['location']}/files/{name}").content[:2] in {b"PK", b"<!"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "name"), [("map", "map.html"), ("qgis-project.zip", "workspace.zip")]
)
def test_a_get_of_a_large_file_hangs_no_longer_than_its_patience(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, name: str
) -> None:
    address = f"/api/v1/{path}"
    monkeypatch.setattr(later, "PATIENCE_S", 0.0)
    begun = client.get(address)
    assert (begun.status_code, begun.headers["retry-after"]) == (202, "5")
    assert begun.headers["location"] == f"/api/v1/tasks/{begun.json()['id']}"
    # The same again is the same task, and its file once that is made; in words of another
    # language it is another file.
    assert client.get(address, headers=ENGLISH).json()["id"] != begun.json()["id"]
    monkeypatch.setattr(later, "PATIENCE_S", 60.0)
    answer = client.get(address)
    task = client.get(begun.headers["location"]).json()
    assert (answer.status_code, task["status"], task["files"]) == (200, "finished", [name])
    assert answer.content == client.get(f"{begun.headers['location']}/files/{name}").content
    assert name in answer.headers["content-disposition"]
    monkeypatch.setattr(later, "PATIENCE_S", 0.0)
    assert client.get(address).json()["id"] != begun.json()["id"]  # The next one is made anew.


def test_a_get_of_a_large_file_says_why_there_is_none(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise UnknownLayerError(layer_id="zone")

    monkeypatch.setattr("api.workbench.build_map.build_single_file", broken)
    answer = client.get("/api/v1/map")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (404, UnknownLayerError.code)
    assert answer.json()["params"] == {"layer_id": "zone"}


def test_an_answer_that_takes_too_long_is_stopped_in_words(own_store: Path) -> None:
    settings = Settings(data_dir=own_store, allowed_hosts=("testserver",), answer_seconds=1e-9)
    client = TestClient(create_app(settings), headers=ENGLISH)
    refused = client.post("/api/v1/terrain", json=SITE)
    assert refused.status_code == 422
    assert refused.json()["code"] == "api.request.too_slow"
    assert "respond-async" in refused.json()["detail"]


@pytest.mark.slow
def test_a_raster_says_something_of_a_county_that_is_a_million_pixels(client: TestClient) -> None:
    begun = client.post("/api/v1/terrain/layers/counties").json()
    address = f"/api/v1/tasks/{begun['id']}"
    while (task := client.get(address).json())["status"] in {"waiting", "running"}:
        time.sleep(0.05)
    assert task["status"] == "finished", task["problem"]
    told = [one for one in task["result"]["sites"] if one["ground"]]
    # What lies outside the demonstration heights is said to.
    assert told
    assert all(one["ground"]["outside_ha"] > 0 for one in told)


@pytest.fixture
def real_server(own_store: Path) -> Iterator[str]:
    """The program as it is started, in a process of its own."""
    port = 18_914
    command = [sys.executable, "-P", "-m", "api", "serve", "--port", str(port)]
    root = Path(__file__).parents[3]
    environment = {**os.environ, "FTZGIS_DATA_DIR": str(own_store), "PYTHONPATH": str(root)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as program:
        url = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    if requests.get(f"{url}/readyz", timeout=5).ok:
                        break
                except requests.ConnectionError:
                    time.sleep(0.2)
            yield url
        finally:
            program.terminate()


@pytest.mark.slow
def test_a_flooded_server_answers_small_requests(real_server: str) -> None:
    def timed(method: str, path: str, **more: object) -> tuple[int, float, requests.Response]:
        begun_s = time.perf_counter()
        answer = requests.request(method, real_server + path, timeout=120, **more)
        return answer.status_code, time.perf_counter() - begun_s, answer

    check = {"data": json.dumps(SITE), "headers": {"content-type": "application/geo+json"}}
    assert timed("POST", "/api/v1/checks", **check)[0] == 200  # Warm.
    with ThreadPoolExecutor(60) as pool:
        tasks = [
            pool.submit(timed, "POST", f"/api/v1/{what}/layers/demo_parcels", headers=ENGLISH)
            for what in ("suitability", "terrain")
            for _ in range(15)
        ]
        maps = [pool.submit(timed, "GET", "/api/v1/map", headers=ENGLISH) for _ in range(20)]
        time.sleep(1)
        alive = [timed("GET", "/livez") for _ in range(20)]
        listed = [timed("GET", "/api/v1/layers") for _ in range(5)]
        status, waited_s, _ = timed("POST", "/api/v1/checks", **check)
        begun = Counter(one.result()[0] for one in tasks)
        told = [one.result() for one in maps]
    assert begun == {202: MOST_WAITING, 503: 30 - MOST_WAITING}
    assert {one[0] for one in alive + listed} == {200}
    assert sorted(s for _, s, _ in alive)[10] < 0.5
    # Beside two tasks and two maps, from the same address.
    assert status == 200
    assert waited_s < 5
    refused = [answer for code, _, answer in told if code == 503]
    # One task makes the map for all of them, where it found room.
    assert {code for code, _, _ in told} <= {200, 202, 503}
    assert max(s for _, s, _ in told) < PATIENCE_S + 5
    assert {answer.headers["retry-after"] for answer in refused} <= {"10"}
