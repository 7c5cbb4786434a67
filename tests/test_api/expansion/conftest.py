"""Layers of an office's own, put into a test's store."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import pytest

from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.readers import Source
from tests.conftest import NOW

PutLayer: TypeAlias = Callable[..., None]


@pytest.fixture
def put_layer(workspace: Workspace) -> PutLayer:
    """Return what stores shapes in lon/lat as an official layer ``own_<kind>``."""

    def put(
        kind: str,
        shapes: Sequence[Any],
        coverage: Sequence[Any] | None = None,
        **columns: Sequence[object],
    ) -> None:
        table = {"feature_id": [f"f{at}" for at in range(len(shapes))], **columns}
        features = gpd.GeoDataFrame(table, geometry=list(shapes), crs="EPSG:4490")
        covered = None if coverage is None else gpd.GeoSeries(coverage, crs="EPSG:4490")
        spec = LayerSpec(
            id=f"own_{kind}",
            kind=kind,
            title_zh="我的",
            title_en="Mine",
            status=LayerStatus.OFFICIAL,
            source="测试",
            licence="internal",
            sensitivity=Sensitivity.INTERNAL,
        )
        frame = LayerFrame(features=features, coverage=covered)
        workspace.store.put_version(spec, frame, report=None, now=workspace.now())

    return put


def still(done: int, total: int, note: str) -> None:
    assert 0 <= done <= total


def source(**rings: list[list[float]]) -> Source:
    features = [
        {
            "type": "Feature",
            "id": name,
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }
        for name, ring in rings.items()
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return Source(name="s.geojson", files={"s.geojson": body})


def square(west: float, south: float, size: float = 0.01) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, built_store: Path) -> Workspace:
    """A workspace over a store that the tests of one module share."""
    folder = tmp_path_factory.mktemp("sites") / "data"
    shutil.copytree(built_store, folder)
    return Workspace(Settings(data_dir=folder), now=lambda: NOW)
