"""Tiles of rasters. Oracles: every pixel carried over by PROJ and interpolated by hand."""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from affine import Affine
from PIL import Image
from pyproj import CRS, Transformer

from geo.model import Grid
from layers.rasters.cog import facts_of, write_grids
from layers.rasters.tiling import TILE, UnknownTileError, png, read_tile

PLACES = {
    "EPSG:4490": Affine(0.0003, 0, 102.7, 0, -0.0003, 25.1),
    "EPSG:4543": Affine(30, 0, 570_000, 0, -30, 2_780_000),
    "EPSG:32648": Affine(30, 0, 270_000, 0, -30, 2_780_000),
    "EPSG:3857": Affine(30, 0, 11_432_700, 0, -30, 2_888_400),
}


def stored(path: Path, values: np.ndarray, crs: str, unit: str) -> SimpleNamespace:
    nodata = np.nan if unit == "m" else 65_535
    grid = Grid(values=values, transform=PLACES[crs], crs=CRS(crs), nodata=nodata, unit=unit)
    write_grids(path, {"values": grid})
    return SimpleNamespace(facts=facts_of(path, unit=unit, classes=None))


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    turn = math.asinh(math.tan(math.radians(lat))) / math.pi
    return z, int((lon + 180) / 360 * 2**z), int((1 - turn) / 2 * 2**z)


def places(grid: Grid, crs: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the column and row of the raster, in pixels, under each middle of a tile's pixels."""
    row, column = np.indices(grid.shape) + 0.5
    x, y = grid.transform.c + column * grid.transform.a, grid.transform.f + row * grid.transform.e
    x, y = Transformer.from_crs(3857, crs, always_xy=True).transform(x, y)
    step = PLACES[crs]
    return (x - step.c) / step.a, (y - step.f) / step.e


@pytest.mark.parametrize("crs", PLACES)
@pytest.mark.parametrize("rim", [0, 1])
def test_heights_are_those_of_the_place(tmp_path: Path, crs: str, rim: int) -> None:
    # Analytic: a slope that any interpolation keeps, 3 m a column and 2 m a row.
    row, column = np.indices((900, 1100)) + 0.5
    heights = (1000 + 3 * column + 2 * row).astype(np.float32)
    version = stored(tmp_path / "dem.tif", heights, crs, "m")
    for z in (10, 12, 13, 15, 18):
        (found,) = read_tile(
            version, tmp_path / "dem.tif", tile_at(102.82, 24.98, z), rim=rim, nearest=False
        )
        assert found.shape == (TILE + 2 * rim, TILE + 2 * rim)
        across, down = places(found, crs)
        wide = max(found.transform.a / 30.0, 1.0)
        inside = (across > 4 * wide) & (across < 1100 - 4 * wide)
        inside &= (down > 4 * wide) & (down < 900 - 4 * wide)
        away = np.abs(found.values - (1000 + 3 * across + 2 * down))[inside]
        # GDAL carries positions over to an eighth of a pixel, overviews to one of the tile's;
        # where it reads without a warp, GDAL 3.12 bends the outermost pixels of a window.
        assert inside.any()
        near = 0.5 if crs == "EPSG:3857" else 0.13
        assert away.max() < 5 * wide * (near if z > 10 else 1.0), z
        outside = (across < -wide) | (across > 1100 + wide) | (down < -wide) | (down > 900 + wide)
        assert np.isnan(found.values[outside]).all()


@pytest.mark.parametrize("crs", PLACES)
def test_classes_are_never_mixed(tmp_path: Path, crs: str) -> None:
    # By hand: squares of 10 x 10 pixels; away from their edges the class is that of the square.
    squares = np.random.default_rng(2).integers(1, 250, (90, 110)).astype(np.uint16)
    squares[30:34, 40:45] = 65_535
    version = stored(tmp_path / "cover.tif", squares.repeat(10, 0).repeat(10, 1), crs, "class")
    (found,) = read_tile(
        version, tmp_path / "cover.tif", tile_at(102.82, 24.98, 14), rim=0, nearest=True
    )
    across, down = places(found, crs)
    clear = (np.abs(across % 10 - 5) < 4) & (np.abs(down % 10 - 5) < 4)
    expected = squares[(down // 10).astype(int), (across // 10).astype(int)]
    assert np.array_equal(found.values[clear], expected[clear])


def test_no_tile_where_the_raster_does_not_reach(tmp_path: Path) -> None:
    version = stored(tmp_path / "dem.tif", np.ones((50, 50), np.float32), "EPSG:4490", "m")
    for zxy in (tile_at(100.0, 24.98, 12), (23, 0, 0), (3, 8, 0), (-1, 0, 0)):
        with pytest.raises(UnknownTileError):
            read_tile(version, tmp_path / "dem.tif", zxy, rim=0, nearest=False)


def test_a_picture_is_kept_to_the_last_bit() -> None:
    # Second method: Pillow reads what was written.
    picture = np.random.default_rng(1).integers(0, 256, (4, 20, 30)).astype(np.uint8)
    import io

    found = np.asarray(Image.open(io.BytesIO(png(picture))))
    assert np.array_equal(found, np.moveaxis(picture, 0, -1))
