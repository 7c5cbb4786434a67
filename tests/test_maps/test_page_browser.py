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


EVIL = '<img src=x onerror="window.broken=1">${window.broken=1}`'


def hostile_layer(layer_id: str, kind: str, geometry_type: str) -> dict:
    return {
        "id": layer_id,
        "kind": kind,
        "title": {"zh": EVIL, "en": EVIL},
        "status": "official",
        "source": EVIL,
        "licence": EVIL,
        "version": 1,
        "crs": EVIL,
        "feature_count": 1,
        "geometry_type": geometry_type,
        "in_use": True,
    }


def hostile_features(layer_id: str) -> dict:
    square = [[[102.7, 24.9], [102.9, 24.9], [102.9, 25.1], [102.7, 25.1], [102.7, 24.9]]]
    feature = {
        "type": "Feature",
        "id": EVIL,
        "properties": {"name_zh": EVIL, "name_en": EVIL, "a,alert(1)": EVIL},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    return {
        "type": "FeatureCollection",
        "features": [feature],
        "layer": {"id": layer_id, "version": 1, "status": "official", "matched": 1, "returned": 1},
    }


def test_hostile_titles_names_and_errors_are_shown_as_text(watched: Watched) -> None:
    page = watched.page
    layers = [
        hostile_layer("districts", "district", "Polygon"),
        hostile_layer("counties", "county", "Polygon"),
        hostile_layer("x", EVIL, EVIL),
    ]
    refused = {
        "code": EVIL,
        "title": EVIL,
        "detail": EVIL,
        "params": {"proposals": [{"crs": EVIL}]},
    }
    page.route("**/api/v1/layers", lambda route: route.fulfill(json={"layers": layers}))
    page.route(
        "**/api/v1/layers/*/features",
        lambda route: route.fulfill(json=hostile_features(route.request.url.split("/")[-2])),
    )
    page.route("**/api/v1/checks?*", lambda route: route.fulfill(status=422, json=refused))
    open_page(watched, "en", "#at=11/25.00000/102.80000&tab=layers")
    expect(page.locator("ul.layers .name").first).to_have_text(EVIL)
    expect(page.locator(".label-district")).to_have_text(EVIL)
    expect(page.locator("#places button").nth(1)).to_have_text(EVIL)
    page.locator(".about").first.click()
    expect(page.locator(".facts").first).to_contain_text(EVIL)
    page.locator(".pane-41 path").first.hover()
    expect(page.locator(".leaflet-tooltip strong")).to_have_text(EVIL)
    draw_triangle(watched)
    expect(page.locator(".problem strong")).to_have_text(EVIL)
    expect(page.locator(".remedies button")).to_contain_text(EVIL)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None
    assert all("422" in text for text in watched.complaints)


def test_a_drawn_site_outlives_an_outage(watched: Watched) -> None:
    page = watched.page
    page.route("**/api/v1/checks?*", lambda route: route.abort())
    open_page(watched, "zh", "#at=14/24.93500/102.77000&tab=check")
    draw_triangle(watched)
    expect(page.locator(".problem")).to_contain_text("已画的地块不会丢失")
    drawn = page.locator(".leaflet-draw-pane path")
    box = drawn.bounding_box()
    assert box
    # The browser says what a person sees there: nothing lies over the drawing.
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    top = f"document.elementFromPoint({x}, {y}).closest('.leaflet-draw-pane') !== null"
    assert page.evaluate(top)
    page.unroute("**/api/v1/checks?*")
    page.locator(".remedies button").click()
    expect(page.locator("#verdict b")).to_have_text("冲突")
    # The result draws the site itself, so the drawing has done its work.
    expect(drawn).to_have_count(0)


def test_findings_are_located_and_a_result_is_put_away(watched: Watched) -> None:
    page = watched.page
    open_page(watched, "en", "#at=14/24.93500/102.77000&tab=check")
    draw_triangle(watched)
    before = page.evaluate("ftz.map.getBounds().toBBoxString()")
    page.locator("#places button").first.click()
    page.locator(".locate").first.click()
    expect(page.locator(".leaflet-result-pane path").first).to_be_visible()
    page.wait_for_timeout(600)
    seen = page.evaluate("ftz.map.getBounds().pad(0.5).contains(ftz.check.shown.getBounds())")
    assert seen, before
    page.locator("#clear-result").click()
    expect(page.locator("#verdict")).to_have_count(0)
    expect(page.locator(".leaflet-result-pane path")).to_have_count(0)
    assert "check=" not in page.evaluate("location.hash")
    watched.require_quiet()


def test_fine_patterns_wait_for_a_scale_where_they_can_be_read(watched: Watched) -> None:
    page = watched.page
    open_page(watched, "zh")
    row = page.locator("li", has=page.locator("#layer-demo_ecological_red_line"))
    expect(row).to_contain_text("放大后显示")
    expect(page.locator(".pane-31")).to_have_css("display", "none")
    page.locator("#places button", has_text="昆明片区").click()
    expect(page.locator(".pane-31")).to_have_css("display", "block")
    expect(row).not_to_contain_text("放大后显示", use_inner_text=True)
    watched.require_quiet()


def test_a_single_file_changes_language_and_lets_nothing_else_run(
    browser: Browser, own_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    text = build_single_file(Workspace(Settings(data_dir=own_store)), "zh")
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    expect(page.locator("#tab-density")).to_have_text("土地经济密度")
    page.locator("#tab-density").click()
    page.locator("#lang-switch").click()
    expect(page.locator("#tab-density")).to_have_text("Land density")
    expect(page.locator("#legend")).to_contain_text("Imports and exports")
    assert page.evaluate("document.documentElement.lang") == "en"
    # The browser is the oracle: under the file's policy a script of a stranger does not run.
    page.evaluate(
        "(() => { const one = document.createElement('script');"
        " one.textContent = 'window.broken = 1'; document.body.append(one); })()"
    )
    assert page.evaluate("window.broken") is None
    page.close()
