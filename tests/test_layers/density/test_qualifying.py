"""Marks, footnotes, names and the day of import: what they leave open is asked, and no fact.

Oracle: each table is written down with what a careful person would take its figures for.
"""

import io
from datetime import date

import openpyxl
import pytest

from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone

TODAY = date(2026, 11, 29)
HEAD = ["片区", "年份", "进出口总额（亿元）"]
K, H = "昆明片区", "红河片区"


def read(rows: list[list], *, sheet: str = "Sheet1", **said: object) -> TableValues:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = read_sheet(
        "表.xlsx", stream.getvalue(), sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS
    )
    names = unit_names(shipped_zone())
    options = TableOptions(
        **{"source": "统计局", "quality": "official", "today": TODAY, **said}  # type: ignore[arg-type]
    )
    return read_table(
        found,
        options,
        load_dictionary(),
        lambda text: names.get(plain_word(text)),
        parts_of(shipped_zone()),
    )


def asked(table: TableValues) -> set[str]:
    return {one.code for one in table.questions}


def periods(table: TableValues) -> list[str]:
    return [one.period for one in table.observations]


@pytest.mark.parametrize(
    "time", [2030, 2026, "2026年全年", "2026年1-11月", "2027年1-9月", "截至2026年底", "2026年累计"]
)
def test_a_time_that_is_not_over_is_asked_about_and_no_fact(time: object) -> None:
    table = read([HEAD, [K, time, 900]])
    assert (asked(table), periods(table)) == ({"time_not_over"}, ["unclear"])


@pytest.mark.parametrize(
    ("time", "period"),
    [
        (2025, "full_year"),
        ("2026年1-10月", "partial_year"),
        ("截至2026年11月", "cumulative"),
        ("2030年计划", "target"),
        ("2026年预计", "estimate"),
    ],
)
def test_a_time_that_is_over_or_a_plan_is_not_asked_about(time: object, period: str) -> None:
    table = read([HEAD, [K, time, 900]])
    assert (asked(table), periods(table)) == (set(), [period])


def test_flash_figures_of_a_year_that_runs_are_none_of_the_year() -> None:
    table = read([HEAD, [K, 2026, 900], ["注：数据为快报数"]])
    assert (asked(table), periods(table)) == ({"time_not_over"}, ["unclear"])


def test_an_area_of_a_year_to_come_is_asked_about() -> None:
    head = ["片区", "年份", "批准面积(km2)"]
    assert (read([head, [K, 2026, 76]]).questions, asked(read([head, [K, 2027, 76]]))) == (
        (), {"time_not_over"},
    )  # fmt: skip


@pytest.mark.parametrize("word", ["演示", "样例", "示例", "测试", "模拟", "虚构", "demo", "sample"])
@pytest.mark.parametrize("place", ["title", "note", "sheet", "file_name", "source", "row", "head"])
def test_made_up_figures_are_asked_about_and_stored_as_a_demonstration(
    word: str, place: str
) -> None:
    text = f"{word} 数据，勿外传"
    head, row, said = [*HEAD, "备注"], [K, 2019, 500, ""], dict[str, str]()
    rows = [head, row]
    if place == "title":
        rows = [[text], *rows]
    elif place == "note":
        rows = [*rows, [f"注：{text}"]]
    elif place == "row":
        row[3] = text
    elif place == "head":
        head.append(f"同比增长（{word}）")
    else:
        said = {place: text}
    table = read(rows, **said)
    (one,) = table.observations
    assert "made_up" in asked(table)
    assert one.quality == "demonstration"
    assert word in f"{one.note} {one.source}"


def test_the_latest_figures_are_no_test() -> None:
    table = read([["Latest contest of tests 抽样调查"], HEAD, [K, 2019, 500]])
    assert (asked(table), table.observations[0].quality) == (set(), "official")


@pytest.mark.parametrize(
    "text",
    [
        "本数为招商协议数，未到位", "意向数", "签约额", "按企业台账推算", "含在谈项目", "由园区自己报的",
        "another thing", "发布前测算",
    ],
)  # fmt: skip
def test_a_footnote_of_a_figure_that_is_not_understood_is_asked_about(text: str) -> None:
    table = read([HEAD, [K, 2024, "500①"], [H, 2024, "200"], [], [f"①{text}。"]])
    assert (asked(table), periods(table)) == ({"note_unread"}, ["unclear", "full_year"])
    assert text in table.observations[0].note
    assert text not in table.observations[1].note


@pytest.mark.parametrize("text", ["见附件三", "资料来源：昆明海关", "2024年数据", "实际完成数"])
def test_a_harmless_footnote_asks_nothing(text: str) -> None:
    table = read([HEAD, [K, 2024, "500①"], [f"注：①{text}"]])
    assert (asked(table), periods(table)) == (set(), ["full_year"])


@pytest.mark.parametrize("text", ["招商协议数", "意向", "未到位", "revised figures", "认缴额"])
def test_promises_are_asked_about_in_columns_of_notes_too(text: str) -> None:
    table = read([[*HEAD, "备注"], [K, 2024, 500, text]])
    assert (asked(table), periods(table)) == ({"note_unread"}, ["unclear"])


def test_promises_in_titles_are_asked_about() -> None:
    assert asked(read([["招商协议情况"], HEAD, [K, 2024, 500]])) == {"name_qualifies"}


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, [K, 2024, "500①"]],
        [HEAD, [K, 2024, "500*"]],
        [HEAD, [f"{K}②", 2024, 500]],
        [[*HEAD[:2], "进出口总额①（亿元）"], [K, 2024, 500]],
        [[*HEAD, "备注"], [K, 2024, 500, "①"]],
        [HEAD, [K, 2024, "500①"], ["注：①"]],
        [HEAD, [K, 2024, "500**"], ["注：* 见附件三"], [H, 2023, "1*"]],
        [["主要指标①"], HEAD, [K, 2024, 500]],
    ],
)
def test_a_mark_without_a_footnote_is_asked_about(rows: list[list]) -> None:
    table = read(rows)
    assert (asked(table), periods(table)[0]) == ({"mark_unread"}, "unclear")
    assert table.observations[0].note.split(" ")[-1] != "①"


def test_a_footnote_speaks_of_the_cells_with_its_mark_only() -> None:
    notes = ["资料来源：昆明海关；①为年度目标；②快报数"]
    table = read([HEAD, [K, 2025, "500①"], [H, 2025, "200②"], ["德宏片区", 2025, 90], notes])
    assert (asked(table), periods(table)) == (set(), ["target", "preliminary", "full_year"])
    assert [one.note for one in table.observations] == [
        "资料来源：昆明海关 ①为年度目标", "资料来源：昆明海关 ②快报数", "资料来源：昆明海关",
    ]  # fmt: skip


def test_marks_that_share_a_footnote() -> None:
    table = read([HEAD, [K, 2025, "500①"], [H, 2025, "200②"], ["注：①、②为年度目标"]])
    assert (asked(table), periods(table)) == (set(), ["target", "target"])


def test_a_mark_in_a_column_of_notes_points_to_its_footnote() -> None:
    table = read([[*HEAD, "备注"], [K, 2025, 500, "①"], [H, 2025, 200, ""], ["①为年度目标"]])
    assert (asked(table), periods(table)) == (set(), ["target", "full_year"])


def test_a_footnote_whose_mark_no_cell_carries_is_asked_about() -> None:
    table = read([HEAD, [K, 2025, 500], ["全区", 2025, 900], ["资料来源：昆明海关；①为年度目标"]])
    assert (asked(table), periods(table)) == ({"footnote_unused"}, ["unclear", "unclear"])
    assert "①为年度目标" in table.observations[0].note
    elsewhere = read(
        [[*HEAD, "同比增长%"], [K, 2025, 500, "5.1①"], ["①为年度目标"]],
    )
    assert (asked(elsewhere), periods(elsewhere)) == (set(), ["full_year"])
