"""Tables in HTML, as statistics systems write them under the name .xls."""

import re
from html.parser import HTMLParser
from typing import Final

from layers.readers.workbook import Range, RawSheet

_ROOT: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|table|meta|head)\b", re.I
)
_CELLS: Final = frozenset({"td", "th"})
_BREAKS: Final = frozenset({"br", "p", "div"})
_MOST_SPANNED: Final = 1000
_MOST_CELLS: Final = 2_000_000


def is_html(data: bytes) -> bool:
    """Tell whether bytes begin as an HTML page or table does."""
    return bool(_ROOT.match(data[:4096].removeprefix(b"\xef\xbb\xbf")))


def read_html_tables(text: str) -> list[RawSheet]:
    """Return the outer tables of a page, with cells that span others and rows that do not show.

    Raises ValueError where spans make it too many cells.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    pairs = zip(parser.tables, parser.hidden, strict=True)
    return [_sheet(rows, hidden) for rows, hidden in pairs if rows]


class _Tables(HTMLParser):
    """Collects the cells of outer tables: text, rows and columns that they span."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.hidden: list[list[int]] = []
        self._depth = 0
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(  # type: ignore[explicit-override]
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Begin a table, row or cell."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self.hidden.append([])
        elif tag in _BREAKS and self._text is not None:
            self._text.append(" ")
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
            if _is_unseen(dict(attrs)):
                self.hidden[-1].append(len(self.tables[-1]))
        elif self._depth == 1 and tag in _CELLS:
            self._end_cell()
            values = dict(attrs)
            self._text = []
            self._span = (_count(values.get("rowspan")), _count(values.get("colspan")))

    def handle_endtag(self, tag: str) -> None:  # type: ignore[explicit-override]
        """End what has begun."""
        if tag == "table":
            if self._depth == 1:
                self._end_cell()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in (*_CELLS, "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:  # type: ignore[explicit-override]
        """Take text into the cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        text = " ".join("".join(self._text).split())
        self._text = None
        if not self.tables[-1]:
            self.tables[-1].append([])
        self.tables[-1][-1].append((text, *self._span))


def _count(text: str | None) -> int:
    number = int(text) if text and text.strip().isdigit() else 1
    return max(1, min(number, _MOST_SPANNED))


def _is_unseen(attributes: dict[str, str | None]) -> bool:
    style = "".join((attributes.get("style") or "").split()).lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


def _sheet(rows: list[list[tuple[str, int, int]]], hidden: list[int]) -> RawSheet:
    taken: dict[tuple[int, int], str | None] = {}
    ranges: list[Range] = []
    for at, row in enumerate(rows):
        column = 0
        for text, down, right in row:
            while (at, column) in taken:
                column += 1
            down = min(down, len(rows) - at)  # noqa: PLW2901 - a span ends with its table
            for y in range(down):
                for x in range(right):
                    taken[at + y, column + x] = None
            if len(taken) > _MOST_CELLS:
                raise ValueError(len(taken))
            taken[at, column] = text or None
            if down > 1 or right > 1:
                ranges.append((at, column, at + down - 1, column + right - 1))
            column += right
    width = max((x for _, x in taken), default=-1) + 1
    cells = [tuple(taken.get((y, x)) for x in range(width)) for y in range(len(rows))]
    return RawSheet(rows=cells, merged=tuple(ranges), unsaved=(), hidden=tuple(hidden))
