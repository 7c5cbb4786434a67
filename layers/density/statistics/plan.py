"""The plan's own table of indicators and the shares of the province that it states."""

from dataclasses import dataclass

from layers.density.statistics.model import PlanIndicator
from layers.zones import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShare:
    """A share of the province as printed, and which figures it follows from.

    Either ``indicator`` of the unit ``of`` and of the unit ``whole``, or the land of
    the kind ``land`` and the ellipsoidal area of ``whole_layer``.
    """

    id: str
    name_zh: str
    name_en: str
    printed_pct: float
    year: int
    of: str
    indicator: str | None = None
    whole: str | None = None
    land: str | None = None
    whole_layer: str | None = None


def plan_indicators(zone: Zone) -> tuple[PlanIndicator, ...]:
    """Return the indicators of a zone's plan in their order."""
    return tuple(
        PlanIndicator(
            number=row.number,
            id=row.id,
            name_zh=row.name_zh,
            name_en=row.name_en,
            unit=row.unit,
            base_value=row.base_value,
            target_value=row.target_value,
            target_rule=row.target_rule,
            printed_growth=row.printed_growth,
            growth_kind=row.growth_kind,
            base_year=zone.plan.base_year,
            target_year=zone.plan.target_year,
            source=zone.plan.source,
            quality=zone.plan.quality,
        )
        for row in zone.plan_indicators
    )


def plan_shares(zone: Zone) -> tuple[PlanShare, ...]:
    """Return the shares of the province that a zone's plan states."""
    return tuple(
        PlanShare(
            id=name,
            name_zh=zone.plan_figures[name].name_zh,
            name_en=zone.plan_figures[name].name_en,
            printed_pct=zone.plan_figures[name].value,
            year=share.year,
            of=share.of,
            indicator=share.indicator,
            whole=share.whole,
            land=share.land,
            whole_layer=share.whole_layer,
        )
        for name, share in zone.plan_shares.items()
    )
