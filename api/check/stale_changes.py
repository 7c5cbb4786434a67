"""What differs between two results of the same check."""

import math
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from maps.check.answers import CheckResult, Finding, SiteResult
from maps.check.batch_answers import FindingChange

RELATIVE: Final = 1e-9
ABSOLUTE_M2: Final = 1e-6

Pair = tuple[Finding | None, Finding | None]


def changes_between(then: CheckResult, now: CheckResult) -> Iterator[FindingChange]:
    """Return every finding whose verdict, reasons, outcome or overlap is another.

    Findings of a site meet by rule and layer; where a layer has taken another's place,
    those that are left meet by rule, in their order.
    """
    again = {site.site_id: site for site in now.sites}
    for site in then.sites:
        other = again.get(site.site_id)
        for one, two in _pairs(site.findings, other.findings if other else []):
            if not _same(one, two):
                yield _change(site, one, two)


def _pairs(then: Sequence[Finding], now: Sequence[Finding]) -> Iterator[Pair]:
    after = {(finding.rule_id, finding.layer_id): finding for finding in now}
    alone: dict[str, tuple[list[Finding], list[Finding]]] = {}
    for finding in then:
        other = after.pop((finding.rule_id, finding.layer_id), None)
        if other:
            yield finding, other
        else:
            alone.setdefault(finding.rule_id, ([], []))[0].append(finding)
    for finding in after.values():
        alone.setdefault(finding.rule_id, ([], []))[1].append(finding)
    for before, later in alone.values():
        yield from zip_longest(before, later)


def _same(then: Finding | None, now: Finding | None) -> bool:
    if then is None or now is None:
        return False
    said = [(one.verdict, one.reasons, one.decision.outcome) for one in (then, now)]
    area, other = then.overlap_area_m2, now.overlap_area_m2
    if area is None or other is None:
        return said[0] == said[1] and area is other
    near = math.isclose(area, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE_M2)
    return said[0] == said[1] and near


def _change(site: SiteResult, then: Finding | None, now: Finding | None) -> FindingChange:
    known = now or then
    area, other = (one.overlap_area_m2 if one else None for one in (then, now))
    return FindingChange(
        site_id=site.site_id,
        site_name=site.name,
        kind_title=known.kind_title if known else None,
        rule_id=known.rule_id if known else "",
        layer_id=known.layer_id if known else None,
        layer_version_then=then.layer_version if then else None,
        layer_version_now=now.layer_version if now else None,
        verdict_then=then.verdict if then else None,
        verdict_now=now.verdict if now else None,
        overlap_then_m2=area,
        overlap_now_m2=other,
        difference_m2=None if area is None or other is None else other - area,
    )
