"""Routes under a budget. Oracle: all choices enumerated; bounds proved by the answer itself."""

import itertools
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density.errors import RouteOptionError
from geo.density.routes import GAP, RouteOption, choose_routes

AMOUNTS = st.floats(min_value=0.0, max_value=1000.0)
OPTIONS = st.lists(
    st.builds(
        RouteOption,
        parcel=st.sampled_from("abcdef"),
        route=st.sampled_from(["reserve", "mixed"]),
        cost=AMOUNTS,
        gain=AMOUNTS,
    ),
    max_size=10,
)


def best_of(options: list[RouteOption], budget: float) -> float:
    """Return the exact optimum: every choice of at most one option a parcel is tried."""
    by_parcel: dict[str, list[RouteOption | None]] = {}
    for one in options:
        by_parcel.setdefault(one.parcel, [None]).append(one)
    return max(
        (
            sum(one.gain for one in chosen if one)
            for chosen in itertools.product(*by_parcel.values())
            if sum(one.cost for one in chosen if one) <= budget
        ),
        default=0.0,
    )


def seeded(count: int, seed: int) -> list[RouteOption]:
    said, found = random.Random(seed), []  # noqa: S311 - a seeded case
    for parcel in range(count):
        mu = said.uniform(3.0, 200.0)
        for route, dear, share in (
            ("reserve", 45.0, 1.0),
            ("exchange", 30.0, 0.6),
            ("mixed", 8.0, 0.3),
        ):
            if said.random() < 0.8:
                cost = mu * dear * said.uniform(0.5, 1.5)
                found.append(
                    RouteOption(parcel=str(parcel), route=route, cost=cost, gain=mu * share)
                )
    return found


@pytest.mark.parametrize("seed", range(25))
def test_within_one_percent_of_the_exact_optimum(seed: int) -> None:
    options = seeded(7, seed)
    whole = sum(one.cost for one in options)
    for share in (0.03, 0.1, 0.3, 0.6):
        found, best = choose_routes(options, whole * share), best_of(options, whole * share)
        assert found.gain >= 0.99 * best
        assert found.most >= best * (1 - 1e-9)
        assert found.cost <= whole * share * (1 + 1e-9)


@settings(deadline=None)
@given(OPTIONS, AMOUNTS)
def test_any_options_are_chosen_well_and_bounded(options: list, budget: float) -> None:
    found, best = choose_routes(options, budget), best_of(options, budget)
    assert 0.99 * best - 1e-6 <= found.gain <= best * (1 + 1e-9) + 1e-6
    assert found.most >= best * (1 - 1e-6) - 1e-6
    chosen = [options[at] for at in found.chosen]
    assert len({one.parcel for one in chosen}) == len(chosen)
    assert found.gain == pytest.approx(sum(one.gain for one in chosen))
    assert found.cost == pytest.approx(sum(one.cost for one in chosen))


def test_units_do_not_matter_and_more_money_never_frees_less() -> None:
    options = seeded(9, 3)
    dear = [
        RouteOption(parcel=one.parcel, route=one.route, cost=one.cost * 1e4, gain=one.gain)
        for one in options
    ]
    for budget in (100.0, 1000.0, 5000.0):
        assert choose_routes(options, budget).gain == pytest.approx(
            choose_routes(dear, budget * 1e4).gain, rel=GAP
        )
    gains = [choose_routes(options, budget).most for budget in (0.0, 500.0, 5000.0, 1e9)]
    assert gains == sorted(gains)
    # Everybody's best option, where money is no matter.
    by_parcel: dict[str, float] = {}
    for one in options:
        by_parcel[one.parcel] = max(by_parcel.get(one.parcel, 0.0), one.gain)
    assert gains[-1] == pytest.approx(sum(by_parcel.values()))


def test_ten_thousand_parcels_take_seconds() -> None:
    options = seeded(10_000, 1)
    began = time.process_time()
    found = choose_routes(options, sum(one.cost for one in options) * 0.15)
    assert time.process_time() - began < 10.0
    assert found.gain >= (1 - GAP) * found.most


@pytest.mark.parametrize(("cost", "gain", "budget"), [(-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, -1.0), (float("nan"), 1.0, 1.0)])  # fmt: skip
def test_what_is_no_amount_is_refused(cost: float, gain: float, budget: float) -> None:
    with pytest.raises(RouteOptionError):
        choose_routes([RouteOption(parcel="a", route="x", cost=cost, gain=gain)], budget)


def test_amounts_of_very_unlike_size_are_kept_apart() -> None:
    # A solver takes 1 + 2.6e-7 for 1 and drops the parcel that frees most of all.
    made = [
        ("a", 1.0, 1.0),
        ("a", 2.6e-7, 1.0),
        ("b", 1.5e-7, 1.0),
        ("c", 1.0, 65.0),
        ("c", 0.0, 1.0),
    ]
    options = [
        RouteOption(parcel=parcel, route=str(at), cost=cost, gain=gain)
        for at, (parcel, cost, gain) in enumerate(made)
    ]
    for budget in (0.0, 1e-7, 1.0, 2.0, 1e12, 1e300):
        found = choose_routes(options, budget)
        assert found.gain == best_of(options, budget)
        assert found.cost <= budget


def test_sizes_across_ten_orders_reach_the_enumerated_best() -> None:
    made = random.Random(16)  # noqa: S311 - seeded cases
    for _ in range(60):
        options = [
            RouteOption(
                parcel=str(at // 3),
                route=str(at % 3),
                cost=made.choice([0.0, 1.0, 10.0, 10 ** made.uniform(-7, 6)]),
                gain=made.choice([0.0, 1.0, 10 ** made.uniform(-2, 2)]),
            )
            for at in range(12)
        ]
        for budget in (0.0, 1.0, 11.0, 10 ** made.uniform(-3, 6)):
            found = choose_routes(options, budget)
            assert found.gain >= (1.0 - GAP) * best_of(options, budget)
            assert found.most >= found.gain
