"""Tables as offices send them. Oracle: each table read by hand, its answer written down here."""

from collections import Counter
from pathlib import Path

import pytest

from layers.density.firm_records import FIRM_TABLE, firms_of
from layers.density.permu import load_schemes
from layers.density.records import read_records
from layers.density.row_peers import PeerRow, ask_about_rows
from layers.density.statistics import qualifying
from layers.density.statistics.builtin import load_areas, load_observations, load_units
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.plausible import approved_km2, ask_about_areas, ask_about_values
from layers.density.statistics.remarks import names_made_up
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.errors import (
    AmbiguousFileError,
    DocumentFormatError,
    StatisticsTableError,
    UnsavedFormulaError,
)
from layers.model import ReadOptions
from layers.readers import Source
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone

CASES = Path(__file__).parents[2] / "golden" / "cases" / "statistics"
K, H, D = "kunming", "honghe", "dehong"
OUTPUT, REVENUE, TRADE, CAPITAL = (
    "industrial_output", "public_budget_revenue", "trade", "foreign_capital"
)  # fmt: skip
SHARE, FIRMS, INVESTMENT = "innovative_firms_share", "new_firms", "fixed_investment"


def read(name: str, sheet: str | None = None) -> TableValues:
    return read_bytes(name, (CASES / name).read_bytes(), sheet)


def read_bytes(name: str, data: bytes, sheet: str | None = None) -> TableValues:
    found = read_sheet(
        name,
        data,
        sheet=sheet,
        declared_encoding=None,
        limits=DEFAULT_LIMITS,
    )
    units = unit_names(shipped_zone())
    options = TableOptions(source="统计局", quality="official")
    return read_table(
        found,
        options,
        load_dictionary(),
        lambda text: units.get(plain_word(text)),
        parts_of(shipped_zone()),
    )


def values(table: TableValues) -> dict:
    return {
        (one.unit_id, one.indicator, one.year, one.period, one.months): one.value
        for one in table.observations
    }


def years(unit: str, indicator: str, found: dict[int, float]) -> dict:
    return {(unit, indicator, year, "full_year", ""): value for year, value in found.items()}


READ = {
    # 80,000 and 3000 are 万元.
    "02_wide.csv": years(K, OUTPUT, {2021: 2500.5}) | years(K, REVENUE, {2021: 8.0})
    | years(H, OUTPUT, {2021: 20.9}) | years(H, REVENUE, {2021: 0.3}),
    "04_merged.xlsx": {
        # 注：1. 数据为初步核算数。
        (unit, indicator, 2021, "preliminary", ""): value
        for unit, row in {K: (300, 600, 2.5), H: (20, 90, 0.3), D: (40, 150, 0.2), "ftz": (360, 840, 3.0)}.items()
        for indicator, value in zip((OUTPUT, TRADE, CAPITAL), row, strict=True)
    },
    "05_periods.csv": {
        (K, OUTPUT, 2021, "full_year", ""): 300.0,
        (K, OUTPUT, 2022, "partial_year", "01-03"): 70.0,
        (K, OUTPUT, 2022, "partial_year", "01-09"): 220.0,
        (K, OUTPUT, 2022, "full_year", ""): 310.0,
        (K, OUTPUT, 2023, "partial_year", "01-06"): 150.0,
        (K, FIRMS, 2023, "cumulative", "..12"): 60000.0,
    },
    "06_totals.csv": years("ftz", OUTPUT, {2022: 400.0}) | years(K, OUTPUT, {2022: 300.0})
    | years("bonded", OUTPUT, {2022: 20.0}) | years(H, OUTPUT, {2022: 50.0}) | years(D, OUTPUT, {2022: 45.0}),
    "09_growth.csv": years(K, OUTPUT, {2022: 300.0}),
    "11_yearsacross.csv": years(K, OUTPUT, {2020: 250.0, 2021: 300.0, 2022: 333.0})
    | years(H, OUTPUT, {2020: 20.0, 2021: 22.0, 2022: 23.0}),
    # Nothing says what 300.5* means.
    "12b.csv": {(K, OUTPUT, 2022, "unclear", ""): 300.5} | years(D, OUTPUT, {2022: 30.0}),
    "13b_html.xls": years(K, OUTPUT, {2022: 300.0}),
    "15_cumhead.csv": {
        (K, TRADE, 2022, "cumulative", "..12"): 3000.0,
        (K, FIRMS, 2022, "cumulative", "..12"): 90000.0,
    },
    # 3,000,000 万元, 3500 万美元.
    "18_unitrow.xlsx": years(K, OUTPUT, {2022: 300.0}) | years(K, TRADE, {2022: 600.0})
    | years(K, CAPITAL, {2022: 0.35}),
    "21_unitvar.xlsx": years(K, OUTPUT, {2022: 300.0}) | years(K, TRADE, {2022: 600.0})
    | years(K, CAPITAL, {2022: 3.0}) | years(K, INVESTMENT, {2022: 500.0}) | years(K, FIRMS, {2022: 20000.0}),
    # 300,000 千元 are 3 亿元.
    "23_units.csv": years(K, OUTPUT, {2022: 3.0}) | years(H, FIRMS, {2022: 12.0})
    | years(D, FIRMS, {2022: 120000.0}),
    "25_alias.csv": years(K, OUTPUT, {2022: 300.0, 2023: 1.0}) | years(H, OUTPUT, {2022: 20.0})
    | years(D, OUTPUT, {2022: 40.0}),
    "30_year12.csv": years(K, OUTPUT, {2021: 300.0}),
    "31_q.csv": {(K, OUTPUT, 2022, "partial_year", "01-09"): 220.0},
    "33_est.csv": {
        (K, OUTPUT, 2022, "estimate", ""): 300.0,
        (H, OUTPUT, 2022, "preliminary", ""): 20.0,
        (D, OUTPUT, 2022, "target", ""): 40.0,
    },
    "38_neg.csv": years(K, REVENUE, {2022: -3.0}),
    "60.csv": {
        ("ftz", TRADE, 2023, "partial_year", "01-03"): 500.0,
        ("ftz", CAPITAL, 2023, "partial_year", "01-03"): 1.2,
        ("ftz", INVESTMENT, 2024, "target", ""): 1500.0,
    },
    "stats_dim_a1b.xlsx": years(K, REVENUE, {2020: 12.5}) | years(K, SHARE, {2020: 35.0}),
    "stats_merged_unit.xlsx": years(K, REVENUE, {2019: 11.0, 2020: 12.5}) | years(K, SHARE, {2019: 30.0, 2020: 35.0}),
    "stats_pct_format.xlsx": years(K, REVENUE, {2020: 12.5}) | years(K, SHARE, {2020: 35.2}),
    "stats_period_2020Q3.xlsx": {(K, REVENUE, 2020, "partial_year", "07-09"): 12.5},
    "stats_title_unit.xlsx": years(K, REVENUE, {2020: 12.5}),
}  # fmt: skip
REFUSED = {
    "12_cells.csv": [(4, "工业总产值(亿元)", "not_a_number", "(5)")],
    "14_scale.csv": [(1, "财政收入(亿元)", "unknown_column", None)],
    "22_seps.csv": [
        (3, "工业总产值(亿元)", "not_a_number", "1.234,5"),
        (4, "工业总产值(亿元)", "not_a_number", "12,34.5"),
    ],
    "24_years.csv": [(4, "年份", "no_year", "22年")],
    "36_date.csv": [
        (2, "统计时间", "no_year", "2022-09"),
        (3, "统计时间", "no_year", "202209"),
        (4, "统计时间", "no_year", "2022/12/31"),
    ],
    "42_fiveyr.csv": [(2, "年份", "no_year", "2016-2020")],
    "stats_dashes.xlsx": [(0, None, "no_values", None)],
    "stats_period_2019-2020.xlsx": [(2, "年份", "no_year", "2019-2020")],
}


@pytest.mark.parametrize("name", READ)
def test_a_table_is_read_as_a_person_reads_it(name: str) -> None:
    assert values(read(name)) == pytest.approx(READ[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_one_reading_is_refused_where_it_stands(name: str) -> None:
    with pytest.raises(StatisticsTableError) as caught:
        read(name)
    problems = caught.value.params["problems"]
    named = ("line", "column", "code", "text")
    assert [tuple(one[key] for key in named) for one in problems] == REFUSED[name]


def test_workbooks_that_cannot_be_read_name_the_way_out() -> None:
    with pytest.raises(AmbiguousFileError) as several:
        read("10_sheets.xlsx")
    assert several.value.choices == ["2022", "Sheet1"]
    assert values(read("10_sheets.xlsx", "2022")) == years(K, OUTPUT, {2022: 333.0})
    with pytest.raises(UnsavedFormulaError) as formula:
        read("19_formula.xlsx")
    assert formula.value.params["cells"] == "C2"
    with pytest.raises(DocumentFormatError) as old:
        read("13c.xls")
    assert old.value.params["format"] == "XLS/DOC"


def test_every_case_has_its_answer() -> None:
    others = {"10_sheets.xlsx", "13c.xls", "19_formula.xlsx", "MADE_BY.md"}
    others |= {"firms.csv", "firms_m2.csv", "firms_nounit.csv"}
    assert {path.name for path in CASES.iterdir()} == {*READ, *REFUSED, *others}


def test_a_footnote_and_what_was_left_out_are_said() -> None:
    first = read("12b.csv").observations[0]
    assert (first.value, first.note) == (300.5, "* ?")
    assert [one.column for one in read("09_growth.csv").remarks] == [
        "工业总产值增速(%)", "同比增长(%)", "占比"
    ]  # fmt: skip
    merged = read("04_merged.xlsx")
    assert {one.note for one in merged.observations} == {"注：1. 数据为初步核算数。"}
    # By hand: 300 + 50 + 45 = 395; 20 of the bonded zone are part of the 300.
    assert [one.text for one in read("06_totals.csv").remarks] == ["400 / 395"]


def asked(name: str) -> list[str]:
    table, units = read(name), load_units(shipped_zone())
    found = ask_about_values(
        table.observations,
        load_observations(shipped_zone()),
        units,
        approved_km2(load_areas(shipped_zone())),
    )
    return [
        one.code
        for one in (*found, *ask_about_areas(table.areas, load_areas(shipped_zone()), units))
    ]


def test_what_is_improbable_is_asked_about() -> None:
    # 12 beside 120,000 firms; 2500.5 beside 20.9 are 33 beside 1.5 a km2, which may be; a negative revenue, and 760 km2 of a district of 76.
    assert asked("23_units.csv") == ["far_from_peers", "far_from_peers"]
    assert asked("38_neg.csv") == ["below_zero", "area_far"]
    assert [asked(name) for name in ("05_periods.csv", "02_wide.csv", "60.csv")] == [[], [], []]


def asked_of(rows: str) -> list[str]:
    table = read_bytes("a.csv", f"单元,年份,指标,数值,单位\n{rows}".encode())
    zone = shipped_zone()
    units = load_units(zone)
    known, land = load_observations(zone), approved_km2(load_areas(zone))
    return [one.code for one in ask_about_values(table.observations, known, units, land)]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        # 717.9 were published: nothing at all is more than a hundred times less.
        ("云南自贸试验区,2024,进出口额,0,亿元\n", ["far_from_former"]),
        ("云南自贸试验区,2024,进出口额,500,亿元\n", []),
        # 3,000,000 yuan beside 500 of 100 million: 0.0004 beside 4.2 a km2.
        (
            "云南自贸试验区,2024,进出口额,500,亿元\n昆明片区,2024,进出口额,3000000,元\n",
            ["far_from_peers"],
        ),
        ("云南自贸试验区,2024,进出口额,500,亿元\n昆明片区,2024,进出口额,300,亿元\n", []),
    ],
)
def test_a_zero_and_a_part_far_below_its_whole_are_asked_about(rows, codes) -> None:
    assert asked_of(rows) == codes


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        # 717.9 were published of the whole zone: 88,888 of a part are 124 times that.
        ("红河片区,2023,进出口额,88888,亿元\n", ["larger_than_whole"]),
        ("红河片区,2023,进出口额,900,亿元\n", []),
        # 32,800 is the province's product of 2025: 433,900 of a part were 10,000 yuan.
        ("昆明片区,2023,地区生产总值,433900,亿元\n", ["larger_than_whole"]),
        ("官渡区,2025,地区生产总值,32801,亿元\n", ["larger_than_whole"]),
        ("官渡区,2025,地区生产总值,1500,亿元\n", []),
        # One row of a series, and months beside their year: 433.9 / 0.0439 and 30000 / 150.
        (
            "昆明片区,2023,地区生产总值,433.9,亿元\n昆明片区,2024,地区生产总值,0.0439,亿元\n",
            ["far_from_former"] * 2,
        ),
        (
            "昆明片区,2023年预计,固定资产投资,150,亿元\n昆明片区,2023年1-11月,固定资产投资,30000,亿元\n",
            ["far_from_former"] * 2,
        ),
        ("昆明片区,2023,新设企业数,1234.5,户\n", ["not_counted"]),
        ("昆明片区,2023,新设企业数,1234,户\n", []),
    ],
)
def test_a_part_above_its_whole_a_broken_series_and_a_broken_count_are_asked_about(
    rows, codes
) -> None:
    assert asked_of(rows) == codes


def test_a_revenue_below_zero_is_asked_about_and_a_loss_is_not() -> None:
    """Value added may be lost (a case says so); a negative revenue is a slip of the sign."""
    heads = {"income": "营业收入", "added": "增加值"}
    rows = [PeerRow(line=2, name="甲", figures={"income": -5100.0, "added": -50.0})]
    assert [(one.code, one.text) for one in ask_about_rows(rows, heads, None)] == [
        ("below_zero", "甲: 营业收入 -5100")
    ]


def firms(name: str):
    source = Source(name=name, files={name: (CASES / name).read_bytes()})
    table = read_records(source, ReadOptions(), DEFAULT_LIMITS, shipped_zone().region, FIRM_TABLE)
    groups = next(iter(load_schemes(Path("none")).values())).groups
    return firms_of(table, frozenset(groups))


def test_firms_in_square_metres_are_firms_in_mu_and_units_that_nobody_wrote_are_asked() -> None:
    by_mu, by_m2 = firms("firms.csv"), firms("firms_m2.csv")
    # 33 333.33 m2 are 50 mu of 666.67 m2.
    assert by_m2.firms[0].quantities == pytest.approx(by_mu.firms[0].quantities, rel=1e-6)
    assert by_mu.questions == by_m2.questions == ()
    assert [one.column for one in firms("firms_nounit.csv").questions] == [
        "用地面积", "实缴税金", "工业增加值", "营业收入", "研发经费", "综合能耗", "主要污染物排放"
    ]  # fmt: skip


def test_footnotes_are_looked_at_once_and_not_for_each_figure(monkeypatch) -> None:
    """Twice the figures and notes ask for twice the work: 2,000 of each took 76 s."""
    looked = Counter[str]()

    def count(text: str, dictionary: object) -> bool:
        looked[text] += 1
        return names_made_up(text, dictionary)

    monkeypatch.setattr(qualifying, "names_made_up", count)
    months = [(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]
    rows = [f"昆明片区,{y}年{m}月,进出口额,{m}（注{at}）,亿元" for at, (y, m) in enumerate(months)]
    notes = [f"注{at}：第{at}条说明。,,,," for at in range(len(months))]
    read_bytes("a.csv", "\n".join(["单元,时期,指标,数值,单位", *rows, *notes]).encode())
    assert {looked[text] for text in looked if "条说明" in text} == {1}
