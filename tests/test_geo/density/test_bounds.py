"""Densities with bounds. Oracles: by hand, and properties of sums over sums."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.bounds import Span, pooled_density, span_of
from geo.density.errors import BoundsError

VALUES = st.floats(min_value=0.0, max_value=1e6)
AREAS = st.floats(min_value=0.01, max_value=1e5)


@st.composite
def units(draw: st.DrawFn) -> tuple[Span, Span]:
    value = draw(VALUES)
    least, most = sorted((draw(AREAS), draw(AREAS)))
    return Span(least=value, most=value), Span(least=least, most=most)


GROUPS = st.lists(units(), min_size=1, max_size=6)


def test_two_zones_by_hand() -> None:
    # 100 over 10 to 20 km2 and 50 over 5 km2: 150/25 = 6 at least, 150/15 = 10 at most.
    values = [Span(least=100.0, most=100.0), Span(least=50.0, most=50.0)]
    lands = [Span(least=10.0, most=20.0), Span(least=5.0, most=5.0)]
    assert pooled_density(values, lands) == Span(least=6.0, most=10.0)


def test_what_is_more_than_a_figure_has_no_upper_end() -> None:
    found = pooled_density([span_of(800.0, ">")], [Span(least=40.0, most=40.0)])
    assert found == Span(least=20.0, most=inf)
    assert span_of(800.0, "<") == Span(least=0.0, most=800.0)
    assert span_of(800.0, "~") == Span(least=800.0, most=800.0)


@given(GROUPS)
def test_any_land_within_the_bounds_gives_a_density_within_them(group: list) -> None:
    values, lands = zip(*group, strict=True)
    found = pooled_density(values, lands)
    for share in (0.0, 0.3, 1.0):
        area = sum(one.least + share * (one.most - one.least) for one in lands)
        dense = sum(one.least for one in values) / area
        assert found.least * (1 - 1e-9) <= dense <= found.most * (1 + 1e-9)


@given(GROUPS, st.floats(min_value=0.001, max_value=1000.0))
def test_it_scales_with_values_and_against_areas(group: list, times: float) -> None:
    values, lands = zip(*group, strict=True)
    found = pooled_density(values, lands)
    more = [Span(least=one.least * times, most=one.most * times) for one in values]
    larger = [Span(least=one.least * times, most=one.most * times) for one in lands]
    assert pooled_density(more, lands).most == pytest.approx(found.most * times)
    assert pooled_density(values, larger).least == pytest.approx(found.least / times)
    # Units of measure that change together change nothing.
    assert pooled_density(more, larger).least == pytest.approx(found.least)


@given(GROUPS)
def test_a_group_lies_between_its_members(group: list) -> None:
    values, lands = zip(*group, strict=True)
    found = pooled_density(values, lands)
    alone = [pooled_density([one], [land]) for one, land in group]
    assert min(one.least for one in alone) <= found.least * (1 + 1e-9) + 1e-12
    assert found.most <= max(one.most for one in alone) * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize(
    ("values", "lands"),
    [
        ([], []),
        ([Span(least=-1.0, most=1.0)], [Span(least=1.0, most=1.0)]),
        ([Span(least=1.0, most=1.0)], [Span(least=0.0, most=1.0)]),
        ([Span(least=1.0, most=1.0)], [Span(least=1.0, most=inf)]),
        ([Span(least=1.0, most=1.0)], []),
    ],
)
def test_what_bounds_nothing_is_refused(values: list, lands: list) -> None:
    with pytest.raises(BoundsError):
        pooled_density(values, lands)
