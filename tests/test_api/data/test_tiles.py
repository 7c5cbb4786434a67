"""Large layers as tiles: the shapes in them are those of the layer."""

import math
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.data.tiles import build_tiles
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

pytestmark = pytest.mark.slow


def put_parcels(workspace: Workspace, count: int) -> None:
    side = math.ceil(math.sqrt(count))
    at = np.arange(count)
    west, south = 102.6 + at % side * 0.002, 24.8 + at // side * 0.002
    frame = gpd.GeoDataFrame(
        {"feature_id": [f"p{one}" for one in at]},
        geometry=shapely.box(west, south, west + 0.0015, south + 0.0015),
        crs="EPSG:4490",
    )
    spec = LayerSpec(
        id="parcels_big",
        kind="parcel",
        title_zh="宗地",
        title_en="Parcels",
        status=LayerStatus.DEMONSTRATION,
        sensitivity=Sensitivity.INTERNAL,
        source="test",
        licence="test",
    )
    put = LayerFrame(features=frame, coverage=None)
    workspace.store.put_version(spec, put, report=None, now=datetime(2026, 11, 24, tzinfo=UTC))


def test_tiles_hold_the_layer_and_say_when_they_are_made(workspace: Workspace) -> None:
    put_parcels(workspace, 400)
    app = create_app(workspace.settings, workspace)
    client = TestClient(app, base_url="http://127.0.0.1")
    assert client.get("/api/v1/layers/parcels_big/tiles").json()["ready"] is False
    tile = "/api/v1/layers/parcels_big/versions/1/tiles/13/{}/{}.mvt"
    n = 2**13
    x = int((102.601 + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(24.801))) / math.pi) / 2 * n)
    assert client.get(tile.format(x, y)).status_code == 404
    build_tiles(workspace, workspace.store.get("parcels_big"), waiting=lambda: None)
    told = client.get("/api/v1/layers/parcels_big/tiles").json()
    assert (told["ready"], told["max_zoom"]) == (True, 13)
    answer = client.get(tile.format(x, y))
    assert answer.headers["etag"]
    # Second method: the ids of parcels whose box meets the tile stand in it as text.
    assert b"p0" in answer.content
    again = client.get(tile.format(x, y), headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get(tile.format(0, 0)).content == b""
    hit = client.get("/api/v1/identify?lon=102.6005&lat=24.8005&layers=parcels_big").json()
    assert [one["feature_id"] for one in hit["features"]] == ["p0"]


def test_work_that_is_stopped_leaves_nothing(workspace: Workspace) -> None:
    put_parcels(workspace, 400)

    class StoppedError(Exception):
        pass

    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        build_tiles(workspace, workspace.store.get("parcels_big"), waiting=stop)
    assert list((workspace.settings.data_dir / "tiles").rglob("*.pmtiles*")) == []
