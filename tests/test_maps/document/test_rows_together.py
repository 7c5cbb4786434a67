"""No row of a table stands alone on a page. Oracle: the rows of each page, counted in its text."""

import io
import re

import docx
import pytest
from pypdf import PdfReader

from maps.document.cells import Cell, Column
from maps.document.model import Document, Section, Table
from maps.document.pdf import pdf_of
from maps.document.word import docx_of

TOTAL: tuple[Cell, ...] = ("row total", 1.0)


def table_of(rows: int, total: tuple[Cell, ...] | None = None) -> Document:
    table = Table(
        id="t",
        caption="Rows",
        columns=(Column(title="What"), Column(title="Value", decimals=1)),
        rows=tuple((f"row {at}", float(at)) for at in range(rows)),
        total=total,
    )
    return Document(lang="en", title="Table", sections=(Section(title="One", blocks=(table,)),))


def rows_by_page(document: Document) -> list[int]:
    pages = PdfReader(io.BytesIO(pdf_of(document))).pages
    return [len(re.findall(r"\brow (?:\d+|total)\b", page.extract_text())) for page in pages]


@pytest.mark.parametrize("total", [None, TOTAL])
def test_a_last_row_takes_the_one_before_along(total: tuple[Cell, ...] | None) -> None:
    """As the count grows by one, some table ends one row beyond its page."""
    turned = 0
    for count in range(38, 44):
        found = rows_by_page(table_of(count, total))
        assert sum(found) == count + (total is not None)
        assert 1 not in found, (count, found)
        turned += len(found) > 1 and found[-1] == 2
    assert turned


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_short_tables_keep_all_their_rows(count: int) -> None:
    assert rows_by_page(table_of(count, TOTAL)) == [count + 1]


def test_word_keeps_the_first_and_the_last_row_with_another() -> None:
    table = docx.Document(io.BytesIO(docx_of(table_of(60)))).tables[0]
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
    # The head, the first row, and the last but one.
    assert [at for at, one in enumerate(kept) if one] == [0, 1, 59]
