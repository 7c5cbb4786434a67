"""The ground of sites end to end in a real Chromium: slopes, suitability, sheets, swipe."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.test_api.conftest import polygon, square

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HILLS = polygon(square(102.90, 25.02, 0.04), name="hills")
TINY = polygon(square(102.90, 25.02, 0.0001))
ABROAD = polygon(square(100.0, 27.5))


def upload(page: Page, field: str, content: dict) -> None:
    body = json.dumps(content).encode()
    page.locator(field).set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": body}
    )


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_ground_suitability_and_economics_of_a_site(watched, lang: str, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang, "#tab=expand")
    upload(page, "#ground-file", HILLS)
    ground = page.locator("#ground-result")
    expect(ground.locator("table").first.locator("tbody tr")).to_have_count(5)
    with page.expect_download() as saved:
        ground.get_by_role("button", name=".pdf").click()
    assert saved.value.suggested_filename == "terrain.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    page.locator("#suit-button").click()
    expect(page.locator("#suit-result .score")).to_be_visible()
    page.locator("#siting-density").select_option("trade|2020|approved")
    upload(page, "#siting-file", HILLS)
    economics = page.locator("#siting-ranking .economics")
    expect(economics).to_contain_text("5.99")
    expect(economics).to_contain_text({"zh": "昆明片区", "en": "Kunming District"}[lang])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.require_quiet()
    # axe puts its own script into the page, which the page's policy rightly forbids.
    found = Axe().run(page, context="#panel")
    assert found.response["violations"] == [], found.generate_report()


def test_what_cannot_be_told_is_said_in_words(watched) -> None:
    page = watched.open("zh", "#tab=expand")
    page.locator("#ground-drawn").click()
    expect(page.locator("#ground-status .problem")).to_contain_text("请先在地图上画一个地块")
    upload(page, "#ground-file", TINY)
    expect(page.locator("#ground-status .problem")).to_contain_text("比一个像元（30 米）还窄")
    upload(page, "#ground-file", ABROAD)
    expect(page.locator("#ground-status .problem")).to_contain_text("没有重叠")
    assert watched.outside == []


def test_a_divider_shows_a_raster_on_one_side(watched) -> None:
    page = watched.open("en", "#tab=layers&at=12/25.05/102.9")
    page.locator("label[for=raster-slope]").click()
    row = page.locator("#raster-list li", has=page.locator("#raster-slope"))
    row.locator("select").select_option("left")
    handle = page.get_by_role("slider", name="Place of the divider")
    expect(handle).to_be_visible()

    def shown() -> list[float]:
        """Return where the pane is cut, in pixels of the map: left and right."""
        return page.evaluate(
            """() => {
              const clip = ftz.map.getPane("raster-slope").style.clip.match(/-?[\\d.]+/g).map(Number);
              const from = ftz.map.containerPointToLayerPoint([0, 0]).x;
              return [clip[3] - from, clip[1] - from, ftz.map.getSize().x];
            }"""
        )

    left, right, wide = shown()
    assert (left, right) == pytest.approx((0.0, wide / 2), abs=1.0)
    # By keyboard, and after the map was moved.
    handle.press("Home")
    page.locator(".folium-map").press("ArrowRight")
    page.wait_for_timeout(500)
    assert shown()[1] == pytest.approx(0.0, abs=1.0)
    handle.press("End")
    page.wait_for_timeout(200)
    assert shown()[1] == pytest.approx(wide, abs=1.0)
    assert "swipe=slope" in page.url.replace("%2C", ",")
    page.reload()
    expect(page.get_by_role("slider", name="Place of the divider")).to_be_visible()
    assert shown()[1] == pytest.approx(wide, abs=1.0)
    row = page.locator("#raster-list li", has=page.locator("#raster-slope"))
    row.locator("select").select_option("")
    expect(page.get_by_role("slider", name="Place of the divider")).to_be_hidden()
    watched.require_quiet()
