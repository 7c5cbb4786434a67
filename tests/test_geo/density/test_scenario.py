"""geo.scenario. Oracles: worked by hand with the plan's figures, properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import DenominatorError
from geo.density.scenario import expansion, land_saved_km2


def test_keeping_the_density_by_hand():
    # 717.9 / 119.86 = 5.9895 (1e8 CNY/km2); 10 km2 more must yield 59.895.
    found = expansion(717.9, 119.86, 10.0, None)
    assert found.density_then == found.density_now == pytest.approx(5.98949, rel=1e-5)
    assert found.value_of_new_land == pytest.approx(59.8949, rel=1e-5)
    assert found.growth_pct == pytest.approx(100 * 10 / 119.86)


def test_reaching_the_targets_density_by_hand():
    # 2675.78 / 119.86 = 22.324 on 129.86 km2.
    found = expansion(717.9, 119.86, 10.0, 2675.78 / 119.86)
    assert found.value_needed == pytest.approx(2675.78 * 129.86 / 119.86)


positive = st.floats(0.01, 1e5)


@given(positive, positive, st.floats(0, 1e4), positive)
def test_the_density_then_is_what_was_asked_for(value, area, added, density):
    found = expansion(value, area, added, density)
    assert found.value_needed / found.area_km2 == pytest.approx(density, rel=1e-9)
    assert found.value_needed == pytest.approx(value + found.value_of_new_land, rel=1e-9, abs=1e-6)


def test_growth_where_one_stands_spares_new_land_by_hand():
    # Density 5 on 20 km2; 10 % of 100 is 10, what 2 km2 yield; 40 % would be 8 km2, more than 4.
    grown = expansion(100.0, 20.0, 4.0, None, 10.0)
    assert (grown.value_of_present_land, grown.value_of_new_land) == pytest.approx((110.0, 10.0))
    assert grown.land_spared_km2 == pytest.approx(2.0)
    assert expansion(100.0, 20.0, 4.0, None, 40.0).land_spared_km2 == 4.0
    assert expansion(100.0, 20.0, 4.0, None).land_spared_km2 == 0.0


@given(positive, positive, st.floats(0.01, 1e4), st.floats(0, 500))
def test_sparing_land_keeps_the_density(value, area, added, growth):
    found = expansion(value, area, added, None, growth)
    spared = found.land_spared_km2
    # Without the land that is spared, what is left to yield keeps the density, too.
    left = found.value_needed - spared * found.density_then
    assert left / (area + added - spared) == pytest.approx(found.density_then, rel=1e-9)
    assert 0.0 <= spared <= added


@given(positive, positive, positive)
def test_land_saved_there_and_back_is_none(value, now, then):
    there, back = land_saved_km2(value, now, then), land_saved_km2(value, then, now)
    assert there == pytest.approx(-back, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("wrong", [(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, -1.0)])
def test_nothing_to_divide_is_refused(wrong):
    with pytest.raises(DenominatorError):
        expansion(*wrong, None)
    with pytest.raises(DenominatorError):
        land_saved_km2(1.0, 0.0, 1.0)
