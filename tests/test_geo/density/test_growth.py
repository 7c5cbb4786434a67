"""geo.growth. Oracles: the plan's printed rates, compound growth by hand, properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import GrowthError
from geo.density.growth import (
    Course,
    PathShape,
    annual_growth_pct,
    course_of_rise,
    course_to_target,
    path_value,
)

RATES, STEPS = PathShape.EQUAL_RATES, PathShape.EQUAL_STEPS


@pytest.mark.parametrize(
    ("first", "last", "printed_pct"),
    [
        # The plan's column 3, 2020 to 2025, with its printed yearly rates.
        (94.93, 190.94, 15.0),
        (314.9, 826.95, 21.3),
        (522.05, 1376.59, 21.4),
        (17874, 59053, 27.0),
        (84, 276, 26.9),
        (717.9, 2675.78, 30.1),
        (3.69, 13.70, 30.0),
    ],
)
def test_the_plans_rates_follow_from_its_figures(first, last, printed_pct):
    assert annual_growth_pct(first, last, 5) == pytest.approx(printed_pct, abs=0.05)


@given(st.floats(0.01, 1e6), st.floats(-50, 200), st.integers(1, 30))
def test_growth_is_undone_by_compounding(first, rate_pct, years):
    last = first * (1 + rate_pct / 100) ** years
    assert annual_growth_pct(first, last, years) == pytest.approx(rate_pct, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize(
    ("first", "last", "years", "why"),
    [(0.0, 10.0, 5, "not_positive"), (10.0, 0.0, 5, "not_positive"), (1.0, 2.0, 0, "no_years"),
     (-1.0, 2.0, 3, "not_positive"), (float("nan"), 2.0, 3, "not_positive")],
)  # fmt: skip
def test_what_has_no_rate_is_refused(first, last, years, why):
    with pytest.raises(GrowthError) as caught:
        annual_growth_pct(first, last, years)
    assert caught.value.code.rpartition(".")[2] == why


@given(st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.integers(1, 10), st.sampled_from(PathShape))
def test_a_path_starts_and_ends_where_it_must_and_is_monotone(first, last, years, shape):
    start, target = (2020, first), (2020 + years, last)
    values = [path_value(start, target, year, shape) for year in range(2020, 2021 + years)]
    assert (values[0], values[-1]) == pytest.approx((first, last), rel=1e-9)
    assert values == sorted(values, reverse=last < first)


def test_paths_by_hand():
    assert path_value((2020, 100.0), (2022, 144.0), 2021, RATES) == pytest.approx(120.0)
    assert path_value((2020, 36.0), (2025, 180.0), 2021, STEPS) == pytest.approx(64.8)
    assert path_value((2020, 0.0), (2025, 10.0), 2023, STEPS) == pytest.approx(6.0)
    with pytest.raises(GrowthError):
        path_value((2020, 0.0), (2025, 10.0), 2023, RATES)
    with pytest.raises(GrowthError):
        path_value((2020, 1.0), (2025, 10.0), 2019, RATES)


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        (None, Course.NO_DATA),
        ((2020, 100.0), Course.NO_DATA),
        ((2021, 120.0), Course.ON_TRACK),
        ((2021, 119.9), Course.BEHIND),
        ((2021, 150.0), Course.REACHED),
        ((2022, 143.9), Course.BEHIND),
        ((2023, 140.0), Course.BEHIND),
        ((2022, 144.0), Course.REACHED),
        # 143.995 reads 144.00, 143.994 reads 143.99; 119.995 reads 120.00, the path of 2021.
        ((2022, 143.995), Course.REACHED),
        ((2022, 143.994), Course.BEHIND),
        ((2021, 119.995), Course.ON_TRACK),
        ((2021, 119.994), Course.BEHIND),
    ],
)
def test_the_course_to_a_target_by_hand(latest, expected):
    assert course_to_target((2020, 100.0), (2022, 144.0), latest, RATES, 2) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Course.NO_DATA),
        ({2020: 1.0}, Course.NO_DATA),
        ({2020: 1.0, 2021: 1.1}, Course.ON_TRACK),
        ({2021: 1.1, 2020: 1.0, 2023: 1.3}, Course.ON_TRACK),
        ({2020: 1.0, 2021: 1.0}, Course.BEHIND),
        ({2020: 1.0, 2021: 1.2, 2022: 1.1}, Course.BEHIND),
        # 1.000 to 1.004 both read 1.00: no rise that anybody can read.
        ({2020: 1.0, 2021: 1.004}, Course.BEHIND),
        ({2020: 1.0, 2021: 1.005}, Course.ON_TRACK),
    ],
)
def test_a_continuous_rise_by_hand(values, expected):
    assert course_of_rise(values, 2) is expected
