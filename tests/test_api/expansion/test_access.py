"""Access of sites at the doors. Oracles: by hand on small networks, pyproj's Geod."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.data.import_layer import ImportRequest, import_layer, new_spec, prepare_import
from api.expansion.travel.roads import layers_of, roads_of
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.expansion.road_rules import load_road_rules
from layers.model import ReadOptions
from layers.readers import Source

GEOD = Geod(a=6378137.0, rf=298.257222101)
LON, LAT, STEP = 102.80, 24.98, 0.01


def at(column: float, row: float) -> tuple[float, float]:
    return LON + STEP * column, LAT + STEP * row


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2])


def site(column: float = 0.0, row: float = 0.0, size: float = 0.1) -> dict:
    """A square whose middle lies at a corner of the lattice."""
    half = size / 2
    ring = [at(column + dx, row + dy) for dx, dy in ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))]  # fmt: skip
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }


def bring(workspace: Workspace, folder: Path, kind: str, rows: list[dict], form: str = "gpkg"):
    """Import features as a layer of a kind, as a planner's file brings them."""
    path = folder / "files" / f"{kind}.{form}"
    path.parent.mkdir()
    gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4490").to_file(path)
    files = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    source = Source(name=path.name, files=files)
    shutil.rmtree(path.parent)
    spec = new_spec(
        workspace.kinds, kind=kind, status="official", id=f"own_{kind}", title_zh=f"自有{kind}",
        title_en=f"Own {kind}", source="test", licence="internal",
    )  # fmt: skip
    request = ImportRequest(source=source, spec=spec, options=ReadOptions(), covers=(), accept=True)
    return import_layer(workspace, prepare_import(workspace, request))


def road(*points: tuple[float, float], **said: object) -> dict:
    return {"highway": "primary", **said, "geometry": shapely.LineString(points)}


def asked(client: TestClient, body: dict, **query: object) -> dict:
    answer = client.post("/api/v1/sites/access", json=body, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_demonstration_roads_are_marked_in_every_form(client: TestClient) -> None:
    found = asked(client, site(), geometry=True)
    assert "demonstration" in {one["status"] for one in found["basis"]}
    assert found["network"]["layers"][0]["status"] == "demonstration"
    assert len(found["network"]["pieces"]) == 2
    near = {one["kind"]: one for one in found["sites"][0]["targets"]}
    assert near["port"]["how"] == "road"
    assert near["substation"]["how"] == "straight"
    areas = [one["area_km2"] for one in found["sites"][0]["isochrones"]]
    assert areas == sorted(areas)
    assert areas[0] > 0
    for form in ("html", "csv"):
        text = client.post(
            "/api/v1/sites/access", json=site(), params={"format": form, "lang": "zh"}
        ).text
        assert "演示" in text
    layer = client.post("/api/v1/sites/access", json=site(), params={"format": "geojson"}).json()
    assert {one["properties"]["status"] for one in layer["features"]} == {"demonstration"}


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp"])
def test_an_openstreetmap_extract_is_travelled_by_its_fields(
    client: TestClient, workspace: Workspace, tmp_path: Path, form: str
) -> None:
    """By hand: 60 km/h of the class, 30 of a limit, a footway left out, a one-way street."""
    rows = [
        road(at(0, 0), at(1, 0), maxspeed="30", oneway="no", name="甲路"),
        road(at(1, 0), at(2, 0), maxspeed=None, oneway="yes"),
        road(at(0, 0), at(2, 0), highway="footway", maxspeed=None, oneway=None),
        road(at(2, 0), at(3, 0), highway="weird", maxspeed="fast", oneway="perhaps"),
    ]
    bring(workspace, tmp_path, "road", rows, form)
    end = at(3, 0)
    found = asked(client, site(), kinds="port", places=f"终点={end[0]},{end[1]}")
    network = found["network"]
    assert network["left_out"] == [{"text": "footway", "count": 1}]
    assert network["unlisted"] == [{"text": "weird", "count": 1}]
    assert {one["text"] for one in network["unread"]} == {"oneway=perhaps", "maxspeed=fast"}
    target = found["sites"][0]["targets"][-1]
    legs = [metres(at(n, 0), at(n + 1, 0)) for n in range(3)]
    minutes = sum(leg * 0.06 / kmh for leg, kmh in zip(legs, (30, 60, 20), strict=True))
    assert target["how"] == "road"
    assert target["minutes"] == pytest.approx(minutes, abs=0.06)
    assert target["road_km"] == pytest.approx(sum(legs) / 1000, abs=0.002)
    assert found["sites"][0]["entry"]["road"] == {"zh": "甲路", "en": "甲路"}
    # Against the one-way street there is no way back, and no number.
    back = asked(client, site(3, 0), kinds="port", places=f"起点={LON},{LAT}")
    target = back["sites"][0]["targets"][-1]
    assert (target["how"], target["why"]) == ("unreachable", "one_way")
    assert target["minutes"] is target["road_km"] is target["straight_km"] is None
    assert back["sites"][0]["unreached_km"] == pytest.approx((legs[0] + legs[1]) / 1000, abs=0.002)


def test_a_part_that_is_not_connected_is_named_and_no_number_is_given(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, "road", [road(at(0, 0), at(1, 0)), road(at(2, 0), at(4, 0))])
    bring(workspace, tmp_path, "port", [{"name": "口岸", "geometry": shapely.Point(at(3, 0))}])
    found = asked(client, site(), kinds="port")
    (target,) = found["sites"][0]["targets"]
    assert (target["how"], target["why"]) == ("unreachable", "other_piece")
    assert (found["sites"][0]["entry"]["piece"], target["piece"]) == (2, 1)
    text = client.post(
        "/api/v1/sites/access",
        json=site(),
        params={"kinds": "port", "format": "html", "lang": "en"},
    ).text
    assert "part 1 of the network, which is not connected with part 2" in text


def test_straight_lines_stand_only_where_no_network_is_and_say_why(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, "road", [road(at(0, 0), at(1, 0))])
    far = at(20, 0)
    found = asked(client, site(), kinds="port", places=f"远处={far[0]},{far[1]}")
    port, place = found["sites"][0]["targets"]
    assert (place["how"], place["why"]) == ("straight", "target_off_network")
    outline = at(0.05, 0)
    assert place["straight_km"] == pytest.approx(metres(outline, far) / 1000, abs=0.002)
    off = asked(client, site(10, 5), kinds="port")["sites"][0]
    assert off["entry"] is None
    assert off["isochrones"] == []
    assert {one["why"] for one in off["targets"]} == {"site_off_network"}
    assert port["how"] in {"straight", "unreachable", "road"}
    # Withdrawn roads: no network at all; demonstrations do not come back for what was official.
    near = asked(client, site(10, 5), kinds="port", snap_m=100_000)["sites"][0]
    assert near["entry"]["distance_m"] > 9000


def test_without_roads_all_is_straight_and_said(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    said = {"name": "审查员", "reason": "演示数据不可用"}
    answer = client.post("/api/v1/layers/demo_road/versions/1/withdraw", json=said)
    assert answer.status_code == 200, answer.text
    found = asked(client, site(), lang="en")
    assert found["network"] is None
    assert {one["why"] for one in found["sites"][0]["targets"]} == {"no_network", "own_way"}
    assert all(one["minutes"] is None for one in found["sites"][0]["targets"])


def test_a_kind_of_ones_own_and_a_wrong_one(client: TestClient) -> None:
    assert asked(client, site(), kinds="district")["sites"][0]["targets"][0]["kind"] == "district"
    wrong = client.post("/api/v1/sites/access", json=site(), params={"kinds": "harbor"})
    assert wrong.status_code in {404, 422}
    assert "harbor" in wrong.text


def test_the_command_says_what_the_route_says(
    own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps(site()), encoding="utf-8")
    run = CliRunner().invoke(app, ["access", str(path), "--minutes", "5,12", "--json"])
    assert run.exit_code == 0, run.output
    assert [one["minutes"] for one in json.loads(run.stdout)["sites"][0]["isochrones"]] == [5, 12]
    zh = CliRunner().invoke(app, ["access", str(path), "--lang", "zh"])
    assert "直线距离：电缆、管线、专用线另有走廊" in zh.stdout


def test_a_network_is_built_once_until_its_file_or_rules_change(
    workspace: Workspace, put_layer
) -> None:
    rules = load_road_rules(None)
    first = [road(at(0, 0), at(1, 0))["geometry"]]
    put_layer("road", first, highway=["primary"])
    versions = layers_of(workspace, "road").used
    kept = roads_of(workspace, versions, rules)
    assert roads_of(workspace, versions, rules).network is kept.network
    # Other rules, another version: another network, and the former one is not taken for it.
    slower = rules.model_copy(update={"connection_kmh": rules.connection_kmh / 2.0})
    assert roads_of(workspace, versions, slower).network is not kept.network
    put_layer("road", [*first, road(at(1, 0), at(2, 0))["geometry"]], highway=["primary"] * 2)
    newer = layers_of(workspace, "road").used
    assert [len(kept.network.start), len(roads_of(workspace, newer, rules).network.start)] == [1, 2]


def test_a_network_of_a_damaged_file_is_refused(workspace: Workspace, put_layer) -> None:
    put_layer("road", [road(at(0, 0), at(1, 0))["geometry"]], highway=["primary"])
    versions, rules = layers_of(workspace, "road").used, load_road_rules(None)
    roads_of(workspace, versions, rules)
    for file in workspace.settings.data_dir.rglob("*own_road*/**/*"):
        if file.is_file() and file.stat().st_size > 100:
            file.write_bytes(file.read_bytes()[:-50])
    # Whoever opens the store anew is told so, whatever another one has in memory.
    opened = Workspace(workspace.settings, now=workspace.now)
    with pytest.raises(PlanningError):
        roads_of(opened, layers_of(opened, "road").used, rules)


def test_what_a_layer_does_not_cover_is_not_known_and_no_distance(client: TestClient) -> None:
    # The demonstration speaks about the surroundings of Kunming; Ruili is 500 km from there.
    west, south = 97.88, 24.05
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south]]
    feature = {
        "type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}
    }  # fmt: skip
    far = {"type": "FeatureCollection", "features": [feature]}
    targets = asked(client, far, places="某口岸=97.85,24.01")["sites"][0]["targets"]
    *kinds, place = targets
    assert {(one["how"], one["why"], one["straight_km"], one["name"]) for one in kinds} == {
        ("unknown", None, None, None)
    }
    # A place that somebody names lies where it lies.
    assert place["how"] == "straight"
    for lang, word in (("zh", "不明"), ("en", "Not known")):
        params = {"format": "html", "lang": lang}
        assert word in client.post("/api/v1/sites/access", json=far, params=params).text
