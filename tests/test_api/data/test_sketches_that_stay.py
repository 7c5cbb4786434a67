"""An official layer of planning units beside their sketch. Oracle: units.csv, by hand."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from api.data.import_concerns import concerns_of
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import (
    LayerFrame,
    LayerSpec,
    LayerStatus,
    ReadReport,
    Sensitivity,
)
from layers.store.plausibility.concerns import coming

PLACE = shapely.box(102.8, 24.9, 102.9, 25.0)


def spec(layer_id: str, kind: str, status: LayerStatus) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=kind, title_zh=layer_id, title_en=layer_id, source="test",
        licence="none", status=status, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("layer_id", "kind", "status", "asked"),
    [
        ("districts_2026", "district", LayerStatus.OFFICIAL, ["districts"]),
        ("boundary", "zone", LayerStatus.OFFICIAL, ["zone"]),
        ("districts", "district", LayerStatus.OFFICIAL, []),
        ("another_sketch", "district", LayerStatus.INDICATIVE, []),
        # Outlines of linkage zones are found by name, whatever their layer is called.
        ("linkage_2026", "linkage_zone", LayerStatus.OFFICIAL, []),
    ],
)
def test_an_official_layer_under_another_id_is_asked_about(
    built_store: Path, layer_id: str, kind: str, status: LayerStatus, asked: list[str]
) -> None:
    workspace = Workspace(Settings(data_dir=built_store))
    features = gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[PLACE], crs="EPSG:4490")
    layer = coming(LayerFrame(features=features, coverage=None))
    report = ReadReport(
        name="x", sha256="0" * 64, size_bytes=1, format="GeoJSON", encoding=None,
        encoding_how=None, crs="EPSG:4490", crs_how="declared", feature_count=1, precision_m=None,
    )  # fmt: skip
    found = concerns_of(workspace, spec(layer_id, kind, status), layer, report)
    assert [one.params["layer"] for one in found if one.code == "sketch_stays"] == asked
