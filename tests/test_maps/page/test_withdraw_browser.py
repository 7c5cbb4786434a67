"""A way back on the page: layers, rasters, tables; both languages. Oracle: the answers of HTTP."""

import json

import pytest
import shapely
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>坐标有误"
WORDS = {
    "zh": {
        "versions": "版本", "withdraw": "撤回", "restore": "恢复", "who": "署名", "why": "理由",
        "sure_withdraw": "确认撤回", "sure_restore": "确认恢复", "refresh": "刷新",
        "badge": "已撤回", "in_use": "现用第 1 版", "gone": "不以演示数据代替",
    },
    "en": {
        "versions": "Versions", "withdraw": "Withdraw", "restore": "Restore", "who": "Your name",
        "why": "Reason", "sure_withdraw": "Withdraw for sure", "sure_restore": "Restore for sure",
        "refresh": "Refresh", "badge": "withdrawn", "in_use": "Version 1 is in use now",
        "gone": "no demonstration takes their place",
    },
}  # fmt: skip


def send(watched, layer_id: str, east: float) -> None:
    shape = shapely.box(102.80, 24.95, east, 24.96)
    said = {
        "id": layer_id, "kind": "ecological_red_line", "title": layer_id, "source": "某局",
        "covers": "53", "accept": "true",
    }  # fmt: skip
    file = {
        "name": "a.geojson",
        "mimeType": "application/json",
        "buffer": shapely.to_geojson(shape).encode(),
    }
    answer = watched.page.request.post(
        f"{watched.origin}/api/v1/layers", multipart={**said, "file": file}
    )
    assert answer.status == 201, answer.text()


def say(place: Locator, word: str, words: dict[str, str]) -> Locator:
    """Withdraw or restore what a place offers, and return what the page says then."""
    place.get_by_role("button", name=words[word]).first.click()
    place.get_by_label(words["who"]).fill("李某")
    place.get_by_label(words["why"]).fill(EVIL)
    place.get_by_role("button", name=words[f"sure_{word}"]).click()
    standing = place.locator(".standing")
    expect(standing).to_contain_text(EVIL)
    return standing


def versions_of(watched, lang: str, layer_id: str) -> Locator:
    page = watched.open(lang)
    row = page.locator(f"#row-{layer_id}")
    row.locator(".about").click()
    row.get_by_role("button", name=WORDS[lang]["versions"]).click()
    return row.locator(f"#versions-{layer_id} > ul > li")


@pytest.mark.parametrize("lang", WORDS)
def test_a_layer_is_withdrawn_and_restored(watched, lang: str) -> None:
    words, layer_id = WORDS[lang], f"red_{lang}"
    send(watched, layer_id, 102.81)
    send(watched, layer_id, 102.82)
    address = f"{watched.origin}/api/v1/layers/{layer_id}/versions"
    newest = versions_of(watched, lang, layer_id).first
    standing = say(newest, "withdraw", words)
    expect(standing).to_contain_text(words["in_use"])
    listed = watched.page.request.get(address).json()["layers"]
    assert [one["in_use"] for one in listed] == [False, True]
    assert listed[0]["withdrawals"][0]["reason"] == EVIL
    # The other one, too: nothing is left, and the list says so.
    standing = say(versions_of(watched, lang, layer_id).nth(1), "withdraw", words)
    standing.get_by_role("button", name=words["refresh"]).click()
    row = watched.page.locator(f"#row-{layer_id}")
    expect(row.locator(".meta")).to_contain_text(words["badge"])
    expect(row.locator("input[type=checkbox]").first).to_be_disabled()
    versions = versions_of(watched, lang, layer_id)
    expect(versions.first).to_contain_text(EVIL)
    say(versions.first, "restore", words)
    listed = watched.page.request.get(address).json()["layers"]
    assert [one["in_use"] for one in listed] == [True, False]
    watched.require_quiet()


def test_where_nothing_is_left_the_page_says_that_nothing_can_be_told(watched) -> None:
    # After the tests above two official layers stand; all of them are withdrawn.
    send(watched, "red_last", 102.83)
    words = WORDS["zh"]
    said = {"name": "李某", "reason": "清理"}
    layers = watched.page.request.get(f"{watched.origin}/api/v1/layers").json()["layers"]
    for layer in layers:
        if layer["kind"] == "ecological_red_line" and layer["status"] == "official":
            for number in range(1, layer["version"] + 1):
                if layer["id"] != "red_last":
                    path = f"/api/v1/layers/{layer['id']}/versions/{number}/withdraw"
                    watched.page.request.post(f"{watched.origin}{path}", data=said)
    standing = say(versions_of(watched, "zh", "red_last").first, "withdraw", words)
    expect(standing).to_contain_text(words["gone"])
    expect(watched.page.locator("body")).not_to_contain_text("undefined")


@pytest.mark.parametrize("lang", WORDS)
def test_a_raster_is_withdrawn_and_restored(watched, lang: str) -> None:
    words = WORDS[lang]
    page = watched.open(lang)
    page.locator("#raster-elevation").check()
    row = page.locator("#raster-list li", has=page.locator("#raster-elevation"))
    details = row.locator("details").first
    details.locator("summary").click()
    standing = say(details, "withdraw", words)
    standing.get_by_role("button", name=words["refresh"]).click()
    gone = page.locator("#rasters-withdrawn details")
    expect(gone).to_have_count(1)
    gone.locator("summary").click()
    standing = say(gone, "restore", words)
    standing.get_by_role("button", name=words["refresh"]).click()
    expect(page.locator("#rasters-withdrawn")).to_have_count(0)
    watched.require_quiet()


@pytest.mark.parametrize("lang", WORDS)
def test_a_table_is_withdrawn_and_restored(watched, lang: str) -> None:
    words, dataset = WORDS[lang], f"table_{lang}"
    table = "片区,年份,进出口额（亿元）\n全区,2023,1600\n"
    file = {"name": "t.csv", "mimeType": "text/csv", "buffer": table.encode("utf-8-sig")}
    said = {"dataset": dataset, "source": "某局", "accept": "true"}
    answer = watched.page.request.post(
        f"{watched.origin}/api/v1/statistics", multipart={**said, "file": file}
    )
    assert answer.status == 201, json.dumps(answer.json(), ensure_ascii=False)
    page = watched.open(lang, "#tab=density")
    page.locator("#table-import > summary").click()
    line = page.locator("#table-versions li", has_text=dataset)
    standing = say(line, "withdraw", words)
    standing.get_by_role("button", name=words["refresh"]).click()
    expect(line).to_contain_text(EVIL)
    listed = page.request.get(f"{watched.origin}/api/v1/statistics").json()["tables"]
    assert [one["in_use"] for one in listed if one["dataset"] == dataset] == [False]
    say(line, "restore", words)
    watched.require_quiet()
