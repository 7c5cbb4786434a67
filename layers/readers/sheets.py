"""Tables as people keep them: CSV in any local encoding and habit, XLSX, and HTML as .xls."""

import csv
import io
import math
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from layers.errors import (
    DamagedFileError,
    DocumentFormatError,
    EmptyFileError,
    HostileArchiveError,
    TooComplexError,
    TooLargeError,
    UnknownFormatError,
    UnsavedFormulaError,
)
from layers.readers.archive import office_package
from layers.readers.comments import Comment
from layers.readers.encoding import decode_text
from layers.readers.errors import choice_error
from layers.readers.html_table import is_html, read_html_tables
from layers.readers.sniff import closed_format
from layers.readers.source import ReadLimits
from layers.readers.workbook import RawSheet, read_workbook

Cell = str | float | int | bool | date | None
Holds = Callable[[Sequence[Sequence[Cell]]], bool]
"""Tells whether rows hold what is looked for."""

_SEPARATORS: Final = ",\t;|，"
_FORMS: Final = ("CSV", "XLSX", "HTML")
_BROKEN_ZIP: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    # Encrypted members, unknown ways of packing, offsets out of the file.
    RuntimeError,
    ValueError,
)
_GROUPED: Final = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+"
_NUMBER: Final = re.compile(rf"[+-]?(?:(?:{_GROUPED})(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.A)
_HALF_WIDTH: Final[dict[int, int | str]] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2009\u202f"), " "),
    ord("\u2212"): "-",
}
_INVISIBLE: Final = dict.fromkeys(map(ord, "\x00\ufeff\u200b\u200c\u200d\u2060"))
_MARKS: Final = re.compile("(?<![mM])[*\u203b\u2020\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u2473]+$")
_BRACKETS: Final = str.maketrans("[]【】〔〕〖〗{}「」", "()()()()()()")
_MOST_UNSAVED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells of one table; ``rows[0]`` is line 1. Texts are stripped, empty ones None.

    ``merged`` are ranges of merged cells (first row, first column, last row, last column,
    from 0), of which only the first holds something. ``hidden`` and ``struck`` are lines that
    the workbook does not show, or shows struck out, ``hidden_columns`` columns, from 0, that it
    does not show; they are read as all others. ``comments`` are
    pinned to cells. ``beside`` are the other sheets that hold something, ``without`` those of
    them that do not hold what was asked for. ``unseen``: the workbook does not show the sheet.
    """

    name: str
    form: str
    encoding: str | None
    encoding_how: str | None = None
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: tuple[int, ...] = ()
    struck: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    comments: tuple[Comment, ...] = ()
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unseen: bool = False

    def fill_merged(self, *, down_only: bool = False) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows with the content of merged cells in all of their places."""
        rows = [list(row) for row in self.rows]
        for top, left, bottom, right in self.merged:
            if top >= len(rows) or left >= len(rows[top]) or (down_only and right > left):
                continue
            for row in rows[top : bottom + 1]:
                row.extend([None] * (min(right + 1, len(rows[top])) - len(row)))
                for at in range(left, min(right + 1, len(rows[top]))):
                    row[at] = rows[top][left] if row[at] is None else row[at]
        return tuple(map(tuple, rows))


def read_sheet(
    name: str,
    data: bytes,
    *,
    sheet: str | None,
    declared_encoding: str | None,
    limits: ReadLimits,
    holds: Holds | None = None,
) -> Sheet:
    """Read the cells of a CSV or XLSX file, or of a table in HTML, decided by its bytes.

    ``sheet`` chooses one of several sheets that are not empty; only those whose rows fit
    ``holds`` are asked for, the others stand in ``without``. Formulas of a workbook
    count with the value that was saved with them; numbers are those that their format
    shows (see :func:`layers.readers.workbook.shown`).

    Raises
    ------
    EmptyFileError, TooLargeError, TooComplexError, UnknownFormatError, DamagedFileError
        The file cannot be read as a table.
    HostileArchiveError
        The workbook unpacks too far.
    AmbiguousFileError
        Several sheets hold something and none was chosen.
    EncodingUndecidedError
        See :func:`layers.readers.encoding.decode_text`.
    DocumentFormatError
        An old workbook (.xls) or document: to be saved as .xlsx.
    UnsavedFormulaError
        Cells hold a formula and no value. Params: ``name``, ``cells``.
    """
    if not data:
        raise EmptyFileError(name=name)
    if len(data) > limits.max_bytes:
        raise TooLargeError(name=name, limit_bytes=limits.max_bytes)
    if package := office_package(data):
        raise DocumentFormatError(name=name, format=package)
    if data[:4] == b"PK\x03\x04":
        return _workbook(name, data, sheet, limits, holds)
    if (closed := closed_format(name, data)) is not None:
        raise closed
    data = _marked_utf16(data)
    if b"\x00" in data[:1024] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnknownFormatError(name=name, supported=list(_FORMS))
    if is_html(data):
        return _html(name, data, declared_encoding, sheet, limits, holds)
    return _csv(name, data, declared_encoding, limits)


def number_of(cell: Cell) -> float | None:
    """Return a cell as a number, marks between thousands allowed; None where it is none.

    Marks must part groups of three: "1,5" and "12,34.5" are no numbers.

    Examples
    --------
    >>> [number_of(cell) for cell in ("1,234.5", " 7 ", "１２", "—", True, 3)]
    [1234.5, 7.0, 12.0, None, None, 3.0]
    >>> [number_of(cell) for cell in ("1,5", "12,34.5", "1.234,5", "1 234.5")]
    [None, None, None, 1234.5]
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    text = half_width(cell).strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "").replace(" ", ""))
    return number if math.isfinite(number) else None


def half_width(text: str) -> str:
    """Return a text with ASCII in place of full-width letters, digits, signs and blanks."""
    return text.translate(_HALF_WIDTH)


def split_mark(text: str) -> tuple[str, str]:
    """Return a text without the mark of a footnote at its end, and the mark.

    Examples
    --------
    >>> split_mark("300.5*"), split_mark("昆明片区②"), split_mark("300")
    (('300.5', '*'), ('昆明片区', '②'), ('300', ''))
    """
    found = _MARKS.search(half_width(text).strip())
    stripped = text.strip()
    return (stripped[: -len(found[0])].rstrip(), found[0]) if found else (stripped, "")


def _marked_utf16(data: bytes) -> bytes:
    """Return UTF-16 without a mark with one: ASCII in it has a zero in every other byte."""
    head = data[:1024]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(data) % 2 or bool(even) == bool(odd):
        return data
    encoding, mark = ("utf-16-le", b"\xff\xfe") if odd else ("utf-16-be", b"\xfe\xff")
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return data
    return mark + data


def _csv(name: str, data: bytes, declared: str | None, limits: ReadLimits) -> Sheet:
    try:
        text, guess = decode_text(name, data, declared)
    except UnicodeDecodeError as exc:
        raise DamagedFileError(name=name, format="CSV") from exc
    lines = text.splitlines()
    separator = max(_SEPARATORS, key=lambda mark: sum(mark in line for line in lines[:20]))
    try:
        rows = _trimmed(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator), limits, name
        )
    except csv.Error as exc:
        raise DamagedFileError(name=name, format="CSV") from exc
    if not rows:
        raise EmptyFileError(name=name)
    return Sheet(name=name, form="CSV", encoding=guess.encoding, encoding_how=guess.how, rows=rows)


def _html(
    name: str,
    data: bytes,
    declared: str | None,
    wanted: str | None,
    limits: ReadLimits,
    holds: Holds | None,
) -> Sheet:
    try:
        text, guess = decode_text(name, data, declared)
        tables = read_html_tables(text)
    except (UnicodeDecodeError, ValueError) as exc:
        raise DamagedFileError(name=name, format="HTML") from exc
    sheets = {str(number): table for number, table in enumerate(tables, start=1)}
    found = _chosen(name, sheets, wanted, limits, holds)
    return replace(found, name=name, form="HTML", encoding=guess.encoding, encoding_how=guess.how)


def _workbook(
    name: str, data: bytes, wanted: str | None, limits: ReadLimits, holds: Holds | None
) -> Sheet:
    _require_harmless(name, data, limits)
    try:
        sheets = read_workbook(data, limits.max_features)
    except MemoryError:
        raise
    except Exception as exc:
        raise DamagedFileError(name=name, format="XLSX") from exc
    return _chosen(name, sheets, wanted, limits, holds)


def _chosen(
    name: str,
    sheets: dict[str, RawSheet],
    wanted: str | None,
    limits: ReadLimits,
    holds: Holds | None = None,
) -> Sheet:
    found = {title: _trimmed(raw.rows, limits, name) for title, raw in sheets.items()}
    filled = {title: rows for title, rows in found.items() if rows or sheets[title].unsaved}
    if not filled:
        raise EmptyFileError(name=name)
    fitting = [
        one for one, rows in filled.items() if sheets[one].unsaved or not holds or holds(rows)
    ]
    choices = fitting or list(filled)
    title = wanted if wanted in filled else choices[0]
    if (len(choices) > 1 or wanted is not None) and wanted not in filled:
        raise choice_error(name, sorted(choices), wanted)
    if unsaved := sheets[title].unsaved:
        raise UnsavedFormulaError(name=name, cells=", ".join(unsaved[:_MOST_UNSAVED]))
    raw = sheets[title]
    return Sheet(
        name=title, form="XLSX", encoding=None, rows=filled[title], merged=raw.merged,
        hidden=raw.hidden, struck=raw.struck, hidden_columns=raw.hidden_columns,
        comments=raw.comments, unseen=raw.unseen,
        beside=tuple(one for one in choices if one != title),
        without=tuple(one for one in filled if one not in (*choices, title)),
    )  # fmt: skip


def _require_harmless(name: str, data: bytes, limits: ReadLimits) -> None:
    """Refuse what unpacks too far: openpyxl believes the sizes that a zip states."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = min(
                max(int(len(data) * limits.max_ratio), limits.ratio_free_bytes),
                limits.max_unpacked_bytes,
            )
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while block := stream.read(2**20):
                        left -= len(block)
                        if left < 0:
                            raise HostileArchiveError(name=name, why="unpacks_too_far")
    except _BROKEN_ZIP as exc:
        raise DamagedFileError(name=name, format="XLSX") from exc


def _trimmed(
    rows: Iterable[Sequence[Any]], limits: ReadLimits, name: str
) -> tuple[tuple[Cell, ...], ...]:
    """Return cleaned rows up to the last one that holds something."""
    kept: list[tuple[Cell, ...]] = []
    filled = 0
    for row in rows:
        cells = tuple(_cell(cell) for cell in row[: limits.max_fields])
        kept.append(cells)
        if any(cell is not None for cell in cells):
            filled = len(kept)
        if len(kept) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
    return tuple(kept[:filled])


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever a workbook holds
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (bool, int, float, date)) or value is None:
        return value
    text = str(value).translate(_INVISIBLE).replace("\u3000", " ").strip()
    return text or None


def plain_word(text: str) -> str:
    """Return a header for comparison: NFKC, no blanks, round brackets, lower case.

    Examples
    --------
    >>> plain_word("固定资产投资 （亿元）"), plain_word("面积【㎡】")
    ('固定资产投资(亿元)', '面积(m2)')
    """
    folded = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return "".join(folded.split()).casefold()
