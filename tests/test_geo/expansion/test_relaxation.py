"""The smallest sets of constraints to give up: against every set, and by hand on the ground."""

from itertools import chain, combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.expansion.free_ground import Constraint
from geo.expansion.relaxation import Ground, find_smallest_relaxations

NAMES = "abcdef"


def subsets(names: str) -> list[frozenset[str]]:
    sizes = range(1, len(names) + 1)
    return [frozenset(one) for one in chain.from_iterable(combinations(names, n) for n in sizes)]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(subsets(NAMES)), max_size=5), st.integers(1, 6))
def test_sets_are_minimal_and_none_is_missed(enough, most) -> None:
    def fits(given_up: frozenset[str]) -> bool:
        return any(one <= given_up for one in enough)

    found = find_smallest_relaxations(NAMES, fits, most)
    # Second method: every set, kept if it fits and none of its own subsets does.
    expected = {
        one
        for one in subsets(NAMES)
        if len(one) <= most
        and fits(one)
        and not any(fits(smaller) for smaller in subsets("".join(sorted(one))) if smaller < one)
    }
    assert set(found) == expected
    assert len(found) == len(expected)
    assert [len(one) for one in found] == sorted(len(one) for one in found)


def boxes(*some: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*one) for one in some], dtype=object)


def test_ground_is_had_back_where_no_other_constraint_lies() -> None:
    ground = Ground(
        shapely.box(0, 0, 100, 100),
        [
            Constraint(reason="red", shapes=boxes((0, 0, 60, 100))),
            Constraint(reason="slope", shapes=boxes((0, 0, 100, 50)), inside=True),
            Constraint(reason="far", shapes=boxes((500, 0, 600, 100))),
        ],
    )
    assert ground.active == ["red", "slope"]
    areas = {
        "": 40 * 50,
        "red": 100 * 50,
        "slope": 40 * 100,
        "red slope": 100 * 100,
    }
    for names, area in areas.items():
        assert ground.without(frozenset(names.split())).area == pytest.approx(area)
        assert ground.size_m2(frozenset(names.split())) == pytest.approx(area)


CORNERS = st.tuples(*[st.floats(0, 100)] * 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CORNERS, st.booleans()), min_size=1, max_size=5), st.data())
def test_what_leaves_the_same_atoms_leaves_the_same_ground(drawn, data) -> None:
    constraints = [
        Constraint(
            reason=str(at),
            shapes=boxes((min(x, z), min(y, w), max(x, z) + 1.0, max(y, w) + 1.0)),
            inside=inside,
        )
        for at, ((x, y, z, w), inside) in enumerate(drawn)
    ]
    ground = Ground(shapely.box(0, 0, 100, 100), constraints)
    sets = st.frozensets(st.sampled_from([one.reason for one in constraints]))
    one, other = data.draw(sets), data.draw(sets)
    assert ground.size_m2(one) == pytest.approx(ground.without(one).area, abs=1.0)
    if ground.atoms(one) == ground.atoms(other):
        apart = ground.without(one).symmetric_difference(ground.without(other))
        assert apart.area < 1.0


WHOLE_CORNERS = st.tuples(*[st.integers(0, 100)] * 4)


def boxes_of(drawn) -> list[Constraint]:
    return [
        Constraint(
            reason=NAMES[at],
            shapes=boxes((min(x, z), min(y, w), max(x, z) + 1.0, max(y, w) + 1.0)),
            inside=inside,
        )
        for at, ((x, y, z, w), inside) in enumerate(drawn)
    ]


def fits_by_hand(area: shapely.Geometry, kept: list[Constraint], least_m2: float) -> bool:
    """Whether a part of what plain differences of boxes leave is large enough."""
    for one in kept:
        shape = one.shapes[0]
        area = area & shape if one.inside else area - shape
    return any(part.area >= least_m2 for part in shapely.get_parts(area))


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(WHOLE_CORNERS, st.booleans()), min_size=1, max_size=5),
    st.integers(5, 99),
)
def test_on_ground_the_sets_are_those_of_trying_every_one(drawn, hundreds) -> None:
    """Second method: every subset of the constraints, by plain differences, without atoms."""
    area, constraints = shapely.box(0, 0, 100, 100), boxes_of(drawn)
    # No sum of squares of metres: no ground is just as large as it must be.
    ground, least_m2 = Ground(area, constraints), 100.0 * hundreds + 0.5

    def fits(given_up: frozenset[str]) -> bool:
        return any(part.area >= least_m2 for part in shapely.get_parts(ground.without(given_up)))

    found = find_smallest_relaxations(ground.active, fits, len(constraints))
    enough = [
        one
        for one in subsets("".join(constraint.reason for constraint in constraints))
        if fits_by_hand(area, [c for c in constraints if c.reason not in one], least_m2)
    ]
    smallest = {one for one in enough if not any(other < one for other in enough)}
    if fits_by_hand(area, constraints, least_m2):
        # A site is there: nothing need be given up, and every single constraint is enough.
        assert {frozenset(name) for name in ground.active} == set(found)
        return
    assert set(found) == smallest
