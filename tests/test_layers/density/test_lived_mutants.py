"""Small changes of tables of statistics that no other test noticed. Oracle in each by hand."""

from datetime import date

import pytest

from layers.density.statistics.model import Observation
from layers.density.statistics.periods import CUMULATIVE, Period
from layers.density.statistics.plausible import ask_about_values


def test_what_is_cumulative_may_be_told_from_the_first_day_of_its_last_month() -> None:
    period = Period(year=2026, kind=CUMULATIVE, months="..09")
    assert [period.is_over(date(2026, *day)) for day in ((8, 31), (9, 1))] == [False, True]


def value(year: int, period: str, amount: float, months: str = "") -> Observation:
    return Observation(
        unit_id="kunming", indicator="trade", year=year, period=period, value=amount,
        relation="=", unit="亿元", source="统计局", quality="official", months=months,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("near", "months"), [("partial_year", "01-03"), ("cumulative", "..03"), ("estimate", "")]
)
def test_a_year_is_held_against_a_year_even_where_another_time_is_nearer(
    near: str, months: str
) -> None:
    known = [value(2022, "full_year", 90.0), value(2024, near, 0.5, months)]
    assert ask_about_values([value(2025, "full_year", 100.0)], known, {}, {}) == []
    (asked,) = ask_about_values([value(2025, "full_year", 0.5)], known, {}, {})
    assert asked.code == "far_from_former"
