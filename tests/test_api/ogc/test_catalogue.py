"""The catalogue over HTTP: STAC, OGC API Records and DCAT of the same entries.

Oracles: what the stores themselves say, and the rules of the standards by hand.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.withdraw import Wish
from api.workspace.workspace import Workspace
from geo.model import Grid
from layers.builtin import RECIPE_VERSION
from layers.density.statistics.builtin import load_observations
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters.building import put_grids
from layers.rasters.store import RasterOrigin
from layers.zones import shipped_zone

COLLECTIONS = ["layers", "rasters", "statistics", "publications"]


@pytest.fixture
def client(workspace: Workspace) -> TestClient:
    settings = Settings(data_dir=workspace.settings.data_dir, allowed_hosts=("testserver",))
    app = create_app(settings, workspace)
    return TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})


def items(client: TestClient, collection: str, **query: object) -> dict:
    answer = client.get(f"/catalogue/collections/{collection}/items", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_raster(workspace: Workspace, sensitivity: Sensitivity) -> None:
    spec = LayerSpec(
        id="own_dem", kind="dem", title_zh="自有高程", title_en="Own heights",
        status=LayerStatus.OFFICIAL, sensitivity=sensitivity, source="test", licence="CC0",
    )  # fmt: skip
    step = Affine(30, 0, 578000, 0, -30, 2767500)
    z = np.arange(300 * 300, dtype=np.float32).reshape(300, 300) / 100
    grid = Grid(values=z, transform=step, crs=CRS(4543), nodata=np.nan, unit="m")
    put_grids(
        workspace.rasters, spec, {"dem": grid}, classes=None, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def test_every_layer_and_raster_in_use_is_an_entry_with_its_terms(
    client: TestClient, workspace: Workspace
) -> None:
    found = {one["id"]: one for one in items(client, "layers")["features"]}
    assert set(found) == {f"{one.layer_id}@{one.number}" for one in workspace.store.current()}
    for version in workspace.store.current():
        one, spec = found[f"{version.layer_id}@{version.number}"], version.spec
        said = one["properties"]
        assert said["ftzgis:status"] == spec.status
        assert said["ftzgis:source"] == spec.source
        assert said.get("rights", "") == spec.licence
        assert said.get("ftzgis:precision_m") == spec.precision_m
        assert said["ftzgis:coverage_stated"] == version.covered
        assert one["bbox"] == list(version.bounds_lonlat)
    rasters = {one["id"] for one in items(client, "rasters")["features"]}
    assert rasters == {one.label for one in workspace.rasters.current()}


def test_a_demonstration_says_so_in_both_languages(client: TestClient) -> None:
    path = "/catalogue/collections/layers/items/demo_ecological_red_line"
    english = client.get(path, params={"lang": "en"}).json()["properties"]["description"]
    chinese = client.get(path, params={"lang": "zh"}).json()["properties"]["description"]
    assert english.startswith("Demonstration. ")
    assert english.endswith("No evidence for anything.")
    assert chinese.startswith("演示。")
    assert chinese.endswith("不能作为依据。")


def test_what_ships_of_statistics_is_counted(client: TestClient) -> None:
    (one,) = items(client, "statistics")["features"]
    rows = load_observations(shipped_zone())
    years = [row.year for row in rows]
    assert one["properties"]["ftzgis:values"] == len(rows)
    assert one["properties"]["start_datetime"] == f"{min(years)}-01-01T00:00:00Z"
    assert one["properties"]["end_datetime"] == f"{max(years)}-12-31T23:59:59Z"
    assert one["properties"]["datetime"] is None
    assert one["geometry"] is None


def test_versions_are_addressed_for_good_and_a_withdrawn_one_says_so(
    client: TestClient, workspace: Workspace
) -> None:
    version = workspace.store.get("counties")
    step = Wish(name="Li", reason="test", withdrawn=True).step(workspace)
    workspace.store.say("counties", version.number, step)
    path = "/catalogue/collections/layers/items/counties"
    assert client.get(path).status_code == 409
    kept = client.get(f"{path}@{version.number}").json()
    assert kept["properties"]["deprecated"] is True
    assert "rely on it for nothing" in kept["properties"]["description"]
    assert "counties" not in {
        one["id"].split("@")[0] for one in items(client, "layers")["features"]
    }


@pytest.mark.parametrize("item_id", ["none", "counties@9", "counties@x", "counties@0", "..%2Fx"])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_what_is_not_there_is_404(client: TestClient, collection: str, item_id: str) -> None:
    answer = client.get(f"/catalogue/collections/{collection}/items/{item_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/collections", "/collections/layers", "/search", "/dcat",
             "/collections/layers/items", "/collections/layers/items/counties"],
)  # fmt: skip
def test_unknown_parameters_are_refused_and_heads_and_tags_answered(
    client: TestClient, path: str
) -> None:
    refused = client.get(f"/catalogue{path}?colour=red")
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"
    whole, head = client.get(f"/catalogue{path}"), client.head(f"/catalogue{path}")
    assert whole.status_code == head.status_code == 200
    assert head.content == b""
    tag = whole.headers["etag"]
    assert client.get(f"/catalogue{path}", headers={"if-none-match": tag}).status_code == 304


def test_every_link_and_asset_leads_somewhere(client: TestClient) -> None:
    seen = set()
    todo = ["http://testserver/catalogue"]
    while todo:
        href = todo.pop()
        if href in seen:
            continue
        seen.add(href)
        answer = client.get(href) if "/download" not in href else client.head(href)
        assert answer.status_code == 200, href
        below = "/catalogue" in href and "json" in answer.headers["content-type"]
        if not below or "f=html" in href or "/dcat" in href:
            continue
        said = answer.json()
        todo += [link["href"] for link in said.get("links", [])]
        # Files of one layer of many: what each form holds is asked elsewhere.
        if said.get("id") == "bonded_zone@1" or said.get("collection") == "rasters":
            todo += [one["href"] for one in said["assets"].values()]
        for one in said.get("features", [])[:3]:
            todo += [link["href"] for link in one["links"]]
    assert len(seen) > 30


def test_pages_lead_from_the_first_entry_to_the_last(client: TestClient) -> None:
    whole = items(client, "layers")
    ids, href = [], "/catalogue/collections/layers/items?limit=7"
    while href:
        page = client.get(href).json()
        assert page["numberMatched"] == whole["numberMatched"] == len(whole["features"])
        assert page["numberReturned"] == len(page["features"]) <= 7
        ids += [one["id"] for one in page["features"]]
        href = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert ids == sorted(one["id"] for one in whole["features"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"ids": "zones@2"}, ["zones@2"]),
        ({"ids": "zones,former"}, ["former@1", "zones@2"]),
        ({"q": "RED_LINES"}, ["red_lines@1"]),
        ({"q": "nothing such"}, []),
        # The former layer is valid from 2020 to 2025; of the others nobody says until when.
        ({"datetime": "2026-01-01/.."}, ["red_lines@1", "zones@2"]),
        ({"datetime": "2025-12-31"}, ["former@1", "red_lines@1", "zones@2"]),
        # 102.70 is where the zones begin; the red lines begin at the middle line of 102.
        ({"bbox": "102.72,24.9,102.75,24.95"}, ["zones@2"]),
        ({"type": "dataset", "ids": "zones"}, ["zones@2"]),
        ({"type": "service"}, []),
    ],
)  # fmt: skip
def test_entries_are_chosen(ogc: TestClient, query: dict, found: list[str]) -> None:
    answer = items(ogc, "layers", **query)
    assert [one["id"] for one in answer["features"]] == found
    assert answer["numberMatched"] == len(found)


@pytest.mark.parametrize("address", ["/catalogue/search", "/processes/measure/execution"])
@pytest.mark.parametrize("body", [b"q\x8f", b"{"])
def test_a_body_that_is_no_json_is_refused_as_the_standard_says(
    ogc: TestClient, address: str, body: bytes
) -> None:
    answer = ogc.post(address, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert answer.headers["content-type"] == "application/problem+json"


def test_search_goes_over_all_collections(ogc: TestClient) -> None:
    shape = {"type": "Point", "coordinates": [102.705, 24.905]}
    query = {"intersects": json.dumps(shape), "collections": "layers,statistics"}
    answer = ogc.get("/catalogue/search", params=query).json()
    # What lies nowhere must not be missed for that.
    assert [one["id"] for one in answer["features"]] == [
        "former@1",
        "zones@2",
        f"built-in@{RECIPE_VERSION}",
    ]


def test_a_search_as_json_is_the_same(ogc: TestClient) -> None:
    shape = {"type": "Point", "coordinates": [102.705, 24.905]}
    body = {"intersects": shape, "collections": ["layers", "statistics"], "limit": 2}
    page = ogc.post("/catalogue/search", json=body).json()
    assert page["numberMatched"] == 3
    assert [one["id"] for one in page["features"]] == ["former@1", "zones@2"]
    (link,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    assert [one["id"] for one in ogc.get(link).json()["features"]] == [f"built-in@{RECIPE_VERSION}"]
    boxed = ogc.post("/catalogue/search", json={"bbox": [102.72, 24.9, 102.75, 24.95],
                                                "collections": ["layers"]})  # fmt: skip
    assert [one["id"] for one in boxed.json()["features"]] == ["zones@2"]


@pytest.mark.parametrize(
    "body", [{"limit": 0}, {"limit": True}, {"limit": "2"}, {"colour": "red"}, {"bbox": [1, 2, 3]},
             {"bbox": [2, 0, 1, "x"]}, {"intersects": {}}, {"collections": ["none"]}, [], "x"],
)  # fmt: skip
def test_what_cannot_be_asked_as_json_is_400_in_words(ogc: TestClient, body: object) -> None:
    answer = ogc.post("/catalogue/search", json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "bbox=1,2,3", "bbox=nan,0,1,1", "datetime=soon", "f=xml",
              "collections=none", "intersects=x", 'intersects={"type":"Point"}',
              'intersects={"type":"Point","coordinates":[1,2]}&bbox=1,1,2,2', "ids=a&ids=b"],
)  # fmt: skip
def test_what_cannot_be_asked_is_400_in_words(ogc: TestClient, query: str) -> None:
    answer = ogc.get(f"/catalogue/search?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_classified_is_in_no_part_of_the_catalogue(
    client: TestClient, workspace: Workspace
) -> None:
    put_raster(workspace, Sensitivity.CLASSIFIED)
    for path in ("/collections/rasters/items", "/search", "/dcat", "/collections"):
        assert "own_dem" not in client.get(f"/catalogue{path}").text
    assert client.get("/catalogue/collections/rasters/items/own_dem").status_code == 404
    assert client.get("/catalogue/collections/rasters/items/own_dem@1").status_code == 404
    assert client.get("/rasters/own_dem@1.tif").status_code == 404


def test_dcat_names_what_is_public_and_nothing_else(
    client: TestClient, workspace: Workspace
) -> None:
    put_raster(workspace, Sensitivity.INTERNAL)
    document = client.get("/catalogue/dcat").json()
    named = {one["dct:identifier"] for one in document["dcat:dataset"]}
    public = {
        f"{one.layer_id}@{one.number}"
        for one in workspace.store.current()
        if one.spec.sensitivity is Sensitivity.PUBLIC
    }
    assert named == public
    text = json.dumps(document, ensure_ascii=False)
    for one in workspace.store.current():
        if one.spec.sensitivity is not Sensitivity.PUBLIC:
            assert one.layer_id not in text
            assert one.spec.title_zh not in text
    assert "own_dem" not in text
    for one in document["dcat:dataset"]:
        assert {title["@language"] for title in one["dct:title"]} == {"zh", "en"}


def test_a_published_map_is_an_entry_while_it_is_shown(
    client: TestClient, workspace: Workspace, published: str
) -> None:
    (one,) = items(client, "publications")["features"]
    assert one["id"] == f"zone@{published}"
    said = one["properties"]
    # The weakest of what it shows: a demonstrated boundary.
    assert said["ftzgis:status"] == "demonstration"
    assert said["ftzgis:review_number"] == "云S(2026)12号"
    for asset in one["assets"].values():
        answer = client.get(asset["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == asset["type"]
    assert f"zone@{published}" in client.get("/catalogue/dcat").text
    step = Wish(name="Li", reason="test", withdrawn=True).step(workspace)
    workspace.publications.say("zone", None, step)
    assert items(client, "publications")["features"] == []
    assert client.get("/catalogue/collections/publications/items/zone").status_code == 410
    assert f"zone@{published}" not in client.get("/catalogue/dcat").text


@pytest.fixture
def published(workspace: Workspace) -> str:
    from api.publish.bundle import publish
    from api.publish.publication_plan import parse_plan

    words = {"zh": "示意", "en": "A sketch"}
    asked = {
        "id": "zone", "title": words, "maker": words, "disclaimer": words,
        "data_date": "2026-11-01", "review_number": "云S(2026)12号", "draft": False,
        "prints": False,
        "layers": [
            {"id": "districts", "displacement_m": 0},
            {"id": "demo_urban_development_boundary", "displacement_m": 200},
        ],
    }  # fmt: skip
    bundle = publish(workspace, parse_plan(asked), release=True)
    assert bundle.sha256 is not None
    return bundle.sha256


def test_what_the_catalogue_of_the_store_lost_is_named(
    client: TestClient, workspace: Workspace
) -> None:
    home = Path(workspace.settings.data_dir)
    for name in ("catalogue.sqlite", "rasters.sqlite"):
        (home / name).unlink(missing_ok=True)
    fresh = create_app(Settings(data_dir=home, allowed_hosts=("testserver",)))
    again = TestClient(fresh, headers={"accept-language": "en"})
    listed = items(again, "rasters")
    assert listed["features"] == []
    assert "demo_dem_kunming v1" in listed["ftzgis:lost"]
    page = again.get("/catalogue/collections/rasters/items?f=html").text
    assert "demo_dem_kunming v1" in page


def test_the_file_of_a_raster_is_given_whole_by_ranges_and_once(
    client: TestClient, workspace: Workspace
) -> None:
    version = workspace.rasters.get("demo_dem_kunming")
    stored = version.path.read_bytes()
    (item,) = items(client, "rasters", ids=version.label)["features"]
    asset = item["assets"]["data"]
    assert asset["file:checksum"] == f"1220{hashlib.sha256(stored).hexdigest()}"
    whole = client.get(asset["href"], headers={"accept-encoding": "gzip"})
    assert whole.content == stored
    assert "content-encoding" not in whole.headers
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == asset["type"]
    tag = whole.headers["etag"]
    assert tag == f'"{version.sha256}"'
    part = client.get(asset["href"], headers={"range": "bytes=100-199", "if-range": tag})
    assert (part.status_code, part.content) == (206, stored[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(stored)}"
    last = client.get(asset["href"], headers={"range": "bytes=-16"})
    assert (last.status_code, last.content) == (206, stored[-16:])
    # Of another file the whole is given, and of the same nothing again.
    other = client.get(asset["href"], headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, len(stored))
    assert client.get(asset["href"], headers={"if-none-match": tag}).status_code == 304
    head = client.head(asset["href"])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(stored))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-1", "lines=1-2", "bytes=-0", "x"])
def test_a_range_that_is_none_is_refused_in_words(client: TestClient, asked: str) -> None:
    answer = client.get("/rasters/demo_dem_kunming@1.tif", headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-range"].startswith("bytes */")


def test_a_damaged_raster_is_not_given(client: TestClient, workspace: Workspace) -> None:
    path = workspace.rasters.get("demo_dem_kunming").path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-10] + b"0123456789")
    answer = client.get("/rasters/demo_dem_kunming@1.tif")
    assert answer.json()["code"] == "layers.store.damaged_raster"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path", ["", "/conformance", "/collections", "/collections/layers", "/search",
             "/collections/layers/items", "/collections/rasters/items/demo_dem_kunming",
             "/collections/statistics/items/built-in"],
)  # fmt: skip
def test_people_get_pages(client: TestClient, path: str, lang: str) -> None:
    answer = client.get(f"/catalogue{path}", params={"f": "html", "lang": lang})
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    assert answer.text.count("<h1>") == 1
