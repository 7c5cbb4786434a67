"""A real Chromium with the network closed but for the product itself."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from api.settings import Settings

# A busy machine starts the reading process in seconds; only what never comes is a failure.
expect.set_options(timeout=20_000)

WIDE = {"width": 1366, "height": 768}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

# What a test may ask of the page's own modules: inside((own) => own.map.getZoom()).
INSIDE = """
window.inside = async (work, ...rest) => {
  const main = document.querySelector('link[rel=modulepreload][href$="/app/main.js"]').href;
  const names = ["core/page", "core/hash_state", "map/sketch", "map/measure", "map/layers",
    "check/site_parts", "workbench/tabs", "map/legend"];
  const [{ page }, { hashState }, sketch, measure, layers, parts, tabs, legend] = await Promise.all(
    names.map((name) => import(new URL(`${name}.js`, main))));
  return work({ map: page.map, hashState, sketch, measure, layers, parts, tabs, legend }, ...rest);
};
"""


@dataclass
class Watched:
    """A page with everything that it asked for and complained about."""

    page: Page
    origin: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def require_quiet(self) -> None:
        assert self.outside == []
        assert self.complaints == []

    def open(self, lang: str, fragment: str = "") -> Page:
        self.page.goto(f"{self.origin}/?lang={lang}{fragment}")
        expect(self.page.locator("ul.layers li").first).to_be_attached()
        return self.page

    def draw_triangle(self) -> None:
        page = self.page
        page.locator("#tab-check").click()
        page.locator("#draw").click()
        box = page.locator(".folium-map").bounding_box()
        assert box
        corners = [(0.40, 0.35), (0.62, 0.40), (0.50, 0.65)]
        for x, y in [*corners, corners[0]]:
            page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"], delay=40)
            page.wait_for_timeout(350)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, built_store: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(built_store, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(data_dir=folder))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "a browser test needs chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def inside() -> str:
    """The script that lets a test of a page of its own ask the page's modules."""
    return INSIDE


@pytest.fixture
def watched(browser: Browser, origin: str) -> Iterator[Watched]:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(INSIDE)
    watch = Watched(page=context.new_page(), origin=origin)
    _listen(watch)
    yield watch
    context.close()


def _listen(watch: Watched) -> None:
    def guard(route) -> None:
        url = route.request.url
        if url.startswith((watch.origin, "data:", "blob:")):
            route.continue_()
        else:
            watch.outside.append(url)
            route.abort()

    def complain(message) -> None:
        if message.type in {"error", "warning"}:
            watch.complaints.append(message.text)

    watch.page.route("**/*", guard)
    watch.page.on("console", complain)
    watch.page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    watch.page.on("dialog", lambda dialog: watch.complaints.append(dialog.message))
