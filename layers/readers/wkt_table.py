"""Tables with a column of well-known text (WKT): each row is a feature."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError

from layers.errors import DamagedFileError
from layers.model import LeftOut
from layers.readers._translate import translated
from layers.readers.errors import MixedReferenceError
from layers.readers.parsed import Account, Parsed
from layers.readers.shapes import spans_area
from layers.readers.sheets import Cell, Sheet
from layers.readers.table_rows import unseen_issues

_WKT: Final = re.compile(
    r"(?:SRID=(\d{1,6});)?\s?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)"
    r"[ ZM]{0,4}(?:\(|EMPTY)",
    re.I,
)
_MAX_DEPTH: Final = 8


def wkt_column(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return the position of the column that holds WKT, None without one.

    Of several that with polygons: beside them stand points within.
    """
    found = Counter(
        (at, match[2].upper().endswith("POLYGON"))
        for row in rows
        for at, cell in enumerate(row)
        if isinstance(cell, str) and (match := _WKT.match(cell))
    )
    # The most polygons, then the most geometries, then the first.
    best = max(found, key=lambda one: (one[1], found[one], -one[0]), default=None)
    return best[0] if best else None


def parse_wkt_table(name: str, table: Sheet, column: int) -> Parsed:
    """Parse the rows below the names of the columns; what is no WKT is left out by its line.

    Raises
    ------
    DamagedFileError
        No row can be read.
    MixedReferenceError
        Rows state different reference systems, or some of them none.
    """
    table = replace(table, rows=tuple(_rejoined(row, column) for row in table.rows))
    with translated(name, table.form):
        # The first text in the column is its name, unless it is a geometry itself.
        first = next(at for at, row in enumerate(table.rows) if _text(row, column))
        start = first if _is_wkt(table.rows[first], column) else first + 1
        names = _names(table.rows[start - 1] if start else (), table.rows[start:])
        shapes, rows, lost, codes, lines = [], [], [], set(), set[int]()
        for line, row in enumerate(table.rows[start:], start=start + 1):
            if not any(cell is not None for cell in row):
                continue
            lines.add(line)
            geometry, srid = _read(_text(row, column))
            if geometry is None:
                lost.append(LeftOut(what="row", label=str(line), reason="bad_coordinates"))
                continue
            codes.add(srid)
            shapes.append(geometry)
            lost += _further(row, column, geometry, line)
            cells = (row[at] if at < len(row) else None for at in range(len(names)))
            rows.append(
                {n: c for at, (n, c) in enumerate(zip(names, cells, strict=True)) if at != column}
            )
        if not shapes:
            raise DamagedFileError(name=name, format=table.form)
        geometry = np.empty(len(shapes), dtype=object)
        geometry[:] = shapes
    if len(codes) > 1:
        found = sorted(f"EPSG:{code}" if code else "—" for code in codes)
        raise MixedReferenceError(name=name, found=found)
    own = next(iter(codes))
    return Parsed(
        format=table.form,
        geometry=geometry,
        attributes=pd.DataFrame(rows, index=range(len(rows)), dtype=object),
        own_crs=f"EPSG:{own}" if own else None,
        own_crs_how="file_header" if own else None,
        encoding=table.encoding,
        encoding_how=table.encoding_how,
        issues=tuple(unseen_issues(table, lines)),
        account=Account(unit="row", found=len(lines), left_out=tuple(lost)),
    )


def _further(
    row: Sequence[Cell], column: int, taken: shapely.Geometry, line: int
) -> Iterator[LeftOut]:
    """Name what else of a row is a geometry, unless it is a point or line of that which is read."""
    for at in range(len(row)):
        if at == column or not _is_wkt(row, at):
            continue
        other, _ = _read(_text(row, at))
        reason = "other_parts"
        if other is None or (not shapely.is_empty(other) and not shapely.covers(taken, other)):
            reason = "further_geometry" if other is None or spans_area(other) else "other_parts"
        yield LeftOut(what="row", label=str(line), reason=reason, part=True)


def _names(header: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[str]:
    width = max(map(len, rows))
    cells = [header[at] if at < len(header) else None for at in range(width)]
    return [f"field_{at + 1}" if cell is None else str(cell) for at, cell in enumerate(cells)]


def _text(row: Sequence[Cell], column: int) -> str:
    cell = row[column] if column < len(row) else None
    return cell if isinstance(cell, str) else ""


def _rejoined(row: Sequence[Cell], column: int) -> tuple[Cell, ...]:
    """Return a row whose geometry is one cell: without quotes its own commas have parted it."""
    cells = list(row)
    if not _is_wkt(row, column):
        return tuple(cells)
    text, end = _text(row, column), column + 1
    while end < len(cells) and text.count("(") > text.count(")"):
        text += f",{'' if cells[end] is None else cells[end]}"
        end += 1
    return (*cells[:column], text, *cells[end:])


def _is_wkt(row: Sequence[Cell], column: int) -> bool:
    return _WKT.match(_text(row, column)) is not None


def _read(text: str) -> tuple[shapely.Geometry | None, str | None]:
    """Return a geometry and its SRID; GEOS is never given what nests deeply."""
    found = _WKT.match(text)
    if found is None or _depth(text) > _MAX_DEPTH:
        return None, None
    try:
        return shapely.from_wkt(text[found.start(2) :]), found.group(1)
    except ShapelyError:
        return None, None


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in re.findall(r"[()]", text):
        depth += 1 if character == "(" else -1
        deepest = max(deepest, depth)
    return deepest
