"""Ranking of alternatives by weighted criteria, and how firm the order is.

A criterion turns a fact into a utility from 0 (worst) to 1 (best); the score is the sum of
utility times weight. Nothing is filled in: an alternative with an unknown fact has an
interval of scores instead of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum, isclose, isfinite
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from geo.density.intensity import Better
from geo.expansion.errors import (
    NegativeWeightError,
    NoWeightError,
    RepeatedNameError,
    ScalePointsError,
)

FULL_SCORE: Final = 100.0
_SAME: Final = 1e-6
"""Facts that differ less, relatively, are the same: measured areas agree no better."""

Utilities: TypeAlias = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointScale:
    """Utility by straight lines between points (fact, utility); beyond the ends it stays.

    The utility of a site depends on this site alone, so that taking another site in or
    out never turns the order of the rest round.
    """

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanScale:
    """Utility by the span from the worst to the best of the alternatives at hand."""

    better: Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion; weights count by their shares of the sum of all."""

    id: str
    weight: float
    scale: PointScale | SpanScale


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A site with its facts by criterion; None is not known.

    ``bounds`` say between what an unknown fact lies, where that is known.
    """

    id: str
    facts: Mapping[str, float | None]
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An alternative with its score out of 100 and the contributions that sum to it.

    ``score`` is None where a fact is ``missing``; ``score_least`` and ``score_most`` are
    what it may be, were the missing ones at their worst or best, and ``rank_best`` and
    ``rank_worst`` follow from the intervals of all. Equal scores share a rank.
    """

    id: str
    utilities: Utilities
    contributions: Mapping[str, float | None]
    score: float | None
    score_least: float
    score_most: float
    missing: tuple[str, ...]
    rank_best: int
    rank_worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The share of all weights at which a criterion turns the order of two alternatives.

    The other criteria keep their proportions to each other.
    """

    criterion: str
    share_now: float
    share_at_flip: float


def rank(
    alternatives: Sequence[Alternative],
    criteria: Sequence[Criterion],
    read_score: Callable[[float], float] = float,
) -> tuple[Ranked, ...]:
    """Score alternatives and put the best first; equal ones keep their order.

    Parameters
    ----------
    alternatives : sequence of Alternative
        Ids are unique. A fact that is not finite counts as unknown.
    criteria : sequence of Criterion
        At least one weight is above zero, none below.
    read_score : callable, optional
        What is read of a score, such as its rounding in print: ranks compare that, so that
        scores that read the same share a rank.

    Raises
    ------
    RankingError
        ``params["why"]``: ``no_weight``, ``negative_weight``, ``points`` (fewer than two,
        or facts not rising), ``repeated``.

    Examples
    --------
    >>> near = Criterion(id="km", weight=1, scale=PointScale(points=((0, 1), (10, 0))))
    >>> sites = [Alternative(id="a", facts={"km": 5.0}), Alternative(id="b", facts={"km": 2.0})]
    >>> [(one.id, one.score) for one in rank(sites, [near])]
    [('b', 80.0), ('a', 50.0)]
    """
    shares = weight_shares(criteria)
    names = [one.id for one in alternatives]
    if len(set(names)) < len(names):
        raise RepeatedNameError(names=sorted({n for n in names if names.count(n) > 1}))
    columns = {one.id: _utilities(alternatives, one) for one in criteria}
    spans = {one.id: _utility_spans(alternatives, one) for one in criteria}
    scored = [
        _scored(
            site.id,
            {name: column[at] for name, column in columns.items()},
            {name: span[at] for name, span in spans.items()},
            shares,
        )
        for at, site in enumerate(alternatives)
    ]
    scored.sort(key=lambda one: one.score_least + one.score_most, reverse=True)
    return tuple(_placed(one, scored, read_score) for one in scored)


def weight_shares(criteria: Sequence[Criterion]) -> dict[str, float]:
    """Return the weight of each criterion as a share of all.

    Raises
    ------
    RankingError
        See :func:`rank`.
    """
    names = [one.id for one in criteria]
    if len(set(names)) < len(names):
        raise RepeatedNameError(names=sorted({n for n in names if names.count(n) > 1}))
    bad = [one.id for one in criteria if not (one.weight >= 0.0 and isfinite(one.weight))]
    if bad:
        raise NegativeWeightError(names=bad)
    whole = fsum(one.weight for one in criteria)
    if not whole > 0.0:
        raise NoWeightError(names=names)
    return {one.id: one.weight / whole for one in criteria}


def break_even_share(
    first: Utilities, second: Utilities, shares: Mapping[str, float], criterion: str
) -> float | None:
    """Return the share of a criterion's weight at which two alternatives score the same.

    With the criterion's share at w, the others share 1 - w in their present proportions:
    the difference of scores is w d + (1 - w) r, with d the difference in the criterion and
    r that of the others together, and is zero at w = r / (r - d).

    Returns
    -------
    float or None
        From 0 to 1; None where no share turns the order, where a fact is not known, or
        where the criterion has all the weight and the others no proportions.
    """
    apart = _difference(first, second, shares)
    rest = 1.0 - shares[criterion]
    if apart is None or rest <= 0.0:
        return None
    own = apart[criterion]
    others = fsum(shares[name] * apart[name] for name in shares if name != criterion) / rest
    if own * others >= 0.0:
        # One is as good or better in both: at no share between does the order turn.
        return None
    return others / (others - own)


def flips(first: Utilities, second: Utilities, shares: Mapping[str, float]) -> tuple[Flip, ...]:
    """Return for which criteria a change of weight turns two alternatives, nearest first."""
    found = [
        Flip(criterion=name, share_now=now, share_at_flip=then)
        for name, now in shares.items()
        if (then := break_even_share(first, second, shares, name)) is not None
    ]
    return tuple(sorted(found, key=lambda one: abs(one.share_at_flip - one.share_now)))


def dominates(first: Utilities, second: Utilities) -> bool:
    """Tell whether one is at least as good in every criterion and better in one.

    An unknown fact proves nothing: then the answer is no.
    """
    pairs = [(first[name], second[name]) for name in first]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if len(known) < len(pairs):
        return False
    return all(a >= b for a, b in known) and any(a > b for a, b in known)


def rank_shares(
    utilities: npt.NDArray[np.float64], generator: np.random.Generator, draws: int
) -> npt.NDArray[np.float64]:
    """Return how large a part of all possible weights gives each alternative each rank.

    Parameters
    ----------
    utilities : array of float, shape (alternatives, criteria)
        All known.
    generator, draws
        Weights are drawn evenly from the simplex; with two criteria the shares are
        computed exactly and nothing is drawn, with one there is one weight only.

    Returns
    -------
    array of float, shape (alternatives, alternatives)
        Share of the weights, row by alternative, column by rank from the first; each row
        sums to 1. A drawn share p has the standard error sqrt(p (1 - p) / draws).

    References
    ----------
    Rank acceptability: Lahdelma, Salminen, SMAA-2, Operations Research 49 (2001) 444-454.
    """
    sites, criteria = utilities.shape
    if criteria <= 2:
        return _exact_shares(utilities)
    counts = np.zeros((sites, sites))
    weights = generator.dirichlet(np.ones(criteria), size=draws)
    ranks = _ranks(weights @ utilities.T)
    for site in range(sites):
        counts[site] = np.bincount(ranks[:, site], minlength=sites)
    return counts / draws


def _utilities(alternatives: Sequence[Alternative], criterion: Criterion) -> list[float | None]:
    facts = [one.facts.get(criterion.id) for one in alternatives]
    known = [fact for fact in facts if fact is not None and isfinite(fact)]
    points = _points(criterion, known)
    at, utility = (np.array(column) for column in zip(*points, strict=True))
    return [
        None if fact is None or not isfinite(fact) else float(np.interp(fact, at, utility))
        for fact in facts
    ]


def _utility_spans(
    alternatives: Sequence[Alternative], criterion: Criterion
) -> list[tuple[float, float]]:
    """Return between what the utility of each fact may lie that is not known."""
    facts = [one.facts.get(criterion.id) for one in alternatives]
    points = _points(criterion, [fact for fact in facts if fact is not None and isfinite(fact)])
    at, utility = (np.array(column) for column in zip(*points, strict=True))
    spans = []
    for one in alternatives:
        bounds = one.bounds.get(criterion.id)
        if bounds is None or not all(map(isfinite, bounds)):
            spans.append((0.0, 1.0))
            continue
        least, most = bounds
        # A scale may turn between the bounds: its own points there count, too.
        told = np.interp([least, *at[(at > least) & (at < most)], most], at, utility)
        spans.append((float(told.min()), float(told.max())))
    return spans


def _points(criterion: Criterion, known: Sequence[float]) -> tuple[tuple[float, float], ...]:
    scale = criterion.scale
    if isinstance(scale, PointScale):
        rising = all(left[0] < right[0] for left, right in pairwise(scale.points))
        within = all(0.0 <= utility <= 1.0 for _, utility in scale.points)
        if len(scale.points) < 2 or not rising or not within:
            raise ScalePointsError(names=[criterion.id])
        return scale.points
    low, high = min(known, default=0.0), max(known, default=0.0)
    worst, best = (low, high) if scale.better is Better.MORE else (high, low)
    if isclose(low, high, rel_tol=_SAME, abs_tol=_SAME**2):
        # Nothing tells the alternatives apart, and nothing speaks against any of them.
        return ((worst, 1.0), (worst + 1.0, 1.0))
    return tuple(sorted(((worst, 0.0), (best, 1.0))))


def _scored(
    name: str,
    utilities: Utilities,
    spans: Mapping[str, tuple[float, float]],
    shares: Mapping[str, float],
) -> Ranked:
    contributions = {
        criterion: None if utility is None else FULL_SCORE * shares[criterion] * utility
        for criterion, utility in utilities.items()
    }
    missing = tuple(criterion for criterion, utility in utilities.items() if utility is None)
    known = fsum(one for one in contributions.values() if one is not None)
    least, most = (
        known
        + FULL_SCORE * fsum(shares[criterion] * spans[criterion][end] for criterion in missing)
        for end in (0, 1)
    )
    return Ranked(
        id=name,
        utilities=utilities,
        contributions=contributions,
        score=None if missing else known,
        score_least=least,
        score_most=most,
        missing=missing,
        rank_best=0,
        rank_worst=0,
    )


def _placed(one: Ranked, scored: Sequence[Ranked], read_score: Callable[[float], float]) -> Ranked:
    least, most = read_score(one.score_least), read_score(one.score_most)
    others = [other for other in scored if other is not one]
    return Ranked(
        id=one.id,
        utilities=one.utilities,
        contributions=one.contributions,
        score=one.score,
        score_least=one.score_least,
        score_most=one.score_most,
        missing=one.missing,
        rank_best=1 + sum(read_score(other.score_least) > most for other in others),
        rank_worst=1 + sum(read_score(other.score_most) > least for other in others),
    )


def _difference(
    first: Utilities, second: Utilities, shares: Mapping[str, float]
) -> dict[str, float] | None:
    apart: dict[str, float] = {}
    for name in shares:
        ours, theirs = first[name], second[name]
        if ours is None or theirs is None:
            return None
        apart[name] = ours - theirs
    return apart


def _exact_shares(utilities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """With two criteria the weights are a line: the ranks change only where two scores cross."""
    sites, criteria = utilities.shape
    one, other = utilities[:, 0], utilities[:, criteria - 1]
    gain, apart = one - other, other[:, None] - other[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = (apart / (gain[None, :] - gain[:, None])).ravel()
    inside = crossings[(crossings > 0.0) & (crossings < 1.0)]
    edges = np.unique(np.r_[0.0, inside, 1.0])
    middle = (edges[:-1] + edges[1:]) / 2.0
    ranks = _ranks(np.outer(middle, one) + np.outer(1.0 - middle, other))
    counts = np.zeros((sites, sites))
    for site in range(sites):
        np.add.at(counts[site], ranks[:, site], np.diff(edges))
    return counts


def _ranks(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the rank from 0 of each score in its row; equal ones share the better rank."""
    order = np.sort(-scores, axis=1)
    ranks = [
        np.searchsorted(row, -own, side="left") for row, own in zip(order, scores, strict=True)
    ]
    return np.array(ranks, dtype=np.int64).reshape(scores.shape)
