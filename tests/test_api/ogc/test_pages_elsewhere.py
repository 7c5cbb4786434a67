"""Pages of another origin show our layers: MapLibre and Leaflet from npm, in Chromium.

Oracles: the layer as it was made, the colours of the styles, the libraries themselves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from maps.style.styles import styles

MANY = 12_000
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

pytestmark = [pytest.mark.slow, pytest.mark.interop, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


def shown(browser: Browser, address: str, picture: Path) -> tuple[Page, list[str]]:
    """Open a page until it says that it is drawn; return it and what its console complained of."""
    page = browser.new_page(viewport={"width": 600, "height": 400})
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.goto(address)
    page.wait_for_function("document.title !== ''", timeout=60_000)
    assert page.title() == "idle", (page.title(), complaints)
    page.screenshot(path=picture)
    return page, [one for one in complaints if "favicon" not in one and "404" not in one]


def near(picture: Path, colour: str, tolerance: int = 8) -> int:
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((abs(pixels - wanted).max(axis=2) <= tolerance).sum())


def over_white(colour: str, opacity: float) -> str:
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (one - 255) * opacity):02x}" for one in parts)


def test_maplibre_draws_a_layer_by_its_style_and_tiles(
    elsewhere, browser: Browser, tmp_path: Path
) -> None:
    address = f"{elsewhere.site}/maplibre.html?server={elsewhere.server}"
    page, complaints = shown(browser, address, tmp_path / "maplibre.png")
    seen = page.evaluate("window.seen")
    assert complaints == []
    # A view of 320 by 210 m, three quarters of it over squares that stand every 20 m.
    assert 90 < seen["count"] < 200
    assert {"编号", "feature_id"} <= set(seen["first"])
    hatch = styles()["patterns"]["hatch"]
    # No pattern, but as much ink: a hatch covers 1.8 of every 8 / sqrt 2 pixels.
    ink = hatch["ground_opacity"] + hatch["ink_opacity"] * 1.8 / (8 / 2**0.5)
    assert near(tmp_path / "maplibre.png", over_white(hatch["ground"], ink)) > 20_000


def test_leaflet_draws_map_tiles_and_features_on_each_other(
    elsewhere, browser: Browser, tmp_path: Path
) -> None:
    address = f"{elsewhere.site}/leaflet.html?server={elsewhere.server}"
    page, complaints = shown(browser, address, tmp_path / "leaflet.png")
    seen = page.evaluate("window.seen")
    assert complaints == []
    assert seen["matched"] == MANY
    assert seen["first"]["编号"] == 0
    hatch = styles()["patterns"]["hatch"]
    ground = over_white(hatch["ground"], hatch["ground_opacity"])
    assert near(tmp_path / "leaflet.png", ground) > 5_000
    assert near(tmp_path / "leaflet.png", "#0000ff", 60) > 200


def test_a_site_that_is_not_named_is_not_let_in(
    elsewhere, served, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(f"{elsewhere.site}/leaflet.html?server={served.url}")
    page.wait_for_function("document.title !== ''", timeout=30_000)
    assert page.title().startswith("error")
