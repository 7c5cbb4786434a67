"""Whether the figures of a zone's folder are of indicators, measures and land that are known."""

import re
from collections.abc import Iterator
from typing import Final

from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.dictionary import load_dictionary
from layers.zones import Zone
from layers.zones.errors import ZoneFolderError
from layers.zones.schema import ObservationRow

_LAND: Final = "land:"
_IMPERVIOUS: Final = "impervious"
"""Land that is measured and that no heading of a table states."""
_MONTH: Final = "(0[1-9]|1[0-2])"
_SPAN: Final = re.compile(f"{_MONTH}-{_MONTH}")
_MONTHS: Final = {
    "full_year": re.compile(""),
    "partial_year": _SPAN,
    "cumulative": re.compile(rf"(\.\.{_MONTH})?"),
}
"""How the months of a figure are written; of what is planned or expected see ``_ANY``."""
_ANY: Final = re.compile(rf"({_SPAN.pattern})?")


def figure_faults(zone: Zone) -> Iterator[ZoneFolderError]:
    """Yield what of a zone's figures nothing would find: unknown names, other measures, times."""
    yield from _observations(zone)
    yield from _areas(zone)
    yield from _plan(zone)


def _observations(zone: Zone) -> Iterator[ZoneFolderError]:
    seen = set()
    for line, row in enumerate(zone.observations, start=2):
        for field, problem, given, limit in _wrong(row):
            yield _fault("observations.csv", f"{line}, {field}", problem, given, limit)
        key = (row.unit_id, row.indicator, row.year, row.period, row.months)
        if key in seen:
            yield _fault("observations.csv", f"{line}, indicator", "repeated", row.indicator)
        seen.add(key)


def _wrong(row: ObservationRow) -> Iterator[tuple[str, str, str, str | None]]:
    known = load_indicators().get(row.indicator)
    if known is None:
        yield "indicator", "unknown_indicator", row.indicator, None
    elif row.unit != known.unit:
        yield "unit", "other_measure", row.unit, known.unit
    months = row.months or ""
    span = _SPAN.fullmatch(months)
    backwards = span is not None and months[:2] > months[3:]
    if backwards or not _MONTHS.get(row.period, _ANY).fullmatch(months):
        yield "months", "months", months, None


def _areas(zone: Zone) -> Iterator[ZoneFolderError]:
    lands = _known_lands()
    for line, row in enumerate(zone.areas, start=2):
        if row.denominator not in lands:
            place = f"{line}, denominator"
            yield _fault("areas.csv", place, "unknown_land", row.denominator, ", ".join(lands))


def _plan(zone: Zone) -> Iterator[ZoneFolderError]:
    indicators, lands = load_indicators(), _known_lands()
    for line, row in enumerate(zone.plan_indicators, start=2):
        known = indicators.get(row.id)
        if known is not None and row.unit != known.unit:
            place = f"{line}, unit"
            yield _fault("plan_indicators.csv", place, "other_measure", row.unit, known.unit)
    for name, share in zone.plan_shares.items():
        if share.indicator is not None and share.indicator not in indicators:
            place = f"{name}.indicator"
            yield _fault("plan_shares.yaml", place, "unknown_indicator", share.indicator)
        if share.land is not None and share.land not in lands:
            place = f"{name}.land"
            yield _fault("plan_shares.yaml", place, "unknown_land", share.land, ", ".join(lands))


def _known_lands() -> list[str]:
    roles = load_dictionary().roles.values()
    stated = {role.removeprefix(_LAND) for role in roles if role.startswith(_LAND)}
    return sorted({*stated, _IMPERVIOUS})


def _fault(
    file: str, where: str, problem: str, given: str, limit: str | None = None
) -> ZoneFolderError:
    said = {"file": file, "field": where, "problem": problem, "given": given}
    return ZoneFolderError(**said, **({} if limit is None else {"limit": limit}))
