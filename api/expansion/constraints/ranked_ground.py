"""What the ground that sites take means for their comparison: facts, and limits not kept."""

from typing import Final

from api.expansion.constraints.ground_terms import LaidTerms, title_of
from api.expansion.site_facts import Fact
from geo.units import M2_PER_HA
from maps.expansion.answers import Unfit
from maps.expansion.constraint_answers import SiteGround

_YUAN_PER_WAN: Final = 10_000.0


def ground_facts(own: SiteGround, area_m2: float) -> dict[str, Fact]:
    """Return points and cost of the ground that a site takes, where constraints say any."""
    points, cost = Fact(value=None, reason="no_points"), Fact(value=None, reason="no_prices")
    if any(share.most_points_lost is not None for share in own.shares):
        points = _certain(own.least_points, own.most_points)
    if own.least_yuan is not None and own.most_yuan is not None:
        per_ha = M2_PER_HA / area_m2 / _YUAN_PER_WAN
        cost = _certain(own.least_yuan * per_ha, own.most_yuan * per_ha)
    return {"ground_points": points, "land_cost_wan_per_ha": cost}


def _certain(least: float, most: float) -> Fact:
    return Fact(value=least) if least == most else Fact(value=None, reason="ground_partial")


def broken_limits(own: SiteGround, terms: LaidTerms) -> list[Unfit]:
    """Return the limits of ground that a site does not keep."""
    said = {one.id: one.said for one in terms.constraints}
    titles = {one.id: title_of(one) for one in terms.constraints}
    return [
        Unfit(
            reason="ground",
            value=share.least_pct,
            limit=said[share.constraint].at_most_pct or 0.0,
            source=said[share.constraint].source,
            name=titles[share.constraint],
        )
        for share in own.shares
        if share.verdict == "broken"
    ]
