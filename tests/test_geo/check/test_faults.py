"""geo.faults. Oracles: cells by hand, areas by geo.area, GEOS set operations as second method."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.faults import duplicates, gaps, overlaps_between, overlaps_within, slivers
from geo.measure.area import area_lonlat_m2

WEST, SOUTH, STEP = 102.7, 24.9, 0.001


def cell(x: float, y: float, wide: float = 1.0, high: float = 1.0) -> shapely.Polygon:
    """Box in steps of 0.001 degrees, about 101 m x 111 m."""
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + wide) * STEP, SOUTH + (y + high) * STEP
    )


def m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def arr(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


def test_a_ring_that_starts_elsewhere_is_the_same_polygon() -> None:
    one = cell(0, 0)
    turned = shapely.Polygon([*one.exterior.coords[2:-1], *one.exterior.coords[:3]])
    mirrored = shapely.Polygon(list(one.exterior.coords)[::-1])
    assert duplicates(arr(one, cell(1, 0), turned, mirrored)) == [(0, 2), (0, 3)]
    assert duplicates(arr()) == []


def test_shared_ground_by_hand_and_touching_is_none() -> None:
    # f0 and f1 share a quarter cell, f2 only touches f1 along an edge, f3 is f0 again.
    pairs = overlaps_within(arr(cell(0, 0), cell(0.5, 0.5), cell(1.5, 0.5), cell(0, 0)), 0.01)
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 1), (1, 3)]
    assert pairs.area_m2 == pytest.approx([m2(cell(0.5, 0.5, 0.5, 0.5))] * 2, rel=1e-9)
    # The largest circle in half a cell: as wide as its shorter side, 50.5 m.
    assert pairs.width_m == pytest.approx([50.5, 50.5], rel=0.02)
    assert not len(overlaps_within(arr(cell(0, 0), cell(0.5, 0.5)), 1e9).left)


def test_lines_that_cross_by_hand() -> None:
    pairs = overlaps_between(arr(cell(0, 0), cell(5, 5)), arr(cell(9, 9), cell(0, 0.75)), 0.01)
    assert (pairs.left.tolist(), pairs.right.tolist()) == ([0], [1])
    assert pairs.area_m2 == pytest.approx([m2(cell(0, 0.75, 1, 0.25))], rel=1e-9)


def test_a_gap_is_small_or_narrow_and_a_courtyard_is_none() -> None:
    frame = shapely.difference(cell(0, 0, 10, 10), shapely.union_all([
        cell(1, 1, 0.1, 0.1),  # 10 m x 11 m: too small to be meant
        cell(3, 3, 0.004, 4),  # 0.4 m x 444 m: too narrow
        cell(6, 6, 2, 2),  # a courtyard
    ]))  # fmt: skip
    found = gaps(arr(frame), 400.0, 1.0)
    assert sorted(found.area_m2.tolist()) == pytest.approx(
        sorted([m2(cell(1, 1, 0.1, 0.1)), m2(cell(3, 3, 0.004, 4))]), rel=1e-6
    )
    between = gaps(
        arr(cell(0, 0, 2, 1), cell(0, 1, 1, 1), cell(1.01, 1, 0.99, 1), cell(0, 2, 2, 1)), 1e3, 2.0
    )
    assert between.area_m2 == pytest.approx([m2(cell(1, 1, 0.01, 1))], rel=1e-6)
    assert not len(gaps(arr(cell(0, 0)), 400.0, 1.0).shapes)


def test_a_thin_part_of_a_feature_is_a_sliver_whatever_its_length() -> None:
    both = shapely.MultiPolygon([cell(0, 0), cell(3, 0, 0.004, 5)])
    found = slivers(arr(cell(9, 9), both), 1.0)
    assert found.owner.tolist() == [1]
    assert found.width_m == pytest.approx([0.404], rel=0.02)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 3)), min_size=2, max_size=8
    )
)
@settings(max_examples=25, deadline=None)
def test_shared_areas_are_what_summing_and_uniting_leave(cells: list[tuple[int, int, int]]) -> None:
    """Property: areas less pairwise shares never exceed the union; equal where no three meet."""
    shapes = arr(*{cell(x, y, size, size) for x, y, size in cells})
    pairs = overlaps_within(shapes, 0.01)
    total, union = float(area_lonlat_m2(shapes).sum()), m2(shapely.union_all(shapes))
    assert total - pairs.area_m2.sum() <= union * (1 + 1e-9)
    second = [
        shapely.intersection(shapes[a], shapes[b]).area
        for a in range(len(shapes))
        for b in range(a)
    ]
    assert len(pairs.left) == sum(area > 1e-12 for area in second)
