"""The page in a real Chromium with the network closed but for the product itself."""

import json
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
from api.jobs.build_map import build_single_file
from api.jobs.workspace import Workspace
from api.settings import Settings

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "<img src=x onerror=alert(1)>"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [102.76, 24.93],
                        [102.8, 24.93],
                        [102.8, 24.96],
                        [102.76, 24.96],
                        [102.76, 24.93],
                    ]
                ],
            },
        }
    ],
}


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
def watched(browser: Browser, origin: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
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


def open_page(watch: Watched, lang: str, fragment: str = "") -> None:
    watch.page.goto(f"{watch.origin}/?lang={lang}{fragment}")
    expect(watch.page.locator("ul.layers li").first).to_be_attached()


def draw_triangle(watch: Watched) -> None:
    page = watch.page
    page.locator("#tab-check").click()
    page.locator("#draw").click()
    box = page.locator(".folium-map").bounding_box()
    assert box
    corners = [(0.40, 0.35), (0.62, 0.40), (0.50, 0.65)]
    for x, y in [*corners, corners[0]]:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"], delay=40)
        page.wait_for_timeout(350)


@pytest.mark.parametrize(
    ("lang", "conflict", "basis"),
    [
        ("zh", "冲突", "结果依据演示数据，不能作为审批依据"),
        ("en", "Conflict", "This rests on demonstration data and decides nothing"),
    ],
)
def test_a_drawn_site_gets_its_verdict(
    watched: Watched, lang: str, conflict: str, basis: str
) -> None:
    # The view is over the demonstration red line south-west of the Kunming district.
    open_page(watched, lang, "#at=14/24.93500/102.77000&tab=check")
    draw_triangle(watched)
    verdict = watched.page.locator("#verdict b")
    expect(verdict).to_have_text(conflict)
    expect(watched.page.locator(".notice.demonstration").first).to_have_text(basis)
    assert watched.page.locator("article.finding").count() == 4
    watched.require_quiet()


def test_the_verdict_on_the_page_is_the_one_of_the_interface(watched: Watched) -> None:
    # Second method: the same polygon over HTTP, and its areas in the panel to the digit.
    open_page(watched, "en")
    watched.page.locator("#tab-check").click()
    watched.page.locator("#file").set_input_files(
        {
            "name": "site.geojson",
            "mimeType": "application/json",
            "buffer": json.dumps(SITE).encode(),
        }
    )
    expect(watched.page.locator("#verdict b")).to_have_text("Conflict")
    answer = watched.page.request.post(f"{watched.origin}/api/v1/checks", data=SITE).json()
    finding = answer["sites"][0]["findings"][0]
    shown = watched.page.locator("article.finding").first.locator("dd").first
    expect(shown).to_have_text(f"{finding['overlap_area_m2']:,.2f} m²")
    # The hostile name is text.
    expect(watched.page.locator("section.site h2")).to_contain_text("<img src=x onerror=alert(1)>")
    watched.require_quiet()


def test_a_refused_file_says_why_and_offers_what_fits(watched: Watched, tmp_path: Path) -> None:
    projected = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [
                            [34578000, 2760000],
                            [34579000, 2760000],
                            [34579000, 2761000],
                            [34578000, 2760000],
                        ]
                    ],
                },
            }
        ],
    }
    open_page(watched, "zh")
    watched.page.locator("#tab-check").click()
    watched.page.locator("#file").set_input_files(
        {
            "name": "a.geojson",
            "mimeType": "application/json",
            "buffer": json.dumps(projected).encode(),
        }
    )
    expect(watched.page.locator(".problem")).to_contain_text("没有坐标系")
    offer = watched.page.locator(".remedies button").first
    expect(offer).to_contain_text("EPSG:4522")
    offer.click()
    expect(watched.page.locator("#verdict")).to_be_visible()
    expect(watched.page.locator("details.read")).to_contain_text("EPSG:4522")
    # A refusal is an answer: the browser notes the 422, and nothing else is wrong.
    assert watched.outside == []
    assert all("422" in text for text in watched.complaints)


def test_density_shows_value_year_land_source_and_missing_districts(watched: Watched) -> None:
    # 717.9 / 119.86 = 5.99 by hand, from the plan.
    open_page(watched, "en", "#tab=density")
    result = watched.page.locator("#density-result")
    expect(result.locator(".figure b")).to_have_text("5.99")
    expect(result).to_contain_text("no value for this year")
    expect(result).to_contain_text("国发〔2019〕16号")
    expect(watched.page.locator("#legend")).to_contain_text("approved area")
    watched.page.locator("#density-year").select_option("2025")
    expect(result.locator(".figure b")).to_have_text("22.32")
    expect(result).to_contain_text("planning target")
    watched.require_quiet()


def test_changing_the_language_keeps_view_tab_and_check(watched: Watched) -> None:
    open_page(watched, "zh", "#at=14/24.93500/102.77000&tab=check")
    draw_triangle(watched)
    expect(watched.page.locator("#verdict b")).to_have_text("冲突")
    area = watched.page.locator("article.finding dd").first.inner_text()
    watched.page.locator("#lang-switch").click()
    expect(watched.page.locator("#verdict b")).to_have_text("Conflict")
    assert watched.page.locator("article.finding dd").first.inner_text() == area
    watched.require_quiet()


def test_the_page_works_on_a_phone_and_by_keyboard(browser: Browser, origin: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    watch = Watched(page=context.new_page(), origin=origin)
    _listen(watch)
    open_page(watch, "zh")
    width = watch.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    watch.page.locator("#tab-layers").focus()
    watch.page.keyboard.press("ArrowRight")
    expect(watch.page.locator("#view-density")).to_be_visible()
    watch.page.keyboard.press("End")
    expect(watch.page.locator("#view-check")).to_be_visible()
    watch.require_quiet()
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_single_file_opens_from_disk_without_any_request(
    browser: Browser, own_store: Path, tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "map.html"
    text = build_single_file(Workspace(Settings(data_dir=own_store)), lang)
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    expect(page.locator("ul.layers li")).to_have_count(11)
    page.locator("#tab-density").click()
    expect(page.locator("#density-result .figure b")).to_have_text("5.99")
    assert page.locator("#tab-check").count() == 0
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert complaints == []
    page.close()
