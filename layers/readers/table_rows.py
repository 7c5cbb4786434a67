"""What each row of a table of boundary points is: a point, or one of the things around them."""

import re
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import Final

from geo.measure.angles import parse_degrees
from layers.model import Issue, Severity
from layers.readers.rounded_numbers import is_rounded
from layers.readers.sheets import Cell, Sheet, number_of
from layers.readers.table_columns import Columns, role_of

_POINT_LABEL: Final = re.compile(r"[A-Za-z]{0,6}[-_]?\d{1,6}['’]?")
_PAGE: Final = re.compile(
    r"页|坐标(?:成果)?表|成果表|界址点表|单位[:：]|制表|制图|检查|复核|审核|测量员|日期|备注|说明|注[:：]"
    r"|面积|合计|坐标系|高程|中央|带号|比例尺|page|total|note",
    re.I,
)
_MOST_NAMED: Final = 10
_COORDINATES: Final = ("north", "east", "x", "y")


class RowKind(StrEnum):
    """What a row is. ``UNREADABLE``: a point whose coordinates are none."""

    POINT = "point"
    BLANK = "blank"
    HEADER = "header"
    HEADING = "heading"
    SIDE = "side"
    NOTE = "note"
    UNREADABLE = "unreadable"


def kind_of_row(  # noqa: PLR0911 - one return for each kind
    row: Sequence[Cell], columns: Columns, *, below_header: bool
) -> RowKind:
    """Return what a row is, by its cells alone.

    ``below_header``: the row before names the columns, so that this one may hold units.
    A heading is the only text of a row and may be the name of a plot; a note is what no
    plot is called. Lengths of sides stand alone in rows between those of the points.
    """
    filled = [cell for cell in row if cell is not None]
    if not filled:
        return RowKind.BLANK
    pairs = [[cell_at(row, at) for at in pair] for pair in columns.pairs]
    numbers = [[coordinate_of(cell) for cell in pair] for pair in pairs]
    if any(None not in pair for pair in numbers):
        # One of several points side by side may lack a half.
        half = any((a is None) != (b is None) for a, b in numbers)
        return RowKind.UNREADABLE if half else RowKind.POINT
    if _names_columns(row) or (below_header and _without_digits(pairs)):
        return RowKind.HEADER
    labels = [text_at(row, at) for at in columns.points if at is not None]
    labelled = any(_POINT_LABEL.fullmatch(label) for label in labels)
    texts = [cell for pair in pairs for cell in pair if isinstance(cell, str)]
    if labelled or any(None not in pair for pair in pairs):
        return RowKind.UNREADABLE
    if any(number is not None for pair in numbers for number in pair):
        return RowKind.NOTE if any(labels) else RowKind.UNREADABLE
    if len(filled) == 1 and isinstance(filled[0], str) and coordinate_of(filled[0]) is None:
        return RowKind.NOTE if _PAGE.search(filled[0][:200]) else RowKind.HEADING
    if not texts and all(coordinate_of(cell) is not None for cell in filled):
        return RowKind.SIDE
    return RowKind.NOTE


def coordinate_of(cell: Cell) -> float | None:
    """Return a cell as metres or degrees, None where it is neither, or was rounded."""
    if isinstance(cell, str) and is_rounded(cell):
        return None
    number = number_of(cell)
    if number is None and isinstance(cell, str):
        number = parse_degrees(cell)
    return number


def cell_at(row: Sequence[Cell], at: int | None) -> Cell:
    """Return a cell, None beyond the end of the row."""
    return row[at] if at is not None and at < len(row) else None


def text_at(row: Sequence[Cell], at: int | None) -> str:
    """Return a cell as text, whole numbers without a point."""
    cell = cell_at(row, at)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _names_columns(row: Sequence[Cell]) -> bool:
    roles = [role_of(cell) for cell in row]
    return sum(role in _COORDINATES for role in roles) >= 2


def _without_digits(pairs: Sequence[Sequence[Cell]]) -> bool:
    cells = [str(cell) for pair in pairs for cell in pair if cell is not None]
    return bool(cells) and not any(re.search(r"\d", cell) for cell in cells)


def unseen_issues(
    table: Sheet, lines: Collection[int], columns: Collection[int] = ()
) -> Iterator[Issue]:
    """Say which of the lines and columns that were read nobody sees, or somebody struck out."""
    if table.unseen:
        yield Issue(code="sheet_hidden", severity=Severity.WARNING, params={"sheet": table.name})
    if hidden := [at + 1 for at in table.hidden_columns if at in columns]:
        yield Issue(code="columns_hidden", severity=Severity.WARNING, params={"columns": hidden})
    if texts := [text for line, _, text in table.comments if line in lines]:
        params = {"count": len(texts), "texts": "; ".join(texts[:_MOST_NAMED])[:200]}
        yield Issue(code="cell_comments", severity=Severity.WARNING, params=params)
    for code, unseen in (("rows_hidden", table.hidden), ("rows_struck", table.struck)):
        if found := [line for line in unseen if line in lines]:
            params = {"count": len(found), "lines": found[:_MOST_NAMED]}
            yield Issue(code=code, severity=Severity.WARNING, params=params)
