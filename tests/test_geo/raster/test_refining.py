"""Ground between the centres of cells. Oracles: circles and valleys whose slope has a formula."""

import math

import numpy as np
import pytest
import shapely

from geo.measure.crs import local_plane
from geo.model import Grid
from geo.raster.isolines import ground_up_to
from geo.raster.lattice import Lattice
from geo.raster.refining import refine
from geo.raster.terrain import slope_deg

PLANE = local_plane(102.0)
LIMIT_DEG = 15.0
SIDE_M = 1200.0


def gentle(height, cell_m: float, begin_m: float) -> float:
    """Return how much ground of a square is at most so steep, by cells that begin anywhere."""
    count = math.ceil(SIDE_M / cell_m) + 4
    lattice = Lattice(
        plane=PLANE,
        west_m=begin_m - 2 * cell_m,
        north_m=SIDE_M + 2 * cell_m - begin_m,
        cell_m=cell_m,
        rows=count,
        columns=count,
    )
    east_m, north_m = np.meshgrid(*lattice.centres_m())
    grid = Grid(
        values=height(east_m, north_m), transform=lattice.transform, crs=PLANE,
        nodata=float("nan"), unit="m",
    )  # fmt: skip
    slopes = np.asarray(slope_deg(grid).values, dtype=float)
    found = shapely.union_all(ground_up_to(*refine(lattice, slopes, 10.0), LIMIT_DEG))
    return found.intersection(shapely.box(0, 0, SIDE_M, SIDE_M)).area


@pytest.mark.parametrize("radius_m", [100.0, 200.0, 400.0])
@pytest.mark.parametrize("begin_m", [0.0, 3.0, 7.0])
def test_a_round_hollow_is_as_large_as_its_circle_whatever_the_cells(
    radius_m: float, begin_m: float
) -> None:
    # The slope of c r2 is atan(2 c r): a circle is gentler than the limit.
    c = math.tan(math.radians(LIMIT_DEG)) / (2.0 * radius_m)

    def hollow(x, y):
        return c * ((x - SIDE_M / 2) ** 2 + (y - SIDE_M / 2) ** 2)

    for cell_m in (10.0, 30.0):
        found = gentle(hollow, cell_m, begin_m)
        assert found == pytest.approx(math.pi * radius_m**2, rel=0.005)


def test_a_narrow_valley_that_winds_is_as_large_as_its_vector_whatever_the_cells() -> None:
    # 200 m wide and winding; its slope by the derivatives of the formula, over squares of 1 m.
    c, wave = math.tan(math.radians(LIMIT_DEG)) / 200.0, 2 * math.pi / 900.0

    def middle(x):
        return SIDE_M / 2 + 120.0 * np.sin(wave * x)

    def valley(x, y):
        return c * (y - middle(x)) ** 2

    x, y = np.meshgrid(np.arange(0.5, SIDE_M), np.arange(0.5, SIDE_M))
    off = y - middle(x)
    slope = np.hypot(2 * c * off, 2 * c * off * 120.0 * wave * np.cos(wave * x))
    exact_m2 = float((np.degrees(np.arctan(slope)) <= LIMIT_DEG).sum())
    for cell_m in (10.0, 30.0):
        assert gentle(valley, cell_m, 3.0) == pytest.approx(exact_m2, rel=0.005)


def test_finer_cells_keep_the_centres_and_say_nothing_of_what_is_unknown() -> None:
    lattice = Lattice(plane=PLANE, west_m=0.0, north_m=150.0, cell_m=30.0, rows=5, columns=6)
    east_m, north_m = np.meshgrid(*lattice.centres_m())
    values = 0.01 * east_m**2 + north_m
    values[2, 3] = np.nan
    finer, found = refine(lattice, values, 10.0)
    assert (finer.cell_m, found.shape) == (10.0, (13, 16))
    at_east, at_north = finer.centres_m()
    assert at_east[::3] == pytest.approx(lattice.centres_m()[0])
    assert at_north[::3] == pytest.approx(lattice.centres_m()[1])
    np.testing.assert_array_equal(found[::3, ::3], values)
    # Nothing is known within a cell's length of an unknown centre, and all beyond.
    unknown = np.isnan(found)
    assert unknown[4:9, 7:12].all()
    assert not unknown[:, :7].any()
    assert not unknown[:4].any()
    # A square is followed exactly where four centres are known.
    np.testing.assert_allclose(found[0, 3:13], 0.01 * at_east[3:13] ** 2 + at_north[0])


def test_cells_that_are_fine_enough_stay() -> None:
    lattice = Lattice(plane=PLANE, west_m=0.0, north_m=50.0, cell_m=10.0, rows=5, columns=5)
    values = np.zeros((5, 5))
    assert refine(lattice, values, 10.0) == (lattice, values)
