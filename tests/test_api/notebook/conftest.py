"""The same store behind both doors of Python: a folder, and a server on a port."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.notebook import Planning, open_planning
from api.settings import Settings


@pytest.fixture(scope="package")
def store(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that these tests may add to."""
    import shutil

    folder = tmp_path_factory.mktemp("notebook") / "store"
    shutil.copytree(built_store, folder)
    return folder


@pytest.fixture(scope="package")
def address(store: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(data_dir=store))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(params=["folder", "server"])
def planning(request: pytest.FixtureRequest, store: Path) -> Planning:
    place = store if request.param == "folder" else request.getfixturevalue("address")
    return open_planning(place, lang="en")


@pytest.fixture
def both(store: Path, address: str) -> tuple[Planning, Planning]:
    return open_planning(store, lang="en"), open_planning(address, lang="en")
