"""Natural breaks: classes of values that differ as little as possible within each."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def natural_breaks(values: npt.ArrayLike, classes: int) -> list[float]:
    """Return the largest value of each class, in ascending order.

    The sum over all values of the squared difference from the mean of their class is the
    least that any division into so many classes has. Equal values are never parted. Of
    several best divisions, the one whose upper classes begin lowest is taken.

    Parameters
    ----------
    values : array of float
        Finite, in any unit and order.
    classes : int
        At least 1, and at most the number of different values.

    Raises
    ------
    ValueError
        There are fewer different values than classes, or one is not finite.

    References
    ----------
    Fisher, W. D. (1958), On grouping for maximum homogeneity, Journal of the American
    Statistical Association 53, 789-798: exact, by dynamic programming in
    classes x (different values)^2 steps.

    Examples
    --------
    >>> natural_breaks([1, 2, 10, 11, 12, 50], 3)
    [2.0, 12.0, 50.0]
    """
    distinct, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    if not 1 <= classes <= len(distinct) or not np.isfinite(distinct).all():
        raise ValueError(classes)
    starts = _class_starts(distinct, counts, classes)
    return [float(distinct[last - 1]) for _, last in pairwise([*starts, len(distinct)])]


def _class_starts(distinct: Floats, counts: npt.NDArray[np.intp], classes: int) -> list[int]:
    """Return the position of the first value of each class."""
    # From the middle, so that squares of large values leave digits for their differences.
    away = distinct - np.average(distinct, weights=counts)
    number, total, square = (
        np.concatenate([[0.0], np.cumsum(one)]) for one in (counts, counts * away, counts * away**2)
    )

    def spreads(stop: int) -> Floats:
        """Return the squared differences from their mean of ``start:stop``, for every start."""
        size, sum_, squares = (one[stop] - one[:stop] for one in (number, total, square))
        return np.asarray(np.maximum(squares - sum_**2 / size, 0.0))

    count = len(distinct)
    costs = np.array([0.0, *(spreads(stop)[0] for stop in range(1, count + 1))])
    chosen = np.zeros((classes, count + 1), dtype=np.intp)
    for level in range(1, classes):
        after = np.full(count + 1, np.inf)
        for stop in range(level + 1, count + 1):
            tried = costs[level:stop] + spreads(stop)[level:]
            best = int(np.argmin(tried))
            chosen[level, stop], after[stop] = level + best, tried[best]
        costs = after
    starts, stop = [], count
    for level in range(classes - 1, -1, -1):
        stop = int(chosen[level, stop])
        starts.append(stop)
    return starts[::-1]
