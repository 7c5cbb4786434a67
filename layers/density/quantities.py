"""Headers of planners' tables as quantities: words, and units of measure in brackets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from layers.readers.sheets import plain_word

TEXT: Final = ""
"""The unit of quantities that are words and not numbers."""

_WITH_MEASURE: Final = re.compile(r"^(?P<word>[^(:]+)[(:](?P<measure>[^()]+)\)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a header says: the quantity, the unit it is kept in, and how to get there.

    ``times`` is None where the header names a unit of measure that is not known.
    """

    name: str
    unit: str
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityWords:
    """Fields and headers by quantity, and units of measure by the unit they count in."""

    fields: Mapping[str, tuple[str, str]]
    measures: Mapping[str, Mapping[str, float]]

    def column(self, header: str) -> Column | None:
        """Return what a header says; None if it is not known.

        A unit of measure may stand in brackets behind the word; without one the unit
        that the quantity is kept in holds.
        """
        word, measure = _split(header)
        found = self.fields.get(word)
        if found is None:
            return None
        name, unit = found
        if unit == TEXT or measure is None:
            return Column(name=name, unit=unit, times=1.0)
        return Column(name=name, unit=unit, times=self.measures[unit].get(measure))

    def knows_any(self, headers: Iterable[str]) -> bool:
        """Tell whether any header is one of the quantities."""
        return any(self.column(header) for header in headers)


def quantity_words(content: Mapping[str, Any]) -> QuantityWords:
    """Return the words of a data file with the tables ``quantities`` and ``measures``."""
    return QuantityWords(
        fields={
            plain_word(field): (name, entry["unit"])
            for name, entry in content["quantities"].items()
            for field in (*entry["fields"], name)
        },
        measures={
            unit: {plain_word(name): times for name, times in entry.items()}
            for unit, entry in content["measures"].items()
        },
    )


def _split(header: str) -> tuple[str, str | None]:
    word = plain_word(header)
    matched = _WITH_MEASURE.match(word)
    return (matched["word"], matched["measure"]) if matched else (word, None)
