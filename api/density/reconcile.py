"""Whether figures agree with each other: totals with their parts, areas with boundaries."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.density.lands import BOUNDARY, Lands
from api.density.qualifiers import qualifiers_of
from layers.density.statistics.checks import check_limits
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Observation
from maps.answers import Title
from maps.density.answers import AreaCheck, Reconciliation

_WHOLE: Final = "zone"
_PART: Final = "district"
_PUBLISHED: Final = "approved"


def reconcile_total(
    statistics: Statistics, values: Mapping[str, Observation]
) -> Reconciliation | None:
    """Return a zone's total beside the sum of its districts; None without a total.

    With a district missing there is no sum: what is not known is not zero.
    """
    whole = [unit for unit in statistics.units.values() if unit.level == _WHOLE]
    if not whole or whole[0].id not in values:
        return None
    parts = [unit for unit in statistics.units.values() if unit.level == _PART]
    missing = [unit.id for unit in parts if unit.id not in values]
    total = values[whole[0].id].value
    known = sum(values[unit.id].value for unit in parts if unit.id in values)
    said = [
        qualifiers_of(values[unit.id].qualified) for unit in (whole[0], *parts) if unit.id in values
    ]
    difference = None if missing else total - known
    pct = None if difference is None or not total else 100.0 * difference / total
    return Reconciliation(
        whole=whole[0].id,
        total=total,
        parts=[unit.id for unit in parts if unit.id in values],
        parts_sum=known,
        missing=missing,
        difference=difference,
        difference_pct=pct,
        warned=pct is not None and abs(pct) > check_limits().reconciliation_warning_pct,
        qualifiers=[one for one in said if one.mark],
    )


def area_checks(statistics: Statistics, lands: Lands, units: Sequence[str]) -> list[AreaCheck]:
    """Return the drawn area of each unit beside the published one, where both are known."""
    found = []
    for unit_id in units:
        kinds = lands.get(unit_id, {})
        if not kinds.get(BOUNDARY) or not kinds.get(_PUBLISHED):
            continue
        drawn = kinds[BOUNDARY][-1].denominator.area_km2
        published = kinds[_PUBLISHED][-1].denominator.area_km2
        pct = 100.0 * (drawn - published) / published
        unit = statistics.units[unit_id]
        found.append(
            AreaCheck(
                unit_id=unit_id,
                name=Title(zh=unit.name_zh, en=unit.name_en),
                published_km2=published,
                measured_km2=drawn,
                difference_pct=pct,
                warned=abs(pct) > check_limits().area_warning_pct,
            )
        )
    return found
