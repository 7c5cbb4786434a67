"""The published values and areas that ship with the product."""

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from layers.density.statistics.model import (
    Indicator,
    Observation,
    PlanningUnit,
    PublishedArea,
)
from layers.errors import StatisticsError
from layers.yaml_text import load_yaml

Number = TypeVar("Number", int, float)


@cache
def load_units() -> Mapping[str, PlanningUnit]:
    """Return all planning units by id, in the order of the file."""
    units = (
        PlanningUnit(
            id=row["id"],
            level=row["level"],
            layer=row["layer"] or None,
            boundary_since=optional(row["boundary_since"], int),
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        for row in csv_rows("units.csv")
    )
    return MappingProxyType({unit.id: unit for unit in units})


@cache
def load_holders() -> Mapping[str, tuple[str, str]]:
    """Return the office that has a unit's figures, in Chinese and English, by unit."""
    rows = csv_rows("holders.csv")
    return MappingProxyType({row["unit_id"]: (row["holder_zh"], row["holder_en"]) for row in rows})


@cache
def load_indicators() -> Mapping[str, Indicator]:
    """Return the dictionary of indicators by id."""
    entries = load_yaml(text_of("indicators.yaml"))
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
def load_observations() -> tuple[Observation, ...]:
    """Return all observations.

    Raises
    ------
    StatisticsError
        A value is repeated, is of an unknown unit or indicator, or has another unit of
        measure than its indicator. ``params["line"]`` is the line of the file.
    """
    found: dict[tuple[str, str, int, str, str], Observation] = {}
    indicators, units = load_indicators(), load_units()
    for line, row in enumerate(csv_rows("observations.csv"), start=2):
        observation = Observation(
            unit_id=row["unit_id"],
            indicator=row["indicator"],
            year=int(row["year"]),
            period=row["period"],
            value=float(row["value"]),
            relation=row["relation"],
            unit=row["unit"],
            source=row["source"],
            quality=row["quality"],
            months=row.get("months") or "",
            note=row.get("note") or "",
        )
        key = observation.key
        why = None
        if key in found:
            why = "repeated"
        elif observation.unit_id not in units:
            why = "unknown_unit"
        elif observation.indicator not in indicators:
            why = "unknown_indicator"
        elif observation.unit != indicators[observation.indicator].unit:
            why = "other_unit"
        if why:
            raise StatisticsError(file="observations.csv", line=line, why=why)
        found[key] = observation
    return tuple(found.values())


@cache
def load_areas() -> tuple[PublishedArea, ...]:
    """Return all published areas, at most one for a unit and kind of land.

    Raises
    ------
    StatisticsError
        A unit's land of one kind is repeated, or the unit is unknown. ``params["line"]``
        is the line of the file.
    """
    found: dict[tuple[str, str], PublishedArea] = {}
    units = load_units()
    for line, row in enumerate(csv_rows("areas.csv"), start=2):
        area = PublishedArea(
            unit_id=row["unit_id"],
            denominator=row["denominator"],
            area_km2=float(row["area_km2"]),
            first_year=optional(row["first_year"], int),
            last_year=optional(row["last_year"], int),
            source=row["source"],
            quality=row["quality"],
        )
        key = (area.unit_id, area.denominator)
        why = "repeated" if key in found else None if area.unit_id in units else "unknown_unit"
        if why:
            raise StatisticsError(file="areas.csv", line=line, why=why)
        found[key] = area
    return tuple(found.values())


def optional(text: str, kind: Callable[[str], Number]) -> Number | None:
    """Return a cell as a number; None if it is empty."""
    return kind(text) if text else None


def csv_rows(name: str) -> Iterator[dict[str, str]]:
    """Return the rows of a table that ships."""
    return iter(csv.DictReader(text_of(name).splitlines()))


def text_of(name: str) -> str:
    """Return the text of a data file that ships."""
    return files("layers.builtin").joinpath("data", name).read_text(encoding="utf-8")
