"""Shares of pixels under polygons: by hand, by exactextract's own sums, by overlay."""

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from rasterstats import zonal_stats

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import parse_crs, transform
from geo.model import Grid
from geo.raster.zonal import class_areas, covers, filled_pixels, spread, touched_pixels

STEP = Affine(0.001, 0, 102.8, 0, -0.001, 25.0)


def grid(values, *, step=STEP, crs="EPSG:4490", nodata=np.nan, unit="m") -> Grid:
    return Grid(values=np.asarray(values), transform=step, crs=CRS(crs), nodata=nodata, unit=unit)


def one(shape, ground: Grid):
    shapes = np.array([shape], dtype=object)
    return covers(shapes, area_lonlat_m2(shapes), ground)[0]


def test_by_hand_half_a_pixel_more_on_each_side() -> None:
    # exactextract's own example: 3 x 3 pixels, a square from the middle of the corner ones.
    ground = grid(np.arange(1.0, 10.0).reshape(3, 3))
    square = shapely.box(102.8005, 24.9975, 102.8025, 24.9995)
    cover = one(square, ground)
    assert cover.cells.tolist() == list(range(9))
    shares = cover.areas_m2 / cover.areas_m2[4]
    assert shares == pytest.approx([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25], rel=1e-4)
    found = spread(cover, ground)
    assert (found.least, found.most) == (1.0, 9.0)
    assert found.mean == pytest.approx(5.0, abs=1e-3)
    assert cover.outside_m2 == 0.0
    assert found.known_m2 == pytest.approx(area_lonlat_m2(np.array([square]))[0], rel=1e-12)


@given(
    st.floats(102.8, 102.85), st.floats(24.95, 25.0), st.floats(0.0005, 0.02), st.integers(3, 30),
    st.sampled_from(["EPSG:4490", "EPSG:4543"]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_parts_add_up_to_the_site(x, y, radius, corners, crs) -> None:
    # Property, against the area by the national series: pixels and what lies beyond are all.
    step = STEP if crs == "EPSG:4490" else Affine(90, 0, 580700, 0, -90, 2765800)
    values = np.random.default_rng(1).integers(0, 4, (60, 60)).astype(float)
    values[::7, ::5] = np.nan
    ground = grid(values, step=step, crs=crs, unit="class")
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    site = shapely.Polygon(
        np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    )
    area_m2 = area_lonlat_m2(np.array([site]))[0]
    cover = one(site, ground)
    found = class_areas(cover, ground)
    parts = sum(found.by_class.values()) + found.unknown_m2 + cover.outside_m2
    assert parts == pytest.approx(area_m2, rel=1e-6)


@pytest.mark.parametrize("sign", [(1, -1), (1, 1), (-1, -1), (-1, 1)])
def test_rows_and_columns_may_run_either_way(sign) -> None:
    # Second method: the same ground, turned by hand.
    values = np.arange(20.0).reshape(4, 5)
    step = Affine(
        sign[0] * 0.001, 0, 102.8 + (0.005 if sign[0] < 0 else 0),
        0, sign[1] * 0.001, 24.996 if sign[1] > 0 else 25.0,
    )  # fmt: skip
    turned = values[:: -sign[1], :: sign[0]]
    site = shapely.Polygon([(102.8003, 24.9991), (102.8034, 24.9987), (102.8012, 24.9962)])
    upright = spread(one(site, grid(values)), grid(values))
    other = grid(turned, step=step)
    found = spread(one(site, other), other)
    assert (found.least, found.most) == (upright.least, upright.most)
    assert found.mean == pytest.approx(upright.mean, rel=1e-9)


def test_exactextract_and_rasterstats_agree() -> None:
    # Other programs: exactextract 0.3 weighs by share alone, so pixels of one row are compared
    # over a site of a few rows; rasterstats takes whole pixels whose middle is inside.
    exactextract = pytest.importorskip("exactextract")  # no wheel for every machine
    rng = np.random.default_rng(3)
    ground = grid(rng.normal(1900, 50, (80, 80)).astype(np.float32))
    site = shapely.Point(102.84, 24.96).buffer(0.02)
    found = spread(one(site, ground), ground)
    source = exactextract.raster.NumPyRasterSource(ground.values, *ground.bounds)
    feature = {"type": "Feature", "geometry": shapely.geometry.mapping(site), "properties": {}}
    theirs = exactextract.exact_extract(source, [feature], ["mean", "min", "max"])[0]["properties"]
    assert found.mean == pytest.approx(theirs["mean"], rel=1e-6)
    assert (found.least, found.most) == (theirs["min"], theirs["max"])
    centre = zonal_stats([site], ground.values, affine=STEP, stats=["mean"], nodata=-9999)[0]
    assert found.mean == pytest.approx(centre["mean"], rel=2e-3)


def test_classes_against_overlay_of_each_pixel() -> None:
    # Second method: intersect the site with the square of every pixel.
    values = np.random.default_rng(4).integers(1, 4, (12, 12)).astype(np.uint16)
    values[2, 3] = 65535
    ground = grid(values, nodata=65535, unit="class")
    site = shapely.Polygon([(102.8013, 24.9991), (102.8101, 24.9953), (102.8062, 24.9897)])
    pieces = {}
    for (row, column), code in np.ndenumerate(values):
        x, y = 102.8 + 0.001 * column, 25.0 - 0.001 * row
        piece = shapely.intersection(site, shapely.box(x, y - 0.001, x + 0.001, y))
        if piece.area:
            pieces[int(code)] = pieces.get(int(code), 0.0) + area_lonlat_m2(np.array([piece]))[0]
    cover = one(site, ground)
    found = class_areas(cover, ground)
    assert found.unknown_m2 == pytest.approx(pieces.pop(65535, 0.0), rel=1e-6)
    assert found.by_class == pytest.approx(pieces, rel=1e-6)


def test_a_plane_keeps_areas_of_the_ellipsoid() -> None:
    # A class over half of a site in a Gauss-Krueger plane, away from its meridian: 0.02 % there.
    plane = parse_crs("EPSG:4543")
    step = Affine(30, 0, 620000, 0, -30, 2765000)
    values = np.zeros((100, 100))
    values[:, 50:] = 1
    flat = shapely.box(620300, 2762600, 622700, 2764700)
    site = transform(shapely.segmentize(np.array([flat]), 50.0), plane, parse_crs("EPSG:4490"))
    half = transform(
        shapely.segmentize(np.array([shapely.box(621500, 2762600, 622700, 2764700)]), 50.0),
        plane, parse_crs("EPSG:4490"),
    )  # fmt: skip
    ground = grid(values, step=step, crs="EPSG:4543", unit="class")
    cover = covers(site, area_lonlat_m2(site), ground)[0]
    assert class_areas(cover, ground).by_class[1] == pytest.approx(
        area_lonlat_m2(half)[0], rel=1e-7
    )


def test_beyond_the_grid_and_over_nothing_known() -> None:
    ground = grid(np.full((3, 3), np.nan))
    half_out = shapely.box(102.802, 24.998, 102.804, 24.999)
    cover = one(half_out, ground)
    area_m2 = area_lonlat_m2(np.array([half_out]))[0]
    assert cover.outside_m2 == pytest.approx(area_m2 / 2, rel=1e-6)
    found = spread(cover, ground)
    assert (found.least, found.mean, found.most, found.known_m2) == (None, None, None, 0.0)
    assert found.unknown_m2 == pytest.approx(area_m2 / 2, rel=1e-6)
    away = one(shapely.box(103, 25, 103.1, 25.1), ground)
    assert away.cells.size == 0
    assert away.inside_m2 == 0.0
    assert covers(np.array([], dtype=object), np.array([]), ground) == []


@given(st.integers(0, 2**31))
@settings(max_examples=20, deadline=None)
def test_touched_and_filled_against_geos(seed) -> None:
    # Second method: GEOS on the square of every pixel, with a hair for rounding.
    rng = np.random.default_rng(seed)
    ground = grid(np.zeros((8, 9)))
    shapes = shapely.buffer(
        shapely.points(rng.uniform(102.799, 102.81, 3), rng.uniform(24.991, 25.001, 3)),
        rng.uniform(0.0002, 0.004, 3),
    )
    row, column = np.mgrid[:8, :9]
    x, y = 102.8 + 0.001 * column, 25.0 - 0.001 * row
    squares = shapely.box(x, y - 0.001, x + 0.001, y)
    part = shapely.area(shapely.intersection(squares[..., None], shapes)) / 1e-6
    clear = (part.max(-1) > 1e-6) | (part.max(-1) == 0.0)
    assert np.array_equal(touched_pixels(shapes, ground)[clear], (part.max(-1) > 0)[clear])
    full = np.abs(part.max(-1) - 1.0) < 1e-9
    assert np.array_equal(filled_pixels(shapes, ground)[full], full[full])
    assert not filled_pixels(shapes, ground)[part.max(-1) < 0.9999].any()
    assert not touched_pixels(np.array([], dtype=object), ground).any()


def test_a_grid_in_the_hole_of_a_polygon_is_not_touched() -> None:
    # By hand: the ring lies wholly outside the grid; clipping by rectangle once filled it.
    around = shapely.box(102.7, 24.9, 102.9, 25.1).difference(
        shapely.box(102.79, 24.98, 102.82, 25.01)
    )
    ground = grid(np.zeros((8, 9)))
    shapes = np.array([around], dtype=object)
    assert not touched_pixels(shapes, ground).any()
    assert not filled_pixels(shapes, ground).any()
    assert filled_pixels(
        np.array([shapely.box(102.7, 24.9, 102.9, 25.1)], dtype=object), ground
    ).all()


def test_many_at_once_are_measured_as_each_alone() -> None:
    # Property; the kernel itself is held against GEOS and exactextract in its own tests.
    rng = np.random.default_rng(8)
    west, south = rng.uniform((102.0, 24.9), (102.1, 25.0), (80, 2)).T
    shapes = shapely.buffer(shapely.points(west, south), 0.004, quad_segs=3)
    areas_m2 = area_lonlat_m2(shapes)
    ground = grid(rng.uniform(0, 9, (100, 100)), step=Affine(0.001, 0, 102.0, 0, -0.001, 25.0))
    together = covers(shapes, areas_m2, ground)
    for shape, area_m2, cover in zip(shapes, areas_m2, together, strict=True):
        (alone,) = covers(np.array([shape]), np.array([area_m2]), ground)
        assert np.array_equal(cover.cells, alone.cells)
        assert np.array_equal(cover.areas_m2, alone.areas_m2)
        assert cover.outside_m2 == alone.outside_m2
