"""Which route each low-yield parcel takes, so that most is freed for a budget.

A choice of at most one option a parcel under one budget is a multiple-choice knapsack. Steps from
option to better option are taken by what they free for what they cost; what a fraction of the
first step that is too dear would free bounds every choice (Sinha and Zoltners, Operations Research
1979, 27(3), 503-515). Where that is not close enough, the best of few parcels is found among all
that no other choice beats, and of many by branch and bound (HiGHS), which proves how far from the
best its answer can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from geo.density.errors import RouteOptionError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.intp]
_FEW_PARCELS: Final = 60
_MANY_STATES: Final = 20_000
GAP: Final = 0.005
"""An answer is at most this share below the best one: half of what is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteOption:
    """A route that a parcel may take: what it costs and what it frees.

    ``cost`` and ``gain`` are in the caller's own units, both at least 0; a parcel that takes
    none of its options is kept as it is, costs nothing and frees nothing.
    """

    parcel: str
    route: str
    cost: float
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChoice:
    """What is chosen: places of options, what they cost and free together.

    ``most`` bounds what any choice could free within the budget.
    """

    chosen: tuple[int, ...]
    cost: float
    gain: float
    most: float


def choose_routes(options: Sequence[RouteOption], budget: float) -> RouteChoice:
    """Return the options that free most within a budget, at most one for each parcel.

    Parameters
    ----------
    options : sequence of RouteOption
        Of all parcels, in any order.
    budget : float
        In the unit of the costs, at least 0.

    Returns
    -------
    RouteChoice
        Within :data:`GAP` of the best choice, which ``most`` proves.

    Raises
    ------
    RouteOptionError
        A cost, a gain or the budget is negative or no number.

    Examples
    --------
    Ten mu for 50, or eight mu and seven mu for 30 each: the two are better for 60.

    >>> options = [
    ...     RouteOption(parcel="a", route="reserve", cost=50.0, gain=10.0),
    ...     RouteOption(parcel="b", route="reserve", cost=30.0, gain=8.0),
    ...     RouteOption(parcel="c", route="reserve", cost=30.0, gain=7.0),
    ... ]
    >>> choose_routes(options, 60.0).chosen
    (1, 2)
    """
    costs = np.array([one.cost for one in options], dtype=np.float64)
    gains = np.array([one.gain for one in options], dtype=np.float64)
    _require_amounts(costs, gains, budget)
    useful = np.flatnonzero((gains > 0.0) & (costs <= budget))
    if not len(useful):
        return RouteChoice(chosen=(), cost=0.0, gain=0.0, most=0.0)
    found = _by_steps(options, useful, budget)
    if found.gain < (1.0 - GAP) * found.most:
        parcels = len({options[int(at)].parcel for at in useful})
        solve = _by_frontier if parcels <= _FEW_PARCELS else _by_branches
        solved = solve(options, useful, budget)
        found = solved if solved.gain >= found.gain else replace(found, most=solved.most)
    return found


def _by_steps(options: Sequence[RouteOption], useful: Ints, budget: float) -> RouteChoice:
    """Return a choice by steps in the order of what they free for their cost, and its bound."""
    own: dict[str, list[int]] = {}
    for at in useful:
        own.setdefault(options[at].parcel, []).append(int(at))
    steps = [step for places in own.values() for step in _steps_of(options, places)]
    steps.sort(key=lambda step: (-step[1] / step[0] if step[0] > 0.0 else -np.inf, step[3]))
    chosen: dict[str, int] = {}
    stopped, spent, most, bound = set[str](), 0.0, 0.0, None
    for cost, gain, place, _ in steps:
        parcel = options[place].parcel
        left = budget - spent
        if cost > left and bound is None:
            bound = most + gain * left / cost
        if parcel in stopped or cost > left:
            # A later step of a parcel is one from the option before it.
            stopped.add(parcel)
            continue
        chosen[parcel] = place
        spent, most = spent + cost, most + gain
    return _choice(options, sorted(chosen.values()), most if bound is None else bound)


def _steps_of(
    options: Sequence[RouteOption], places: Sequence[int]
) -> Iterator[tuple[float, float, int, int]]:
    """Yield cost and gain of each step of a parcel along its hull, the place of the option, order.

    Options that cost more and free less than a mix of two others are on no step.
    """
    hull: list[tuple[float, float, int]] = [(0.0, 0.0, -1)]
    for at in sorted(places, key=lambda one: (options[one].cost, -options[one].gain)):
        cost, gain = options[at].cost, options[at].gain
        if gain <= hull[-1][1]:
            continue
        while len(hull) > 1 and _is_under(hull[-2], hull[-1], (cost, gain)):
            hull.pop()
        if len(hull) == 1 and cost == 0.0:
            hull = [(0.0, 0.0, -1)]
        hull.append((cost, gain, at))
    for order, (before, after) in enumerate(pairwise(hull)):
        yield after[0] - before[0], after[1] - before[1], after[2], order


def _is_under(
    first: tuple[float, float, int], middle: tuple[float, float, int], last: tuple[float, float]
) -> bool:
    """Tell whether an option lies on or under the line between its neighbours."""
    rise = (middle[1] - first[1]) * (last[0] - middle[0])
    return rise <= (last[1] - middle[1]) * (middle[0] - first[0])


def _by_frontier(options: Sequence[RouteOption], useful: Ints, budget: float) -> RouteChoice:
    """Return a choice from all that no other beats in cost and gain, one parcel after the other.

    Exact while they are few. Where they are many, those whose gains differ by less than a step
    are one: each parcel may lose one step, and all steps together are :data:`GAP` of the gain.
    Amounts of very unlike size are kept apart, which the tolerances of a solver do not.
    """
    own: dict[str, list[int]] = {}
    for at in useful:
        own.setdefault(options[at].parcel, []).append(int(at))
    surely = max(_by_steps(options, useful, budget).gain, *(options[int(at)].gain for at in useful))
    step = GAP * surely / len(own)
    cost, gain = np.zeros(1), np.zeros(1)
    taken: list[tuple[Ints, Ints]] = []
    joined = 0
    for places in own.values():
        size = len(cost)
        costs = np.concatenate([cost, *(cost + options[at].cost for at in places)])
        gains = np.concatenate([gain, *(gain + options[at].gain for at in places)])
        kept = _unbeaten(costs, gains, budget)
        if len(kept) > _MANY_STATES:
            bins = np.floor(gains[kept] / step)
            kept = kept[np.concatenate([[True], np.diff(bins) > 0.0])]
            joined += 1
        taken.append((kept % size, np.repeat((-1, *places), size)[kept]))
        cost, gain = costs[kept], gains[kept]
    at, chosen = len(gain) - 1, list[int]()
    for before, options_taken in reversed(taken):
        if options_taken[at] >= 0:
            chosen.append(int(options_taken[at]))
        at = int(before[at])
    found = _choice(options, sorted(chosen), float(gain[-1]) + joined * step)
    # Added up in another order it may pass the budget by its last digit.
    return replace(found, cost=min(found.cost, budget))


def _unbeaten(costs: Floats, gains: Floats, budget: float) -> Ints:
    """Return the places that fit the budget and free more than all that cost no more."""
    fitting = np.flatnonzero(costs <= budget)
    order = fitting[np.lexsort((-gains[fitting], costs[fitting]))]
    best = np.maximum.accumulate(gains[order])
    kept: Ints = order[np.concatenate([[True], best[1:] > best[:-1]])]
    return kept


def _by_branches(options: Sequence[RouteOption], useful: Ints, budget: float) -> RouteChoice:
    """Return a choice by branch and bound, and the bound that it proves."""
    costs = np.array([options[at].cost for at in useful])
    gains = np.array([options[at].gain for at in useful])
    names = {name: at for at, name in enumerate(dict.fromkeys(options[at].parcel for at in useful))}
    parcels = np.array([names[options[at].parcel] for at in useful])
    once = csr_matrix(
        (np.ones(len(useful)), (parcels, np.arange(len(useful)))), shape=(len(names), len(useful))
    )
    # Amounts are brought to like size, so that the solver's tolerances mean the same for all.
    cost_unit, gain_unit = float(costs.max()) or 1.0, float(gains.max())
    found = milp(
        -gains / gain_unit,
        integrality=np.ones(len(useful)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(once, -np.inf, 1.0),
            LinearConstraint((costs / cost_unit)[np.newaxis, :], -np.inf, budget / cost_unit),
        ],
        options={"mip_rel_gap": GAP},
    )
    if found.x is None:
        return RouteChoice(chosen=(), cost=0.0, gain=0.0, most=float(gains.sum()))
    taken = _within(np.flatnonzero(found.x > 0.5), costs, gains, budget)
    most = -float(found.mip_dual_bound) * gain_unit
    return _choice(options, sorted(int(useful[at]) for at in taken), most)


def _choice(options: Sequence[RouteOption], places: Sequence[int], most: float) -> RouteChoice:
    gain = fsum(options[at].gain for at in places)
    cost = fsum(options[at].cost for at in places)
    return RouteChoice(chosen=tuple(places), cost=cost, gain=gain, most=max(most, gain))


def _require_amounts(costs: Floats, gains: Floats, budget: float) -> None:
    amounts = np.concatenate([costs, gains, [budget]])
    if not np.isfinite(amounts).all() or (amounts < 0.0).any():
        raise RouteOptionError(budget=budget)


def _within(taken: Ints, costs: Floats, gains: Floats, budget: float) -> Ints:
    """Return a choice that keeps the budget to the last digit: a solver may pass it by a hair."""
    order = taken[np.argsort(gains[taken] / np.maximum(costs[taken], 1e-300))]
    while len(order) and float(costs[order].sum()) > budget * (1.0 + 1e-9):
        order = order[1:]
    return order
