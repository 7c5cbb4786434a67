"""Take the pictures of the README and of every panel from the running product.

python3 run.py serve &
.local/venv-3.11/bin/python docs/take_screenshots.py          # all of them
.local/venv-3.11/bin/python docs/take_screenshots.py http://127.0.0.1:8000 wide
.local/venv-3.11/bin/python docs/take_screenshots.py http://127.0.0.1:8000 report
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ORIGIN = "http://127.0.0.1:8000"
FOLDER = Path(__file__).parent / "pictures"
SIZES = {"wide": (1366, 768), "phone": (390, 844)}
HOME = "({ page }) => void page.map.setView([24.944, 102.793], 13, { animate: false })"
NEAR = "#at=12/24.96000/102.82000"
RING = [
    [102.775, 24.925],
    [102.812, 24.928],
    [102.806, 24.962],
    [102.782, 24.957],
    [102.775, 24.925],
]
SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "候选地块 A"},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}


def main(origin: str, only: str | None) -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for lang in ("zh", "en"):
            for name, (width, height) in SIZES.items():
                if only in {None, name}:
                    context = browser.new_context(viewport={"width": width, "height": height})
                    _film(context.new_page(), f"{origin}/?lang={lang}", f"{lang}-{name}")
                    context.close()
        if only in {None, "report"}:
            for lang in ("zh", "en"):
                context = browser.new_context(viewport={"width": 1100, "height": 800})
                _report(context.new_page(), origin, lang)
                context.close()
        if only is None:
            size = {"width": 3840, "height": 2160}
            context = browser.new_context(viewport=size, color_scheme="dark")
            page = context.new_page()
            _open(page, f"{origin}/?lang=zh{NEAR}&tab=layers&legend=1&spot=102.8,24.93")
            _shoot(page, "office-zh-4k-dark")
            context.close()
        browser.close()


def _report(page: Page, origin: str, lang: str) -> None:
    """The first page of the report of the site."""
    answer = page.request.post(f"{origin}/api/v1/checks", data=SITE)
    address = f"{origin}/api/v1/checks/{answer.json()['id']}/report.html?lang={lang}"
    # A file to be saved, so that a browser would not open it by itself.
    page.set_content(page.request.get(address).text())
    _shoot(page, f"report-{lang}-wide")


def _film(page: Page, address: str, end: str) -> None:
    """Every panel, then the tools of the map, in the order in which a planner meets them."""
    _open(page, f"{address}{NEAR}&tab=layers")
    _shoot(page, f"layers-{end}")
    page.locator("#tab-density").click()
    page.locator("#places button").first.click()
    _shoot(page, f"density-{end}")
    page.locator("#tab-check").click()
    upload = {"name": "A.geojson", "mimeType": "application/json"}
    page.locator("#file").set_input_files({**upload, "buffer": json.dumps(SITE).encode()})
    page.locator("#verdict").wait_for()
    _shoot(page, f"check-{end}")
    for name in _inside(page, "workbench/tabs.js", "(tabs) => tabs.names()"):
        if name not in {"layers", "density", "check"}:
            page.locator(f"#tab-{name}").click()
            if name == "expand":
                _expand(page)
            _shoot(page, f"{name}-{end}")
            if name == "expand":
                _open(page, f"{address}{NEAR}&tab=layers")
    for name, act in TOOLS.items():
        _open(page, f"{address}{NEAR}&tab=layers")
        act(page)
        _shoot(page, f"{name}-{end}")


def _inside(page: Page, module: str, work: str) -> Any:  # noqa: ANN401 - what the page returns
    """Let one of the page's own modules do something."""
    main = "document.querySelector('link[rel=modulepreload][href$=\"/app/main.js\"]').href"
    return page.evaluate(f"import(new URL({module!r}, {main})).then({work})")


def _expand(page: Page) -> None:
    """The ground of the site, and slopes beside the base map."""
    page.locator("#clear-result").dispatch_event("click")
    ring = json.dumps(RING[:-1])
    _inside(page, "map/sketch.js", f"(sketch) => sketch.takePolygons([[{ring}]])")
    page.locator("#ground-result table").first.wait_for()
    page.locator("#swipe-right").select_option("slope")
    page.locator("#ground-chosen").evaluate("(line) => line.scrollIntoView({ block: 'center' })")
    _inside(page, "core/page.js", HOME)
    page.wait_for_timeout(6000)


def _identify(page: Page) -> None:
    _inside(page, "map/identify.js", "(identify) => identify.identifyAt(102.8, 24.93)")


def _measure(page: Page) -> None:
    page.locator("#tool-measure").click()
    box = page.locator(".folium-map").bounding_box() or {}
    for x, y in ((0.4, 0.5), (0.6, 0.4), (0.55, 0.3)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(400)


def _search(page: Page) -> None:
    page.locator("#search").fill("500000, 2765000")


def _sheet(page: Page) -> None:
    page.locator("#tool-print").click()


def _dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")


TOOLS: dict[str, Callable[[Page], None]] = {
    "identify": _identify,
    "measure": _measure,
    "search": _search,
    "sheet": _sheet,
    "dark": _dark,
}


def _open(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.locator("ul.layers li").first.wait_for(state="attached")
    page.wait_for_timeout(2000)


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(1200)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=str(path))
    # A palette makes a third of the file, and flat colours lose nothing by it.
    picture = Image.open(path).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ORIGIN, sys.argv[2] if len(sys.argv) > 2 else None)
