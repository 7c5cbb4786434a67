"""Tables as people keep them: CSV in any local encoding and habit, and XLSX."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from layers.errors import (
    AmbiguousFileError,
    DamagedFileError,
    EmptyFileError,
    HostileArchiveError,
    TooComplexError,
    TooLargeError,
    UnknownFormatError,
)
from layers.readers.encoding import decode_text
from layers.readers.source import ReadLimits

Cell = str | float | int | bool | date | None

_SEPARATORS: Final = ",\t;|，"
_FORMS: Final = ("CSV", "XLSX")
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
_NUMBER: Final = re.compile(r"[+-]?(\d[\d,，]*)?(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells of one table; ``rows[0]`` is line 1. Texts are stripped, empty ones None."""

    name: str
    form: str
    encoding: str | None
    encoding_how: str | None = None
    rows: tuple[tuple[Cell, ...], ...]


def read_sheet(
    name: str,
    data: bytes,
    *,
    sheet: str | None,
    declared_encoding: str | None,
    limits: ReadLimits,
) -> Sheet:
    """Read the cells of a CSV or XLSX file, decided by its bytes.

    ``sheet`` chooses one of several sheets that are not empty. Formulas of a workbook
    count with the value that was saved with them.

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
    """
    if not data:
        raise EmptyFileError(name=name)
    if len(data) > limits.max_bytes:
        raise TooLargeError(name=name, limit_bytes=limits.max_bytes)
    if data[:4] == b"PK\x03\x04":
        return _workbook(name, data, sheet, limits)
    if b"\x00" in data[:1024] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnknownFormatError(name=name, supported=list(_FORMS))
    return _csv(name, data, declared_encoding, limits)


def number_of(cell: Cell) -> float | None:
    """Return a cell as a number, thousands marks allowed; None where it is none.

    Examples
    --------
    >>> [number_of(cell) for cell in ("1,234.5", " 7 ", "—", True, 3)]
    [1234.5, 7.0, None, None, 3.0]
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    text = cell.strip()
    if not text or not _NUMBER.fullmatch(text) or not re.search(r"\d", text):
        return None
    return float(text.replace(",", "").replace("，", ""))


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


def _workbook(name: str, data: bytes, wanted: str | None, limits: ReadLimits) -> Sheet:
    _require_harmless(name, data, limits)
    # 0.3 s, and only for those who bring a workbook.
    import openpyxl  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = {
            sheet.title: _trimmed(sheet.iter_rows(values_only=True), limits, name)
            for sheet in book.worksheets
        }
    except (TooComplexError, MemoryError):
        raise
    except Exception as exc:
        raise DamagedFileError(name=name, format="XLSX") from exc
    filled = {title: rows for title, rows in found.items() if rows}
    if not filled:
        raise EmptyFileError(name=name)
    if wanted in filled:
        return Sheet(name=str(wanted), form="XLSX", encoding=None, rows=filled[str(wanted)])
    if len(filled) > 1 or wanted is not None:
        raise AmbiguousFileError(name=name, choices=sorted(filled))
    ((title, rows),) = filled.items()
    return Sheet(name=title, form="XLSX", encoding=None, rows=rows)


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


def _trimmed(rows: Any, limits: ReadLimits, name: str) -> tuple[tuple[Cell, ...], ...]:  # noqa: ANN401
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
    text = str(value).replace("\x00", "").replace("\u3000", " ").strip()
    return text or None


def header_row(
    rows: Sequence[Sequence[Cell]], known: frozenset[str], within: int = 10
) -> int | None:
    """Return the position of the first row with at least two known words, or None.

    Planners put titles and units above their tables.
    """
    for at, row in enumerate(rows[:within]):
        words = {plain_word(cell) for cell in row if isinstance(cell, str)}
        if sum(any(word.startswith(one) for one in known) for word in words) >= 2:
            return at
    return None


def plain_word(text: str) -> str:
    """Return a header for comparison: no blanks, half-width brackets, lower case.

    Examples
    --------
    >>> plain_word("固定资产投资 （亿元）")
    '固定资产投资(亿元)'
    """
    halved = str.maketrans({"（": "(", "）": ")", "：": ":", "\n": "", "\r": "", "\t": ""})
    return text.translate(halved).replace(" ", "").casefold()
