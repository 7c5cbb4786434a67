"""A report as XLSX: a sheet for each kind of table, numbers as numbers, live sums."""

from collections.abc import Iterator, Sequence
from typing import Final

from maps.document.model import Cell, Column, Facts, Report, Table, Tag, numbered, printable
from maps.document.workbook import BookSheet, Formula, Number, column_letter, workbook_bytes
from maps.document.workbook import Cell as BookCell
from maps.i18n import tr

_HEAD_ROW: Final = 2
_NAME_WIDTH: Final = 28
_TEXT_WIDTH: Final = 60
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST: Final = 31


def xlsx_of(report: Report) -> bytes:
    """Return the tables of a report as a workbook; equal reports give equal bytes.

    Numbers have the decimals of print, so that what is seen is what adds up, and totals
    are formulas. Tables of one kind share a sheet, named in its first column. Texts and
    drawings are left to the other forms.
    """
    report = numbered(printable(report))
    return workbook_bytes([_cover(report), *_sheets(report)])


def _cover(report: Report) -> BookSheet:
    heads: list[list[BookCell]] = [
        [text] for text in (report.title, report.subtitle, report.mark) if text
    ]
    rows: list[list[BookCell]] = []
    if report.cover:
        cover = report.cover
        said = (cover.conclusion.text, cover.summary, *cover.notices)
        rows += [[text] for text in said]
        rows += [[name, value] for name, value in cover.facts]
    return BookSheet(
        title=tr("report.sheet_cover", report.lang),
        rows=[*heads, *rows, [report.foot]],
        heads=(1,),
        widths=(_NAME_WIDTH, _TEXT_WIDTH),
    )


def _sheets(report: Report) -> Iterator[BookSheet]:
    groups: dict[str, list[Table | Facts]] = {}
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, (Table, Facts)):
                groups.setdefault(block.id, []).append(block)
    for name, blocks in groups.items():
        title = name.translate(_FORBIDDEN)[:_LONGEST]
        tables = [block for block in blocks if isinstance(block, Table)]
        facts = [block for block in blocks if isinstance(block, Facts)]
        lead = tr("report.table", report.lang)
        yield _table_sheet(title, tables, lead) if tables else _facts_sheet(title, facts)


def _facts_sheet(title: str, blocks: Sequence[Facts]) -> BookSheet:
    rows: list[list[BookCell]] = []
    for block in blocks:
        rows.append([block.caption or title])
        rows += [[name, _text(value)] for name, value in block.rows]
    return BookSheet(title=title, rows=rows, heads=(1,), widths=(_NAME_WIDTH, _TEXT_WIDTH))


def _table_sheet(title: str, tables: Sequence[Table], lead: str) -> BookSheet:
    """Return tables of the same columns as one, below a title and a head.

    Several are told apart by a first column, whose title is ``lead``.
    """
    several = len(tables) > 1
    columns = tables[0].columns
    rows: list[list[BookCell]] = [[title if several else tables[0].caption]]
    rows.append([*([lead] if several else []), *(column.title for column in columns)])
    for table in tables:
        first = len(rows) + 1
        name = [table.caption] if several else []
        rows += [[*name, *_row(row, columns)] for row in table.rows]
        if table.total:
            rows.append([*name, *_total(table, (first, len(rows)), len(name))])
    if tables[0].note:
        rows += [[], [tables[0].note]]
    widths = [_NAME_WIDTH] * several + [round(8 + 8 * column.share) for column in columns]
    return BookSheet(title=title, rows=rows, heads=(_HEAD_ROW,), widths=tuple(widths))


def _row(row: Sequence[Cell], columns: Sequence[Column]) -> Iterator[BookCell]:
    for cell, column in zip(row, columns, strict=True):
        yield _cell(cell, column)


def _total(table: Table, span: tuple[int, int], shift: int) -> Iterator[BookCell]:
    """Return the last row: what is a number is the sum of the cells above it."""
    if table.total is None:
        return
    for at, (cell, column) in enumerate(zip(table.total, table.columns, strict=True), start=1):
        if isinstance(cell, float):
            letter = column_letter(at + shift)
            formula = f"SUM({letter}{span[0]}:{letter}{span[1]})"
            yield Formula(text=formula, form=_form(column))
        else:
            yield _cell(cell, column)


def _cell(cell: Cell, column: Column) -> BookCell:
    if isinstance(cell, (int, float)):
        return Number(value=round(cell, column.decimals or 0), form=_form(column))
    return _text(cell)


def _text(value: str | Tag | None) -> str | None:
    return value.text if isinstance(value, Tag) else value


def _form(column: Column) -> str:
    return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
