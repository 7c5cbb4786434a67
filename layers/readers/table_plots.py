"""From the rows of a table of boundary points to its plots."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import shapely

from layers.errors import BadLineError
from layers.model import Issue, LeftOut, Severity
from layers.readers.boundary_rings import Point
from layers.readers.comments import letters_of
from layers.readers.errors import (
    BadCellError,
    EmptyCellError,
    RepeatedColumnsError,
    RoundedCellError,
)
from layers.readers.rounded_numbers import is_rounded
from layers.readers.sheets import Cell, number_of
from layers.readers.table_blocks import Layout, layout_of, may_be_two_plots
from layers.readers.table_columns import Columns, repeated_names
from layers.readers.table_rows import RowKind, cell_at, coordinate_of, kind_of_row, text_at

_FEWEST: Final = 3
_PLOT: Final = re.compile("地块|宗地|图斑|区块|plot|parcel", re.I)
_NUMBERED: Final = re.compile(r"^[^:：]*\d[^:：]*$")
"""A title that may be that of a plot; a colon stands in remarks."""

_MOST_NAMED: Final = 10
_MOST_COMPARED: Final = 1_000_000
"""How many points are looked at, over all gaps, to tell whether a ring goes on behind them."""

_GAPS: Final = (RowKind.BLANK, RowKind.HEADER, RowKind.NOTE)


_Row = tuple[int, Sequence[Cell], RowKind]


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
        header = rows[columns.header] if columns.header >= 0 else ()
        self._header = header
        self._is_one_plot = False
        self._names = repeated_names(header, _places(columns))
        self.left_out: list[LeftOut] = []
        self.bare_count = 0
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
        RepeatedColumnsError
            Points stand side by side, and whether they are one plot is not certain.
        """
        found: list[Plot] = []
        for rows in self._sections():
            several = self._are_several(rows)
            for block, title in enumerate(self._columns.titles or (None,)):
                if several and (block or title):
                    found.append(Plot(title=title, line=rows[0][0] if rows else 0))
                self._down(found, rows, block)
        self._name_bare(found)
        return list(self._joined([plot for plot in found if plot.points]))

    def _name_bare(self, found: Sequence[Plot]) -> None:
        """Name titles below which no points stand: a plot without them, or a remark."""
        titled = any(plot.points and plot.title for plot in found)
        for plot in found:
            if plot.points or not plot.title:
                continue
            if _PLOT.search(plot.title) or (titled and _NUMBERED.search(plot.title)):
                self.bare_count += 1
                entry = LeftOut(what="plot", label=plot.title, reason="no_points")
            else:
                entry = _note(plot.line, plot.title)
            self.left_out.append(entry)

    def _sections(self) -> Iterator[list[_Row]]:
        """Yield all rows, parted at each title if points stand side by side."""
        section: list[_Row] = []
        for line, row, kind in self._rows:
            begins = kind is RowKind.HEADING or bool(text_at(row, self._columns.plots[0]))
            if begins and section and self._is_parted:
                yield section
                section = []
            section.append((line, row, kind))
        yield section

    @property
    def _is_parted(self) -> bool:
        return len(self._columns.pairs) > 1 and len(set(self._columns.plots)) == 1

    def _are_several(self, rows: list[_Row]) -> bool:
        """Tell whether points side by side are plots of their own, or refuse."""
        columns = self._columns
        if len(columns.pairs) > 1 and not self._is_parted:
            self._require_named(rows)
        if not self._is_parted:
            return False
        blocks = [
            [point for _, _, point in self._points(rows, at)] for at, _ in enumerate(columns.pairs)
        ]
        own_numbers = None not in columns.points and len(set(columns.points)) == len(blocks)
        layout = layout_of(blocks, columns.titles, own_numbers=own_numbers)
        filled = sum(map(bool, blocks)) > 1
        named = columns.plots[0] is not None or any(kind is RowKind.HEADING for _, _, kind in rows)
        if layout is Layout.UNCLEAR or (filled and named and layout is Layout.SEVERAL):
            raise RepeatedColumnsError(name=self._name, columns=list(self._names))
        if layout is Layout.ONE and may_be_two_plots(blocks):
            self._gaps.setdefault("blocks_joined", []).append(rows[0][0])
        self._is_one_plot = layout is Layout.ONE
        return layout is Layout.SEVERAL and filled

    def _require_named(self, rows: list[_Row]) -> None:
        """Refuse blocks with plots of their own if a plot lacks its name, or begins again."""
        places = range(len(self._columns.pairs))
        points: dict[str, list[list[Point]]] = {}
        for block in places:
            title = ""
            for _, row, point in self._points(rows, block):
                title = text_at(row, self._columns.plots[block]) or title
                points.setdefault(title, [[] for _ in places])[block].append(point)
        for title, blocks in points.items():
            if sum(map(bool, blocks)) < 2 and title:
                continue
            layout = layout_of(blocks, (None,), own_numbers=None not in self._columns.points)
            if not title or layout is not Layout.ONE:
                raise RepeatedColumnsError(name=self._name, columns=list(self._names))

    def _points(self, rows: list[_Row], block: int) -> Iterator[tuple[int, Sequence[Cell], Point]]:
        """Yield the points of one block with their lines."""
        for line, row, kind in rows:
            if kind is not RowKind.POINT:
                continue
            first, second = (coordinate_of(cell_at(row, at)) for at in self._columns.pairs[block])
            if first is not None and second is not None:
                label, ring = (
                    text_at(row, self._columns.points[block]),
                    self._ring(line, row, block),
                )
                yield line, row, Point(label=label, ring=ring, first=first, second=second)

    def issues(self) -> Iterator[Issue]:
        """Say where a gap between points could be understood in two ways."""
        for code, lines in sorted(self._gaps.items()):
            params = {"count": len(lines), "lines": lines[:_MOST_NAMED]}
            yield Issue(code=code, severity=Severity.WARNING, params=params)

    def point_lines(self) -> frozenset[int]:
        """Return the lines that hold points."""
        return frozenset(line for line, _, kind in self._rows if kind is RowKind.POINT)

    def _kinds(self, rows: Sequence[Sequence[Cell]]) -> Iterator[_Row]:
        start = self._columns.header + 1
        before = RowKind.HEADER
        for line, row in enumerate(rows[start:], start=start + 1):
            kind = kind_of_row(row, self._columns, below_header=before is RowKind.HEADER)
            if kind is RowKind.UNREADABLE:
                raise self._bad(line, row)
            if kind is RowKind.NOTE:
                self.left_out.append(_note(line, _texts(row)))
            yield line, row, kind
            before = kind

    def _down(self, found: list[Plot], rows: list[_Row], block: int) -> None:
        title: str | None = None
        gap: RowKind | None = None
        at = self._columns.plots[block]
        points = {line: point for line, _, point in self._points(rows, block)}
        for line, row, kind in rows:
            if kind is RowKind.HEADING and at is None and not block:
                found.append(Plot(title=_texts(row), line=line))
            if kind in _GAPS and not self._is_one_plot:
                gap = RowKind.HEADER if RowKind.HEADER in (gap, kind) else kind
            if (point := points.get(line)) is None:
                continue
            title = text_at(row, at) or title
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

    def _ring(self, line: int, row: Sequence[Cell], block: int) -> int:
        at = self._columns.rings[block]
        text = text_at(row, at)
        number = number_of(text) if text else 1.0
        if number is None:
            raise self._bad(line, row, at)
        return int(number)

    def _bad(self, line: int, row: Sequence[Cell], at: int | None = None) -> BadLineError:
        """Name the cell at fault: that at ``at``, else the first that should be a coordinate."""
        if at is None:
            at = next(iter(_lacking(row, self._columns)), None)
        if at is None:
            return BadLineError(name=self._name, line=line, text=_texts(row, ","))
        text = str(cell_at(row, at) or "").strip()
        error: type[BadLineError] = BadCellError if text else EmptyCellError
        if is_rounded(text):
            error = RoundedCellError
        column = text_at(self._header, at) or letters_of(at)
        return error(
            name=self._name,
            line=line,
            cell=f"{letters_of(at)}{line}",
            column=column,
            text=text[:60],
        )


def _note(line: int, text: str) -> LeftOut:
    params = {"text": text}
    return LeftOut(what="row", label=str(line), reason="row_text", part=True, params=params)


def _places(columns: Columns) -> list[int]:
    places = [at for pair in columns.pairs for at in pair]
    return places + [at for at in columns.points if at is not None]


def _lacking(row: Sequence[Cell], columns: Columns) -> Iterator[int]:
    """Yield where coordinates should stand and do not, those first that have a half or a number."""
    cells = [[(at, coordinate_of(cell_at(row, at))) for at in pair] for pair in columns.pairs]
    halves = [pair for pair in cells if len({number is None for _, number in pair}) > 1]
    for pair in halves or cells:
        yield from (at for at, number in pair if number is None)


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
