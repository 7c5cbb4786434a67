"""The documentation site that ships is what its sources say, and needs no other host.

Oracle: digests of every source and every page, written when it was built.
"""

import hashlib
import importlib.util
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import uvicorn
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

ROOT = Path(__file__).parents[2]
SITE = ROOT / "maps" / "guides"
HOW = "the guides were changed: python docs/build_site.py"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_site", ROOT / "docs" / "build_site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    settings = Settings(data_dir=tmp_path, allowed_hosts=("testserver",))
    return TestClient(create_app(settings), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def served_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without any data: the guides are needed before there are any."""
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("empty")))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_the_site_is_built_from_the_sources_of_now(builder: ModuleType) -> None:
    said = json.loads((SITE / builder.RECORD).read_text("utf-8"))["sources"]
    now = {path.relative_to(ROOT).as_posix(): builder.digest(path) for path in builder.sources()}
    assert said == now, HOW


def test_the_site_holds_what_was_built_and_nothing_else(builder: ModuleType) -> None:
    said = json.loads((SITE / builder.RECORD).read_text("utf-8"))["files"]
    found = {
        path.relative_to(SITE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in SITE.rglob("*")
        if path.is_file() and path.name != builder.RECORD
    }
    assert found == said, HOW


def test_the_site_is_small() -> None:
    # What is packed into the wheel, and what a person waits for on a slow line.
    assert sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) < 4_500_000
    assert max(path.stat().st_size for path in SITE.rglob("*.html")) < 200_000


@pytest.mark.tooling
def test_the_same_sources_give_the_same_site(builder: ModuleType, tmp_path: Path) -> None:
    try:
        builder.make(tmp_path / "site")
    except OSError as exc:
        pytest.skip(f"mkdocs-material cannot be installed: {exc}")
    before, after = (
        (folder / builder.RECORD).read_text("utf-8") for folder in (SITE, tmp_path / "site")
    )
    assert json.loads(after)["files"] == json.loads(before)["files"]


def test_no_page_loads_or_runs_anything_of_its_own_or_of_another_host() -> None:
    for page in SITE.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))[^>]*>", text), page
        assert "<style" not in text, page
        loaded = re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="([^"]+)"', text)
        assert loaded
        for address in loaded:
            assert not re.match(r"https?:|//", address), (page, address)
    for sheet in SITE.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", sheet.read_text("utf-8")), sheet


def test_every_link_of_the_site_leads_somewhere() -> None:
    for page in SITE.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#]+)', page.read_text("utf-8")):
            if not re.match(r"https?:|data:|mailto:", address):
                assert (page.parent / address.partition("?")[0]).resolve().exists(), (page, address)


def test_lists_and_tables_are_drawn_as_such() -> None:
    # GitHub sees a list or a table right after a text; the builder must, too.
    for page in SITE.rglob("*.html"):
        text = re.sub(r"<pre.*?</pre>", "", page.read_text("utf-8"), flags=re.S)
        for paragraph in re.findall(r"<p>(.*?)</p>", text, re.S):
            assert not re.search(r"\n(?:- |\d+\. |\|)", paragraph), (page, paragraph[:200])


def test_both_languages_have_the_same_pages() -> None:
    pages = {
        lang: {
            path.relative_to(SITE / lang).as_posix()
            for path in (SITE / lang).rglob("*.html")
            if "decisions" not in path.as_posix()
        }
        for lang in ("zh", "en")
    }
    assert pages["zh"] == pages["en"]
    assert len(pages["zh"]) >= 19


@pytest.mark.parametrize(
    ("path", "language", "target"),
    [
        ("/docs", "zh", "docs/zh/index.html"),
        ("/docs/", "en-GB,en;q=0.9", "en/index.html"),
        ("/docs?lang=zh", "en", "docs/zh/index.html"),
        ("/docs?lang=xx", "en", "docs/en/index.html"),
    ],
)
def test_the_door_sends_on_in_the_language_of_the_reader(
    client: TestClient, path: str, language: str, target: str
) -> None:
    headers = {"accept-language": language}
    answer = client.get(path, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, target)
    assert client.get(path, headers=headers).status_code == 200


def test_pages_are_served_and_what_is_not_there_is_refused_in_words(client: TestClient) -> None:
    page = client.get("/docs/zh/administrator.html")
    assert page.status_code == 200
    assert "日志在哪里" in page.text
    assert client.head("/docs/zh/administrator.html").status_code == 200
    same = client.get("/docs/zh/index.html", headers={"if-none-match": client.get("/docs/zh/index.html").headers["etag"]})  # fmt: skip
    assert same.status_code == 304
    for path in ("/docs/zh/none.html", "/docs/../api/app.py", "/docs/%2e%2e/page/page.py"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert "/docs/" in client.get("/?f=html").text


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_reader_finds_the_first_answers_without_a_network(
    served_empty: str, chromium: str, lang: str, width: int, height: int
) -> None:
    word, answer = {"zh": ("日志", "标准错误"), "en": ("logs", "standard error")}[lang]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((served_empty, "data:", "blob:"))
                else wrong.append(asked.url)
            ),
        )
        page.goto(f"{served_empty}/docs/?lang={lang}")
        if width < 800:
            page.locator("label[for=__search].md-header__button").click()
        page.locator(".md-search__input").click()
        page.keyboard.type(word)
        # Chinese is typed here without a key, and the search listens to keys.
        page.keyboard.press("End")
        found = page.locator(".md-search-result__link[href*='administrator.html']").first
        found.click()
        page.wait_for_url("**/administrator.html*")
        assert answer in page.locator("article").inner_text()
        for name in ("reviewer", "reference/layer-guides", "reference/reference"):
            page.goto(f"{served_empty}/docs/{lang}/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
            broken = (
                "[...document.images].filter((one) => one.complete && !one.naturalWidth).length"
            )
            assert page.evaluate(broken) == 0
        browser.close()
    assert wrong == []
