"""A planner's day in one go, in both languages and widths: from the file that arrives to the dossier.

Oracle: each step's answer is there and names what was asked; the dossier is a PDF with its chapters.
``DAY_PICTURES=folder`` keeps a picture of each step, to be looked at.
"""

import io
import json
import os
import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = shapely.box(102.80, 24.98, 102.806, 24.986)
WETLAND = shapely.box(102.83, 24.95, 102.84, 24.96)
WAIT_MS = 180_000


def file_of(called: str, shape: shapely.Geometry) -> dict:
    feature = {
        "type": "Feature", "id": "1", "properties": {"地块名称": called},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    return {"name": f"{called}.geojson", "mimeType": "application/json", "buffer": body}


class Day:
    """The page of the day, with a picture after each step."""

    def __init__(self, page: Page, lang: str, width: int) -> None:
        self.page, self.width, self.step = page, width, 0
        self.folder = os.environ.get("DAY_PICTURES")
        self.name = f"{lang}-{width}"

    def done(self, what: str) -> None:
        self.step += 1
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, what
        if self.folder:
            self.page.wait_for_timeout(900)
            path = Path(self.folder) / f"{self.name}-{self.step:02d}-{what}.png"
            self.page.screenshot(path=path)

    def result(self, selector: str) -> None:
        found = self.page.locator(selector).first
        expect(found).to_be_visible(timeout=WAIT_MS)
        found.scroll_into_view_if_needed()

    def press(self, selector: str) -> None:
        self.page.locator(selector).click()


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390), ("en", 1366), ("zh", 390)])
def test_from_the_file_that_arrives_to_the_dossier(watched, lang: str, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 820})
    watched.open(lang)
    day = Day(page, lang, width)
    take_layer_in(day, f"湿地{lang}{width}")
    begin_project(day)
    check_site(day)
    search_and_compare(day)
    look_closer(day)
    make_dossier(day, zh=lang == "zh")
    find_it_all_kept(watched, day)
    watched.require_quiet()


def take_layer_in(day: Day, called: str) -> None:
    page = day.page
    day.press("#import-open")
    page.locator("#import-file").set_input_files(file_of(called, WETLAND))
    page.locator("#import-form [name=kind]").select_option("key_wetland")
    page.locator("#import-form [name=covers]").select_option("53")
    page.locator("#import-form [name=source]").fill("某局 2026")
    day.press("#import-look")
    day.result("#import-confirm")
    day.done("import")
    ticks = page.locator(".import-asked input")
    for at in range(ticks.count()):
        ticks.nth(at).check()
    day.press("#import-confirm")
    day.result("#import-stored")
    day.press("#import-close")


def begin_project(day: Day) -> None:
    page = day.page
    day.press("#project-button")
    page.locator("#project-new-title").fill("官渡南片")
    day.press("#project-create")
    expect(page.locator("#project-title")).to_have_value("官渡南片")
    day.done("project")
    page.keyboard.press("Escape")


def check_site(day: Day) -> None:
    day.press("#tab-check")
    day.page.locator("#file").set_input_files(file_of("一号地", SITE))
    day.result("#check-result article")
    day.done("check")


def search_and_compare(day: Day) -> None:
    page = day.page
    day.press("#tab-expand")
    page.locator("#siting-county").select_option("530111")
    page.locator("#siting-least_ha").fill("30")
    page.locator("#siting-width_m").fill("200")
    page.locator("#siting-form summary").first.click()
    page.locator("#siting-most_ha").fill("60")
    page.locator("#siting-slope_deg").fill("15")
    page.locator("#siting-terms > summary").click()
    page.locator("#siting-constraint_set").select_option("soft")
    page.locator("#weight-area_ha").fill("5")
    day.done("asked")
    day.press("#siting-search")
    day.result("#siting-result tbody tr[data-site]")
    day.done("search")
    for at in range(3):
        page.locator("#siting-result input[type=checkbox]").nth(at).check()
    day.press("#siting-compare")
    day.result("#siting-ranking .score-bar")
    day.done("ranking")


def look_closer(day: Day) -> None:
    page = day.page
    page.locator("#ground-file").set_input_files(file_of("一号地", SITE))
    day.result("#ground-result article")
    day.done("ground")
    day.press("#access-button")
    day.result("#access-result table")
    day.done("access")
    page.locator("#earth-swell").fill("1.1")
    day.press("#earth-button")
    day.result("#earth-result table")
    day.done("earthworks")


def make_dossier(day: Day, *, zh: bool) -> None:
    page = day.page
    page.locator("#dossier-project").fill("官渡南片扩区" if zh else "Guandu south")
    day.press("#dossier-pdf")
    link = page.locator("#dossier-status a[download]")
    expect(link).to_have_count(1, timeout=WAIT_MS)
    link.scroll_into_view_if_needed()
    day.done("dossier")
    with page.expect_download() as saved:
        link.click()
    pdf = PdfReader(io.BytesIO(Path(saved.value.path()).read_bytes()))
    text = re.sub(r"\s+", " ", "".join(one.extract_text() for one in pdf.pages))
    for word in (
        ("各地块一览", "软约束示例") if zh else ("All sites at a glance", "soft constraints")
    ):
        assert word in text


def find_it_all_kept(watched, day: Day) -> None:
    """See that a colleague who opens the link has everything."""
    page = day.page
    page.wait_for_timeout(2500)
    of = re.search(r"project=(\w+)", page.url)
    assert of
    kept = page.request.get(f"{watched.origin}/api/v1/projects/{of[1]}").json()["content"]
    assert {"search", "dossier"} <= {one["kind"] for one in kept["results"]}
    assert kept["weights"] == {"area_ha": 5.0}
    day.press("#tasks-button")
    page.locator("#tasks-own").check()
    expect(page.locator("#tasks > ul > li")).to_have_count(2)
    day.done("tasks")
