"""Headings in two rows and units below them. Oracle: by hand, as a person reads the table."""

import pytest

from layers.density.firm_records import FIRM_TABLE
from layers.density.intensity import ZONE_TABLE
from layers.density.land_ledger import LEDGER_TABLE
from layers.density.stacked_headings import find_headings

PLAIN = ["企业名称", "规模", "用地面积(亩)", "税收(万元)"]


def texts(rows, words=FIRM_TABLE):
    at, found = find_headings(rows, words)
    return at, found.last, list(found.texts), [(one.text, one.column) for one in found.questions]


def test_one_row_is_as_it_was_and_a_title_is_none() -> None:
    rows = [["税收", None], PLAIN, ["甲", "规上", 10, 20]]
    assert texts(rows) == (1, 1, PLAIN, [])


def test_groups_that_add_nothing_are_left_out_and_others_are_asked_about() -> None:
    rows = [
        ["序号", "企业名称", "规模", "基本情况", "上年同期", None],
        [None, None, None, "用地面积(亩)", "税收(万元)", "增加值(万元)"],
        [1, "甲", "规上", 10, 20, 30],
    ]
    assert texts(rows) == (
        0,
        1,
        ["序号", "企业名称", "规模", "用地面积(亩)", "税收(万元)", "增加值(万元)"],
        [("上年同期", "税收(万元)"), ("上年同期", "增加值(万元)")],
    )


def test_a_time_over_headings_stays_with_each() -> None:
    rows = [
        ["企业名称", "规模", "2024年", None],
        [None, None, "税收(万元)", "增加值(万元)"],
        ["甲", "规上", 20, 30],
    ]
    head = ["企业名称", "规模", "2024年 税收(万元)", "2024年 增加值(万元)"]
    assert texts(rows) == (0, 1, head, [])


@pytest.mark.parametrize("first", ["计量单位", None])
def test_units_below_the_headings_stand_behind_them(first) -> None:
    rows = [
        ["企业名称", "规模", "用地面积", "税收(万元)", "用电量"],
        [first, None, "公顷", "万元", "万千瓦时"],
        ["甲", "规上", 10, 20, 30],
    ]
    head = ["企业名称", "规模", "用地面积(公顷)", "税收(万元)", "用电量(万千瓦时)"]
    assert texts(rows) == (0, 1, head, [])


@pytest.mark.parametrize(
    "below", [["税收", "规上", 10, 20], ["甲", "规上", None, None], ["甲", "规上", "——", "——"]]
)
def test_rows_of_firms_are_no_headings(below) -> None:
    assert texts([PLAIN, below]) == (0, 0, PLAIN, [])


def test_zones_and_promises_are_read_so_too() -> None:
    zones = [
        ["开发区名称", "土地情况", None],
        [None, "工矿仓储用地", "住宅用地"],
        [None, "公顷", "公顷"],
    ]
    found = find_headings(zones, ZONE_TABLE)
    assert found is not None
    assert found[1].texts[1] == "工矿仓储用地(公顷)"
    promises = [["宗地", "承诺", None], [None, "投资(万元/亩)", "产值(万元/亩)"], ["A1", 300, 400]]
    found = find_headings(promises, LEDGER_TABLE)
    assert found is not None
    assert found[1].last == 1
