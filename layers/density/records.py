"""Rows with fields, from a table (CSV, XLSX) or from the attributes of a layer."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import to_lonlat
from layers.builtin.reference import read_counties
from layers.density.refusals import Problem, cell_address
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.layout import note_of
from layers.errors import NoKnownFieldError, UnknownFormatError
from layers.model import Ledger, ReadOptions
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows, and the texts around them: ``titles`` above the headings, ``notes`` below.

    ``names`` are all texts that may say more of the time of the figures: titles, the name
    of the file and of the sheet. ``quality`` is that of the source of all figures;
    ``ledger`` accounts for the elements of a layer.
    """

    name: str
    records: tuple[Record, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    quality: str = ""
    repeated: frozenset[str] = frozenset()
    unseen: tuple[Problem, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    ledger: Ledger | None = None


def read_records(
    source: Source, options: ReadOptions, limits: ReadLimits, knows_any: KnowsAny
) -> Table:
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
        return _of_sheet(source.name, sheet, knows_any)
    frame, report = read_layer(source, options, counties=read_counties(), limits=limits)
    table = table_of_layer(source.name, frame, knows_any)
    return replace(table, names=(source.name,), ledger=report.ledger)


def table_of_layer(name: str, frame: gpd.GeoDataFrame, knows_any: KnowsAny) -> Table:
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
    records = tuple(
        Record(
            line=at + 1,
            cells={str(key): _cell(value) for key, value in row.items()},
            shape=shapes[at] if areal[at] else None,
        )
        for at, row in enumerate(frame[columns].to_dict(orient="records"))
    )
    return Table(name=name, records=records)


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


def _of_sheet(name: str, sheet: Sheet, knows_any: KnowsAny) -> Table:
    dictionary = load_dictionary()
    for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headers = ["" if cell is None else str(cell) for cell in row]
        if not knows_any(headers):
            continue
        titles = tuple(
            str(cell) for above in sheet.rows[:at] for cell in dict.fromkeys(above) if cell
        )
        records: list[Record] = []
        notes: list[str] = []
        whole = sheet.fill_merged(down_only=True)
        for line, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
            filled = [cell for cell in cells if cell is not None]
            if filled and (note := note_of(filled, dictionary, lambda _: None)) is not None:
                notes.append(note)
            elif filled:
                own = map(_own, zip_longest(cells, whole[line - 1]))
                records.append(Record(line=line, cells=_by_header(headers, own), shape=None))
        named = (sheet.name,) if sheet.form == "XLSX" else ()
        return Table(
            name=name,
            records=tuple(records),
            titles=titles,
            # Whichever cell it is pinned to: no figure may lose it.
            notes=(*notes, *(text for _, _, text in sheet.comments)),
            names=(*titles, *named, name),
            places={head: column for column, head in enumerate(headers) if head},
            unseen=tuple(_unseen(sheet, headers, at + 1, [one.line for one in records])),
            repeated=frozenset(one for one, times in Counter(headers).items() if times > 1),
        )
    raise NoKnownFieldError(name=name, columns=[str(cell) for cell in sheet.rows[0] if cell][:30])


def _unseen(
    sheet: Sheet, headers: Sequence[str], header_line: int, lines: Sequence[int]
) -> Iterator[Problem]:
    for code, unseen in (("row_hidden", sheet.hidden), ("row_struck", sheet.struck)):
        for line in sorted(set(lines).intersection(unseen)):
            yield Problem(line=line, column=None, code=code)
    for at in sheet.hidden_columns:
        if at < len(headers) and headers[at]:
            yield Problem(
                line=header_line,
                column=headers[at],
                code="column_hidden",
                cell=cell_address(header_line, at),
            )


def _by_header(headers: Sequence[str], cells: Iterable[Cell]) -> dict[str, Cell]:
    """Return cells by heading; those of other columns under one heading as one text."""
    found: dict[str, Cell] = {}
    for at, cell in enumerate(cells):
        header = headers[at] if at < len(headers) else ""
        both = [one for one in (found.get(header), cell) if one is not None]
        found[header] = both[0] if len(both) == 1 else "; ".join(map(str, both)) or None
    return found


def _own(cells: tuple[Cell, Cell]) -> Cell:
    """Return a cell with the text of the merged cell that it is part of, but not its number."""
    own, merged = cells
    return merged if own is None and isinstance(merged, str) and number_of(merged) is None else own


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever pandas holds
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if isinstance(value, np.generic) else value  # type: ignore[no-any-return]
