"""A made-up zone at the coast of the Bohai: another 3-degree zone, other counties, other law.

Oracles in the tests beside it are the numbers that its files say, written by hand.
"""

import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.workspace import Workspace

BAY = Path(__file__).parents[3] / "docs" / "guides" / "examples" / "bay"
"""The zone of the guide that says how one is made."""


@pytest.fixture(scope="session")
def bay_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made-up zone."""
    folder = tmp_path_factory.mktemp("bay")
    shutil.copytree(BAY, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def bay_settings(bay_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation for the made-up zone, its data built."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("bay-data"), zone=bay_folder, allowed_hosts=("testserver",)
    )
    Workspace(settings).ensure_builtin()
    return settings


@pytest.fixture(scope="session")
def bay_client(bay_settings: Settings) -> TestClient:
    """A client of that installation; uploads are read in this process."""
    app = create_app(bay_settings, Workspace(bay_settings))
    return TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False)


@pytest.fixture
def bay_site(tmp_path: Path) -> Path:
    """A site in the east district, by its sketch's centre."""
    west, south, size = 117.655, 38.935, 0.01
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]
    path = tmp_path / "site.geojson"
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    path.write_text(json.dumps(shape), "utf-8")
    return path
