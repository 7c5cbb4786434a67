"""What stands in a cell, a heading or a column beside figures stays with them, or is asked about.

Oracle: the word that was put there; a figure with one is never a plain fact of the year unasked.
"""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.density.amounts import amount_of
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.errors import StatisticsTableError
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone

HEAD = ["片区", "年份", "固定资产投资（亿元）"]
WORDS = {
    "预计": "estimate", "估计": "estimate", "预测值": "estimate", "计划": "target", "目标": "target",
    "力争": "target", "快报数": "preliminary", "初步核算": "preliminary",
    "1-9月": "partial_year", "上半年": "partial_year", "一季度": "partial_year", "累计": "cumulative",
}  # fmt: skip
CELLS = (
    "200（{}）",
    "200 ({})",
    "200【{}】",
    "（{}）200",
    "200亿元（{}）",
    "约200（{}）",
    "200（{}）*",
)
NOTE_HEADS = (
    "备注", "口径", "完成情况", "状态", "进度", "数据性质", "统计口径", "情况说明", "数据类型",
)  # fmt: skip
HARMLESS = (
    "", "—", "数据来源：市统计局", "来源于统计年鉴", "详见附件", "见附表3", "已完成", "实际", "决算数",
    "年报数", "昆明海关", "因四舍五入，分项之和可能不等于合计数", "2023年数据",
)  # fmt: skip


def read(rows: list[list], **said: object) -> TableValues:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    sheet = read_sheet(
        "表.csv",
        text.getvalue().encode(),
        sheet=None,
        declared_encoding=None,
        limits=DEFAULT_LIMITS,
    )
    names = unit_names(shipped_zone())
    given = {"source": "统计局", "quality": "official", "today": date(2026, 11, 29), **said}
    options = TableOptions(**given)  # type: ignore[arg-type]
    return read_table(
        sheet,
        options,
        load_dictionary(),
        lambda one: names.get(plain_word(one)),
        parts_of(shipped_zone()),
    )


def asked(table: TableValues) -> set[str]:
    return {one.code for one in table.questions}


@pytest.mark.parametrize(("word", "period"), WORDS.items())
@pytest.mark.parametrize("cell", CELLS)
def test_a_word_in_a_cell_is_read_with_its_figure(word: str, period: str, cell: str) -> None:
    rows = [HEAD, ["昆明片区", 2023, cell.format(word)], ["红河片区", 2023, 20]]
    notes = [["* 见附表"]] if cell.endswith("*") else []
    table = read(rows + notes)
    one, other = table.observations
    assert (one.value, one.period, other.period) == (200.0, period, "full_year")
    assert word in one.note
    assert asked(table) == set()
    assert one.relation == ("~" if cell.startswith("约") else "=")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("力争90", (90.0, "=", "target")), ("目标90", (90.0, "=", "target")),
        ("预计20亿元左右", (20.0, "~", "estimate")), ("约200", (200.0, "~", "full_year")),
        ("200预计", (200.0, "=", "estimate")), ("超200亿元", (200.0, ">", "full_year")),
        ("累计200", (200.0, "=", "cumulative")), ("完成200", (200.0, "=", "full_year")),
    ],
)  # fmt: skip
def test_words_without_brackets(cell: str, expected: tuple[float, str, str]) -> None:
    (one,) = read([HEAD, ["昆明片区", 2023, cell]]).observations
    assert (one.value, one.relation, one.period) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "200-250",
        "20±1",
        "1.2万",
        "￥200",
        "昆明200",
        "200/300",
        "第5",
        "200(5)",
        "(5)",
        "200e",
        "v5",
    ],
)
def test_what_is_no_one_number_is_refused_with_the_way_out(cell: str) -> None:
    with pytest.raises(StatisticsTableError) as caught:
        read([HEAD, ["昆明片区", 2023, cell]])
    assert [one["code"] for one in caught.value.params["problems"]] in (
        ["not_a_number"], ["unknown_measure"],
    )  # fmt: skip


@given(st.text("含的不保税区市局口径x草稿等另有 ,。-+%()（）1２约预", min_size=1, max_size=9))
@settings(max_examples=300, deadline=None)
def test_whatever_brackets_say_is_read_asked_or_refused(text: str) -> None:
    try:
        table = read([HEAD, ["昆明片区", 2023, f"200（{text}）"]])
    except StatisticsTableError:
        return
    (one,) = table.observations
    assert one.value == 200.0
    amount = amount_of(f"200（{text}）")
    says = amount is not None and (amount.remark or amount.relation != "=")
    assert says or not any(map(str.isalpha, text))
    plain = one.period == "full_year" and not table.questions
    # 约 and the words that say nothing leave a plain figure.
    assert not plain or set(text) <= set("约的等 ,。-+%()（）1２"), text


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("form", ["（亿元，{}）", "（{}，亿元）", "（{}）（亿元）", "（亿元、{}）"])
def test_brackets_of_a_heading_say_several_things(word: str, form: str) -> None:
    if word == "累计":
        return
    table = read([["片区", "年份", "GDP" + form.format(word)], ["昆明片区", 2023, 200]])
    assert [one.period for one in table.observations] == [WORDS[word]]


def test_a_plan_stands_beside_what_was_done() -> None:
    head = ["片区", "年份", "固定资产投资目标（亿元）", "固定资产投资完成（亿元）"]
    stacked = [["片区", "年份", "固定资产投资（亿元）", ""], ["", "", "计划", "完成情况"]]
    for heads in ([head], stacked):
        table = read([*heads, ["昆明片区", 2023, 300, 200]])
        assert [(one.period, one.value) for one in table.observations] == [
            ("target", 300.0), ("full_year", 200.0),
        ]  # fmt: skip


@pytest.mark.parametrize("head", NOTE_HEADS)
@pytest.mark.parametrize(
    "note", ["草稿", "经理说再看看", "未完成", "不含保税区", "85%以上", "内部掌握"]
)
def test_columns_beside_figures_are_read_or_asked_about(head: str, note: str) -> None:
    table = read([[*HEAD, head], ["昆明片区", 2023, 200, note], ["红河片区", 2023, 20, ""]])
    one, other = table.observations
    assert asked(table) == {"note_unread"}
    assert (one.period, other.period) == ("unclear", "full_year")
    assert note in one.note


@pytest.mark.parametrize("note", HARMLESS)
@pytest.mark.parametrize("place", ["row", "below"])
def test_clean_tables_ask_nothing(note: str, place: str) -> None:
    row, below = (["备注"], [note]) if place == "row" else ([], [])
    rows = [[*HEAD, *row], ["昆明片区", 2023, "1,200.5", *below]]
    rows += [[f"注：{note}"]] if place == "below" and len(note) > 1 else []
    table = read(rows, file_name="昆明市2023年主要指标")
    assert (asked(table), table.observations[0].period) == (set(), "full_year")


@pytest.mark.parametrize("note", ["1", 2, "(3)", "注1", "见注 2", "[1]", "1）", "note 1"])
def test_the_number_of_a_note_is_asked_about(note: object) -> None:
    """Which note is meant is for a person to see: 1 may be that of a target."""
    table = read([[*HEAD, "备注"], ["昆明片区", 2023, 200, note], ["红河片区", 2023, 20, ""]])
    assert asked(table) == {"note_unread"}
    assert [one.period for one in table.observations] == ["unclear", "full_year"]


@given(st.text("绿蓝山水风云东南西北甲乙丙丁人民", min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_note_of_a_row_that_nobody_knows_is_asked_about(note: str) -> None:
    table = read([[*HEAD, "备注"], ["昆明片区", 2023, 200, note]])
    assert asked(table) == {"note_unread"}
    assert (table.observations[0].period, table.observations[0].note) == ("unclear", note)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9月", ("partial_year", "09-09")), (9, ("partial_year", "09-09")),
        ("1-9月", ("partial_year", "01-09")), ("2023年9月", ("partial_year", "09-09")),
        ("1-12月", ("full_year", "")), ("全年", ("full_year", "")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("year", ["column", "option", "title"])
def test_a_column_of_months(cell: object, expected: tuple[str, str], year: str) -> None:
    head, row = ["片区", "月份", HEAD[2]], ["昆明片区", cell, 200]
    if year == "column":
        head, row = [*head, "年份"], [*row, 2023]
    rows = [["2023年主要指标"], head, row] if year == "title" else [head, row]
    (one,) = read(rows, **({"year": 2023} if year == "option" else {})).observations
    assert ((one.period, one.months), one.year) == (expected, 2023)


def test_quarters_and_faults_of_them() -> None:
    head = ["片区", "年份", "季度", HEAD[2]]
    table = read([head, ["昆明片区", 2023, 1, 20], ["昆明片区", 2023, "二季度", 21]])
    assert [one.months for one in table.observations] == ["01-03", "04-06"]
    with pytest.raises(StatisticsTableError) as caught:
        read([head, ["昆明片区", 2023, "5", 20]])
    assert [one["code"] for one in caught.value.params["problems"]] == ["no_year"]
    with pytest.raises(StatisticsTableError):
        read([["片区", "月份", HEAD[2]], ["昆明片区", "9月", 200]])


PLANS = ["固定资产投资计划", "目标任务表", "2024预期目标", "各片区力争数"]


@pytest.mark.parametrize("text", PLANS)
@pytest.mark.parametrize("place", ["title", "file_name", "source"])
@pytest.mark.parametrize("time", [2023, "2023年全年", "2023年1-9月"])
def test_a_plan_by_name_stays_a_plan_until_a_person_says_otherwise(
    text: str, place: str, time: object
) -> None:
    rows = [HEAD, ["昆明片区", time, 200]]
    said = {} if place == "title" else {place: text}
    rows = [[text], *rows] if place == "title" else rows
    table = read(rows, **said)
    assert [one.period for one in table.observations] == ["target"]
    assert "name_qualifies" in asked(table)
    (one,) = read(rows, **said, nature="fact").observations
    assert one.period == ("partial_year" if time == "2023年1-9月" else "full_year")
    # Whoever says so is kept with the figure, and what it contradicts.
    assert one.quality == "official; declared_fact"
    assert text in one.note


@pytest.mark.parametrize(
    "text", ["投资计划完成情况", "计划执行情况表", "目标与预计对比", "协议投资"]
)
def test_a_name_that_may_mean_either_leaves_figures_unclear(text: str) -> None:
    table = read([[text], HEAD, ["昆明片区", 2023, 200]])
    assert ([one.period for one in table.observations], asked(table)) == (
        ["unclear"], {"name_qualifies"},
    )  # fmt: skip


def test_a_year_in_the_title_of_a_plan_may_be_declared_actual() -> None:
    rows = [["2023年固定资产投资计划"], HEAD, ["昆明片区", 2023, 200]]
    assert [one.period for one in read(rows).observations] == ["target"]
    (one,) = read(rows, nature="fact").observations
    assert (one.period, one.quality) == ("full_year", "official; declared_fact")
    # What its own row says holds over what is declared of the table.
    (one,) = read([HEAD, ["昆明片区", "2023年计划", 200]], nature="fact").observations
    assert one.period == "target"


def test_what_is_declared_answers_for_notes_and_marks_and_is_kept() -> None:
    rows = [[*HEAD, "备注"], ["昆明片区", 2023, "200①", "草稿"], ["红河片区", 2023, 20, ""]]
    table = read(rows, nature="estimate")
    one, other = table.observations
    assert (one.period, other.period, asked(table)) == ("estimate", "full_year", set())
    assert "declared_estimate" in one.quality
    assert other.quality == "official"
    (one,) = read([HEAD, ["昆明片区", 2026, 200]], nature="target").observations
    assert one.period == "target"
    assert asked(read([HEAD, ["昆明片区", 2026, 200]], nature="fact")) == {"time_not_over"}


@pytest.mark.parametrize("text", ["2022年", "2022年数据", "2022年预计"])
def test_a_note_of_another_year_is_asked_about(text: str) -> None:
    cell = read([HEAD, ["昆明片区", 2023, f"200（{text}）"]])
    assert ([one.period for one in cell.observations], asked(cell)) == (
        ["unclear"], {"note_differs"},
    )  # fmt: skip
    if "预计" not in text:
        mark = read([HEAD, ["昆明片区", 2023, "200①"], [f"①{text}"]])
        row = read([[*HEAD, "备注"], ["昆明片区", 2023, 200, text]])
        assert asked(mark) == asked(row) == {"note_differs"}
