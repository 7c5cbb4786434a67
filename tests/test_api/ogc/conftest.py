"""A small store for the OGC interfaces, served by the test client and by a real server."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import uvicorn
from filelock import FileLock
from shapely import box
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

# Programs of the clients' own environments, which ours lacks on purpose.
collect_ignore_glob = ["clients/*"]

HERE = Path(__file__).parent / "clients"
ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MANY = 12_000
"""More features than any page or client's own limit."""


def spec(layer_id: str, kind: str, **more: object) -> LayerSpec:
    said = {
        "title_zh": f"图层 {layer_id}",
        "title_en": f"Layer {layer_id}",
        "status": LayerStatus.OFFICIAL,
        "sensitivity": Sensitivity.INTERNAL,
        "source": "made for tests",
        "licence": "CC0",
    }
    return LayerSpec(id=layer_id, kind=kind, **{**said, **more})


def red_lines() -> LayerFrame:
    """Squares of 10 m in a grid, in zone 34, with Chinese fields, nulls and dates."""
    n = np.arange(MANY)
    west, south = 500_000.0 + (n % 120) * 20.0, 2_760_000.0 + (n // 120) * 20.0
    table = {
        "feature_id": [f"红线-{one}" for one in n],
        "名称": [None if one % 5 == 0 else f"地块{one % 7}" for one in n],
        "面积": np.where(n % 3 == 0, np.nan, n * 0.5),
        "编号": n,
        "批准日期": pd.to_datetime("2020-01-01") + pd.to_timedelta(n % 1000, unit="D"),
    }
    shapes = shapely.box(west, south, west + 10.0, south + 10.0)
    return LayerFrame(features=gpd.GeoDataFrame(table, geometry=shapes, crs=4543), coverage=None)


def zones(count: int) -> LayerFrame:
    """Squares of a hundredth of a degree, in EPSG:4490."""
    shapes = [box(102.7 + 0.02 * at, 24.9, 102.71 + 0.02 * at, 24.91) for at in range(count)]
    table = {"feature_id": [f"z/{at}" for at in range(count)], "name": ["<b>甲</b>"] * count}
    return LayerFrame(features=gpd.GeoDataFrame(table, geometry=shapes, crs=4490), coverage=None)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with three layers, one of them in two versions; tests only read it."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("ogc"), allowed_hosts=("testserver", "127.0.0.1")
    )
    workspace = Workspace(settings)
    put = workspace.store.put_version
    put(spec("red_lines", "ecological_red_line"), red_lines(), report=None, now=NOW)
    put(spec("zones", "zone"), zones(2), report=None, now=NOW)
    put(spec("zones", "zone"), zones(3), report=None, now=NOW)
    valid = {"valid_from": date(2020, 1, 1), "valid_to": date(2025, 12, 31)}
    put(spec("former", "zone", **valid), zones(1), report=None, now=NOW)
    return workspace


@pytest.fixture(scope="session")
def ogc(small_store: Workspace) -> TestClient:
    """A client of the interfaces over the small store."""
    app = create_app(small_store.settings, small_store)
    return TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})


@dataclass(frozen=True)
class Served:
    """A real server, for programs of other makers."""

    url: str


@contextmanager
def serving(workspace: Workspace, lifespan: Literal["on", "off"] = "off") -> Iterator[Served]:
    """Serve a workspace on a free port."""
    app = create_app(workspace.settings, workspace)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan=lifespan)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(url=f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def served(small_store: Workspace) -> Iterator[Served]:
    """The small store behind a real server on a free port."""
    with serving(small_store) as found:
        yield found


@pytest.fixture
def served_whole(own_store: Path) -> Iterator[Served]:
    """All data that ship behind a real server on a free port."""
    with serving(Workspace(Settings(data_dir=own_store)), "on") as found:
        yield found


@pytest.fixture(scope="session")
def stored(small_store: Workspace) -> Callable[[str], gpd.GeoDataFrame]:
    """What a layer was made of, as the store has it."""
    store = small_store.store
    return lambda layer_id: store.read(store.get(layer_id)).features


@pytest.fixture
def three_zones() -> LayerFrame:
    return zones(3)


@pytest.fixture(scope="session")
def interop() -> Path:
    """The Python of an environment of its own: ogctests pins what the product does not have."""
    lock = HERE / "interop.lock"
    home = ROOT / ".local" / f"interop-{sys.version_info[0]}.{sys.version_info[1]}"
    python, stamp = home / "bin" / "python", home / "installed.lock"
    home.parent.mkdir(exist_ok=True)
    # Two workers of one run install once.
    with FileLock(home.with_suffix(".turn")):
        if stamp.is_file() and stamp.read_text("utf-8") == lock.read_text("utf-8"):
            return python
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
        if uv is None:
            pytest.skip("uv is not installed")
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, home], check=True)
        done = subprocess.run(
            [uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock],
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"the clients cannot be installed: {done.stderr[-500:]}")
        stamp.write_text(lock.read_text("utf-8"), encoding="utf-8")
    return python


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of every file."""


@dataclass(frozen=True)
class Elsewhere:
    """A site of somebody else whose pages show our layers, and where ours are."""

    site: str
    server: str


@pytest.fixture(scope="session")
def elsewhere(small_store: Workspace, npm_packages: Path) -> Iterator[Elsewhere]:
    """The small store, open to a site of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(npm_packages))) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{site.server_port}"
        settings = small_store.settings.model_copy(update={"open_to_sites": (origin,)})
        with serving(Workspace(settings)) as served:
            yield Elsewhere(site=origin, server=served.url)
        site.shutdown()
