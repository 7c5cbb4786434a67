"""Tables of boundary points (XLSX, CSV, pasted text): points by plot and ring, as polygons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.measure.angles import parse_degrees
from geo.measure.rings import assemble
from layers.errors import BadLineError, NoCoordinatesError
from layers.model import Issue, Severity
from layers.readers._translate import translated
from layers.readers.axes import Order, is_lonlat, order_of, zone_prefix
from layers.readers.boundary_header import HeaderReference, header_reference
from layers.readers.boundary_rings import PlotRings, Point, rings_of
from layers.readers.parsed import Parsed
from layers.readers.sheets import Cell, Sheet, number_of, read_sheet
from layers.readers.source import ReadLimits
from layers.readers.table_columns import Columns, find_columns, unnamed_columns

PLOT: Final = "地块"

_DIGITS: Final = re.compile(r"(\d+)\D*$")
_MERIDIAN: Final = re.compile(
    r"中央(?:子午线|经线)\D{0,6}(\d{2,3})|(\d{2})\s*带|带号\D{0,3}(\d{2})"
)
_DATUM: Final = re.compile(
    r"CGCS\s*2000|2000\s*国家大地|国家\s*2000|80\s*西安|西安\s*(?:19)?80|54\s*北京|北京\s*(?:19)?54",
    re.I,
)
_SIX_DEGREES: Final = re.compile(r"6\s*[度°]\s*(?:分)?带|六度带")


@dataclass(slots=True, kw_only=True)
class _Plot:
    title: str | None
    points: list[Point] = field(default_factory=list)


def parse_coordinate_table(
    name: str,
    data: bytes,
    *,
    declared_encoding: str | None,
    sheet: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse a table whose rows are boundary points; each plot becomes a polygon.

    Coordinates are metres, degrees, or degrees with minutes and seconds. Which of two
    columns is east is told by their names and by their sizes; sizes win, with an issue.
    A plot ends where its column says so, at a line with a title, or where the points
    begin again at their first number.

    Raises
    ------
    NoCoordinatesError
        No two columns are coordinates. Params: ``name``, ``columns``.
    BadLineError
        A row has only one of the two, or something else in their place.
    AmbiguousFileError
        Several sheets hold something and none was chosen.
    EmptyFileError, DamagedFileError, EncodingUndecidedError, TooComplexError
    HostileArchiveError
    """
    table = read_sheet(name, data, sheet=sheet, declared_encoding=declared_encoding, limits=limits)
    table = _split_by_blanks(table)
    with translated(name, table.form):
        columns = _columns(name, table)
        plots = [plot for plot in _Rows(name, table, columns).plots() if plot.points]
        points = [point for plot in plots for point in plot.points]
        first = np.array([point.first for point in points])
        second = np.array([point.second for point in points])
        order = order_of(first, second)
        # Numbers without names are coordinates only if they can be such of China.
        if not points or (columns.header < 0 and order is Order.UNKNOWN):
            raise NoCoordinatesError(name=name, columns=_names(table, columns.header))
        east, north = (first, second) if order is Order.EAST_NORTH else (second, first)
        sorted_plots = [_in_order(plot) for plot in plots]
        found = [rings_of(points) for points, _ in sorted_plots]
        reference = _stated_reference(table, east, north)
    return Parsed(
        format=table.form,
        geometry=_array([_polygon(rings, order) for rings in found]),
        attributes=pd.DataFrame({PLOT: [plot.title for plot in plots]}, dtype=object),
        own_crs=reference.crs,
        own_crs_how="table_statement" if reference.crs else None,
        encoding=table.encoding,
        encoding_how=table.encoding_how,
        issues=(
            *_order_issues(order, columns),
            *_count_issue("rings_closed", Severity.INFO, [rings.unclosed for rings in found]),
            *_count_issue("points_sorted", Severity.WARNING, [moved for _, moved in sorted_plots]),
        ),
        zone_conflict=reference.conflict,
    )


class _Rows:
    """Walks down the rows, block by block, and cuts them into plots."""

    def __init__(self, name: str, table: Sheet, columns: Columns) -> None:
        self._name = name
        self._rows = table.rows
        self._columns = columns

    def plots(self) -> list[_Plot]:
        """Return the plots; points side by side come after those before them."""
        found: list[_Plot] = [_Plot(title=None)]
        for pair, point in zip(self._columns.pairs, self._columns.points, strict=True):
            self._down(found, pair, point)
        return found

    def _down(self, found: list[_Plot], pair: tuple[int, int], point_at: int | None) -> None:
        title: str | None = None
        start = self._columns.header + 1
        for line, row in enumerate(self._rows[start:], start=start + 1):
            values = self._values(line, row, pair)
            if values is None:
                if (heading := _heading(row)) and self._columns.plot is None:
                    found.append(_Plot(title=heading))
                continue
            label, ring = _text(row, point_at), self._ring(line, row)
            point = Point(label=label, ring=ring, first=values[0], second=values[1])
            title = _text(row, self._columns.plot) or title
            plot = self._plot_of(found, title)
            if title is None and _begins_again(plot.points, point):
                found.append(_Plot(title=None))
                plot = found[-1]
            plot.points.append(point)

    def _plot_of(self, found: list[_Plot], title: str | None) -> _Plot:
        if title is None:
            return found[-1]
        same = next((plot for plot in found if plot.title == title), None)
        if same is None:
            found.append(_Plot(title=title))
        return same or found[-1]

    def _values(
        self, line: int, row: Sequence[Cell], pair: tuple[int, int]
    ) -> tuple[float, float] | None:
        cells = [row[at] if at < len(row) else None for at in pair]
        numbers = [_coordinate(cell) for cell in cells]
        if numbers[0] is None and numbers[1] is None:
            return None
        if numbers[0] is None or numbers[1] is None:
            text = ",".join("" if cell is None else str(cell) for cell in row)[:60]
            raise BadLineError(name=self._name, line=line, text=text)
        return numbers[0], numbers[1]

    def _ring(self, line: int, row: Sequence[Cell]) -> int:
        text = _text(row, self._columns.ring)
        number = number_of(text) if text else 1.0
        if number is None:
            raise BadLineError(name=self._name, line=line, text=text[:60])
        return int(number)


def _split_by_blanks(table: Sheet) -> Sheet:
    """Take blanks for separators where a table has one column of text."""
    if any(len(row) > 1 and any(cell is not None for cell in row[1:]) for row in table.rows):
        return table
    texts = (row[0] if row else None for row in table.rows)
    rows = tuple(tuple(text.split()) if isinstance(text, str) else () for text in texts)
    return replace(table, rows=rows)


def _columns(name: str, table: Sheet) -> Columns:
    columns = find_columns(table.rows)
    if columns is None:
        rows = [row for row in table.rows if sum(_coordinate(cell) is not None for cell in row) > 1]
        width = min(map(len, rows), default=0)
        numbers = [
            at for at in range(width) if all(_coordinate(row[at]) is not None for row in rows)
        ]
        columns = unnamed_columns(rows, numbers)
    if columns is None:
        raise NoCoordinatesError(name=name, columns=_names(table, 0))
    return columns


def _names(table: Sheet, header: int) -> list[str]:
    return [str(cell)[:40] for cell in table.rows[max(header, 0)] if cell is not None][:20]


def _coordinate(cell: Cell) -> float | None:
    number = number_of(cell)
    if number is None and isinstance(cell, str):
        number = parse_degrees(cell)
    return number


def _text(row: Sequence[Cell], at: int | None) -> str:
    cell = row[at] if at is not None and at < len(row) else None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell)


def _heading(row: Sequence[Cell]) -> str | None:
    """Return the only text of a row."""
    filled = [cell for cell in row if cell is not None]
    return filled[0] if len(filled) == 1 and isinstance(filled[0], str) else None


def _begins_again(points: Sequence[Point], point: Point) -> bool:
    """Tell whether a point has the first number but lies elsewhere: the next plot begins."""
    if not points or not point.label or point.label != points[0].label:
        return False
    first = points[0]
    return point.ring == first.ring and (point.first, point.second) != (first.first, first.second)


def _in_order(plot: _Plot) -> tuple[list[Point], bool]:
    """Return points by their numbers where they are all numbered and form one ring."""
    points = plot.points
    bare = points[:-1] if len(points) > 1 and _same(points[0], points[-1]) else points
    numbers = [int(found[1]) if (found := _DIGITS.search(p.label)) else None for p in bare]
    told = [number for number in numbers if number is not None]
    if len(set(told)) < len(bare) or told == sorted(told) or len(rings_of(points).rings) > 1:
        return points, False
    return [
        point for _, point in sorted(zip(told, bare, strict=True), key=lambda one: one[0])
    ], True


def _same(one: Point, other: Point) -> bool:
    return (one.first, one.second) == (other.first, other.second)


def _polygon(found: PlotRings, order: Order) -> Any:  # noqa: ANN401 - shapely is untyped
    rings = [ring if order is Order.EAST_NORTH else ring[:, ::-1] for ring in found.rings]
    closed = [ring for ring in rings if len(ring) >= 4]
    return assemble(closed).polygon if closed else shapely.Polygon()


def _order_issues(order: Order, columns: Columns) -> Iterator[Issue]:
    if order is Order.UNKNOWN and not columns.named:
        yield Issue(code="columns_by_standard", severity=Severity.WARNING)
    elif order is Order.EAST_NORTH and columns.named:
        yield Issue(code="columns_misnamed", severity=Severity.WARNING)
    elif order is Order.EAST_NORTH:
        yield Issue(code="columns_east_first", severity=Severity.INFO)


def _count_issue(code: str, severity: Severity, flags: Sequence[object]) -> tuple[Issue, ...]:
    rows = [number for number, flag in enumerate(flags, start=1) if flag]
    if not rows:
        return ()
    params = {"features": len(rows), "first_feature": rows[0]}
    return (Issue(code=code, severity=severity, params=params),)


def _stated_reference(
    table: Sheet, east: "np.ndarray[Any, Any]", north: "np.ndarray[Any, Any]"
) -> HeaderReference:
    """Return what titles and notes say: CGCS2000 with a zone or a central meridian."""
    cells = [cell for row in table.rows for cell in row if isinstance(cell, str)]
    text = " ".join(cell for cell in cells if _coordinate(cell) is None)
    datum, zone = _DATUM.search(text), _MERIDIAN.search(text)
    number = next(filter(None, zone.groups()), "") if zone else ""
    width = "6" if _SIX_DEGREES.search(text) else "3" if number else ""
    values = {"坐标系": datum[0] if datum else "", "带号": number, "几度分带": width}
    return header_reference(values, lonlat=is_lonlat(east, north), carried_zone=zone_prefix(east))


def _array(geometries: Sequence[Any]) -> Any:  # noqa: ANN401
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array
