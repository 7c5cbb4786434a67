"""What the words of a planner's table mean: columns, units of measure, indicators, land."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from layers.density.statistics.builtin import load_indicators, load_units
from layers.readers.sheets import plain_word

_WITH_MEASURE: Final = re.compile(r"^(?P<word>.+?)[(\[:：](?P<measure>[^()\[\]]+)[)\]]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A unit of measure: ``times`` of them make one of the unit that it counts in."""

    name: str
    of: str
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A header: its role (a column name, ``indicator:id`` or ``land:kind``) and measure."""

    role: str
    measure: Measure | None
    cumulative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """All known words, in the plain form of :func:`layers.readers.sheets.plain_word`."""

    roles: Mapping[str, str]
    measures: Mapping[str, Measure]
    exchange: Mapping[str, str]
    periods: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """Words by which a header row is known."""
        return frozenset(self.roles)

    def heading(self, text: str) -> Heading | None:
        """Return what a header says, or None if it is not known.

        The unit of measure may stand in brackets behind the word.
        """
        word, measure = plain_word(text), None
        matched = _WITH_MEASURE.match(word)
        if word not in self.roles and matched:
            measure = self.measures.get(matched["measure"])
            if measure is None:
                return None
            word = matched["word"]
        cumulative = any(word.startswith(mark) for mark in self.periods["cumulative"])
        for mark in self.periods["cumulative"]:
            word = word.removeprefix(mark)
        role = self.roles.get(word)
        return Heading(role=role, measure=measure, cumulative=cumulative) if role else None

    def measure(self, text: str) -> Measure | None:
        """Return a unit of measure by name."""
        return self.measures.get(plain_word(text))

    def period_of(self, text: str) -> str:
        """Return what a period's words say it covers; a whole year if they say nothing."""
        plain = plain_word(text)
        for period, marks in self.periods.items():
            if any(mark in plain for mark in marks):
                return period
        return "full_year"


@cache
def load_dictionary() -> Dictionary:
    """Return the dictionary that ships, with every indicator under its own names."""
    content: dict[str, Any] = yaml.safe_load(
        files("layers.density")
        .joinpath("statistics_data/dictionary.yaml")
        .read_text(encoding="utf-8")
    )
    roles: dict[str, str] = {}
    for role, words in content["columns"].items():
        roles |= {plain_word(word): role for word in words}
    for item in load_indicators().values():
        names = (item.id, item.name_zh, item.name_en, *content["indicators"].get(item.id, ()))
        roles |= {plain_word(word): f"indicator:{item.id}" for word in names}
    for kind, words in content["denominators"].items():
        roles |= {plain_word(word): f"land:{kind}" for word in words}
    measures = {
        plain_word(name): Measure(name=name, of=entry["of"], times=entry["times"])
        for name, entry in content["measures"].items()
    }
    periods = {name: tuple(marks) for name, marks in content["periods"].items()}
    return Dictionary(
        roles=roles,
        measures=measures,
        exchange=content["exchange"],
        periods=periods,
        units=_unit_names(content["units"]),
    )


def _unit_names(aliases: Mapping[str, list[str]]) -> dict[str, str]:
    found = {}
    for unit in load_units().values():
        for name in (unit.id, unit.name_zh, unit.name_en, *aliases.get(unit.id, ())):
            found[plain_word(name)] = unit.id
    return found
