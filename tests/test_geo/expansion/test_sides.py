"""What bounds a site. Oracles: squares by hand, geodesic lengths by GeographicLib."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.expansion.sides import SIDES, nearest_on_side, runs_through

SITE = shapely.box(102.80, 25.00, 102.81, 25.01)
GEOD = Geod(ellps="GRS80")


def shapes(*given: shapely.Geometry) -> np.ndarray:
    return np.array(given, dtype=object)


@pytest.mark.parametrize(
    ("side", "shape", "far"),
    [
        ("east", shapely.box(102.82, 25.0, 102.83, 25.01), [(102.81, 25.005), (102.82, 25.005)]),
        ("west", shapely.LineString([(102.79, 24.9), (102.79, 25.1)]), [(102.79, 25.005), (102.8, 25.005)]),
        ("north", shapely.Point(102.805, 25.02), [(102.805, 25.01), (102.805, 25.02)]),
        ("south", shapely.box(102.80, 24.98, 102.81, 24.99), [(102.805, 24.99), (102.805, 25.0)]),
    ],
)  # fmt: skip
def test_what_lies_on_a_side_and_how_far(side, shape, far) -> None:
    (lon0, lat0), (lon1, lat1) = far
    there = nearest_on_side(SITE, shapes(shape), side, 3000.0)
    assert there == (0, pytest.approx(GEOD.inv(lon0, lat0, lon1, lat1)[2], rel=1e-3))
    # Nothing lies on the other sides.
    others = {other for other in SIDES if nearest_on_side(SITE, shapes(shape), other, 3000.0)}
    assert others == {side}


def test_the_nearest_counts_and_nothing_beyond_reach() -> None:
    near, far = (shapely.box(lon, 25.0, lon + 0.001, 25.01) for lon in (102.813, 102.82))
    assert nearest_on_side(SITE, shapes(far, near), "east", 3000.0)[0] == 1
    assert nearest_on_side(SITE, shapes(far, near), "east", 100.0) is None
    assert nearest_on_side(SITE, shapes(), "east", 3000.0) is None


def test_what_runs_through_is_told_from_what_touches() -> None:
    through = shapely.LineString([(102.79, 25.005), (102.82, 25.005)])
    along = shapely.LineString([(102.81, 24.99), (102.81, 25.02)])
    beside = shapely.box(102.81, 25.0, 102.82, 25.01)
    around = shapely.box(102.7, 24.9, 102.9, 25.1)
    found = runs_through(SITE, shapes(through, along, beside, around))
    assert found.tolist() == [True, False, False, True]
    assert not len(runs_through(SITE, shapes()))
