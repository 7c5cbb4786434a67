"""The page in a real Chromium: what a person does with it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.settings import Settings
from api.workbench.build_map import build_single_file
from api.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize(
    ("lang", "conflict", "basis"),
    [
        ("zh", "冲突", "结果依据演示数据，不能作为审批依据"),
        ("en", "Conflict", "This rests on demonstration data and decides nothing"),
    ],
)
def test_a_drawn_site_gets_its_verdict(watched, lang: str, conflict: str, basis: str) -> None:
    # The view is over the demonstration red line south-west of the Kunming district.
    watched.open(lang, "#at=14/24.93500/102.77000&tab=check")
    watched.draw_triangle()
    verdict = watched.page.locator("#verdict b")
    expect(verdict).to_have_text(conflict)
    expect(watched.page.locator(".notice.demonstration").first).to_have_text(basis)
    # Second method: the same check over HTTP has as many findings.
    check_id = watched.page.evaluate("inside((own) => own.hashState.check)")
    answer = watched.page.request.get(f"{watched.origin}/api/v1/checks/{check_id}").json()
    cards = watched.page.locator("article.finding")
    assert cards.count() == len(answer["sites"][0]["findings"])
    watched.require_quiet()


def test_the_verdict_on_the_page_is_the_one_of_the_interface(watched) -> None:
    # Second method: the same polygon over HTTP, and its areas in the panel to the digit.
    watched.open("en")
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
    # The page puts the gravest first and keeps the order among equals.
    finding = next(f for f in answer["sites"][0]["findings"] if f["verdict"] == "conflict")
    shown = watched.page.locator("article.finding").first.locator("dd").first
    expect(shown).to_have_text(f"{finding['overlap_area_m2']:,.2f} m²")
    # The hostile name is text.
    expect(watched.page.locator("section.site h2")).to_contain_text("<img src=x onerror=alert(1)>")
    watched.require_quiet()


def test_a_refused_file_says_why_and_offers_what_fits(watched, tmp_path: Path) -> None:
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
    watched.open("zh")
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


def test_density_shows_value_year_land_source_and_missing_districts(watched) -> None:
    # 717.9 / 119.86 = 5.99 by hand, from the plan.
    watched.open("en", "#tab=density")
    result = watched.page.locator("#density-result")
    expect(result.locator(".figure b")).to_have_text("5.99")
    expect(result).to_contain_text("no value for this year")
    expect(result).to_contain_text("Guo Fa [2019] No. 16")
    expect(watched.page.locator("#legend")).to_contain_text("approved area")
    watched.page.locator("#density-year").select_option("2025")
    expect(result.locator(".figure b")).to_have_text("22.32 (planning target)")
    watched.require_quiet()


def test_changing_the_language_keeps_view_tab_and_check(watched) -> None:
    watched.open("zh", "#at=14/24.93500/102.77000&tab=check")
    watched.draw_triangle()
    expect(watched.page.locator("#verdict b")).to_have_text("冲突")
    area = watched.page.locator("article.finding dd").first.inner_text()
    watched.page.locator("#lang-switch").click()
    expect(watched.page.locator("#verdict b")).to_have_text("Conflict")
    assert watched.page.locator("article.finding dd").first.inner_text() == area
    watched.require_quiet()


def test_the_page_works_on_a_phone_and_by_keyboard(watched) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 844})
    page = watched.open("zh")
    page.locator("#tab-layers").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#view-density")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(page.locator("#view-layers")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#view-check")).to_be_visible()
    upload = {"name": "a.geojson", "mimeType": "application/json"}
    page.locator("#file").set_input_files({**upload, "buffer": json.dumps(SITE).encode()})
    expect(page.locator("#verdict b")).to_have_text("冲突")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    watched.require_quiet()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_single_file_opens_from_disk_without_any_request(
    browser: Browser, own_store: Path, tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "map.html"
    workspace = Workspace(Settings(data_dir=own_store))
    path.write_text(build_single_file(workspace, lang), encoding="utf-8")
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    expect(page.locator("ul.layers li")).to_have_count(len(workspace.store.current()))
    page.locator("#tab-density").click()
    expect(page.locator("#density-result .figure b")).to_have_text("5.99")
    assert page.locator("#tab-check").count() == 0
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert complaints == []
    page.close()


def test_findings_are_located_and_a_result_is_put_away(watched) -> None:
    page = watched.page
    watched.open("en", "#at=14/24.93500/102.77000&tab=check")
    watched.draw_triangle()
    before = page.evaluate("inside(({ map }) => map.getBounds().toBBoxString())")
    page.locator("#places button").first.click()
    page.locator(".locate").first.click()
    expect(page.locator(".leaflet-result-pane path").first).to_be_visible()
    page.wait_for_timeout(600)
    seen = page.evaluate(
        "inside(({ map, parts }) =>"
        " map.getBounds().pad(0.5).contains(parts.state.shown.getBounds()))"
    )
    assert seen, before
    page.locator("#clear-result").click()
    expect(page.locator("#verdict")).to_have_count(0)
    expect(page.locator(".leaflet-result-pane path")).to_have_count(0)
    assert "check=" not in page.evaluate("location.hash")
    watched.require_quiet()


def test_fine_patterns_wait_for_a_scale_where_they_can_be_read(watched) -> None:
    page = watched.page
    watched.open("zh")
    row = page.locator("li", has=page.locator("#layer-demo_ecological_red_line"))
    expect(row).to_contain_text("放大后显示")
    expect(page.locator(".leaflet-layer-demo_ecological_red_line-pane")).to_have_css(
        "display", "none"
    )
    page.locator("#places button", has_text="昆明片区").click()
    expect(page.locator(".leaflet-layer-demo_ecological_red_line-pane")).to_have_css(
        "display", "block"
    )
    expect(row).not_to_contain_text("放大后显示", use_inner_text=True)
    watched.require_quiet()


def test_pasted_boundary_points_are_a_site(watched) -> None:
    # Second method: the same ring as GeoJSON over HTTP.
    page = watched.page
    watched.open("en", "#tab=check")
    page.locator("summary", has_text="Paste coordinates").click()
    page.locator("#paste").fill("J1 102.76 24.93\nJ2 102.8 24.93")
    page.locator("#paste-check").click()
    expect(page.locator(".problem")).to_contain_text("three lines")
    ring = SITE["features"][0]["geometry"]["coordinates"][0][:-1]
    page.locator("#paste").fill("\n".join(f"J{at}\t{x}，{y}" for at, (x, y) in enumerate(ring)))
    page.locator("#paste-check").click()
    answer = page.request.post(f"{watched.origin}/api/v1/checks", data=SITE).json()
    expect(page.locator("section.site > p")).to_contain_text(
        f"{answer['sites'][0]['area_m2']:,.2f}"
    )
    watched.require_quiet()


def test_a_file_is_converted_or_refused_with_proposals(watched) -> None:
    page = watched.open("zh", "#tab=check")
    page.locator("#convert-box summary").click()
    ring = [[565000, 2762000], [565200, 2762000], [565200, 2762100], [565000, 2762000]]
    plane = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    page.locator("#convert-file").set_input_files(
        {"name": "地块.geojson", "mimeType": "application/json", "buffer": plane}
    )
    status = page.locator("#convert-status")
    with page.expect_download() as saved:
        status.get_by_role("button", name="EPSG:4543").first.click()
    assert saved.value.suggested_filename == "地块.txt"
    text = saved.value.path().read_bytes().decode("gb18030")
    # Northings first, as the national form has them.
    assert "2762000.000" in text
    assert "565200.000" in text
    expect(status).to_contain_text("已转换")
    assert watched.outside == []


def test_a_reviewer_records_a_verdict_and_both_are_shown(watched) -> None:
    page = watched.page
    watched.open("zh", "#at=14/24.93500/102.77000&tab=check")
    watched.draw_triangle()
    card = page.locator("article.finding.conflict").first
    card.locator("summary", has_text="审查人改判").click()
    card.locator("select").select_option("contact")
    card.locator("textarea").fill("<b>界线已更正</b>")
    card.locator(".override input").fill("张三")
    card.locator("button", has_text="记录改判").click()
    shown = page.locator(".finding .overridden")
    expect(shown).to_contain_text("技术性接触")
    expect(shown).to_contain_text("<b>界线已更正</b>")
    expect(page.locator("article.finding.conflict h3 .badge.conflict").first).to_be_visible()
    # Another day, another page: it is still there.
    fragment = page.evaluate("location.hash")
    watched.open("en", fragment)
    expect(page.locator(".finding .overridden")).to_contain_text("张三")
    watched.require_quiet()
