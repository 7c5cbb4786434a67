"""XLSX workbooks: cells as a person reads them, merged ranges, formulas that hold no value."""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, iterparse

from layers.readers.comments import Comment, column_of, comments_of

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, counted from 0."""

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MARKS: Final = re.compile(rb"mergeCell|<(?:\w+:)?f[\s>/]|\shidden=|\s(?:ht|width)=\"0")
_TEXT: Final = re.compile(r'"([^"]*)"|\\(.)')
_ADDRESS: Final = re.compile(r"([A-Z]+)(\d+)")
_TRUE: Final = frozenset({"1", "true"})
_MOST_COLUMNS: Final = 16_384
_GENERAL: Final = frozenset({"General", "general", "@"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSheet:
    """A sheet as it is saved. ``unsaved`` are cells with a formula and no value.

    ``hidden`` and ``struck`` are lines, from 1, that a person does not see or has struck out,
    ``hidden_columns`` columns, from 0, that nobody sees. ``unseen``: nobody sees the sheet.
    """

    rows: list[tuple[Any, ...]]
    merged: tuple[Range, ...]
    unsaved: tuple[str, ...]
    hidden: tuple[int, ...] = ()
    struck: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    comments: tuple[Comment, ...] = ()
    unseen: bool = False


def read_workbook(data: bytes, most_rows: int) -> dict[str, RawSheet]:
    """Return the sheets of a workbook by title.

    Numbers whose format shows another number (percent, thousands) or a unit of measure
    become the text that is shown: 0.352 with ``0.0%`` is ``35.2%``. One row more than
    ``most_rows`` is read at most, so that the caller sees that there are more.
    """
    # 0.3 s, and only for those who bring a workbook.
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    marks, comments = _marks_of_sheets(data), _comments_of_sheets(data)
    found = {}
    for sheet in book.worksheets:
        # WPS and POI write "A1" for a sheet of any size.
        sheet.reset_dimensions()
        rows, struck = [], []
        for line, row in enumerate(sheet.iter_rows(), start=1):
            if any(cell.value is not None and cell.font.strike for cell in row):
                struck.append(line)
            rows.append(tuple(shown(cell.value, _format_of(cell)) for cell in row))
            if len(rows) > most_rows:
                break
        merged, unsaved, hidden, unseen = marks.get(sheet.title, ((), (), (), ()))
        found[sheet.title] = RawSheet(
            rows=rows,
            merged=merged,
            unsaved=unsaved,
            hidden=hidden,
            struck=tuple(struck),
            hidden_columns=unseen,
            comments=comments.get(sheet.title, ()),
            unseen=sheet.sheet_state != "visible",
        )
    return found


def _format_of(cell: Any) -> str:  # noqa: ANN401 - openpyxl's cells have no common type
    return "General" if cell.value is None else str(cell.number_format)


def shown(value: Any, number_format: str) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return a number as it is shown, where its format changes what it means.

    Examples
    --------
    >>> shown(0.352, "0.00%"), shown(12.5, '0.0"亿元"'), shown(12.5, "#,##0.00")
    ('35.2%', '12.5亿元', 12.5)
    >>> shown(200, '"约"0'), shown(200, '0"（预计）"')
    ('约200', '200（预计）')
    >>> shown(1234500, "0.0,")
    '1234500 [0.0,]'
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    first = number_format.split(";", maxsplit=1)[0]
    if first in _GENERAL:
        return value
    places = list(_TEXT.finditer(first))
    texts = "".join(found[1] or found[2] for found in places)
    digits = re.search(r"[0#?]", _TEXT.sub(lambda found: "_" * len(found[0]), first))
    start = digits.start() if digits else len(first)
    before = "".join(found[1] or found[2] for found in places if found.start() < start)
    bare = re.sub(r"\[[^\]]*\]|_.|\*.", "", _TEXT.sub("", first))
    if "!" in bare or re.search(r"[0#?],+(?![0#?,])", bare):
        # Shown in thousands or myriads: which of the two numbers is meant nobody can say.
        return f"{value:.15g} [{number_format}]"
    if "%" in bare or "%" in texts:
        return f"{value * 100 if '%' in bare else value:.12g}%"
    word, unit = before.strip(" ¥￥$()-+,."), texts.removeprefix(before).strip(" ¥￥$-+,.")
    unit = unit if any(map(str.isalpha, unit)) else ""
    return f"{word}{value:.15g}{unit}" if word or unit else value


_Marks = tuple[tuple[Range, ...], tuple[str, ...], tuple[int, ...], tuple[int, ...]]


def _marks_of_sheets(data: bytes) -> dict[str, _Marks]:
    """Return merged ranges, formulas without a value and what is hidden, by title of a sheet."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for title, path in _paths(archive).items():
            content = archive.read(path)
            if _MARKS.search(content):
                found[title] = _marks(content)
    return found


def _comments_of_sheets(data: bytes) -> dict[str, tuple[Comment, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {title: comments_of(archive, path) for title, path in _paths(archive).items()}


def _marks(content: bytes) -> _Marks:
    merged, unsaved, hidden, columns = [], [], [], list[int]()
    for _, element in iterparse(io.BytesIO(content)):  # noqa: S314 - read apart, sizes are checked
        name = _local(element)
        if name == "mergeCell" and (span := _range(element.get("ref", ""))):
            merged.append(span)
        elif name == "c":
            parts = {_local(part): part for part in element}
            value = parts.get("v")
            if "f" in parts and (value is None or not value.text):
                unsaved.append(element.get("r", "?"))
            element.clear()
        elif name == "row" and _is_unseen(element, "ht") and element.get("r", "").isdigit():
            hidden.append(int(element.get("r", "0")))
        elif name == "col" and _is_unseen(element, "width"):
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            columns += range(first - 1, min(last, _MOST_COLUMNS))
    return tuple(merged), tuple(unsaved), tuple(hidden), tuple(columns)


def _is_unseen(element: Element, size: str) -> bool:
    """Tell whether a row or column is hidden, or has no height or width."""
    stated = element.get(size)
    return element.get("hidden") in _TRUE or (stated is not None and not stated.strip("0."))


def _paths(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return where the XML of each sheet lies in the package, by title."""
    main = next(
        (
            str(relation.get("Target"))
            for relation in _elements(archive, "_rels/.rels", "Relationship")
            if str(relation.get("Type", "")).endswith("/officeDocument")
        ),
        "xl/workbook.xml",
    ).lstrip("/")
    folder, name = posixpath.split(main)
    targets = {
        relation.get("Id"): str(relation.get("Target"))
        for relation in _elements(archive, f"{folder}/_rels/{name}.rels", "Relationship")
    }
    paths = {}
    for sheet in _elements(archive, main, "sheet"):
        target = targets.get(sheet.get(_RELATION))
        if target:
            path = target[1:] if target[0] == "/" else posixpath.join(folder, target)
            if posixpath.normpath(path) in archive.namelist():
                paths[str(sheet.get("name"))] = posixpath.normpath(path)
    return paths


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> list[Element]:
    with archive.open(path) as stream:
        parsed = iterparse(stream)  # noqa: S314 - read apart, sizes are checked
        return [one for _, one in parsed if _local(one) == name]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _range(text: str) -> Range | None:
    corners = [_ADDRESS.fullmatch(one) for one in text.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return None
    (first, top), (last, bottom) = corners[0].groups(), corners[1].groups()
    return int(top) - 1, column_of(first), int(bottom) - 1, column_of(last)
