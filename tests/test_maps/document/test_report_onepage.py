"""Sheets of one subject. Oracle: the text that pypdf reads out of the PDF."""

import io

import pytest
from pypdf import PdfReader

from maps.document.cells import Column, Tag
from maps.document.model import Document, Facts, Paragraph, Table, sheet_of
from maps.document.onepage import sheet_pdf
from maps.document.pdf import pdf_of

HOSTILE = [
    '#eval("1+1")',
    '#read("/etc/passwd")',
    "$x^2$ `raw` *bold* _it_ <label> @ref",
    '"] #panic("x") [',
    "</script><script>alert(1)</script>",
    "\\u{41}",
    "=HYPERLINK(1)",
    "}{{7*7}}${7*7}",
]


def a_sheet(rows: int, name: str = "昆明片区") -> Document:
    table = Table(
        id="rows",
        caption="各年地区生产总值",
        columns=(Column(title="年份"), Column(title="亿元", decimals=2)),
        rows=tuple((str(1990 + at), 1000.0 + at) for at in range(rows)),
        total=("合计", sum(1000.0 + at for at in range(rows))),
    )
    facts = Facts(
        id="facts", caption=None, rows=(("名称", name), ("结论", Tag(text="冲突", tone="conflict")))
    )
    blocks = (Paragraph(text="演示数据", role="notice", tone="conflict"), facts, table)
    return sheet_of(name, blocks, lang="zh", mark="演示数据", foot="来源：年鉴")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_sheet_says_what_it_was_given() -> None:
    text = text_of(sheet_pdf(a_sheet(3)))
    for word in ("昆明片区", "演示数据", "表 1", "1,000.00", "3,003.00", "冲突", "1 / 1"):
        assert word in text


@pytest.mark.parametrize("rows", [5, 36])
def test_a_sheet_is_made_to_fit_one_page(rows: int) -> None:
    assert len(PdfReader(io.BytesIO(sheet_pdf(a_sheet(rows)))).pages) == 1


def test_too_much_for_a_page_runs_on_and_repeats_the_head() -> None:
    pages = PdfReader(io.BytesIO(sheet_pdf(a_sheet(120)))).pages
    assert len(pages) > 1
    assert all("年份" in page.extract_text() for page in pages)
    assert "2109" in pages[-1].extract_text()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_printed_and_not_obeyed(name: str) -> None:
    # typst would fail on the panic, print 49 or the file; spaces are up to the line breaks.
    plain = text_of(sheet_pdf(a_sheet(1, name))).replace("\u200b", "").replace("\n", "")
    assert name.replace(" ", "") in plain.replace(" ", "")


def test_control_characters_are_left_out() -> None:
    text = text_of(sheet_pdf(a_sheet(1, "甲\x00\x07\u202e乙")))
    assert "甲乙" in text


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert pdf_of(a_sheet(4)) == pdf_of(a_sheet(4))
