"""How many checks a worker answers in a second, beside requests that do nothing."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import numpy as np

MOST_CONNECTIONS = 8
SITES = 200
PLACES = (102.76, 24.93, 102.86, 25.02)
"""Where the demonstration lines of Kunming lie: west, south, east, north."""

_Question = tuple[str, str, list[bytes | None]]
_NOTHING: _Question = ("GET", "/livez", [None])


def run(port: int, seconds: float) -> None:
    checks = ("POST", "/api/v1/checks", [*_sites()])
    with served(port) as process:
        # What the first checks load is not theirs.
        _rate(port, checks, 1, 1.0)
        for connections in (1, MOST_CONNECTIONS):
            idle, idle_ms = _rated(process, port, _NOTHING, connections, seconds)
            busy, busy_ms = _rated(process, port, checks, connections, seconds)
            print(
                f"{connections} at a time: /livez {idle:.0f} a second ({idle_ms:.2f} ms CPU of the "
                f"server), /api/v1/checks {busy:.1f} ({busy_ms:.1f} ms): {100 * busy / idle:.1f} % "
                f"of the rate, x{busy_ms / idle_ms:.0f} the CPU"
            )


@contextmanager
def served(port: int) -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="ftzgis-bench-") as folder:
        command = [sys.executable, "-P", "-m", "api", "serve", "--port", str(port)]
        environment = {"FTZGIS_DATA_DIR": folder, "PYTHONPATH": str(Path(__file__).parents[1])}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait_until_ready(port)
            yield server.pid
        finally:
            server.terminate()
            server.wait()


def wait_until_ready(port: int) -> None:
    for _ in range(600):
        try:
            if _ask(http.client.HTTPConnection("127.0.0.1", port), "GET", "/readyz", None) == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None) -> int:
    headers = {"content-type": "application/geo+json"} if body else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _rated(
    process: int, port: int, question: _Question, connections: int, seconds: float
) -> tuple[float, float]:
    """Return answers a second, and CPU ms of the server and its reading process for each."""
    before = cpu_seconds(process)
    rate = _rate(port, question, connections, seconds)
    return rate, 1e3 * (cpu_seconds(process) - before) / (rate * seconds)


def _rate(port: int, question: _Question, connections: int, seconds: float) -> float:
    method, path, bodies = question
    stop = time.monotonic() + seconds

    def client(number: int) -> int:
        connection, done = http.client.HTTPConnection("127.0.0.1", port), 0
        own = cycle(bodies[number::connections] or bodies)
        while time.monotonic() < stop:
            if _ask(connection, method, path, next(own)) != 200:
                raise SystemExit(f"{path} failed")
            done += 1
        return done

    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(client, range(connections))) / seconds


def cpu_seconds(process: int) -> float:
    """Return CPU time of a process and its children (Linux)."""
    ticks = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                row = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if process in (int(entry.name), int(row[1])):
                ticks += int(row[11]) + int(row[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _sites() -> Iterator[bytes]:
    """Different small sites of four corners: the same one again would find its files there."""
    west, south, east, north = PLACES
    rng = np.random.default_rng(7)
    corners = rng.uniform((west, south), (east, north), (SITES, 2)).tolist()
    for (x, y), size in zip(corners, rng.uniform(0.001, 0.01, SITES).tolist(), strict=True):
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        yield json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
