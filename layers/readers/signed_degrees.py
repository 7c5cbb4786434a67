"""Angles with their signs, as 102°47′59.1″ or 102度47分59.1秒: decimal degrees once they are read.

One file writes all of its angles in one way. A number without signs among others with them may
be decimal degrees, or packed ones as 102.47591: the two lie tens of kilometres apart.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from geo.measure.angles import parse_degrees
from layers.errors import BadLineError
from layers.readers.sheets import Cell, number_of
from layers.readers.table_rows import cell_at, coordinate_of

_SIGN: Final = re.compile(r"\d\s*(?:[°º度]|[:：]\s*\d)")


class Notation:
    """How the points of a file write their angles, held to be one way."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.is_signed: bool | None = None
        """None before the first point."""

    def hold(self, line: int, text: str, *, is_signed: bool) -> None:
        """Take the way of a point.

        Raises
        ------
        BadLineError
            It is another one than that of the points before it.
        """
        if self.is_signed not in (None, is_signed):
            raise BadLineError(name=self._name, line=line, text=text[:60])
        self.is_signed = is_signed


def has_sign(text: str) -> bool:
    """Tell whether a text writes an angle with signs.

    Examples
    --------
    >>> [has_sign(text) for text in ("J1,1,24°58′", "24度58分", "24:58:01", "J1',1,2755000,584000")]
    [True, True, True, False]
    """
    return _SIGN.search(text) is not None


def number_in(text: str) -> float:
    """Return a number, or an angle in degrees.

    Raises
    ------
    ValueError
        The text is neither.
    """
    if (angle := parse_degrees(text) if has_sign(text) else None) is not None:
        return angle
    return float(text)


def table_is_signed(
    name: str,
    rows: Sequence[Sequence[Cell]],
    lines: Collection[int],
    pairs: Sequence[tuple[int, int]],
) -> bool:
    """Tell whether a table's points (lines from 1, columns by pairs) write angles with signs.

    Raises
    ------
    BadLineError
        Some do and others do not.
    """
    notation = Notation(name)
    for line in sorted(lines):
        row = rows[line - 1]
        cells = [cell_at(row, at) for pair in pairs for at in pair]
        for cell in cells:
            if coordinate_of(cell) is not None:
                notation.hold(line, _text(row), is_signed=number_of(cell) is None)
    return notation.is_signed is True


def _text(row: Sequence[Cell]) -> str:
    return ",".join("" if cell is None else str(cell) for cell in row)
