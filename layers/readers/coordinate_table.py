"""Tables of boundary points (XLSX, CSV, pasted text): points by plot and ring, as polygons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.measure.rings import assemble
from layers.errors import NoCoordinatesError
from layers.model import Issue, Severity
from layers.readers._translate import translated
from layers.readers.axes import FloatArray, Order, is_lonlat, order_of, zone_prefix
from layers.readers.boundary_header import HeaderReference, header_reference
from layers.readers.boundary_rings import PlotRings, Point, left_out_rings, rings_of
from layers.readers.comments import letters_of
from layers.readers.coordinates_beside import coordinates_beside
from layers.readers.degree_columns import join_degrees, require_degrees
from layers.readers.drawn import numbers_along
from layers.readers.errors import FewPointsError, RepeatedColumnsError
from layers.readers.ledger import sheets_beside, with_entries
from layers.readers.packed_degrees import Unit, detect_packed, unit_in, unpacked_degrees
from layers.readers.parsed import Account, Parsed
from layers.readers.point_numbers import missing_numbers
from layers.readers.sheets import Cell, Sheet, read_sheet
from layers.readers.signed_degrees import table_is_signed
from layers.readers.source import ReadLimits
from layers.readers.table_columns import Columns, find_columns, unnamed_columns
from layers.readers.table_plots import Plot, PlotReader
from layers.readers.table_rows import cell_at, coordinate_of, unseen_issues
from layers.readers.wkt_table import parse_wkt_table, wkt_column

PLOT: Final = "地块"

_DIGITS: Final = re.compile(r"\d+")
_MERIDIAN: Final = re.compile(
    r"中央(?:子午线|经线)\D{0,6}(\d{2,3})|(\d{2})\s*带|带号\D{0,3}(\d{2})"
)
_DATUM: Final = re.compile(
    r"CGCS\s*2000|2000\s*国家大地|国家\s*2000|80\s*西安|西安\s*(?:19)?80|54\s*北京|北京\s*(?:19)?54",
    re.I,
)
_SHIFTED: Final = re.compile(r"GCJ[\s_-]*0?2|BD[\s_-]*0?9|火星坐标|百度(?:坐标|经度|纬度)", re.I)
"""Names of the shifted systems of web maps; that of a company alone may be a place."""

_SIX_DEGREES: Final = re.compile(r"6\s*[度°]\s*(?:分)?带|六度带")


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
    FewPointsError
        No plot has three points.
    EmptyFileError, DamagedFileError, EncodingUndecidedError, TooComplexError
    HostileArchiveError
    """
    table = read_sheet(
        name,
        data,
        sheet=sheet,
        declared_encoding=declared_encoding,
        limits=limits,
        holds=_holds_coordinates,
    )
    if (column := wkt_column(table.rows)) is not None:
        return with_entries(parse_wkt_table(name, table, column), sheets_beside(table))
    table = _split_by_blanks(table)
    joined = join_degrees(name, table.rows)
    table = replace(table, rows=joined.rows)
    with translated(name, table.form):
        columns = _columns(name, table)
        reader = PlotReader(name, table.rows, columns)
        plots = reader.plots()
        first, second = _columns_of(plots)
        signed = table_is_signed(name, table.rows, reader.point_lines(), columns.pairs)
        packed = detect_packed(first, second, "decimal" if signed else _unit(table, columns))
        if packed.read:
            for plot in plots:
                plot.points = [_unpacked(point) for point in plot.points]
            first, second = _columns_of(plots)
        order = order_of(first, second)
        if is_lonlat(first, second) or is_lonlat(second, first):
            require_degrees(name, columns.pairs[0], np.stack([first, second], axis=1))
        # Numbers without names are coordinates only if they can be such of China.
        if not plots or (columns.header < 0 and order is Order.UNKNOWN):
            raise NoCoordinatesError(name=name, columns=_names(table, columns.header))
        east, north = (first, second) if order is Order.EAST_NORTH else (second, first)
        sorted_plots = [_in_order(plot) for plot in plots]
        found = [rings_of(points) for points, _ in sorted_plots]
        polygons = [_polygon(rings, order) for rings in found]
        kept = [at for at, polygon in enumerate(polygons) if polygon is not None]
        labels = [plot.title or str(number) for number, plot in enumerate(plots, start=1)]
        if not kept:
            raise FewPointsError(
                name=name, plot=labels[0], points=len(plots[0].points), count=len(plots)
            )
        lost = [
            entry
            for label, rings in zip(labels, found, strict=True)
            for entry in left_out_rings(label, rings)
        ]
        reference = _stated_reference(table, east, north)
        known = {*columns.unread, *(at for pair in columns.pairs for at in pair)}
        beside = coordinates_beside(table.rows, reader.point_lines(), known)
    return Parsed(
        format=table.form,
        geometry=_array([polygons[at] for at in kept]),
        attributes=pd.DataFrame({PLOT: [plots[at].title for at in kept]}, dtype=object),
        own_crs=reference.crs,
        own_crs_how="table_statement" if reference.crs else None,
        encoding=table.encoding,
        encoding_how=table.encoding_how,
        issues=(
            *unseen_issues(
                table, reader.point_lines(), [at for pair in columns.pairs for at in pair]
            ),
            *_order_issues(order, columns),
            *_unread(table, columns),
            *joined.issues,
            *packed.issues(),
            *_count_issue(
                "holes_in_unnumbered_table",
                Severity.WARNING,
                [_has_guessed_hole(polygon, columns) for polygon in polygons],
            ),
            *reader.issues(),
            *_misnumbered(labels, found),
            *missing_numbers(labels, [plot.points for plot in plots]),
            *_count_issue("rings_closed", Severity.INFO, [rings.unclosed for rings in found]),
            *_count_issue("points_sorted", Severity.WARNING, [moved for _, moved in sorted_plots]),
        ),
        account=Account(
            unit="plot",
            found=len(plots) + reader.bare_count,
            left_out=(*reader.left_out, *lost, *beside, *sheets_beside(table)),
            labels=tuple(labels[at] for at in kept),
        ),
        zone_conflict=reference.conflict,
        point_numbers=tuple(numbers_along(polygons[at], plots[at].points, order) for at in kept),
    )


def _holds_coordinates(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether any row could be a point, or holds a geometry."""
    if wkt_column(rows) is not None:
        return True
    return any(sum(coordinate_of(cell) is not None for cell in row) > 1 for row in rows)


def _columns_of(plots: Sequence[Plot]) -> tuple[FloatArray, FloatArray]:
    points = [point for plot in plots for point in plot.points]
    return np.array([p.first for p in points]), np.array([p.second for p in points])


def _unpacked(point: Point) -> Point:
    first, second = unpacked_degrees(point.first), unpacked_degrees(point.second)
    return replace(point, first=first, second=second)


def _unit(table: Sheet, columns: Columns) -> Unit | None:
    """Return the unit of angles that the names of the columns, or lines around them, state."""
    header = table.rows[columns.header] if columns.header >= 0 else ()
    names = [str(header[at]) for pair in columns.pairs for at in pair if at < len(header)]
    around = [cell for row in table.rows for cell in row if isinstance(cell, str)]
    return unit_in(*names) or unit_in(*(cell for cell in around if "单位" in cell[:100]))


def _misnumbered(labels: Sequence[str], found: Sequence[PlotRings]) -> Iterator[Issue]:
    for label, rings in zip(labels, found, strict=True):
        if rings.misnumbered:
            yield Issue(
                code="ring_number_mended",
                severity=Severity.WARNING,
                feature_id=label,
                params={"points": list(rings.misnumbered)},
            )


def _split_by_blanks(table: Sheet) -> Sheet:
    """Take blanks for separators where a table has one column of text."""
    if any(len(row) > 1 and any(cell is not None for cell in row[1:]) for row in table.rows):
        return table
    texts = (row[0] if row else None for row in table.rows)
    rows = tuple(tuple(text.split()) if isinstance(text, str) else () for text in texts)
    return replace(table, rows=rows)


def _columns(name: str, table: Sheet) -> Columns:
    try:
        columns = find_columns(table.rows)
    except ValueError as exc:
        raise RepeatedColumnsError(name=name, columns=list(exc.args)) from exc
    if columns is None:
        rows = [
            row for row in table.rows if sum(coordinate_of(cell) is not None for cell in row) > 1
        ]
        if len(blocks := _fitting_blocks(rows)) > 1:
            letters = [letters_of(at) for pair in blocks for at in pair]
            raise RepeatedColumnsError(name=name, columns=letters)
        width = min(map(len, rows), default=0)
        numbers = [
            at for at in range(width) if all(coordinate_of(row[at]) is not None for row in rows)
        ]
        columns = unnamed_columns(rows, _fitting_pair(rows, numbers))
    if columns is None:
        raise NoCoordinatesError(name=name, columns=_names(table, 0))
    return columns


def _fitting_pair(rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> Sequence[int]:
    """Return the neighbouring columns whose sizes fit coordinates of China, else the last two.

    Behind them heights may stand, as in the lists of field programs (``1,,east,north,height``).
    """
    for first, second in pairwise(numbers):
        columns = [
            np.array([coordinate_of(row[at]) for row in rows], dtype=float)
            for at in (first, second)
        ]
        if second == first + 1 and order_of(*columns) is not Order.UNKNOWN:
            return (first, second)
    return numbers


def _fitting_blocks(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int]]:
    """Return all pairs of neighbouring columns, apart from each other, that fit coordinates."""
    found: list[tuple[int, int]] = []
    for at in range(max(map(len, rows), default=0) - 1):
        pairs = [[coordinate_of(cell_at(row, place)) for place in (at, at + 1)] for row in rows]
        numbers = np.array([pair for pair in pairs if None not in pair], dtype=float).reshape(-1, 2)
        is_free = not found or found[-1][1] < at
        if is_free and len(numbers) > 1 and order_of(*numbers.T) is not Order.UNKNOWN:
            found.append((at, at + 1))
    return found


def _unread(table: Sheet, columns: Columns) -> Iterator[Issue]:
    """Say which further columns of coordinates were not read."""
    if columns.unread:
        header = table.rows[columns.header]
        read, unread = [at for pair in columns.pairs for at in pair], columns.unread
        params = {
            key: ", ".join(str(header[at]) for at in places)[:200]
            for key, places in (("read", read), ("unread", unread))
        }
        yield Issue(code="coordinates_not_read", severity=Severity.WARNING, params=params)


def _names(table: Sheet, header: int) -> list[str]:
    return [str(cell)[:40] for cell in table.rows[max(header, 0)] if cell is not None][:20]


def _in_order(plot: Plot) -> tuple[list[Point], bool]:
    """Return points by their numbers where they are all numbered and form one ring."""
    points = plot.points
    bare = points[:-1] if len(points) > 1 and _same(points[0], points[-1]) else points
    numbers = [int(found[-1]) if (found := _DIGITS.findall(p.label[-20:])) else None for p in bare]
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
    return assemble(closed).polygon if closed else None


def _has_guessed_hole(polygon: Any, columns: Columns) -> bool:  # noqa: ANN401 - shapely
    """Whether a ring inside another is a hole only because nothing calls it a plot of its own."""
    told = any(at is not None for at in columns.rings) or any(
        at is not None for at in columns.points
    )
    if told or polygon is None:
        return False
    return bool(shapely.get_num_interior_rings(shapely.get_parts(polygon)).any())


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


def _stated_reference(table: Sheet, east: FloatArray, north: FloatArray) -> HeaderReference:
    """Return what titles and notes say: CGCS2000 with a zone or a central meridian."""
    cells = [cell for row in table.rows for cell in row if isinstance(cell, str)]
    text = " ".join(cell for cell in cells if coordinate_of(cell) is None)
    datum, zone = _DATUM.search(text), _MERIDIAN.search(text)
    number = next(filter(None, zone.groups()), "") if zone else ""
    width = "6" if _SIX_DEGREES.search(text) else "3" if number else ""
    values = {"坐标系": datum[0] if datum else "", "带号": number, "几度分带": width}
    lonlat = is_lonlat(east, north)
    found = header_reference(values, lonlat=lonlat, carried_zone=zone_prefix(east))
    other = _SHIFTED.search(text) if lonlat else datum
    is_other = other is not None and "2000" not in other[0]
    if other is None or not is_other or (found.crs and not lonlat) or found.conflict:
        return found
    # A system that no code stands for: whoever declares another is told of both.
    return replace(found, crs=other[0])


def _array(geometries: Sequence[Any]) -> Any:  # noqa: ANN401
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array
