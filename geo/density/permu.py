"""Per-mu performance of firms: a weighted sum over baselines, and grades by rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geo.density.errors import (
    BaselineError,
    GradeSharesError,
    RepeatedIndicatorError,
    SchemeWeightError,
)


class MissingRule(StrEnum):
    """What stands for a value that a firm does not report."""

    ZERO = "zero"
    GROUP_MEAN = "group_mean"
    BASELINE = "baseline"
    NOT_SCORED = "not_scored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredIndicator:
    """One indicator of a scheme: ``weight`` points are earned at ``baseline``.

    ``cap`` bounds the points at ``cap * weight`` from above, ``floor`` at ``floor * weight``
    from below (a tax paid back is below zero); None leaves them open.
    """

    id: str
    weight: float
    baseline: float
    cap: float | None
    missing: MissingRule
    floor: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points of one firm by indicator; ``total`` is None if it cannot be scored.

    ``filled`` names the indicators for which a rule had to stand in.
    """

    total: float | None
    points: Mapping[str, float | None]
    filled: tuple[str, ...]


def permu_scores(
    firms: Sequence[Mapping[str, float | None]], scheme: Sequence[ScoredIndicator]
) -> list[Score]:
    """Score firms of one group: sum of max(min(value / baseline, cap), floor) * weight.

    Parameters
    ----------
    firms : sequence of mappings
        Indicator id to value, None where not reported.
    scheme : sequence of ScoredIndicator
        Of the group that all the firms belong to.

    Returns
    -------
    list of Score
        In the order given. A firm at every baseline scores the sum of the weights.

    Raises
    ------
    PermuError
        ``baseline`` (not above zero), ``weight`` (below zero) or
        ``repeated``; ``params["indicator"]`` names the indicator.
    """
    _require_sound(scheme)
    means = {item.id: _mean([firm.get(item.id) for firm in firms]) for item in scheme}
    return [_score(firm, scheme, means) for firm in firms]


def grades_by_rank(
    totals: Sequence[float | None],
    shares_pct: Sequence[tuple[str, float]],
    least_scored: int = 1,
) -> list[str | None]:
    """Grade scores by rank, the best first.

    Parameters
    ----------
    totals : sequence of float or None
        None is not graded.
    shares_pct : sequence of (grade, percent)
        From the best grade to the worst; the percents sum to 100.
    least_scored : int
        Where fewer are scored, nobody is graded: of three firms one is the last third.

    Returns
    -------
    list of str or None
        A firm of rank r of n has the grade in whose cumulative percent ``100 r / n``
        falls; equal scores share the mean of their ranks, so that many firms at zero are
        not lifted out of the last grade.

    Raises
    ------
    PermuError
        ``shares``: the percents do not sum to 100.

    Examples
    --------
    >>> grades_by_rank([90.0, 80.0, None, 70.0, 60.0], [("A", 25.0), ("B", 50.0), ("C", 25.0)])
    ['A', 'B', None, 'B', 'C']
    >>> grades_by_rank([90.0, 80.0], [("A", 50.0), ("B", 50.0)], least_scored=3)
    [None, None]
    """
    if abs(sum(share for _, share in shares_pct) - 100.0) > 1e-9:
        raise GradeSharesError()
    known = sorted((total for total in totals if total is not None), reverse=True)
    if len(known) < least_scored:
        return [None] * len(totals)
    ranks: dict[float, list[int]] = {}
    for place, total in enumerate(known, start=1):
        ranks.setdefault(total, []).append(place)
    rank = {total: sum(places) / len(places) for total, places in ranks.items()}
    limits = np.cumsum([share for _, share in shares_pct])
    grades = [grade for grade, _ in shares_pct]

    def grade(total: float) -> str:
        rank_pct = 100.0 * rank[total] / len(known)
        return grades[min(int(np.searchsorted(limits, rank_pct - 1e-9)), len(grades) - 1)]

    return [None if total is None else grade(total) for total in totals]


def raise_to_mean(values: Sequence[float], lands: Sequence[float], mean: float) -> float:
    """Return what some land would yield more if each piece reached a mean density.

    Sum of ``max(mean * land - value, 0)``; what is above the mean already gains nothing.

    Examples
    --------
    >>> raise_to_mean([0.0, 5.0, 30.0], [2.0, 1.0, 2.0], 10.0)
    25.0
    """
    return sum(max(mean * land - value, 0.0) for value, land in zip(values, lands, strict=True))


def _score(
    firm: Mapping[str, float | None],
    scheme: Sequence[ScoredIndicator],
    means: Mapping[str, float | None],
) -> Score:
    points: dict[str, float | None] = {}
    filled = []
    for item in scheme:
        value = firm.get(item.id)
        if value is None:
            filled.append(item.id)
            value = _stand_in(item, means[item.id])
        points[item.id] = None if value is None else _points(item, value)
    known = [value for value in points.values() if value is not None]
    total = sum(known) if len(known) == len(scheme) else None
    return Score(total=total, points=points, filled=tuple(filled))


def _points(item: ScoredIndicator, value: float) -> float:
    reached = value / item.baseline
    if item.cap is not None:
        reached = min(reached, item.cap)
    if item.floor is not None:
        reached = max(reached, item.floor)
    return reached * item.weight


def _stand_in(item: ScoredIndicator, mean: float | None) -> float | None:
    match item.missing:
        case MissingRule.ZERO:
            return 0.0
        case MissingRule.BASELINE:
            return item.baseline
        case MissingRule.GROUP_MEAN:
            return mean
        case _:
            return None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _require_sound(scheme: Sequence[ScoredIndicator]) -> None:
    seen = set()
    for item in scheme:
        if not item.baseline > 0.0:
            raise BaselineError(indicator=item.id)
        if item.weight < 0.0:
            raise SchemeWeightError(indicator=item.id)
        if item.id in seen:
            raise RepeatedIndicatorError(indicator=item.id)
        seen.add(item.id)
