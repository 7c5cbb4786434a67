"""Where pixels lie on the ground, against pyproj's geodesics and polygon areas."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geo.errors import (
    DistortedPlaneError,
    GridMismatchError,
    GridUnitError,
    TurnedGridError,
)
from geo.measure.area import ellipsoidal_area_m2, radii_m
from geo.model import Grid
from geo.raster.grid import (
    into_grid,
    lonlat_bounds,
    pixel_areas,
    pixel_size_m,
    pixel_width_m,
    require_same_grid,
    require_unit,
)

ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)


def grid(shape=(4, 5), *, crs="EPSG:4490", transform=None, unit="m") -> Grid:
    transform = transform or Affine(0.001, 0, 102.0, 0, -0.001, 25.0)
    return Grid(values=np.zeros(shape), transform=transform, crs=CRS(crs), nodata=np.nan, unit=unit)


@given(st.floats(-60.0, 60.0))
def test_lengths_on_lonlat_are_those_of_geodesics(lat: float) -> None:
    # Second method: Karney's geodesics in pyproj; an arc of 0.001 degrees is straight to 1e-9.
    one = grid((3, 3), transform=Affine(0.001, 0, 102.0, 0, -0.001, lat))
    width_m, height_m = pixel_size_m(one)
    middle = lat - 0.0015
    _, _, across = ELLIPSOID.inv(102.0, middle, 102.001, middle)
    _, _, along = ELLIPSOID.inv(102.0, middle - 0.0005, 102.0, middle + 0.0005)
    assert width_m[1] == pytest.approx(across, rel=1e-8)
    assert height_m[1] == pytest.approx(along, rel=1e-8)


def test_lengths_in_a_plane_are_its_own() -> None:
    # By hand; EPSG:2263 is in US survey feet.
    wide = grid((2, 2), crs="EPSG:4543", transform=Affine(30, 0, 5e5, 0, -20, 2.7e6))
    assert pixel_size_m(wide)[0].tolist() == [30.0, 30.0]
    assert pixel_size_m(wide)[1].tolist() == [20.0, 20.0]
    assert pixel_width_m(wide) == 30.0
    feet = grid((2, 2), crs="EPSG:2263", transform=Affine(100, 0, 1e6, 0, -100, 2e5))
    assert pixel_size_m(feet)[1] == pytest.approx(100 * 1200 / 3937)


def test_mercator_is_measured_on_the_ground() -> None:
    # Analytic: a degree of longitude is as wide as at this latitude on the ellipsoid.
    y = 2875744.624  # 25 degrees north
    mercator = grid((3, 2), crs="EPSG:3857", transform=Affine(30, 0, 1.14e7, 0, -30, y + 45))
    width_m, _ = pixel_size_m(mercator)
    normal_m = radii_m(np.radians(np.array([25.0])))[1][0]
    expected = 30 / 6378137 * normal_m * np.cos(np.radians(25))
    assert width_m[1] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [("ESRI:54008", 1.0e7, 2.7e6), ("EPSG:3571", 2.0e6, -6.0e6)],
)
def test_a_plane_that_bends_pixels_is_refused(crs, x, y) -> None:
    # A sinusoidal plane leans meridians; a polar equal-area one turns and squeezes them.
    bent = grid((50, 50), crs=crs, transform=Affine(30, 0, x, 0, -30, y))
    with pytest.raises(DistortedPlaneError) as caught:
        pixel_size_m(bent)
    assert caught.value.params["crs"] in {crs, "World_Sinusoidal"}


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:4490", Affine(0.002, 0, 102.8, 0, -0.001, 25.0)),
        ("EPSG:4490", Affine(0.002, 0, 102.8, 0, 0.001, 25.0)),
        ("EPSG:4326", Affine(0.01, 0, 97.8, 0, -0.02, 24.0)),
        ("EPSG:4543", Affine(90, 0, 580000, 0, -60, 2765000)),
        ("EPSG:32648", Affine(300, 0, 200000, 0, -300, 2500000)),
        ("EPSG:3857", Affine(30, 0, 1.145e7, 0, -30, 2.88e6)),
    ],
)
def test_areas_of_pixels_are_those_of_their_squares(crs: str, transform: Affine) -> None:
    # Second method: the polygon of each pixel, through the area that the product uses.
    one = grid((6, 7), crs=crs, transform=transform)
    cells = np.arange(42)
    boxes = [
        shapely.box(*np.sort([transform @ (c, r), transform @ (c + 1, r + 1)], axis=0).ravel())
        for r, c in zip(*np.divmod(cells, 7), strict=True)
    ]
    expected = ellipsoidal_area_m2(gpd.GeoSeries(boxes, crs=crs)).to_numpy()
    assert pixel_areas(one).of(cells) == pytest.approx(expected, rel=2e-7)


def test_turned_foreign_and_shifted_grids_are_refused() -> None:
    turned = grid(transform=Affine.rotation(5) @ Affine.scale(0.001))
    with pytest.raises(TurnedGridError):
        pixel_size_m(turned)
    with pytest.raises(GridUnitError) as caught:
        require_unit(grid(unit="class"), "m")
    assert caught.value.params == {"needed": "m", "found": "class"}
    require_same_grid(grid(), grid())
    for other in (
        grid((4, 4)),
        grid(crs="EPSG:4326"),
        grid(transform=Affine(0.001, 0, 102.0005, 0, -0.001, 25.0)),
    ):
        with pytest.raises(GridMismatchError):
            require_same_grid(grid(), other)


def test_sites_come_into_a_plane_with_their_edges_where_they_were() -> None:
    # A square of 0.1 degrees: the parallel bulges, so corners alone would move its edge by metres.
    plane = grid((2, 2), crs="EPSG:4543", transform=Affine(30, 0, 5e5, 0, -30, 2.7e6))
    square = shapely.box(102.5, 24.9, 102.6, 25.0)
    moved = into_grid(np.array([square]), plane)
    area = ellipsoidal_area_m2(gpd.GeoSeries(moved, crs=4543)).iloc[0]
    assert area == pytest.approx(
        ellipsoidal_area_m2(gpd.GeoSeries([square], crs=4490)).iloc[0], rel=1e-9
    )
    west, south, east, north = lonlat_bounds(shapely.bounds(moved[0]), CRS(4543))
    assert (west, south) <= (102.5, 24.9)
    assert (east, north) >= (102.6, 25.0)
