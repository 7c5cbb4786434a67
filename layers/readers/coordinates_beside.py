"""Numbers of a table that look like boundary points and were not read as such."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from layers.model import LeftOut
from layers.readers.axes import Order, is_lonlat, order_of
from layers.readers.comments import letters_of
from layers.readers.sheets import Cell
from layers.readers.table_rows import cell_at, coordinate_of

_FEWEST: Final = 3
"""Fewer points bound nothing."""

_NUMBER: Final = re.compile(r"\d{2,8}(?:\.\d{1,12})?")
_DECIMALS: Final = 4
"""Degrees with fewer decimals are lengths, angles or shares: 1e-4 degrees are 10 m."""

_LONGEST: Final = 200


def coordinates_beside(
    rows: Sequence[Sequence[Cell]], lines: Collection[int], read: Collection[int]
) -> Iterator[LeftOut]:
    """Name cells with further coordinates: beside the columns that were read, or in other rows.

    ``lines`` are those of the points that were read, ``read`` the columns of coordinates that
    were read or are named as not read.
    """
    found: dict[int, list[int]] = {}
    for line, row in enumerate(rows, start=1):
        for at in _places(row, read if line in lines else ()):
            found.setdefault(at, []).append(line)
    # The points of a plot may stand in several columns; then all of them count.
    if sum(map(len, found.values())) < _FEWEST:
        return
    for at, own in found.items():
        place = f"{letters_of(at)}{own[0]}"
        text = f"{place} “{_text(cell_at(rows[own[0] - 1], at))}”"
        yield LeftOut(
            what="row",
            label=f"{own[0]}–{own[-1]}" if len(own) > 1 else str(own[0]),
            reason="coordinates_beside",
            part=True,
            count=len(own),
            params={"text": text},
        )


def _places(row: Sequence[Cell], known: Collection[int]) -> Iterator[int]:
    """Yield the columns of a row in which a pair of coordinates begins."""
    free = [at for at in range(len(row)) if at not in known]
    taken = -1
    for one, other in pairwise(free):
        if (
            one > taken
            and other == one + 1
            and _is_pair(coordinate_of(row[one]), coordinate_of(row[other]))
        ):
            taken = other
            yield one
    for at in free:
        cell = row[at]
        if isinstance(cell, str) and at != taken and _holds_pair(cell):
            yield at


def _holds_pair(text: str) -> bool:
    numbers = [float(one) for one in _NUMBER.findall(text[:_LONGEST])]
    return any(_is_pair(one, other) for one, other in pairwise(numbers))


def _is_pair(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return False
    first, second = np.array([one]), np.array([other])
    if order_of(first, second) is Order.UNKNOWN:
        return False
    degrees = is_lonlat(first, second) or is_lonlat(second, first)
    return not degrees or all(round(value, _DECIMALS - 1) != value for value in (one, other))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()[:40]
