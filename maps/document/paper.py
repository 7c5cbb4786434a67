"""What is read, on paper or at a terminal, of a document that spreadsheets have whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from maps.document.cells import shown
from maps.document.model import Block, Document, Facts, Table
from maps.i18n import tr

T = TypeVar("T")


def on_paper(document: Document) -> Document:
    """Return a document without the columns and rows that are for spreadsheets alone.

    Rows that are left out are counted in the note of their table.
    """
    sections = tuple(
        replace(
            section,
            blocks=tuple(
                part for block in section.blocks for part in _readable(block, document.lang)
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _readable(block: Block, lang: str) -> Iterator[Block]:
    if not isinstance(block, Table):
        yield block
        return
    read = [not column.data_only for column in block.columns]
    if not any(read):
        return
    rows = block.rows[: block.most_rows]
    note = block.note
    if more := len(block.rows) - len(rows):
        note = " ".join(filter(None, (note, tr("report.more_rows", lang, count=more))))
    given = [(column, value) for column, value in block.given if not column.data_only]
    if given:
        facts = tuple((column.head, shown(value, column)) for column, value in given)
        yield Facts(id=block.id, caption=None, rows=facts)
    yield replace(
        block,
        note=note,
        given=(),
        columns=_kept(block.columns, read),
        rows=tuple(_kept(row, read) for row in rows),
        total=_kept(block.total, read) if block.total else None,
    )


def _kept(cells: tuple[T, ...], read: list[bool]) -> tuple[T, ...]:
    return tuple(cell for cell, keep in zip(cells, read, strict=True) if keep)
