"""What a project keeps beside fields: files, and tasks that are opened again, in a real Chromium.

Oracle: what was chosen and what was shown before the page was closed.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSTRAINTS = """\
name: {zh: 本市用地约束, en: Our constraints}
note: {zh: 2026 年版, en: edition of 2026}
constraints:
  cropland:
    name: {zh: 自有耕地, en: Own cropland}
    ground: {kind: land_use, classes: ['01']}
    treatment: listed
    quality: own
    source: 本市文件
"""
OPEN = "/?lang={lang}&project={id}"
WAIT_MS = 120_000


def site(name: str, west: float = 102.80) -> dict:
    ring = [
        [west, 24.98],
        [west + 0.006, 24.98],
        [west + 0.006, 24.986],
        [west, 24.986],
        [west, 24.98],
    ]
    feature = {
        "type": "Feature", "id": "1", "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    return {"name": f"{name}.geojson", "mimeType": "application/json", "buffer": body}


def begin(page: Page, title: str) -> str:
    page.locator("#project-button").click()
    page.locator("#project-new-title").fill(title)
    page.locator("#project-create").click()
    expect(page.locator("#project-title")).to_have_value(title)
    page.keyboard.press("Escape")
    found = re.search(r"project=(\w+)", page.url)
    assert found
    return found[1]


def content(watched, of: str) -> dict:
    return watched.page.request.get(f"{watched.origin}/api/v1/projects/{of}").json()["content"]


def wait_for(watched, of: str, holds) -> dict:
    for _ in range(80):
        found = content(watched, of)
        if holds(found):
            return found
        watched.page.wait_for_timeout(250)
    raise AssertionError(json.dumps(found, ensure_ascii=False)[:2000])


def file_names(page: Page, selector: str) -> list[str]:
    return page.locator(selector).evaluate("(one) => [...one.files].map((file) => file.name)")


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_files_of_a_search_open_with_the_link_and_with_the_file(
    watched, lang: str, width: int, tmp_path: Path
) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang, "#tab=expand")
    of = begin(page, "文件")
    page.locator("#siting-terms > summary").click()
    own = {"name": "约束.yaml", "mimeType": "text/yaml", "buffer": CONSTRAINTS.encode()}
    page.locator("#siting-constraints").set_input_files(own)
    large = {"name": "大.yaml", "mimeType": "text/yaml", "buffer": b"#" * 2_100_000}
    page.locator("#siting-criteria_file").set_input_files(large)
    page.locator("#ground-file").set_input_files(site("一号地"))
    expect(page.locator("#ground-result article")).to_be_visible(timeout=WAIT_MS)
    found = wait_for(watched, of, lambda one: len(one["files"]) == 3)
    kept = {one["field"]: one for one in found["files"]}
    assert kept["siting-criteria_file"]["data"] is None
    with page.expect_download() as saved:
        page.locator("#project-button").click()
        page.locator("#project-export").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    page.goto("about:blank")
    page.goto(watched.origin + OPEN.format(lang=lang, id=of))
    require_files(page, lang)
    # What is asked now rests on the file as before.
    page.locator("#siting-county").select_option("530111")
    page.locator("#siting-least_ha").fill("30")
    page.locator("#siting-width_m").fill("200")
    page.locator("#siting-search").click()
    expect(page.locator("#siting-result .taken")).to_contain_text(
        "本市用地约束" if lang == "zh" else "Our constraints", timeout=WAIT_MS
    )
    # The one file, opened elsewhere, brings them too.
    watched.open(lang)
    page.locator("#project-button").click()
    page.locator("#project-file").set_input_files(path)
    expect(page.locator("#project-title")).to_have_value("文件")
    assert f"project={of}" not in page.url
    page.keyboard.press("Escape")
    require_files(page, lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.require_quiet()


def require_files(page: Page, lang: str) -> None:
    expect(page.locator("#ground-chosen")).to_contain_text("一号地.geojson")
    assert file_names(page, "#siting-constraints") == ["约束.yaml"]
    text = page.locator("#siting-constraints").evaluate("(one) => one.files[0].text()")
    assert text == CONSTRAINTS
    assert file_names(page, "#siting-criteria_file") == []
    page.locator("#project-button").click()
    rows = page.locator("#project-files li")
    expect(rows).to_have_count(3)
    unkept = rows.filter(has_text="大.yaml")
    expect(unkept).to_contain_text("重新选择" if lang == "zh" else "choose it again")
    page.keyboard.press("Escape")


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1366)])
def test_batches_watches_and_dossiers_are_opened_again(watched, lang: str, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang, "#tab=review")
    of = begin(page, "批次")
    page.locator("#batch-files").set_input_files([site("甲"), site("乙", 102.77)])
    expect(page.locator("#batch-result tbody tr")).to_have_count(2, timeout=WAIT_MS)
    page.locator("#stale-start").click()
    expect(page.locator("#stale-result .badge").first).to_be_visible(timeout=WAIT_MS)
    page.locator("#tab-expand").click()
    page.locator("#ground-file").set_input_files(site("一号地"))
    expect(page.locator("#ground-result article")).to_be_visible(timeout=WAIT_MS)
    page.locator("#dossier-html").click()
    expect(page.locator("#dossier-status a[download]")).to_have_count(1, timeout=WAIT_MS)
    wait_for(watched, of, lambda one: len(one["results"]) == 3)
    places = {
        "batch": "#batch-result tbody tr",
        "stale": "#stale-result .badge",
        "dossier": "#dossier-status a[download]",
    }
    before = {kind: page.locator(place).count() for kind, place in places.items()}
    page.goto("about:blank")
    page.goto(watched.origin + OPEN.format(lang=lang, id=of))
    # From the results of the project: newest first.
    for at, kind in enumerate(("dossier", "stale", "batch")):
        expect(page.locator(places[kind])).to_have_count(0)
        page.locator("#project-button").click()
        page.locator("#project-results > li").nth(at).locator("button").click()
        expect(page.locator(places[kind]).first).to_be_visible()
        assert page.locator(places[kind]).count() == before[kind]
    # From the list of tasks, where each says what it was.
    page.reload()
    page.locator("#tasks-button").click()
    page.locator("#tasks-own").check()
    rows = page.locator("#tasks > ul > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator(".asked")).to_contain_text("一号地.geojson")
    expect(rows.nth(1).locator(".asked")).to_contain_text(
        "未附加" if lang == "zh" else "without choices"
    )
    expect(rows.nth(2).locator(".asked")).to_contain_text("甲.geojson")
    rows.nth(2).locator("button").first.click()
    expect(page.locator(places["batch"]).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.require_quiet()
