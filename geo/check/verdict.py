"""From measured overlaps to a verdict with reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geo.check.coverage import Coverage
from geo.model import (
    GRAVITY,
    ContactTolerance,
    Overlap,
    Reason,
    Relation,
    Verdict,
    worst_verdict,
)


def gravity(verdict: str) -> int:
    """Return the place of a verdict in :data:`geo.model.GRAVITY`, 0 for the gravest.

    Examples
    --------
    >>> gravity("conflict"), gravity("clear")
    (0, 4)
    """
    return GRAVITY.index(Verdict(verdict))


def weigh(findings: Iterable[tuple[Verdict, bool]]) -> Verdict:
    """Return what a site's findings come to: the gravest that can tell sites apart.

    Parameters
    ----------
    findings : iterable of (Verdict, bool)
        A verdict, and whether the features of its kind cover all land by law. Conditions of
        such a kind apply everywhere: they are told beside the verdict and never decide it.

    Examples
    --------
    >>> units = (Verdict.CONDITIONAL, True)
    >>> weigh([units, (Verdict.CLEAR, False)]), weigh([units, (Verdict.CONTACT, False)])
    (<Verdict.CLEAR: 'clear'>, <Verdict.CONTACT: 'contact'>)
    >>> weigh([units])
    <Verdict.UNDETERMINED: 'undetermined'>
    """
    return worst_verdict(
        one for one, everywhere in findings if not (everywhere and one is Verdict.CONDITIONAL)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one site and one layer when it is judged.

    ``coverage`` is of all layers of the kind together, None where the layer does not
    state what it covers. ``precision_m`` is the coarser of the two layers' coordinate
    precisions, None if neither is known. ``site_m2`` is the site's area. ``faults`` are
    reasons why the layer cannot be relied on (expired, not yet valid, unreadable).
    ``unclassified`` tells that the site touches features of which the layer does not say
    what the rules need to know. ``doubts`` are reasons why the site may not be the ground
    that is meant.
    """

    relation: Relation
    tolerance: ContactTolerance
    overlap: Overlap
    coverage: Coverage | None
    precision_m: float | None
    site_m2: float
    faults: tuple[Reason, ...] = ()
    unclassified: bool = False
    doubts: tuple[Reason, ...] = ()


_HALF_PCT: Final = 50.0

_TOUCHED: Final = {
    Relation.MUST_NOT_OVERLAP: Reason.OVERLAP,
    Relation.MUST_BE_INSIDE: Reason.OUTSIDE,
    Relation.IMPOSES_CONDITIONS: Reason.CONDITIONS_APPLY,
}
_UNTOUCHED: Final = {
    Relation.MUST_NOT_OVERLAP: Reason.NO_OVERLAP,
    Relation.MUST_BE_INSIDE: Reason.INSIDE,
    Relation.IMPOSES_CONDITIONS: Reason.NO_OVERLAP,
}


def judge(evidence: Evidence) -> tuple[Verdict, tuple[Reason, ...]]:
    """Judge one site against one layer.

    In this order: a layer with a fault says nothing either way; a wide overlap is a
    conflict however much else is unknown; a gap in coverage or
    class, or a doubt about the site itself, is cannot-tell; a wide
    overlap with a layer that only imposes conditions is conditional; a thin overlap is
    a technical contact; only then is a site clear. For a layer that a site must be
    inside of, being outside is a conflict only where the layer's coverage is stated.

    Returns
    -------
    (Verdict, tuple of Reason)
        Every reason that applies, the deciding one first.
    """
    touch = _touch(evidence)
    gap = _gap(evidence)
    if evidence.faults:
        return Verdict.UNDETERMINED, (*evidence.faults, *touch)
    beyond = touch == (_TOUCHED[evidence.relation],)
    unstated = evidence.relation is Relation.MUST_BE_INSIDE and evidence.coverage is None
    forbids = evidence.relation is not Relation.IMPOSES_CONDITIONS
    if beyond and forbids and not unstated:
        return Verdict.CONFLICT, (*touch, *gap)
    if gap:
        return Verdict.UNDETERMINED, (*gap, *touch)
    if beyond:
        return Verdict.CONDITIONAL, touch
    if touch:
        return Verdict.CONTACT, touch
    return Verdict.CLEAR, (_UNTOUCHED[evidence.relation],)


def is_contact(overlap: Overlap, tolerance: ContactTolerance, precision_m: float | None) -> bool:
    """Tell whether an overlap is thin and small enough to come from coordinates alone."""
    allowed_m = tolerance.allowed_width_m(precision_m)
    return overlap.max_width_m <= allowed_m and overlap.area_m2 <= tolerance.area_m2


def is_covered(coverage: Coverage, tolerance: ContactTolerance, precision_m: float | None) -> bool:
    """Tell whether layers speak about the whole site, but for hairlines of their coordinates.

    A hairline is the lesser part of a site: one that is as narrow as the tolerance itself
    is not covered by being left out.
    """
    if coverage.share_pct <= _HALF_PCT:
        return False
    return not coverage.gap.parts or is_contact(coverage.gap, tolerance, precision_m)


def _touch(evidence: Evidence) -> tuple[Reason, ...]:
    if not evidence.overlap.parts:
        return ()
    # A tolerance for slivers: a narrow site that is taken whole is no sliver of itself.
    lesser = 100.0 * evidence.overlap.area_m2 < _HALF_PCT * evidence.site_m2
    if lesser and is_contact(evidence.overlap, evidence.tolerance, evidence.precision_m):
        return (Reason.THIN_OVERLAP,)
    return (_TOUCHED[evidence.relation],)


def _gap(evidence: Evidence) -> tuple[Reason, ...]:
    """Return what is left open: ground not covered or not classed, or a doubtful site."""
    unclassified = (Reason.UNCLASSIFIED,) if evidence.unclassified else ()
    open_ = (*evidence.doubts, *unclassified)
    coverage = evidence.coverage
    if coverage is None:
        return (Reason.COVERAGE_UNKNOWN, *open_)
    if is_covered(coverage, evidence.tolerance, evidence.precision_m):
        return open_
    partial = coverage.share_pct > 0.0
    return (Reason.COVERAGE_PARTIAL if partial else Reason.COVERAGE_NONE, *open_)
