"""How numbers are printed, and how wide text is on a terminal."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from maps.i18n import tables

GAP: Final = "  "


_NUMERIC: Final = frozenset("0123456789.,%-—")


def unit_text(unit: str, lang: str) -> str:
    """Return a unit such as 亿元/km² in a language, word by word."""
    words = tables(lang)["units"]
    return "/".join(words.get(word, word) for word in unit.split("/"))


def number(value: float | None, decimals: int) -> str:
    """Return a number with thousands marks; a dash where there is none."""
    return "—" if value is None else f"{value:,.{decimals}f}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned lines; a Chinese character is two columns wide."""
    widths = [max(columns_of(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        GAP.join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _padded(cell: str, width: int) -> str:
    space = " " * (width - columns_of(cell))
    return space + cell if set(cell) <= _NUMERIC else cell + space


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
