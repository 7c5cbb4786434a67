"""geo.permu. Oracles: the published scheme of Huangyan 2022, points by hand, properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import PermuError
from geo.density.permu import (
    MissingRule,
    ScoredIndicator,
    grades_by_rank,
    permu_scores,
    raise_to_mean,
)

BASELINES = {
    "tax": (24.097, 30.0), "added": (136.16, 20.0), "energy": (2.694, 20.0),
    "emission": (4929.81, 10.0), "labour": (18.14, 10.0), "research": (0.0302, 10.0),
}  # fmt: skip


def scheme(cap=None, missing=MissingRule.GROUP_MEAN, floor=None):
    return [
        ScoredIndicator(
            id=name, weight=weight, baseline=baseline, cap=cap, missing=missing, floor=floor
        )
        for name, (baseline, weight) in BASELINES.items()
    ]


AT_BASELINE = {name: baseline for name, (baseline, _) in BASELINES.items()}


def test_the_baseline_firm_scores_exactly_one_hundred():
    (score,) = permu_scores([AT_BASELINE], scheme())
    assert score.total == 100.0
    assert score.filled == ()


def test_points_by_hand():
    firm = {**AT_BASELINE, "tax": 24.097 * 2, "research": 0.0}
    (open_,) = permu_scores([firm], scheme())
    assert open_.total == pytest.approx(100.0 + 30.0 - 10.0)
    (capped,) = permu_scores([firm], scheme(cap=1.5))
    assert capped.points["tax"] == pytest.approx(45.0)


def test_a_tax_paid_back_loses_points_down_to_the_floor():
    # Minus half the baseline is minus 15 of 30 points; at the floor it is none, or minus 3.
    firm = {**AT_BASELINE, "tax": -24.097 / 2}
    assert permu_scores([firm], scheme())[0].total == pytest.approx(70.0 - 15.0)
    assert permu_scores([firm], scheme(floor=0.0))[0].total == pytest.approx(70.0)
    assert permu_scores([firm], scheme(floor=-0.1))[0].points["tax"] == pytest.approx(-3.0)


def test_a_small_group_is_not_graded():
    # 5 % of 20 firms is one firm; of 19 it is none, and somebody would be last all the same.
    scores = [float(score) for score in range(20)]
    assert grades_by_rank(scores, SHARES, 20).count("D") == 1
    assert grades_by_rank([*scores[:19], None], SHARES, 20) == [None] * 20


def test_what_is_not_reported_follows_the_rule():
    firms = [{**AT_BASELINE, "emission": None}, {**AT_BASELINE, "emission": 4929.81 / 2}]
    by_rule = {rule: permu_scores(firms, scheme(missing=rule))[0] for rule in MissingRule}
    assert by_rule[MissingRule.ZERO].total == pytest.approx(90.0)
    assert by_rule[MissingRule.BASELINE].total == pytest.approx(100.0)
    assert by_rule[MissingRule.GROUP_MEAN].total == pytest.approx(95.0)
    assert by_rule[MissingRule.NOT_SCORED].total is None
    assert {score.filled for score in by_rule.values()} == {("emission",)}
    # Nobody reports it: there is no mean to take.
    (alone,) = permu_scores(firms[:1], scheme())
    assert alone.total is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"baseline": 0.0}, "baseline"),
        ({"baseline": float("nan")}, "baseline"),
        ({"weight": -1.0}, "weight"),
    ],
)
def test_an_unsound_scheme_is_refused(change, why):
    item = {"id": "tax", "weight": 30.0, "baseline": 24.0, "cap": None, "missing": MissingRule.ZERO}
    with pytest.raises(PermuError) as caught:
        permu_scores([{}], [ScoredIndicator(**{**item, **change})])
    assert caught.value.code.rpartition(".")[2] == why
    assert caught.value.params == {"indicator": "tax"}
    with pytest.raises(PermuError):
        permu_scores([{}], [ScoredIndicator(**item)] * 2)


SHARES = [("A", 25.0), ("B", 45.0), ("C", 25.0), ("D", 5.0)]


def test_grades_of_a_hundred_firms_by_hand():
    grades = grades_by_rank([float(score) for score in range(100, 0, -1)], SHARES)
    assert [grades.count(grade) for grade in "ABCD"] == [25, 45, 25, 5]
    assert grades == sorted(grades)


def test_equal_scores_share_their_mean_rank_and_the_unscored_have_none():
    # Ranks 1, 2, 3 of 4 are 2 in the mean, 50 %: B; the last is 100 %: D.
    assert grades_by_rank([5.0, 5.0, 5.0, None, 1.0], SHARES) == ["B", "B", "B", None, "D"]
    # Six of a hundred at zero: ranks 95 to 100, 97.5 in the mean.
    grades = grades_by_rank([*map(float, range(94, 0, -1)), *[0.0] * 6], SHARES)
    assert grades[-6:] == ["D"] * 6
    assert grades_by_rank([None], SHARES) == [None]
    with pytest.raises(PermuError):
        grades_by_rank([1.0], [("A", 50.0)])


@given(st.lists(st.one_of(st.none(), st.floats(0, 200)), max_size=40))
def test_a_better_score_never_has_a_worse_grade(totals):
    grades = grades_by_rank(totals, SHARES)
    known = [
        (total, grade) for total, grade in zip(totals, grades, strict=True) if total is not None
    ]
    for total, grade in known:
        assert all(other_grade <= grade for other, other_grade in known if other > total)
        assert all(other_grade == grade for other, other_grade in known if other == total)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0.1, 1e3)), min_size=1, max_size=20))
def test_land_raised_to_the_mean_reaches_it_and_more(pairs):
    values, lands = zip(*pairs, strict=True)
    mean = sum(values) / sum(lands)
    gain = raise_to_mean(values, lands, mean)
    assert gain >= 0.0
    # Nothing is lost above the mean, so the whole is at least as dense as before.
    assert (sum(values) + gain) / sum(lands) >= mean - 1e-9
    assert raise_to_mean([mean * land for land in lands], lands, mean) == pytest.approx(0, abs=1e-6)


@given(
    st.lists(st.floats(0, 1e3), min_size=1, max_size=8),
    st.floats(1e-3, 1e3),
    st.sampled_from([None, 1.5]),
)
def test_points_do_not_depend_on_the_unit_of_a_value(values, times, cap):
    # Property: value and baseline in another unit give the same points.
    def scored(factor):
        item = ScoredIndicator(
            id="tax", weight=30.0, baseline=24.0 * factor, cap=cap, missing=MissingRule.ZERO
        )
        return [
            score.total for score in permu_scores([{"tax": v * factor} for v in values], [item])
        ]

    assert scored(times) == pytest.approx(scored(1.0), rel=1e-9, abs=1e-9)


@given(st.dictionaries(st.sampled_from(sorted(BASELINES)), st.floats(0, 1e4), min_size=6))
def test_points_add_up(values):
    (score,) = permu_scores([values], scheme())
    assert score.total == pytest.approx(sum(point for point in score.points.values()))
