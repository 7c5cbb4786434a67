"""Fixtures for all suites: a clean environment and one built store."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from api.settings import PREFIX, Settings
from api.workspace.kernels import keep_machine_code
from api.workspace.workspace import Workspace

# Once for all tests and runs, and not in stores that are thrown away.
keep_machine_code(Path(__file__).parents[1] / ".local" / "kernels")

# A busy machine is slow for reasons that no property is about.
hypothesis_settings.register_profile("busy", deadline=None)
hypothesis_settings.load_profile("busy")

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def built_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the data that ships; tests read it and never write to it."""
    folder = tmp_path_factory.mktemp("store")
    Workspace(Settings(data_dir=folder), now=lambda: NOW).ensure_builtin()
    return folder


@pytest.fixture
def own_store(built_store: Path, tmp_path: Path) -> Path:
    """A copy of the built store that a test may write to."""
    folder = tmp_path / "data"
    # What other tests checked through the shared client stays behind.
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "runs", "tasks"))
    return folder


@pytest.fixture
def workspace(own_store: Path) -> Workspace:
    """A workspace over a store of the test's own, on a fixed day."""
    return Workspace(Settings(data_dir=own_store), now=lambda: NOW)
