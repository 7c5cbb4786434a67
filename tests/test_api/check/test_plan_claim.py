"""The plan's claim: it cannot be told as long as a layer is missing, and one overlap ends it."""

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, MissingLayer, Sensitivity

DISTRICTS = {"kunming", "honghe", "dehong"}
CLASSES = {
    "nature_reserve": {"zone": "core"},
    "drinking_water_source": {"grade": 1},
    "key_wetland": {"grade": "国家重要湿地"},
    "ecological_red_line": {},
    "lake_belt": {"belt": "core"},
    "permanent_basic_farmland": {},
}


def put(workspace: Workspace, kind: str, shape: shapely.Geometry) -> None:
    spec = LayerSpec(
        id=f"official_{kind}", kind=kind, title_zh=kind, title_en=kind, source="test", licence="none",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    columns = {name: [value] for name, value in CLASSES[kind].items()}
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": ["1"], **columns}, geometry=[shape], crs="EPSG:4490"
        ),
        coverage=gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def claim(client: TestClient) -> tuple[dict, dict]:
    answer = client.get("/api/v1/claim").json()
    return answer, {unit["unit_id"]: unit for unit in answer["units"]}


def test_on_a_fresh_machine_it_rests_on_demonstrations_and_linkage_zones_stay_open(
    shared_client: TestClient,
) -> None:
    answer, units = claim(shared_client)
    assert (answer["holds"], answer["verdict"]) == (None, "undetermined")
    assert {item["status"] for item in answer["basis"]} == {"demonstration", "indicative"}
    assert len(units) == 8
    for unit in DISTRICTS:
        by_rule = {finding["rule_id"]: finding for finding in units[unit]["findings"]}
        assert by_rule["ecological_red_line"]["verdict"] == "clear"
        assert {finding["kind"] for finding in by_rule.values()} == set(CLASSES)
        # Conditions alone make no ground sensitive.
        assert "lake_belt_green" not in by_rule
    assert all(units[unit]["reason"] == "no_limits" for unit in set(units) - DISTRICTS)


def test_a_kind_without_a_layer_cannot_be_told_and_says_so_once(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = workspace.store.controls
    monkeypatch.setattr(
        workspace.store,
        "controls",
        lambda kind: MissingLayer(kind=kind) if kind == "nature_reserve" else known(kind),
    )
    _, units = claim(client)
    missing = [f for f in units["kunming"]["findings"] if f["reasons"] == ["layer_missing"]]
    assert [finding["kind"] for finding in missing] == ["nature_reserve"]
    assert units["kunming"]["verdict"] == "undetermined"


@pytest.mark.parametrize("hit", [True, False])
def test_one_overlap_ends_it_and_full_layers_clear_the_districts(
    client: TestClient, workspace: Workspace, hit: bool
) -> None:
    far = shapely.box(105.0, 27.0, 105.1, 27.1)
    inside_kunming = shapely.box(102.80, 24.98, 102.81, 24.99)
    for kind in CLASSES:
        put(workspace, kind, inside_kunming if hit and kind == "key_wetland" else far)
    answer, units = claim(client)
    assert {units[unit]["verdict"] for unit in DISTRICTS} == (
        {"conflict", "clear"} if hit else {"clear"}
    )
    # Linkage zones have no published limits: without a conflict it stays open.
    assert answer["holds"] is (False if hit else None)
