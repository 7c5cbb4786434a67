"""Rows with fields, from a table (CSV, XLSX) or from the attributes of a layer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import to_lonlat
from layers.builtin.reference import read_counties
from layers.errors import NoKnownFieldError, UnknownFormatError
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_layer
from layers.readers.sheets import Cell, Sheet, number_of, read_sheet

KnowsAny = Callable[[Sequence[str]], bool]
_HEADER_WITHIN: Final = 10
_POLYGONS: Final = (3, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row; ``line`` is that of the table, or the feature's number in a layer.

    ``shape`` is its polygon in EPSG:4490, None in a table and for other geometries.
    """

    line: int
    cells: Mapping[str, Cell]
    shape: Any | None


def read_records(
    source: Source, options: ReadOptions, limits: ReadLimits, knows_any: KnowsAny
) -> list[Record]:
    """Return the rows of a table, or the features of a layer.

    ``knows_any`` tells whether any of some headers is a known one: by it a header row is
    found below the titles that planners put above their tables.

    Raises
    ------
    NoKnownFieldError
        No header is known.
    PlanningError
        The file cannot be read.
    """
    sheet = _sheet(source, options, limits)
    if sheet is not None:
        return list(_of_table(source.name, sheet, knows_any))
    frame, _ = read_layer(source, options, counties=read_counties(), limits=limits)
    return records_of(source.name, frame, knows_any)


def records_of(name: str, frame: gpd.GeoDataFrame, knows_any: KnowsAny) -> list[Record]:
    """Return the features of a layer as records, its geometry in EPSG:4490.

    Raises
    ------
    NoKnownFieldError
        No column is known.
    """
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if not knows_any(columns):
        raise NoKnownFieldError(name=name, columns=columns[:30])
    shapes = to_lonlat(frame.geometry).to_numpy()
    areal = np.isin(shapely.get_type_id(shapes), _POLYGONS)
    return [
        Record(
            line=at + 1,
            cells={str(key): _cell(value) for key, value in row.items()},
            shape=shapes[at] if areal[at] else None,
        )
        for at, row in enumerate(frame[columns].to_dict(orient="records"))
    ]


def _sheet(source: Source, options: ReadOptions, limits: ReadLimits) -> Sheet | None:
    """Return the file as a table, or None if it is none: then it is read as a layer."""
    if len(source.files) > 1:
        return None
    (data,) = source.files.values()
    if data[:4] == b"PK\x03\x04" and b"xl/" not in data:
        return None
    if data.lstrip()[:1] == b"{":
        return None
    try:
        return read_sheet(
            source.name,
            data,
            sheet=options.layer,
            declared_encoding=options.encoding,
            limits=limits,
        )
    except UnknownFormatError:
        return None


def _of_table(name: str, sheet: Sheet, knows_any: KnowsAny) -> Iterator[Record]:
    for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headers = ["" if cell is None else str(cell) for cell in row]
        if knows_any(headers):
            whole = sheet.fill_merged(down_only=True)
            for line, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
                if any(cell is not None for cell in cells):
                    own = map(_own, zip_longest(cells, whole[line - 1]))
                    yield Record(line=line, cells=dict(zip(headers, own, strict=False)), shape=None)
            return
    raise NoKnownFieldError(name=name, columns=[str(cell) for cell in sheet.rows[0] if cell][:30])


def _own(cells: tuple[Cell, Cell]) -> Cell:
    """Return a cell with the text of the merged cell that it is part of, but not its number."""
    own, merged = cells
    return merged if own is None and isinstance(merged, str) and number_of(merged) is None else own


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever pandas holds
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if isinstance(value, np.generic) else value  # type: ignore[no-any-return]
