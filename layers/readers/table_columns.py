"""Which columns of a table hold coordinates, point numbers, rings and plots."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from layers.readers.field_names import role_names
from layers.readers.sheets import Cell, plain_word

_WITHIN: Final = 30
"""How many rows of titles may stand above the columns' names."""

_LONGEST_NAME: Final = 200
_COORDINATES: Final = ("north", "east", "x", "y")
_GROUPING: Final = ("plot", "ring", "point")
_DIGIT: Final = re.compile(r"\d")
_BRACKETS: Final = re.compile(r"[(\[【].*?[)\]】]|[:：/].*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Positions of columns.

    ``pairs`` are the two coordinates of a point: north before east where ``named``, else x
    before y; several where points stand side by side. ``points``, ``rings`` and ``plots`` are
    the columns of numbers, rings and plots of each pair, ``titles`` what stands above its
    names. ``unread`` are further columns of coordinates. ``header`` is the row of names, -1
    where there is none.
    """

    header: int
    pairs: tuple[tuple[int, int], ...]
    named: bool
    points: tuple[int | None, ...]
    rings: tuple[int | None, ...]
    plots: tuple[int | None, ...]
    titles: tuple[str | None, ...] = ()
    unread: tuple[int, ...] = ()


def find_columns(rows: Sequence[Sequence[Cell]]) -> Columns | None:
    """Return the columns by the first row that names two coordinates, None without one.

    Raises
    ------
    ValueError
        A name stands there more often than the other of its pair: the names, as arguments.
    """
    for at, row in enumerate(rows[:_WITHIN]):
        roles = [role_of(cell) for cell in row]
        for first, second, named in (("north", "east", True), ("x", "y", False)):
            firsts = [place for place, role in enumerate(roles) if role == first]
            seconds = [place for place, role in enumerate(roles) if role == second]
            if not firsts or not seconds:
                continue
            if len(firsts) != len(seconds):
                raise ValueError(*repeated_names(row, [*firsts, *seconds]))
            pairs = tuple(zip(firsts, seconds, strict=True))
            found = _columns(at, _stacked_roles(rows, at, roles), pairs, named=named)
            return replace(found, titles=_titles(rows[:at], pairs), unread=_unread(roles, pairs))
    return None


def repeated_names(row: Sequence[Cell], places: Iterable[int]) -> list[str]:
    """Return the names of columns that stand in a row more than once, or else all of them."""
    names = [str(row[at]).strip() for at in sorted(places) if at < len(row)]
    return list(dict.fromkeys(n for n in names if names.count(n) > 1)) or names


def _unread(roles: Sequence[str | None], pairs: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    read = {at for pair in pairs for at in pair}
    return tuple(at for at, role in enumerate(roles) if role in _COORDINATES and at not in read)


def _titles(
    above: Sequence[Sequence[Cell]], pairs: tuple[tuple[int, int], ...]
) -> tuple[str | None, ...]:
    """Return what stands above each of several blocks in the nearest row with a text for all."""
    if len(pairs) < 2:
        return (None,)
    starts = [0, *(max(pair) + 1 for pair in pairs[:-1])]
    ends = [max(pair) + 1 for pair in pairs]
    for row in reversed(above):
        cells = [
            [cell for cell in row[start:end] if cell is not None]
            for start, end in zip(starts, ends, strict=True)
        ]
        if all(len(one) == 1 for one in cells) and not all(role_of(c) == "point" for (c,) in cells):
            return tuple(str(one[0]).strip()[:_LONGEST_NAME] for one in cells)
    return (None,) * len(pairs)


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
        known = set(found)
        for place, cell in enumerate(row):
            role = role_of(cell)
            if found[place] is None and role in _GROUPING and role not in known:
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
    return Columns(
        header=-1, pairs=(pair,), named=False, points=(point,), rings=(None,), plots=(None,)
    )


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
        rings=_own(roles, pairs, "ring"),
        plots=_own(roles, pairs, "plot"),
    )


def _own(
    roles: Sequence[str | None], pairs: tuple[tuple[int, int], ...], role: str
) -> tuple[int | None, ...]:
    """Return the column of a role of each block: its own, where each has one, else the first."""
    ends = [max(pair) + 1 for pair in pairs]
    starts = [0, *ends[:-1]]
    own = [
        next((at for at in range(start, end) if at < len(roles) and roles[at] == role), None)
        for start, end in zip(starts, ends, strict=True)
    ]
    if len(pairs) > 1 and None not in own:
        return tuple(own)
    return (_first(roles, role),) * len(pairs)


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
