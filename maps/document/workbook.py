"""Tables as files for spreadsheets: workbooks with living formulas, and CSV for Excel.

openpyxl writes formulas without what they come to, so that whoever does not compute
(previewers, pandas) finds nothing: the values are put into the sheets it has written.

Text from anybody's files is defused: what a spreadsheet would take for a formula is led
by an apostrophe. Only a :class:`Formula` is one.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from maps.document.cells import Formula

_LONGEST: Final = 32_767
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CLOCK: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_BOM: Final = "\ufeff"
_HEAD_COLOUR: Final = "DCE9F0"
_ROWS_PER_CM: Final = 1.9
_FORMULA_XML: Final = re.compile(
    rb'(?P<start><c r="(?P<name>[A-Z]+[0-9]+)"[^>]*)(?P<formula>><f>[^<]*</f>)<v ?(?:/>|></v>)'
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that shows in a form, such as with four decimals."""

    value: float
    form: str


Cell = str | float | int | None | Formula | Number


@dataclass(frozen=True, slots=True, kw_only=True)
class BookChart:
    """Horizontal bars over cells of a sheet; columns and rows count from 1.

    ``names`` are the first and the last column of what the bars are called.
    ``rows`` are the first and the last row of the bars; the heads stand in ``head``.
    """

    title: str
    names: tuple[int, int]
    values: tuple[int, ...]
    head: int
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSheet:
    """One sheet. ``heads`` are the numbers of header rows, from 1; below the last one it scrolls.

    ``widths`` are in characters, by column; columns without one are 14 wide.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    heads: tuple[int, ...] = (1,)
    widths: tuple[int, ...] = ()
    filtered: bool = False
    """Whether the columns below the first head can be filtered."""
    charts: tuple[BookChart, ...] = ()
    """Charts, which stand below the rows."""


def workbook_bytes(sheets: Iterable[BookSheet]) -> bytes:
    """Return a workbook; the same sheets give the same bytes."""
    # 0.3 s, and only for those who ask for a workbook.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    values: dict[str, dict[str, float | str]] = {}
    for number, sheet in enumerate(sheets, start=1):
        _add(book, sheet)
        values[f"xl/worksheets/sheet{number}.xml"] = _formula_values(sheet)
    written = io.BytesIO()
    book.save(written)
    return without_clock(
        written.getvalue(), lambda name, part: _with_values(part, values.get(name, {}))
    )


def csv_bytes(rows: Iterable[Sequence[str | float | int | None]]) -> bytes:
    """Return rows as CSV in UTF-8 with the mark by which Excel knows it, lines ended by CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(
        [["" if cell is None else defuse_formula(cell) for cell in row] for row in rows]
    )
    return (_BOM + text.getvalue()).encode("utf-8")


def defuse_formula(value: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> defuse_formula("=1+1"), defuse_formula("昆明"), defuse_formula(-3.0)
    ("'=1+1", '昆明', -3.0)
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)[: _LONGEST - 1]
    return f"'{text}" if text.startswith(_FORMULA) else text


def without_clock(
    data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part
) -> bytes:
    """Return an office file without the time of its writing, its parts changed by name."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z", change(name, old.read(name)))
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _formula_values(content: BookSheet) -> dict[str, float | str]:
    """Return the values of a sheet's formulas by the name of their cell."""
    return {
        f"{column_letter(at)}{number}": cell.value
        for number, row in enumerate(content.rows, start=1)
        for at, cell in enumerate(row, start=1)
        if isinstance(cell, Formula) and cell.value is not None
    }


def _with_values(part: bytes, values: Mapping[str, float | str]) -> bytes:
    """Return a sheet whose formulas carry their values; a text is said to be one."""

    def filled(found: re.Match[bytes]) -> bytes:
        value = values.get(found["name"].decode("ascii"))
        if value is None:
            return found[0]
        if isinstance(value, str):
            kind, said = b' t="str"', escape(_CONTROL.sub("", value))
        else:
            kind, said = b"", repr(float(value))
        return found["start"] + kind + found["formula"] + f"<v>{said}</v>".encode()

    return _FORMULA_XML.sub(filled, part) if values else part


def _add(book: Any, content: BookSheet) -> None:  # noqa: ANN401 - imported late
    sheet = book.create_sheet(content.title)
    sheet.freeze_panes = f"B{max(content.heads, default=0) + 1}"
    columns = max((len(row) for row in content.rows), default=0)
    if content.filtered:
        sheet.auto_filter.ref = f"A1:{column_letter(columns)}{len(content.rows)}"
    for at in range(columns):
        width = content.widths[at] if at < len(content.widths) else 14
        sheet.column_dimensions[column_letter(at + 1)].width = width
    for number, row in enumerate(content.rows, start=1):
        head = number in content.heads
        sheet.append([_cell(sheet, value, head=head) for value in row])
    below = len(content.rows) + 3
    for chart in content.charts:
        drawn = _bars(sheet, chart)
        sheet.add_chart(drawn, f"A{below}")
        below += int(drawn.height * _ROWS_PER_CM) + 3


def _bars(sheet: Any, content: BookChart) -> Any:  # noqa: ANN401 - imported late
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415 - see workbook_bytes

    first, last = content.rows
    chart: Any = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, content.title
    chart.gapWidth = 60
    for column in content.values:
        cells = Reference(sheet, min_col=column, min_row=content.head, max_row=last)
        chart.add_data(cells, titles_from_data=True)
    left, right = content.names
    named = Reference(sheet, min_col=left, max_col=right, min_row=first, max_row=last)
    chart.set_categories(named)
    # As the table is read: its first row on top.
    chart.x_axis.scaling.orientation = "maxMin"
    # Newer spreadsheets hide axes that do not say that they are to be seen.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = chart.legend if len(content.values) > 1 else None
    chart.width, chart.height = 24.0, 3.0 + 0.8 * (last - first + 1) * len(content.values)
    return chart


def column_letter(number: int) -> str:
    """Return the name of a column, counted from 1.

    Examples
    --------
    >>> [column_letter(number) for number in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell(sheet: Any, value: Cell, *, head: bool) -> Any:  # noqa: ANN401 - openpyxl is vague
    if not head and not isinstance(value, (Formula, Number)):
        return defuse_formula(value)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see workbook_bytes
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415

    if isinstance(value, Formula):
        cell = WriteOnlyCell(sheet, value=f"={value.text}")
        cell.number_format = value.form or "General"
        return cell
    if isinstance(value, Number):
        cell = WriteOnlyCell(sheet, value=value.value)
        cell.number_format = value.form
        return cell
    safe: Any = defuse_formula(value)
    cell = WriteOnlyCell(sheet, value=safe)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEAD_COLOUR)
    return cell
