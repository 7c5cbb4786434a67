"""A sheet for one subject: title, facts, tables, figures on one A4 page.

For everything that is no report of a check: the density of a district, a candidate site.
A caller builds the blocks of :mod:`maps.document.model` and gets PDF bytes:

>>> from maps.document.cells import Column
>>> from maps.document.model import Paragraph, Table, sheet_of
>>> table = Table(
...     id="rows",
...     caption="GDP",
...     columns=(Column(title="Year"), Column(title="100 million yuan", decimals=2)),
...     rows=(("2023", 1.0), ("2024", 2.0)),
...     total=("Total", 3.0),
... )
>>> sheet = sheet_of("Kunming", (Paragraph(text="From the yearbook."), table), lang="en")
>>> sheet_pdf(sheet)[:5]
b'%PDF-'

The other forms work on the same sheet: :func:`maps.document.pdf.pdf_of` for several pages,
and Word, HTML and XLSX beside it. Drawings are given as :class:`maps.document.model.Figure`
with anything that has ``svg()`` and ``png()``; maps come from :mod:`maps.figure`.
"""

from typing import Final

from maps.document.model import Document
from maps.document.pdf import pages_of, pdf_of

_SIZES_PT: Final = (10.5, 9.75, 9.0, 8.25, 7.5)
"""From usual print down to the smallest that is still read with ease."""


def sheet_pdf(sheet: Document) -> bytes:
    """Return a sheet as PDF, on one page where its content can be read on one.

    The text is made smaller until all fits; what does not fit even in the smallest legible
    size runs on to further pages and is never cut. Of the sizes that need the fewest pages
    the largest is taken, so that no last page is nearly empty for the sake of larger text.
    """
    pages: dict[float, int] = {}
    for size_pt in _SIZES_PT:
        pages[size_pt] = pages_of(sheet, size_pt)
        if pages[size_pt] == 1:
            break
    fewest = min(pages.values())
    return pdf_of(sheet, next(size_pt for size_pt in _SIZES_PT if pages[size_pt] == fewest))
