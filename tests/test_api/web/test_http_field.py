"""What HTTP offers everywhere: HEAD, tags, compression, Allow, other sites by setting."""

import gzip
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

PLACES = (
    "/",
    "/api/v1/layers",
    "/api/v1/claim",
    "/collections",
    "/collections/counties/items",
    "/static/app/main.js",
    "/openapi.json",
    "/livez",
)


def volatile(name: str) -> bool:
    return name in {"date", "server", "x-request-id"}


@pytest.mark.parametrize("place", PLACES)
def test_head_says_what_get_says_without_a_body(shared_client: TestClient, place: str) -> None:
    got, head = shared_client.get(place), shared_client.head(place)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {n: v for n, v in got.headers.items() if not volatile(n)} == {
        n: v for n, v in head.headers.items() if not volatile(n)
    }


@pytest.mark.parametrize("place", [one for one in PLACES if "items" not in one])
def test_what_a_client_has_is_not_sent_again(shared_client: TestClient, place: str) -> None:
    tag = shared_client.get(place).headers["etag"]
    strong = tag.removeprefix("W/")
    for known in (tag, strong, f'"other", {tag}', f'W/"x",{strong}'):
        again = shared_client.get(place, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == tag
    for known in ('"other"', 'W/"other"'):
        assert shared_client.get(place, headers={"if-none-match": known}).status_code == 200


def test_a_tag_changes_with_the_answer(client: TestClient) -> None:
    first = client.get("/api/v1/checks")
    body = b'{"type":"Polygon","coordinates":[[[102.77,24.93],[102.78,24.93],[102.78,24.94],[102.77,24.93]]]}'
    made = client.post(
        "/api/v1/checks", content=body, headers={"content-type": "application/geo+json"}
    )
    assert made.status_code == 200
    again = client.get("/api/v1/checks", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["etag"] != first.headers["etag"]) == (200, True)


def test_what_is_large_travels_compressed(shared_client: TestClient) -> None:
    address = "/collections/counties/items?limit=200"
    plain = shared_client.get(address, headers={"accept-encoding": "identity"})
    with shared_client.stream("GET", address, headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    # The time of the answer stands in it, to the second.
    whole = [{**json.loads(one), "timeStamp": ""} for one in (gzip.decompress(raw), plain.content)]
    assert whole[0] == whole[1]
    assert len(raw) < len(plain.content) / 2
    workbook = shared_client.get("/api/v1/plan?format=xlsx", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in workbook.headers


def test_405_names_what_is_allowed(shared_client: TestClient) -> None:
    for method, place, allowed in (
        ("DELETE", "/api/v1/layers", {"GET", "POST"}),
        ("PUT", "/livez", {"GET"}),
        ("POST", "/collections", {"GET"}),
    ):
        answer = shared_client.request(method, place)
        assert answer.status_code == 405, place
        assert answer.headers["content-type"] == "application/problem+json"
        assert allowed <= {one.strip() for one in answer.headers["allow"].split(",")}


def test_other_sites_read_only_where_they_are_let_in(built_store: Path) -> None:
    there = {"origin": "https://map.example"}
    closed = TestClient(create_app(Settings(data_dir=built_store, allowed_hosts=("testserver",))))
    opened = TestClient(
        create_app(
            Settings(
                data_dir=built_store,
                allowed_hosts=("testserver",),
                open_to_sites=("https://map.example",),
            )
        )
    )
    answer = closed.get("/collections", headers=there)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    answer = opened.get("/collections", headers=there)
    assert answer.headers["access-control-allow-origin"] == "https://map.example"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    other = opened.get("/collections", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    # Reading is let in, changing is not.
    changed = opened.post("/api/v1/measure", json={"points": [[102, 25], [103, 25]]}, headers=there)
    assert changed.status_code == 403


def test_a_policy_of_its_own_is_not_contradicted(shared_client: TestClient) -> None:
    page = shared_client.get("/", headers={"accept": "text/html"})
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/drafts/zone/0/index.html?colour=red",
        "/public/zone/embed.txt?colour=red",
        "/public/zone/index.html?colour=red",
        "/public/zone/0/index.html?colour=red",
        "/m/a.js?colour=red",
        "/basemap/a/1/1/1?colour=red",
    ],
)
def test_unknown_keys_are_refused_everywhere(shared_client: TestClient, path: str) -> None:
    answer = shared_client.get(path)
    assert answer.status_code == 422
    assert answer.json()["params"] == {"field": "colour", "problem": "unknown"}


def test_a_map_that_was_passed_on_opens_whatever_was_written_behind_it(
    shared_client: TestClient,
) -> None:
    # As messengers write it; there is no such map here, which is what is said.
    for path in ("/public/nothing/", "/public/nothing"):
        answer = shared_client.get(f"{path}?from=singlemessage&isappinstalled=0")
        assert answer.status_code == 404
