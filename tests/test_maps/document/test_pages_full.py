"""A table and its figure leave no page half empty. Oracle: which rows the text of a page has."""

import io
import re

import numpy as np
import pytest
import shapely
from pypdf import PdfReader

from maps.document.cells import Column
from maps.document.model import (
    Document,
    Figure,
    Paragraph,
    Section,
    SlowPicture,
    Table,
    sheet_of,
)
from maps.document.pdf import pages_of, pdf_of
from maps.figure.model import MapSheet
from maps.figure.picture import MapPicture

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="500"><rect width="600" height="500" fill="#0f3d5c"/></svg>'


class Drawing:
    """A picture of the size that maps of a report have."""

    def svg(self) -> bytes:
        return SQUARE

    def png(self) -> bytes:
        raise NotImplementedError


class SlowDrawing(Drawing):
    """The same picture, known by its size before it is drawn; it counts how often that is."""

    drawn = 0

    def svg(self) -> bytes:
        self.drawn += 1
        return super().svg()

    def blank(self) -> bytes:
        return SQUARE.split(b"<rect")[0] + b"</svg>"


def page_texts(words_in_note: int) -> list[str]:
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
    first, *others = page_texts(words)
    assert len(others) == 1
    # A short table stays with its figure; a tall one would leave most of the first page empty.
    assert ("row 0" in first) != with_the_figure
    assert "Where they lie" in others[0]


def test_text_that_is_set_before_its_map_is_drawn_changes_no_byte() -> None:
    slow = SlowDrawing()
    both = [
        sheet_of("Map", (Figure(caption="One", alt="map", picture=picture),), lang="en")
        for picture in (Drawing(), slow)
    ]
    assert pages_of(both[1], 10.5) == pages_of(both[0], 10.5) == 1
    assert slow.drawn == 0
    assert pdf_of(both[0]) == pdf_of(both[1])
    assert slow.drawn == 1


def test_a_map_has_its_size_before_it_is_drawn() -> None:
    focus = np.array([shapely.box(102.7, 24.9, 102.8, 25.0)])
    picture = MapPicture(sheet=MapSheet(lang="en", layers=(), focus=focus))
    assert isinstance(picture, SlowPicture)
    sizes = [
        re.search(rb'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
        for svg in (picture.blank(), picture.svg())
    ]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert sizes[0].groups() == sizes[1].groups()
