"""Points that reading adds to long edges. Oracle: the polygons that were drawn, vertex by vertex."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.added_points import added_points, drop_points
from geo.measure.crs import move_vertices, parse_crs, to_lonlat

LONLAT = parse_crs("EPSG:4490")
EAST, NORTH = 580_000.0, 2_760_000.0


def as_read(drawn: shapely.Geometry, crs: str):
    """Return a polygon as an answer holds it: cut, transformed and rounded."""
    (read,) = to_lonlat(gpd.GeoSeries([drawn], crs=crs))
    return shapely.transform(read, lambda xy: np.round(xy, 8))


def without_added(drawn: shapely.Geometry, crs: str = "EPSG:4543") -> np.ndarray:
    """Return the vertices that are left, in the plane again."""
    read = as_read(drawn, crs)
    left = drop_points(read, added_points(read, parse_crs(crs)))
    (flat,) = move_vertices(np.array([left], dtype=object), LONLAT, parse_crs(crs))
    return shapely.get_coordinates(flat)


def drawn_at(*corners: tuple[float, float]) -> shapely.Geometry:
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


@given(st.lists(st.integers(30, 1500), min_size=4, max_size=9), st.floats(0.0, 6.0), st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_was_drawn_is_left(radii, turn, with_hole) -> None:
    angles = turn + np.arange(len(radii)) * 2.0 * np.pi / len(radii)
    corners = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    drawn = drawn_at(*map(tuple, corners))
    if with_hole:
        hole = shapely.affinity.scale(drawn, 0.4, 0.4, origin=(EAST, NORTH))
        drawn = drawn.difference(hole)
    found = without_added(drawn)
    expected = shapely.get_coordinates(drawn)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_a_vertex_of_ones_own_on_a_straight_edge_stays() -> None:
    """By hand: 1,000 m with a neighbour's corner at 330 m, and edges too short to be cut."""
    drawn = drawn_at((0, 0), (330, 0), (1000, 0), (1000, 40), (480, 40), (0, 40))
    np.testing.assert_allclose(
        without_added(drawn), shapely.get_coordinates(drawn), atol=2e-3
    )  # fmt: skip


def test_a_finely_drawn_bend_keeps_all_its_vertices() -> None:
    drawn = shapely.Point(EAST, NORTH).buffer(900.0, quad_segs=200)
    assert len(without_added(drawn)) == len(drawn.exterior.coords)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326"])
def test_of_lonlat_nothing_was_added(crs: str) -> None:
    drawn = shapely.box(102.8, 24.9, 102.9, 25.0)
    assert len(added_points(as_read(drawn, crs), parse_crs(crs))) == 0


def test_a_part_of_a_site_loses_the_points_of_the_site() -> None:
    """By hand: an overlap takes the west half, whose new corners lie on no added point."""
    drawn = drawn_at((0, 0), (1000, 0), (1000, 600), (0, 600))
    read = as_read(drawn, "EPSG:4543")
    half = shapely.clip_by_rect(read, *shapely.bounds(read)[:2], shapely.centroid(read).x, 26.0)
    left = drop_points(half, added_points(read, parse_crs("EPSG:4543")))
    assert len(shapely.get_coordinates(left)) < len(shapely.get_coordinates(half)) / 4
    assert shapely.area(left) == pytest.approx(shapely.area(half), rel=1e-6)
