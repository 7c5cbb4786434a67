"""A document for a terminal: lines that a pipe can cut, or tables that fit a window."""

import io
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from maps.document.cells import Cell, Column, Tone, plain, shown, tag_of
from maps.document.model import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
    printable,
)
from maps.document.paper import on_paper
from maps.document.tones import tones
from maps.numbers import GAP, columns_of

_LEADS: Final = {"notice": "! ", "basis": "! ", "item": "- ", "quote": "  "}
_PLAIN: Final = Column(title="")

Line: TypeAlias = tuple[str, Tone | None]


def text_of(document: Document, width: int | None = None) -> str:
    """Return a document as text.

    Parameters
    ----------
    document : Document
        Drawings are named by their captions.
    width : int, optional
        Columns of a terminal: texts and cells are wrapped, verdicts coloured. Without it the
        text is plain and a row of a table is one line, however long, for files and pipes.

    Returns
    -------
    str
        A Chinese character is two columns wide. Control characters are left out, so that
        no name from a file can write to the terminal.
    """
    parts = list(_parts(printable(on_paper(document))))
    if width is None:
        return "\n".join(_plain_lines(parts)).strip("\n")
    return _for_terminal(parts, width)


def _parts(document: Document) -> Iterator[Line | Table]:
    """Return lines with their tone, and tables, in the order of print."""
    cover = document.cover
    if document.title:
        yield "  ".join(filter(None, (document.title, document.subtitle))), None
    if document.mark:
        yield f"! {document.mark}", "conflict"
    if cover:
        yield from _facts(cover.lines)
        yield cover.conclusion.text, cover.conclusion.tone
        yield cover.summary, None
        yield from ((f"! {notice}", "conflict") for notice in cover.notices)
        yield from _facts(cover.facts)
    for number, section in enumerate(document.sections):
        if number or document.title:
            yield "", None
        yield from _section(section)
    if document.foot:
        yield from (("", None), (document.foot, None))


def _section(section: Section) -> Iterator[Line | Table]:
    if section.title:
        yield section.title, None
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Line | Table]:
    match block:
        case Heading():
            yield from (("", None), (block.text, None))
        case Paragraph():
            lead = _LEADS.get(block.role, "")
            tone = block.tone or ("warning" if block.role in ("notice", "basis") else None)
            yield lead + block.text.replace("\n", "\n" + " " * len(lead)), tone
        case Facts():
            if block.caption:
                yield block.caption, None
            yield from _facts(block.rows)
        case Table():
            if block.caption:
                yield block.caption, None
            yield block
            if block.note:
                yield block.note, None
        case Figure():
            yield f"[{block.caption}]", None


def _facts(rows: Sequence[tuple[str, Cell]]) -> Iterator[Line]:
    width = max((columns_of(name) for name, _ in rows), default=0)
    for name, value in rows:
        tag = tag_of(value)
        text = f"{_padded(name, width, right=False)}{GAP}{shown(value, _PLAIN)}"
        yield text, tag.tone if tag else None


def _plain_lines(parts: Sequence[Line | Table]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Table):
            yield from _aligned(part)
        else:
            yield part[0]


def _lines_of(table: Table) -> Iterator[Sequence[Cell]]:
    yield from table.rows
    if table.total is not None:
        yield table.total


def _texts(row: Sequence[Cell], table: Table) -> list[str]:
    """Return a row as text; what a total has no number for stays empty."""
    return [
        "" if row is table.total and plain(cell) is None else " ".join(shown(cell, column).split())
        for cell, column in zip(row, table.columns, strict=True)
    ]


def _aligned(table: Table) -> Iterator[str]:
    rows = [[column.head for column in table.columns]]
    rows += [_texts(row, table) for row in _lines_of(table)]
    widths = [max(columns_of(row[at]) for row in rows) for at in range(len(table.columns))]
    for row in rows:
        cells = (
            _padded(cell, width, right=column.right)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        yield GAP.join(cells).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - columns_of(text))
    return space + text if right else text + space


def _for_terminal(parts: Sequence[Line | Table], width: int) -> str:
    # 0.1 s, and only for those who sit at a terminal.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    colours = tones()
    written = io.StringIO()
    console = Console(
        file=written, width=width, force_terminal=True, color_system="truecolor", highlight=False,
        legacy_windows=False,
    )  # fmt: skip
    for part in parts:
        if isinstance(part, Table):
            console.print(_terminal_table(part))
        else:
            text, tone = part
            console.print(Text(text, style=colours[tone] if tone else ""))
    return written.getvalue().rstrip("\n")


def _terminal_table(table: Table) -> object:
    from rich import box  # noqa: PLC0415 - see _for_terminal
    from rich.table import Table as TerminalTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    colours = tones()
    drawn = TerminalTable(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=False)
    for column in table.columns:
        # Numbers are never broken over lines: half a number is another number.
        number = column.decimals is not None
        drawn.add_column(
            Text(column.head),
            justify="right" if column.right else "left",
            no_wrap=number,
            overflow="fold",
        )
    for row in _lines_of(table):
        tags = [tag_of(cell) for cell in row]
        drawn.add_row(
            *(
                Text(text, style=colours[tag.tone] if tag else "")
                for text, tag in zip(_texts(row, table), tags, strict=True)
            )
        )
    return drawn
