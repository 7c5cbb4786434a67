"""A secret layer leaks by no door, and no check says "clear" because it was not looked at."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

AsPerson = Callable[[str], TestClient]
SECRET = "military_line"  # noqa: S105 - the id of a layer
TITLE = "绝密控制线"
INSIDE = [102.80, 24.98]


@pytest.fixture(scope="module")
def secret(office: Workspace) -> str:
    """An official red line that is secret, round a place that is otherwise clear."""
    shape = shapely.box(102.79, 24.97, 102.83, 25.0)
    features = gpd.GeoDataFrame(
        {"feature_id": ["geheim-7"], "name": [TITLE]}, geometry=[shape], crs="EPSG:4490"
    )
    spec = LayerSpec(
        id=SECRET, kind="ecological_red_line", title_zh=TITLE, title_en="Secret line",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.CLASSIFIED, source="test",
        licence="none", data_date=date(2026, 1, 1),
    )  # fmt: skip
    frame = LayerFrame(features=features, coverage=gpd.GeoSeries([shape], crs="EPSG:4490"))
    return office.store.put_version(spec, frame, report=None, now=office.now()).version.layer_id


def site() -> dict:
    west, south = INSIDE
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south]]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return {"type": "FeatureCollection", "features": [feature]}


def checked(client: TestClient) -> dict:
    geojson = {"content-type": "application/geo+json"}
    answer = client.post("/api/v1/checks", content=json.dumps(site()), headers=geojson)
    assert answer.status_code == 200, answer.text
    return answer.json()


DOORS = (
    "/api/v1/layers", "/api/v1/identify?lon=102.805&lat=24.985", "/api/v1/places?q=绝密",
    "/api/v1/register", "/api/v1/claim", "/api/v1/protections", "/api/v1/map",
    "/collections", "/collections?f=html", "/catalogue", "/catalogue/search", "/catalogue/dcat",
    "/catalogue/collections/layers/items", "/wmts/1.0.0/WMTSCapabilities.xml", "/",
    "/api", "/api/v1/checks", "/api/v1/tasks", "/jobs",
)  # fmt: skip
OBJECTS = (
    "/api/v1/layers/{id}/versions", "/api/v1/layers/{id}/features", "/api/v1/layers/{id}/export?format=geojson",
    "/api/v1/layers/{id}/diff?from_version=1&to_version=1",
    "/api/v1/layers/{id}/versions/1/tiles/10/804/439.mvt", "/api/v1/layers/{id}/tiles",
    "/collections/{id}", "/collections/{id}/items", "/collections/{id}/items/geheim-7",
    "/collections/{id}/download?f=gpkg", "/collections/{id}/queryables",
    "/collections/{id}/tiles", "/collections/{id}/tiles/WebMercatorQuad/10/439/804",
    "/collections/{id}/map/tiles", "/collections/{id}/styles/sld", "/collections/{id}/styles/maplibre",
    "/catalogue/collections/layers/items/{id}@1",
)  # fmt: skip


@pytest.mark.slow  # About 20 doors, the single file of the map among them.
def test_no_list_and_no_search_names_it(secret: str, as_person: AsPerson) -> None:
    found = checked(as_person("cleared"))
    for name in ("planner", "reader"):
        client = as_person(name)
        for path in DOORS:
            while (answer := client.get(path)).status_code == 202:
                pass  # The map is not yet made.
            assert answer.status_code < 500, path
            assert secret not in answer.text, path
            assert TITLE not in answer.text, path
            assert found["id"] not in answer.text, path


def test_its_addresses_are_those_of_nothing(secret: str, as_person: AsPerson) -> None:
    cleared, planner = as_person("cleared"), as_person("planner")
    for path in OBJECTS:
        mine = planner.get(path.format(id=secret))
        nothing = planner.get(path.format(id="military_lime"))
        assert mine.status_code == nothing.status_code, path
        assert mine.text.replace(secret, "") == nothing.text.replace("military_lime", ""), path
        assert mine.status_code in {400, 404, 422}, path
    assert cleared.get(f"/api/v1/layers/{secret}/features").json()["features"]


def test_who_may_not_see_it_is_told_that_nobody_can_tell(secret: str, as_person: AsPerson) -> None:
    cleared, planner = checked(as_person("cleared")), checked(as_person("planner"))
    assert cleared["verdict"] == "conflict"
    assert planner["verdict"] == "undetermined"
    reasons = {
        reason for site in planner["sites"] for one in site["findings"] for reason in one["reasons"]
    }
    assert "layer_withheld" in reasons
    assert secret not in json.dumps(planner)
    assert cleared["id"] != planner["id"]


def test_a_past_check_that_rests_on_it_is_as_if_it_were_not(
    secret: str, as_person: AsPerson
) -> None:
    cleared, planner = as_person("cleared"), as_person("planner")
    check_id = checked(cleared)["id"]
    for form in ("", "/evidence", "/points", "/report.html", "/report.pdf"):
        path = f"/api/v1/checks/{check_id}{form}"
        assert planner.get(path).status_code == 404, path
        assert planner.get(path).json()["code"] == "api.check.unknown"
    assert check_id not in planner.get("/api/v1/checks").text
    assert check_id in cleared.get("/api/v1/checks").text
    verdict = {"site_id": "1", "rule_id": "x", "layer_id": None, "verdict": "clear", "reason": "r"}
    reviewer = as_person("reviewer")
    assert reviewer.post(f"/api/v1/checks/{check_id}/overrides", json=verdict).status_code == 404


def test_evidence_of_who_may_not_see_it_holds_nothing_of_it_and_proves_itself(
    secret: str, as_person: AsPerson
) -> None:
    planner = as_person("planner")
    check_id = checked(planner)["id"]
    data = planner.get(f"/api/v1/checks/{check_id}/evidence").content
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        for name in bundle.namelist():
            text = bundle.read(name)
            assert secret.encode() not in text, name
            assert TITLE.encode() not in text, name
            assert b"geheim-7" not in text, name
    proved = planner.post("/api/v1/evidence/verify", files={"file": ("e.zip", data)})
    assert proved.json()["same"] is True


def test_tasks_and_their_files_are_their_owners(secret: str, as_person: AsPerson) -> None:
    cleared, planner = as_person("cleared"), as_person("planner")
    file = {"file": ("a.geojson", json.dumps(site()).encode())}
    task = cleared.post("/api/v1/batches", files=file)
    assert task.status_code == 202
    task_id = task.json()["id"]
    for path in (f"/api/v1/tasks/{task_id}", f"/api/v1/tasks/{task_id}/events",
                 f"/api/v1/tasks/{task_id}/files/batch.xlsx", f"/jobs/{task_id}", f"/jobs/{task_id}/results"):  # fmt: skip
        assert planner.get(path).status_code == 404, path
    assert planner.delete(f"/api/v1/tasks/{task_id}").status_code == 404
    assert planner.delete(f"/jobs/{task_id}").status_code == 404
    assert task_id not in planner.get("/api/v1/tasks").text
    assert task_id in cleared.get("/api/v1/tasks").text
    assert as_person("administrator").get(f"/api/v1/tasks/{task_id}").status_code == 200


def test_a_process_asks_for_the_role_of_its_operation(as_person: AsPerson) -> None:
    body = {"inputs": {}}
    reader, planner = as_person("reader"), as_person("planner")
    assert reader.post("/processes/check/execution", json=body).status_code == 403
    assert planner.post("/processes/check/execution", json=body).status_code in {400, 422}


def test_a_search_for_sites_holds_it_to_be_unknown_ground(secret: str, office: Workspace) -> None:
    from layers.model import MissingLayer

    seen = office.seen_by(Sensitivity.INTERNAL)
    kept_back = seen.controls("ecological_red_line")
    assert isinstance(kept_back, MissingLayer)
    assert kept_back.reason == "layer_withheld"
    assert office.controls("ecological_red_line")[0].layer_id == secret
