"""How numbers are printed, and how wide text is on a terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from math import isfinite
from typing import Final

from geo.units import decimal_as_printed, round_as_printed
from maps.i18n import tables

GAP: Final = "  "
_MOST_DECIMALS: Final = 12
_CHINA: Final = timezone(timedelta(hours=8))


_NUMERIC: Final = frozenset("0123456789.,%-—")


def day_and_time(at: str) -> str:
    """Return a moment of ISO 8601 as day and minute in China.

    Examples
    --------
    >>> day_and_time("2026-11-29T16:02:29.690951+00:00")
    '2026-11-30 00:02'
    """
    return datetime.fromisoformat(at).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")


def unit_text(unit: str, lang: str) -> str:
    """Return a unit such as 亿元/km² in a language, word by word."""
    words = tables(lang)["units"]
    return "/".join(words.get(word, word) for word in unit.split("/"))


def density_decimals(density: float) -> int:
    """Return with how many decimals a density is printed: more where it is small."""
    return 2 if abs(density) >= 1.0 else 4


def printed_density(density: float) -> float:
    """Return a density as it is read; classes are made of these, and compared as these.

    Examples
    --------
    >>> printed_density(5.9949), printed_density(0.12345)
    (5.99, 0.1235)
    """
    return round_as_printed(density, density_decimals(density))


def number(value: float | None, decimals: int) -> str:
    """Return a number as :func:`round_as_printed`, with thousands marks; a dash for none.

    Examples
    --------
    >>> number(1234.565, 2), number(-0.001, 2), number(None, 2)
    ('1,234.57', '0.00', '—')
    """
    if value is None:
        return "—"
    return f"{decimal_as_printed(value, decimals) if isfinite(value) else value:,.{decimals}f}"


def numbers_apart(first: float | None, second: float | None, decimals: int) -> tuple[str, str]:
    """Return two numbers with as many decimals as it takes to see that they differ.

    Examples
    --------
    >>> numbers_apart(199.9996, 200.0, 2), numbers_apart(1.0, 2.0, 1)
    (('199.9996', '200.0000'), ('1.0', '2.0'))
    """
    digits = decimals
    if first is not None and second is not None and first != second:
        while digits < _MOST_DECIMALS and round_as_printed(first, digits) == round_as_printed(
            second, digits
        ):
            digits += 1
    return number(first, digits), number(second, digits)


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
