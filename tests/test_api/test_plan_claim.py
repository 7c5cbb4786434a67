"""The plan's claim: it cannot be told as long as a layer is missing, and one overlap ends it."""

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.jobs.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

DISTRICTS = {"kunming", "honghe", "dehong"}
MISSING = {"nature_reserve", "drinking_water_source", "key_wetland"}


def put(workspace: Workspace, kind: str, shape: shapely.Geometry) -> None:
    spec = LayerSpec(
        id=f"official_{kind}", kind=kind, title_zh=kind, title_en=kind, source="test", licence="none",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    frame = LayerFrame(
        features=gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[shape], crs="EPSG:4490"),
        coverage=gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def claim(client: TestClient) -> tuple[dict, dict]:
    answer = client.get("/api/v1/claim").json()
    return answer, {unit["unit_id"]: unit for unit in answer["units"]}


def test_on_a_fresh_machine_it_cannot_be_told_and_says_why(shared_client: TestClient) -> None:
    answer, units = claim(shared_client)
    assert (answer["holds"], answer["verdict"]) == (None, "undetermined")
    assert {item["status"] for item in answer["basis"]} == {"demonstration", "indicative"}
    assert len(units) == 8
    for unit in DISTRICTS:
        by_kind = {finding["kind"]: finding for finding in units[unit]["findings"]}
        assert by_kind["ecological_red_line"]["verdict"] == "clear"
        assert {k for k, f in by_kind.items() if f["reasons"] == ["layer_missing"]} == MISSING
    assert all(units[unit]["reason"] == "no_limits" for unit in set(units) - DISTRICTS)


@pytest.mark.parametrize("hit", [True, False])
def test_one_overlap_ends_it_and_full_layers_clear_the_districts(
    client: TestClient, workspace: Workspace, hit: bool
) -> None:
    far = shapely.box(105.0, 27.0, 105.1, 27.1)
    inside_kunming = shapely.box(102.80, 24.98, 102.81, 24.99)
    for kind in MISSING:
        put(workspace, kind, inside_kunming if hit and kind == "key_wetland" else far)
    answer, units = claim(client)
    assert {units[unit]["verdict"] for unit in DISTRICTS} == (
        {"conflict", "clear"} if hit else {"clear"}
    )
    # Linkage zones have no published limits: without a conflict it stays open.
    assert answer["holds"] is (False if hit else None)
