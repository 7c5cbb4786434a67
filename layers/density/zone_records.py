"""Development zones from a table, or from a layer with the official fields."""

from dataclasses import dataclass

import numpy as np

from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_HA
from layers.density.intensity import ZoneRecord, is_intensity_table, knows_header, record_of
from layers.density.records import Record, read_records
from layers.density.refusals import Problem, refusal_of
from layers.density.row_terms import is_term, is_total, terms_of
from layers.model import Ledger, ReadOptions
from layers.readers import ReadLimits, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTable:
    """All zones of a file, each with its drawn area in hectares, None in a table.

    ``unread`` are headers that the evaluation does not know, ``left_out`` rows that are no
    zone, and what the workbook hides and was read; ``ledger`` accounts for the elements of a layer.
    """

    zones: tuple[tuple[ZoneRecord, float | None], ...]
    unread: tuple[str, ...]
    left_out: tuple[Problem, ...]
    ledger: Ledger | None


def read_zone_records(source: Source, options: ReadOptions, limits: ReadLimits) -> ZoneTable:
    """Return the zones of a file.

    Raises
    ------
    NoKnownFieldError
        The file has no field that the evaluation knows.
    StatisticsTableError
        Two columns stand under one heading.
    PlanningError
        The file cannot be read.
    """
    table = read_records(source, options, limits, is_intensity_table)
    if twice := [one for one in sorted(table.repeated) if knows_header(one)]:
        problems = [Problem(line=1, column=one, code="repeated_column") for one in twice]
        raise refusal_of(source.name, problems)
    zones: list[tuple[ZoneRecord, float | None]] = []
    left_out: list[Problem] = []
    for record, terms in zip(table.records, terms_of(table), strict=True):
        zone = record_of(record.cells, terms)
        name = zone.texts.get("name", "")
        if is_total(name):
            left_out.append(Problem(line=record.line, column=None, code="total_row", text=name))
        else:
            zones.append((zone, _drawn_ha(record)))
    headers = dict.fromkeys(header for record in table.records for header in record.cells)
    return ZoneTable(
        zones=tuple(zones),
        unread=tuple(one for one in headers if not knows_header(one) and not is_term(one)),
        left_out=(*left_out, *table.unseen),
        ledger=table.ledger,
    )


def _drawn_ha(record: Record) -> float | None:
    if record.shape is None:
        return None
    return float(area_lonlat_m2(np.array([record.shape], dtype=object))[0]) / M2_PER_HA
