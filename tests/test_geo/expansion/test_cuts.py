"""Ground cut along roads and contours. Oracles: blocks by hand, sums of areas, straight cuts."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from geo.expansion.cuts import CutLines, blocks_between, cut_along
from geo.expansion.search import (
    Parcel,
    ParcelTerms,
    compactness,
    cut_evenly,
    divide,
    draw_parcels,
    order_by_place,
)
from geo.measure.crs import local_plane
from geo.raster.isolines import contour_lines
from geo.raster.lattice import Lattice

PLANE = local_plane(102.0)
GROUND = box(0, 0, 400, 300)
# A grid of streets 100 m apart, and a dead end that parts nothing.
STREETS = np.array(
    [LineString([(x, -50), (x, 350)]) for x in (100, 200, 300)]
    + [LineString([(-50, y), (450, y)]) for y in (100, 200)]
    + [LineString([(50, 0), (50, 60)])],
    dtype=object,
)


def roads(*lines: LineString) -> CutLines:
    return CutLines(kind="road", lines=np.array(lines, dtype=object))


def terms(most_m2: float, **more: float) -> ParcelTerms:
    asked = {"least_m2": 1_000.0, "width_m": 10.0, "compactness": 0.0, **more}
    return ParcelTerms(most_m2=most_m2, **asked)


def test_blocks_lie_between_streets_and_dead_ends_part_nothing() -> None:
    found = blocks_between(GROUND, STREETS)
    assert sorted(one.area for one in found) == pytest.approx([10_000.0] * 12)


def test_blocks_are_joined_up_to_the_size_and_into_compact_shapes() -> None:
    found = cut_along(GROUND, CutLines(kind="road", lines=STREETS), 20_000.0, 40_000.0)
    assert found
    assert max(one.area for one in found) <= 40_000.0
    assert sum(one.area for one in found) == pytest.approx(GROUND.area)
    # Every edge within the ground is one of a street.
    streets = shapely.union_all(STREETS).buffer(0.01)
    inner = shapely.union_all([one.boundary for one in found]).difference(GROUND.boundary.buffer(1))
    assert inner.within(streets)
    # Straight strips of 133 by 300 m have 0.47.
    assert np.mean([compactness(one) for one in found]) > 0.45


def test_a_bent_road_is_followed_and_said() -> None:
    bent = LineString([(-1, 140), (150, 170), (250, 130), (401, 160)])
    found = list(draw_parcels(GROUND, terms(70_000.0), PLANE, [roads(bent)]))
    assert [one.cut_by for one in found] == [frozenset({"road"})] * 2
    for one in found:
        inner = one.shape.boundary.intersection(GROUND.buffer(-1.0))
        assert inner.difference(bent.buffer(0.01)).length < 0.1
        assert inner.length > 380.0


@pytest.mark.parametrize(
    "line",
    [
        LineString([(2, -1), (2, 301)]),  # cuts off a strip that nobody can use
        LineString([(600, 0), (700, 0)]),  # beside the ground
        LineString([(100, 100), (300, 200)]),  # within it
    ],
)
def test_where_no_road_serves_cuts_are_straight_and_said(line: LineString) -> None:
    found = list(draw_parcels(GROUND, terms(70_000.0), PLANE, [roads(line)]))
    assert {"straight"} <= set.union(*(set(one.cut_by) for one in found))
    plain = cut_evenly(GROUND, 70_000.0)
    total = sum(one.shape.area for one in found)
    assert total >= 0.98 * sum(one.area for one in plain)


def test_what_is_small_enough_is_not_cut() -> None:
    (one,) = draw_parcels(GROUND, terms(120_000.0), PLANE, [CutLines(kind="road", lines=STREETS)])
    assert one.cut_by == frozenset()
    assert one.shape.equals(GROUND)


def test_contours_serve_where_no_road_does() -> None:
    # A slope of 1 in 10 to the east: the contours of 10 m run north to south 100 m apart.
    lattice = Lattice(plane=PLANE, west_m=-20.0, north_m=320.0, cell_m=10.0, rows=34, columns=44)
    east_m, _ = lattice.centres_m()
    heights = np.tile(0.1 * east_m, (34, 1))
    lines = contour_lines(lattice, heights, 10.0)
    assert sorted(float(one.centroid.x) for one in lines) == pytest.approx([0, 100, 200, 300, 400])
    cuts = [roads(), CutLines(kind="contour", lines=lines)]
    found = list(divide(GROUND, terms(61_000.0), cuts))
    assert {by for _, by in found} == {frozenset({"contour"})}
    assert sorted(one.area for one, _ in found) == pytest.approx([60_000.0, 60_000.0])


def test_level_or_unknown_ground_has_no_contours() -> None:
    lattice = Lattice(plane=PLANE, west_m=0.0, north_m=50.0, cell_m=10.0, rows=5, columns=5)
    assert len(contour_lines(lattice, np.full((5, 5), np.nan), 10.0)) == 0
    assert len(contour_lines(lattice, np.full((5, 5), 12.0), 10.0)) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(4_000.0, 60_000.0))
def test_parts_make_up_the_ground_whatever_the_roads(seed: int, most_m2: float) -> None:
    draw = np.random.default_rng(seed)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 12))
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * draw.uniform(60, 200, (12, 1))
    ground = shapely.make_valid(shapely.Polygon(ring))
    if ground.geom_type != "Polygon" or ground.area < 10.0:
        return
    lines = [LineString(draw.uniform(-250, 250, (draw.integers(2, 5), 2))) for _ in range(9)]
    parts = list(divide(ground, terms(most_m2), [roads(*lines)]))
    shapes = [one for one, _ in parts]
    assert all(one.area <= most_m2 * (1 + 2e-3) for one in shapes)
    assert sum(one.area for one in shapes) == pytest.approx(ground.area, rel=2e-3)
    assert shapely.union_all(shapes).area == pytest.approx(ground.area, rel=2e-3)


def test_the_next_alternative_of_a_piece_is_the_farthest() -> None:
    # Five squares in a row, the first a little larger.
    sides = [100.0, 99.0, 98.0, 97.0, 96.0]
    parcels = [
        Parcel(shape=box(100 * at, 0, 100 * at + side, side), piece=1, unmet=None)
        for at, side in enumerate(sides)
    ]
    order = [int(one.shape.bounds[0] // 100) for one in order_by_place(parcels)]
    assert order[:3] == [0, 4, 2]
