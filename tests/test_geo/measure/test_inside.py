"""Shares of shapes inside a ground. Oracles: by hand on lon/lat rectangles, and additivity."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.measure.area import area_lonlat_m2
from geo.measure.inside import amounts, shares_inside

WEST, EAST = shapely.box(102.0, 25.0, 102.1, 25.1), shapely.box(102.1, 25.0, 102.2, 25.1)


def shapes(*given: shapely.Geometry) -> np.ndarray:
    return np.array(given, dtype=object)


def test_area_length_and_place_by_hand() -> None:
    whole = shapely.box(102.0, 25.0, 102.2, 25.1)
    along, spot = (
        shapely.LineString([(102.05, 25.05), (102.15, 25.05)]),
        shapely.Point(102.15, 25.05),
    )
    found = shares_inside(shapes(whole, along, spot, WEST, EAST), shapes(WEST))
    # The eastern box shares no more than an edge; a geodesic is not quite a line in lon/lat.
    assert found.tolist() == pytest.approx([0.5, 0.5, 0.0, 1.0, 0.0], abs=1e-7)
    assert amounts(shapes(whole, spot, shapely.Polygon())).tolist() == [
        area_lonlat_m2(shapes(whole))[0], 1.0, 0.0,
    ]  # fmt: skip


def test_no_shape_and_no_ground() -> None:
    assert shares_inside(shapes(), shapes(WEST)).tolist() == []
    assert shares_inside(shapes(WEST), shapes()).tolist() == [0.0]


@given(st.floats(101.9, 102.3), st.floats(24.9, 25.2), st.floats(0.01, 0.3))
def test_shares_in_parts_of_a_ground_add_up(west: float, south: float, size: float) -> None:
    box = shapes(shapely.box(west, south, west + size, south + size))
    apart = [shares_inside(box, shapes(one))[0] for one in (WEST, EAST)]
    both = shares_inside(box, shapes(WEST, EAST))[0]
    again = shares_inside(box, shapes(WEST, EAST, WEST))[0]
    assert both == pytest.approx(sum(apart), abs=1e-9)
    assert again == pytest.approx(both, abs=1e-9)
    assert 0.0 <= both <= 1.0
