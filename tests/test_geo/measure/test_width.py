"""geo.width. Oracles: inradii by hand, linear programming, properties."""

import itertools

import hypothesis
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geo.measure.crs import transform
from geo.measure.width import RELATIVE_ACCURACY, largest_width_m, planar_widths


def width(*geometries):
    return float(planar_widths(shapely.get_parts(np.array(geometries, dtype=object))).max())


def near(value):
    return pytest.approx(value, rel=RELATIVE_ACCURACY)


def chebyshev_width(hull):
    """Second method: the linear programme of the Chebyshev centre, by all its vertices.

    Maximise r with ``normal . x + r <= offset`` for each edge: the optimum meets three
    edges. (Erosion by GEOS is no oracle here: it can empty a hull 4 % too early.)
    """
    xy = shapely.get_coordinates(shapely.orient_polygons(hull)) - hull.centroid.coords[0]
    along = np.diff(xy, axis=0)
    along /= np.hypot(*along.T)[:, None]
    normal = np.column_stack([along[:, 1], -along[:, 0]])
    offset = (normal * xy[:-1]).sum(axis=1)
    rows = np.column_stack([normal, np.ones(len(normal))])
    three = np.array(list(itertools.combinations(range(len(rows)), 3)))
    three = three[np.abs(np.linalg.det(rows[three])) > 1e-14]
    met = np.linalg.solve(rows[three], offset[three][..., None])[..., 0]
    allowed = (met @ rows.T <= offset + 1e-12 * np.abs(xy).max()).all(axis=1)
    return 2.0 * float(met[allowed, 2].max())


def inradius_width(a, b, c):
    """Twice the inradius of a triangle: 4 area / perimeter."""
    triangle = shapely.Polygon([a, b, c])
    return 4.0 * triangle.area / triangle.length


@pytest.mark.parametrize(
    ("polygon", "expected"),
    [
        pytest.param(shapely.box(0, 0, 7, 7), 7.0, id="square"),
        pytest.param(shapely.Polygon([(0, 0), (4, 0), (0, 3)]), 2.0, id="3-4-5 triangle"),
        pytest.param(shapely.Point(0, 0).buffer(50.0, quad_segs=256), 100.0, id="circle"),
        pytest.param(
            # Annulus of 50 and 30 m: the largest circle lies between the two.
            shapely.Point(0, 0)
            .buffer(50.0, quad_segs=256)
            .difference(shapely.Point(0, 0).buffer(30.0, quad_segs=256)),
            20.0,
            id="circle with a hole",
        ),
        pytest.param(
            # A ring road of 10 m with a vertex every metre: too fine for a coarse search.
            shapely.Point(0, 0)
            .buffer(505.0, quad_segs=800)
            .difference(shapely.Point(0, 0).buffer(495.0, quad_segs=800)),
            10.0,
            id="ring road",
        ),
        pytest.param(
            shapely.box(0, 0, 300, 300).difference(shapely.box(299, 299, 300, 300)),
            300.0 - (2 - np.sqrt(2)) * 1.0,
            id="square with a nick",
        ),
        pytest.param(
            # An L of two 10 m arms: the corner holds more than an arm.
            shapely.box(0, 0, 100, 10).union(shapely.box(0, 0, 10, 100)),
            20.0 * (2.0 - np.sqrt(2.0)),
            id="L",
        ),
    ],
)
def test_figures_by_hand(polygon, expected):
    assert width(polygon) == near(expected)


@pytest.mark.parametrize("angle_deg", [0.0, 30.0, 45.0, 87.3, 90.0])
@pytest.mark.parametrize("width_m", [10.0, 1.0, 0.1, 0.02, 0.01, 0.001])
@pytest.mark.parametrize("length_m", [20.0, 11_260.0])
def test_strips_by_hand(width_m, length_m, angle_deg):
    strip = shapely.affinity.rotate(shapely.box(0, 0, length_m, width_m), angle_deg)
    assert width(strip) == near(width_m)


def sliver(length_m=11_000.0, vertices=2_000, noise_m=0.004):
    """Long noisy sliver whose largest width is at most twice the noise."""
    rng = np.random.default_rng(7)
    x = np.linspace(0.0, length_m, vertices)
    upper = rng.uniform(0.2, 1.0, vertices) * noise_m
    lower = -rng.uniform(0.2, 1.0, vertices) * noise_m
    return shapely.Polygon(np.r_[np.c_[x, upper], np.c_[x, lower][::-1]])


def test_a_bite_on_a_sliver_is_found():
    # domain.md 2.3: 4 m x 4 m on 11 km; its average width is 2A/P = 6 mm.
    bite = shapely.box(6_000.0, 0.0, 6_004.0, 4.0)
    whole = sliver().union(bite)
    assert 2.0 * whole.area / whole.length < 0.012
    assert width(whole) == near(4.0)


def test_a_noisy_sliver_stays_thin():
    found = width(sliver())
    assert 0.004 < found <= 0.008 * (1 + RELATIVE_ACCURACY)


def test_the_widest_of_many_fragments():
    # By hand: 800 fragments of 1 to 9 mm, the widest is 9 mm; then one of 0.5 m.
    widths = [0.001 + 0.00001 * at for at in range(800)]
    fragments = [shapely.box(14 * at, 0, 14 * at + 13, each) for at, each in enumerate(widths)]
    assert width(*fragments) == near(max(widths))
    assert width(shapely.MultiPolygon(fragments)) == near(max(widths))
    assert width(*fragments, shapely.box(0, 10, 200, 10.5)) == near(0.5)


@pytest.mark.parametrize(
    "nothing",
    [
        [],
        [shapely.Polygon()],
        [None],
        [shapely.Polygon([(0, 0), (1, 0), (2, 0), (0, 0)])],
        [shapely.MultiPolygon()],
    ],
    ids=["no part", "empty", "missing", "no area", "empty multi"],
)
def test_nothing_has_no_width(nothing):
    assert not planar_widths(shapely.get_parts(np.array(nothing, dtype=object))).any()
    assert largest_width_m(np.array(nothing, dtype=object)) == 0.0


@st.composite
def hulls(draw):
    """Draw convex polygons from flat to round, 10 cm to 10 km wide."""
    count = draw(st.integers(3, 14))
    whole = st.integers(-100, 100)
    points = draw(st.lists(st.tuples(whole, whole), min_size=count, max_size=count, unique=True))
    flat = 10.0 ** draw(st.integers(-3, 0))
    size = 10.0 ** draw(st.integers(-2, 2))
    hull = shapely.MultiPoint(np.array(points) * (size, size * flat)).convex_hull
    hypothesis.assume(hull.geom_type == "Polygon")
    return hull


@settings(max_examples=100, deadline=None)
@given(hulls())
def test_convex_polygons_by_linear_programming(hull):
    found = width(hull)
    assert found == near(chebyshev_width(hull))
    # And by hand for every convex figure: between 2A/P and 4A/P.
    average_m = 2.0 * hull.area / hull.length
    assert average_m * (1 - 1e-9) <= found <= 2.0 * average_m * (1 + RELATIVE_ACCURACY)


@pytest.mark.parametrize("triangle", [((0, 0), (1000, 1), (500, 3)), ((0, 0), (5, 0), (2, 7))])
def test_triangles_by_hand(triangle):
    assert width(shapely.Polygon(triangle)) == near(inradius_width(*triangle))


@settings(max_examples=30, deadline=None)
@given(
    hulls(),
    st.floats(0.0, 360.0),
    st.floats(-1e6, 1e6),
    st.floats(0.0, 4e6),
)
def test_where_it_lies_does_not_matter(hull, angle_deg, east, north):
    moved = shapely.affinity.translate(shapely.affinity.rotate(hull, angle_deg), east, north)
    assert width(moved) == pytest.approx(width(hull), rel=2.5 * RELATIVE_ACCURACY, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(*[hulls()] * 2)
def test_more_ground_is_never_narrower(one, other):
    # Property: monotone under union, and parts together are as wide as the widest.
    apart = width(one, other)
    assert apart == near(max(width(one), width(other)))
    joined = shapely.union(one, other)
    assert width(joined) >= apart * (1 - 2.5 * RELATIVE_ACCURACY)


def in_degrees(polygon, code):
    return transform(np.array([shapely.segmentize(polygon, 50.0)]), CRS(code), CRS(4490))


@pytest.mark.parametrize("code", [4542, 4543, 4544])
@pytest.mark.parametrize("width_m", [0.005, 0.5, 40.0, 3000.0])
def test_lonlat_strips(code, width_m):
    # The same strip in degrees, 110 km off the meridian; the plane's scale is 1.00015 there.
    strip = shapely.affinity.rotate(
        shapely.box(610_000.0, 2_700_000.0, 620_000.0, 2_700_000.0 + width_m), 20.0
    )
    assert largest_width_m(in_degrees(strip, code)) == near(width_m)


@pytest.mark.parametrize("length_deg", [0.1, 0.2, 1.0])
def test_a_long_edge_is_a_curve_in_the_plane(length_deg):
    # A sliver of 1e-7 degrees between a bare edge and the same edge with 501 vertices: its
    # width by GeographicLib. Undensified, 0.1 degrees sag by 0.9 m and look like a width.
    x = np.linspace(102.0, 102.0 + length_deg, 501)
    strip = shapely.Polygon(
        [(102.0, 25.0), (102.0 + length_deg, 25.0), *((lon, 25.0 + 1e-7) for lon in x[::-1])]
    )
    expected = Geod(ellps="GRS80").inv(102.0, 25.0, 102.0, 25.0 + 1e-7)[2]
    assert largest_width_m(np.array([strip])) == pytest.approx(expected, rel=0.02)
