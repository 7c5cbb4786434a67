"""A target beside the figures of a quarter is that of the year. Oracle: tables by hand."""

import io

import openpyxl
import pytest

from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone


def read(planned: str) -> TableValues:
    """Read a table whose heading spans a planned figure and one of nine months."""
    book = openpyxl.Workbook()
    for row in (
        ["2026年1-9月主要经济指标完成情况"],
        ["片区", "工业总产值（亿元）", None],
        [None, planned, "2026年1-9月"],
        ["昆明片区", 300, 235],
    ):
        book.active.append(row)
    book.active.merge_cells("B2:C2")
    book.active.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    sheet = read_sheet(
        "表.xlsx", stream.getvalue(), sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS
    )
    names = unit_names(shipped_zone())
    options = TableOptions(source="统计局", quality="official")
    return read_table(
        sheet,
        options,
        load_dictionary(),
        lambda text: names.get(plain_word(text)),
        parts_of(shipped_zone()),
    )


def times(table: TableValues) -> dict[float, tuple[str, str]]:
    return {one.value: (one.period, one.months) for one in table.observations}


@pytest.mark.parametrize(
    ("heading", "nature", "asked"),
    [("2026年目标", "target", []), ("全年目标", "target", []), ("2026年预计", "estimate", []),
     ("年度目标", "target", ["plan_of_the_year"]), ("计划", "target", ["plan_of_the_year"])],
)  # fmt: skip
def test_months_of_a_title_are_not_those_of_a_plan(
    heading: str, nature: str, asked: list[str]
) -> None:
    table = read(heading)
    assert times(table) == {300.0: (nature, ""), 235.0: ("partial_year", "01-09")}
    assert [one.code for one in table.questions if one.code == "plan_of_the_year"] == asked


def test_a_plan_of_months_stays_one_of_months() -> None:
    assert times(read("2026年1-9月目标"))[300.0] == ("target", "01-09")


def test_a_preliminary_figure_is_still_one_of_the_months() -> None:
    assert times(read("2026年快报"))[300.0] == ("preliminary", "01-09")
