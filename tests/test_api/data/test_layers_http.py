"""The catalogue over HTTP, refusals, headers and health."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.workspace.workspace import Workspace
from layers.builtin import layer_ids
from layers.zones import shipped_zone
from maps.data.document import features_document
from maps.document.terminal import text_of

ROOT = Path(__file__).parents[3]


def test_the_catalogue_names_status_and_version_of_every_layer(shared_client: TestClient) -> None:
    layers = {row["id"]: row for row in shared_client.get("/api/v1/layers").json()["layers"]}
    assert set(layers) == set(layer_ids(shipped_zone()))
    assert layers["counties"]["status"] == "reference"
    assert layers["districts"]["status"] == "indicative"
    assert layers["demo_ecological_red_line"]["status"] == "demonstration"
    assert all(len(row["sha256"]) == 64 for row in layers.values())


def test_features_come_with_ids_window_and_limit(shared_client: TestClient) -> None:
    whole = shared_client.get("/api/v1/layers/counties/features").json()
    assert whole["layer"] == {
        "id": "counties", "version": 1, "status": "reference", "matched": 129, "returned": 129,
    }  # fmt: skip
    assert len({feature["id"] for feature in whole["features"]}) == 129
    few = shared_client.get("/api/v1/layers/counties/features?bbox=102.7,24.9,102.8,25&limit=2")
    assert few.json()["layer"]["returned"] == 2
    assert few.json()["layer"]["matched"] > 2


def test_more_features_than_come_at_once_are_never_cut_unasked(workspace: Workspace) -> None:
    # Property: what is returned is all that matched, or what a limit asked for.
    settings = workspace.settings.model_copy(
        update={"max_features": 128, "allowed_hosts": ("testserver",)}
    )
    client = TestClient(create_app(settings, Workspace(settings)))
    url = "/api/v1/layers/counties/features"
    refused = client.get(url, headers={"accept-language": "en"})
    assert refused.status_code == 422
    assert refused.json()["params"] == {"layer_id": "counties", "matched": 129, "most": 128}
    assert "/collections/counties/items" in refused.json()["detail"]
    asked = client.get(url, params={"limit": 128}).json()["layer"]
    assert (asked["matched"], asked["returned"]) == (129, 128)
    part = client.get(url, params={"bbox": "102.7,24.9,102.8,25"}).json()
    assert part["layer"]["matched"] == part["layer"]["returned"]
    # At a terminal, features have their ids, and a cut is said.
    said = text_of(features_document(part, "en"))
    assert all(one["id"] in said for one in part["features"])
    cut = client.get(url, params={"limit": 2}).json()
    assert "2 of 129 features" in text_of(features_document(cut, "en"))


@pytest.mark.parametrize(
    "bbox", ["nan,1,2,3", "inf,1,2,3", "1,2,3", "a,b,c,d", "3,1,2,4", "", "0,0,0,0", "-200,0,1,1"]
)
def test_an_impossible_window_is_refused(shared_client: TestClient, bbox: str) -> None:
    answer = shared_client.get("/api/v1/layers/counties/features", params={"bbox": bbox})
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.layers.bbox"


@pytest.mark.parametrize(
    ("limit", "code"),
    [("0", "api.layers.limit"), ("-1", "api.layers.limit"), ("1000000000", "api.layers.limit"), ("x", "api.request.invalid")],
)  # fmt: skip
def test_an_impossible_limit_is_refused(shared_client: TestClient, limit: str, code: str) -> None:
    answer = shared_client.get("/api/v1/layers/counties/features", params={"limit": limit})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("path", ["/api/v1/layers/none/features", "/api/v1/layers/..%2f/versions"])
def test_an_unknown_layer_is_404_in_words(shared_client: TestClient, path: str) -> None:
    answer = shared_client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_path_and_method_are_problems(shared_client: TestClient) -> None:
    assert shared_client.get("/nothing").json()["code"] == "api.request.unknown_path"
    assert shared_client.delete("/api/v1/layers").json()["status"] == 405


def test_every_answer_carries_the_security_headers(shared_client: TestClient) -> None:
    for path in ("/", "/api/v1/layers", "/nothing", "/static/app/main.js"):
        headers = shared_client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_foreign_host_is_refused(shared_client: TestClient) -> None:
    assert shared_client.get("/livez", headers={"host": "evil.example"}).status_code == 400


def test_readiness_follows_the_start(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 503
    with client:
        assert client.get("/readyz").status_code == 200


def test_the_page_script_is_served_for_ever_and_others_are_not(shared_client: TestClient) -> None:
    html = shared_client.get("/?lang=zh", headers={"accept": "text/html"}).text
    name = html.split('src="m/')[1].split('"')[0]
    answer = shared_client.get(f"/m/{name}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert shared_client.get("/m/0000.js").status_code == 404


def test_the_openapi_document_describes_every_route_with_examples(
    shared_client: TestClient,
) -> None:
    document = shared_client.get("/openapi.json").json()
    # The page for people is made from it: python docs/make_reference.py
    told = (ROOT / "docs" / "http-reference.md").read_text("utf-8")
    routes = {
        f"| `{method.upper()} {path}` |"
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert {route for route in routes if route not in told} == set()
    assert told.count("\n| `") == len(routes)
    body = document["paths"]["/api/v1/checks"]["post"]["requestBody"]["content"]
    assert body["application/geo+json"]["example"]["type"] == "FeatureCollection"


def test_an_unforeseen_error_is_an_incident_without_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret path /etc/x")

    monkeypatch.setattr("api.data.browse_layers.list_layers", broken)
    answer = client.get("/api/v1/layers")
    assert answer.status_code == 500
    assert answer.json()["code"] == "api.internal"
    assert "secret" not in answer.text
