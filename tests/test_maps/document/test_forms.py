"""The block model and its forms. Oracles: sums by hand, pandas, openpyxl and pypdf as readers."""

import html
import io
import re
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from maps.answers import Basis, Title
from maps.document.book import csv_of, xlsx_of
from maps.document.cells import Column, Formula, Marked, Tag, shown
from maps.document.model import Document, Facts, Paragraph, Section, Table, basis_blocks, basis_text
from maps.document.pdf import pdf_of
from maps.document.terminal import text_of
from maps.document.web import html_of
from maps.document.word import docx_of
from maps.document.workbook import BookSheet, workbook_bytes
from maps.numbers import columns_of

COLUMNS = (
    Column(title="片区", share=2.0),
    Column(title="年份"),
    Column(title="产值", unit="亿元", decimals=2, key="value"),
    Column(title="面积", unit="km²", decimals=2, key="area"),
    Column(title="密度", decimals=3),
    Column(title="结论"),
)
ROWS = (
    ("昆明片区", 2024, Marked(value=1234.5, mark="目标"), 76.0,
     Formula(text="{value}/{area}", value=1234.5 / 76.0), Tag(text="冲突", tone="conflict")),
    ("=红河", 2024, 10.25, 14.12, Formula(text="{value}/{area}", value=10.25 / 14.12),
     Marked(value=Tag(text="未涉及", tone="clear"), mark="演示数据")),
    ("德宏片区", 2024, Marked(value=None, mark="部分月份"), 29.74, None, None),
)  # fmt: skip


def a_document(caption: str | None = None) -> Document:
    table = Table(id="密度", caption=caption, columns=COLUMNS, rows=ROWS)
    blocks = (
        *basis_blocks([Basis(status="demonstration", layer_ids=["demo_lake"])], "zh"),
        Paragraph(text="仅为估算", role="notice"),
        Facts(id="事实", caption="事实", rows=(("人口", Marked(value=12, mark="估计")),)),
        table,
        Paragraph(text="来源：统计年鉴", role="citation"),
        Paragraph(text="第一条", role="item"),
    )
    return Document(
        lang="zh", title="密度", mark="演示", sections=(Section(title="", blocks=blocks),)
    )


def all_text(data: bytes) -> str:
    """Return what a reader of a form sees, without spaces."""
    if data.startswith(b"%PDF"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            text = "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    else:
        text = data.decode("utf-8")
    return re.sub(r"\s|\u200b", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


FORMS = {
    "text": lambda d: text_of(d).encode(),
    "terminal": lambda d: text_of(d, 200).encode(),
    "csv": csv_of,
    "xlsx": xlsx_of,
    "docx": docx_of,
    "pdf": pdf_of,
    "html": html_of,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("word", ["目标", "部分月份", "演示数据", "demo_lake"])
def test_no_form_loses_what_qualifies_a_number(form: str, word: str) -> None:
    assert word in all_text(FORMS[form](a_document("密度")))


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"csv"}))
def test_every_form_says_notices_facts_and_sources(form: str) -> None:
    text = all_text(FORMS[form](a_document("密度")))
    for word in (
        "仅为估算",
        "估计",
        "统计年鉴",
        "冲突",
        "1,234.50" if form != "xlsx" else "1234.5",
    ):
        assert word in text


@pytest.mark.parametrize("form", FORMS)
def test_the_same_document_gives_the_same_bytes(form: str) -> None:
    assert FORMS[form](a_document()) == FORMS[form](a_document())


def test_pandas_reads_numbers_formulas_and_totals_as_numbers() -> None:
    table = Table(
        id="t", caption="c", columns=(Column(title="a"), Column(title="b", decimals=1)),
        rows=(("x", 1.5), ("y", 2.0)), total=("sum", 3.5),
    )  # fmt: skip
    document = Document(lang="en", title="", sections=(Section(title="", blocks=(table,)),))
    read = pd.read_excel(io.BytesIO(xlsx_of(document)), header=1)
    assert read["b"].tolist() == [1.5, 2.0, 3.5]
    book = load_workbook(io.BytesIO(xlsx_of(document)))["t"]
    assert book["B5"].value == "=SUM(B3:B4)"
    data = pd.read_excel(io.BytesIO(xlsx_of(a_document())), sheet_name="密度")
    assert data["密度"].tolist()[:2] == pytest.approx([1234.5 / 76.0, 10.25 / 14.12])
    assert data["年份"].tolist() == [2024] * 3
    assert data["产值 · 标注"].tolist()[::2] == ["目标", "部分月份"]


def test_a_formula_names_the_cells_of_its_row_beside_columns_of_marks() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_of(a_document())))["密度"]
    assert [sheet["F2"].value, sheet["F3"].value] == ["=C2/E2", "=C3/E3"]
    assert sheet["A3"].value == "'=红河"


def test_csv_has_numbers_without_thousands_and_the_standing_of_data_in_every_row() -> None:
    read = pd.read_csv(io.BytesIO(csv_of(a_document())))
    assert read["产值 (亿元)"].tolist()[:2] == [1234.5, 10.25]
    assert read["数据性质"].str.contains("demo_lake").all()
    assert read["结论 · 标注"].tolist()[1] == "演示数据"


@given(
    st.lists(
        st.one_of(st.floats(-1e9, 1e9), st.text(st.characters(codec="utf-8"), max_size=8)),
        max_size=6,
    )
)
def test_every_formula_of_a_workbook_carries_its_value(values: list) -> None:
    # What is left of a text is what XML and a spreadsheet can hold.
    rows = [["h"], *([Formula(text="1+1", value=value)] for value in values)]
    book = load_workbook(
        io.BytesIO(workbook_bytes([BookSheet(title="s", rows=rows)])), data_only=True
    )
    found = [row[0].value for row in book["s"].iter_rows(min_row=2)]
    for value, read in zip(values, found, strict=True):
        if isinstance(value, float):
            assert read == value
        else:
            assert read is None or isinstance(read, str)


def test_plain_text_is_one_line_a_row_and_chinese_is_two_columns_wide() -> None:
    lines = text_of(a_document()).splitlines()
    head = next(line for line in lines if line.startswith("片区"))
    first = next(line for line in lines if line.startswith("昆明片区"))
    # The column after a right-aligned one begins at the same column of the terminal.
    assert columns_of(head[: head.index("结论")]) == columns_of(first[: first.index("冲突")])
    assert "\x1b" not in "".join(lines)


@given(st.integers(20, 200))
def test_text_for_a_terminal_keeps_to_its_width(width: int) -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text_of(a_document(), width))
    numbers = "1,234.50 (目标)"
    if width >= 100:
        assert max(map(columns_of, plain.splitlines())) <= width
        assert numbers in plain


def test_no_name_writes_to_the_terminal() -> None:
    document = Document(lang="en", title="\x1b]0;owned\x07 [red]A[/red]")
    assert text_of(document) == "]0;owned [red]A[/red]"
    assert "[red]A[/red]" in text_of(document, 80)


def test_a_dash_and_not_zero_where_there_is_nothing() -> None:
    assert shown(Marked(value=None, mark="部分月份"), COLUMNS[2]) == "— (部分月份)"


def test_a_warning_names_the_gravest_layers_and_counts_them_all() -> None:
    titles = [Title(zh=name, en=name) for name in "abcdef"]
    basis = Basis(status="demonstration", layer_ids=[*"123456"], titles=titles)
    said = basis_text(basis, "en")
    assert "(a, b, c, d and others, 6 in all)" in said
    few = basis.model_copy(update={"titles": titles[:4]})
    assert "(a, b, c, d)" in basis_text(few, "en")
    # Kept before layers had titles there.
    assert "1, 2, 3, 4" in basis_text(basis.model_copy(update={"titles": []}), "en")


def test_rows_that_differ_in_one_column_are_one_on_paper_and_all_in_a_workbook() -> None:
    rows = (("red line", "clear"), ("farmland", "conflict"), ("lake", "clear"))
    columns = (Column(title="line"), Column(title="verdict"))
    table = Table(id="t", caption=None, columns=columns, rows=rows, joined=0)
    document = Document(lang="en", title="", sections=(Section(title="", blocks=(table,)),))
    assert "red line; lake" in text_of(document)
    sheet = load_workbook(io.BytesIO(xlsx_of(document))).worksheets[-1]
    assert [row[0] for row in sheet.iter_rows(values_only=True)][-3:] == [row[0] for row in rows]
