"""Which figures of a year are missing, from whom they are had, and the table to fill."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from api.density.unit_sheet import UnknownUnitError
from api.workspace.needs import DensityNeeds
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import PlanningUnit
from layers.yaml_text import load_yaml
from layers.zones import Zone
from maps.answers import Title
from maps.density.linkage_answers import MissingFigure, MissingFigures, MissingUnit
from maps.document.workbook import csv_bytes
from maps.i18n import LANGUAGES, tr
from maps.numbers import unit_text

_LAND = "land:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    levels: tuple[str, ...]
    indicators: tuple[str, ...]
    lands: tuple[str, ...]


def missing_figures(
    workspace: DensityNeeds, year: int | None = None, unit_ids: Sequence[str] = ()
) -> MissingFigures:
    """Return what is not known of each unit for a year; without one for the last that is over.

    Raises
    ------
    UnknownUnitError
        There is no such unit.
    """
    statistics = workspace.statistics
    asked = year or workspace.today().year - 1
    _require_known(statistics, unit_ids)
    units = [
        _missing_unit(workspace.zone, statistics, unit, asked)
        for unit in statistics.units.values()
        if (unit.id in unit_ids if unit_ids else unit.level in _wanted().levels)
    ]
    query = urlencode({"unit_ids": ",".join(one.unit_id for one in units), "year": asked})
    return MissingFigures(
        year=asked, units=units, template=f"/api/v1/templates/figures.csv?{query}"
    )


def figures_template(found: MissingFigures, lang: str) -> bytes:
    """Return a long table of what is missing, its values to be filled in, as CSV for Excel."""
    roles = ("unit", "indicator", "year", "value", "measure", "source", "note")
    rows: list[list[str | float | int | None]] = [
        [
            unit.name.text(lang),
            one.name.text(lang),
            found.year,
            "",
            unit_text(one.unit, lang),
            "",
            "",
        ]
        for unit in found.units
        for one in unit.missing
    ]
    heads: list[str | float | int | None] = [tr(f"figures_template.{role}", lang) for role in roles]
    return csv_bytes([heads, *rows])


def _require_known(statistics: Statistics, unit_ids: Sequence[str]) -> None:
    for unit_id in unit_ids:
        if unit_id not in statistics.units:
            raise UnknownUnitError(unit=unit_id[:80], known=sorted(statistics.units)[:50])


def _missing_unit(zone: Zone, statistics: Statistics, unit: PlanningUnit, year: int) -> MissingUnit:
    wanted, holder = _wanted(), zone.holders.get(unit.id)
    have = {
        value.indicator
        for value in statistics.observations
        if (value.unit_id, value.year) == (unit.id, year) and value.qualified.is_fact_of_year
    }
    have |= {
        f"{_LAND}{area.denominator}"
        for area in statistics.areas
        if area.unit_id == unit.id
        and area.first_year is not None
        and area.first_year <= year <= (area.last_year or year)
    }
    figures, searched = list(_figures(statistics, wanted)), zone.searched.get(unit.id)
    return MissingUnit(
        unit_id=unit.id,
        name=Title(zh=unit.name_zh, en=unit.name_en),
        level=unit.level,
        holder=Title(zh=holder.holder_zh, en=holder.holder_en) if holder else None,
        known=[one.name for one in figures if one.id in have],
        missing=[one for one in figures if one.id not in have],
        searched=Title(zh=searched.zh, en=searched.en) if searched else None,
    )


def _figures(statistics: Statistics, wanted: _Wanted) -> Iterator[MissingFigure]:
    for name in wanted.indicators:
        indicator = statistics.indicators[name]
        title = Title(zh=indicator.name_zh, en=indicator.name_en)
        yield MissingFigure(id=name, name=title, unit=indicator.unit)
    for kind in wanted.lands:
        words = {lang: tr(f"denominators.{kind}", lang) for lang in LANGUAGES}
        yield MissingFigure(id=f"{_LAND}{kind}", name=Title(**words), unit="km2")


@cache
def _wanted() -> _Wanted:
    path = files("layers.density").joinpath("statistics_data/wanted.yaml")
    content: dict[str, Any] = load_yaml(path.read_text(encoding="utf-8"))
    return _Wanted(
        levels=tuple(content["levels"]),
        indicators=tuple(content["indicators"]),
        lands=tuple(content["lands"]),
    )
