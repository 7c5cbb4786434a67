"""What a check makes of its layers: official, damaged, expired, partial, missing and real ones."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

URL = "/api/v1/checks"


GEOD = Geod(a=6378137.0, rf=298.257222101)


KIND = "ecological_red_line"


RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]]


def site(*rings: list[list[float]], **properties: object) -> dict:
    coordinates = [[*ring, ring[0]] for ring in rings]
    geometry = {"type": "Polygon", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def geodesic_m2(geometry: dict) -> float:
    """Area by GeographicLib of a densified polygon, every ring oriented."""
    shape = shapely.segmentize(shapely.geometry.shape(geometry), 0.001)
    parts = [shapely.orient_polygons(part) for part in shapely.get_parts(shape)]
    return sum(GEOD.geometry_area_perimeter(part)[0] for part in parts)


def finding_of(answer: dict, kind: str = KIND) -> dict:
    return next(f for f in answer["sites"][0]["findings"] if f["kind"] == kind)


def official(workspace: Workspace, layer_id: str = "official", **changes: object) -> None:
    """Import an official red line: a small square far from the test's site."""
    spec: dict = {
        "id": layer_id,
        "kind": KIND,
        "title_zh": "正式红线",
        "title_en": "Official red line",
        "status": LayerStatus.OFFICIAL,
        "sensitivity": Sensitivity.INTERNAL,
        "source": "test",
        "licence": "none",
        "precision_m": 0.01,
    }
    covers = changes.pop("covers", shapely.box(102, 24, 104, 26))
    shape = changes.pop("shape", shapely.box(103, 25, 103.01, 25.01))
    features = gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[shape], crs="EPSG:4490")
    coverage = None if covers is None else gpd.GeoSeries([covers], crs="EPSG:4490")
    workspace.store.put_version(
        LayerSpec(**{**spec, **changes}),
        LayerFrame(features=features, coverage=coverage),
        report=None,
        now=workspace.now(),
    )


def test_an_official_layer_replaces_the_demonstration_and_leaves_the_basis(
    client: TestClient, workspace: Workspace
) -> None:
    official(workspace)
    answer = client.post(URL, json=site(RING)).json()
    finding = finding_of(answer)
    assert (finding["layer_id"], finding["verdict"]) == ("official", "clear")
    named = {layer for item in answer["basis"] for layer in item["layer_ids"]}
    assert "demo_ecological_red_line" not in named
    # The gravest kinds first; the red line is official now and not among them.
    titles = [one["en"] for item in answer["basis"] for one in item["titles"]]
    assert titles[:2] == ["Permanent basic farmland", "Urban development boundary"]
    listed = {row["id"]: row["in_use"] for row in client.get("/api/v1/layers").json()["layers"]}
    assert listed["official"]
    assert not listed["demo_ecological_red_line"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_to": date(2020, 1, 1)}, "layer_expired"),
        ({"valid_from": date(2099, 1, 1)}, "layer_not_yet_valid"),
        ({"covers": None}, "coverage_unknown"),
        ({"covers": shapely.box(102, 24, 102.775, 26)}, "coverage_partial"),
        ({"covers": shapely.box(90, 24, 91, 26)}, "coverage_none"),
    ],
)
def test_a_layer_that_cannot_be_relied_on_never_makes_a_site_clear(
    client: TestClient, workspace: Workspace, changes: dict, reason: str
) -> None:
    official(workspace, **changes)
    answer = client.post(URL, json=site(RING)).json()
    finding = finding_of(answer)
    assert finding["verdict"] == "undetermined"
    assert reason in finding["reasons"]
    assert answer["sites"][0]["verdict"] in {"undetermined", "conflict"}


def test_a_damaged_layer_is_unreadable_and_does_not_hide_the_others(
    client: TestClient, workspace: Workspace
) -> None:
    version = workspace.store.get("demo_ecological_red_line")
    version.path.chmod(0o644)
    version.path.write_bytes(b"not what was stored")
    answer = client.post(URL, json=site(RING)).json()
    finding = finding_of(answer)
    assert (finding["verdict"], finding["reasons"]) == ("undetermined", ["layer_unreadable"])
    assert finding["overlap_area_m2"] is None
    assert finding_of(answer, "urban_development_boundary")["verdict"] == "conflict"


def test_a_check_with_a_damaged_layer_is_not_the_check_with_the_layer_restored(
    client: TestClient, workspace: Workspace
) -> None:
    path = workspace.store.get("demo_ecological_red_line").path
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:-1])
    damaged = client.post(URL, json=site(RING)).json()
    path.write_bytes(whole)
    restored = client.post(URL, json=site(RING)).json()
    assert restored["id"] != damaged["id"]
    assert client.get(f"{URL}/{damaged['id']}").json() == damaged


def test_two_layers_of_a_kind_side_by_side_cover_a_site_on_their_border(
    client: TestClient, workspace: Workspace
) -> None:
    official(workspace, "west_city", covers=shapely.box(102, 24, 102.775, 26))
    official(workspace, "east_city", covers=shapely.box(102.775, 24, 104, 26))
    answer = client.post(URL, json=site(RING)).json()
    verdicts = [f["verdict"] for f in answer["sites"][0]["findings"] if f["kind"] == KIND]
    assert verdicts == ["clear", "clear"]


@pytest.mark.parametrize("covers_all", [True, False])
def test_an_expired_layer_gives_way_only_to_one_that_speaks_of_the_whole_site(
    client: TestClient, workspace: Workspace, covers_all: bool
) -> None:
    east = 104 if covers_all else 102.775
    official(workspace, "old", valid_to=date(2020, 1, 1))
    official(workspace, "new", covers=shapely.box(102, 24, east, 26))
    answer = client.post(URL, json=site(RING)).json()
    found = {
        f["layer_id"]: f["verdict"] for f in answer["sites"][0]["findings"] if f["kind"] == KIND
    }
    assert found == (
        {"new": "clear"} if covers_all else {"new": "undetermined", "old": "undetermined"}
    )


def test_a_feature_beyond_its_layers_stated_coverage_is_not_overlooked(
    client: TestClient, workspace: Workspace
) -> None:
    # The east city covers the site; the west city's red line reaches over into it.
    official(workspace, "east_city", covers=shapely.box(102.5, 24, 104, 26))
    official(
        workspace,
        "west_city",
        covers=shapely.box(102, 24, 102.5, 26),
        shape=shapely.box(102.4, 24.9, 102.775, 24.95),
    )
    answer = client.post(URL, json=site(RING)).json()
    found = {
        f["layer_id"]: f["verdict"] for f in answer["sites"][0]["findings"] if f["kind"] == KIND
    }
    assert found == {"east_city": "clear", "west_city": "conflict"}


def test_a_kind_without_any_layer_is_said(tmp_path: Path, built_store: Path) -> None:
    from api.check.sites import check_sites
    from api.settings import Settings
    from layers.model import ReadOptions
    from layers.readers import Source, read_sites

    bare = Workspace(Settings(data_dir=tmp_path / "bare"))
    data = json.dumps(site(RING)).encode()
    frame = read_sites(Source(name="a", files={"a": data}), ReadOptions(), counties=None)
    result = check_sites(bare, frame, ReadOptions())
    assert result.verdict == "undetermined"
    assert {tuple(f.reasons) for f in result.sites[0].findings} == {("layer_missing",)}


def test_a_real_lake_is_checked_and_its_area_is_geographiclibs(shared_client: TestClient) -> None:
    lakes = shared_client.get("/api/v1/layers/lakes/features").json()["features"]
    dianchi = next(lake for lake in lakes if lake["id"] == "dianchi")
    answer = shared_client.post(
        f"{URL}?geometry=true", json={"type": "FeatureCollection", "features": [dianchi]}
    ).json()
    result = answer["sites"][0]
    assert result["area_m2"] == pytest.approx(geodesic_m2(dianchi["geometry"]), rel=1e-8)
    belt = next(f for f in result["findings"] if f["rule_id"] == "lake_belt_core")
    assert belt["verdict"] == "conflict"
    assert belt["share_pct"] == pytest.approx(100.0, abs=1e-6)


def test_a_real_county_against_the_real_lakes(built_store: Path) -> None:
    # The share of Chenggong and Xishan in lake Dianchi, by our overlay and by GeographicLib.
    from api.settings import Settings
    from geo.check.overlay import overlap

    open_ = Workspace(Settings(data_dir=built_store))
    lakes = open_.load(open_.store.get("lakes"))
    counties = open_.counties.set_index("feature_id").geometry
    for code in ("530114", "530112"):
        found = overlap(counties[code], lakes.controls)
        assert found.parts[0].feature_id == "dianchi"
        second = shapely.intersection(counties[code], lakes.features.geometry.to_numpy())
        expected = sum(geodesic_m2(shapely.geometry.mapping(g)) for g in second if not g.is_empty)
        assert found.area_m2 == pytest.approx(expected, rel=1e-8)
        assert found.area_m2 > 30e6
        assert np.isfinite(found.max_width_m)


def test_a_real_county_is_checked_with_areas_of_geographiclib(
    shared_client: TestClient, built_store: Path
) -> None:
    # Guandu, 530111: second method is a plain intersection, measured along geodesics.
    from api.settings import Settings

    counties = shared_client.get("/api/v1/layers/counties/features").json()["features"]
    guandu = next(county for county in counties if county["id"] == "530111")
    body = {"type": "FeatureCollection", "features": [guandu]}
    answer = shared_client.post(f"{URL}?geometry=true", json=body).json()
    result = answer["sites"][0]
    assert result["area_m2"] == pytest.approx(geodesic_m2(guandu["geometry"]), rel=1e-8)
    open_ = Workspace(Settings(data_dir=built_store))
    county = shapely.geometry.shape(guandu["geometry"])
    for kind in ("ecological_red_line", "permanent_basic_farmland"):
        finding = finding_of(answer, kind)
        features = open_.load(open_.store.get(f"demo_{kind}")).features.geometry.to_numpy()
        shared = shapely.intersection(county, shapely.union_all(features))
        expected = geodesic_m2(shapely.geometry.mapping(shared))
        assert expected > 1e6
        assert finding["overlap_area_m2"] == pytest.approx(expected, rel=1e-8)
        assert finding["share_pct"] == pytest.approx(100.0 * expected / result["area_m2"])
        assert finding["verdict"] == "conflict"
