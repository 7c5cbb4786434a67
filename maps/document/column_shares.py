"""The parts of a page's width that columns take: no number lies over its neighbour."""

import re
from collections.abc import Sequence
from typing import Final

from maps.document.cells import shown
from maps.document.model import Table

_EM_PER_FIGURE: Final = 0.56
"""Of Noto Sans SC: a figure and a sign are 0.555 em wide, commas and points half of that."""
_EM_BESIDE: Final = 1.3
"""What a cell keeps free on both sides."""
_NARROW: Final = frozenset(",.")
_UNBROKEN: Final = 16
"""From so many signs without a space on, ``report.typ`` breaks a text at its joints."""
_RUNS: Final = re.compile(r"[!-~]+")
_AT_HYPHENS: Final = re.compile(r"[^-]+-?")
_AT_JOINTS: Final = re.compile(r"[^-_/.@,:;?&=]+[-_/.@,:;?&=]*")


def column_shares(table: Table, width_em: float) -> tuple[float, ...]:
    """Return the parts of the width, which sum to 1, by the columns' own shares.

    A column of numbers is at least as wide as its longest number, and word of its head; the
    others give up for it. Where all numbers together are wider than the page each has its part.
    A column of text is as wide as its longest word, where the page has room for all of them.

    Parameters
    ----------
    table : Table
        Its columns say what part of the width each would take.
    width_em : float
        Width of the table in ems of its text.
    """
    own = [column.share for column in table.columns]
    least = [_least_em(table, at) / width_em for at in range(len(own))]
    if sum(least) >= 1.0:
        return _parts(least)
    worded = [max(one, _word_em(table, at) / width_em) for at, one in enumerate(least)]
    if sum(worded) < 1.0:
        least = worded
    wide = set[int]()
    while True:
        left = 1.0 - sum(least[at] for at in wide)
        whole = sum(share for at, share in enumerate(own) if at not in wide)
        parts = [least[at] if at in wide else share * left / whole for at, share in enumerate(own)]
        short = {at for at, part in enumerate(parts) if at not in wide and part < least[at]}
        if not short:
            return tuple(parts)
        wide |= short


def _parts(widths: Sequence[float]) -> tuple[float, ...]:
    whole = sum(widths)
    return tuple(width / whole for width in widths)


def _least_em(table: Table, at: int) -> float:
    column = table.columns[at]
    if not column.right:
        return 0.0
    rows = [*table.rows, *([table.total] if table.total else [])]
    words = [word for row in rows for word in shown(row[at], column).split()]
    # Chinese wraps anywhere; an English word of the head must not lie over the next head.
    words += [word for word in column.head.split() if word.isascii()]
    return max(map(_width_em, words), default=0.0) + _EM_BESIDE


def _word_em(table: Table, at: int) -> float:
    """Return the width of the longest word of a column of text that stays in one piece."""
    column = table.columns[at]
    if column.right:
        return 0.0
    texts = [column.head, *(shown(row[at], column) for row in table.rows)]
    runs = [run for text in texts for run in _RUNS.findall(text)]
    words = [word for run in runs for word in _pieces(run) if len(word) < _UNBROKEN]
    return max(map(_width_em, words), default=0.0) + _EM_BESIDE


def _pieces(run: str) -> list[str]:
    """Return what of a run of signs without a space may stand on lines of their own."""
    pieces: list[str] = (_AT_HYPHENS if len(run) < _UNBROKEN else _AT_JOINTS).findall(run)
    return pieces


def _width_em(text: str) -> float:
    narrow = sum(letter in _NARROW for letter in text)
    return _EM_PER_FIGURE * (len(text) - narrow / 2)
