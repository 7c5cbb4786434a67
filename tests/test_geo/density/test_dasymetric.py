"""geo.dasymetric. Oracles: by hand, areas cut in a plane one by one, properties."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density.dasymetric import downscale, grid_cells, weight_by_area, weight_by_cover
from geo.density.errors import DownscaleError, NoWeightInUnitError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import local_plane, parse_crs, transform

AREA = shapely.box(102.80, 24.95, 102.90, 25.00)


def halves(shape) -> np.ndarray:
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    return np.array(
        [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    )


def test_two_halves_of_one_box_take_half_each():
    found = downscale(np.array([10.0]), np.array([AREA]), halves(AREA), weight_by_area)
    assert found == pytest.approx([5.0, 5.0])


def test_cover_draws_the_total_to_where_it_stands():
    # Three quarters of the covered land lie in the west, by their widths: 0.03 and 0.01.
    cover = np.array([shapely.box(102.82, 24.96, 102.86, 24.97)])
    found = downscale(
        np.array([10.0]), np.array([AREA]), halves(AREA), weight_by_cover(cover, np.ones(1))
    )
    assert found == pytest.approx([7.5, 2.5])


def test_weights_of_covers_count():
    # West: one part of weight 3; east: one of the same size and weight 1.
    cover = np.array(
        [shapely.box(102.82, 24.96, 102.83, 24.97), shapely.box(102.86, 24.96, 102.87, 24.97)]
    )
    weigh = weight_by_cover(cover, np.array([3.0, 1.0]))
    assert downscale(np.array([8.0]), np.array([AREA]), halves(AREA), weigh) == pytest.approx(
        [6.0, 2.0]
    )


def test_where_nothing_stands_nothing_can_be_placed():
    weigh = weight_by_cover(np.array([shapely.box(0, 0, 1, 1)]), np.ones(1))
    with pytest.raises(DownscaleError) as caught:
        downscale(np.array([1.0, 2.0]), halves(AREA), halves(AREA), weigh)
    assert isinstance(caught.value, NoWeightInUnitError)
    assert caught.value.params == {"units": [0, 1]}


def test_area_alone_agrees_with_pieces_cut_in_a_plane():
    # Second method: every pair is cut in the Gauss-Krueger plane and gets its part by hand.
    sources, cells = halves(AREA), grid_cells(AREA, 1500.0, 1000)
    values = np.array([3.0, 8.0])
    plane, lonlat = local_plane(102.85), parse_crs("EPSG:4490")
    flat, squares = (transform(shapes, lonlat, plane) for shapes in (sources, cells))
    expected = [
        sum(
            value * one.intersection(square).area
            / sum(one.intersection(other).area for other in squares)
            for value, one in zip(values, flat, strict=True)
        )
        for square in squares
    ]  # fmt: skip
    found = downscale(values, sources, cells, weight_by_area)
    # An edge along a parallel is straight in degrees and bent in the plane.
    assert found == pytest.approx(expected, rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 1e6), min_size=2, max_size=2),
    st.floats(400, 4000),
    st.floats(0.01, 0.09),
)
def test_the_mass_is_kept(values, cell_m, width):
    cells = grid_cells(AREA, cell_m, 10_000)
    cover = np.array([shapely.box(102.85 - width / 2, 24.955, 102.85 + width / 2, 24.99)])
    for weigh in (weight_by_area, weight_by_cover(cover, np.ones(1))):
        found = downscale(np.array(values), halves(AREA), cells, weigh)
        assert found.sum() == pytest.approx(sum(values), rel=1e-9)
        assert (found >= 0.0).all()


def test_a_grid_covers_its_area_and_its_cells_have_their_size():
    cells = grid_cells(AREA, 500.0, 10_000)
    assert shapely.difference(AREA, shapely.union_all(cells)).area < 1e-9
    # The projection stretches by up to 1.0002 here.
    assert area_lonlat_m2(cells) == pytest.approx(np.full(len(cells), 250_000.0), rel=1e-3)


@pytest.mark.parametrize(
    ("cell_m", "why"),
    [(0.0, "cell"), (-5.0, "cell"), (float("nan"), "cell"), (1.0, "too_many"), (60.0, "too_many")],
)
def test_impossible_grids_are_refused(cell_m, why):
    with pytest.raises(DownscaleError) as caught:
        grid_cells(AREA, cell_m, 1000)
    assert caught.value.code.rpartition(".")[2] == why
