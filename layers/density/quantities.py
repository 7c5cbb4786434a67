"""Headers of planners' tables as quantities: words, and units of measure in brackets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from layers.density.amounts import Amount
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.footnotes import marks_in
from layers.density.statistics.periods import Period
from layers.density.statistics.remarks import take_time
from layers.readers.sheets import plain_word

TEXT: Final = ""
"""The unit of quantities that are words and not numbers."""

_WITH_MEASURE: Final = re.compile(r"^(?P<word>[^(:/,]+)(?:[(:/,](?:单位:)?(?P<measure>[^()]+)\)?)$")
_MARK: Final = re.compile(
    r"(?<![mM])[*\u203b\u2020\u00b9\u00b2\u00b3\u2460-\u2473]+(?=\s*(?:[(（\[【]|$))"
)
"""The mark of a footnote at the end of a heading, or before its unit of measure."""
_COUNTED: Final = frozenset({"", "人", "%"})
"""Units that are never mistaken: nobody counts persons in square metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a header says: the quantity, the unit it is kept in, and how to get there.

    ``times`` is None where the header names a unit of measure that is not known;
    ``assumed`` tells that it names none, and that one must be guessed. ``period`` is the time
    that it names, or with the year open a plan or an estimate.
    """

    name: str
    unit: str
    times: float | None
    assumed: bool = False
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityWords:
    """Fields and headers by quantity, and units of measure by the unit they count in."""

    fields: Mapping[str, tuple[str, str]]
    measures: Mapping[str, Mapping[str, float]]

    def column(self, header: str) -> Column | None:
        """Return what a header says; None if it is not known.

        A unit of measure may stand in brackets behind the word; without one the unit
        that the quantity is kept in holds. A time, a plan or an estimate may stand anywhere.
        """
        bare = _MARK.sub("", header)
        found = self._undated(bare)
        # (万元,预计) is no unit of measure, but one and an estimate.
        return found if found and found.times is not None else self._dated(bare) or found

    def _dated(self, header: str) -> Column | None:
        """Return what a header with a time, a plan or an estimate says."""
        if (taken := take_time(header, load_dictionary())) is None:
            return None
        period, rest = taken
        found = self._undated(rest)
        return found and replace(found, period=period)

    def _undated(self, header: str) -> Column | None:
        word, measure = _split(header)
        found = self.fields.get(word)
        if found is None:
            return None
        name, unit = found
        if unit == TEXT or measure is None:
            # A quantity's own id is no header of a table: its unit is ours.
            assumed = unit not in _COUNTED and word != name
            return Column(name=name, unit=unit, times=1.0, assumed=assumed)
        return Column(name=name, unit=unit, times=self.measures[unit].get(measure))

    def has_any(self, headers: Iterable[str]) -> bool:
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


def amount_fault(found: Amount | None, column: Column, measures: Mapping[str, float]) -> str | None:
    """Return why an amount cannot be that of a column, as a code; None if it can.

    Of bounds (>100) nothing can be computed that is one, too: a ratio may be either side.
    """
    if found is None:
        return "not_a_number"
    if found.relation not in ("=", "~"):
        return "bound_only"
    if column.times is None or behind_number(found, column, measures) is None:
        return "other_measure"
    return None


def behind_number(found: Amount, column: Column, measures: Mapping[str, float]) -> float | None:
    """Return by how much to multiply; a unit behind the number stands in the heading or nowhere."""
    if not found.measure:
        return column.times
    behind = measures.get(plain_word(found.measure))
    return None if behind is None or (not column.assumed and behind != column.times) else behind


@cache
def marks_of_header(header: str) -> tuple[str, ...]:
    """Return the marks of footnotes that a heading carries; those of m² are none."""
    return marks_in("".join(_MARK.findall(header)))


def _split(header: str) -> tuple[str, str | None]:
    word = plain_word(header)
    matched = _WITH_MEASURE.match(word)
    return (matched["word"], matched["measure"]) if matched else (word, None)
