"""The density tab in a real Chromium. Oracles: the interface's own answers, and by hand."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

GOOD = "片区,年份,进出口额（亿元）\n全区,2023,1600\n昆明片区,2023,1000\n红河片区,2023,200\n德宏片区,2023,300\n"
BAD = "片区,年份,固投（亿元）,绿化率\n昆明片区,2023,x,1\n玉溪,2023,2,1\n"
ZONES = "KFQMC,KFQSPLX,A,A1,A2,B,B21,D,D22,G\n<b>某区</b>,5,300,60,120,100,60,330,5,6\n"


def sent(name: str, text: str) -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("gbk")}


def test_the_plan_is_shown_as_sixteen_cards(watched) -> None:
    page = watched.open("en", "#tab=density&view=plan")
    expect(page.locator(".indicator-card")).to_have_count(16)
    trade = page.locator(".indicator-card").nth(11)
    # 2675.78 / 717.9 in five years is 30.1 % a year; over 119.86 km2 it is 22.32.
    expect(trade).to_contain_text("30.1 %")
    expect(trade).to_contain_text("22.32")
    expect(page.locator(".shares li").first).to_contain_text("26.78 %")
    watched.require_quiet()


def test_bars_map_panels_and_rows_mark_each_other(watched) -> None:
    page = watched.open("en", "#tab=density")
    bars = page.locator(".density-bars li")
    # The zone has a target alone, and no figure of the three districts is public.
    expect(bars).to_have_count(4)
    expect(bars.filter(has_text="Honghe District")).to_contain_text("no value")
    bars.filter(has_text="Honghe District").hover()
    expect(page.locator(".density-bars .marked")).to_have_text(re.compile("Honghe District"))
    expect(page.locator(".inset.marked")).to_have_text(re.compile("Honghe District"))
    expect(page.locator("#density-result tr.marked")).to_have_text(re.compile("Honghe District"))
    # Its outline, and the dot that stands for it from afar.
    expect(page.locator(".leaflet-density-pane path[stroke-width='4']")).to_have_count(2)
    page.locator(".inset", has_text="Dehong District").hover()
    expect(page.locator(".density-bars .marked")).to_have_text(re.compile("Dehong District"))
    # The zone is not drawn: its bar has no colour of the legend.
    zone = bars.filter(has_text="Free Trade Zone").locator("rect")
    assert zone.get_attribute("fill") == "#8a94a0"
    watched.require_quiet()


def test_a_table_is_refused_row_by_row_then_looked_at_then_stored(watched) -> None:
    page = watched.open("zh", "#tab=density")
    page.locator("#table-import summary").click()
    page.locator("#import-table").click()
    page.locator("#import-form [name=source]").fill("统计月报")
    page.locator("#import-file").set_input_files(sent("坏.csv", BAD))
    page.locator("#import-look").click()
    expect(page.locator("#import-result .faults li")).to_have_count(3)
    expect(page.locator("#import-result .faults")).to_contain_text("没有单元“玉溪”")
    page.locator("#import-file").set_input_files(sent("好.csv", GOOD))
    # What was filled in for the table that was refused is still there.
    expect(page.locator("#import-form [name=source]")).to_have_value("统计月报")
    page.locator("#import-look").click()
    expect(page.locator("#import-result .notice")).to_contain_text("4 个数值")
    stored = page.request.get(f"{watched.origin}/api/v1/statistics").json()
    assert stored["tables"] == []
    ticks = page.locator(".import-asked input")
    for at in range(ticks.count()):
        ticks.nth(at).check()
    page.locator("#import-confirm").click()
    expect(page.locator("#import-stored")).to_contain_text("第 1 版")
    page.locator("#import-close").click()
    page.locator("#density-year").select_option("2023")
    # 1600 and 1000 + 200 + 300 = 1500 are 6.25 % apart.
    expect(page.locator("#density-result")).to_contain_text("相差 6.25 %")
    # 1000 / 76, 200 / 14.12 and 300 / 29.74 beside 1600 / 119.86.
    for density in ("13.35", "13.16", "14.16", "10.09"):
        expect(page.locator("#density-result")).to_contain_text(density)
    # The refusal is an answer: the browser notes it, and nothing else is wrong.
    assert all("422" in text for text in watched.complaints)
    assert watched.outside == []


def test_firms_are_graded_in_a_table_and_on_the_map(watched) -> None:
    page = watched.open("en", "#tab=density&view=permu")
    page.locator("#permu-stored").click()
    address = "/api/v1/permu?scheme=huangyan_2022&parcels=demo_parcels"
    report = page.request.get(f"{watched.origin}{address}").json()
    low = [firm for firm in report["firms"] if firm["low"]]
    expect(page.locator("#permu-list tbody tr")).to_have_count(len(low))
    expect(page.locator(".figures")).to_contain_text(
        f"{report['low_whole']['low_share_pct']:.1f} %"
    )
    expect(page.locator("#legend")).to_contain_text("Grade A")
    expect(page.locator("#legend")).to_contain_text("Demonstration")
    # Row and parcel answer to each other.
    page.locator("#permu-list tbody tr").first.hover()
    expect(page.locator(".leaflet-density-pane path[stroke-width='5']")).to_have_count(1)
    page.locator("#permu-show").select_option("A")
    graded = sum(firm["grade"] == "A" for firm in report["firms"])
    expect(page.locator("#permu-list tbody tr")).to_have_count(min(graded, 150))
    watched.require_quiet()


def test_zones_are_evaluated_and_their_names_stay_text(watched) -> None:
    page = watched.open("zh", "#tab=density&view=intensity")
    page.locator("#intensity-file").set_input_files(sent("区.csv", ZONES))
    card = page.locator(".zone-card")
    expect(card.locator("h2")).to_contain_text("<b>某区</b>")
    # (300 + 60) / (300 + 100) = 90 %.
    expect(card.locator("tbody tr").first).to_contain_text("90.00 %")
    watched.require_quiet()


def test_what_a_table_leaves_open_is_asked_and_confirmed(watched) -> None:
    page = watched.open("zh", "#tab=density&view=intensity")
    text = "KFQMC,A,A1,A2,B,年份,备注\n某区,300,60,120,100,2023,草稿\n"
    page.locator("#intensity-file").set_input_files(sent("区.csv", text))
    expect(page.locator("#intensity-result .faults li")).to_have_count(1)
    expect(page.locator("#intensity-result .faults")).to_contain_text("草稿")
    page.locator("#intensity-result button.primary").click()
    card = page.locator(".zone-card")
    # 120 / 300 = 40 %, and nobody knows of which time.
    expect(card.locator("tbody")).to_contain_text("40.00 %")
    expect(page.locator("#intensity-result")).to_contain_text("时段不明")
    # Who says that they are what was: that stands beside them instead.
    page.locator("#intensity-file").set_input_files(sent("区.csv", text))
    page.locator("#intensity-result select").select_option("fact")
    page.locator("#intensity-result button.primary").click()
    expect(card.locator("tbody")).to_contain_text("40.00 %")
    expect(page.locator("#intensity-result")).to_contain_text("导入人声明为实绩")
    expect(page.locator("#intensity-result")).not_to_contain_text("时段不明")
    assert all("422" in one for one in watched.complaints)


def test_firms_are_asked_about_and_confirmed(watched) -> None:
    page = watched.open("zh", "#tab=density&view=permu")
    head = "企业名称,规模,用地面积（亩）,税收（万元）,用电量（万千瓦时）,年份,备注"
    page.locator("#permu-file").set_input_files(
        sent("企.csv", f"{head}\n甲厂,规下,2,20,90,2023,草稿\n")
    )
    expect(page.locator("#permu-result .faults")).to_contain_text("草稿")
    page.locator("#permu-result button.primary").click()
    expect(page.locator("#permu-result")).to_contain_text("时段不明")


def test_both_values_stand_where_a_table_takes_the_place_of_figures(watched) -> None:
    page = watched.open("zh", "#tab=density")
    page.locator("#table-import summary").click()
    page.locator("#import-table").click()
    page.locator("#import-form [name=source]").fill("商务局")
    text = "片区,年份,进出口额（亿元）\n全区,2020,720\n"
    page.locator("#import-file").set_input_files(sent("表.csv", text))
    page.locator("#import-look").click()
    told = page.locator("#import-result .replaced")
    for part in ("717.90", "720.00", "十四五", "商务局", "随软件发布的数据"):
        expect(told).to_contain_text(part)
    # Other tests of this server may have brought figures of the year: that is asked, too.
    for asked in page.locator(".import-asked input").all():
        asked.check()
    page.locator("#import-confirm").click()
    stored = page.locator("#import-stored")
    expect(stored).to_contain_text("已入库")
    expect(told).to_contain_text("717.90")
    # Other tests of this server count with the figures that ship.
    version = re.search(r"第 (\d+) 版", stored.inner_text())
    assert version
    taken_back = page.request.post(
        f"{watched.origin}/api/v1/statistics/zone_statistics/versions/{version[1]}/withdraw",
        data={"name": "某人", "reason": "试录"},
        headers={"Origin": watched.origin},
    )
    assert taken_back.ok


def test_scenarios_and_estimates(watched) -> None:
    page = watched.open("en", "#tab=density&view=scenario")
    # 717.9 x 129.86 / 119.86 = 777.79 keeps the density on ten more km2.
    expect(page.locator("#scenario-result table")).to_contain_text("777.79")
    page.locator("#downscale-run").click()
    expect(page.locator("#downscale-result")).to_contain_text("together 717.90")
    expect(page.locator("#downscale-result")).to_contain_text("An estimate, counted nowhere")
    expect(page.locator("#legend")).to_contain_text("Estimate")
    page.locator("[data-view=plan]").click()
    expect(page.locator("#legend")).to_be_hidden()
    assert json.dumps("view=plan")[1:-1] in page.url
    watched.require_quiet()
