"""Cut and fill. Oracles: analytic solids (slab, wedge, cone, paraboloid, frustum), by hand."""

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.expansion.earthworks import NoBalanceError, Site, Slopes, balance, volumes
from geo.expansion.platform_cells import platform_cells
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import parse_crs, transform
from geo.model import Grid
from geo.raster.refine import Refinement

UPRIGHT = Slopes(cut=None, fill=None)
LEFT, TOP, STEP = 580_000.0, 2_765_000.0, 10.0
MIDDLE_X, MIDDLE_Y = LEFT + 500.0, TOP - 500.0
PLANE = "EPSG:4543"
ONE = np.array([0.0])


def ground(height, pixels: int = 100, step: float = STEP) -> Grid:
    """Heights in the middles of pixels, as a function of east and north from the middle."""
    at = (np.arange(pixels) + 0.5) * step
    east, north = np.meshgrid(LEFT + at - MIDDLE_X, TOP - at - MIDDLE_Y)
    values = np.broadcast_to(height(east, north), east.shape).astype(np.float64)
    place = Affine(step, 0, LEFT, 0, -step, TOP)
    return Grid(values=values, transform=place, crs=CRS(4543), nodata=np.nan, unit="m")


def cells(grid: Grid, shape, count: int = 1, factor: int = 2):
    """A shape of the plane, around the middle, as cells; and the scale of areas there."""
    moved = shapely.affinity.translate(shape, MIDDLE_X, MIDDLE_Y)
    (lonlat,) = transform(
        np.array([shapely.segmentize(moved, 20.0)]), parse_crs(PLANE), parse_crs("EPSG:4490")
    )
    area_m2 = float(area_lonlat_m2(np.array([lonlat]))[0])
    fine = Refinement(shape=grid.shape, factor=factor).grid(grid)
    return platform_cells(fine, lonlat, area_m2, count), area_m2 / shape.area


def disc(radius: float):
    return shapely.Point(0, 0).buffer(radius, quad_segs=256)


def test_a_slab_whose_edge_parts_pixels() -> None:
    """By hand: 3 m over 123.4 x 77.7 m, set askew so that pixels at the edge count in parts."""
    square = shapely.affinity.rotate(shapely.box(-61.7, -38.85, 61.7, 38.85), 17.0)
    found, scale = cells(ground(lambda e, n: 103.0), square)
    worked = volumes(found.site, found.heights_m, np.array([100.0]), UPRIGHT)
    assert worked.cut_m3 == pytest.approx(3.0 * 123.4 * 77.7 * scale, rel=1e-6)
    assert worked.fill_m3 == 0.0
    assert found.unknown_m2 == pytest.approx(0.0, abs=1e-6)


def test_a_wedge() -> None:
    """A plane of 10 % over a square of side s, level at its middle: both sides s * s * 0.1 s / 8."""
    side = 200.0
    found, scale = cells(ground(lambda e, n: 100.0 + 0.1 * e), shapely.box(-100, -100, 100, 100))
    worked = volumes(found.site, found.heights_m, np.array([100.0]), UPRIGHT)
    expected = side * side * (0.1 * side) / 8.0 * scale
    assert worked.cut_m3 == pytest.approx(expected, rel=2e-3)
    assert worked.fill_m3 == pytest.approx(expected, rel=2e-3)


def test_a_cone() -> None:
    """A cone of 150 m and 30 m over its own base: pi r2 h / 3."""
    found, scale = cells(
        ground(lambda e, n: 100.0 + 30.0 * (1.0 - np.hypot(e, n) / 150.0), 200, 5.0),
        disc(150.0),
        factor=2,
    )
    worked = volumes(found.site, found.heights_m, np.array([100.0]), UPRIGHT)
    assert worked.cut_m3 - worked.fill_m3 == pytest.approx(
        np.pi * 150.0**2 * 30.0 / 3.0 * scale, rel=2e-3
    )


def test_a_paraboloid() -> None:
    """Half the cylinder around it: pi r2 h / 2, cut at a height where a smaller one is left."""
    found, scale = cells(
        ground(lambda e, n: 100.0 + 20.0 * (1.0 - (e**2 + n**2) / 200.0**2)),
        disc(200.0),
        factor=4,
    )
    whole = volumes(found.site, found.heights_m, np.array([100.0]), UPRIGHT)
    # Straight lines between pixels of 10 m run below a curve by 100 / 12 of its curvature.
    lost = 100.0 / 12.0 * (4.0 * 20.0 / 200.0**2) * np.pi * 200.0**2
    expected = (np.pi * 200.0**2 * 20.0 / 2.0 - lost) * scale
    assert whole.cut_m3 == pytest.approx(expected, rel=3e-4)
    upper = volumes(found.site, found.heights_m, np.array([110.0]), UPRIGHT)
    # Over the level the paraboloid has half the height and half the ground.
    assert upper.cut_m3 == pytest.approx(np.pi * 20_000.0 * 10.0 / 2.0 * scale, rel=5e-3)
    assert upper.fill_m3 == pytest.approx(np.pi * 20_000.0 * 10.0 / 2.0 * scale, rel=5e-3)


@pytest.mark.parametrize(("up", "along"), [(6.0, 2.0), (-8.0, 1.5)])
def test_a_disc_with_slopes_is_a_frustum(up: float, along: float) -> None:
    """Level ground; the platform lies lower (cut) or higher (fill): a frustum of a cone,
    pi h / 3 (r2 + rR + R2) with R = r + along h."""
    radius, high = 120.0, abs(up)
    found, scale = cells(ground(lambda e, n: 100.0), disc(radius))
    worked = volumes(
        found.site, found.heights_m, np.array([100.0 - up]), Slopes(cut=along, fill=along)
    )
    outer = radius + along * high
    frustum = np.pi * high / 3.0 * (radius**2 + radius * outer + outer**2) * scale
    moved = worked.all_cut_m3 if up > 0 else worked.all_fill_m3
    assert moved == pytest.approx(frustum, rel=3e-3)
    assert worked.slope_m2 == pytest.approx(np.pi * (outer**2 - radius**2) * scale, rel=0.02)
    assert not worked.open_slopes
    assert (worked.all_fill_m3 if up > 0 else worked.all_cut_m3) == 0.0


def test_a_hill_behind_level_ground_is_not_cut() -> None:
    """The plane of a slope meets a hill far behind ground that needs no work."""

    def height(east, north):
        return np.where(np.abs(east) > 350.0, 400.0, 100.0)

    found, _ = cells(ground(height), disc(60.0))
    worked = volumes(found.site, found.heights_m, np.array([98.0]), Slopes(cut=1.0, fill=1.0))
    assert worked.slope_m2 < np.pi * (63.5**2 - 59.5**2)
    assert not worked.open_slopes


def test_slopes_that_run_out_of_the_cells_are_said_to() -> None:
    found, _ = cells(ground(lambda e, n: 100.0 - 0.6 * n), disc(60.0))
    worked = volumes(found.site, found.heights_m, np.array([100.0]), Slopes(cut=2.0, fill=2.0))
    assert worked.open_slopes


@given(
    st.floats(-0.3, 0.3),
    st.floats(-0.3, 0.3),
    st.floats(0.7, 1.4),
    st.sampled_from([UPRIGHT, Slopes(cut=1.0, fill=1.5)]),
)
@settings(max_examples=25, deadline=None)
def test_balance_balances(to_east: float, to_north: float, swell: float, slopes: Slopes) -> None:
    """A property: at the elevation found, cut times swell is the fill, slopes included."""
    grid = ground(lambda e, n: 100.0 + to_east * e + to_north * n + 2.0 * np.sin(e / 31.0))
    found, _ = cells(grid, shapely.box(-80, -60, 80, 60), factor=1)
    elevations = balance(found.site, found.heights_m, swell, slopes)
    worked = volumes(found.site, found.heights_m, elevations, slopes)
    whole = worked.all_cut_m3 + worked.all_fill_m3
    assert worked.all_cut_m3 * swell == pytest.approx(worked.all_fill_m3, abs=2e-3 * whole + 5.0)


def test_balance_of_a_plane_is_its_middle_and_swell_lifts_it() -> None:
    """By hand: without swell the middle of a wedge. With swell k, of a wedge of rise R the
    level lies at t R from below with k (1 - t)2 = t2."""
    found, _ = cells(ground(lambda e, n: 100.0 + 0.1 * e), shapely.box(-100, -100, 100, 100))
    (level,) = balance(found.site, found.heights_m, 1.0, UPRIGHT)
    assert level == pytest.approx(100.0, abs=0.01)
    (lifted,) = balance(found.site, found.heights_m, 1.21, UPRIGHT)
    share = 1.1 / 2.1
    assert lifted == pytest.approx(90.0 + 20.0 * share, abs=0.02)


@pytest.mark.slow
def test_platforms_step_down_a_slope_and_move_less() -> None:
    """By hand: n platforms of equal ground on a plane move 1 / n of what one does."""
    grid = ground(lambda e, n: 100.0 + 0.2 * n)
    moved = []
    for count in (1, 2, 4):
        found, _ = cells(grid, shapely.box(-120, -120, 120, 120), count)
        elevations = balance(found.site, found.heights_m, 1.0, UPRIGHT)
        assert np.all(np.diff(elevations) > 0) or count == 1
        shares = found.site.inside_m2.sum(axis=(1, 2))
        assert shares == pytest.approx(np.full(count, shares.mean()), rel=0.03)
        moved.append(volumes(found.site, found.heights_m, elevations, UPRIGHT).cut_m3)
    assert moved[0] / moved[1] == pytest.approx(2.0, rel=0.03)
    assert moved[0] / moved[2] == pytest.approx(4.0, rel=0.05)


def test_unknown_ground_is_told_and_balances_nothing() -> None:
    grid = ground(lambda e, n: 100.0)
    grid.values[:, :52] = np.nan
    found, _ = cells(grid, shapely.box(-50, -50, 50, 50))
    assert found.unknown_m2 > 5000.0
    empty = Site(
        area_m2=np.ones((2, 2)), inside_m2=np.zeros((1, 2, 2)), apart_m=np.zeros((2, 2)),
        nearest=np.zeros((2, 2), dtype=int),
    )  # fmt: skip
    with pytest.raises(NoBalanceError):
        balance(empty, np.zeros((2, 2)), 1.0, UPRIGHT)


def test_a_plane_stays_one_when_it_is_refined() -> None:
    """By hand: heights in the middles of cells of a plane, up to the edge of the grid."""
    grid = ground(lambda e, n: 100.0 + 0.1 * e - 0.2 * n, pixels=6)
    fine = Refinement(shape=grid.shape, factor=3).grid(grid)
    at = (np.arange(18) + 0.5) * STEP / 3
    east, north = np.meshgrid(LEFT + at - MIDDLE_X, TOP - at - MIDDLE_Y)
    np.testing.assert_allclose(fine.values, 100.0 + 0.1 * east - 0.2 * north, atol=1e-9)
