"""Search on cells against brute force, and parcels as properties."""

from itertools import product
from math import hypot

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.expansion.search import (
    apply_constraints,
    compactness,
    keep_wide_cells,
    parcels,
    patches,
    straighten_outline,
)
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.raster.errors import SearchError
from geo.raster.lattice import (
    MOST_CELLS,
    Lattice,
    cells_within_m,
    covered_cells,
    lattice_over,
    touched_cells,
)

PLANE = local_plane(102.0)


def lattice(rows: int, columns: int, cell_m: float = 10.0) -> Lattice:
    return Lattice(
        plane=PLANE, west_m=0.0, north_m=rows * cell_m, cell_m=cell_m, rows=rows, columns=columns
    )


def cell(grid: Lattice, row: int, column: int) -> shapely.Geometry:
    x, y = column * grid.cell_m, grid.north_m - row * grid.cell_m
    return shapely.box(x, y - grid.cell_m, x + grid.cell_m, y)


def masks(rows: int, columns: int) -> st.SearchStrategy[np.ndarray]:
    bits = st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns)
    return bits.map(lambda one: np.array(one).reshape(rows, columns))


GRID = lattice(6, 7)
BLOBS = st.lists(
    st.tuples(st.floats(-5, 75), st.floats(-5, 65), st.floats(0.5, 25)), min_size=1, max_size=3
).map(
    lambda some: np.array(
        [shapely.Point(x, y).buffer(r, quad_segs=3) for x, y, r in some], dtype=object
    )
)


ON_SIDES = (
    st.lists(
        st.lists(st.tuples(st.integers(-3, 17), st.integers(-3, 15)), min_size=3, max_size=6),
        min_size=1,
        max_size=2,
    )
    .map(
        lambda some: np.array(
            [shapely.convex_hull(shapely.MultiPoint(one)) for one in some], dtype=object
        )
    )
    .map(
        lambda hulls: shapely.transform(hulls[shapely.get_type_id(hulls) == 3], lambda xy: xy * 5.0)
    )
)


@settings(deadline=None)
@given(BLOBS | ON_SIDES)
def test_a_touched_cell_is_out_and_a_covered_one_is_whole(shapes) -> None:
    # Second method: the intersection of each cell with the shapes.
    out, whole, ground = (
        touched_cells(GRID, shapes),
        covered_cells(GRID, shapes),
        shapely.union_all(shapes),
    )
    for row, column in product(range(6), range(7)):
        one = cell(GRID, row, column)
        if one.intersection(ground).area > 1e-9:
            assert out[row, column]
        if whole[row, column]:
            assert one.difference(ground).area < 1e-9
        if one.within(ground.buffer(-1e-6)):
            assert whole[row, column]


def test_nothing_is_touched_by_nothing() -> None:
    none = np.array([], dtype=object)
    assert not touched_cells(GRID, none).any()
    assert not covered_cells(GRID, none).any()
    assert not cells_within_m(GRID, none, 100.0).any()


@settings(deadline=None)
@given(masks(6, 7), st.floats(5.0, 45.0))
def test_room_against_brute_force(free, width_m) -> None:
    # Second method: every cell as a centre, every cell around it looked at.
    found = keep_wide_cells(GRID, free, width_m)
    radius = width_m / 2 / 10
    all_cells = list(product(range(-8, 15), range(-8, 16)))

    def is_free(row: int, column: int) -> bool:
        return 0 <= row < 6 and 0 <= column < 7 and bool(free[row, column])

    centres = [
        (r, c)
        for r, c in product(range(6), range(7))
        if all(
            is_free(i, j) for i, j in all_cells if hypot(i - r, j - c) < radius + hypot(0.5, 0.5)
        )
    ]
    expected = {
        (r, c)
        for r, c in product(range(6), range(7))
        if free[r, c] and any(hypot(i - r, j - c) <= radius for i, j in centres)
    }
    assert {(int(r), int(c)) for r, c in zip(*np.nonzero(found), strict=True)} == expected


@settings(deadline=None)
@given(masks(5, 6), st.integers(1, 6))
def test_patches_against_a_flood(free, least) -> None:
    # Second method: flood from each cell by its sides.
    grid, seen, expected = lattice(5, 6), set(), []
    for start in zip(*np.nonzero(free), strict=True):
        if start in seen:
            continue
        flood, todo = set(), [start]
        while todo:
            r, c = todo.pop()
            if (r, c) in flood or not (0 <= r < 5 and 0 <= c < 6) or not free[r, c]:
                continue
            flood.add((r, c))
            todo += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
        seen |= flood
        if len(flood) >= least:
            expected.append(shapely.union_all([cell(grid, r, c) for r, c in flood]))
    found = patches(grid, free, least * 100.0)
    assert sorted(one.area for one in found) == pytest.approx(sorted(one.area for one in expected))
    assert shapely.union_all(found).symmetric_difference(shapely.union_all(expected)).area < 1e-9


def test_each_constraint_is_told_by_what_it_takes() -> None:
    grid = lattice(10, 10, 100.0)  # 1 km2
    start = np.ones((10, 10), dtype=bool)
    north, west = np.zeros_like(start), np.zeros_like(start)
    north[:3], west[:, :2] = True, True
    steps = [step for step, _ in apply_constraints(grid, start, [("red", north), ("slope", west)])]
    assert [(one.reason, one.removed_km2, one.alone_km2, one.left_km2) for one in steps] == [
        ("red", 0.3, 0.3, 0.7),
        ("slope", pytest.approx(0.14), 0.2, pytest.approx(0.56)),
    ]


@given(st.lists(masks(4, 4), min_size=1, max_size=4))
def test_what_is_removed_and_left_makes_up_the_whole(blocked) -> None:
    grid = lattice(4, 4, 1000.0)
    start = np.ones((4, 4), dtype=bool)
    found = list(apply_constraints(grid, start, [(str(at), one) for at, one in enumerate(blocked)]))
    assert sum(step.removed_km2 for step, _ in found) + found[-1][0].left_km2 == pytest.approx(16.0)
    assert (found[-1][1] == ~np.logical_or.reduce(blocked)).all()
    assert all(step.removed_km2 <= step.alone_km2 + 1e-12 for step, _ in found)


def test_distances_count_from_points_and_from_ground() -> None:
    grid = lattice(5, 9)
    point = cells_within_m(grid, np.array([shapely.Point(5, 25)], dtype=object), 30.0)
    district = cells_within_m(grid, np.array([shapely.box(0, 0, 20, 50)], dtype=object), 30.0)
    # From the middle of the first cell, 30 m less half a diagonal (7.1 m) reach two cells on.
    assert point[2].nonzero()[0].tolist() == [0, 1, 2]
    assert district[2].nonzero()[0].tolist() == [0, 1, 2, 3]


@settings(max_examples=40, deadline=None)
@given(masks(12, 12), st.floats(0.0, 2.0))
def test_straight_edges_stay_inside_the_cells(free, margin_m) -> None:
    grid = lattice(12, 12)
    free[2:10, 2:10] = True
    for patch in patches(grid, free, 900.0):
        for drawn in straighten_outline(patch, 10.0, margin_m):
            assert drawn.is_valid
            assert drawn.difference(patch).area == pytest.approx(0.0, abs=1e-9)
            assert drawn.distance(patch.exterior) >= margin_m


def test_a_staircase_becomes_a_straight_edge() -> None:
    grid = lattice(40, 40)
    free = np.tri(40, 40, dtype=bool)
    (drawn,) = straighten_outline(patches(grid, free, 100.0)[0], 10.0, 0.0)
    assert len(drawn.exterior.coords) - 1 <= 5
    assert drawn.area > 0.7 * 820 * 100


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(500.0, 20_000.0))
def test_parcels_make_up_the_ground_and_none_is_too_large(seed, most_m2) -> None:
    draw = np.random.default_rng(seed)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 12))
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * draw.uniform(30, 150, (12, 1))
    ground = shapely.make_valid(shapely.Polygon(ring))
    if ground.geom_type != "Polygon" or ground.area < 1.0:
        return
    found = parcels(ground, most_m2)
    assert sum(one.area for one in found) == pytest.approx(ground.area, rel=1e-3)
    assert all(one.area <= most_m2 * (1 + 2e-3) for one in found)
    # Sum and union agree, to the millimetre of cuts: nothing is told twice.
    assert shapely.union_all(found).area == pytest.approx(ground.area, rel=1e-3)


def test_a_long_strip_is_cut_across_into_equal_parcels() -> None:
    found = parcels(shapely.box(0, 0, 900, 100), 30_000.0)
    assert sorted(one.bounds for one in found) == [
        pytest.approx((0, 0, 300, 100), abs=0.01),
        pytest.approx((300, 0, 600, 100), abs=0.01),
        pytest.approx((600, 0, 900, 100), abs=0.01),
    ]


def test_compactness_by_hand() -> None:
    assert compactness(shapely.box(0, 0, 10, 10)) == pytest.approx(2 / np.pi)
    assert compactness(shapely.Polygon()) == 0.0


def test_a_lattice_holds_its_area() -> None:
    area = shapely.box(101.9, 24.9, 102.1, 25.0)
    grid = lattice_over(area, 30.0)
    (flat,) = transform(np.array([area], dtype=object), parse_crs(GEOGRAPHIC), PLANE)
    east, south = grid.west_m + grid.columns * 30.0, grid.north_m - grid.rows * 30.0
    assert grid.west_m <= flat.bounds[0]
    assert south <= flat.bounds[1]
    assert east >= flat.bounds[2]
    assert grid.north_m >= flat.bounds[3]
    assert grid.rows * grid.columns * 9e-4 < 1.1 * flat.area / 1e6


@pytest.mark.parametrize(
    ("cell_m", "why"), [(0.0, "cell"), (float("nan"), "cell"), (0.5, "too_many_cells")]
)
def test_a_lattice_without_measure_is_refused(cell_m, why) -> None:
    with pytest.raises(SearchError) as caught:
        lattice_over(shapely.box(101.5, 24.5, 102.5, 25.5), cell_m)
    assert caught.value.code.rpartition(".")[2] == why
    assert why == "cell" or caught.value.params["limit"] == MOST_CELLS
