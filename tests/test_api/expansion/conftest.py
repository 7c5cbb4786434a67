"""Layers of an office's own, put into a test's store."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import pytest

from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

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
