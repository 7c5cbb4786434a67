"""Why sites cannot be used in a comparison, and limits of which nobody can tell."""

import math
from collections.abc import Iterator, Sequence

from api.expansion.questions import RankQuery
from api.expansion.site_facts import Fact, SiteFacts
from geo.measure.area import NOISE_M2
from geo.model import Verdict
from layers.expansion.errors import CriteriaFileError
from layers.expansion.ranking_sets import CriteriaSet, Requirement
from maps.answers import Title
from maps.expansion.answers import LeftOut, Unfit


def list_unfit(one: SiteFacts, chosen: CriteriaSet, query: RankQuery) -> list[Unfit]:
    """Return why a site cannot be used; one on a line is judged by what avoidance leaves."""
    found = []
    given_up_m2, area_ha = taken_m2(one), one.facts["area_ha"].value or 0.0
    if given_up_m2 and one.clear_m2 < NOISE_M2:
        return [Unfit(reason="hard_line", value=given_up_m2, limit=0.0, source=None)]
    own = (
        ("least_ha", area_ha, query.least_ha),
        ("width_m", one.clear_width_m, query.width_m),
    )
    found += [
        Unfit(reason=name, value=value, limit=limit, source=None)
        for name, value, limit in own
        if value < limit
    ]
    return found + [
        Unfit(
            reason=rule.fact,
            value=value,
            limit=limit,
            source=rule.source,
            name=_title_of(rule, chosen),
        )
        for rule in chosen.requirements
        for value, limit in _broken(rule, one.facts[rule.fact])
    ]


def _broken(rule: Requirement, fact: Fact) -> Iterator[tuple[float, float]]:
    """Yield values with the limits that they do not keep, however what is unknown may be."""
    least, most = _span(fact)
    if rule.most is not None and least > rule.most:
        yield least, rule.most
    if rule.least is not None and most < rule.least:
        yield most, rule.least


def list_unknown_limits(one: SiteFacts, chosen: CriteriaSet) -> list[LeftOut]:
    """Return the limits of which nobody can tell whether a site keeps them."""
    found = []
    for rule in chosen.requirements:
        fact = one.facts[rule.fact]
        least, most = _span(fact)
        kept = (rule.most is None or most <= rule.most) and (
            rule.least is None or least >= rule.least
        )
        if not kept and not any(_broken(rule, fact)):
            title = _title_of(rule, chosen) or Title(zh=rule.fact, en=rule.fact)
            found.append(LeftOut(criterion=rule.fact, name=title, reason=str(fact.reason)))
    return found


def _span(fact: Fact) -> tuple[float, float]:
    """Return the least and the greatest value that a fact may have."""
    if fact.value is not None:
        return fact.value, fact.value
    return fact.bounds or (-math.inf, math.inf)


def _title_of(rule: Requirement, chosen: CriteriaSet) -> Title | None:
    named = chosen.criteria.get(rule.fact)
    return Title(zh=named.name_zh, en=named.name_en) if named else None


def refuse_unknown_limits(chosen: CriteriaSet, found: Sequence[SiteFacts]) -> None:
    """Refuse limits of facts that there are none of: nobody would ever break them.

    Raises
    ------
    CriteriaFileError
        Names the first one.
    """
    for rule in chosen.requirements:
        if any(rule.fact not in one.facts for one in found):
            field = f"requirements: {rule.fact[:60]}"
            raise CriteriaFileError(file=chosen.id, field=field, problem="unknown_fact")


def taken_m2(one: SiteFacts) -> float:
    """Return the ground that a site must give up, 0 where it lies on no hard line."""
    if one.site.verdict != Verdict.CONFLICT:
        return 0.0
    return max(one.site.area_m2 - one.clear_m2, 0.0)
