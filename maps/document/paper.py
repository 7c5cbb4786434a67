"""What is read, on paper or at a terminal, of a document that spreadsheets have whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar

from maps.document.cells import Cell, plain, shown
from maps.document.model import Block, Document, Facts, Table
from maps.i18n import tr

T = TypeVar("T")
Row: TypeAlias = tuple[Cell, ...]


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
    every = block.rows if block.joined is None else join_rows(block.rows, block.joined, lang)
    rows = every[: block.most_rows]
    note = block.note
    if more := len(every) - len(rows):
        note = " ".join(filter(None, (note, tr("report.more_rows", lang, count=more))))
    given = [(column, value) for column, value in block.given if not column.data_only]
    if given:
        facts = tuple((column.head, shown(value, column)) for column, value in given)
        yield Facts(id=block.id, caption=None, rows=facts)
    yield replace(
        block,
        note=note,
        given=(),
        joined=None,
        columns=_kept(block.columns, read),
        rows=tuple(_kept(row, read) for row in rows),
        total=_kept(block.total, read) if block.total else None,
    )


def join_rows(rows: tuple[Row, ...], joined: int, lang: str) -> tuple[Row, ...]:
    """Return rows of which those that differ in one column alone are one, in the first's place.

    Examples
    --------
    >>> join_rows((("a", "x"), ("b", "y"), ("c", "x")), 0, "en")
    (('a; c', 'x'), ('b', 'y'))
    """
    found: dict[Row, list[Cell]] = {}
    for row in rows:
        found.setdefault((*row[:joined], *row[joined + 1 :]), []).append(row[joined])
    mark = tr("report.rows_mark", lang)
    return tuple(
        (*rest[:joined], _listed(names, mark), *rest[joined:]) for rest, names in found.items()
    )


def _listed(cells: list[Cell], mark: str) -> Cell:
    return cells[0] if len(cells) == 1 else mark.join(str(plain(one)) for one in cells)


def _kept(cells: tuple[T, ...], read: list[bool]) -> tuple[T, ...]:
    return tuple(cell for cell, keep in zip(cells, read, strict=True) if keep)
