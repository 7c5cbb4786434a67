"""All statistics that count: what ships, and over it what was imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.density.statistics.builtin import (
    load_areas,
    load_indicators,
    load_observations,
    load_units,
)
from layers.density.statistics.model import Indicator, Observation, PlanningUnit, PublishedArea
from layers.density.statistics.store import StatisticsVersion
from layers.zones import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Units, indicators, values and areas; ``versions`` are the imported data sets."""

    units: Mapping[str, PlanningUnit]
    indicators: Mapping[str, Indicator]
    observations: tuple[Observation, ...]
    areas: tuple[PublishedArea, ...]
    versions: tuple[StatisticsVersion, ...]


def collect_statistics(
    zone: Zone, versions: Sequence[StatisticsVersion], drawn: Sequence[PlanningUnit] = ()
) -> Statistics:
    """Return what a zone brings with imported values over it, later data sets over earlier ones.

    A value stands in the place of another of the same unit, indicator, year, period and months;
    an area in the place of one of the same unit and kind of land that holds for its year.
    ``drawn`` are units as layers of today draw them.
    """
    values = {value.key: value for value in load_observations(zone)}
    areas = list(load_areas(zone))
    units = dict(load_units(zone))
    for version in versions:
        values |= {value.key: value for value in version.observations}
        taken = {(area.unit_id, area.denominator, area.first_year) for area in version.areas}
        areas = [area for area in areas if not _replaced(area, taken)]
        areas += version.areas
        units |= {unit.id: unit for unit in version.units}
    units |= {unit.id: unit for unit in drawn}
    return Statistics(
        units=units,
        indicators=load_indicators(),
        observations=tuple(values.values()),
        areas=tuple(areas),
        versions=tuple(versions),
    )


def _replaced(area: PublishedArea, taken: set[tuple[str, str, int | None]]) -> bool:
    """Tell whether an area of exactly one year is stated anew; open spans stay beside it."""
    return (
        area.first_year == area.last_year
        and (area.unit_id, area.denominator, area.first_year) in taken
    )
