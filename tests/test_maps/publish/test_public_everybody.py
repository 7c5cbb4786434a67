"""Published maps for everybody, in a real Chromium: every width, names, taps, search, no scripts.

Oracles: boxes that the browser measures, and the law and places of the store.
"""

import gzip
import itertools
import re
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from api.publish.bundle import export_bundle, publish
from api.publish.publication_plan import parse_plan, propose_plan
from api.settings import Settings
from api.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

MOST_BYTES = 400_000
SIZES = [(360, 740), (390, 844), (768, 1024), (1366, 768), (2560, 1300), (844, 390)]
Open = Callable[..., Page]


class QuietHandler(SimpleHTTPRequestHandler):
    """A bare file server."""

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


BOXES = """(selector) => [...document.querySelectorAll(selector)].map((one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


@pytest.fixture(scope="module")
def folder(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("everybody")
    shutil.copytree(built_store, folder / "data")
    workspace = Workspace(Settings(data_dir=folder / "data"))
    for theme in ("overview", "controls"):
        plan = propose_plan(workspace, theme)
        plan |= {"maker": {"zh": "某局", "en": "A bureau"}, "prints": False}
        bundle = publish(workspace, parse_plan(plan), release=True)
        export_bundle(workspace, bundle, folder / theme)
    return folder


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Open]:
    contexts = []
    complaints: list[str] = []

    def open_map(theme: str, size: tuple[int, int], fragment: str = "", **more: object) -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **more
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{(folder / theme / 'index.html').as_uri()}#{fragment}")
        return page

    yield open_map
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_first_view_is_light(folder: Path) -> None:
    for theme in ("overview", "controls"):
        packed = gzip.compress((folder / theme / "index.html").read_bytes(), 6)
        assert len(packed) <= MOST_BYTES


@pytest.mark.parametrize("size", SIZES)
def test_the_whole_province_is_in_view_and_no_name_on_another(
    opened: Open, size: tuple[int, int]
) -> None:
    for lang in ("zh", "en"):
        page = opened("overview", size, f"lang={lang}")
        expect(page.locator(".name").first).to_be_visible()
        ((left, top, right, bottom),) = page.evaluate(BOXES, ".stage")
        ground = page.evaluate(BOXES, ".leaflet-pane path")
        assert len(ground) > 129
        for box in ground:
            assert left <= box[0] <= box[2] <= right
            assert top <= box[1] <= box[3] <= bottom
        names = page.evaluate(BOXES, ".name")
        corners = page.evaluate(BOXES, ".review, .stage .leaflet-control")
        for one, other in itertools.combinations([*names, *corners], 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1]
            assert apart or other[3] <= one[1]
        # Three districts and five linkage zones: what has no name on the map is counted.
        told = page.locator("#names-hidden").text_content()
        assert len(names) == 8 or str(8 - len(names)) in (told or "")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        # Each district at its own scale, below or beside the map and not on it.
        assert page.locator(".inset").count() == 3


def test_everything_to_touch_is_as_large_as_a_finger(opened: Open) -> None:
    page = opened("controls", (390, 844), "lang=zh", has_touch=True, is_mobile=True)
    page.locator("#take summary").click()
    for target in page.locator(
        "button:visible, select:visible, summary:visible, label[for^=show]"
    ).all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44, target.text_content()


def test_one_tap_says_why_a_place_is_protected(opened: Open) -> None:
    for lang, why, decides in (("zh", "为什么", "谁决定"), ("en", "Why", "Who decides")):
        page = opened("controls", (390, 844), f"lang={lang}&at=24.99,102.70,12")
        box = page.locator(".stage").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        here = page.locator("#here")
        expect(here).to_contain_text({"zh": "生态保护红线", "en": "Ecological red line"}[lang])
        for words in (why, decides, "2022-08-16", "2022"):
            expect(here).to_contain_text(words)
        assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
        page.keyboard.press("Escape")
        expect(here).to_be_hidden()


def test_ground_without_a_line_is_no_verdict(opened: Open) -> None:
    page = opened("controls", (1366, 768), "lang=en&at=28.4,98.9,12")
    # By the keyboard alone: Enter asks about the middle.
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#here")).to_contain_text("That is no finding of")
    expect(page.locator("#here")).to_contain_text("Ecological red line")


def test_a_rule_that_ended_after_the_map_says_so(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    text = (folder / "controls" / "index.html").read_text("utf-8")
    aged = text.replace('"valid_to": null', '"valid_to": "2026-11-01"')
    assert aged != text
    # Its scripts are no longer those that its policy names.
    document = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", aged)
    (tmp_path / "index.html").write_text(document, "utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{(tmp_path / 'index.html').as_uri()}#lang=en&at=24.99,102.70,12")
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#here")).to_contain_text("This rule ended with 2026-11-01")
    context.close()


FOUND = {
    "长水": "Kunming Changshui International Airport",
    "changshui": "Kunming Changshui International Airport",
    "河口口岸": "Hekou Port",
    "hkka": "Hekou Port",
    "mohan-boten": "China-Laos Mohan-Boten Cooperation Zone",
    "dianchi": "Dianchi",
}


def test_places_are_found_in_chinese_pinyin_and_english(opened: Open) -> None:
    page = opened("overview", (1366, 768), "lang=en")
    for asked, found in FOUND.items():
        page.locator("#search").fill(asked)
        expect(page.locator("#found li").first).to_contain_text(found)
    before = page.locator("#link").input_value()
    page.locator("#search").press("Enter")
    expect(page.locator("#found")).to_be_hidden()
    assert page.locator("#link").input_value() != before
    page.locator("#search").fill("Atlantis")
    expect(page.locator("#found")).to_contain_text("No place of this name")


def test_a_link_leads_to_the_same_view(opened: Open, browser: Browser) -> None:
    page = opened("controls", (1366, 768), "lang=en&at=25.0,102.8,11&off=rivers,lakes")
    expect(page.locator("#show-rivers")).not_to_be_checked()
    link = page.locator("#link").input_value()
    place, off = link.split("&off=")
    assert place.endswith("#lang=en&at=25.0000,102.8000,11")
    assert set(off.split(",")) == {"lakes", "rivers"}
    frame = page.locator("#embed").input_value()
    assert 'height="640"' in frame
    page.locator("#take summary").click()
    page.locator("#embed-lang").select_option("zh")
    page.locator("#embed-height").fill("480")
    assert 'height="480"' in page.locator("#embed").input_value()
    # Pasted as it is: a frame that shows the same place in that language.
    other = browser.new_context().new_page()
    other.set_content(page.locator("#embed").input_value())
    src = other.locator("iframe").get_attribute("src")
    assert src
    assert "lang=zh&at=25.0000,102.8000,11" in src
    other.context.close()


def test_a_bare_file_server_is_enough(browser: Browser, folder: Path) -> None:
    handler = partial(QuietHandler, directory=folder / "overview")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{origin}/#lang=en")
        expect(page.locator(".name").first).to_be_visible()
        assert asked == [f"{origin}/"]
        page.locator("#take summary").click()
        for name in ("data.geojson", "data.csv", "data.gpkg", "record.jsonld"):
            with page.expect_download() as waiting:
                page.locator(f'#files-beside a[href="{name}"]').click()
            saved = Path(waiting.value.path()).read_bytes()
            assert saved == (folder / "overview" / name).read_bytes()
        context.close()
        server.shutdown()


def test_without_scripts_there_is_a_picture_a_legend_and_tables(
    browser: Browser, folder: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((folder / "controls" / "index.html").as_uri())
    # From the tree and not by locators' scripts: none runs here.
    text = page.locator("noscript").inner_text()
    for words in ("生态保护红线", "Ecological red line", "≤ 200", "Kunming District", "谁决定"):
        assert words in text
    box = page.locator("#first-picture").bounding_box()
    assert box
    assert box["width"] > 300
    assert box["height"] > 250
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_map_prints_on_one_page_with_all_it_must_say(
    opened: Open, tmp_path: Path, lang: str
) -> None:
    page = opened("controls", (390, 844), f"lang={lang}")
    expect(page.locator(".name").first).to_be_visible()
    target = tmp_path / "map.pdf"
    page.pdf(path=target, prefer_css_page_size=True, print_background=True)
    sheet = PdfReader(target)
    assert len(sheet.pages) == 1
    # Some fonts write 片 as the radical of the same shape.
    words = unicodedata.normalize("NFKC", sheet.pages[0].extract_text())
    review = {"zh": "审图号", "en": "Map review number"}[lang]
    legend = {"zh": "三个片区", "en": "Three districts"}[lang]
    for said in (review, legend, "km", {"zh": "某局", "en": "A bureau"}[lang]):
        assert said in words


@pytest.mark.slow
def test_the_map_is_seen_at_once_on_a_slow_phone(browser: Browser, folder: Path) -> None:
    """Oracle: the order in which the browser painted and ran, on a quarter of the CPU.

    The picture stands before any script has run; it gives way to the map. How long that takes
    is measured by hand: on a busy machine it says nothing.
    """
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(
        "new PerformanceObserver((all) => all.getEntries().forEach((one) => {"
        " window.seen = window.seen || one.startTime; })).observe({type: 'paint', buffered: true});"
        "new MutationObserver(() => { const one = document.getElementById('first-picture');"
        " if (one) window.stood = true; else if (window.stood && !window.gone)"
        " window.gone = performance.now(); }).observe(document, {childList: true, subtree: true});"
    )
    page.goto((folder / "overview" / "index.html").as_uri())
    expect(page.locator(".name").first).to_be_visible()
    assert page.locator("#first-picture").count() == 0
    assert page.evaluate("0 < window.seen && window.seen < window.gone")
    document = (folder / "overview" / "index.html").read_text("utf-8")
    # What must have come for it: 3G of 1.4 Mbit/s carries 90 kB in half a second.
    before, _, _ = document.partition('<section class="insets"')
    assert "<script src" not in before.partition('id="first-picture"')[0]
    assert len(gzip.compress(before.encode(), 6)) <= 90_000
    context.close()
