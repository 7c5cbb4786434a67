"""A purge as a document: what goes, and what stays although it is old."""

from collections.abc import Iterator, Sequence

from maps.data.purge_answers import Purge, PurgeEntry
from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.i18n import tr


def purge_document(answer: Purge, lang: str) -> Document:
    """Return what a purge removed, or would remove, and what it leaves."""
    return sheet_of("", tuple(_blocks(answer, lang)), lang=lang)


def _blocks(answer: Purge, lang: str) -> Iterator[Block]:
    said = {"count": len(answer.entries), "size_mb": round(answer.size_bytes / 1e6, 1)}
    key = "none" if not answer.entries else "removed" if answer.removed else "listed"
    yield Paragraph(text=tr(f"purge.{key}", lang, days=answer.days, before=answer.before, **said))
    if answer.entries:
        yield _table("goes", answer.entries, lang)
    if answer.stays:
        yield Paragraph(text=tr("purge.stays", lang, count=len(answer.stays)))
        yield _table("stays_title", answer.stays, lang)


def _table(title: str, entries: Sequence[PurgeEntry], lang: str) -> Table:
    names = ["what", "id", "name", "day", "size_bytes", *(["why"] if entries[0].stays else [])]
    columns = tuple(Column(title=tr(f"purge.col_{name}", lang)) for name in names)
    rows = tuple(_row(one, lang) for one in entries)
    return Table(id=tr(f"purge.{title}", lang), caption=None, columns=columns, rows=rows)


def _row(one: PurgeEntry, lang: str) -> tuple[Cell, ...]:
    why = (tr(f"purge.why_{one.stays}", lang),) if one.stays else ()
    return (tr(f"purge.{one.what}", lang), one.id, one.name, one.day, one.size_bytes, *why)
