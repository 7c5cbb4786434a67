"""Slope, aspect, shade and relief: analytic planes, and gdaldem on real ground."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.cbook import get_sample_data
from pyproj import CRS

from geo.errors import GridUnitError
from geo.measure.area import radii_m
from geo.model import Grid
from geo.raster.terrain import (
    CLASS_NODATA,
    FLAT,
    aspect_deg,
    classify_slopes,
    hillshade,
    relief_m,
    slope_deg,
)
from layers.rasters._gdal import rasterio

needs_gdaldem = pytest.mark.skipif(shutil.which("gdaldem") is None, reason="Debian gdal-bin")


def heights(values, *, crs="EPSG:4543", transform=None, nodata=np.nan) -> Grid:
    transform = transform or Affine(30, 0, 5e5, 0, -30, 2.7e6)
    return Grid(
        values=np.asarray(values), transform=transform, crs=CRS(crs), nodata=nodata, unit="m"
    )


def plane(slope: float, towards: float, step: Affine, shape=(9, 11)) -> np.ndarray:
    """Heights of a plane that falls by ``slope`` towards an azimuth, both in degrees."""
    row, column = np.mgrid[: shape[0], : shape[1]]
    east, north = column * step.a, row * step.e
    run = east * np.sin(np.radians(towards)) + north * np.cos(np.radians(towards))
    return 1000.0 - np.tan(np.radians(slope)) * run


@given(
    st.floats(0.5, 80.0), st.floats(0.0, 359.0), st.sampled_from([(30, 30), (10, 20), (90, 5)]),
    st.sampled_from([-1.0, 1.0]),
)  # fmt: skip
@settings(max_examples=40)
def test_a_plane_says_what_it_is(slope, towards, pixel, up) -> None:
    # Analytic; unequal pixels are where a swapped axis shows (26.6 and 63.4 for 45 degrees).
    step = Affine(pixel[0], 0, 5e5, 0, up * pixel[1], 2.7e6)
    ground = heights(plane(slope, towards, step), transform=step)
    assert slope_deg(ground).values[1:-1, 1:-1] == pytest.approx(slope, abs=1e-6)
    away = (aspect_deg(ground).values[1:-1, 1:-1] - towards + 180.0) % 360.0 - 180.0
    assert away == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("lat", [0.0, 22.5, 25.0, 60.0])
@pytest.mark.parametrize("facing", ["east", "north"])
def test_true_45_degrees_on_lonlat_say_45(lat: float, facing: str) -> None:
    # Analytic: heights rise by the very metres of the ground, along one row or one column.
    d = 0.0001
    radii = radii_m(np.radians(np.array([lat])))
    row, column = np.mgrid[:5, :5]
    metres = {
        "east": column * radii[1][0] * np.cos(np.radians(lat)) * np.radians(d),
        "north": -row * radii[0][0] * np.radians(d),
    }[facing]
    ground = heights(metres, crs="EPSG:4490", transform=Affine(d, 0, 102, 0, -d, lat + 2.5 * d))
    assert slope_deg(ground).values[2, 2] == pytest.approx(45.0, abs=1e-6)
    assert slope_deg(ground).values[1:-1, 1:-1] == pytest.approx(45.0, abs=2e-3)


def test_by_hand_on_nine_heights() -> None:
    # Only the right column is 8 m higher: rise (8+16+8)/(8*30) = 4/30 to the east.
    z = [[0, 0, 8], [0, 0, 8], [0, 0, 8]]
    assert slope_deg(heights(z)).values[1, 1] == pytest.approx(np.degrees(np.arctan(4 / 30)))
    assert aspect_deg(heights(z)).values[1, 1] == 270.0
    assert aspect_deg(heights(np.zeros((3, 3)))).values[1, 1] == FLAT
    lit = {"azimuth_deg": 315.0, "altitude_deg": 45.0, "exaggeration": 1.0}
    level = hillshade(heights(np.zeros((3, 3))), **lit).values[1, 1]
    assert level == pytest.approx(np.sin(np.radians(45)))


@pytest.mark.parametrize("nodata", [np.nan, -9999.0])
def test_one_unknown_height_hides_its_nine(nodata: float) -> None:
    z = np.zeros((7, 7))
    z[3, 3] = nodata
    for made in (slope_deg, aspect_deg):
        unknown = np.isnan(made(heights(z, nodata=nodata)).values)
        assert unknown[1:-1, 1:-1].sum() == 9
        assert unknown.sum() == 49 - 25 + 9
    relief = relief_m(heights(z, nodata=nodata), window_m=90).values
    assert np.isnan(relief).sum() == 49 - 25 + 9


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (5, 2)])
def test_too_small_a_grid_knows_nothing(shape) -> None:
    assert np.isnan(slope_deg(heights(np.zeros(shape))).values).all()


def test_many_bands_are_as_one() -> None:
    # Property: a grid cut in two with two rows in common gives the same slopes.
    z = np.random.default_rng(5).normal(0, 10, (200, 40)).cumsum(0)
    whole = slope_deg(heights(z)).values
    step = heights(z).transform
    lower = slope_deg(heights(z[99:], transform=step @ Affine.translation(0, 99))).values
    assert np.array_equal(whole[100:], lower[1:], equal_nan=True)


def test_relief_against_brute_force() -> None:
    z = np.random.default_rng(6).normal(0, 10, (12, 13))
    step = Affine(30, 0, 5e5, 0, -50, 2.7e6)
    found = relief_m(heights(z, transform=step), window_m=150).values
    for row in range(1, 11):
        for column in range(2, 11):
            part = z[row - 1 : row + 2, column - 2 : column + 3]
            assert found[row, column] == pytest.approx(part.max() - part.min())
    assert np.isnan(found[0]).all()
    assert np.isnan(found[:, :2]).all()


def test_classes_end_at_their_bounds() -> None:
    degrees = Grid(
        values=np.array([[0.0, 3.0, 3.0001, 25.0, 26.0, np.nan]]), transform=Affine.identity(),
        crs=CRS(4543), nodata=np.nan, unit="deg",
    )  # fmt: skip
    assert classify_slopes(degrees, (3, 8, 15, 25)).values.tolist() == [
        [0, 0, 1, 3, 4, CLASS_NODATA]
    ]


def test_inputs_stay_and_units_are_asked() -> None:
    z = np.random.default_rng(7).normal(0, 10, (5, 5))
    before = z.copy()
    slope_deg(heights(z))
    relief_m(heights(z), window_m=90)
    assert np.array_equal(z, before)
    classes = Grid(values=z, transform=Affine.identity(), crs=CRS(4543), nodata=None, unit="class")
    for made in (slope_deg, aspect_deg):
        with pytest.raises(GridUnitError):
            made(classes)


def real_ground() -> np.ndarray:
    """The Jacksboro fault, Tennessee: a real model of 344 x 403 heights that matplotlib ships."""
    return get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(np.float32)


@needs_gdaldem
@pytest.mark.parametrize("pixel", [(30.0, 30.0), (30.0, 25.0)])
def test_gdaldem_says_the_same_of_real_ground(tmp_path: Path, pixel) -> None:
    # Other program: gdaldem of Debian's gdal-bin (3.6.2), single precision as here.
    z, step = real_ground(), Affine(pixel[0], 0, 7e5, 0, -pixel[1], 4.05e6)
    write_tiff(tmp_path / "z.tif", z, step, "EPSG:32616")
    ground = heights(z, crs="EPSG:32616", transform=step)
    theirs = gdaldem("slope", tmp_path)
    ours = slope_deg(ground).values
    assert np.array_equal(np.isnan(ours), theirs == -9999)
    inside = ~np.isnan(ours)
    assert np.abs(ours - theirs)[inside].max() < 5e-5
    lit = {"azimuth_deg": 315.0, "altitude_deg": 45.0, "exaggeration": 1.0}
    shade = 1.0 + 254.0 * hillshade(ground, **lit).values
    assert np.abs(shade - gdaldem("hillshade", tmp_path))[inside].max() <= 0.51
    if pixel[0] == pixel[1]:  # gdaldem's aspect takes no notice of the shape of pixels
        facing, level = aspect_deg(ground).values, gdaldem("aspect", tmp_path)
        assert np.array_equal(facing[inside] == FLAT, level[inside] == -9999)
        apart = np.abs(facing - level)[inside & (level != -9999)]
        assert np.minimum(apart, 360.0 - apart).max() < 1e-3


def write_tiff(path: Path, z: np.ndarray, step: Affine, crs: str) -> None:
    rows, columns = z.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype=z.dtype, crs=crs,
        transform=step, nodata=-9999,
    ) as file:  # fmt: skip
        file.write(z, 1)


def gdaldem(what: str, folder: Path) -> np.ndarray:
    subprocess.run(
        ["gdaldem", what, "-q", str(folder / "z.tif"), str(folder / f"{what}.tif")], check=True
    )
    with rasterio.open(folder / f"{what}.tif") as file:
        return file.read(1).astype(np.float64)
