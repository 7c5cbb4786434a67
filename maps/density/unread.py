"""What of a table was not read: columns that are not known, rows that are no records."""

from collections.abc import Iterator, Sequence

from maps.density.answers import LineLeftOut
from maps.document.model import Paragraph
from maps.i18n import tr


def unread_blocks(
    headers: Sequence[str], rows: Sequence[LineLeftOut], lang: str
) -> Iterator[Paragraph]:
    """Yield the columns and the rows of a table that were left out."""
    if headers:
        text = tr("cli.permu_unread", lang, names=", ".join(headers))
        yield Paragraph(text=text, role="notice")
    for row in rows:
        why = tr(f"table_problems.{row.code}", lang, text=row.text or "")
        yield Paragraph(text=tr("cli.row_left_out", lang, line=row.line, why=why), role="notice")
