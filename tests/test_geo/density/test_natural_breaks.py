"""Natural breaks. Oracles: every division of a small input, by hand, properties."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density.natural_breaks import natural_breaks

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


def spread(values: list[float], breaks: list[float]) -> float:
    """Squared differences from the mean of the class, class by class."""
    classes = [
        [value for value in values if low < value <= high]
        for low, high in pairwise([-np.inf, *breaks])
    ]
    assert all(classes)
    return sum(float(((np.array(one) - np.mean(one)) ** 2).sum()) for one in classes)


@pytest.mark.parametrize(
    ("values", "classes", "breaks"),
    [
        ([1, 2, 10, 11, 12, 50], 3, [2, 12, 50]),
        ([50, 12, 1, 11, 2, 10], 3, [2, 12, 50]),
        ([4, 5, 9, 10], 2, [5, 10]),
        ([7, 7, 7], 1, [7]),
        # Three equal ones weigh as three: beside them the 5 goes to the 6.
        ([0, 0, 0, 5, 6, 9], 2, [0, 9]),
        ([1, 2, 3], 3, [1, 2, 3]),
        # Both 1 | 2 3 and 1 2 | 3 leave as little: the upper class begins lowest.
        ([1, 2, 3], 2, [1, 3]),
        ([1e9, 1e9 + 1, 1e9 + 5, 1e9 + 6], 2, [1e9 + 1, 1e9 + 6]),
    ],
)
def test_by_hand(values: list[float], classes: int, breaks: list[float]) -> None:
    assert natural_breaks(values, classes) == breaks


@settings(max_examples=300, deadline=None)
@given(st.data(), st.lists(NUMBERS, min_size=1, max_size=11))
def test_no_other_division_leaves_less(data: st.DataObject, values: list[float]) -> None:
    # Exhaustive: all ways to put the breaks between different values.
    distinct = sorted(set(values))
    classes = data.draw(st.integers(1, min(len(distinct), 6)))
    found = natural_breaks(values, classes)
    least = min(
        spread(values, [*ends, distinct[-1]]) for ends in combinations(distinct[:-1], classes - 1)
    )
    room = 1e-9 * float(((np.array(values) - np.mean(values)) ** 2).sum())
    assert spread(values, found) <= least + room


@given(st.lists(NUMBERS, min_size=5, max_size=40, unique=True), st.randoms())
def test_order_does_not_count_and_the_last_break_is_the_largest(values, random) -> None:
    found = natural_breaks(values, 5)
    random.shuffle(values)
    assert natural_breaks(values, 5) == found
    assert found[-1] == max(values)
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("values", "classes"), [([1, 1, 1], 2), ([], 1), ([1, 2], 0), ([1, np.nan, 2], 2)]
)
def test_what_has_no_division_is_refused(values: list[float], classes: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a call that cannot go on
        natural_breaks(values, classes)
