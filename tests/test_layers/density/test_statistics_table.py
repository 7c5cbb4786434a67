"""Tables of planners. Oracles: values converted by hand, every fault written into a table."""

import contextlib
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PlanningError
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, read_table
from layers.density.statistics.totals import parts_of
from layers.errors import AmbiguousFileError, HostileArchiveError, StatisticsTableError
from layers.readers.sheets import number_of, read_sheet
from layers.readers.source import DEFAULT_LIMITS, ReadLimits
from layers.zones import shipped_zone

UNITS = {"昆明片区": "kunming", "红河片区": "honghe", "德宏片区": "dehong"}
OPTIONS = TableOptions(source="统计月报", quality="official")


def csv_sheet(text: str, encoding: str = "utf-8"):
    return read_sheet(
        "表.csv", text.encode(encoding), sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS
    )


def read(text: str, **options: object):
    options_ = TableOptions(**{"source": "统计月报", "quality": "official", **options})
    return read_table(
        csv_sheet(text), options_, load_dictionary(), UNITS.get, parts_of(shipped_zone())
    )


def values(table) -> dict:
    return {(o.unit_id, o.indicator, o.year, o.period): o.value for o in table.observations}


def test_parts_of_a_year_stand_beside_the_year() -> None:
    # By hand: three different times of one year, none of them in the place of another.
    table = read(f"{H}\n昆明片区,2024,4\n昆明片区,2024年1-9月,3\n昆明片区,2024年一季度,1\n")
    assert [(o.period, o.months, o.value) for o in table.observations] == [
        ("full_year", "", 4.0), ("partial_year", "01-09", 3.0), ("partial_year", "01-03", 1.0)
    ]  # fmt: skip


WIDE = """2024年自贸试验区主要指标,,,
片区,年份,固定资产投资（万元）,一般公共预算收入(亿元),批准面积（公顷）
昆明片区,2024,"1,234,500",56.7,7600
红河片区,2024,20000,—,1412
"""
LONG = """片区,指标,年度,数值,单位,来源
昆明片区,固定资产投资,2024年,123.45,亿元,公报
昆明片区,固定资产投资,2025年目标,150,亿元,规划
红河片区,新设企业数,2024,0.2,万户,
"""


def test_a_wide_table_by_hand() -> None:
    table = read(WIDE)
    assert values(table) == pytest.approx(
        {
            ("kunming", "fixed_investment", 2024, "full_year"): 123.45,
            ("kunming", "public_budget_revenue", 2024, "full_year"): 56.7,
            ("honghe", "fixed_investment", 2024, "full_year"): 2.0,
        }
    )
    assert {(a.unit_id, a.denominator): a.area_km2 for a in table.areas} == pytest.approx(
        {("kunming", "approved"): 76.0, ("honghe", "approved"): 14.12}
    )
    assert (table.header_line, table.areas[0].first_year) == (2, 2024)
    assert {o.unit for o in table.observations} == {"亿元"}


def test_a_long_table_by_hand() -> None:
    table = read(LONG)
    assert values(table) == pytest.approx(
        {
            ("kunming", "fixed_investment", 2024, "full_year"): 123.45,
            ("kunming", "fixed_investment", 2025, "target"): 150.0,
            ("honghe", "new_firms", 2024, "full_year"): 2000.0,
        }
    )
    assert [o.source for o in table.observations] == ["公报", "规划", "统计月报"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_give_the_same_values(encoding: str) -> None:
    options = (OPTIONS, load_dictionary(), UNITS.get, parts_of(shipped_zone()))
    assert values(read_table(csv_sheet(WIDE, encoding), *options)) == values(read(WIDE))


def workbook(rows: list[list], **more: list[list]) -> bytes:
    book = openpyxl.Workbook()
    sheets = {"数据": rows, **more}
    book.remove(book.active)
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_workbook_gives_the_same_values_and_asks_which_sheet() -> None:
    rows = [
        ["片区", "年份", "固定资产投资（万元）"],
        ["昆明片区", 2024, 1234500],
        ["红河片区", 2024, "20,000"],
    ]
    data = workbook(rows, 空=[])
    limits = DEFAULT_LIMITS
    sheet = read_sheet("表.xlsx", data, sheet=None, declared_encoding=None, limits=limits)
    found = values(
        read_table(sheet, OPTIONS, load_dictionary(), UNITS.get, parts_of(shipped_zone()))
    )
    assert found[("kunming", "fixed_investment", 2024, "full_year")] == pytest.approx(123.45)
    two = workbook(rows, 另一=rows)
    with pytest.raises(AmbiguousFileError) as caught:
        read_sheet("表.xlsx", two, sheet=None, declared_encoding=None, limits=limits)
    assert caught.value.params["choices"] == ["另一", "数据"]
    chosen = read_sheet("表.xlsx", two, sheet="另一", declared_encoding=None, limits=limits)
    assert chosen.rows == sheet.rows


def test_dollars_need_a_rate_with_its_source() -> None:
    text = "片区,年份,进出口额（万美元）\n昆明片区,2024,10000\n"
    assert problems(text) == [(2, "进出口额（万美元）", "no_exchange_rate")]
    (value,) = read(text, cny_per_usd=7.1, rate_source="央行年平均").observations
    # 10,000 x 1e4 USD = 1e8 USD = 1 (1e8 USD) x 7.1
    assert value.value == pytest.approx(7.1)
    assert "7.1" in value.source
    assert "央行年平均" in value.source


def problems(text: str, **options: object) -> list[tuple]:
    with pytest.raises(StatisticsTableError) as caught:
        read(text, **options)
    listed = caught.value.params["problems"]
    assert caught.value.params["count"] == len(listed)
    return [(row["line"], row["column"], row["code"]) for row in listed]


H = "片区,年份,固定资产投资（亿元）"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c\n1,2,3\n", [(0, None, "no_header")]),
        (f"{H},绿化率\n昆明片区,2024,1,2\n", [(1, "绿化率", "unknown_column")]),
        (f"{H},工业总产值（斤）\n昆明片区,2024,1,2\n", [(1, "工业总产值（斤）", "unknown_column")]),
        (f"{H},固投(万元)\n昆明片区,2024,1,2\n", [(1, "固投(万元)", "repeated_column")]),
        ("年份,固定资产投资（亿元）\n2024,1\n", [(1, None, "no_unit_column")]),
        ("片区,年份,备注\n昆明片区,2024,x\n", [(1, None, "no_value_column")]),
        ("片区,固定资产投资（亿元）\n昆明片区,1\n", [(1, None, "no_period")]),
        ("片区,年份,数值\n昆明片区,2024,1\n", [(1, None, "no_indicator_column")]),
        (f"{H}\n玉溪片区,2024,1\n", [(2, "片区", "unknown_unit")]),
        (f"{H}\n,2024,1\n", [(2, "片区", "no_unit")]),
        (f"{H}\n昆明片区,去年,1\n", [(2, "年份", "no_year")]),
        (f"{H}\n昆明片区,,1\n", [(2, "年份", "no_period")]),
        (f"{H}\n昆明片区,2024,约一百\n", [(2, "固定资产投资（亿元）", "not_a_number")]),
        (f"{H}\n昆明片区,2024,1\n昆明片区,2024,2\n", [(3, "固定资产投资（亿元）", "repeated")]),
        ("片区,年份,固定资产投资\n昆明片区,2024,1\n", [(2, "固定资产投资", "no_measure")]),
        ("片区,年份,固定资产投资（公顷）\n昆明片区,2024,1\n", [(2, "固定资产投资（公顷）", "other_measure")]),
        ("片区,年份,批准面积（万元）\n昆明片区,2024,1\n", [(2, "批准面积（万元）", "other_measure")]),
        ("片区,年份,批准面积（亩）\n昆明片区,2024,0\n", [(2, "批准面积（亩）", "not_positive")]),
        (f"{H}\n昆明片区,2024年1-9月,1\n昆明片区,2024年前三季度,1\n", [(3, "固定资产投资（亿元）", "repeated")]),
        (f"{H}\n昆明片区,2024,—\n", [(0, None, "no_values")]),
        ("片区,指标,年份,数值,单位\n昆明片区,幸福指数,2024,1,亿元\n", [(2, "指标", "unknown_indicator")]),
        ("片区,指标,年份,数值,单位\n昆明片区,固投,2024,1,斗\n", [(2, "单位", "unknown_measure")]),
    ],
)  # fmt: skip
def test_every_fault_is_named_where_it_is(text: str, expected: list[tuple]) -> None:
    assert problems(text) == expected


def test_a_row_of_figures_above_the_headings_is_named_and_speaks_for_no_other_row() -> None:
    # It would be lost, and its quarter and its measure would pass to the rows below.
    head, *rows = LONG.splitlines()
    for figure in ("7", "7*", "约7", "7（预计）"):
        strayed = f"德宏片区,固定资产投资,2024年一季度,{figure},万元,公报"
        assert problems("\n".join([strayed, head, *rows])) == [(1, None, "figures_above_headings")]
    # A title may hold a number, and a line of facts about the table is none of figures.
    titled = ["主要指标 第3期", "编制,2025", *LONG.splitlines()]
    assert values(read("\n".join(titled))) == pytest.approx(values(read(LONG)))


def test_all_faults_are_told_at_once_and_nothing_is_half_taken() -> None:
    text = f"{H}\n昆明片区,2024,1\n玉溪片区,2024,1\n红河片区,二〇,1\n德宏片区,2024,x\n"
    assert [code for _, _, code in problems(text)] == ["unknown_unit", "no_year", "not_a_number"]


def test_a_named_column_can_be_left_out_and_a_year_declared() -> None:
    text = "片区,固定资产投资（亿元）,绿化率\n昆明片区,1,2\n"
    assert len(read(text, ignore=("绿化率",), year=2024).observations) == 1


def test_what_a_column_that_is_left_out_holds_is_said_and_words_are_asked_about() -> None:
    text = (
        "片区,年份,固定资产投资（亿元）,备注,绿化率\n昆明片区,2024,1,目标数,2\n红河片区,2024,3,,\n"
    )
    table = read(text, ignore=("备注", "绿化率"))
    assert [(one.code, one.column, one.text) for one in table.questions] == [
        ("words_ignored", "备注", "1: 目标数")
    ]
    assert [(one.code, one.column, one.text) for one in table.remarks] == [
        ("column_ignored", "绿化率", "1: 2")
    ]


def test_a_name_to_leave_out_that_no_column_has_is_asked_about() -> None:
    table = read("片区,年份,固定资产投资（亿元）\n昆明片区,2024,1\n", ignore=("绿化",))
    assert [(one.code, one.text) for one in table.questions] == [("ignored_unknown", "绿化")]


def test_a_cumulative_header_is_not_a_whole_year() -> None:
    (value,) = read("片区,年份,累计新设企业数（户）\n昆明片区,2024,9\n").observations
    assert value.period == "cumulative"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes) -> None:
    try:
        sheet = read_sheet("x", data, sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS)
        read_table(sheet, OPTIONS, load_dictionary(), UNITS.get, parts_of(shipped_zone()))
    except PlanningError:
        pass


def test_a_damaged_and_a_boundless_workbook_are_refused() -> None:
    good = workbook([["片区", "年份"], ["昆明片区", 2024]])
    for cut in range(1, len(good), len(good) // 40):
        with contextlib.suppress(PlanningError):
            read_sheet("x", good[:cut], sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS)
    tight = ReadLimits(ratio_free_bytes=1000, max_ratio=0.1)
    with pytest.raises(HostileArchiveError):
        read_sheet("x", good, sheet=None, declared_encoding=None, limits=tight)


def test_numbers_by_hand() -> None:
    cells = ["1,234.5", "1，234", " .5", "1e3", "-2", "", "—", "12a", None, True, 4]
    assert [number_of(cell) for cell in cells] == [
        1234.5, 1234.0, 0.5, 1000.0, -2.0, None, None, None, None, None, 4.0
    ]  # fmt: skip


def test_a_refusal_names_the_cell() -> None:
    # The third column of the fourth line, as a spreadsheet counts.
    with pytest.raises(StatisticsTableError) as caught:
        read("某表\n单元,年份,进出口额(亿元)\n昆明片区,2024,300\n红河片区,2024,见附表\n")
    (problem,) = caught.value.params["problems"]
    assert (problem["cell"], problem["line"]) == ("C4", 4)
