"""What HTTP offers everywhere: HEAD, tags, compression, Allow, other sites by setting."""

import gzip
import io
import json
from pathlib import Path
from urllib.parse import quote, unquote

import httpx2
import pyarrow as pa
import pytest
from starlette.datastructures import Headers, UploadFile
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import SettingError, Settings
from api.web.file_names import sent_name

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


@pytest.mark.parametrize("place", PLACES)
def test_what_a_client_has_is_not_sent_again(shared_client: TestClient, place: str) -> None:
    tag = shared_client.get(place).headers["etag"]
    strong = tag.removeprefix("W/")
    for known in (tag, strong, f'"other", {tag}', f'W/"x",{strong}'):
        again = shared_client.get(place, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"].removeprefix("W/") == strong
    for known in ('"other"', 'W/"other"'):
        assert shared_client.get(place, headers={"if-none-match": known}).status_code == 200


def test_a_whole_layer_is_not_made_again_for_who_has_it_and_never_sent_in_parts(
    shared_client: TestClient,
) -> None:
    address = "/collections/counties/download?f=gpkg"
    first = shared_client.get(address)
    again = shared_client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = shared_client.get("/collections/counties/download?f=csv")
    assert other.headers["etag"] != first.headers["etag"]
    # Two packages of the same features are not the same bytes: a part of one ends in the other.
    for more in ({}, {"if-range": first.headers["etag"]}):
        asked = {"range": "bytes=100-", **more}
        rest = shared_client.get(address, headers=asked)
        assert (rest.status_code, rest.headers["accept-ranges"]) == (200, "none")
        assert rest.content.startswith(b"SQLite format 3")


def test_a_date_counts_where_no_tag_is_named(shared_client: TestClient) -> None:
    place = "/rasters/demo_dem_kunming@1.tif"
    date = shared_client.head(place).headers["last-modified"]
    for headers, status in [
        ({"if-modified-since": date}, 304),
        ({"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": date, "if-none-match": '"other"'}, 200),
    ]:
        answer = shared_client.get(place, headers=headers)
        assert (answer.status_code, bool(answer.content)) == (status, status == 200), headers


def test_items_have_another_tag_for_another_question(shared_client: TestClient) -> None:
    place = "/collections/counties/items"
    tags = [
        shared_client.get(f"{place}?{query}", headers={"accept-language": lang}).headers["etag"]
        for query in (
            "limit=1",
            "limit=2",
            "limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4490",
        )
        for lang in ("zh", "en")
    ]
    assert len(set(tags)) == len(tags)
    refused = shared_client.get(f"{place}?limit=0", headers={"if-none-match": "*"})
    assert refused.status_code == 400


def test_a_tag_changes_with_the_answer(client: TestClient) -> None:
    first = client.get("/api/v1/checks")
    body = b'{"type":"Polygon","coordinates":[[[102.77,24.93],[102.78,24.93],[102.78,24.94],[102.77,24.93]]]}'
    made = client.post(
        "/api/v1/checks", content=body, headers={"content-type": "application/geo+json"}
    )
    assert made.status_code == 200
    again = client.get("/api/v1/checks", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["etag"] != first.headers["etag"]) == (200, True)


def unpacked(packed: bytes, encoding: str) -> bytes:
    """What was packed, by another library than the server packs zstd with for streams."""
    if encoding == "gzip":
        return gzip.decompress(packed)
    return pa.CompressedInputStream(pa.BufferReader(packed), encoding).read()


def received(
    client: TestClient, address: str, accepted: str, **more: str
) -> tuple[httpx2.Response, bytes]:
    """Return an answer with its bytes as they travelled."""
    headers = {"accept-encoding": accepted, **more}
    with client.stream("GET", address, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.4, gzip;q=0.9", "gzip"),
        ("gzip, zstd;q=0", "gzip"),
        ("*", "zstd"),
    ],
)
# One comes whole, one in a stream of parts.
@pytest.mark.parametrize("address", ["/api/v1/layers", "/collections/counties/items?limit=200"])
def test_what_is_large_travels_packed(
    shared_client: TestClient, address: str, accepted: str, encoding: str
) -> None:
    plain, whole = received(shared_client, address, "identity")
    assert "content-encoding" not in plain.headers
    packed, raw = received(shared_client, address, accepted)
    assert packed.headers["content-encoding"] == encoding
    assert "accept-encoding" in packed.headers["vary"].lower()
    # The time of the answer stands in it, to the second.
    same = [json.loads(one) for one in (unpacked(raw, encoding), whole)]
    assert {**same[0], "timeStamp": ""} == {**same[1], "timeStamp": ""}
    assert len(raw) < len(whole) / 2
    head = shared_client.head(address, headers={"accept-encoding": accepted})
    assert head.headers.get("content-length") == packed.headers.get("content-length")
    assert head.headers["content-encoding"] == encoding


@pytest.mark.parametrize("accepted", ["br", "gzip;q=0, zstd;q=0", "identity", "zstd;q=x"])
def test_what_a_client_does_not_take_is_not_sent(shared_client: TestClient, accepted: str) -> None:
    answer, raw = received(shared_client, "/api/v1/layers", accepted)
    assert "content-encoding" not in answer.headers
    assert json.loads(raw)
    assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_what_is_packed_in_itself_or_a_part_is_left_alone(
    shared_client: TestClient, encoding: str
) -> None:
    workbook, _ = received(shared_client, "/api/v1/plan?format=xlsx", encoding)
    assert "content-encoding" not in workbook.headers
    script = "/static/app/main.js"
    _, whole = received(shared_client, script, "identity")
    part, raw = received(shared_client, script, encoding, range="bytes=10-1009")
    assert (part.status_code, raw) == (206, whole[10:1010])
    assert "content-encoding" not in part.headers


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_tag_of_bytes_is_weak_where_they_travel_packed(
    shared_client: TestClient, encoding: str
) -> None:
    # RFC 9110, 8.8.3.3: the packed bytes are others, so the strong tag is not theirs.
    script = "/static/app/main.js"
    strong = received(shared_client, script, "identity")[0].headers["etag"]
    assert strong.startswith('"')
    weak = received(shared_client, script, encoding)[0].headers["etag"]
    assert weak == f"W/{strong}"
    for known in (weak, strong):
        headers = {"accept-encoding": encoding, "if-none-match": known}
        again = shared_client.get(script, headers=headers)
        assert (again.status_code, again.headers["etag"]) == (304, known)
    # A part is joined to the bytes that have the strong tag alone.
    for known, status in ((strong, 206), (weak, 200)):
        headers = {"accept-encoding": encoding, "if-range": known, "range": "bytes=0-9"}
        assert shared_client.get(script, headers=headers).status_code == status


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


SAID = "昆明地块.geojson"


@pytest.mark.parametrize(
    "sent",
    [
        f'filename="{SAID}"'.encode(),
        f'filename="{SAID}"'.encode("gbk"),
        f'filename="{SAID}"'.encode("gb18030"),
        f"filename=\"_.geojson\"; filename*=UTF-8''{quote(SAID)}".encode(),
        f"filename=\"_.geojson\"; filename*=GBK''{quote(SAID, encoding='gbk')}".encode(),
    ],
)
def test_a_file_has_the_name_that_its_sender_gave_it(
    shared_client: TestClient, sent: bytes
) -> None:
    corners = [[102.8, 24.9], [102.81, 24.9], [102.81, 24.91], [102.8, 24.9]]
    site = json.dumps({"type": "Polygon", "coordinates": [corners]}).encode()
    head = b'--XX\r\nContent-Disposition: form-data; name="file"; '
    body = head + sent + b"\r\n\r\n" + site + b"\r\n--XX--\r\n"
    answer = shared_client.post(
        "/api/v1/convert?format=csv", content=body,
        headers={"content-type": "multipart/form-data; boundary=XX"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    kept = answer.headers["content-disposition"].partition("filename*=")[2]
    assert unquote(kept) == "UTF-8''昆明地块.csv"


def test_a_name_whose_encoding_nobody_knows_is_kept_by_its_bytes() -> None:
    sent = Headers(
        raw=[(b"content-disposition", b'form-data; name="file"; filename="\xff\xff.txt"')]
    )
    assert sent_name(UploadFile(io.BytesIO(), headers=sent)) == "ÿÿ.txt"
    assert sent_name(UploadFile(io.BytesIO(), headers=Headers(raw=[]))) == "upload"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ALLOWED_HOSTS", '["gis.example"]'),
        ("ALLOWED_HOSTS", "https://gis.example"),
        ("OPEN_TO_SITES", "https://gis.example/"),
        ("OPEN_TO_SITES", "gis.example"),
        ("OPEN_TO_SITES", "['https://gis.example']"),
        ("TRUSTED_PROXIES", '["10.0.0.1"]'),
    ],
)
def test_a_setting_that_could_never_fit_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError) as found:
        Settings.from_environment({f"FTZGIS_{name}": text})
    assert found.value.params["name"] == f"FTZGIS_{name}"


def test_settings_of_several_take_what_their_help_says() -> None:
    found = Settings.from_environment(
        {
            "FTZGIS_ALLOWED_HOSTS": "127.0.0.1, gis.example:8443,[::1],测绘.example",
            "FTZGIS_OPEN_TO_SITES": "https://gis.example,http://127.0.0.1:8190,http://[::1]:80",
            "FTZGIS_TRUSTED_PROXIES": "127.0.0.1,::1,172.16.0.0/12",
        }
    )
    assert [len(one) for one in (found.allowed_hosts, found.open_to_sites)] == [4, 3]
    assert found.trusted_proxies == ("127.0.0.1", "::1", "172.16.0.0/12")


def test_a_small_page_of_features_comes_in_one_piece(shared_client: TestClient) -> None:
    plain = {"accept-encoding": "identity"}
    answer = shared_client.get("/collections/counties/items", headers=plain)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert len(answer.json()["features"]) == 129
