"""The review tab in a real Chromium. Oracles: the interface's own answers, names by hand."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def sent(name: str, west: float) -> dict:
    ring = [[west, 24.935], [west + 0.01, 24.935], [west + 0.01, 24.945], [west, 24.935]]
    feature = {
        "type": "Feature",
        "properties": {"name": "<b>地块</b>"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return {"name": name, "mimeType": "application/json", "buffer": json.dumps(feature).encode()}


def test_a_batch_names_what_failed_and_opens_what_did_not(watched) -> None:
    watched.open("zh", "#tab=check")
    page = watched.page
    page.locator("#to-batch").click()
    broken = {"name": "<i>坏</i>.geojson", "mimeType": "application/json", "buffer": b"{"}
    page.locator("#batch-files").set_input_files([sent("甲.geojson", 102.77), broken])
    rows = page.locator("#batch-result tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("<i>坏</i>.geojson")
    expect(rows.nth(0)).to_contain_text("未能核查")
    # The three lines each by itself, then what they come to.
    expect(page.locator("#batch-result thead th")).to_have_count(5)
    expect(rows.nth(1).locator(".badge")).to_have_count(4)
    expect(rows.nth(1).locator(".badge").last).to_have_text("冲突")
    expect(page.locator("#batch-result .notice.indicative")).to_have_text(
        "未能核查 1 个文件，就全部文件而言无法判定。"
    )
    links = page.locator("#batch-result .after a")
    assert links.all_inner_texts() == ["batch.xlsx", "conflicts.gpkg", "results.json"]
    assert page.request.get(f"{watched.origin}/" + links.first.get_attribute("href")).ok
    rows.nth(1).locator("button").click()
    expect(page.locator("#verdict b")).to_have_text("冲突")
    expect(page.locator("section.site h2")).to_contain_text("<b>地块</b>")
    page.locator("#tab-review").click()
    page.locator("#stale-start").click()
    expect(page.locator("#stale-result .badge").first).to_be_visible()
    page.locator("#stale-by").select_option("law=true")
    page.locator("#stale-on").fill("2026-08-14")
    page.locator("#stale-start").click()
    # The water law held until that day, and the check was made by the code that followed.
    expect(page.locator("#stale-result li").first).to_contain_text("饮用水水源")
    expect(page.locator("#stale-result .after a")).to_have_text("stale.xlsx")
    # Nothing that ships is official: there is no day of an official layer yet.
    expect(page.locator("#replacement-start")).to_be_disabled()
    expect(page.locator("#replacement-layer")).to_contain_text("还没有导入正式图层")
    watched.require_quiet()


def test_the_claim_and_the_audit_say_what_the_interface_says(watched) -> None:
    watched.open("en", "#tab=review")
    page = watched.page
    page.locator("#claim-start").click()
    expect(page.locator("#claim-result .verdict b")).to_have_text("Cannot be told")
    claim = page.request.get(f"{watched.origin}/api/v1/claim").json()
    units = page.locator("#claim-result article")
    assert units.count() == len(claim["units"])
    # Every member of the register by name, and every finding.
    rows = sum(len(unit["findings"]) + len(unit["members"]) for unit in claim["units"])
    assert units.locator("tbody tr").count() == rows
    expect(units.first.locator(".certificate li").first).to_contain_text("not examined (7)")
    expect(page.locator("#claim-result .reports a").first).to_have_attribute(
        "download", "claim.docx"
    )
    page.locator("#audit-start").click()
    expect(page.locator("#audit-result table")).to_be_visible()
    tasks = page.request.get(f"{watched.origin}/api/v1/tasks").json()["tasks"]
    audit = next(task for task in tasks if task["kind"] == "audit")["result"]["audit"]
    expect(page.locator("#audit-result > p").first).to_have_text(f"{audit['total']} faults")
    page.locator("#audit-result .linklike").first.click()
    assert page.evaluate("inside(({ map }) => map.getZoom())") >= 16
    watched.require_quiet()


def many(count: int) -> dict:
    """Return a file of sites that takes the server minutes."""
    side = 150
    rings = [
        [[x, y], [x + 0.001, y], [x + 0.001, y + 0.001], [x, y]]
        for x, y in ((102.6 + at % side * 0.002, 24.8 + at // side * 0.002) for at in range(count))
    ]
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring in rings
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return {"name": "many.geojson", "mimeType": "application/json", "buffer": content}


def moved(page: Page, bar: Locator, *, beyond: float) -> float:
    """Return the value of a progress bar once it is beyond another."""
    for _ in range(240):
        value: float = bar.evaluate("one => one.value")
        if value > beyond:
            return value
        page.wait_for_timeout(250)
    raise AssertionError("the bar does not move")


def test_long_work_is_followed_over_a_reload_and_stopped(watched) -> None:
    page = watched.open("en", "#tab=review")
    page.locator("#batch-files").set_input_files([many(12_000)])
    expect(page.locator("#batch-progress progress")).to_be_visible()
    page.reload()
    expect(page.locator("#tasks-count")).to_have_text("1")
    page.locator("#tasks-button").click()
    work = page.locator("#tasks li").first
    bar = work.locator("progress")
    expect(bar).to_be_visible()
    # It goes on by itself: the stream of events moves the bar.
    first = moved(page, bar, beyond=0)
    assert moved(page, bar, beyond=first) > first
    work.get_by_role("button", name="Cancel").click()
    expect(work.locator(".badge")).to_have_text("Cancelled", timeout=30_000)
    task = page.request.get(f"{watched.origin}/api/v1/tasks").json()["tasks"][0]
    assert (task["kind"], task["status"], task["files"]) == ("batch", "cancelled", [])
    watched.require_quiet()
