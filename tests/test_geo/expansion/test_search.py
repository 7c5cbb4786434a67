"""Free ground, pieces and parcels: by hand, by a second method, and as properties."""

from itertools import product

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.expansion.free_ground import Constraint, apply_constraints, measure_m2
from geo.expansion.search import ParcelTerms, compactness, cut_evenly, draw_parcels
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.necks import split_at_necks
from geo.raster.errors import SearchError
from geo.raster.isolines import ground_up_to, known_ground
from geo.raster.lattice import MOST_CELLS, Lattice, lattice_over, mean_inside

PLANE = local_plane(102.0)
EAST, NORTH = 500_000.0, 2_760_000.0
"""On the central meridian, where lengths of the plane are those of the ground."""


def lattice(rows: int, columns: int, cell_m: float = 10.0) -> Lattice:
    return Lattice(
        plane=PLANE, west_m=0.0, north_m=rows * cell_m, cell_m=cell_m, rows=rows, columns=columns
    )


def box(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def shapes(*some: shapely.Geometry) -> np.ndarray:
    return np.array(some, dtype=object)


BLOBS = st.lists(
    st.tuples(st.floats(0, 400), st.floats(0, 400), st.floats(5, 90)), min_size=1, max_size=7
).map(
    lambda some: shapely.union_all(
        [shapely.Point(EAST + x, NORTH + y).buffer(r, quad_segs=2) for x, y, r in some]
    )
)


def test_each_constraint_is_told_by_what_it_takes() -> None:
    # 1 km2 by hand: the north 0.3, the west 0.2, and 0.06 in both; near a point 0.5.
    area = box(0, 0, 1000, 1000)
    steps = list(
        apply_constraints(
            area,
            [
                Constraint(reason="red", shapes=shapes(box(-50, 700, 1050, 2000))),
                Constraint(reason="none", shapes=shapes()),
                Constraint(reason="slope", shapes=shapes(box(-9, -9, 200, 1009), box(0, 0, 9, 9))),
                Constraint(reason="near", shapes=shapes(box(0, 0, 1000, 500)), inside=True),
            ],
            PLANE,
        )
    )
    told = [(one.reason, one.removed_km2, one.alone_km2, one.left_km2) for one, _ in steps]
    assert told == [
        ("red", pytest.approx(0.3), pytest.approx(0.3), pytest.approx(0.7)),
        ("none", 0.0, 0.0, pytest.approx(0.7)),
        ("slope", pytest.approx(0.14), pytest.approx(0.2), pytest.approx(0.56)),
        ("near", pytest.approx(0.16), pytest.approx(0.5), pytest.approx(0.4)),
    ]
    assert steps[-1][1].equals(box(200, 0, 1000, 500))


@settings(max_examples=60, deadline=None)
@given(BLOBS, st.lists(st.tuples(BLOBS, st.booleans()), min_size=1, max_size=4))
def test_what_is_removed_and_left_makes_up_the_whole(area, given_shapes) -> None:
    constraints = [
        Constraint(reason=str(at), shapes=shapely.get_parts(one), inside=inside)
        for at, (one, inside) in enumerate(given_shapes)
    ]
    found = list(apply_constraints(area, constraints, PLANE))
    whole = measure_m2(area, PLANE) / 1e6
    removed = sum(step.removed_km2 for step, _ in found)
    assert removed + found[-1][0].left_km2 == pytest.approx(whole, abs=1e-9)
    # Areas are measured between corners, and a cut adds some: a hundredth of a square metre.
    assert all(step.removed_km2 <= step.alone_km2 + 1e-8 for step, _ in found)
    # Second method: points of the area are left if they keep every constraint.
    points = [shapely.Point(EAST + x, NORTH + y) for x, y in product(range(3, 400, 23), repeat=2)]
    kept = area
    for one, inside in given_shapes:
        kept = kept.intersection(one) if inside else kept.difference(one)
    for point in points:
        if point.distance(kept.boundary) > 1e-3:
            assert found[-1][1].contains(point) == kept.contains(point)


def eroded(ground: shapely.Geometry, radius_m: float) -> shapely.Geometry:
    """Erode without the parts that GEOS turns inside out: their places are too near the edge."""
    parts = shapely.get_parts(ground.buffer(-radius_m, quad_segs=32))
    far = [one for one in parts if one.centroid.distance(ground.boundary) > 0.99 * radius_m]
    return shapely.union_all(far)


@settings(max_examples=80, deadline=None)
@given(BLOBS, st.floats(8.0, 60.0))
def test_pieces_hold_all_wide_ground_and_share_none(ground, width_m) -> None:
    pieces = split_at_necks(ground, width_m)
    for piece in pieces:
        assert piece.is_valid
        assert piece.difference(ground).area < 1e-6
        # A circle that is hardly smaller fits in.
        assert not piece.buffer(-0.49 * width_m).is_empty
    together = shapely.union_all(pieces)
    assert sum(one.area for one in pieces) == pytest.approx(together.area, abs=0.1 * len(pieces))
    # Second method: ground that circles of the width cover, by erosion and dilation.
    covered = eroded(ground, 0.505 * width_m).buffer(0.495 * width_m, quad_segs=32)
    lost = shapely.difference(covered, together.buffer(0.02 * width_m))
    # Only where circles on both sides of a neck overlap is some lost: the larger piece has it.
    places = shapely.get_parts(eroded(ground, 0.5 * width_m))
    assert lost.area <= 0.02 * covered.area or len(places) > 1


@pytest.mark.parametrize("corners", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("share", [0.9, 1.005, 1.01, 1.03, 1.06])
def test_no_round_ground_is_taken_for_wider_than_it_is(corners: int, share: float) -> None:
    # Oracle: the circle inside a regular polygon, which is as far as its sides are.
    ground = shapely.Point(500_000.0, 2_760_000.0).buffer(29.0, quad_segs=corners)
    inside_m = 2.0 * 29.0 * np.cos(np.pi / (4 * corners))
    assert bool(split_at_necks(ground, share * inside_m)) == (share < 1.0)


def test_ground_is_parted_where_it_is_too_narrow() -> None:
    # Two squares of 100 m and a neck of 20 m between them.
    ground = shapely.union_all([box(0, 0, 100, 100), box(100, 40, 160, 60), box(160, 0, 260, 100)])
    assert [one.area for one in split_at_necks(ground, 10.0)] == [pytest.approx(21_200.0)]
    first, second = split_at_necks(ground, 40.0)
    assert first.area == pytest.approx(10_000.0, rel=0.01)
    assert second.area == pytest.approx(10_000.0, rel=0.01)
    assert first.distance(second) > 45.0
    assert split_at_necks(ground, 110.0) == []
    assert sum(one.area for one in split_at_necks(ground, 0.0)) == pytest.approx(21_200.0)


def test_two_pieces_never_share_the_neck_between_them() -> None:
    # The neck is shorter than a circle: the corners of both sides would reach through it.
    ground = shapely.union_all([box(0, 0, 100, 100), box(100, 20, 110, 58), box(110, 0, 200, 100)])
    pieces = split_at_necks(ground, 40.0)
    assert len(pieces) == 2
    assert pieces[0].intersection(pieces[1]).area < 0.01


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.floats(0, 30), st.just(float("nan"))), min_size=42, max_size=42),
    st.floats(1.0, 29.0),
)
def test_centres_lie_inside_where_their_value_keeps_the_limit(values, most) -> None:
    grid, field = lattice(6, 7), np.array(values).reshape(6, 7)
    ground = shapely.union_all(ground_up_to(grid, field, most))
    known = shapely.union_all(known_ground(grid, ~np.isnan(field)))
    east, north = grid.centres_m()
    for row, column in product(range(1, 5), range(1, 6)):
        around = field[row - 1 : row + 2, column - 1 : column + 2]
        point = shapely.Point(east[column], north[row])
        if not np.isnan(around).any():
            assert known.covers(point)
            # To the tenth of a cell to which outlines are drawn.
            if field[row, column] <= most:
                assert ground.distance(point) <= 1.0
            elif point.within(ground):
                assert ground.boundary.distance(point) <= 1.0
        if np.isnan(around).all():
            assert not ground.intersects(point)
    assert ground.difference(known).area < 0.05 * known.area + 1e-9


def test_an_outline_runs_where_the_value_is_reached() -> None:
    # Values grow by 1 in 10 m from 0 at the middle of the first column: 4.25 lies 42.5 m on.
    grid = lattice(9, 12)
    field = np.tile(np.arange(12.0), (9, 1))
    ground = shapely.union_all(ground_up_to(grid, field, 4.25))
    assert ground.bounds == pytest.approx((5.0, 5.0, 47.5, 85.0))
    assert ground.area == pytest.approx(42.5 * 80.0)
    assert shapely.union_all(ground_up_to(grid, field, 11.0)).area == pytest.approx(110.0 * 80.0)
    assert len(ground_up_to(grid, field, -1.0)) == 0


TERMS = st.builds(
    ParcelTerms,
    least_m2=st.floats(200.0, 4_000.0),
    most_m2=st.one_of(st.none(), st.floats(4_000.0, 20_000.0)),
    width_m=st.floats(5.0, 40.0),
    compactness=st.floats(0.0, 0.6),
)


@settings(max_examples=60, deadline=None)
@given(BLOBS, TERMS)
def test_parcels_keep_the_terms_and_share_no_ground(ground, terms) -> None:
    found = list(draw_parcels(ground, terms, PLANE))
    for one in found:
        area_m2 = measure_m2(one.shape, PLANE)
        assert one.shape.difference(ground.buffer(1e-2)).area < 1e-6
        if terms.most_m2:
            assert area_m2 <= terms.most_m2 * 1.003
        assert (area_m2 < terms.least_m2) == (one.unmet == "small")
        if one.unmet is None:
            assert compactness(one.shape) >= terms.compactness
            assert not one.shape.buffer(-0.49 * terms.width_m).is_empty
    together = shapely.union_all([one.shape for one in found])
    total = sum(one.shape.area for one in found)
    assert total == pytest.approx(together.area, abs=0.1 * len(found) + 0.1)
    # Cuts are rounded to a millimetre.
    assert total <= ground.area + 1e-3 * ground.length


def test_free_ground_without_a_neck_is_a_parcel_to_the_last_metre() -> None:
    terms = ParcelTerms(least_m2=50e4, most_m2=None, width_m=300.0, compactness=0.3)
    (one,) = draw_parcels(box(0, 0, 520, 1000), terms, PLANE)
    assert (one.unmet, one.piece) == (None, 1)
    assert one.shape.area == pytest.approx(520_000.0, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(3.0, 30.0))
def test_means_are_of_the_cells_whose_centre_lies_inside(seed, radius_m) -> None:
    draw = np.random.default_rng(seed)
    grid, values = lattice(6, 7), draw.uniform(0, 9, (6, 7))
    shape = shapely.Point(draw.uniform(0, 70), draw.uniform(0, 60)).buffer(radius_m, quad_segs=3)
    east, north = grid.centres_m()
    inside = [
        values[row, column]
        for row, column in product(range(6), range(7))
        if shape.contains(shapely.Point(east[column], north[row]))
    ]
    found = mean_inside(grid, values, shape)
    assert found == (pytest.approx(np.mean(inside)) if inside else None)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(500.0, 20_000.0))
def test_parcels_make_up_the_ground_and_none_is_too_large(seed, most_m2) -> None:
    draw = np.random.default_rng(seed)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 12))
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * draw.uniform(30, 150, (12, 1))
    ground = shapely.make_valid(shapely.Polygon(ring))
    if ground.geom_type != "Polygon" or ground.area < 1.0:
        return
    found = cut_evenly(ground, most_m2)
    assert sum(one.area for one in found) == pytest.approx(ground.area, rel=1e-3)
    assert all(one.area <= most_m2 * (1 + 2e-3) for one in found)
    # Sum and union agree, to the millimetre of cuts: nothing is told twice.
    assert shapely.union_all(found).area == pytest.approx(ground.area, rel=1e-3)


def test_a_long_strip_is_cut_across_into_equal_parcels() -> None:
    found = cut_evenly(shapely.box(0, 0, 900, 100), 30_000.0)
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
