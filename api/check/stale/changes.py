"""What differs between two results of the same check."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Final

from geo.units import round_as_printed
from maps.check.answers import CheckResult, SiteResult
from maps.check.finding import Finding
from maps.check.stale_answers import FindingChange

AREA_DECIMALS: Final = 2
"""Of square metres, as they are printed: what reads as no difference is none."""

Pair = tuple[Finding | None, Finding | None]


def changes_between(
    then: CheckResult, now: CheckResult, renamed: Mapping[str, str] = MappingProxyType({})
) -> Iterator[FindingChange]:
    """Return every finding whose verdict, reasons, outcome or overlap is another.

    Findings of a site meet by rule and layer; where a layer has taken another's place,
    those that are left meet by rule, in their order. ``renamed`` gives rules of then the id
    of their successor. An overlap is another if the difference is as it is printed.
    """
    again = {site.site_id: site for site in now.sites}
    for site in then.sites:
        other = again.get(site.site_id)
        for one, two in _pairs(site.findings, other.findings if other else [], renamed):
            if not _same(one, two):
                yield _change(site, one, two)


def _pairs(
    then: Sequence[Finding], now: Sequence[Finding], renamed: Mapping[str, str]
) -> Iterator[Pair]:
    after = {(finding.rule_id, finding.layer_id): finding for finding in now}
    alone: dict[str, tuple[list[Finding], list[Finding]]] = {}
    for finding in then:
        rule_id = renamed.get(finding.rule_id, finding.rule_id)
        other = after.pop((rule_id, finding.layer_id), None)
        if other:
            yield finding, other
        else:
            alone.setdefault(rule_id, ([], []))[0].append(finding)
    for finding in after.values():
        alone.setdefault(finding.rule_id, ([], []))[1].append(finding)
    for before, later in alone.values():
        yield from zip_longest(before, later)


def _same(then: Finding | None, now: Finding | None) -> bool:
    if then is None or now is None:
        return False
    said = [(one.verdict, one.reasons, one.law_day, one.decision.outcome) for one in (then, now)]
    return said[0] == said[1] and not _area_differs(then.told.area_m2, now.told.area_m2)


def _area_differs(then_m2: float | None, now_m2: float | None) -> bool:
    if then_m2 is None or now_m2 is None:
        return then_m2 is not now_m2
    return round_as_printed(now_m2 - then_m2, AREA_DECIMALS) != 0.0


def _change(site: SiteResult, then: Finding | None, now: Finding | None) -> FindingChange:
    known = now or then
    assert known is not None  # noqa: S101 - of two that are none there is no difference
    # Where nothing can be told, that nothing was found is no area of nought.
    area, other = (one.told.area_m2 if one else None for one in (then, now))
    return FindingChange(
        site_id=site.site_id,
        site_name=site.name,
        kind=known.kind,
        kind_title=known.kind_title,
        rule_id=known.rule_id,
        rule_name=known.rule_name,
        layer_id=known.layer_id,
        layer_version_then=then.layer_version if then else None,
        layer_version_now=now.layer_version if now else None,
        verdict_then=then.verdict if then else None,
        verdict_now=now.verdict if now else None,
        reasons_then=then.reasons if then else [],
        reasons_now=now.reasons if now else [],
        law_day=known.law_day,
        outcome_then=then.decision.outcome if then else None,
        outcome_now=now.decision.outcome if now else None,
        overlap_then_m2=area,
        overlap_now_m2=other,
        difference_m2=None if area is None or other is None else other - area,
    )
