"""Take the pictures of the README from the running product.

python3 run.py serve &
.local/venv-3.11/bin/python docs/take_screenshots.py
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ORIGIN = "http://127.0.0.1:8000"
FOLDER = Path(__file__).parent / "pictures"
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


def main(origin: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for lang in ("zh", "en"):
            for name, width, height in (("wide", 1366, 768), ("phone", 390, 844)):
                context = browser.new_context(viewport={"width": width, "height": height})
                page = context.new_page()
                page.goto(f"{origin}/?lang={lang}#at=12/24.96000/102.82000&tab=layers")
                page.wait_for_timeout(2500)
                _shoot(page, f"layers-{lang}-{name}")
                page.locator("#tab-density").click()
                page.locator("#places button").first.click()
                page.wait_for_timeout(1000)
                _shoot(page, f"density-{lang}-{name}")
                page.locator("#tab-check").click()
                upload = {"name": "A.geojson", "mimeType": "application/json"}
                page.locator("#file").set_input_files(
                    {**upload, "buffer": json.dumps(SITE).encode()}
                )
                page.locator("#verdict").wait_for()
                page.wait_for_timeout(1200)
                _shoot(page, f"check-{lang}-{name}")
                context.close()
        browser.close()


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ORIGIN)
