"""geo.units. Oracles: arithmetic by hand, and the property that parts make the total."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.units import M2_PER_HA, M2_PER_KM2, MU_PER_HA, m2_to_mu, round_as_printed, rounded_to_total


def test_the_zone_in_hectares_and_mu():
    # By hand: 119.86 km2 = 11 986 ha = 179 790 mu.
    zone_m2 = 119.86 * M2_PER_KM2
    assert zone_m2 / M2_PER_HA == pytest.approx(11_986.0, rel=1e-15)
    assert m2_to_mu(zone_m2) == pytest.approx(179_790.0, rel=1e-15)
    assert MU_PER_HA == 15.0


@pytest.mark.parametrize(("m2", "mu"), [(2000.0 / 3.0, 1.0), (10_000.0, 15.0), (0.0, 0.0)])
def test_mu_by_hand(m2, mu):
    assert m2_to_mu(m2) == pytest.approx(mu, rel=1e-15)


@pytest.mark.parametrize(
    ("values", "decimals", "expected"),
    [
        # By hand: 3 x 1.4 = 4.2 rounds to 4, one part gets the missing unit.
        ([1.4, 1.4, 1.4], 0, [2.0, 1.0, 1.0]),
        # 12.6 and 87.4 hundredths: the larger remainder takes the missing one.
        ([0.126, 0.874], 2, [0.13, 0.87]),
        ([1.2, 1.7, 1.1], 0, [1.0, 2.0, 1.0]),
        ([], 2, []),
        ([0.0, 0.0], 4, [0.0, 0.0]),
        # 0.29 * 100 is 28.999... in doubles; the floor must not lose a unit.
        ([0.29, 0.71], 2, [0.29, 0.71]),
    ],
)
def test_rounding_by_hand(values, decimals, expected):
    assert rounded_to_total(values, decimals) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "shown"),
    # As LibreOffice and Excel show them with two decimals: 15 digits, halves up.
    [(16424.774999999998, 16424.78), (2.675, 2.68), (1.005, 1.01), (-0.004, 0.0), (0.29, 0.29)],
)
def test_a_number_reads_as_in_a_spreadsheet(value, shown):
    assert round_as_printed(value, 2) == shown
    assert not str(round_as_printed(value, 2)).startswith("-0")


@given(st.floats(0.0, 1e9), st.integers(0, 6))
def test_a_number_alone_is_rounded_as_it_is_in_a_table_of_parts(value, decimals):
    assert rounded_to_total([value], decimals) == [round_as_printed(value, decimals)]


@given(
    st.lists(st.floats(0.0, 1e7, allow_subnormal=False), min_size=1, max_size=30),
    st.integers(0, 4),
)
def test_parts_make_the_total_and_move_less_than_one_unit(values, decimals):
    unit = 10.0**-decimals
    parts = rounded_to_total(values, decimals)
    # Second method: halves go up, by decimal arithmetic on 15 digits of the sum.
    total = Decimal(f"{math.fsum(values):.15g}").quantize(
        Decimal(1).scaleb(-decimals), ROUND_HALF_UP
    )
    assert sum(Decimal(repr(part)) for part in parts) == total
    slack = unit * (1.0 + 1e-6) + 1e-8
    assert all(abs(part - value) <= slack for part, value in zip(parts, values, strict=True))
