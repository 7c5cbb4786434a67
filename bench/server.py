"""How many checks a worker answers in a second, beside requests that do nothing."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONNECTIONS = 8


def run(port: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="ftzgis-bench-") as folder:
        command = [sys.executable, "-P", "-m", "api", "serve", "--port", str(port)]
        environment = {"FTZGIS_DATA_DIR": folder, "PYTHONPATH": str(Path(__file__).parents[1])}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            idle = _rate(port, "GET", "/livez", None, seconds)
            busy = _rate(port, "POST", "/api/v1/checks", _site(), seconds)
        finally:
            server.terminate()
            server.wait()
    print(f"/livez {idle:.0f} a second; /api/v1/checks {busy:.0f}, {100 * busy / idle:.1f} %")


def _wait(port: int) -> None:
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


def _rate(port: int, method: str, path: str, body: bytes | None, seconds: float) -> float:
    stop = time.monotonic() + seconds

    def client(_: int) -> int:
        connection, done = http.client.HTTPConnection("127.0.0.1", port), 0
        while time.monotonic() < stop:
            if _ask(connection, method, path, body) != 200:
                raise SystemExit(f"{path} failed")
            done += 1
        return done

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(client, range(CONNECTIONS))) / seconds


def _site() -> bytes:
    ring = [[102.80, 24.96], [102.82, 24.96], [102.82, 24.98], [102.80, 24.98], [102.80, 24.96]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
