"""geo.density. Oracles: divisions by hand, scaling, and one case per refusal."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import DenominatorError, RepeatedUnitError
from geo.density.land import Denominator, Measured, land_density


def value(unit_id="a", amount=717.9, unit="1e8 CNY", year=2020):
    return Measured(unit_id=unit_id, value=amount, unit=unit, year=year, source="plan")


def land(unit_id="a", area_km2=119.86, *, kind="approved", years=(2019, None), geometry=None):
    return Denominator(
        unit_id=unit_id,
        kind=kind,
        area_km2=area_km2,
        first_year=years[0],
        last_year=years[1],
        source="State Council",
        geometry=geometry,
    )


def refused(measured, denominators):
    with pytest.raises(DenominatorError) as caught:
        land_density(measured, denominators)
    return {"why": caught.value.code.rpartition(".")[2], **caught.value.params}


def test_the_zone_by_hand():
    (row,) = land_density([value()], [land()])
    assert row.density == pytest.approx(5.99, abs=0.005)
    assert row.density * 119.86 == pytest.approx(717.9, rel=1e-15)
    assert row.measured.year == 2020
    assert row.denominator.kind == "approved"


def test_order_is_kept_and_nothing_gives_nothing():
    rows = land_density([value("b", 1.0), value("a", 3.0)], [land("b", 2.0), land("a", 4.0)])
    assert [(row.measured.unit_id, row.density) for row in rows] == [("b", 0.5), ("a", 0.75)]
    assert land_density([], []) == ()


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        land_density([value()], [])


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e4), st.floats(1e-3, 1e3))
def test_scaling(amount, area_km2, factor):
    # Property: k times the value on k times the land is the same density.
    (plain,) = land_density([value(amount=amount)], [land(area_km2=area_km2)])
    (scaled,) = land_density([value(amount=amount * factor)], [land(area_km2=area_km2 * factor)])
    assert scaled.density == pytest.approx(plain.density, rel=1e-12)


@pytest.mark.parametrize("area_km2", [0.0, -1.0, math.nan, math.inf])
def test_areas_that_divide_nothing(area_km2):
    assert refused([value()], [land(area_km2=area_km2)]) == {
        "why": "not_positive",
        "units": ["a"],
    }


@pytest.mark.parametrize(
    ("years", "why"),
    [
        ((2021, None), "other_year"),
        ((2010, 2019), "other_year"),
        ((None, None), "year_unknown"),
        ((None, 2020), "year_unknown"),
        ((2019, None), None),
        ((2020, 2020), None),
    ],
)
def test_years_of_the_land(years, why):
    if why is None:
        assert len(land_density([value()], [land(years=years)])) == 1
    else:
        assert refused([value()], [land(years=years)]) == {"why": why, "units": ["a"]}


def test_another_unit():
    assert refused([value("a")], [land("b")])["why"] == "unit_differs"


def test_tables_that_cannot_be_compared():
    lands = [land("a"), land("b")]
    years = refused([value("a"), value("b", year=2021)], lands)
    assert years == {"why": "mixed_years", "units": ["2020", "2021"]}
    units = refused([value("a"), value("b", unit="1e4 CNY")], lands)
    assert units == {"why": "mixed_units", "units": ["1e4 CNY", "1e8 CNY"]}
    kinds = refused([value("a"), value("b")], [land("a"), land("b", kind="built_up")])
    assert kinds == {"why": "mixed_kinds", "units": ["approved", "built_up"]}


BIG = shapely.box(102.0, 25.0, 103.0, 26.0)
PLOT = shapely.box(102.5, 25.5, 102.5005, 25.5005)


@pytest.mark.parametrize("first", ["big", "plot"])
def test_ground_counted_twice_is_refused_whichever_comes_first(first):
    # A 0.28 ha plot is 2.5e-7 of the cell: the smaller of the two decides.
    lands = [land("big", 11_137.0, geometry=BIG), land("plot", 0.0028, geometry=PLOT)]
    lands = lands if first == "big" else lands[::-1]
    params = refused([value(each.unit_id) for each in lands], lands)
    assert params == {"why": "overlap", "units": [each.unit_id for each in lands]}


@pytest.mark.parametrize(
    "east",
    [
        pytest.param(shapely.box(103.0, 25.0, 104.0, 26.0), id="shared edge"),
        pytest.param(shapely.box(102.9999999, 25.0, 104.0, 26.0), id="hairline of 1 cm"),
        pytest.param(shapely.box(110.0, 25.0, 111.0, 26.0), id="far"),
        pytest.param(None, id="no boundary known"),
    ],
)
def test_neighbours_are_no_overlap(east):
    lands = [land("west", geometry=BIG), land("east", geometry=east)]
    assert len(land_density([value("west"), value("east")], lands)) == 2


def test_one_unit_twice_is_refused_even_without_a_boundary() -> None:
    trade = Measured(unit_id="a", value=1.0, unit="1e8 CNY", year=2020, source="s")
    land = Denominator(
        unit_id="a", kind="approved", area_km2=1.0, first_year=2019, last_year=None, source="s"
    )
    with pytest.raises(DenominatorError) as caught:
        land_density([trade, trade], [land, land])
    assert isinstance(caught.value, RepeatedUnitError)
    assert caught.value.params == {"units": ["a"]}
