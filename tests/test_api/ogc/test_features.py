"""OGC API Features. Oracles: the frames that the layers were made of, PROJ, and the standard's
own words (OGC 17-069r4, 18-058r1, 19-079r2)."""

import json
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
MANY = 12_000
RED = "/collections/red_lines/items"


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["features"]]


# --- who gets the map, and who the interfaces


@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
def test_a_browser_gets_the_map_at_the_root(shared_client: TestClient, accept: str) -> None:
    answer = shared_client.get("/", headers={"accept": accept})
    assert answer.headers["content-type"].startswith("text/html")
    assert "modulepreload" in answer.text
    assert "accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, */*;q=0.1", "application/geo+json"]
)
def test_a_program_gets_the_landing_page(ogc: TestClient, accept: str) -> None:
    answer = ogc.get("/", headers={"accept": accept})
    assert answer.headers["content-type"] == "application/json"
    assert {"self", "service-desc", "conformance", "data"} <= {
        link["rel"] for link in answer.json()["links"]
    }


def test_the_root_as_json_can_be_asked_for_in_a_browser(ogc: TestClient) -> None:
    answer = ogc.get("/?f=json", headers={"accept": BROWSER})
    assert answer.headers["content-type"] == "application/json"
    page = ogc.get("/?f=html", headers={"accept": "*/*"})
    assert "modulepreload" not in page.text
    assert "OpenAPI 3.0" in page.text


# --- nothing is cut in silence


def test_without_a_limit_all_features_come(ogc: TestClient, small_store: Workspace) -> None:
    assert small_store.settings.max_features < MANY
    body = ogc.get(RED).json()
    assert body["numberMatched"] == body["numberReturned"] == len(body["features"]) == MANY
    assert not [link for link in body["links"] if link["rel"] == "next"]


@pytest.mark.parametrize("limit", [1, 700, 5000, 100_000])
def test_pages_make_up_the_layer_in_order(ogc: TestClient, stored, limit: int) -> None:
    layer = "zones" if limit == 1 else "red_lines"
    url: str | None = f"/collections/{layer}/items?limit={limit}"
    found: list[str] = []
    while url:
        body = ogc.get(url).json()
        assert body["numberReturned"] == len(body["features"]) <= limit
        found += [one["id"] for one in body["features"]]
        last = url
        url = next((one["href"] for one in body["links"] if one["rel"] == "next"), None)
        if url:
            assert f"/collections/{layer}@" in url  # pages of one reading never mix versions
    assert found == stored(layer)["feature_id"].to_list()
    if len(found) > limit:
        before = next(one["href"] for one in body["links"] if one["rel"] == "prev")
        again = [one["href"] for one in ogc.get(before).json()["links"] if one["rel"] == "next"]
        assert [ogc.get(one).json()["features"] for one in again] == [
            ogc.get(last).json()["features"]
        ]


def test_a_page_after_the_last_is_refused(ogc: TestClient) -> None:
    assert ogc.get(f"{RED}?offset={MANY}").status_code == 400
    assert ids(ogc.get(f"{RED}?offset={MANY - 1}")) == [f"红线-{MANY - 1}"]


# --- versions


def test_every_version_has_an_address(ogc: TestClient) -> None:
    assert len(ids(ogc.get("/collections/zones@1/items"))) == 2
    assert len(ids(ogc.get("/collections/zones@2/items"))) == 3
    assert len(ids(ogc.get("/collections/zones/items"))) == 3
    first = ogc.get("/collections/zones@1").json()
    assert first["id"] == "zones@1"
    assert (first["version"], first["featureCount"]) == (1, 2)
    for unknown in ("zones@3", "zones@0", "nothing", "zones@1@2", "a%2fb", "ZONES"):
        assert ogc.get(f"/collections/{unknown}").status_code == 404, unknown


def test_withdrawn_versions_say_so_and_the_one_before_counts(
    workspace: Workspace, client: TestClient, three_zones
) -> None:
    from api.workspace.withdraw import Wish, change_layer

    version = workspace.store.put_version(
        workspace.store.get("zone").spec, three_zones, report=None, now=workspace.now()
    ).version
    change_layer(workspace, "zone", version.number, Wish(withdrawn=True, name="甲", reason="误"))
    assert client.get("/collections/zone").json()["version"] == version.number - 1
    gone = client.get(f"/collections/zone@{version.number}").json()
    assert gone["withdrawn"] is True
    page = client.get(f"/collections/zone@{version.number}?f=html&lang=zh").text
    assert "已撤回" in page


# --- reference systems


@pytest.mark.parametrize("code", [4490, 4326, 4542, 4543, 4522, 3857])
def test_answers_stand_in_the_crs_and_the_order_of_its_axes(
    ogc: TestClient, stored, code: int
) -> None:
    answer = ogc.get("/collections/zones/items", params={"crs": f"{EPSG}{code}"})
    assert answer.headers["content-crs"] == f"<{EPSG}{code}>"
    lonlat = stored("zones").geometry.iloc[0]
    source = "EPSG:4326" if code == 3857 else "EPSG:4490"
    to_axes = Transformer.from_crs(source, f"EPSG:{code}")  # axes as EPSG has them
    x, y = np.array(lonlat.exterior.coords.xy)
    expected = to_axes.transform(y, x) if code not in {4490, 4326} else (y, x)
    (ring,) = answer.json()["features"][0]["geometry"]["coordinates"]
    assert np.allclose(np.array(ring).T, np.array(expected), atol=1e-4, rtol=0)


def test_the_crs_of_the_file_is_answered_as_it_came(ogc: TestClient, stored) -> None:
    said = ogc.get("/collections/red_lines").json()
    assert said["storageCrs"] == f"{EPSG}4543"
    assert said["storageCrs"] in said["crs"]
    body = ogc.get(RED, params={"crs": said["storageCrs"], "limit": 3}).json()
    stored = stored("red_lines").geometry
    for at, one in enumerate(body["features"]):
        # Northing stands first in EPSG:4543.
        flipped = shapely.transform(stored.iloc[at], lambda xy: xy[:, ::-1])
        assert shapely.equals_exact(shapely.from_geojson(json.dumps(one["geometry"])), flipped)


def test_crs84_is_what_is_meant_without_a_word(ogc: TestClient, stored) -> None:
    answer = ogc.get("/collections/zones/items")
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    found = gpd.GeoDataFrame.from_features(answer.json()["features"], crs=4490)
    assert found.geom_equals_exact(stored("zones"), 1e-9).all()


@pytest.mark.parametrize(
    ("name", "crs"),
    # A box may stand in any system that PROJ can move, an answer only in those that are listed.
    [("crs", "EPSG:32648")]
    + [(n, c) for n in ("crs", "bbox-crs", "filter-crs") for c in (f"{EPSG}2343", "x", f"{EPSG}1")],
)
def test_a_crs_that_is_not_offered_is_refused(ogc: TestClient, name: str, crs: str) -> None:
    more = {"bbox": "0,0,1,1", "filter": "S_INTERSECTS(geometry, POINT(0 0))"}
    answer = ogc.get(RED, params={name: crs, **more})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


# --- what is asked for


def in_box(stored, west: float, south: float, east: float, north: float) -> set[str]:
    table = stored("red_lines").to_crs(4490)
    return set(table["feature_id"][table.intersects(shapely.box(west, south, east, north))])


def test_boxes_in_any_system_choose_alike(ogc: TestClient, stored) -> None:
    west, south, east, north = 102.002, 24.945, 102.006, 24.95
    expected = in_box(stored, west, south, east, north)
    assert 0 < len(expected) < MANY
    asked = {
        f"{west},{south},{east},{north}": None,
        f"{west},{south},0,{east},{north},9": None,
        f"{south},{west},{north},{east}": f"{EPSG}4490",
    }
    for box, crs in asked.items():
        params = {"bbox": box} | ({"bbox-crs": crs} if crs else {})
        answer = ogc.get(RED, params=params)
        assert set(ids(answer)) == expected
        assert answer.json()["numberMatched"] == len(expected)
    # In the plane of the layer itself, by hand: 3 columns and 2 rows of squares.
    plane = ogc.get(
        RED, params={"bbox": "2760000,500000,2760025,500045", "bbox-crs": f"{EPSG}4543"}
    )
    assert set(ids(plane)) == {f"红线-{n}" for n in (0, 1, 2, 120, 121, 122)}


def test_a_box_over_the_date_line_is_two(ogc: TestClient) -> None:
    assert len(ids(ogc.get(RED, params={"bbox": "101,24,-170,26"}))) == MANY
    assert ids(ogc.get(RED, params={"bbox": "170,24,-170,26"})) == []


def test_time_is_that_of_the_layer(ogc: TestClient) -> None:
    url = "/collections/former/items"
    extent = ogc.get("/collections/former").json()["extent"]["temporal"]["interval"]
    assert extent == [["2020-01-01T00:00:00Z", "2025-12-31T23:59:59Z"]]
    for inside in (
        "2020-01-01",
        "2025-12-31T12:00:00Z",
        "../2020-01-01",
        "2025-12-31/..",
        "2019-01-01/2030-01-01",
    ):
        assert len(ids(ogc.get(url, params={"datetime": inside}))) == 1, inside
    for outside in ("2019-12-31", "2026-01-01T00:00:00Z", "../2019-12-31", "2026-01-01/.."):
        assert ids(ogc.get(url, params={"datetime": outside})) == [], outside
    # A layer that says nothing of time is never left out.
    assert len(ids(ogc.get("/collections/zones/items", params={"datetime": "1950-01-01"}))) == 3


def test_properties_filter_sort_and_choose(ogc: TestClient, stored) -> None:
    table = stored("red_lines")
    found = ids(ogc.get(RED, params={"名称": "地块3", "sortby": "-编号", "properties": "编号"}))
    expected = table[table["名称"] == "地块3"].sort_values("编号", ascending=False)
    assert found == expected["feature_id"].to_list()
    body = ogc.get(RED, params={"limit": 1, "properties": "编号"}).json()
    assert list(body["features"][0]["properties"]) == ["编号"]
    assert ids(ogc.get(RED, params={"编号": "17"})) == ["红线-17"]


def test_sorting_keeps_what_has_no_value_last(ogc: TestClient, stored) -> None:
    table = stored("red_lines")
    for sign, rising in (("", True), ("-", False)):
        expected = table.sort_values("面积", ascending=rising, kind="stable", na_position="last")
        found = ids(ogc.get(RED, params={"sortby": f"{sign}面积"}))
        assert found == expected["feature_id"].to_list()


def test_filters_choose_as_pandas_does(ogc: TestClient, stored) -> None:
    table = stored("red_lines")
    expected = table[(table["面积"] > 100) & table["名称"].isna()]["feature_id"].to_list()
    text = ogc.get(RED, params={"filter": "面积 > 100 AND 名称 IS NULL"})
    tree = {"op": "and", "args": [
        {"op": ">", "args": [{"property": "面积"}, 100]},
        {"op": "isNull", "args": [{"property": "名称"}]},
    ]}  # fmt: skip
    by_json = ogc.get(RED, params={"filter": json.dumps(tree), "filter-lang": "cql2-json"})
    assert ids(text) == ids(by_json) == expected
    dated = ogc.get(RED, params={"filter": "T_BEFORE(批准日期, DATE('2020-01-11'))"})
    assert ids(dated) == table[table["批准日期"] < "2020-01-11"]["feature_id"].to_list()
    placed = {
        "filter": "S_INTERSECTS(geometry, BBOX(2760000, 500000, 2760025, 500045))",
        "filter-crs": f"{EPSG}4543",
    }
    assert len(ids(ogc.get(RED, params=placed))) == 6


def test_values_come_as_they_were_stored(ogc: TestClient, stored) -> None:
    row = stored("red_lines").iloc[10]
    said = ogc.get(f"{RED}/红线-10").json()["properties"]
    assert said == {"名称": None, "面积": 5.0, "编号": 10, "批准日期": "2020-01-11"}
    assert str(row["批准日期"].date()) == said["批准日期"]


def test_any_id_is_an_address(ogc: TestClient) -> None:
    first = ogc.get("/collections/zones/items/z%2F0")
    assert first.json()["id"] == "z/0"
    links = {one["rel"]: one["href"] for one in first.json()["links"]}
    assert links["collection"].endswith("/collections/zones")
    assert ogc.get("/collections/zones/items/nothing").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "nothing=1", "limit=0", "limit=-1", "limit=true", "limit=1.5", "limit=", "offset=-1",
        "bbox=1,2,3", "bbox=nan,0,1,1", "bbox=inf,0,1,1", "bbox=0,2,1,1", "bbox=0,0,1,95", "bbox=a,b,c,d",
        "bbox=0,0,1,1,2", "bbox=181,0,182,1", "datetime=yesterday", "datetime=2026-13-01", "datetime=0",
        "datetime=2026-01-02/2026-01-01", "datetime=..", "f=xml", "lang=fr", "limit=1&limit=2",
        "编号=x", "编号=true", "sortby=nothing", "sortby=geometry", "properties=nothing", "geometry=1",
        "filter-lang=sql", "filter=" + "x' OR 1=1--", "filter=编号 = 'x'", "filter={}&filter-lang=cql2-json",
        "filter=[&filter-lang=cql2-json", "filter=NaN&filter-lang=cql2-json",
        "filter=null&filter-lang=cql2-json", "crs=", "bbox=", "批准日期=0",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(ogc: TestClient, query: str) -> None:
    answer = ogc.get(f"{RED}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 400
    assert body["detail"]
    assert not re.search(r"[一-鿿]{3}", body["detail"].replace("批准日期", ""))


@pytest.mark.parametrize(
    "path",
    ["/conformance", "/collections", "/collections/zones", "/collections/zones/queryables", "/api",
     "/collections/zones/items/z%2F0", "/?f=json"],
)  # fmt: skip
def test_unknown_parameters_are_refused_everywhere(ogc: TestClient, path: str) -> None:
    answer = ogc.get(f"{path}{'&' if '?' in path else '?'}nothing=1")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


# --- descriptions


def test_queryables_are_the_columns(ogc: TestClient, stored) -> None:
    answer = ogc.get("/collections/red_lines/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    found = answer.json()["properties"]
    assert set(found) == set(stored("red_lines").columns)
    assert found["面积"]["type"] == "number"
    assert found["编号"]["type"] == "integer"
    assert found["批准日期"]["format"] == "date"
    assert found["geometry"]["format"] == "geometry-polygon"
    assert found["名称"]["enum"] == [f"地块{n}" for n in range(7)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    ["/", "/conformance", "/api", "/collections", "/collections/zones", "/collections/zones/queryables",
     "/collections/zones/items", "/collections/zones/items/z%2F0"],
)  # fmt: skip
def test_pages_stand_alone_in_both_languages(ogc: TestClient, path: str, lang: str) -> None:
    answer = ogc.get(path, params={"f": "html", "lang": lang})
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    # Nothing is loaded from elsewhere, nothing runs, and what a layer holds stays text.
    loaded = re.findall(r'(?:src|<link rel="stylesheet" href)="([^"]*)"', answer.text)
    assert all(one.startswith("http://testserver/static/ogc/") for one in loaded)
    assert "<script" not in answer.text
    assert "<b>甲" not in answer.text
    assert answer.text.count("<h1>") == 1
    for one in re.findall(r'href="(http://testserver/[^"]*)"', answer.text):
        assert ogc.get(one.replace("&amp;", "&")).status_code == 200, one


def test_pages_of_features_lead_on(ogc: TestClient) -> None:
    page = ogc.get(RED, params={"f": "html", "lang": "en"}).text
    assert page.count("<tr>") == 102  # 100 features, the head, and the way on
    assert "Next page" in page


def test_openapi_has_what_the_standard_asks_of_parameters(ogc: TestClient) -> None:
    answer = ogc.get("/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert document["openapi"].startswith("3.0")
    asked = document["paths"]["/collections/{collection_id}/items"]["get"]["parameters"]
    box = next(one for one in asked if one["name"] == "bbox")
    # OGC 17-069r4, requirement 23.
    assert box["schema"] == {
        "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
    }  # fmt: skip
    assert (box["style"], box["explode"], box["required"]) == ("form", False, False)
    assert '"null"' not in json.dumps(document["components"])
    assert ogc.get("/openapi.json").json()["openapi"].startswith("3.1")
