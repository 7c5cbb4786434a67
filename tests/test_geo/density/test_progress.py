"""Progress of a quarter and resource use. Oracles: by hand, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density.errors import NoProductError, NoTargetError
from geo.density.progress import (
    Span,
    Step,
    change_pct,
    judge_progress,
    progress_pct,
    spans_until,
    value_until,
)
from geo.density.resource_use import (
    carbon_wan_t,
    energy_per_product,
    land_per_product,
    water_per_product,
)

STEPS = [
    Step(id="reached", least=1.0, of_target=True),
    Step(id="on_time", least=1.0),
    Step(id="late", least=0.9),
    Step(id="far", least=0.0),
]
POSITIVE = st.floats(min_value=1e-3, max_value=1e6)


def spans(*pairs: tuple[int, int]) -> list[Span]:
    return [Span(first=first, last=last) for first, last in pairs]


@pytest.mark.parametrize(
    ("known", "last", "used"),
    [
        ([(1, 3), (4, 6), (7, 9)], 9, [(1, 3), (4, 6), (7, 9)]),
        ([(1, 3), (4, 6), (7, 9), (1, 9)], 9, [(1, 9)]),
        ([(1, 6), (7, 9), (4, 6)], 9, [(1, 6), (7, 9)]),
        ([(1, 3), (7, 9)], 9, []),
        # January to September says nothing of January to June.
        ([(1, 9)], 6, []),
        # Overlapping spans are never added.
        ([(1, 5), (4, 9)], 9, []),
    ],
)
def test_spans_are_chained_without_gap_or_overlap(known: list, last: int, used: list) -> None:
    assert list(spans_until(spans(*known), last)) == spans(*used)


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=12, max_size=12))
def test_months_add_up_to_the_year(months: list[float]) -> None:
    values = {Span(first=at, last=at): one for at, one in enumerate(months, start=1)}
    found = value_until(values, 12)
    assert found is not None
    assert found[0] == pytest.approx(sum(months))
    half = value_until(values, 6)
    assert half is not None
    assert half[0] <= found[0] * (1 + 1e-12)


@pytest.mark.parametrize(
    ("pct", "last", "judged"),
    [
        (100.0, 3, "reached"), (99.99, 12, "late"), (25.0, 3, "on_time"), (75.0, 9, "on_time"),
        (74.9, 9, "late"), (67.5, 9, "late"), (67.49, 9, "far"), (0.0, 9, "far"), (-5.0, 9, "far"),
    ],
)  # fmt: skip
def test_judgements_by_hand(pct: float, last: int, judged: str) -> None:
    assert judge_progress(pct, last, STEPS) == judged


@given(POSITIVE, POSITIVE, st.floats(min_value=0.01, max_value=100.0))
def test_progress_has_no_unit(value: float, target: float, times: float) -> None:
    assert progress_pct(value * times, target * times) == pytest.approx(progress_pct(value, target))


@given(st.floats(min_value=0, max_value=200), st.floats(min_value=0, max_value=100))
def test_more_is_never_judged_worse(pct: float, more: float) -> None:
    order = [step.id for step in STEPS]
    for last in (3, 6, 9, 12):
        before, after = (judge_progress(one, last, STEPS) for one in (pct, pct + more))
        assert order.index(after) <= order.index(before)


def test_a_target_of_nothing_is_refused() -> None:
    with pytest.raises(NoTargetError):
        progress_pct(1.0, 0.0)
    assert change_pct(76.0, 70.0) == pytest.approx(8.571428)
    assert change_pct(76.0, -1.0) is None


@given(POSITIVE, POSITIVE, POSITIVE)
def test_use_per_product_adds_up_and_scales(one: float, other: float, product: float) -> None:
    for per in (energy_per_product, water_per_product, land_per_product):
        both = per(one, product) + per(other, product)
        assert per(one + other, product) == pytest.approx(both)
        assert per(one, product * 2) == pytest.approx(per(one, product) / 2)
    assert carbon_wan_t(one + other, 2.66) == pytest.approx(
        carbon_wan_t(one, 2.66) + carbon_wan_t(other, 2.66)
    )


def test_nothing_is_divided_by_no_product_nor_multiplied_by_no_factor() -> None:
    for per in (energy_per_product, water_per_product, land_per_product):
        with pytest.raises(NoProductError):
            per(1.0, 0.0)
    with pytest.raises(NoProductError):
        carbon_wan_t(1.0, 0.0)
