"""What stands in a table: cells with what qualifies them, and columns with their units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from maps.i18n import tr
from maps.numbers import number

Tone: TypeAlias = str
"""A verdict or ``warning``: how a text is coloured; the word itself always says it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word that is coloured by what it means, such as a verdict."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula of our own for spreadsheets, without the leading sign, and what it comes to.

    ``value`` is what is read by whoever does not compute: previewers, pandas, print.
    ``form`` is the number format; without one a column's own decimals decide. In a
    :class:`~maps.document.model.Table`, ``{key}`` is the cell of a column in the same row or
    of a given, ``{key_all}`` the cells of a column from the first row to the last.
    """

    text: str
    value: float | str | None = None
    form: str | None = None


Plain: TypeAlias = str | float | Tag | Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A value with the word that qualifies it: target, partial, estimate, demonstration.

    Every form prints the mark beside the value; where values must stay numbers (CSV, XLSX)
    it stands in a column of its own to the right.
    """

    value: Plain
    mark: str | None


Cell: TypeAlias = Plain | Marked
"""Text, a number in the unit of its column, a tag, a formula, one of them with a mark, or
nothing (printed as a dash)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    ``decimals`` makes it one of numbers with thousands marks, aligned right; numbers of a
    column without decimals (years, versions) are printed as they are. ``share`` is its part
    of the width, ``unit`` is added to the title, ``key`` is its name in formulas. A
    ``data_only`` column stands in XLSX and CSV, and is left out of what is read on paper.
    """

    title: str
    share: float = 1.0
    decimals: int | None = None
    unit: str | None = None
    align: Literal["left", "right"] | None = None
    key: str | None = None
    data_only: bool = False

    @property
    def right(self) -> bool:
        """Whether its cells are aligned right."""
        return self.decimals is not None if self.align is None else self.align == "right"

    @property
    def head(self) -> str:
        """Return the title with the unit.

        Examples
        --------
        >>> Column(title="GDP", unit="100 million yuan").head
        'GDP (100 million yuan)'
        """
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def form(self) -> str:
        """Return the number format for spreadsheets."""
        if self.decimals is None:
            return "General"
        return "#,##0" + ("." + "0" * self.decimals if self.decimals else "")


def columns(words: str, lang: str, *named: Column, **params: object) -> tuple[Column, ...]:
    """Return columns whose titles are keys of a table of words, with those as their keys.

    ``params`` fill what stands open in the words, such as a year.

    Examples
    --------
    >>> columns("table", "en", Column(title="density", decimals=3))[0].title
    'Density'
    """
    return tuple(
        replace(
            column,
            title=tr(f"{words}.{column.title}", lang, **params),
            key=column.key or column.title,
        )
        for column in named
    )


def plain(cell: Cell) -> Plain:
    """Return a cell without its mark."""
    return cell.value if isinstance(cell, Marked) else cell


def mark_of(cell: Cell) -> str | None:
    """Return what qualifies a cell."""
    return cell.mark if isinstance(cell, Marked) else None


def tag_of(cell: Cell) -> Tag | None:
    """Return the tag in a cell, None where it holds none."""
    value = plain(cell)
    return value if isinstance(value, Tag) else None


def shown(cell: Cell, column: Column) -> str:
    """Return a cell as text: a dash where there is nothing, a mark in brackets.

    Examples
    --------
    >>> shown(12345.678, Column(title="m2", decimals=2)), shown(None, Column(title="m2"))
    ('12,345.68', '—')
    >>> shown(2024, Column(title="year")), shown(Marked(value=0.5, mark="target"), Column(title=""))
    ('2024', '0.5 (target)')
    """
    text = _shown(plain(cell), column)
    mark = mark_of(cell)
    return f"{text} ({mark})" if mark else text


def _shown(value: Plain, column: Column) -> str:
    if isinstance(value, Formula):
        value = value.value
    if value is None or value == "":
        return "—"
    if isinstance(value, Tag):
        return value.text
    if isinstance(value, str):
        return value
    return f"{value:.10g}" if column.decimals is None else number(value, column.decimals)


def with_mark_columns(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], title: str
) -> tuple[list[Column], list[list[Plain]]]:
    """Return a table in which marks stand in columns of their own, right of what they qualify.

    Parameters
    ----------
    columns, rows
        The table; every row has a cell for each column.
    title : str
        Added to the title of a marked column for the column of its marks.
    """
    marked = [any(mark_of(row[at]) for row in rows) for at in range(len(columns))]
    heads: list[Column] = []
    for column, has in zip(columns, marked, strict=True):
        heads += [column, Column(title=f"{column.title} · {title}")] if has else [column]

    def cells(row: Sequence[Cell]) -> Iterator[Plain]:
        for cell, has in zip(row, marked, strict=True):
            yield plain(cell)
            if has:
                yield mark_of(cell)

    return heads, [list(cells(row)) for row in rows]
