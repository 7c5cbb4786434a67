"""Degrees, minutes and seconds in columns of their own, joined before points are looked for.

Only columns that are named so are read: two or three numbers beside each other may be anything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from layers.model import Issue, Severity
from layers.readers.comments import letters_of
from layers.readers.errors import BadDegreesError, DegreeColumnsError
from layers.readers.sheets import Cell, number_of
from layers.readers.table_columns import role_of
from layers.readers.table_rows import cell_at

_WITHIN: Final = 30
_ABOVE: Final = 3
"""How many rows above the units may hold the names of the columns."""

_UNITS: Final = (
    re.compile(r"(?:度|°|º|deg|degrees?|d)$", re.I),
    re.compile(r"(?:分|[′'’]|min|minutes?|m)$", re.I),
    re.compile(r"(?:秒|[″\"”]|''|sec|seconds?|s)$", re.I),
)
_APART: Final = " _-.()[]（）"
_NAMES: Final = {"east": "经度(度)", "north": "纬度(度)"}
_WHOLE_DEGREES: Final = {"east": range(73, 136), "north": range(3, 55)}
"""Of places in China."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Neighbouring columns of one coordinate; ``width`` is 2 without seconds of their own."""

    start: int
    width: int
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows with decimal degrees in the first column of each group, and what was understood."""

    rows: tuple[tuple[Cell, ...], ...]
    issues: tuple[Issue, ...] = ()


def join_degrees(name: str, rows: tuple[tuple[Cell, ...], ...]) -> Joined:
    """Return rows whose degrees, minutes and seconds are one number where they are named so.

    Raises
    ------
    BadDegreesError
        Minutes or seconds are none: 60 or more, empty, or fractions where smaller units follow.
    DegreeColumnsError
        They are named for one coordinate only, or for several blocks side by side.
    """
    for at in range(min(len(rows), _WITHIN)):
        groups = [*_groups(rows, at)]
        if len(groups) == 2:
            return _joined(name, rows, at, groups)
        if groups:
            raise DegreeColumnsError(name=name, columns=_letters(groups))
    return Joined(rows=rows)


def _groups(rows: Sequence[Sequence[Cell]], at: int) -> Iterator[Group]:
    """Yield the groups that a row of units names, or names of coordinates over blanks."""
    row = rows[at]
    roles = [role_of(cell) for cell in row]
    units = [_unit_of(cell) for cell in row]
    for start, unit in enumerate(units):
        if unit == 0 and start + 1 < len(units) and units[start + 1] == 1:
            width = 3 if start + 2 < len(units) and units[start + 2] == 2 else 2
            yield Group(start=start, width=width, role=_role_above(rows, at, start))
    if not any(unit is not None for unit in units) and {"east", "north"} <= set(roles):
        yield from _spanned(rows, at, roles)


def _spanned(
    rows: Sequence[Sequence[Cell]], at: int, roles: Sequence[str | None]
) -> Iterator[Group]:
    """Yield names of coordinates that span columns whose numbers can only be such parts."""
    starts = [place for place, role in enumerate(roles) if role in _NAMES]
    if len(starts) != 2:
        return
    found = []
    for start in starts:
        end = start + 1
        while end < start + 3 and _is_bare(rows, at, end):
            end += 1
        found.append(Group(start=start, width=end - start, role=roles[start]))
    points = [row for row in rows[at + 1 :] if number_of(cell_at(row, starts[0])) is not None]
    whole = all(_is_whole(cell_at(row, start)) for row in points for start in starts)
    if len({one.width for one in found}) == 1 and found[0].width > 1 and points and whole:
        yield from found


def _is_bare(rows: Sequence[Sequence[Cell]], at: int, column: int) -> bool:
    """Tell whether a column has numbers below a row in which nothing names it."""
    below = (cell_at(row, column) for row in rows[at + 1 :])
    return cell_at(rows[at], column) is None and any(number_of(cell) is not None for cell in below)


def _unit_of(cell: Cell) -> int | None:
    """Return 0, 1 or 2 for a name that ends in degrees, minutes or seconds, else None."""
    if not isinstance(cell, str) or len(cell) > 40:
        return None
    word = cell.strip().rstrip(_APART)
    for place, pattern in enumerate(_UNITS):
        if (found := pattern.search(word)) is None:
            continue
        before = word[: found.start()].rstrip(_APART)
        # Letters alone are units where nothing or the name of a coordinate stands before them.
        if not before or role_of(before) in _NAMES:
            return place
    return None


def _role_above(rows: Sequence[Sequence[Cell]], at: int, start: int) -> str | None:
    word = str(rows[at][start]).strip().rstrip(_APART)
    found = [match.start() for one in _UNITS[:1] if (match := one.search(word))]
    own = role_of(word[: found[0]].rstrip(_APART)) if found else None
    names = (cell_at(row, start) for row in rows[max(0, at - _ABOVE) : at])
    return next((role for cell in (own, *map(role_of, names)) if (role := cell) in _NAMES), None)


def _joined(
    name: str, rows: tuple[tuple[Cell, ...], ...], at: int, groups: Sequence[Group]
) -> Joined:
    below = [
        _joined_row(name, line, row, groups)
        for line, row in enumerate(rows[at + 1 :], start=at + 2)
    ]
    made = [list(row) for row in (*rows[: at + 1], *below)]
    _gather_names(made, at)
    roles = _roles(rows[at + 1 :], groups)
    for row in made[at:]:
        for group, role in zip(groups, roles, strict=True):
            # Below it stand the units again, at the top of each page.
            if row is made[at] or _unit_of(cell_at(row, group.start)) == 0:
                row[group.start : group.start + group.width] = [
                    _NAMES[role] if role else None,
                    *[None] * (group.width - 1),
                ]
    return Joined(rows=tuple(map(tuple, made)), issues=tuple(_issues(rows, made, at, groups)))


def _gather_names(rows: Sequence[list[Cell]], at: int) -> None:
    """Bring the names of columns from rows above into one row, so that each stands there once."""
    head = rows[at]
    for row in reversed(rows[max(0, at - _ABOVE) : at]):
        for place, cell in enumerate(row):
            if (role := role_of(cell)) is None:
                continue
            row[place] = None
            if role not in _NAMES and place < len(head) and head[place] is None:
                head[place] = cell


def _roles(rows: Sequence[Sequence[Cell]], groups: Sequence[Group]) -> list[str | None]:
    """Return which group is east: as named, else by the size of the degrees."""
    named = [group.role for group in groups]
    if None not in named and len(set(named)) == 2:
        return named
    degrees = [
        {number for row in rows if (number := number_of(cell_at(row, group.start))) is not None}
        for group in groups
    ]
    for roles in (["east", "north"], ["north", "east"]):
        pairs = zip(degrees, roles, strict=True)
        if all(
            found and all(one in _WHOLE_DEGREES[role] for one in found) for found, role in pairs
        ):
            return [*roles]
    return [None, None]


def _joined_row(
    name: str, line: int, row: Sequence[Cell], groups: Sequence[Group]
) -> tuple[Cell, ...]:
    cells = list(row)
    for group in groups:
        parts = [cell_at(row, group.start + at) for at in range(group.width)]
        if all(number_of(part) is None for part in parts):
            continue
        degrees = 0.0
        for at, part in enumerate(parts):
            number = number_of(part)
            last = at == group.width - 1
            if number is None or not _is_part(number, at, last=last):
                letters = letters_of(group.start + at)
                raise BadDegreesError(
                    name=name, line=line, cell=f"{letters}{line}", text=_text(part)[:60]
                )
            degrees += number / 60.0**at
        cells[group.start : group.start + group.width] = [degrees, *[None] * (group.width - 1)]
    return tuple(cells)


def _is_part(number: float, at: int, *, last: bool) -> bool:
    """Tell whether a number can be degrees, minutes or seconds; only the last may be a fraction."""
    most = 60.0 if at else 180.0
    return 0.0 <= number < most and (last or number.is_integer())


def _issues(
    rows: Sequence[Sequence[Cell]],
    made: Sequence[Sequence[Cell]],
    at: int,
    groups: Sequence[Group],
) -> Iterator[Issue]:
    pairs = zip(rows[at + 1 :], made[at + 1 :], strict=True)
    for row, new in pairs:
        degrees = [cell_at(new, group.start) for group in groups]
        if all(isinstance(one, float) for one in degrees):
            written = [
                " ".join(_text(cell_at(row, group.start + part)) for part in range(group.width))
                for group in groups
            ]
            params = {
                "written": "; ".join(written),
                "degrees": [round(float(str(one)), 6) for one in degrees],
            }
            yield Issue(code="degrees_in_columns", severity=Severity.INFO, params=params)
            return


def require_degrees(name: str, pair: tuple[int, int], points: npt.NDArray[np.float64]) -> None:
    """Refuse degrees that are all whole: minutes and seconds stand in columns of their own.

    Raises
    ------
    DegreeColumnsError
        Nothing names those columns.
    """
    if len(points) and (points % 1.0 == 0.0).all(axis=0).any():
        raise DegreeColumnsError(name=name, columns=[letters_of(at) for at in pair])


def _is_whole(cell: Cell) -> bool:
    number = number_of(cell)
    return number is None or number.is_integer()


def _letters(groups: Sequence[Group]) -> list[str]:
    ends = ((one.start, one.start + one.width - 1) for one in groups)
    return [f"{letters_of(first)}–{letters_of(last)}" for first, last in ends]


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
