"""Development zones from a table, or from a layer with the official fields."""

import numpy as np

from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_HA
from layers.density.intensity import ZoneRecord, is_intensity_table, record_of
from layers.density.records import Record, read_records
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source


def read_zone_records(
    source: Source, options: ReadOptions, limits: ReadLimits
) -> list[tuple[ZoneRecord, float | None]]:
    """Return the zones of a file with the drawn area of each in hectares, None in a table.

    Raises
    ------
    NoKnownFieldError
        The file has no field that the evaluation knows.
    PlanningError
        The file cannot be read.
    """
    records = read_records(source, options, limits, is_intensity_table)
    return [(record_of(record.cells), _drawn_ha(record)) for record in records]


def _drawn_ha(record: Record) -> float | None:
    if record.shape is None:
        return None
    return float(area_lonlat_m2(np.array([record.shape], dtype=object))[0]) / M2_PER_HA
