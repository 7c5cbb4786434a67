"""Shares of pixels against GEOS, exactextract, and by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.kernel.ragged import from_shapely
from geo.kernel.shares import pixel_shares

ROWS, COLUMNS = 12, 17


def image(shape: shapely.Geometry) -> np.ndarray:
    _, cells, shares = pixel_shares(from_shapely(np.array([shape])), (ROWS, COLUMNS))
    found = np.zeros(ROWS * COLUMNS)
    found[cells] = shares
    return found.reshape(ROWS, COLUMNS)


def by_geos(shape: shapely.Geometry) -> np.ndarray:
    row, column = np.mgrid[:ROWS, :COLUMNS]
    pixels = shapely.box(column, row, column + 1, row + 1)
    return shapely.area(shapely.intersection(pixels, shape))


def star(rng: np.random.Generator) -> shapely.Geometry:
    corners = int(rng.integers(3, 40))
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = rng.uniform(0.2, 1.0, corners) * rng.uniform(0.2, 14)
    middle = rng.uniform((-3, -3), (COLUMNS + 3, ROWS + 3))
    return shapely.Polygon(
        middle + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    )


def test_by_hand() -> None:
    # A quarter of one pixel, half of the next; and a whole one.
    found = image(shapely.Polygon([(1.5, 1), (3, 1), (1.5, 1.5)]))
    assert found[1, 1] == pytest.approx(0.5 * (0.5 + 1 / 3) * 0.5, rel=1e-14)
    assert found[1, 2] == pytest.approx(0.5 * 1 * (1 / 3), rel=1e-14)
    assert (found > 0).sum() == 2
    assert image(shapely.box(4, 5, 5, 6))[5, 4] == 1.0


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_geos_agrees_within_and_beyond_the_grid(seed: int) -> None:
    # Second method: every pixel as a polygon.
    shape = star(np.random.default_rng(seed))
    assert np.allclose(image(shape), by_geos(shape), rtol=0, atol=1e-12)


def test_holes_parts_and_corners_on_pixels() -> None:
    holed = shapely.box(1, 1, 9, 9) - shapely.box(2.5, 3, 7, 6.25)
    several = shapely.MultiPolygon([holed, shapely.box(10, 2, 20, 30), shapely.box(-5, 3, 0.5, 4)])
    assert np.allclose(image(several), by_geos(several), rtol=0, atol=1e-13)
    assert not image(shapely.box(30, 30, 31, 31)).any()


def test_exactextract_agrees_on_many() -> None:
    # Another program: exactextract 0.3, which keeps shares in single precision.
    exactextract = pytest.importorskip("exactextract")  # no wheel for every machine
    rng = np.random.default_rng(2)
    shapes = np.array([star(rng) for _ in range(60)])
    starts, cells, shares = pixel_shares(from_shapely(shapes), (ROWS, COLUMNS))
    crs = CRS(4543)
    zeros = np.zeros((ROWS, COLUMNS))
    source = exactextract.raster.NumPyRasterSource(zeros, 0, 0, COLUMNS, ROWS, srs_wkt=crs.to_wkt())
    frame = gpd.GeoDataFrame(geometry=shapes, crs=crs)
    wanted = ["cell_id", "coverage"]
    table = exactextract.exact_extract(source, frame, wanted, output="pandas")
    for at, (ids, theirs) in enumerate(zip(table["cell_id"], table["coverage"], strict=True)):
        image_, other = np.zeros(ROWS * COLUMNS), np.zeros(ROWS * COLUMNS)
        image_[cells[starts[at] : starts[at + 1]]] = shares[starts[at] : starts[at + 1]]
        row, column = np.divmod(np.asarray(ids, dtype=np.int64), COLUMNS)
        other[(ROWS - 1 - row) * COLUMNS + column] = theirs
        assert np.allclose(image_, other, rtol=0, atol=1e-6)
