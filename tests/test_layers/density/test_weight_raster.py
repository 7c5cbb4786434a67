"""Weights from rasters. Oracles: by hand, every pixel cut by GEOS, properties."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine

from geo.errors import MissingCrsError, TurnedGridError
from geo.measure.area import area_lonlat_m2
from layers.density import weight_raster
from layers.density.weight_raster import VALUES, WeightRaster, raster_share, raster_weights
from layers.errors import DamagedFileError
from layers.rasters._gdal import rasterio
from layers.rasters.errors import (
    ComplexPixelsError,
    FractionalClassError,
    NoGeotransformError,
    WindowTooLargeError,
)

STEP = Affine(0.01, 0.0, 102.0, 0.0, -0.01, 25.0)


def write(path: Path, values: np.ndarray, **changes: object) -> WeightRaster:
    profile = {
        "driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1,
        "dtype": values.dtype.name, "crs": "EPSG:4326", "transform": STEP, **changes,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path, "w", **profile) as file:
            file.write(values, 1)
    return WeightRaster(path=path, legend=VALUES)


def by_geos(values: np.ndarray, shape: shapely.Geometry) -> float:
    """Sum over all pixels of the ground that a polygon has in each times its value."""
    (row, column), total = np.indices(values.shape), 0.0
    squares = shapely.box(
        102 + 0.01 * column, 25 - 0.01 * row - 0.01, 102 + 0.01 * column + 0.01, 25 - 0.01 * row
    )
    cut = shapely.intersection(squares, shape)
    for piece, value in zip(cut.ravel(), values.ravel(), strict=True):
        if piece.area and value > 0:
            total += value * float(area_lonlat_m2(np.array([piece]))[0])
    return total


def test_values_weigh_by_ground_and_what_is_unknown_or_negative_does_not(tmp_path: Path) -> None:
    values = np.random.default_rng(5).uniform(-2, 9, (20, 30)).astype(np.float32)
    values[4:7, 8:12] = np.nan
    raster = write(tmp_path / "lights.tif", values, nodata=np.nan)
    shapes = np.array(
        [shapely.Point(102.11, 24.93).buffer(0.05), shapely.box(102.2, 24.85, 102.5, 24.9)]
    )
    expected = [by_geos(np.nan_to_num(values), shape) for shape in shapes]
    assert raster_weights([raster], shapes) == pytest.approx(expected, rel=1e-6)
    # By hand: the second box has a third of its width within the raster.
    assert raster_share([raster], shapes[1:]) == pytest.approx(1 / 3, rel=1e-6)


def test_what_lies_far_apart_is_read_apart_with_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(6).integers(0, 9, (200, 300)).astype(np.uint8)
    raster = write(tmp_path / "own.tif", values, nodata=0)
    rng = np.random.default_rng(7)
    shapes = shapely.buffer(
        shapely.points(rng.uniform(101.9, 105.1, 40), rng.uniform(22.9, 25.1, 40)), 0.06
    )
    together = raster_weights([raster], shapes)
    assert (together > 0).sum() > 30
    monkeypatch.setattr(weight_raster, "_TOGETHER", 400)
    assert raster_weights([raster], shapes) == pytest.approx(together, rel=1e-9)
    monkeypatch.setattr(weight_raster, "MOST_PIXELS", 100)
    with pytest.raises(WindowTooLargeError):
        raster_weights([raster], shapes)


@pytest.mark.parametrize(
    ("crs", "west_m", "north_m"),
    [
        ("EPSG:4543", 560_000.0, 2_790_000.0),
        ("EPSG:32648", 250_000.0, 2_790_000.0),
        ("EPSG:3857", 11_420_000.0, 2_890_000.0),
    ],
)
def test_a_raster_in_a_plane_weighs_as_one_in_degrees(
    tmp_path: Path, crs: str, west_m: float, north_m: float
) -> None:
    # By hand: one value everywhere weighs by area alone, whatever the CRS.
    step = Affine(500.0, 0.0, west_m, 0.0, -500.0, north_m)
    values = np.full((200, 200), 3, dtype=np.int16)
    raster = write(tmp_path / "flat.tif", values, crs=crs, transform=step)
    shapes = np.array([shapely.box(102.8, 24.7, 102.9, 24.8), shapely.box(10, 10, 11, 11)])
    expected = [3 * float(area_lonlat_m2(shapes[:1])[0]), 0.0]
    assert raster_weights([raster], shapes) == pytest.approx(expected, rel=1e-9)


def test_classes_weigh_by_their_group(tmp_path: Path) -> None:
    # By hand: built-up land has a weight, woodland and unknown codes have none.
    values = np.array([[50, 10], [99, 0]], dtype=np.uint8)
    raster = write(tmp_path / "cover.tif", values, nodata=0)
    raster = WeightRaster(path=raster.path, legend="esa_worldcover")
    pixels = shapely.box([102.0, 102.01, 102.0], [24.99, 24.99, 24.98], [102.01, 102.02, 102.01],
                         [25.0, 25.0, 24.99])  # fmt: skip
    found = raster_weights([raster], pixels)
    weight = weight_raster.group_weights()["built"]
    assert found == pytest.approx([weight * float(area_lonlat_m2(pixels)[0]), 0.0, 0.0])
    assert raster_share([raster], pixels) == pytest.approx(1.0)


def test_a_class_that_is_no_whole_number_is_refused(tmp_path: Path) -> None:
    values = np.array([[50.0, 10.6]], dtype=np.float32)
    raster = replace(write(tmp_path / "cover.tif", values), legend="esa_worldcover")
    with pytest.raises(FractionalClassError) as caught:
        raster_weights([raster], shapely.box([102.0], [24.99], [102.02], [25.0]))
    assert caught.value.params["found"] == [10.6]


def test_what_is_no_upright_geotiff_with_a_crs_is_refused(tmp_path: Path) -> None:
    shapes = np.array([shapely.box(102.0, 24.9, 102.1, 25.0)])
    values = np.ones((3, 3), dtype=np.uint8)
    turned = write(tmp_path / "turned.tif", values, transform=STEP @ Affine.rotation(20))
    with pytest.raises(TurnedGridError):
        raster_weights([turned], shapes)
    with pytest.raises(MissingCrsError):
        raster_weights([write(tmp_path / "bare.tif", values, crs=None)], shapes)
    with pytest.raises(ComplexPixelsError):
        raster_weights([write(tmp_path / "pairs.tif", values.astype(np.complex64))], shapes)
    with pytest.raises(NoGeotransformError):
        raster_weights([write(tmp_path / "lost.tif", values, transform=Affine.identity())], shapes)
    (tmp_path / "text.tif").write_text("no raster", encoding="utf-8")
    with pytest.raises(DamagedFileError):
        raster_share([WeightRaster(path=tmp_path / "text.tif", legend=VALUES)], shapes)
