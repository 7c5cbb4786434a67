"""Names, positions, measures, versions and past checks over HTTP."""

import json
import os
from datetime import UTC, datetime

import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.check.override import list_checks
from api.check.sites import read_and_check
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, ReadOptions
from layers.readers import Source
from maps.document.terminal import text_of
from maps.workbench.document import checks_document

KUNMING = (102.82, 24.95)


@pytest.fixture(scope="module")
def client(built_store) -> TestClient:
    return TestClient(create_app(Settings(data_dir=built_store)), base_url="http://127.0.0.1")


def test_a_name_in_either_language_finds_its_feature(client: TestClient) -> None:
    for query in ("昆明片区", "kunming district"):
        first = client.get("/api/v1/places", params={"q": query}).json()["places"][0]
        assert (first["layer_id"], first["kind"]) == ("districts", "feature")
        west, south, east, north = first["bounds_lonlat"]
        assert west < first["lon_deg"] < east
        assert south < first["lat_deg"] < north


def test_coordinates_without_a_zone_number_offer_the_counties_that_they_hit(client) -> None:
    # By the map: at 24.99 N Yunnan holds the meridians 99 and 102; 105 lies in Guangxi.
    places = client.get("/api/v1/places", params={"q": "500000, 2765000"}).json()["places"]
    assert [round(one["lon_deg"]) for one in places] == [99, 102]
    assert [one["crs"] for one in places] == ["EPSG:4542", "EPSG:4543"]


@pytest.mark.parametrize("query", ["", " ", "x" * 201])
def test_nothing_and_too_much_are_refused_in_words(client: TestClient, query: str) -> None:
    answer = client.get("/api/v1/places", params={"q": query}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "200 characters" in answer.json()["detail"]


def test_a_position_names_its_features_county_and_notations(client: TestClient) -> None:
    lon, lat = KUNMING
    answer = client.get("/api/v1/identify", params={"lon": lon, "lat": lat}).json()
    found = {one["layer_id"] for one in answer["features"]}
    # Second method: shapely on what the features route gives.
    for layer_id in ("districts", "counties", "demo_ecological_red_line"):
        features = client.get(f"/api/v1/layers/{layer_id}/features").json()["features"]
        hit = any(
            shapely.from_geojson(json.dumps(one["geometry"])).intersects(shapely.Point(lon, lat))
            for one in features
        )
        assert (layer_id in found) == hit
    assert answer["position"]["lon_dms"] == "102°49′12.00″"
    assert answer["position"]["gauss_krueger_crs"] == "EPSG:4522"
    assert answer["position"]["county"] == "呈贡区"
    assert {one["layer_id"] for one in answer["silent"]}.isdisjoint(found)


def test_a_layer_that_says_nothing_says_whether_it_covers_the_place(client: TestClient) -> None:
    away = client.get("/api/v1/identify", params={"lon": 99.0, "lat": 23.0}).json()
    silent = {one["layer_id"]: one["covered"] for one in away["silent"]}
    assert silent["demo_ecological_red_line"] is False
    assert "districts" in silent


def test_a_line_is_hit_within_its_reach_only(client: TestClient) -> None:
    rivers = client.get("/api/v1/layers/rivers/features").json()["features"]
    line = shapely.from_geojson(json.dumps(rivers[0]["geometry"]))
    on = (
        line.interpolate(0.5, normalized=True)
        if line.geom_type == "LineString"
        else shapely.get_parts(line)[0].interpolate(0.5, normalized=True)
    )
    # 0.01 degrees of latitude are 1108 m here; the nearest of the river may be nearer.
    params = {"lon": on.x, "lat": on.y + 0.01, "layers": "rivers"}
    near = client.get("/api/v1/identify", params={**params, "tolerance_m": 1200}).json()
    assert near["features"][0]["distance_m"] <= 1200
    none = client.get("/api/v1/identify", params={**params, "tolerance_m": 0}).json()
    assert none["features"] == []


@pytest.mark.parametrize(
    "params",
    [{"lon": "nan", "lat": 1}, {"lon": 181, "lat": 1}, {"lon": 1, "lat": 1, "tolerance_m": -1}],
)
def test_an_impossible_position_is_refused(client: TestClient, params: dict) -> None:
    assert client.get("/api/v1/identify", params=params).status_code == 422


def test_a_ring_is_measured_like_a_checked_site(own_store) -> None:
    # Second method: the area that a check computes for the same polygon.
    ring = [[102.76, 24.93], [102.8, 24.93], [102.8, 24.96]]
    site = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    app = create_app(Settings(data_dir=own_store))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        measured = client.post("/api/v1/measure", json={"points": ring, "closed": True}).json()
        check = client.post("/api/v1/checks", json=site).json()
        assert client.get("/api/v1/checks").json()["checks"][0]["id"] == check["id"]
        assert client.post("/api/v1/measure", json={"points": ring[:1]}).status_code == 422
    assert measured["area_m2"] == pytest.approx(check["sites"][0]["area_m2"], rel=1e-9)
    assert measured["length_m"] == pytest.approx(sum(measured["legs_m"]))


def test_versions_are_compared_over_http(own_store) -> None:
    workspace = Workspace(Settings(data_dir=own_store))
    version = workspace.store.get("districts")
    frame = workspace.store.read(version)
    workspace.store.put_version(
        version.spec,
        LayerFrame(features=frame.features.iloc[:2], coverage=frame.coverage),
        report=None,
        now=datetime(2026, 11, 24, tzinfo=UTC),
    )
    client = TestClient(create_app(workspace.settings), base_url="http://127.0.0.1")
    answer = client.get("/api/v1/layers/districts/diff?from_version=1&to_version=2").json()
    assert answer["counts"] == {"added": 0, "removed": 1, "moved": 0, "renamed": 0}
    removed = answer["changes"][0]
    lost = answer["area_before_m2"] - answer["area_after_m2"]
    assert removed["area_before_m2"] == pytest.approx(lost, rel=1e-9)
    assert (
        client.get("/api/v1/layers/districts/diff?from_version=1&to_version=9").status_code == 404
    )


def test_past_checks_are_listed_newest_first(workspace) -> None:
    # By hand: two files with times of our own, and one that is no check.
    assert list_checks(workspace, 5).checks == []
    ring = [[102.76, 24.93], [102.8, 24.93], [102.8, 24.96], [102.76, 24.93]]
    for at, shift in enumerate((0.0, 0.1)):
        moved = [[x + shift, y] for x, y in ring]
        text = json.dumps({"type": "Polygon", "coordinates": [moved]}).encode()
        source = Source(name="a.geojson", files={"a.geojson": text})
        made = read_and_check(workspace, source, ReadOptions(), None)
        os.utime(workspace.settings.data_dir / "checks" / f"{made.id}.json", (at, 1000 + at))
    (workspace.settings.data_dir / "checks" / "notes.json").write_text("{}", encoding="utf-8")
    listed = list_checks(workspace, 1)
    assert (listed.checks[0].id, listed.more) == (made.id, 1)
    assert listed.checks[0].verdict == made.verdict
    # As the terminal prints it: the id that other commands take, and China's time under its name.
    said = text_of(checks_document(listed, "en"))
    assert made.id in said
    assert "Time (in China)" in said
    assert datetime.fromisoformat(listed.checks[0].kept_at).strftime("%Y-%m-%d %H:%M") in said
