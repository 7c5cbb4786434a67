"""The tab of expansion in a real Chromium: ground, suitability, yields, ways out, divider."""

import io
import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.test_api.conftest import polygon, square

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HILLS = polygon(square(102.90, 25.02, 0.04), name="hills")
TINY = polygon(square(102.90, 25.02, 0.0001))
ABROAD = polygon(square(100.0, 27.5))
# On the demonstration red line, and with ground beside it that is free.
TOUCHING = [[102.79, 24.945], [102.81, 24.935], [102.81, 24.955], [102.79, 24.955]]


def upload(page: Page, content: dict) -> None:
    body = json.dumps(content).encode()
    page.locator("#ground-file").set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": body}
    )


def complaints_of_axe(page: Page) -> list[object]:
    """Return what axe-core, another program, finds wrong, light and dark, wide and narrow."""
    found: list[object] = []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(150)
            found += [
                (width, scheme, one["id"], one["nodes"][0]["html"][:160])
                for one in Axe().run(page, context="#panel").response["violations"]
            ]
        # Only the panel scrolls, and only downwards.
        beyond = page.evaluate(
            """() => {
              const page = document.documentElement, panel = document.querySelector("#view-expand");
              return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight,
                panel.scrollWidth - panel.clientWidth];
            }"""
        )
        found += [(width, "scrolls", beyond)] if any(beyond) else []
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_drawn_site_from_its_ground_to_a_way_out(watched, lang: str) -> None:
    page = watched.open(lang, "#tab=expand&at=13/24.948/102.80")
    page.evaluate("(ring) => inside((own) => own.sketch.takePolygons([[ring]]))", TOUCHING)
    # What is drawn here is studied here, and not sent to the check of another tab.
    expect(page.locator("#tab-expand")).to_have_attribute("aria-selected", "true")
    ground = page.locator("#ground-result")
    expect(ground.locator("table").first.locator("tbody tr")).to_have_count(5)

    page.locator("#suit-button").click()
    expect(page.locator("#suit-result .score")).to_be_visible()

    page.locator("#siting-density").select_option("trade|2020|approved")
    page.locator("#econ-button").click()
    rows = page.locator("#econ-result tbody tr")
    # Available, now, then, to be yielded, a heading, three neighbours.
    expect(rows).to_have_count(8)
    told = [rows.nth(at).locator("td").inner_text() for at in range(4)]
    available_ha, now, then, needed = (float(text.split(" ")[0].replace(",", "")) for text in told)
    assert needed == pytest.approx(then * available_ha / 100.0, abs=0.06)
    assert 0.0 < now < then
    # No neighbour has a value of that year: the reason stands where the number would.
    expect(rows.nth(5)).to_contain_text({"zh": "无数据：", "en": "no data: "}[lang])

    page.locator("#avoid-button").click()
    cards = page.locator("#avoid-result .avoid-card")
    expect(cards).to_have_count(3)
    expect(cards.nth(1)).to_contain_text("0.00 m²")
    watched.require_quiet()
    assert complaints_of_axe(page) == []
    # The address holds the site; who opens it finds the site chosen.
    page.reload()
    expect(ground.locator("table").first.locator("tbody tr")).to_have_count(5)


def test_another_site_takes_the_answers_about_the_last_one_away(watched) -> None:
    page = watched.open("en", "#tab=expand")
    upload(page, HILLS)
    expect(page.locator("#ground-chosen b")).to_have_text("a.geojson")
    with page.expect_download() as saved:
        page.locator("#ground-result").get_by_role("button", name=".pdf").click()
    assert saved.value.suggested_filename == "terrain.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    page.locator("#suit-button").click()
    expect(page.locator("#suit-result .score")).to_be_visible()
    page.locator("#ground-districts").click()
    expect(page.locator("#ground-result article")).to_have_count(3)
    expect(page.locator("#ground-result h3").first).to_have_text("Kunming District")
    expect(page.locator("#suit-result .score")).to_have_count(0)
    # A year whose value is a target says so.
    page.locator("#siting-density").select_option("trade|2025|approved")
    page.locator("#econ-button").click()
    expect(page.locator("#econ-result .economics .notice")).to_contain_text("2025")
    expect(page.locator("#econ-result thead")).to_contain_text("Kunming District")
    watched.require_quiet()


@pytest.mark.parametrize(
    ("lang", "first", "tiny", "abroad"),
    [
        ("zh", "请先在上方选定地块", "比一个像元（30 米）还窄", "没有重叠"),
        ("en", "Choose a site above first", "less than one pixel (30 m)", "no ground in common"),
    ],
)
def test_what_cannot_be_told_is_said_in_words(
    watched, lang: str, first: str, tiny: str, abroad: str
) -> None:
    page = watched.open(lang, "#tab=expand")
    for part in ("suit", "econ", "avoid"):
        page.locator(f"#{part}-button").click()
        expect(page.locator(f"#{part}-status .problem")).to_contain_text(first)
    upload(page, TINY)
    expect(page.locator("#ground-status .problem")).to_contain_text(tiny)
    upload(page, ABROAD)
    expect(page.locator("#ground-status .problem")).to_contain_text(abroad)
    assert watched.outside == []


def picture(page: Page) -> np.ndarray:
    """Return a strip of the map above the knob, of shape (height, width, 3)."""
    expect(page.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)
    page.wait_for_timeout(500)
    box = page.locator(".folium-map").bounding_box()
    assert box
    clip = {"x": box["x"], "y": box["y"] + 60, "width": box["width"], "height": 80}
    strip = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
    return np.asarray(strip, dtype=int)


def far_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of pixels that differ to the eye."""
    return float((np.abs(one - other).max(axis=2) > 8).mean())


def test_the_divider_shows_each_raster_on_its_side_only(watched) -> None:
    # Oracle: the very pixels of the map without the rasters, and with one all over it.
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 800})
    watched.open("en", "#tab=expand&at=12/25.05/102.9&layers=")
    without = picture(page)
    right = page.locator("#swipe-right")
    right.select_option("slope")
    expect(page.locator(".leaflet-raster-slope-pane img").first).to_be_visible()
    handle = page.get_by_role("slider", name="Place of the divider")
    handle.press("Home")
    everywhere = picture(page)
    assert far_apart(without, everywhere) > 0.5
    for _ in range(4):
        handle.press("PageUp")
    expect(handle).to_have_attribute(
        "aria-valuetext", "40 %: Base map on the left, Slope on the right"
    )
    halved, at, line = picture(page), round(0.4 * without.shape[1]), 4
    assert far_apart(halved[:, : at - line], without[:, : at - line]) == 0.0
    assert far_apart(halved[:, at + line :], everywhere[:, at + line :]) == 0.0

    # Fading is of that raster alone, and the list of layers says the same.
    page.locator("#swipe-sides").get_by_role("slider").fill("0.3")
    layer = page.locator(".leaflet-raster-slope-pane .leaflet-layer").first
    expect(layer).to_have_css("opacity", "0.3")
    expect(page.locator("#raster-list .raster-more:not([hidden]) input")).to_have_value("0.3")

    # The address brings it back; without a raster there is nothing to divide.
    page.reload()
    expect(handle).to_have_value("40")
    expect(right).to_have_value("slope")
    right.select_option("")
    expect(handle).to_be_hidden()
    watched.require_quiet()
