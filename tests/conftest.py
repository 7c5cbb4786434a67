"""Fixtures for all suites: a clean environment and one built store."""

import os
import shutil
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import routing
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from api.settings import PREFIX, Settings
from api.workspace import workspace as workspaces
from api.workspace.kernels import keep_machine_code
from api.workspace.loaded import LoadedLayer, loaded_layer
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerVersion
from layers.store.layer_store import LayerStore

# Once for all tests and runs, and not in stores that are thrown away.
keep_machine_code(Path(__file__).parents[1] / ".local" / "kernels")

# A busy machine is slow for reasons that no property is about.
hypothesis_settings.register_profile("busy", deadline=None)
hypothesis_settings.load_profile("busy")

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MOST_LAYERS = 64
Kept = TypeVar("Kept")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def _kept(known: dict[Hashable, Kept], key: Hashable, make: Callable[[], Kept]) -> Kept:
    if key not in known:
        if len(known) >= MOST_LAYERS:
            known.clear()
        known[key] = make()
    return known[key]


@pytest.fixture(scope="session", autouse=True)
def _layers_loaded_once() -> Iterator[None]:
    """Let the many workspaces over copies of one store share what they load.

    A file is held against its digest each time all the same: a damaged one is found as ever.
    """
    frames: dict[Hashable, LayerFrame] = {}
    layers: dict[Hashable, LoadedLayer] = {}
    read = LayerStore.read

    def read_once(store: LayerStore, version: LayerVersion) -> LayerFrame:
        store.sound_path(version)
        kept = _kept(frames, (version.sha256, version.covered), lambda: read(store, version))
        # A test may change what it has read.
        return replace(kept, features=kept.features.copy())

    def loaded_once(version: LayerVersion, frame: LayerFrame) -> LoadedLayer:
        key = version.sha256, version.covered
        layer = _kept(layers, key, lambda: loaded_layer(version, frame))
        return replace(layer, version=version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LayerStore, "read", read_once)
        patch.setattr(workspaces, "loaded_layer", loaded_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _routes_prepared_once() -> Iterator[None]:
    """Let the many applications of one run share what FastAPI makes of a route.

    It does so for each application at its first request, for 200 routes in 70 ms.
    """
    contexts: dict[Hashable, Any] = {}
    contexts_of = routing._EffectiveRouteContext
    prepare = contexts_of.from_api_route

    def prepared_once(*, original_route: Any, include_context: Any) -> Any:
        # What is prepared looks for overrides in the application that it was prepared for.
        if getattr(include_context.dependency_overrides_provider, "dependency_overrides", None):
            return prepare(original_route=original_route, include_context=include_context)
        asked = tuple(one.dependency for one in include_context.dependencies)
        key = id(original_route), include_context.path_for(original_route), asked
        if key not in contexts:
            # The route itself stays, so that no other one can have its id.
            made = prepare(original_route=original_route, include_context=include_context)
            contexts[key] = original_route, made
        return contexts[key][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contexts_of, "from_api_route", prepared_once)
        yield


@pytest.fixture(scope="session")
def built_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the data that ships; tests read it and never write to it."""
    folder = tmp_path_factory.mktemp("store") / "data"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _built(folder)
    # Workers build it once, but shared clients keep their checks in it: each has a copy.
    common = tmp_path_factory.getbasetemp().parent / "built"
    with FileLock(common.with_suffix(".lock")):
        _built(common)
    return Path(shutil.copytree(common, folder))


def _built(folder: Path) -> Path:
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
