"""A client over a store of the test's own, and small files to send."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.workspace import Workspace

HOSTS = ("testserver",)
LOCAL = ("127.0.0.1", 50000)
ROOT = Path(__file__).parents[2]
CLIENTS = Path(__file__).parent / "ogc" / "clients"


@pytest.fixture(scope="session")
def shared_client(built_store: Path) -> TestClient:
    """A client for requests that keep nothing but checks; uploads are read in process."""
    settings = Settings(data_dir=built_store, allowed_hosts=HOSTS)
    return TestClient(create_app(settings), raise_server_exceptions=False)


@pytest.fixture
def client(own_store: Path, workspace: Workspace) -> TestClient:
    """A client over a store that the test may change through ``workspace``."""
    settings = Settings(data_dir=own_store, allowed_hosts=HOSTS)
    return TestClient(create_app(settings, workspace), client=LOCAL, raise_server_exceptions=False)


def polygon(*rings: list[list[float]], **properties: object) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [[*r, r[0]] for r in rings]},
            }
        ],
    }


def square(west: float, south: float, size: float = 0.01) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north]]


@pytest.fixture
def sites(tmp_path: Path) -> dict[str, Path]:
    """Files of sites whose verdicts under the built-in data are known."""
    made = {}
    for name, content in {
        "conflict": polygon(square(102.77, 24.935), name="冲突地块"),
        "clear": polygon(square(102.80, 24.98), name="片区内"),
        "far": polygon(square(100.0, 27.5), name="覆盖之外"),
    }.items():
        made[name] = tmp_path / f"{name}.geojson"
        made[name].write_text(json.dumps(content), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def npm_packages() -> Path:
    """A folder in which the clients from npm are installed, by their lock file."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: apt-get install nodejs npm")
    locked, there = CLIENTS / "package-lock.json", CLIENTS / "node_modules" / ".package-lock.json"
    # Two workers of one run install once.
    with FileLock(ROOT / ".local" / "npm-clients.turn"):
        if not there.exists() or there.stat().st_mtime < locked.stat().st_mtime:
            subprocess.run(["npm", "ci", "--ignore-scripts", "--prefix", CLIENTS], check=True)
    return CLIENTS


@pytest.fixture
def system_qgis(tmp_path: Path) -> Callable[..., Any]:
    """Run a script by the system's Python, which knows QGIS: ``script, **job`` gives what it printed."""
    if shutil.which("qgis") is None:
        pytest.skip("QGIS is not installed: apt-get install qgis python3-qgis")
    home = tmp_path / "qgis"
    home.mkdir(mode=0o700)

    def ask(script: Path, **job: object) -> Any:
        path = tmp_path / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        # Of the product's own environment QGIS must find nothing.
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "TMPDIR"}}
        done = subprocess.run(
            ["/usr/bin/python3", script, path],
            capture_output=True, encoding="utf-8", check=False, timeout=300,
            env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return ask
