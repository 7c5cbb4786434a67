"""Who made a sheet, when, and what it may be used for: the last lines of what is handed in."""

import dataclasses
from datetime import date

from maps.document.model import Document, Facts, Paragraph
from maps.i18n import tr


def signed(document: Document, maker: str | None, day: date) -> Document:
    """Return a document that ends with its maker, its day and a note on its use.

    Without a maker a line is left for it: whoever hands a sheet in stands for it.
    """
    lang = document.lang
    facts = Facts(
        id="signed",
        caption=None,
        rows=(
            (tr("report.maker", lang), maker or tr("signed.to_fill", lang)),
            (tr("signed.day", lang), day.isoformat()),
            (tr("signed.program", lang), tr("report.brand", lang)),
        ),
    )
    note = Paragraph(text=tr("signed.note", lang), role="small")
    *before, last = document.sections
    ended = dataclasses.replace(last, blocks=(*last.blocks, facts, note))
    return dataclasses.replace(document, sections=(*before, ended))
