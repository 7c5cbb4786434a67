"""Widths of columns. Oracles: sums by hand, and the words of a page that was set."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from maps.document.cells import Column
from maps.document.column_shares import column_shares
from maps.document.model import Document, Section, Table
from maps.document.pdf import pdf_of

NAME, AREA = Column(title="layer", share=3.0), Column(title="m2", decimals=2)


def table(*rows: tuple[str, float]) -> Table:
    return Table(id="t", caption=None, columns=(NAME, AREA), rows=rows)


def test_shares_stay_where_numbers_fit() -> None:
    assert column_shares(table(("a", 1.0)), 50.0) == (0.75, 0.25)


def test_a_long_number_widens_its_column_and_the_others_give_up_for_it() -> None:
    # 14 figures, and 4 commas and points, 0.56 em each or half of it, and 1.3 em beside them.
    named, wide = column_shares(table(("a", 123_456_789_012.34)), 20.0)
    assert wide == pytest.approx((0.56 * (14 + 4 / 2) + 1.3) / 20.0)
    assert named + wide == pytest.approx(1.0)


def test_where_nothing_fits_every_number_has_its_part() -> None:
    columns = (AREA, AREA)
    both = Table(id="t", caption=None, columns=columns, rows=((123456789.0, 123456789.0),))
    assert column_shares(both, 5.0) == pytest.approx((0.5, 0.5))


def test_a_word_that_cannot_break_lies_over_no_neighbour() -> None:
    columns = (Column(title="id", share=9.0), Column(title="status"))
    made = Table(id="t", caption=None, columns=columns, rows=(("a b", "Demonstration"),))
    # 13 letters of 0.56 em, and 1.3 em beside them; a tenth of the page would be 5 em.
    assert column_shares(made, 50.0)[1] == pytest.approx((0.56 * 13 + 1.3) / 50.0)
    # An id of 16 signs breaks at its joints, here after seven; one of 15 stays whole.
    for text, signs in (("demo_ab_landuse@", 8), ("demo_land_use@1", 15)):
        made = Table(id="t", caption=None, columns=columns[::-1], rows=((text, "a"),))
        assert column_shares(made, 20.0)[0] == pytest.approx((0.56 * signs + 1.3) / 20.0)
    # On a page without room for all words the shares stay.
    assert column_shares(made, 5.0) == (0.1, 0.9)


def test_numbers_of_any_length_stay_apart_and_words_can_be_found() -> None:
    columns = (
        Column(title="Control layer", share=2.0), Column(title="Reasons", share=1.6),
        Column(title="Affected m2", decimals=2), Column(title="Share", decimals=2, share=0.6),
        Column(title="Width", decimals=3, share=0.9), Column(title="Nearest", decimals=1),
    )  # fmt: skip
    row = ("Ecological-environment units (demonstration)", "covers only part",
           81_291_796.84, 48.10, 4_171.264, 517_280.4)  # fmt: skip
    made = Table(id="t", caption="Ecological-environment units", columns=columns, rows=(row,))
    document = Document(lang="en", title="t", sections=(Section(title="", blocks=(made,)),))
    text = PdfReader(BytesIO(pdf_of(document))).pages[0].extract_text()
    for said in ("81,291,796.84", "48.10", "4,171.264", "517,280.4", "Ecological-environment"):
        assert said in text.split() or said in text.replace("-\n", "-")
