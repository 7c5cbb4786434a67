"""Published figures: those of the plan written out by hand, and tables that do not fit."""

from dataclasses import replace

import pytest

from layers.density.statistics.builtin import (
    load_areas,
    load_indicators,
    load_observations,
    load_units,
)
from layers.density.statistics.plan import plan_indicators
from layers.errors import StatisticsError
from layers.zones import shipped_zone
from layers.zones.schema import ObservationRow


def test_the_plans_table_has_its_16_rows_as_printed() -> None:
    rows = plan_indicators(shipped_zone())
    assert [row.number for row in rows] == list(range(1, 17))
    by_id = {row.id: row for row in rows}
    # 《规划》第二章第五节，“十四五”时期主要指标.
    assert (
        by_id["public_budget_revenue"].base_value,
        by_id["public_budget_revenue"].target_value,
    ) == (94.93, 190.94)
    assert (by_id["industrial_output"].base_value, by_id["industrial_output"].target_value) == (
        314.9,
        826.95,
    )
    assert (by_id["fixed_investment"].base_value, by_id["fixed_investment"].target_value) == (
        522.05,
        1376.59,
    )
    assert (by_id["trade"].base_value, by_id["trade"].target_value) == (717.9, 2675.78)
    assert (by_id["foreign_capital"].base_value, by_id["foreign_capital"].target_value) == (
        3.69,
        13.70,
    )
    assert (by_id["new_firms"].base_value, by_id["new_firms"].target_value) == (17874, 59053)
    assert (
        by_id["experience_cases_national"].base_value,
        by_id["experience_cases_national"].growth_kind,
    ) == (0, "cumulative")


def test_what_the_plan_has_no_figure_for_stays_without_one() -> None:
    open_ = [row for row in plan_indicators(shipped_zone()) if row.target_rule != "value"]
    assert len(open_) == 6
    assert all(row.base_value is None and row.target_value is None for row in open_)
    assert {row.target_rule for row in open_} == {"rises", "share_of_province_rises"}


def test_printed_growth_follows_from_the_figures() -> None:
    # Second method: compound growth over five years, to the plan's own rounding.
    for row in plan_indicators(shipped_zone()):
        if row.growth_kind == "annual_pct":
            rate = 100 * ((row.target_value / row.base_value) ** 0.2 - 1)
            assert rate == pytest.approx(row.printed_growth, abs=0.1), row.id
        elif row.growth_kind == "cumulative":
            assert row.target_value - row.base_value == row.printed_growth


def test_every_observation_and_area_belongs_to_a_known_unit() -> None:
    units = load_units(shipped_zone())
    assert {value.unit_id for value in load_observations(shipped_zone())} <= set(units)
    assert {area.unit_id for area in load_areas(shipped_zone())} <= set(units)
    assert all(value.source and value.quality for value in load_observations(shipped_zone()))
    districts = [
        a.area_km2
        for a in load_areas(shipped_zone())
        if a.unit_id in {"kunming", "honghe", "dehong"}
    ]
    assert sum(districts) == pytest.approx(119.86)


def test_zone_values_are_those_of_the_plan() -> None:
    plan = {row.id: row for row in plan_indicators(shipped_zone())}
    for value in load_observations(shipped_zone()):
        if value.unit_id == "ftz":
            expected = plan[value.indicator]
            assert value.value == (
                expected.base_value if value.year == 2020 else expected.target_value
            )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{}, {"value": 2.0}], "repeated"),
        ([{"indicator": "magic"}], "unknown_indicator"),
        ([{"unit": "万元"}], "other_unit"),
    ],
)
def test_a_table_that_does_not_fit_is_named_by_line(values: list[dict], why: str) -> None:
    first = {
        "unit_id": "ftz", "indicator": "trade", "year": 2020, "period": "full_year", "value": 1.0,
        "relation": "=", "unit": "亿元", "source": "s", "quality": "q",
    }  # fmt: skip
    rows = tuple(ObservationRow(**{**first, **more}) for more in values)
    zone = replace(shipped_zone(), sha256=why, observations=rows)
    with pytest.raises(StatisticsError) as caught:
        load_observations(zone)
    assert (caught.value.params["why"], caught.value.params["line"]) == (why, 1 + len(values))


def test_indicators_have_both_names_and_a_unit() -> None:
    for indicator in load_indicators().values():
        assert indicator.name_zh
        assert indicator.name_en
        assert indicator.unit
