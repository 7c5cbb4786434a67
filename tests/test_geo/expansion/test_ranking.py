"""Ranking: sums by hand, break-even by search, stability against lengths on a line."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.intensity import Better
from geo.expansion.errors import RankingError
from geo.expansion.ranking import (
    Alternative,
    Criterion,
    PointScale,
    SpanScale,
    break_even_share,
    dominates,
    flips,
    rank,
    rank_shares,
    weight_shares,
)

KM = Criterion(id="km", weight=1.0, scale=PointScale(points=((0.0, 1.0), (10.0, 0.0))))
SLOPE = Criterion(
    id="slope", weight=3.0, scale=PointScale(points=((2.0, 1.0), (8.0, 0.8), (15.0, 0.6)))
)
UNIT = st.floats(0.0, 1.0)
NAMES = ("a", "b", "c")


def utilities() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries(dict.fromkeys(NAMES, UNIT))


def shares() -> st.SearchStrategy[dict[str, float]]:
    positive = st.fixed_dictionaries(dict.fromkeys(NAMES, st.floats(0.01, 1.0)))
    return positive.map(lambda one: {k: v / fsum(one.values()) for k, v in one.items()})


def score(of: dict[str, float], weights: dict[str, float]) -> float:
    return fsum(of[name] * weights[name] for name in weights)


def test_contributions_by_hand() -> None:
    # 5 km: half of 25 points; 5 degrees: halfway from 1.0 to 0.8 of 75 points.
    (only,) = rank([Alternative(id="s", facts={"km": 5.0, "slope": 5.0})], [KM, SLOPE])
    assert only.contributions == pytest.approx({"km": 12.5, "slope": 67.5})
    assert only.score == pytest.approx(80.0)
    assert (only.rank_best, only.rank_worst) == (1, 1)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 40)), min_size=1, max_size=6))
def test_contributions_sum_to_the_score_exactly(facts: list[tuple[float, float]]) -> None:
    sites = [
        Alternative(id=str(at), facts={"km": km, "slope": s}) for at, (km, s) in enumerate(facts)
    ]
    for one in rank(sites, [KM, SLOPE]):
        assert fsum(one.contributions.values()) == one.score  # exactly
        assert 0.0 <= one.score <= 100.0 + 1e-9


def test_an_unknown_fact_gives_an_interval_and_is_never_filled_in() -> None:
    sites = [
        Alternative(id="known", facts={"km": 5.0, "slope": 8.0}),
        Alternative(id="open", facts={"km": 0.0, "slope": None}),
        Alternative(id="poor", facts={"km": 10.0, "slope": 99.0}),
        Alternative(id="nan", facts={"km": 0.0, "slope": float("nan")}),
    ]
    found = {one.id: one for one in rank(sites, [KM, SLOPE])}
    assert found["open"].score is None
    assert found["open"].missing == ("slope",)
    assert (found["open"].score_least, found["open"].score_most) == (25.0, 100.0)
    # 12.5 + 60 = 72.5 lies inside [25, 100]; 45 of the poor one too.
    assert (found["open"].rank_best, found["open"].rank_worst) == (1, 4)
    assert (found["known"].rank_best, found["known"].rank_worst) == (1, 3)
    assert found["nan"].missing == ("slope",)


def test_equal_scores_share_a_rank_and_keep_their_order() -> None:
    sites = [Alternative(id=name, facts={"km": km}) for name, km in (("x", 5), ("y", 5), ("z", 9))]
    found = rank(sites, [KM])
    assert [(one.id, one.rank_best, one.rank_worst) for one in found] == [
        ("x", 1, 1),
        ("y", 1, 1),
        ("z", 3, 3),
    ]


def test_span_of_the_alternatives_by_hand() -> None:
    area = Criterion(id="ha", weight=1, scale=SpanScale(better=Better.MORE))
    sites = [Alternative(id=str(v), facts={"ha": v}) for v in (10.0, 30.0, 20.0)]
    assert [(one.id, one.score) for one in rank(sites, [area])] == [
        ("30.0", 100.0),
        ("20.0", 50.0),
        ("10.0", 0.0),
    ]
    less = Criterion(id="ha", weight=1, scale=SpanScale(better=Better.LESS))
    assert [one.id for one in rank(sites, [less])] == ["10.0", "20.0", "30.0"]
    same = [Alternative(id=name, facts={"ha": 7.0}) for name in "ab"]
    assert [one.score for one in rank(same, [area])] == [100.0, 100.0]
    # What measuring leaves between equal facts turns no order round.
    noisy = [Alternative(id=str(v), facts={"ha": v}) for v in (125.0, 125.0 + 3e-11, 125.0 - 1e-12)]
    assert {one.score for one in rank(noisy, [less])} == {100.0}
    close = [Alternative(id=str(v), facts={"ha": v}) for v in (125.0, 125.01)]
    assert [one.score for one in rank(close, [less])] == [100.0, 0.0]


@given(utilities(), utilities(), shares(), st.sampled_from(NAMES))
def test_break_even_against_a_search(first, second, weights, name) -> None:
    # Second method: walk the share over a fine grid and see between which steps the sign turns.
    found = break_even_share(first, second, weights, name)
    rest = 1.0 - weights[name]

    def difference(share: float) -> float:
        then = {k: share if k == name else v * (1 - share) / rest for k, v in weights.items()}
        return score(first, then) - score(second, then)

    walked = [difference(share) for share in np.linspace(0.0, 1.0, 401)]
    if found is None:
        assert all(d >= -1e-12 for d in walked) or all(d <= 1e-12 for d in walked)
    else:
        assert 0.0 <= found <= 1.0
        assert difference(found) == pytest.approx(0.0, abs=1e-9)
        assert difference(0.0) * difference(1.0) <= 1e-15


def test_flips_name_the_nearest_change_first() -> None:
    first, second = {"a": 1.0, "b": 0.0, "c": 0.5}, {"a": 0.0, "b": 0.8, "c": 0.5}
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    found = flips(first, second, weights)
    # c ties: only a and b turn the order. a: w = r/(r-d), r = (0.3*-0.8)/0.5 = -0.48, d = 1,
    # 0.176 from 0.5; b: r = 0.5/0.7, d = -0.8, 0.172 from 0.3.
    assert [one.criterion for one in found] == ["b", "a"]
    assert found[0].share_at_flip == pytest.approx((0.5 / 0.7) / (0.5 / 0.7 + 0.8))
    assert found[1].share_at_flip == pytest.approx(0.48 / 1.48)


@given(utilities(), utilities(), shares())
def test_a_dominated_alternative_never_comes_first(first, second, weights) -> None:
    if dominates(first, second):
        assert score(first, weights) >= score(second, weights) - 1e-12
        assert not dominates(second, first)
        assert flips(first, second, weights) == ()


def test_dominance_needs_every_fact() -> None:
    assert dominates({"a": 1.0, "b": 0.5}, {"a": 0.9, "b": 0.5})
    assert not dominates({"a": 1.0, "b": 0.5}, {"a": 1.0, "b": 0.5})
    assert not dominates({"a": 1.0, "b": 0.5}, {"a": 0.9, "b": None})


def test_rank_shares_of_two_criteria_by_hand() -> None:
    # Scores w and (1-w)*0.5: they cross at w = 1/3.
    exact = rank_shares(np.array([[1.0, 0.0], [0.0, 0.5]]), np.random.default_rng(0), 1)
    assert exact == pytest.approx(np.array([[2 / 3, 1 / 3], [1 / 3, 2 / 3]]))


@pytest.mark.slow
@given(st.lists(st.tuples(UNIT, UNIT), min_size=2, max_size=5))
def test_exact_shares_agree_with_a_walk_along_the_weights(rows) -> None:
    values = np.round(np.array(rows), 2)
    exact = rank_shares(values, np.random.default_rng(0), 1)
    assert exact.sum(axis=1) == pytest.approx(np.ones(len(values)))
    walked = np.zeros_like(exact)
    steps = (np.arange(2000) + 0.5) / 2000
    for w in steps:
        own = w * values[:, 0] + (1 - w) * values[:, 1]
        for site in range(len(values)):
            walked[site, int((own > own[site] + 1e-12).sum())] += 1 / 2000
    assert np.abs(exact - walked).max() < 0.01


def test_drawn_shares_agree_with_the_exact_ones_within_their_error() -> None:
    # A third criterion that is equal for all changes no order: the two that count are
    # then drawn in proportions whose ratio is that of two of three Dirichlet shares.
    values = np.array([[1.0, 0.0, 0.4], [0.0, 0.5, 0.4]])
    drawn = rank_shares(values, np.random.default_rng(7), 20_000)
    # P(w1 > w2/2) for even weights on the triangle is 2/3, as on the line.
    assert drawn[0, 0] == pytest.approx(2 / 3, abs=4 * np.sqrt(2 / 9 / 20_000))
    again = rank_shares(values, np.random.default_rng(7), 20_000)
    assert (drawn == again).all()


@pytest.mark.parametrize(
    ("criteria", "why"),
    [
        ([], "no_weight"),
        ([Criterion(id="x", weight=0.0, scale=KM.scale)], "no_weight"),
        ([Criterion(id="x", weight=-1.0, scale=KM.scale), KM], "negative_weight"),
        ([KM, KM], "repeated"),
        ([Criterion(id="x", weight=1, scale=PointScale(points=((0.0, 1.0),)))], "points"),
        ([Criterion(id="x", weight=1, scale=PointScale(points=((1, 0), (0, 1))))], "points"),
    ],
)
def test_what_cannot_be_ranked_is_refused(criteria, why) -> None:
    with pytest.raises(RankingError) as caught:
        rank([Alternative(id="s", facts={})], criteria)
    assert caught.value.code.rpartition(".")[2] == why


def test_weights_are_shares() -> None:
    assert weight_shares([KM, SLOPE]) == {"km": 0.25, "slope": 0.75}


@given(
    st.floats(0.0, 10.0),
    st.floats(0.0, 10.0),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8),
)
def test_bounds_of_an_unknown_fact_hold_whatever_it_is(
    one: float, other: float, shares: list[float]
) -> None:
    """A property: with the fact at any place between its bounds the score lies in the span."""
    scale = PointScale(points=((0.0, 0.2), (4.0, 1.0), (10.0, 0.0)))
    criteria = [
        Criterion(id="a", weight=2.0, scale=scale),
        Criterion(id="b", weight=1.0, scale=scale),
    ]
    least, most = sorted((one, other))
    (open_,) = rank(
        [Alternative(id="s", facts={"a": None, "b": 3.0}, bounds={"a": (least, most)})], criteria
    )
    assert open_.score is None
    for share in shares:
        facts = {"a": least + share * (most - least), "b": 3.0}
        (told,) = rank([Alternative(id="s", facts=facts)], criteria)
        assert open_.score_least - 1e-9 <= told.score <= open_.score_most + 1e-9
    (blind,) = rank([Alternative(id="s", facts={"a": None, "b": 3.0})], criteria)
    assert blind.score_least <= open_.score_least
    assert open_.score_most <= blind.score_most
