"""Random errors of heights. Oracle: the covariance that is asked for, and the normal law."""

import numpy as np
import pytest

from geo.raster.height_errors import error_fields


def test_fields_have_their_deviation_and_are_alike_as_they_should() -> None:
    """By statistics over many fields: covariance s2 exp(-d / L) along rows, columns, diagonals."""
    rng = np.random.default_rng(5)
    fields = error_fields((24, 30), (30.0, 20.0), 2.5, 120.0, rng)
    made = np.stack([next(fields) for _ in range(1500)])
    assert made.mean() == pytest.approx(0.0, abs=0.1)
    assert made.std() == pytest.approx(2.5, rel=0.03)
    for rows, columns in ((0, 1), (0, 6), (3, 0), (4, 4)):
        pairs = made[:, : 24 - rows, : 30 - columns] * made[:, rows:, columns:]
        distance_m = np.hypot(30.0 * rows, 20.0 * columns)
        expected = 2.5**2 * np.exp(-distance_m / 120.0)
        assert pairs.mean() == pytest.approx(expected, abs=0.3)


def test_the_two_fields_of_one_draw_are_independent() -> None:
    rng = np.random.default_rng(6)
    fields = error_fields((8, 8), (10.0, 10.0), 1.0, 20.0, rng)
    pairs = [(next(fields)[4, 4], next(fields)[4, 4]) for _ in range(3000)]
    assert abs(np.corrcoef(np.array(pairs).T)[0, 1]) < 0.06


def test_the_same_seed_gives_the_same_field() -> None:
    one, other = (
        next(error_fields((5, 7), (30.0, 30.0), 1.0, 90.0, np.random.default_rng(9)))
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, other)


def test_errors_alike_over_far_more_than_the_grid_move_it_as_one() -> None:
    """A property of the covariance: differences within the grid are small beside the whole."""
    fields = error_fields((20, 20), (10.0, 10.0), 2.0, 1e6, np.random.default_rng(1))
    made = np.stack([next(fields) for _ in range(400)])
    assert made.mean(axis=(1, 2)).std() == pytest.approx(2.0, rel=0.12)
    assert made.std(axis=(1, 2)).max() < 0.2
