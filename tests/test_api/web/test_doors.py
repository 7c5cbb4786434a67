"""What every answer carries, how much a client may ask, and base maps passed on."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.web.security import HEADERS
from layers.basemaps import BasemapFileError, load_basemaps

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
ORIGIN = "http://127.0.0.1"


def test_every_answer_carries_the_security_headers(own_store: Path) -> None:
    app = create_app(Settings(data_dir=own_store))
    app.add_api_route("/broken", lambda: 1 / 0)
    client = TestClient(app, base_url=ORIGIN, raise_server_exceptions=False)
    addresses = ("/", "/api/v1/layers", "/nowhere", "/static/app/main.js", "/broken", "/livez")
    statuses = []
    for address in addresses:
        answer = client.get(address)
        statuses.append(answer.status_code)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (address, name)
    assert statuses == [200, 200, 404, 200, 500, 200]
    foreign = client.get("/", headers={"host": "evil.example"})
    assert foreign.status_code == 400
    assert foreign.headers["content-security-policy"]


def test_a_client_that_asks_too_much_is_refused_in_words(own_store: Path) -> None:
    app = create_app(Settings(data_dir=own_store, requests_per_minute=3))
    client = TestClient(app, base_url=ORIGIN)
    answers = [client.get("/livez", headers={"accept-language": "en"}) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert "at most 3 a minute" in answers[-1].json()["detail"]
    assert answers[-1].headers["content-security-policy"]
    other = TestClient(app, base_url=ORIGIN, client=("10.0.0.9", 1))
    assert other.get("/livez").status_code == 200


class Source(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - what the test looks at

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if "/2/" in self.path:
            self.send_response(302)
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>no</html>" if "/3/" in self.path else PNG)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def source() -> Iterator[str]:
    Source.asked = []
    server = HTTPServer(("127.0.0.1", 0), Source)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def basemaps_file(folder: Path, url: str, **more: str) -> Path:
    fields = {
        "id": "office",
        "title_zh": "内网底图",
        "title_en": "Office map",
        "url": url,
        "datum": "true",
        "attribution": "Office",
        **more,
    }
    lines = [f'{name} = "{value}"' for name, value in fields.items() if value]
    path = folder / "basemaps.toml"
    path.write_text("\n".join(["[[basemap]]", "max_zoom = 5", *lines]), encoding="utf-8")
    return path


def test_no_base_map_unless_one_is_configured(own_store: Path) -> None:
    client = TestClient(create_app(Settings(data_dir=own_store)), base_url=ORIGIN)
    assert client.get("/api/v1/basemaps").json() == {"basemaps": []}
    assert client.get("/basemap/office/1/0/0").status_code == 404


def test_a_tile_is_fetched_once_with_the_key_that_stays_here(
    own_store: Path, tmp_path: Path, source: str
) -> None:
    path = basemaps_file(tmp_path, source + "/{z}/{x}/{y}?tk={key}", key="secret")
    app = create_app(Settings(data_dir=own_store, basemaps_file=path))
    client = TestClient(app, base_url=ORIGIN)
    listed = client.get("/api/v1/basemaps").text
    assert "secret" not in listed
    assert source not in listed
    first, second = (client.get("/basemap/office/1/1/0") for _ in range(2))
    assert first.content == second.content == PNG
    assert first.headers["content-type"] == "image/png"
    assert Source.asked == ["/1/1/0?tk=secret"]
    # Redirects, pages in the stead of pictures and tiles off the grid are refused.
    for address in ("2/0/0", "3/0/0", "1/2/0", "6/0/0", "-1/0/0"):
        assert client.get(f"/basemap/office/{address}").status_code == 404, address


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("url", {"url": "file:///etc/{z}{x}{y}"}),
        ("url", {"url": "http://{x}.example/{z}/{x}/{y}"}),
        ("url", {"url": "http://a.example/{z}/{x}"}),
        ("url", {"url": "http://a.example/{z}/{x}/{y}/{env}"}),
        ("id", {"id": "../x"}),
        ("datum", {"datum": "bd09"}),
        ("colour", {"colour": "red"}),
        ("title_en", {"title_en": ""}),
        ("key", {"tianditu": "vec"}),
    ],
)
def test_an_impossible_base_map_is_named(tmp_path: Path, field: str, more: dict) -> None:
    path = basemaps_file(tmp_path, **{"url": "http://a.example/{z}/{x}/{y}", **more})
    with pytest.raises(BasemapFileError) as caught:
        load_basemaps(path)
    assert caught.value.params["field"] == field


def test_tianditu_is_asked_as_its_service_wants(tmp_path: Path) -> None:
    # By hand, from the service's description: WMTS with row before column and the key as tk.
    (found,) = load_basemaps(basemaps_file(tmp_path, url="", tianditu="vec", key="K"))
    address = found.address(7, 100, 50)
    assert address.startswith("https://t0.tianditu.gov.cn/vec_w/wmts?")
    assert address.endswith("&TILEMATRIX=7&TILEROW=50&TILECOL=100&tk=K")
    assert "K" not in repr(found).split("title")[0]
    assert "key" not in repr(found).replace("{key}", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refusals_are_in_the_language_that_the_address_asks_for(
    shared_client: TestClient, lang: str
) -> None:
    # Whatever the browser prefers: an answer with this address would be in that language.
    other = {"accept-language": "en" if lang == "zh" else "zh"}
    said = {"zh": "的内容不是支持的格式", "en": "is of no supported format"}
    for path, form in (
        ("/api/v1/checks", {}),
        ("/api/v1/layers", {"id": "a", "kind": "lake", "title": "a", "source": "a"}),
        ("/api/v1/convert", {}),
    ):
        files = {"file": ("a.bin", b"\x00\x01")}
        answer = shared_client.post(f"{path}?lang={lang}", data=form, files=files, headers=other)
        assert answer.status_code == 422
        assert said[lang] in answer.json()["detail"], path
    missing = shared_client.get(f"/api/v1/nothing?lang={lang}", headers=other).json()
    assert missing["title"] == {"zh": "无法完成", "en": "Cannot be done"}[lang]
