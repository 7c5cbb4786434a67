"""Development zones from a table, or from a layer with the official fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_HA
from layers.density.amounts import is_absent
from layers.density.intensity import (
    ZONE_TABLE,
    ZoneRecord,
    assumed_measures,
    column_of,
    headings_of,
    is_quantity_header,
    record_of,
)
from layers.density.records import Record, Table, read_records
from layers.density.refusals import Problem, refusal_of
from layers.density.row_peers import PeerRow, ask_about_rows
from layers.density.row_terms import Declared, TableTerms, is_term
from layers.density.total_rows import TotalRows, row_name
from layers.model import Ledger, ReadOptions
from layers.readers import ReadLimits, Source
from layers.readers.sheets import split_mark
from layers.zones import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTable:
    """All zones of a file, each with its drawn area in hectares, None in a table.

    ``lines`` are those of the zones in the file, ``columns`` quantities by heading.
    ``unread`` are headers that the evaluation does not know, ``left_out`` rows that are no
    zone, and what the workbook hides and was read; ``questions`` must be confirmed before
    anything is computed; ``ledger`` accounts for the elements of a layer.
    """

    zones: tuple[tuple[ZoneRecord, float | None], ...]
    lines: tuple[int, ...]
    columns: Mapping[str, str]
    unread: tuple[str, ...]
    left_out: tuple[Problem, ...]
    questions: tuple[Problem, ...]
    ledger: Ledger | None


def read_zone_records(
    source: Source,
    options: ReadOptions,
    limits: ReadLimits,
    region: Region,
    declared: Declared | None = None,
) -> ZoneTable:
    """Return the zones of a file.

    Raises
    ------
    NoKnownFieldError
        The file has no field that the evaluation knows.
    StatisticsTableError
        Two columns stand under one heading, a number stands for several rows, or a zone stands
        twice for one time.
    PlanningError
        The file cannot be read.
    """
    table = read_records(source, options, limits, region, ZONE_TABLE)
    return zones_of(table, declared or Declared())


def zones_of(table: Table, declared: Declared) -> ZoneTable:
    """Return the zones of a table that was read; raises as :func:`read_zone_records`."""
    twice = [one for one in sorted(table.repeated) if is_quantity_header(one)]
    problems = [Problem(line=1, column=one, code="repeated_column") for one in twice]
    problems += table.faults
    zones: list[tuple[ZoneRecord, float | None]] = []
    lines: list[int] = []
    headers = dict.fromkeys(header for record in table.records for header in record.cells)
    terms, seen = TableTerms(table, declared), dict[object, int]()
    totals = TotalRows(headings=headings_of(headers))
    for record in table.records:
        zone = record_of(record.cells, terms.of_row(record))
        name = split_mark(zone.texts.get("name", ""))[0]
        zone = replace(zone, texts={**zone.texts, **({"name": name} if name else {})})
        figures = {key: one for key, one in zone.quantities.items() if not key.endswith("_pct")}
        if totals.take(record.line, row_name(name, record.cells.values()), figures):
            continue
        totals.add(figures)
        before = seen.setdefault(_identity(zone), record.line)
        if name and before != record.line:
            problems.append(
                Problem(
                    line=record.line, column=None, code="repeated_zone", text=f"{name} {before}"
                )
            )
        zones.append((zone, _drawn_ha(record)))
        lines.append(record.line)
    if problems:
        raise refusal_of(table.name, problems)
    # The fields of a layer hold no unit of measure: they are those of the official layout.
    assumed = [
        Problem(line=table.header_line, column=header, code="measure_assumed", text=unit)
        for header, unit in assumed_measures(headers)
        if table.places and any(not is_absent(record.cells.get(header)) for record in table.records)
    ]
    return ZoneTable(
        zones=tuple(zones),
        lines=tuple(lines),
        columns={head: one.name for head in headers if (one := column_of(head))},
        unread=tuple(one for one in headers if not is_quantity_header(one) and not is_term(one)),
        left_out=(*totals.left_out, *table.unseen),
        questions=(
            *table.unseen,
            *table.questions,
            *terms.questions,
            *totals.questions,
            *assumed,
            *_far_from_others(zones, lines, headings_of(headers)),
        ),
        ledger=table.ledger,
    )


def _far_from_others(
    zones: Sequence[tuple[ZoneRecord, float | None]],
    lines: Sequence[int],
    headings: Mapping[str, str],
) -> list[Problem]:
    """Return a question for each zone with a figure far from those of the others."""
    rows = [
        PeerRow(
            line=line,
            name=zone.texts.get("name", ""),
            figures={key: one for key, one in zone.quantities.items() if one is not None},
        )
        for (zone, _), line in zip(zones, lines, strict=True)
    ]
    return ask_about_rows(rows, headings, None)


def _identity(zone: ZoneRecord) -> tuple[object, ...]:
    """Return what a row is of: a zone of the same name and code at the same time is the same."""
    said = zone.terms
    texts = (zone.texts.get("name"), zone.texts.get("code"), zone.texts.get("scope"))
    return (*texts, said.year, said.period, said.months)


def _drawn_ha(record: Record) -> float | None:
    if record.shape is None:
        return None
    return float(area_lonlat_m2(np.array([record.shape], dtype=object))[0]) / M2_PER_HA
