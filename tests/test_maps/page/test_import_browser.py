"""Data come in on the page, in both languages and both widths. Oracle: the answers of HTTP."""

import json

import pytest
import shapely
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>红线"
SHOW = {"zh": "在地图上查看", "en": "Show it on the map"}


def file_of(*bounds: tuple[float, float, float, float]) -> dict:
    features = [
        {
            "type": "Feature", "id": str(at), "properties": {"地块名称": EVIL},
            "geometry": json.loads(shapely.to_geojson(shapely.box(*one))),
        }
        for at, one in enumerate(bounds)
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return {"name": f"{EVIL}.geojson", "mimeType": "application/json", "buffer": data}


def fill(page, **fields: str) -> None:
    for name, value in fields.items():
        field = page.locator(f"#import-form [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def take_in(page) -> None:
    page.locator("#import-look").click()
    expect(page.locator("#import-confirm")).to_be_visible()
    ticks = page.locator(".import-asked input")
    for at in range(ticks.count()):
        expect(page.locator("#import-confirm")).to_be_disabled()
        ticks.nth(at).check()
    page.locator("#import-confirm").click()
    expect(page.locator("#import-stored")).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_a_layer_is_looked_at_then_taken_in_and_shown(watched, lang: str, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang)
    page.locator("#import-open").click()
    page.locator("#import-file").set_input_files(file_of((102.70, 24.90, 102.72, 24.92)))
    # What is missing is said in the language of the page, and nothing is lost by it.
    page.locator("#import-look").click()
    expect(page.locator("#import-result .problem")).to_be_visible()
    fill(page, kind="key_wetland", covers="53", source="某局 2026")
    expect(page.locator("#import-form [name=title]")).to_have_value(EVIL)
    page.locator("#import-look").click()
    expect(page.locator(".import-map path").first).to_be_attached()
    expect(page.locator(".import-change")).to_contain_text("demo_key_wetland")
    before = page.request.get(f"{watched.origin}/api/v1/layers").json()["layers"]
    take_in(page)
    after = page.request.get(f"{watched.origin}/api/v1/layers").json()["layers"]
    came = {one["id"] for one in after} - {one["id"] for one in before}
    assert len(came) == 1
    new = next(one for one in after if one["id"] in came)
    assert new["title"]["zh"] == EVIL
    # The way back stands beside it.
    expect(page.locator("#import-result .withdrawal button")).to_be_visible()
    page.get_by_role("button", name=SHOW[lang]).click()
    # The map went there, and the list has it ticked.
    west, south, east, north = new["bounds_lonlat"]
    seen = page.evaluate(
        "inside(({ map }) => { const b = map.getBounds();"
        " return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; })"
    )
    assert seen[0] < west < east < seen[2]
    assert seen[1] < south < north < seen[3]
    assert east - west > 0.05 * (seen[2] - seen[0])
    expect(page.locator(f"#layer-{new['id']}")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.outside == []
    assert [one for one in watched.complaints if "422" not in one] == []


def test_a_version_is_asked_about_and_withdrawn_in_the_dialog(watched) -> None:
    page = watched.open("en")
    for bounds in ([(102.70, 24.90, 102.72, 24.92)], [(102.70, 24.90, 102.79, 24.99)]):
        page.locator("#import-open").click()
        page.locator("#import-file").set_input_files(file_of(*bounds))
        fill(page, kind="heritage_site", covers="53", source="Bureau", title="Sites")
        known = page.locator("#import-form [name=id] option")
        if known.count() > 1:
            fill(page, id="heritage_site_1")
        # The second has another area by far: that is asked about, and has to be ticked.
        take_in(page)
        page.locator("#import-close").click()
    listed = page.request.get(f"{watched.origin}/api/v1/layers/heritage_site_1/versions").json()
    assert [one["version"] for one in listed["layers"]] == [2, 1]
    page.locator("#import-open").click()
    standing = page.locator("#import-result .withdrawal")
    standing.get_by_role("button", name="Withdraw").first.click()
    standing.get_by_label("Your name").fill("Li")
    standing.get_by_label("Reason").fill("wrong zone")
    standing.get_by_role("button", name="Withdraw for sure").click()
    expect(page.locator(".standing")).to_contain_text("wrong zone")
    listed = page.request.get(f"{watched.origin}/api/v1/layers/heritage_site_1/versions").json()
    assert [one["in_use"] for one in listed["layers"]] == [False, True]
    watched.require_quiet()


ZONES = (
    "开发区名称,审批类型,已建成城镇建设用地（亩）,年份,备用列\n甲区,经济技术开发区,约9000,2023,x\n"
)
FIRMS = "企业名称,规模,用地面积（公顷）,税收,年份\n甲厂,规下,10,90,2023\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "width", "sort"),
    [("zh", 1366, "zones"), ("en", 390, "firms")],
)
def test_tables_that_are_evaluated_are_looked_at_first(watched, lang, width, sort) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang)
    page.locator("#import-open").click()
    page.locator("#import-sort").select_option(sort)
    text = ZONES if sort == "zones" else FIRMS
    page.locator("#import-file").set_input_files(
        {"name": "表.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.locator("#import-look").click()
    result = page.locator("#import-result")
    # 9,000 mu are 600 ha, 10 ha are 150 mu: in the unit that is computed with.
    expect(result).to_contain_text("600" if sort == "zones" else "150")
    if sort == "zones":
        expect(result).to_contain_text("备用列")
        expect(result).to_contain_text("约" if lang == "zh" else "about")
    confirm, ticks = page.locator("#import-confirm"), page.locator(".import-asked input")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for at in range(ticks.count()):
        expect(confirm).to_be_disabled()
        ticks.nth(at).check()
    assert ticks.count() == (0 if sort == "zones" else 1)
    confirm.click()
    place = "#intensity-result .zone-card" if sort == "zones" else "#permu-result table"
    expect(page.locator(place).first).to_be_visible()
    # 90 of 150 mu.
    expect(page.locator(place.split(maxsplit=1)[0])).to_contain_text(
        "甲区" if sort == "zones" else "0.60"
    )
    watched.require_quiet()
