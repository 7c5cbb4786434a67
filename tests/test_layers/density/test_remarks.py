"""Words beside the figures: a part of a year, a plan or an estimate is never a plain year.

Oracle: each saying is written down with the period and months that a person reads in it.
"""

import io
from itertools import product

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.remarks import leaves_open, period_of_title, read_remark
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone

MONTHS = {
    "1-9月": ("partial_year", "01-09"), "1—9月": ("partial_year", "01-09"),
    "１－９月": ("partial_year", "01-09"), "前三季度": ("partial_year", "01-09"),
    "上半年": ("partial_year", "01-06"), "一季度": ("partial_year", "01-03"),
    "第二季度": ("partial_year", "04-06"), "9月": ("partial_year", "09-09"),
    "1-9月累计": ("partial_year", "01-09"), "截至9月": ("cumulative", "..09"),
    "截至9月底": ("cumulative", "..09"),
}  # fmt: skip
NATURES = {
    "预计数": "estimate", "预计": "estimate", "计划数": "target", "规划目标": "target",
    "快报": "preliminary", "快报数": "preliminary", "初步核算": "preliminary",
    "初步统计数": "preliminary", "预测": "estimate",
}  # fmt: skip
SAYINGS = {**MONTHS, **{word: (nature, "") for word, nature in NATURES.items()}}
UNREAD = (
    "调整前", "不含保税区", "剔除价格因素", "未经审核", "含河口口岸", "2023年和2024年1-9月、1-6月",
    "GDP为初步核算数", "非快报数", "revised", "口径有变化", "月度快报推算",
)  # fmt: skip
PLAIN = ("见附件三", "2024年数据", "来源于统计局", "实际数", "年报数", "全年", "No. 12")
TITLE_TAILS = ("主要指标", "主要经济指标", "")
NOTE_HEADS = ("备注", "说明", "附注", "注释", "note", "Remarks", "数据类型")
FOOTNOTES = ("注：2024年数据为{}", "注：{}", "说明：本表数据均为{}。", "备注:数据系{}")
HEAD, ROW = (
    ["单元", "指标", "年份", "数值", "单位"],
    ["昆明片区", "外贸进出口总额", 2024, 300, "亿元"],
)


def read(
    rows: list[list], *, form: str = "csv", sheet: str = "Sheet1", merged: str = "", **said: str
) -> TableValues:
    if form == "csv":
        data = "\n".join(",".join(map(str, row)) for row in rows).encode()
    else:
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for row in rows:
            page.append(row)
        if merged:
            page.merge_cells(merged)
        stream = io.BytesIO()
        book.save(stream)
        data = stream.getvalue()
    found = read_sheet("表.csv", data, sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS)
    names = unit_names(shipped_zone())
    options = TableOptions(**{"source": "统计局", "quality": "official", **said})
    return read_table(
        found,
        options,
        load_dictionary(),
        lambda text: names.get(plain_word(text)),
        parts_of(shipped_zone()),
    )


def asked(table: TableValues) -> set[str]:
    return {one.code for one in table.questions}


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(sorted(SAYINGS)),
    st.sampled_from(
        ["title", "title_apart", "merged", "sheet", "group", "note", "footnote", "file", "source"]
    ),
    st.sampled_from(["csv", "xlsx"]),
    st.data(),
)
def test_no_saying_beside_a_figure_leaves_it_a_plain_year_in_silence(
    saying: str, place: str, form: str, data: st.DataObject
) -> None:
    rows, said = [HEAD, ROW], dict[str, str]()
    if place in ("title", "merged"):
        tail = data.draw(st.sampled_from(TITLE_TAILS))
        year = data.draw(st.sampled_from(["2024年", "云南自贸试验区2024年", ""]))
        text = saying.replace("截至", f"截至{year}") if year == "2024年" else year + saying
        rows = [[text + tail], *rows]
        form, said = ("xlsx", {"merged": "A1:E1"}) if place == "merged" else (form, {})
    elif place == "title_apart":
        rows = [["2024年主要经济指标"], [f"（{saying}）"], *rows]
    elif place == "sheet":
        form, said = "xlsx", {"sheet": saying}
    elif place == "group":
        rows = [["片区", "2024年" + saying.replace("截至", ""), ""],
                ["", "外贸进出口总额（亿元）", "工业总产值（亿元）"], ["昆明片区", 300, 200]]  # fmt: skip
    elif place == "note":
        rows = [[*HEAD, data.draw(st.sampled_from(NOTE_HEADS))], [*ROW, saying]]
    elif place == "footnote":
        rows = [*rows, [data.draw(st.sampled_from(FOOTNOTES)).format(saying)]]
    else:
        said = {"file_name" if place == "file" else "source": f"2024年{saying}"}
    table = read(rows, form=form, **said)
    for one in table.observations:
        assert one.period != "full_year" or asked(table), (rows, said)
        assert one.period != "unclear" or asked(table), (rows, said)
        if one.period not in ("full_year", "unclear") and place != "group":
            assert (one.period, one.months) == SAYINGS[saying], (rows, said)
        if place in ("note", "footnote"):
            assert saying in one.note, one


@pytest.mark.parametrize(("saying", "head"), [*product(SAYINGS, ("备注", "说明", "附注"))])
def test_a_note_column_is_read_by_the_parser_of_periods(saying: str, head: str) -> None:
    table = read([[*HEAD, head], [*ROW, saying], ["红河片区", *ROW[1:], ""]])
    noted, bare = table.observations
    assert (noted.period, noted.months, noted.note) == (*SAYINGS[saying], saying)
    assert (bare.period, bare.note) == ("full_year", "")
    assert not table.questions


@pytest.mark.parametrize("text", UNREAD)
def test_what_reads_like_a_qualifier_and_is_not_understood_is_asked_about(text: str) -> None:
    noted = read([[*HEAD, "备注"], [*ROW, text]])
    below = read([HEAD, ROW, [f"注：{text}"]])
    assert asked(noted) == asked(below) == {"note_unread"}
    assert noted.observations[0].note == text
    # Confirmed it is stored like this: no fact of the year, and no other figure's place.
    for table in (noted, below):
        (one,) = table.observations
        assert (one.period, one.qualified.is_fact_of_year) == ("unclear", False)


@pytest.mark.parametrize("text", PLAIN)
def test_what_qualifies_nothing_asks_nothing_and_is_kept(text: str) -> None:
    table = read([[*HEAD, "备注"], [*ROW, text]])
    (one,) = table.observations
    assert (one.period, one.note, table.questions) == ("full_year", text, ())


def test_a_footnote_speaks_of_its_year_and_of_its_mark_only() -> None:
    former = [*ROW[:2], 2023, 280, "亿元"]
    table = read([HEAD, ROW, former, ["注：2024年数据为初步统计数"]])
    assert [(one.year, one.period) for one in table.observations] == [
        (2024, "preliminary"), (2023, "full_year"),
    ]  # fmt: skip
    marked = read([HEAD, [*ROW[:3], "300*", "亿元"], former, ["注：* 为预计数"]])
    assert [one.period for one in marked.observations] == ["estimate", "full_year"]


def test_what_differs_is_asked_about_and_the_row_keeps_its_own_time() -> None:
    row = [*ROW[:2], "2024年1-6月", 300, "亿元"]
    table = read([[*HEAD, "备注"], [*row, "1-9月累计"]])
    assert (table.observations[0].months, asked(table)) == ("01-06", {"note_differs"})
    assert table.observations[0].period == "unclear"
    whole = read([["2024年1-9月主要指标"], HEAD, [*ROW[:2], "2024年全年", 300, "亿元"]])
    assert whole.observations[0].period == "full_year"


def test_months_of_a_title_do_not_pass_to_another_year_in_silence() -> None:
    former = [*ROW[:2], 2023, 280, "亿元"]
    table = read([["2024年1-9月主要指标"], HEAD, ROW, former])
    assert [(one.period, one.months) for one in table.observations] == [
        ("partial_year", "01-09"), ("unclear", ""),
    ]  # fmt: skip
    assert asked(table) == {"name_unread"}


def test_a_row_without_values_that_names_a_time_is_asked_about() -> None:
    table = read([HEAD, ["一季度", "", "", "", ""], ROW])
    assert asked(table) == {"section_unread"}
    assert [(one.period, one.note) for one in table.observations] == [("unclear", "一季度")]


def test_a_confirmed_name_stays_beside_the_figures() -> None:
    former = [*ROW[:2], 2023, 280, "亿元"]
    table = read([["2024年1-9月主要指标"], HEAD, ROW, former])
    assert [one.note for one in table.observations] == ["", "2024年1-9月主要指标"]


def test_an_area_with_a_remark_that_is_not_understood_is_no_plain_area() -> None:
    head = ["片区", "年份", "批准面积(km2)", "备注"]
    (area,) = read([head, ["昆明片区", 2024, 76, "不含代管区"]]).areas
    assert area.quality == "unclear"
    (plain,) = read([head, ["昆明片区", 2024, 76, ""]]).areas
    assert plain.quality != "unclear"


def test_who_made_a_table_and_when_says_nothing_of_its_figures() -> None:
    table = read([["制表日期：2024年10月15日"], HEAD, ROW, ["填报时间：2024年10月"]])
    assert (table.observations[0].period, table.questions) == ("full_year", ())


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    words = load_dictionary()
    for one in read_remark(text, words).periods:
        assert one.year is None or 1900 <= one.year <= 2099
    assert period_of_title([text], words) is None or not text.isspace()
    assert not leaves_open(text, (), words)


@pytest.mark.parametrize(
    "title",
    [
        "2024.1-9经济指标", "202409进出口", "统计快讯 2024-09", "2024年前8个月进出口", "2024半年报",
        "2024年三个季度进出口",
    ],
)  # fmt: skip
def test_a_part_of_a_year_that_is_not_understood_is_asked_about(title: str) -> None:
    table = read([[title], HEAD, ROW])
    assert asked(table) == {"name_unread"}
    # Confirmed it is no fact of the year either, and keeps the title beside it.
    assert [(one.period, one.note) for one in table.observations] == [("unclear", title)]


@pytest.mark.parametrize(
    "title",
    ["2024年统计公报", "制表日期2024-10-15", "导出20241015", "数据2024-10-15", "2020-2024年"],
)
def test_dates_and_whole_years_of_titles_are_not_asked_about(title: str) -> None:
    assert not asked(read([[title], HEAD, ROW]))


def test_a_text_below_all_rows_speaks_of_the_table() -> None:
    table = read([HEAD, ROW, [], ["以上数据为快报数，最终以年报为准"]])
    (one,) = table.observations
    assert (one.period, one.note) == ("unclear", "以上数据为快报数，最终以年报为准")


@pytest.mark.parametrize(
    ("cell", "periods"),
    [
        ("D2", ["estimate", "full_year"]),
        ("D1", ["estimate", "estimate"]),
        ("H9", ["full_year"] * 2),
    ],
)
def test_a_comment_pinned_to_a_cell_is_a_note_of_it(cell: str, periods: list[str]) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD, ROW, ["红河片区", *ROW[1:]]):
        book.active.append(row)
    book.active[cell].comment = Comment("张三:\n预计数", "张三")
    saved = io.BytesIO()
    book.save(saved)
    sheet = read_sheet(
        "x.xlsx", saved.getvalue(), sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS
    )
    options = TableOptions(source="s", quality="official")
    table = read_table(
        sheet, options, load_dictionary(), unit_names(shipped_zone()).get, parts_of(shipped_zone())
    )
    assert [one.period for one in table.observations] == periods
