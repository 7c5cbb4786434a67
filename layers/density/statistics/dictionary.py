"""What the words of a planner's table mean: columns, units of measure, indicators, land."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from layers.density.statistics.builtin import load_indicators
from layers.readers.sheets import plain_word
from layers.yaml_text import load_yaml

TERM_ROLES: Final = ("period", "month", "quarter", "source", "quality", "note")
"""Columns that say something of the figures beside them, and are none themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A unit of measure: ``times`` of them make one of the unit that it counts in."""

    name: str
    of: str
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """All known words, in the plain form of :func:`layers.readers.sheets.plain_word`.

    ``roles`` are column names, ``indicator:id`` and ``land:kind`` by word.
    """

    roles: Mapping[str, str]
    measures: Mapping[str, Measure]
    exchange: Mapping[str, str]
    counts: frozenset[str]
    natures: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]

    def measure(self, text: str) -> Measure | None:
        """Return a unit of measure by name."""
        return self.measures.get(plain_word(text))

    def term_role(self, header: str) -> str | None:
        """Return what a column says of the figures beside it; None if it says nothing of them."""
        role = self.roles.get(plain_word(header))
        return role if role in TERM_ROLES else None

    def without_prefix(self, text: str, kind: str) -> str | None:
        """Return a text without a word of a kind before it; None if it has none."""
        plain = plain_word(text)
        return next(
            (plain.removeprefix(word) for word in self.words[kind] if plain.startswith(word)), None
        )


@cache
def load_dictionary() -> Dictionary:
    """Return the dictionary that ships, with every indicator under its own names."""
    content: dict[str, Any] = load_yaml(
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
    kinds = ("left_out", "groups", "totals", "parts", "cumulative", "measure_titles", "notes",
             "qualifiers", "fillers", "paper", "not_done", "made_up", "harmless", "done",
             "fulfilment")  # fmt: skip
    return Dictionary(
        roles=roles,
        measures={
            plain_word(name): Measure(name=name, of=entry["of"], times=entry["times"])
            for name, entry in content["measures"].items()
        },
        exchange=content["exchange"],
        counts=frozenset(content["counts"]),
        natures={name: _plain_words(words) for name, words in content["natures"].items()},
        words={kind: _plain_words(content[kind]) for kind in kinds},
    )


def _plain_words(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(map(plain_word, words), key=len, reverse=True))
