"""Behind proxies: a prefix, who the visitor is, and which of them is believed.

The proxy is nginx itself, with the configuration of an office (a path /gis/ in front).
"""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import uvicorn
from playwright.sync_api import expect, sync_playwright
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

NGINX = """
{user}
worker_processes 1; daemon off; pid run/nginx.pid; error_log run/nginx.err;
events {{ worker_connections 256; }}
http {{
 access_log off; client_body_temp_path run/nt; proxy_temp_path run/np;
 fastcgi_temp_path run/nf; uwsgi_temp_path run/nu; scgi_temp_path run/ns;
 client_max_body_size 300m; gzip on; gzip_proxied any;
 server {{ listen 127.0.0.1:{proxy};
  location = /gis {{ return 301 /gis/; }}
  location /gis/ {{
   proxy_pass http://127.0.0.1:{product}/; proxy_set_header Host $http_host;
   proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
   proxy_set_header X-Forwarded-Proto http; proxy_set_header X-Forwarded-Prefix /gis;
  }}
  location / {{ return 404; }}
 }}
}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """Where the product is reached through the proxy."""

    address: str


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(port)


@pytest.fixture(scope="module")
def proxied(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "a proxy test needs nginx: apt-get install nginx-light"
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "run").mkdir()
    store = folder / "data"
    shutil.copytree(built_store, store)
    proxy, product = free_port(), free_port()
    # Started by root it would give itself another user, who may not write in the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(user=user, proxy=proxy, product=product))
    app = create_app(Settings(data_dir=store, max_upload_bytes=1_000_000))
    config = uvicorn.Config(
        app, port=product, log_level="warning", lifespan="on", proxy_headers=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    started = subprocess.Popen(
        [nginx, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL
    )
    wait_for(product)
    wait_for(proxy)
    yield Served(f"http://127.0.0.1:{proxy}/gis")
    started.terminate()
    started.wait(10)
    server.should_exit = True
    thread.join(20)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_works_below_a_prefix(proxied: Served, lang: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = shown.new_page(viewport={"width": 1366, "height": 768})
        failed, outside = [], []
        page.on("response", lambda one: failed.append(one.url) if one.status >= 400 else None)
        page.on(
            "request",
            lambda one: None if one.url.startswith(proxied.address) else outside.append(one.url),
        )
        page.goto(f"{proxied.address}/?lang={lang}#at=12/24.96/102.82&tab=check")
        expect(page.locator("ul.layers li").first).to_be_attached()
        ring = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.935]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        drawn = {"type": "Feature", "properties": {"name": "A"}, "geometry": shape}
        page.locator("#file").set_input_files(
            {
                "name": "A.geojson",
                "mimeType": "application/json",
                "buffer": json.dumps(drawn).encode(),
            }
        )
        expect(page.locator("#verdict b")).to_be_visible(timeout=60_000)
        with page.expect_download() as saved:
            page.locator("a[href*=evidence]").click()
        assert saved.value.failure() is None
        page.locator("#tab-expand").click()
        with page.expect_request(lambda one: one.url.startswith(f"{proxied.address}/tiles/")):
            page.locator("#swipe-right").select_option("slope")
        page.wait_for_timeout(2000)
        shown.close()
    assert (failed, [one for one in outside if not one.startswith("blob:")]) == ([], [])


def test_links_and_redirects_stay_below_the_prefix(proxied: Served) -> None:
    landing = requests.get(
        f"{proxied.address}/", headers={"accept": "application/json"}, timeout=20
    )
    hrefs = [one["href"] for one in landing.json()["links"]]
    assert hrefs
    for href in hrefs:
        if "/gis/" in href:
            assert href.startswith(proxied.address)
        assert requests.get(href, timeout=20).ok, href
    items = requests.get(f"{proxied.address}/collections/counties/items?limit=5", timeout=20).json()
    (following,) = [one["href"] for one in items["links"] if one["rel"] == "next"]
    assert following.startswith(proxied.address)
    assert requests.get(following, timeout=20).json()["numberReturned"] == 5


def test_a_refusal_of_size_reaches_who_sent_it(proxied: Served) -> None:
    def pieces() -> Iterator[bytes]:
        # Without a length: only counting finds out.
        yield from (b" " * 100_000 for _ in range(40))

    for _ in range(5):
        sent = requests.post(
            f"{proxied.address}/api/v1/checks",
            files={"file": ("a.geojson", b" " * 4_000_000)},
            timeout=30,
        )
        streamed = requests.post(
            f"{proxied.address}/api/v1/checks",
            data=pieces(),
            headers={"content-type": "application/json"},
            timeout=30,
        )
        for answer in (sent, streamed):
            assert (answer.status_code, answer.json()["code"]) == (413, "layers.read.too_large")


def client(built_store: Path, peer: str = "203.0.113.9", **more: object) -> TestClient:
    settings = Settings(data_dir=built_store, allowed_hosts=("testserver",), **more)
    return TestClient(create_app(settings), client=(peer, 50000), raise_server_exceptions=False)


@pytest.mark.parametrize("prefix", ["/gis", "/a/b-c", "/gis/"])
def test_only_a_trusted_proxy_puts_a_prefix_in_front(built_store: Path, prefix: str) -> None:
    said = {"x-forwarded-prefix": prefix, "x-forwarded-proto": "https"}
    plain, trusted = "http://testserver/", f"https://testserver{prefix.rstrip('/')}/"
    for peer, proxies, start in (
        ("203.0.113.9", ("127.0.0.1",), plain),
        ("203.0.113.9", ("203.0.113.0/24",), trusted),
        ("127.0.0.1", ("127.0.0.1",), trusted),
    ):
        found = client(built_store, peer, trusted_proxies=proxies).get("/collections", headers=said)
        links = [one["href"] for one in found.json()["links"]]
        assert all(one.startswith(start) for one in links), (peer, links)
        assert (start == plain) != any("gis" in one or "a/b-c" in one for one in links)


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "https://evil.example", "/a b", "/<x>", "/../x/"]
)
def test_a_strange_prefix_is_not_taken(built_store: Path, prefix: str) -> None:
    trusting = client(built_store, "127.0.0.1", trusted_proxies=("127.0.0.1",))
    found = trusting.get("/collections", headers={"x-forwarded-prefix": prefix}).json()
    assert all(
        one["href"].startswith("http://testserver/co") or "evil" not in one["href"]
        for one in found["links"]
    )
    assert "evil" not in json.dumps(found)


def test_a_wrong_host_says_what_to_set(built_store: Path) -> None:
    for host in ("gis.bureau.example", "", "testserver.evil.example", "evil@testserver"):
        answer = client(built_store).get("/livez", headers={"host": host})
        assert answer.status_code == 400, host
        assert answer.json()["code"] == "api.request.unknown_host"
        assert "FTZGIS_ALLOWED_HOSTS" in answer.json()["detail"]
    for host in ("testserver", "TESTSERVER:8000"):
        assert client(built_store).get("/livez", headers={"host": host}).status_code == 200


@pytest.mark.browser
@pytest.mark.interop
@pytest.mark.slow
def test_the_page_and_a_published_map_work_below_a_prefix_in_firefox(
    proxied: Served, npm_packages: Path, tmp_path: Path
) -> None:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None:
        pytest.skip("Firefox is not installed: apt-get install firefox-esr")
    ring = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.935]]
    site = tmp_path / "A.geojson"
    site.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), "utf-8")
    plan = requests.get(f"{proxied.address}/api/v1/publications/themes/overview", timeout=20).json()
    plan["maker"] = {"zh": "测试", "en": "tests"}
    task = requests.post(
        f"{proxied.address}/api/v1/publications",
        files={"file": ("plan.json", json.dumps(plan))},
        data={"release": "true"},
        timeout=20,
    ).json()
    for _ in range(600):
        state = requests.get(f"{proxied.address}/api/v1/tasks/{task['id']}", timeout=20).json()
        if state["status"] not in {"waiting", "running"}:
            break
        time.sleep(0.1)
    assert state["status"] == "finished", state
    done = subprocess.run(
        ["node", npm_packages / "firefox.mjs", firefox, proxied.address, site, "/public/overview"],
        capture_output=True, encoding="utf-8", check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said.pop("verdict") in {"冲突", "未涉及", "无法判定", "附条件", "技术性接触"}
    assert said.pop("published")
    assert said == {"failed": [], "outside": [], "problems": []}
