"""From the rows of a table of boundary points to its plots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import shapely

from layers.errors import BadLineError
from layers.model import Issue, LeftOut, Severity
from layers.readers.boundary_rings import Point
from layers.readers.sheets import Cell, number_of
from layers.readers.table_columns import Columns
from layers.readers.table_rows import RowKind, coordinate_of, kind_of_row, text_at

_FEWEST: Final = 3
_MOST_NAMED: Final = 10
_MOST_COMPARED: Final = 1_000_000
"""How many points are looked at, over all gaps, to tell whether a ring goes on behind them."""

_GAPS: Final = (RowKind.BLANK, RowKind.HEADER, RowKind.NOTE)


@dataclass(slots=True, kw_only=True)
class Plot:
    """Points that belong together; ``line`` is that of the first, ``gap`` what lies before it."""

    title: str | None
    line: int
    gap: RowKind | None = None
    points: list[Point] = field(default_factory=list)


class PlotReader:
    """Walks down the rows, block by block, and cuts them into plots."""

    def __init__(self, name: str, rows: Sequence[Sequence[Cell]], columns: Columns) -> None:
        self.left_out: list[LeftOut] = []
        self._titled: dict[str, Plot] = {}
        self._gaps: dict[str, list[int]] = {}
        self._left = _MOST_COMPARED
        self._name = name
        self._columns = columns
        self._rows = [*self._kinds(rows)]

    def plots(self) -> list[Plot]:
        """Return the plots; points side by side come after those before them.

        Raises
        ------
        BadLineError
            A row is meant as a point and has no coordinates.
        """
        found: list[Plot] = []
        for pair, point in zip(self._columns.pairs, self._columns.points, strict=True):
            self._down(found, pair, point)
        return list(self._joined([plot for plot in found if plot.points]))

    def issues(self) -> Iterator[Issue]:
        """Say where a gap between points could be understood in two ways."""
        for code, lines in sorted(self._gaps.items()):
            params = {"count": len(lines), "lines": lines[:_MOST_NAMED]}
            yield Issue(code=code, severity=Severity.WARNING, params=params)

    def point_lines(self) -> frozenset[int]:
        """Return the lines that hold points."""
        return frozenset(line for line, _, kind in self._rows if kind is RowKind.POINT)

    def _kinds(
        self, rows: Sequence[Sequence[Cell]]
    ) -> Iterator[tuple[int, Sequence[Cell], RowKind]]:
        start = self._columns.header + 1
        before = RowKind.HEADER
        for line, row in enumerate(rows[start:], start=start + 1):
            kind = kind_of_row(row, self._columns, below_header=before is RowKind.HEADER)
            if kind is RowKind.UNREADABLE:
                raise self._bad(line, row)
            if kind is RowKind.NOTE:
                params = {"text": _texts(row)}
                entry = LeftOut(
                    what="row", label=str(line), reason="row_text", part=True, params=params
                )
                self.left_out.append(entry)
            yield line, row, kind
            before = kind

    def _down(self, found: list[Plot], pair: tuple[int, int], point_at: int | None) -> None:
        title: str | None = None
        gap: RowKind | None = None
        has_column = self._columns.plot is not None
        for line, row, kind in self._rows:
            if kind is RowKind.HEADING and not has_column:
                found.append(Plot(title=_texts(row), line=line))
            if kind in _GAPS:
                gap = RowKind.HEADER if RowKind.HEADER in (gap, kind) else kind
            if kind is not RowKind.POINT:
                continue
            first, second = (coordinate_of(row[at]) if at < len(row) else None for at in pair)
            if first is None or second is None:
                continue
            label, ring = text_at(row, point_at), self._ring(line, row)
            point = Point(label=label, ring=ring, first=first, second=second)
            title = text_at(row, self._columns.plot) or title
            plot = self._plot_of(found, title, line)
            if title is None and plot.points and (gap or _begins_plot(plot.points, point)):
                plot = Plot(title=None, line=line, gap=gap)
                found.append(plot)
            plot.points.append(point)
            gap = None

    def _joined(self, parts: list[Plot]) -> Iterator[Plot]:
        """Join again what a gap has parted without being the end of a plot."""
        last: Plot | None = None
        for part in parts:
            if last is not None and part.gap is not None and self._is_one(last, part):
                last.points += part.points
                continue
            if last is not None:
                yield last
            last = part
        if last is not None:
            yield last

    def _is_one(self, before: Plot, after: Plot) -> bool:
        if _is_closed(before.points) or _is_closed(after.points):
            return False
        if _begins_plot(before.points, after.points[0]):
            return False
        if _same(after.points[-1], before.points[0]):
            return True
        if len(before.points) < _FEWEST or len(after.points) < _FEWEST:
            return True
        # Nothing tells for certain: a new page goes on with the plot, a blank line ends it.
        points = [*before.points, *after.points]
        self._left -= len(points)
        one = after.gap is not RowKind.BLANK and self._left > 0 and _is_simple(points)
        self._gaps.setdefault("gap_joined" if one else "gap_parted", []).append(after.line)
        return one

    def _plot_of(self, found: list[Plot], title: str | None, line: int) -> Plot:
        if title is None and found:
            return found[-1]
        plot = self._titled.get(title or "")
        if plot is None:
            plot = self._titled[title or ""] = Plot(title=title, line=line)
            found.append(plot)
        return plot

    def _ring(self, line: int, row: Sequence[Cell]) -> int:
        text = text_at(row, self._columns.ring)
        number = number_of(text) if text else 1.0
        if number is None:
            raise self._bad(line, row)
        return int(number)

    def _bad(self, line: int, row: Sequence[Cell]) -> BadLineError:
        return BadLineError(name=self._name, line=line, text=_texts(row, ","))


def _texts(row: Sequence[Cell], between: str = " ") -> str:
    cells = ["" if cell is None else str(cell) for cell in row]
    return between.join(cells if between == "," else filter(None, cells))[:60]


def _begins_plot(points: Sequence[Point], point: Point) -> bool:
    """Tell whether a point has the first number but lies elsewhere: the next plot begins."""
    if not points or not point.label or point.label != points[0].label:
        return False
    return point.ring == points[0].ring and not _same(points[0], point)


def _is_closed(points: Sequence[Point]) -> bool:
    return len(points) > _FEWEST and _same(points[0], points[-1])


def _same(one: Point, other: Point) -> bool:
    return (one.first, one.second) == (other.first, other.second)


def _is_simple(points: Sequence[Point]) -> bool:
    return bool(shapely.is_valid(shapely.Polygon([(p.first, p.second) for p in points])))
