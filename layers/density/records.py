"""Rows with fields, from a table (CSV, XLSX) or from the attributes of a layer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import PurePath
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import to_lonlat
from layers.builtin.reference import read_counties
from layers.density.amounts import amount_of
from layers.density.refusals import Problem, cell_address
from layers.density.stacked_headings import Headings, TableWords, find_headings
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.layout import note_of
from layers.density.statistics.remarks import leaves_open
from layers.errors import NoKnownFieldError, UnknownFormatError
from layers.model import Ledger, ReadOptions
from layers.readers import ReadLimits, Source, read_layer
from layers.readers.comments import Comment
from layers.readers.sheets import Cell, Sheet, number_of, read_sheet
from layers.zones import Region

_POLYGONS: Final = (3, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row; ``line`` is that of the table, or the feature's number in a layer.

    ``shape`` is its polygon in EPSG:4490, None in a table and for other geometries. ``section``
    is a text alone in a row above that reads like the time of the rows below it.
    """

    line: int
    cells: Mapping[str, Cell]
    shape: Any | None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows, and the texts around them: ``titles`` above the headings, ``notes`` with their lines.

    ``names`` are all texts that may say more of the time of the figures: titles, the name
    of the file and of the sheet. ``quality`` is that of the source of all figures;
    ``ledger`` accounts for the elements of a layer. ``comments`` are pinned to cells, ``faults``
    are numbers in cells merged over several rows, ``questions`` words over headings that may
    change what they mean.
    """

    name: str
    records: tuple[Record, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    names: tuple[str, ...] = ()
    quality: str = ""
    repeated: frozenset[str] = frozenset()
    unseen: tuple[Problem, ...] = ()
    faults: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()
    header_line: int = 1
    places: Mapping[str, int] = field(default_factory=dict)
    ledger: Ledger | None = None


def read_records(
    source: Source, options: ReadOptions, limits: ReadLimits, region: Region, words: TableWords
) -> Table:
    """Return the rows of a table, or the features of a layer.

    ``region`` has the counties by which an undeclared CRS is found. By ``words`` the headings are
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
        return _of_sheet(source.name, sheet, words)
    frame, report = read_layer(source, options, counties=read_counties(region), limits=limits)
    table = table_of_layer(source.name, frame, words)
    return replace(table, names=(PurePath(source.name).stem,), ledger=report.ledger)


def table_of_layer(name: str, frame: gpd.GeoDataFrame, words: TableWords) -> Table:
    """Return the features of a layer as records, its geometry in EPSG:4490.

    Raises
    ------
    NoKnownFieldError
        No column is known.
    """
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if not words.is_table(columns):
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


def _of_sheet(name: str, sheet: Sheet, words: TableWords) -> Table:
    if found := find_headings(sheet.rows, words):
        return _table_below(name, sheet, *found)
    raise NoKnownFieldError(name=name, columns=[str(cell) for cell in sheet.rows[0] if cell][:30])


def _table_below(name: str, sheet: Sheet, at: int, found: Headings) -> Table:
    titles, above = _above(sheet.rows[:at])
    headers, first = found.texts, found.last + 1
    records, below = _body(sheet, first, headers)
    named = (sheet.name,) if sheet.form == "XLSX" else ()
    return Table(
        name=name,
        records=tuple(records),
        titles=titles,
        notes=(*above, *below),
        # The name of a file is a hint of its time; its suffix says nothing.
        names=(*titles, *named, PurePath(name).stem),
        places={head: column for column, head in enumerate(headers) if head},
        unseen=tuple(_unseen(sheet, headers, first, [one.line for one in records])),
        faults=tuple(_merged_numbers(sheet, first, headers)),
        questions=found.questions,
        comments=sheet.comments,
        header_line=first,
        repeated=frozenset(one for one, times in Counter(headers).items() if times > 1),
    )


def _above(
    rows: Sequence[Sequence[Cell]],
) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """Return the titles above the headings, and notes with their lines."""
    titles, notes = list[str](), list[tuple[int, str]]()
    for line, row in enumerate(rows, start=1):
        filled = [cell for cell in row if cell is not None]
        if filled and (note := note_of(filled, load_dictionary(), _no_unit)) is not None:
            notes.append((line, note))
        else:
            titles += map(str, dict.fromkeys(filled))
    return tuple(titles), notes


def _body(
    sheet: Sheet, start: int, headers: Sequence[str]
) -> tuple[list[Record], list[tuple[int, str]]]:
    """Return the rows below the headings, and the notes among and below them."""
    dictionary, whole = load_dictionary(), sheet.fill_merged(down_only=True)
    told = {at for at, head in enumerate(headers) if dictionary.term_role(head)}
    records, notes, section = list[Record](), list[tuple[int, str]](), None
    for line, cells in enumerate(sheet.rows[start:], start=start + 1):
        filled = [cell for cell in cells if cell is not None]
        if not filled or _repeats(cells, headers):
            continue
        if (note := note_of(filled, dictionary, _no_unit)) is not None:
            notes.append((line, note))
        elif (text := _only_text(filled)) and leaves_open(text, (0,), dictionary):
            section = text
        else:
            own = [
                merged if at in told else _own((cell, merged))
                for at, (cell, merged) in enumerate(zip_longest(cells, whole[line - 1]))
            ]
            record = Record(line=line, cells=_by_header(headers, own), shape=None, section=section)
            records.append(record)
    while records and (text := _only_text(sheet.rows[records[-1].line - 1])):
        notes.append((records.pop().line, text))
    return records, notes


def _no_unit(_: str) -> None:
    """No row of zones or firms is taken for one of a planning unit."""


def _only_text(cells: Iterable[Cell]) -> str | None:
    """Return the only cell of a row, if it is a text: it speaks of the table, or of rows below."""
    filled = [cell for cell in cells if cell is not None]
    return filled[0] if len(filled) == 1 and isinstance(filled[0], str) else None


def _repeats(cells: Sequence[Cell], headers: Sequence[str]) -> bool:
    """Tell whether a row holds the headings again, as at the head of a printed page."""
    filled = [(at, str(cell)) for at, cell in enumerate(cells) if cell is not None]
    return len(filled) > 1 and all(at < len(headers) and headers[at] == text for at, text in filled)


def _merged_numbers(sheet: Sheet, start: int, headers: Sequence[str]) -> Iterator[Problem]:
    """Yield numbers that stand for several rows: whose they are cannot be told."""
    dictionary = load_dictionary()
    for top, left, bottom, _ in sheet.merged:
        if top < start or bottom == top or left >= len(headers) or top >= len(sheet.rows):
            continue
        cell = sheet.rows[top][left] if left < len(sheet.rows[top]) else None
        if amount_of(cell) is not None and not dictionary.term_role(headers[left]):
            yield Problem(
                line=top + 1,
                column=headers[left],
                code="merged_value",
                text=str(cell),
                cell=cell_address(top + 1, left),
            )


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
