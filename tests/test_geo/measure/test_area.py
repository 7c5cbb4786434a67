"""geo.area. Oracles: published vectors, GeographicLib, an exact integral, properties."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geo.errors import MissingCrsError, NonFiniteCoordinateError, NotPolygonalError
from geo.measure.area import area_lonlat_m2, ellipsoidal_area_m2, national_area_lonlat_m2
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M, SEMI_MINOR_M

GEOD = Geod(a=SEMI_MAJOR_M, rf=1.0 / FLATTENING)
DISTRICTS = [
    # Places of domain.md, finding 4, with their zones and how much larger the plane is.
    pytest.param(102.83, 24.88, 4543, 0.018, id="Kunming"),
    pytest.param(103.95, 22.52, 4544, 0.028, id="Hekou"),
    pytest.param(97.85, 24.01, 4542, 0.034, id="Ruili"),
]
SIX_CODES = (4542, 4543, 4544, 4521, 4522, 4523)
checked = settings(max_examples=40, deadline=None)


def area_m2(geometry, crs="EPSG:4490"):
    return float(ellipsoidal_area_m2(gpd.GeoSeries([geometry], crs=crs)).iloc[0])


@st.composite
def rings(draw):
    """Draw a simple star-shaped ring round the origin within the unit circle."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.4, 1.0), min_size=count, max_size=count))
    turn = draw(st.floats(0.0, 1.0))
    angle = 2.0 * np.pi * (np.arange(count) + turn) / count
    return np.column_stack([radii * np.cos(angle), radii * np.sin(angle)])


@st.composite
def polygons(draw, *, lon=(97.6, 106.0), min_radius_m=50.0, max_radius_m=10_000.0):
    """Draw valid lon/lat polygons: holes, two parts, rings of both directions."""
    centre = np.array([draw(st.floats(*lon)), draw(st.floats(21.0, 29.5))])
    radius_m = np.exp(draw(st.floats(np.log(min_radius_m), np.log(max_radius_m))))
    degrees = radius_m / 111_000.0 * np.array([1.0 / np.cos(np.radians(centre[1])), 1.0])
    parts = []
    for at in range(draw(st.integers(1, 2))):
        # The incircle of a star of at least three points at 0.4 has a radius of 0.2.
        shell, hole = draw(rings()), draw(st.none() | rings())
        middle = centre + (at * 2.5, 0.0) * degrees
        if draw(st.booleans()):
            shell = shell[::-1]
        holes = [] if hole is None else [middle + 0.15 * hole * degrees]
        parts.append(shapely.Polygon(middle + shell * degrees, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def by_rings(geometry, ring_area):
    total = 0.0
    for part in shapely.get_parts(geometry):
        shell, *holes = (np.asarray(ring.coords) for ring in shapely.get_rings(part))
        total += ring_area(shell) - sum(ring_area(hole) for hole in holes)
    return total


def geodesic_ring_m2(ring):
    """GeographicLib's area of straight lon/lat edges, as the limit of ever finer pieces.

    Its edges are geodesics. What they enclose with the lon/lat edges falls with the
    square of the piece, so two piece lengths give the limit.
    """

    # Each edge must be halved exactly, or the two errors are not in a ratio of four.
    steps = np.linspace(0.0, 1.0, 65)[:, None]

    def subdivided(xy):
        pieces = [a + steps[:-1] * (b - a) for a, b in itertools.pairwise(xy)]
        return np.vstack([*pieces, xy[-1:]])

    def geodesic(xy):
        return abs(GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])[0])

    fine = subdivided(ring)
    return (4.0 * geodesic(fine) - geodesic(fine[::2])) / 3.0


def exact_ring_m2(ring):
    """Integral of the closed authalic area along each edge, in extended precision."""
    wide = np.longdouble
    e = np.sqrt(wide(FLATTENING) * (2 - wide(FLATTENING)))
    xy = np.deg2rad(ring.astype(wide))

    def to_equator(lat):
        s = np.sin(lat)
        return wide(SEMI_MINOR_M) ** 2 / 2 * (s / (1 - (e * s) ** 2) + np.arctanh(e * s) / e)

    nodes, weights = np.polynomial.legendre.leggauss(7)
    base, total = to_equator(xy[0, 1]), wide(0)
    for (lon1, lat1), (lon2, lat2) in itertools.pairwise(xy):
        lat = lat1 + (lat2 - lat1) * (1 + nodes) / 2
        total += (lon2 - lon1) * (weights * (to_equator(lat) - base)).sum() / 2
    return float(abs(total))


def test_a_cell_of_one_degree():
    # domain.md 2.1, vector 1; the closed authalic formula differs by 1.7e-4 m2.
    cell = shapely.box(102.0, 25.0, 103.0, 26.0)
    assert area_m2(cell) == pytest.approx(11_137_467_459.3516, abs=5e-4)
    assert area_m2(cell) == pytest.approx(exact_ring_m2(np.asarray(cell.exterior.coords)), abs=3e-4)


@pytest.mark.parametrize(("lon", "lat", "code", "larger_pct"), DISTRICTS)
def test_plane_areas_are_too_large(lon, lat, code, larger_pct):
    # domain.md, finding 4, and 2.1, vector 2: a 1 km square of the zone's plane.
    east, north = Transformer.from_crs(4490, code, always_xy=True).transform(lon, lat)
    square = shapely.box(east, north, east + 1000.0, north + 1000.0)
    found = area_m2(square, code)
    assert 100.0 * (1e6 / found - 1.0) == pytest.approx(larger_pct, abs=0.001)
    # Second method: GeographicLib on 10 m pieces of the same plane edges.
    fine = np.asarray(shapely.segmentize(square, 10.0).exterior.coords)
    lonlat = Transformer.from_crs(code, 4490, always_xy=True).transform(*fine.T)
    assert found == pytest.approx(abs(GEOD.polygon_area_perimeter(*lonlat)[0]), abs=0.1)


@checked
@given(polygons())
def test_geographiclib_agrees(polygon):
    # 1e-9, and what GeographicLib itself rounds: about 0.004 m2 an edge at these latitudes.
    expected = by_rings(polygon, geodesic_ring_m2)
    assert area_m2(polygon) == pytest.approx(expected, rel=1e-9, abs=0.3)


@checked
@given(polygons())
def test_the_exact_integral_agrees(polygon):
    # Small plots too, where GeographicLib's rounding hides 1e-6.
    expected = by_rings(polygon, exact_ring_m2)
    assert area_m2(polygon) == pytest.approx(expected, rel=1e-12, abs=1e-6)


@checked
@given(polygons())
def test_the_national_series_agrees_to_every_printed_digit(polygon):
    # Second method: 国土调查办发〔2008〕32号 on pieces of 200 m.
    (national,) = national_area_lonlat_m2(np.array([polygon], dtype=object))
    assert area_m2(polygon) == pytest.approx(national, rel=1e-11, abs=1e-6)


@pytest.mark.parametrize(("edge_deg", "expected"), [(0.01, 2e-9), (0.1, 2e-7), (1.0, 2e-5)])
def test_how_far_geodesic_edges_are_from_straight_ones(edge_deg, expected):
    # Second method: GeographicLib, whose edges are another line by definition.
    cell = shapely.box(102.0, 25.0, 102.0 + edge_deg, 25.0 + edge_deg)
    geodesic = abs(GEOD.geometry_area_perimeter(cell)[0])
    assert abs(area_m2(cell) / geodesic - 1.0) == pytest.approx(expected, rel=0.6)


@pytest.mark.parametrize("size_deg", [0.001, 0.2, 6.0])
def test_long_edges_need_no_cutting(size_deg):
    # Property: more vertices on the same lon/lat edges change nothing at all.
    rough = shapely.Polygon(np.array([(0, 0), (3, 0.5), (2, 2), (1, 1)]) * size_deg + (98, 22))
    fine = shapely.segmentize(rough, size_deg / 50.0)
    assert area_m2(rough) == pytest.approx(area_m2(fine), rel=1e-12, abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(polygons(max_radius_m=3000.0))
def test_the_same_polygon_in_every_code(polygon):
    # Property: which file it came in is no matter. Vertices every 25 m pin the edges down.
    fine = shapely.segmentize(polygon, 25.0 / 111_000.0)
    expected = area_m2(fine)
    assert area_m2(fine, "EPSG:4326") == expected
    for code in SIX_CODES:
        projected = gpd.GeoSeries([fine], crs="EPSG:4490").to_crs(code)
        assert float(ellipsoidal_area_m2(projected).iloc[0]) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(rings(), st.floats(np.log(20.0), np.log(10_000.0)), st.sampled_from([4542, 4543, 4544]))
def test_plane_edges_are_straight_in_the_plane(ring, log_radius, code):
    # Property: more vertices on the same plane edges change nothing that matters.
    plot = shapely.Polygon(ring * np.exp(log_radius) + (590_000.0, 2_700_000.0))
    fine = shapely.segmentize(plot, max(plot.length / 2000.0, 1.0))
    assert area_m2(plot, code) == pytest.approx(area_m2(fine, code), rel=1e-6)


@pytest.mark.parametrize(("zone", "plain", "prefixed"), [(33, 4542, 4521), (34, 4543, 4522)])
def test_a_zone_number_in_the_easting_is_no_ground(zone, plain, prefixed):
    plot = shapely.box(580_000.0, 2_760_000.0, 580_350.0, 2_760_200.0)
    moved = shapely.transform(plot, lambda xy: xy + (zone * 1e6, 0.0))  # noqa: RUF005
    assert area_m2(moved, prefixed) == pytest.approx(area_m2(plot, plain), rel=1e-9)


@checked
@given(polygons(), st.integers(-20, 20))
def test_longitude_does_not_matter(polygon, steps):
    # Property: the ellipsoid is round. Steps of 1/8 degree keep the digits of most doubles.
    moved = shapely.transform(polygon, lambda xy: xy + (steps / 8.0, 0.0))  # noqa: RUF005
    assert area_m2(moved) == pytest.approx(area_m2(polygon), rel=1e-8)


@checked
@given(polygons(), st.floats(0.2, 0.8))
def test_parts_add_up(polygon, where):
    # Property: a cut along a meridian or a parallel loses nothing.
    west, south, east, north = polygon.bounds
    lon, lat = west + where * (east - west), south + where * (north - south)
    for half in (shapely.box(west, south, lon, north), shapely.box(west, south, east, lat)):
        pieces = polygon.intersection(half), polygon.difference(half)
        assert sum(map(area_m2, pieces)) == pytest.approx(area_m2(polygon), rel=1e-8)


@checked
@given(polygons())
def test_ring_directions_do_not_matter(polygon):
    for turned in (polygon.reverse(), shapely.orient_polygons(polygon)):
        assert area_m2(turned) == pytest.approx(area_m2(polygon), rel=1e-10)


def test_a_hole_is_not_covered():
    # By hand: the cell in four, one of them cut out of it.
    cell, quarter = shapely.box(102, 25, 103, 26), shapely.box(102.25, 25.25, 102.75, 25.75)
    for hole in (quarter.exterior.coords, quarter.exterior.coords[::-1]):
        pierced = shapely.Polygon(cell.exterior, [hole])
        assert area_m2(pierced) == pytest.approx(area_m2(cell) - area_m2(quarter), rel=1e-12)


def test_nothing_missing_and_empty_parts():
    square = shapely.box(580_000.0, 2_760_000.0, 580_100.0, 2_760_100.0)
    with_empty = shapely.from_wkt("MULTIPOLYGON (EMPTY, ((0 0, 1 0, 1 1, 0 0)))")
    with_empty = shapely.transform(with_empty, lambda xy: square.bounds[:2] + 100.0 * xy)
    one_point = shapely.Polygon([square.bounds[:2]] * 4)
    series = gpd.GeoSeries(
        [None, shapely.Polygon(), shapely.MultiPolygon(), square, with_empty, one_point],
        index=list("abcdef"),
        crs="EPSG:4543",
    )
    areas = ellipsoidal_area_m2(series)
    assert areas.index.tolist() == list("abcdef")
    assert np.isnan(areas["a"])
    assert areas["b"] == areas["c"] == areas["f"] == 0.0
    assert areas["e"] == pytest.approx(areas["d"] / 2.0, rel=1e-6)
    lonlat = ellipsoidal_area_m2(gpd.GeoSeries([one_point_at(102.5, 25.0), None], crs="EPSG:4490"))
    assert lonlat.iloc[0] == 0.0
    assert len(ellipsoidal_area_m2(gpd.GeoSeries([], crs="EPSG:4490"))) == 0
    assert ellipsoidal_area_m2(gpd.GeoSeries([], crs="EPSG:4543")).dtype == float


def one_point_at(lon, lat):
    return shapely.Polygon([(lon, lat)] * 4)


def test_height_is_ignored():
    square = shapely.box(580_000.0, 2_760_000.0, 580_100.0, 2_760_100.0)
    unknown = shapely.polygons([(*xy, np.nan) for xy in square.exterior.coords])
    assert area_m2(unknown, 4543) == area_m2(square, 4543)
    compound = CRS("EPSG:4543+5737")
    assert area_m2(shapely.force_3d(square, 9.0), compound) == area_m2(square, 4543)


def test_a_bow_tie_cancels_and_is_not_silently_altered():
    # By hand: two triangles wound against each other. GEOS would drop one of them.
    tie = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    tie = shapely.transform(tie, lambda xy: xy + (580_000.0, 2_760_000.0))  # noqa: RUF005
    assert area_m2(tie, 4543) == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4543"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_coordinates_that_are_none(crs, value):
    broken = shapely.polygons([(102.0, 25.0), (102.1, value), (102.1, 25.1), (102.0, 25.0)])
    with pytest.raises(NonFiniteCoordinateError) as caught:
        ellipsoidal_area_m2(gpd.GeoSeries([None, broken], crs=crs))
    assert caught.value.params == {"feature": 2}


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(102.0, 25.0),
        shapely.LineString([(102.0, 25.0), (103.0, 25.0)]),
        shapely.GeometryCollection([shapely.box(102.0, 25.0, 103.0, 26.0)]),
    ],
    ids=lambda geometry: geometry.geom_type,
)
def test_what_has_no_area(geometry):
    with pytest.raises(NotPolygonalError) as caught:
        ellipsoidal_area_m2(gpd.GeoSeries([shapely.Polygon(), geometry], crs="EPSG:4490"))
    assert caught.value.params == {"feature": 2, "found": geometry.geom_type}


def test_a_crs_is_required():
    with pytest.raises(MissingCrsError):
        ellipsoidal_area_m2(gpd.GeoSeries([shapely.box(102, 25, 103, 26)]))


def test_many_at_once_equal_one_by_one():
    # Property: vectorised sums never leak between features, rings or parts.
    ring = shapely.Point(0.0, 0.0).buffer(0.01, quad_segs=3)
    shapes = [
        shapely.transform(ring, lambda xy, at=at: xy + (98.0 + at / 10.0, 22.0 + at / 12.0))  # noqa: RUF005
        for at in range(40)
    ]
    mixed = [None, shapely.Polygon(), shapely.MultiPolygon(shapes[:3]), *shapes, None]
    whole = area_lonlat_m2(np.array(mixed, dtype=object))
    alone = [area_lonlat_m2(np.array([each], dtype=object))[0] for each in mixed]
    assert whole.tolist() == pytest.approx(alone, rel=1e-13, nan_ok=True)


@pytest.mark.parametrize("middle_deg", [20.0, 40.0, 25.0])
def test_the_national_series_is_that_of_the_exact_zone(middle_deg):
    """Oracle: the closed form of a zone, b2/2 (sin/(1 - e2 sin2) + atanh(e sin)/e) by radian.

    At 20 and 40 degrees the last term is largest; the terms that the series lacks are 1e-12.
    """
    e2 = FLATTENING * (2.0 - FLATTENING)

    def below_m2(lat_deg):
        s, e = np.sin(np.radians(lat_deg)), np.sqrt(e2)
        return SEMI_MINOR_M**2 / 2.0 * (s / (1.0 - e2 * s**2) + np.arctanh(e * s) / e)

    low, high = middle_deg - 0.5, middle_deg + 0.5
    exact = (below_m2(high) - below_m2(low)) * np.radians(1.0)
    box = np.array([shapely.box(102.0, low, 103.0, high)], dtype=object)
    assert national_area_lonlat_m2(box)[0] == pytest.approx(exact, rel=3e-12)
