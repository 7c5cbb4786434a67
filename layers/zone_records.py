"""Development zones from a table, or from a layer with the official fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely

from geo.area import area_lonlat_m2
from geo.crs import to_lonlat
from geo.units import M2_PER_HA
from layers.builtin.reference import read_counties
from layers.errors import NoZoneFieldError, UnknownFormatError
from layers.intensity import ZoneRecord, knows_a_field, record_of
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_layer
from layers.readers.sheets import Cell, Sheet, read_sheet

_HEADER_WITHIN: Final = 10


def read_zone_records(
    source: Source, options: ReadOptions, limits: ReadLimits
) -> list[tuple[ZoneRecord, float | None]]:
    """Return the zones of a file with the drawn area of each in hectares, None in a table.

    Raises
    ------
    NoZoneFieldError
        The file has no field that the evaluation knows.
    PlanningError
        The file cannot be read.
    """
    return [(record_of(row), drawn_ha) for row, drawn_ha in _rows(source, options, limits)]


def _rows(
    source: Source, options: ReadOptions, limits: ReadLimits
) -> Iterator[tuple[Mapping[str, Cell], float | None]]:
    sheet = _sheet(source, options, limits)
    if sheet is not None:
        headers, rows = _table(source.name, sheet)
        yield from ((dict(zip(headers, row, strict=False)), None) for row in rows)
        return
    frame, _ = read_layer(source, options, counties=read_counties(), limits=limits)
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    if not knows_a_field(columns):
        raise NoZoneFieldError(name=source.name, columns=columns[:30])
    shapes = to_lonlat(frame.geometry).to_numpy()
    areal = np.isin(shapely.get_type_id(shapes), (3, 6))
    for at, row in enumerate(frame[columns].to_dict(orient="records")):
        drawn = float(area_lonlat_m2(shapes[at : at + 1])[0]) / M2_PER_HA if areal[at] else None
        yield {str(key): _cell(value) for key, value in row.items()}, drawn


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


def _table(name: str, sheet: Sheet) -> tuple[list[str], Sequence[Sequence[Cell]]]:
    for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headers = ["" if cell is None else str(cell) for cell in row]
        if knows_a_field(headers):
            filled = [row for row in sheet.rows[at + 1 :] if any(cell is not None for cell in row)]
            return headers, filled
    raise NoZoneFieldError(name=name, columns=[str(cell) for cell in sheet.rows[0] if cell][:30])


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever pandas holds
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if isinstance(value, np.generic) else value  # type: ignore[no-any-return]
