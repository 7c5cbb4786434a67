"""Which columns of a table hold coordinates, point numbers, rings and plots."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from layers.readers.field_names import role_names
from layers.readers.sheets import Cell, plain_word

_WITHIN: Final = 30
"""How many rows of titles may stand above the columns' names."""

_LONGEST_NAME: Final = 200
_GROUPING: Final = ("plot", "ring", "point")
_DIGIT: Final = re.compile(r"\d")
_BRACKETS: Final = re.compile(r"[(\[【].*?[)\]】]|[:：/].*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Positions of columns.

    ``pairs`` are the two coordinates of a point: north before east where ``named``, else x
    before y; several where points stand side by side. ``header`` is the row of names, -1
    where there is none.
    """

    header: int
    pairs: tuple[tuple[int, int], ...]
    named: bool
    points: tuple[int | None, ...]
    ring: int | None
    plot: int | None


def find_columns(rows: Sequence[Sequence[Cell]]) -> Columns | None:
    """Return the columns by the first row that names two coordinates, None without one."""
    for at, row in enumerate(rows[:_WITHIN]):
        roles = [role_of(cell) for cell in row]
        for first, second, named in (("north", "east", True), ("x", "y", False)):
            firsts = [place for place, role in enumerate(roles) if role == first]
            seconds = [place for place, role in enumerate(roles) if role == second]
            if firsts and len(firsts) == len(seconds):
                pairs = tuple(zip(firsts, seconds, strict=True))
                return _columns(at, _stacked_roles(rows, at, roles), pairs, named=named)
    return None


def _stacked_roles(
    rows: Sequence[Sequence[Cell]], header: int, roles: Sequence[str | None]
) -> list[str | None]:
    """Return the roles of columns, those too whose name stands in another row of the same head.

    Where a head has two rows, a merged cell holds its text in one of them: the name of the
    plots stands above or below that of the coordinates.
    """
    found = list(roles) + [None] * (max(map(len, rows), default=0) - len(roles))
    stacked = (*_head_rows(reversed(rows[:header])), *_head_rows(rows[header + 1 : _WITHIN]))
    for row in stacked:
        for place, cell in enumerate(row):
            role = role_of(cell)
            if found[place] is None and role in _GROUPING and role not in found:
                found[place] = role
    return found


def _head_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """Yield the neighbouring rows that name columns: texts alone, and more than a title."""
    for row in rows:
        filled = [cell for cell in row if cell is not None]
        if len(filled) < 2 or not all(isinstance(cell, str) for cell in filled):
            return
        if any(_DIGIT.search(str(cell)) for cell in filled):
            return
        yield row


def unnamed_columns(rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> Columns | None:
    """Return the columns of a table without names: the last two numbers of rows all alike.

    ``numbers`` are the positions that hold numbers in every row with any.
    """
    if len(numbers) < 2 or not rows:
        return None
    pair = (numbers[-2], numbers[-1])
    point = pair[0] - 1 if pair[0] else None
    return Columns(header=-1, pairs=(pair,), named=False, points=(point,), ring=None, plot=None)


def _columns(
    header: int, roles: Sequence[str | None], pairs: tuple[tuple[int, int], ...], *, named: bool
) -> Columns:
    points = [place for place, role in enumerate(roles) if role == "point"]
    # Each block of points has its numbers before it; one column may serve all of them.
    own = [max((p for p in points if p < min(pair)), default=None) for pair in pairs]
    return Columns(
        header=header,
        pairs=pairs,
        named=named,
        points=tuple(own),
        ring=_first(roles, "ring"),
        plot=_first(roles, "plot"),
    )


def _first(roles: Sequence[str | None], role: str) -> int | None:
    return next((place for place, found in enumerate(roles) if found == role), None)


def role_of(cell: Cell) -> str | None:
    """Return what a column of this name holds (a key of ``columns.toml``), or None."""
    if not isinstance(cell, str):
        return None
    # Longer texts are no names of columns, and brackets in them take long to pair.
    word = _BRACKETS.sub("", plain_word(cell[:_LONGEST_NAME]))
    exact = next((role for role, words in _words().items() if word in words), None)
    if exact is None and word in role_names("name"):
        return "plot"
    if exact or len(word) > 12:
        return exact
    return next(
        (
            role
            for role, words in _words().items()
            if any(len(one) > 1 and not one.isascii() and one in word for one in words)
        ),
        None,
    )


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    text = files("layers").joinpath("readers", "columns.toml").read_text(encoding="utf-8")
    return MappingProxyType({role: tuple(words) for role, words in tomllib.loads(text).items()})
