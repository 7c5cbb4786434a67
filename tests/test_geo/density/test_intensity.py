"""geo.intensity. Oracles: worked by hand on round numbers, properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import IntensityError
from geo.density.intensity import (
    Better,
    Ratio,
    intensity_potential_ha,
    ratio_value,
    realisation_pct,
    structure_potential_ha,
    weighted_score,
)

DEVELOPED = Ratio(numerator=("built", "ready"), denominator=("built", "unbuilt"), factor=100.0)
LAND = {"built": 300.0, "ready": 60.0, "unbuilt": 100.0}


def test_a_rate_by_hand():
    # (300 + 60) / (300 + 100) = 90 %
    assert ratio_value(DEVELOPED, LAND) == pytest.approx(90.0)


def test_a_leading_minus_subtracts():
    rest = Ratio(numerator=("all", "-part"), denominator=("all",), factor=100.0)
    assert ratio_value(rest, {"all": 200.0, "part": 50.0}) == pytest.approx(75.0)


def test_what_is_not_known_is_not_zero():
    for name in LAND:
        assert ratio_value(DEVELOPED, {**LAND, name: None}) is None
        assert ratio_value(DEVELOPED, {k: v for k, v in LAND.items() if k != name}) is None


@pytest.mark.parametrize(
    ("land", "why"),
    [
        ({"built": 0.0, "ready": 5.0, "unbuilt": 0.0}, "denominator"),
        ({**LAND, "ready": -1.0}, "negative"),
    ],
)
def test_impossible_land_is_refused(land, why):
    with pytest.raises(IntensityError) as caught:
        ratio_value(DEVELOPED, land)
    assert caught.value.code.rpartition(".")[2] == why


@given(st.floats(0.1, 1e3), st.floats(0.1, 1e3), st.floats(0.1, 1e3), st.floats(0.01, 100))
def test_a_ratio_does_not_depend_on_the_unit_of_land(built, ready, unbuilt, times):
    land = {"built": built, "ready": ready, "unbuilt": unbuilt}
    scaled = {name: value * times for name, value in land.items()}
    assert ratio_value(DEVELOPED, scaled) == pytest.approx(ratio_value(DEVELOPED, land), rel=1e-12)


def test_realisation_by_hand():
    assert realisation_pct(46.5, 93.0, Better.MORE) == pytest.approx(50.0)
    assert realisation_pct(99.0, 93.0, Better.MORE) == 100.0
    # Idle land, 3 %: 97; more than all of it cannot be.
    assert realisation_pct(3.0, 0.0, Better.LESS) == pytest.approx(97.0)
    assert realisation_pct(120.0, 0.0, Better.LESS) == 0.0
    with pytest.raises(IntensityError):
        realisation_pct(3.0, 0.0, Better.MORE)


def test_scores_by_hand():
    weights = {"use": 0.5, "yield": 0.2, "management": 0.15, "social": 0.15}
    full = {"use": 80.0, "yield": 50.0, "management": 100.0, "social": 60.0}
    # 40 + 10 + 15 + 9
    assert weighted_score(full, weights) == (pytest.approx(74.0), pytest.approx(1.0))
    # Without "social": (40 + 10 + 15) / 0.85
    score, judged = weighted_score({**full, "social": None}, weights)
    assert (score, judged) == (pytest.approx(65.0 / 0.85), pytest.approx(0.85))
    assert weighted_score(dict.fromkeys(full), weights) == (None, 0.0)


def test_potentials_by_hand():
    # 400 ha built, 50 % industrial, 55 % ideal: 20 ha could turn.
    assert structure_potential_ha(400.0, 50.0, 55.0) == pytest.approx(20.0)
    assert structure_potential_ha(400.0, 60.0, 55.0) == 0.0
    # 200 ha at 2508 of 3344: a quarter of the land is not needed.
    assert intensity_potential_ha(200.0, 2508.0, 3344.0) == pytest.approx(50.0)
    assert intensity_potential_ha(200.0, 4000.0, 3344.0) == 0.0
