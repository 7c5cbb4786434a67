"""Bars on paper and as charts of workbooks. Oracles: counted by hand, openpyxl as a second reader."""

import io
import re

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from maps.density.drawn.bars import Bar, BarChart
from maps.document.book import xlsx_of
from maps.document.cells import Column, Formula, Marked
from maps.document.model import Charted, Figure, Table, sheet_of

BARS = (
    Bar(name="甲", value=4.0, text="4.00"),
    Bar(name="乙", value=2.0, text="2.00 – 3.00", most=3.0),
    Bar(name="丙", value=None, text="没有数据"),
)


def widths(svg: str) -> list[tuple[float, str]]:
    found = re.findall(r'<rect x="[\d.]+" y="\d+" width="([\d.]+)" height="20" fill="([^"]+)"', svg)
    return [(float(width), fill) for width, fill in found]


def test_bars_are_in_one_scale_and_an_unknown_one_is_hatched() -> None:
    svg = BarChart(bars=BARS).svg().decode()
    (first, _), (least, _), (rest, _), (_, unknown) = widths(svg)
    # 4 is the longest: 300; 2 is half of it, and its upper end is 1 more.
    assert (first, least, rest) == (300.0, 150.0, 75.0)
    assert unknown == "url(#unknown)"
    assert all(text in svg for text in ("4.00", "2.00 – 3.00", "没有数据"))


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), min_size=1, max_size=30))
def test_no_bar_is_left_out_and_none_is_wider_than_the_paper(values: list) -> None:
    bars = tuple(Bar(name=str(at), value=one, text="x") for at, one in enumerate(values))
    found = widths(BarChart(bars=bars).svg().decode())
    assert len(found) == len(values)
    assert all(0.0 < width <= 300.0 + 1e-6 for width, _ in found)


def test_a_figure_over_a_table_is_a_chart_of_its_cells() -> None:
    table = Table(
        id="密度",
        caption="密度",
        columns=(Column(title="单元", key="unit"), Column(title="值", key="value", decimals=2),
                 Column(title="密度", key="density", decimals=2)),
        rows=tuple(
            (bar.name, Marked(value=bar.value, mark="估算"), Formula(text="{value}/2", value=1.0))
            for bar in BARS
        ),
    )  # fmt: skip
    charted = Charted(table="密度", names=("unit",), values=("density",))
    figure = Figure(caption="由高到低", alt="", picture=BarChart(bars=BARS), charted=charted)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(sheet_of("", (figure, table), lang="zh"))))
    sheet = book["密度"]
    (chart,) = sheet._charts
    (series,) = chart.series
    # The mark of the values has a column of its own, so densities stand one further: D.
    assert [cell.value for cell in sheet[2]] == ["单元", "值", "值 · 标注", "密度"]
    assert series.val.numRef.f == "'密度'!$D$3:$D$5"
    assert (series.cat.numRef or series.cat.strRef).f == "'密度'!$A$3:$A$5"
