"""A document for spreadsheets: XLSX with a sheet for each kind of table, and CSV of one table."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from geo.units import round_as_printed
from maps.document.cells import (
    Cell,
    Column,
    Formula,
    Plain,
    Tag,
    mark_of,
    plain,
    with_mark_columns,
)
from maps.document.model import (
    Document,
    Facts,
    Figure,
    Paragraph,
    Table,
    number_blocks,
    printable,
    qualifiers,
)
from maps.document.workbook import (
    BookChart,
    BookSheet,
    Number,
    column_letter,
    csv_bytes,
    workbook_bytes,
)
from maps.document.workbook import Cell as BookCell
from maps.i18n import tr

_ROW: Final = "\x00"
"""Stands for the number of the row until it is known."""
_NAME_WIDTH: Final = 28
_TEXT_WIDTH: Final = 60
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST: Final = 31
_SAID: Final = ("notice", "basis", "citation")
"""Texts without which numbers could be misread; a workbook has them on its first sheet."""


def xlsx_of(document: Document) -> bytes:
    """Return the tables of a document as a workbook; equal documents give equal bytes.

    Numbers are numbers. Where a table has a total they have the decimals of print, so that
    what is seen is what adds up, and the total is a formula with its value. Tables of one
    kind share a sheet. What qualifies a cell stands in a column of its own. A first sheet
    has title, mark, notices, basis and sources; other texts and drawings are left out.
    """
    document = number_blocks(printable(document))
    cover = _cover(document)
    return workbook_bytes([*([cover] if cover.rows else []), *_sheets(document)])


def csv_of(document: Document, table_id: str | None = None) -> bytes:
    """Return one table of a document as CSV, the first unless another is named.

    Tables of its name, and without a name all tables, follow below it if they have its columns.
    Numbers have no thousands marks and all their digits; there is no row of totals, so that
    a sum over a column is right. What qualifies a cell stands in a column of its own; what
    qualifies the document (demonstration, target, estimate) in the last, in every row.

    Raises
    ------
    LookupError
        There is no such table: a fault of the program.
    """
    document = printable(document)
    found = [table for table in _tables(document) if table_id in (None, table.id)]
    if not found:
        raise LookupError(table_id)
    mark = tr("report.mark", document.lang)
    alike = [row for table in found if table.columns == found[0].columns for row in table.rows]
    columns, rows = with_mark_columns(found[0].columns, alike, mark)
    heads, said = [column.head for column in columns], "; ".join(qualifiers(document))
    if said:
        heads.append(tr("report.qualified", document.lang))
    return csv_bytes([heads, *([*map(_csv_cell, row), *([said] if said else [])] for row in rows)])


def _tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        yield from (block for block in section.blocks if isinstance(block, Table))


def _csv_cell(cell: Plain) -> str | float | None:
    value = cell.value if isinstance(cell, Formula) else cell
    return value.text if isinstance(value, Tag) else value


def _cover(document: Document) -> BookSheet:
    cover = document.cover
    heads = [document.title, document.subtitle, document.mark]
    said = list(heads)
    if cover:
        said += [cover.conclusion.text, cover.summary, *cover.notices]
    rows: list[list[BookCell]] = [[text] for text in heads if text]
    rows += [[name, tag.text] for name, tag in cover.lines] if cover else []
    rows += [[text] for text in said[len(heads) :] if text]
    rows += [[name, value] for name, value in cover.facts] if cover else []
    paragraphs = [
        block.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and block.role in _SAID
    ]
    later = dict.fromkeys((*paragraphs, document.foot))
    rows += [[text] for text in later if text and text not in said]
    title = tr("report.sheet_cover", document.lang)
    return BookSheet(title=title, rows=rows, heads=(1,), widths=(_NAME_WIDTH, _TEXT_WIDTH))


def _sheets(document: Document) -> Iterator[BookSheet]:
    groups: dict[str, list[Table | Facts]] = {}
    figures: dict[str, list[Figure]] = {}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, (Table, Facts)):
                groups.setdefault(block.id, []).append(block)
            elif isinstance(block, Figure) and block.charted:
                figures.setdefault(block.charted.table, []).append(block)
    for name, blocks in groups.items():
        title = name.translate(_FORBIDDEN)[:_LONGEST]
        tables = [block for block in blocks if isinstance(block, Table)]
        facts = [block for block in blocks if isinstance(block, Facts)]
        if tables:
            yield _table_sheet(title, tables, document.lang, figures.get(name, ()))
        else:
            yield _facts_sheet(title, facts)


def _facts_sheet(title: str, blocks: Sequence[Facts]) -> BookSheet:
    rows: list[list[BookCell]] = []
    for block in blocks:
        rows.append([block.caption or title])
        rows += [[name, _cell(plain(value)), mark_of(value)] for name, value in block.rows]
    return BookSheet(title=title, rows=rows, heads=(1,), widths=(_NAME_WIDTH, _TEXT_WIDTH))


def _table_sheet(
    title: str, tables: Sequence[Table], lang: str, figures: Sequence[Figure] = ()
) -> BookSheet:
    """Return tables of the same columns as one, below a title and a head.

    Several are told apart by a first column. A single one without a caption has no title.
    """
    several, caption = len(tables) > 1, tables[0].caption
    every = [row for table in tables for row in _lines(table)]
    columns, cells = with_mark_columns(tables[0].columns, every, tr("report.mark", lang))
    lead = [Column(title=tr("report.table", lang))] if several else []
    rows: list[list[BookCell]] = [[title if several else caption]] if caption else []
    head = len(rows) + len(tables[0].given) + 1
    places = _places([*lead, *columns], (head + 1, head + len(every)))
    for column, value in tables[0].given:
        rows.append([column.head, _cell(_placed(plain(value), places, 0), column), mark_of(value)])
        places[column.key or ""] = f"$B${len(rows)}"
    rows.append([column.head for column in (*lead, *columns)])
    left = iter(cells)
    for table in tables:
        name, top = [table.caption] if several else [], len(rows) + 1
        rounded = table.total is not None and not _computes(table)
        for line in _lines(table):
            last = (top, len(rows)) if line is table.total else None
            own = zip(next(left), columns, strict=True)
            at = len(rows) + 1
            rows.append(
                [
                    *name,
                    *(
                        _sum(cell, column, column_letter(place), last, rounded=rounded)
                        if last and isinstance(cell, (int, float))
                        else _cell(_placed(cell, places, at), column, rounded=rounded)
                        for place, (cell, column) in enumerate(own, start=1 + len(lead))
                    ),
                ]
            )
    if tables[0].note:
        rows += [[], [tables[0].note]]
    widths = [_NAME_WIDTH] * several + [round(8 + 8 * column.share) for column in columns]
    filtered = not (caption or tables[0].note)
    # Rows of totals are no bars; of several tables one chart would mix what is not alike.
    bars = () if several or not tables[0].rows else figures
    span = (head + 1, head + len(tables[0].rows))
    return BookSheet(
        title=title,
        rows=rows,
        heads=(head,),
        widths=tuple(widths),
        filtered=filtered,
        charts=tuple(_chart(figure, [*lead, *columns], head, span) for figure in bars),
    )


def _chart(
    figure: Figure, columns: Sequence[Column], head: int, rows: tuple[int, int]
) -> BookChart:
    """Return a figure as a chart over the cells that it was drawn of."""
    charted = figure.charted
    if charted is None:
        raise LookupError(figure.caption)
    places = {column.key: at for at, column in enumerate(columns, start=1)}
    return BookChart(
        title=figure.caption,
        names=(places[charted.names[0]], places[charted.names[-1]]),
        values=tuple(places[key] for key in charted.values),
        head=head,
        rows=rows,
    )


def _computes(table: Table) -> bool:
    """Return whether rows hold formulas: they need all digits of what they compute with."""
    return any(isinstance(plain(cell), Formula) for row in table.rows for cell in row)


def _lines(table: Table) -> Iterator[Sequence[Cell]]:
    yield from table.rows
    if table.total is not None:
        yield table.total


def _places(columns: Sequence[Column], span: tuple[int, int]) -> dict[str, str]:
    """Return where formulas find a column: in their own row, and from first to last row."""
    places = {}
    for at, column in enumerate(columns, start=1):
        if column.key:
            letter = column_letter(at)
            places[column.key] = f"{letter}{_ROW}"
            places[f"{column.key}_all"] = f"{letter}${span[0]}:{letter}${span[1]}"
    return places


def _placed(cell: Plain, places: Mapping[str, str], row: int) -> Plain:
    """Return a formula with what it names as cells, those of columns in its row."""
    if not isinstance(cell, Formula):
        return cell
    text = cell.text.format_map(places).replace(_ROW, str(row))
    return dataclasses.replace(cell, text=text)


def _sum(
    cell: float, column: Column, letter: str, span: tuple[int, int], *, rounded: bool
) -> BookCell:
    """Return a number of the last row as the sum of the cells above it."""
    text = f"SUM({letter}{span[0]}:{letter}{span[1]})"
    return Formula(
        text=text,
        value=round_as_printed(cell, column.decimals or 0) if rounded else cell,
        form=column.form,
    )


def _cell(cell: Plain, column: Column | None = None, *, rounded: bool = False) -> BookCell:
    if isinstance(cell, Tag):
        return cell.text
    form = column.form if column else "General"
    if isinstance(cell, Formula):
        return dataclasses.replace(cell, form=cell.form or form)
    if isinstance(cell, (int, float)) and column and column.decimals is not None:
        value = round_as_printed(cell, column.decimals)
        # What reads as zero is none below zero.
        return Number(value=value if rounded or not value else cell, form=form)
    return cell
