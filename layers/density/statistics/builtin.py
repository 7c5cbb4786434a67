"""The indicators that ship, and a zone's own published values and areas."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from layers.density.statistics.model import (
    Indicator,
    Observation,
    PlanningUnit,
    PublishedArea,
)
from layers.errors import StatisticsError
from layers.yaml_text import load_yaml
from layers.zones import Zone


@cache
def load_units(zone: Zone) -> Mapping[str, PlanningUnit]:
    """Return all planning units of a zone by id, in the order of its file."""
    return MappingProxyType(
        {
            row.id: PlanningUnit(
                id=row.id,
                level=row.level,
                layer=row.layer,
                boundary_since=row.boundary_since,
                name_zh=row.name_zh,
                name_en=row.name_en,
            )
            for row in zone.units.values()
        }
    )


@cache
def load_indicators() -> Mapping[str, Indicator]:
    """Return the dictionary of indicators by id."""
    path = files("layers.density").joinpath("statistics_data/indicators.yaml")
    entries = load_yaml(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: Indicator(
                id=name,
                name_zh=entry["zh"],
                name_en=entry["en"],
                unit=entry["unit"],
                extensive=entry["kind"] == "extensive",
            )
            for name, entry in entries.items()
        }
    )


@cache
def load_observations(zone: Zone) -> tuple[Observation, ...]:
    """Return all observations that a zone's folder brings.

    Raises
    ------
    StatisticsError
        A value is repeated, is of an unknown indicator, or has another unit of measure than
        its indicator. ``params["line"]`` is the line of the file.
    """
    found: dict[tuple[str, str, int, str, str], Observation] = {}
    indicators = load_indicators()
    for line, row in enumerate(zone.observations, start=2):
        observation = Observation(
            unit_id=row.unit_id,
            indicator=row.indicator,
            year=row.year,
            period=row.period,
            value=row.value,
            relation=row.relation,
            unit=row.unit,
            source=row.source,
            quality=row.quality,
            months=row.months or "",
            note=row.note or "",
        )
        key = observation.key
        why = None
        if key in found:
            why = "repeated"
        elif observation.indicator not in indicators:
            why = "unknown_indicator"
        elif observation.unit != indicators[observation.indicator].unit:
            why = "other_unit"
        if why:
            raise StatisticsError(file="observations.csv", line=line, why=why)
        found[key] = observation
    return tuple(found.values())


@cache
def load_areas(zone: Zone) -> tuple[PublishedArea, ...]:
    """Return all published areas of a zone, at most one for a unit and kind of land."""
    return tuple(
        PublishedArea(
            unit_id=row.unit_id,
            denominator=row.denominator,
            area_km2=row.area_km2,
            first_year=row.first_year,
            last_year=row.last_year,
            source=row.source,
            quality=row.quality,
        )
        for row in zone.areas
    )
