"""A table and its figure leave no page half empty. Oracle: which rows the text of a page has."""

import io

import pytest
from pypdf import PdfReader

from maps.document.cells import Column
from maps.document.model import Document, Figure, Paragraph, Section, Table
from maps.document.pdf import pdf_of

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="500"><rect width="600" height="500" fill="#0f3d5c"/></svg>'


class Drawing:
    """A picture of the size that maps of a report have."""

    def svg(self) -> bytes:
        return SQUARE

    def png(self) -> bytes:
        raise NotImplementedError


def pages_of(words_in_note: int) -> list[str]:
    table = Table(
        id="t",
        caption="Comparison",
        columns=(Column(title="Site"), Column(title="Note", share=0.4)),
        rows=tuple((f"row {at}", "why not " * words_in_note) for at in range(3)),
    )
    figure = Figure(caption="Where they lie", alt="map", picture=Drawing())
    before = tuple(Paragraph(text=f"Paragraph {at}.") for at in range(12))
    section = Section(title="One", blocks=(*before, table, figure))
    document = Document(lang="en", title="Sites", sections=(section,))
    return [one.extract_text() for one in PdfReader(io.BytesIO(pdf_of(document))).pages]


@pytest.mark.parametrize(("words", "with_the_figure"), [(1, True), (40, False)])
def test_a_tall_table_begins_on_the_page_before_its_figure(
    words: int, *, with_the_figure: bool
) -> None:
    first, *others = pages_of(words)
    assert len(others) == 1
    # A short table stays with its figure; a tall one would leave most of the first page empty.
    assert ("row 0" in first) != with_the_figure
    assert "Where they lie" in others[0]
