"""Attacks on published lines. Oracles: what a grid of a known cell leaves, and by hand."""

import numpy as np
import pytest
import shapely

from geo.publish.generalise import generalise
from geo.publish.reconstruction import Reconstruction, measure_reconstruction

NONE = np.array([], dtype=object)
NORTH_5_M = np.array([0.0, 5.0 / 110_800.0])
DISPLACEMENT_M = 200.0
# A uniform error in a square cell of a quarter of the displacement: half of it lies within
# cell * sqrt(0.5 / pi).
GRID_MEDIAN_M = 0.25 * DISPLACEMENT_M * np.sqrt(0.5 / np.pi)


@pytest.fixture(scope="module")
def stars() -> np.ndarray:
    """Areas whose corners lie kilometres apart, so that simplification keeps every one."""
    random = np.random.default_rng(17)
    turns = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    shapes = []
    for at in range(40):
        reach = np.where(np.arange(12) % 2, 0.02, 0.05) * random.uniform(0.9, 1.1, 12)
        centre = np.array([100.0 + 0.2 * (at % 8), 24.0 + 0.2 * (at // 8)])
        shapes.append(
            shapely.Polygon(centre + np.c_[np.cos(turns), np.sin(turns)] * reach[:, None])
        )
    return np.array(shapes, dtype=object)


def attacked(stars: np.ndarray, *displacements_m: float) -> Reconstruction:
    releases = [generalise(stars, metres).geometries for metres in displacements_m]
    return measure_reconstruction(stars, releases, NONE, displacements_m[0])


def corner_m(found: Reconstruction, name: str) -> float:
    return next(one.corner_m for one in found.attacks if one.name == name)


def test_a_published_survey_is_found_to_the_last_corner(stars: np.ndarray) -> None:
    found = measure_reconstruction(stars, [stars], NONE, DISPLACEMENT_M)
    plain = next(one for one in found.attacks if one.name == "as_published")
    assert (plain.corner_m, plain.found_share) == (0.0, 1.0)
    assert plain.line_m < 1e-6


def test_one_set_of_lines_gives_corners_as_the_grid_leaves_them(stars: np.ndarray) -> None:
    found = attacked(stars, DISPLACEMENT_M)
    for name in ("as_published", "averaged", "from_tiles", "on_known_lines"):
        assert corner_m(found, name) == pytest.approx(GRID_MEDIAN_M, rel=0.12)
    assert corner_m(found, "smoothed") > GRID_MEDIAN_M


def test_the_same_lines_again_give_nothing_and_others_do(stars: np.ndarray) -> None:
    one = corner_m(attacked(stars, 200.0), "averaged")
    assert corner_m(attacked(stars, 200.0, 200.0), "averaged") == pytest.approx(one, rel=1e-9)
    found = [corner_m(attacked(stars, *sets), "averaged") for sets in _SETS]
    assert one > found[0] > found[1]
    # The mean of n independent errors of like size shrinks with the root of n.
    assert found[1] == pytest.approx(one / 2.0, rel=0.25)


_SETS = ((200.0, 210.0), (200.0, 210.0, 223.0, 237.0))


def test_what_a_public_line_shows_is_no_secret(stars: np.ndarray) -> None:
    whole = measure_reconstruction(stars, [stars], shapely.boundary(stars), DISPLACEMENT_M)
    assert (whole.public_share, whole.attacks) == (1.0, ())
    half = measure_reconstruction(stars, [stars], shapely.boundary(stars[:20]), DISPLACEMENT_M)
    assert half.public_share == pytest.approx(0.5)


def test_a_guess_is_drawn_to_a_known_line(stars: np.ndarray) -> None:
    """A public line that passes a hidden corner by 5 m leads to it, within reach of the guess."""
    beside = shapely.transform(shapely.boundary(stars), lambda xy: xy + NORTH_5_M)
    releases = [generalise(stars, DISPLACEMENT_M).geometries]
    found = measure_reconstruction(stars, releases, np.asarray(beside), DISPLACEMENT_M)
    line_m = {one.name: one.line_m for one in found.attacks}
    assert line_m["on_known_lines"] < line_m["as_published"]
