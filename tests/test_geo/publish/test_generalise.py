"""Generalised boundaries. Oracles: by hand, properties, geodesic distances by GeographicLib."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.publish.generalise import DisplacementError, distances_to_lines_m, generalise

GEOD = Geod(ellps="GRS80")
LON, LAT = 102.7, 25.0


def wiggly(seed: int, corners: int = 60, radius_deg: float = 0.05) -> shapely.Polygon:
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = radius_deg * rng.uniform(0.6, 1.0, corners)
    return shapely.Polygon(
        np.column_stack([LON + radius * np.cos(angle), LAT + radius * np.sin(angle)])
    )


def geodesic_m(point: shapely.Point, line: shapely.LineString) -> float:
    near = shapely.get_coordinates(shapely.shortest_line(point, line))
    return GEOD.inv(*near[0], *near[1])[2]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([20.0, 100.0, 500.0]))
def test_no_vertex_moves_further_than_stated_and_none_stays(seed: int, metres: float) -> None:
    site = wiggly(seed)
    made = generalise(np.array([site], dtype=object), metres)
    assert made.displacement_m <= metres
    (shape,) = made.geometries
    if shape is None:
        return
    assert shape.is_valid
    # Second method: geodesics from every published vertex to the original line.
    line = site.boundary
    for corner in shapely.points(shapely.get_coordinates(shape)):
        assert geodesic_m(corner, line) <= metres * 1.01
    raw = {tuple(xy) for xy in shapely.get_coordinates(site)}
    assert not raw & {tuple(xy) for xy in shapely.get_coordinates(shape)}
    nearest = shapely.STRtree(shapely.points(shapely.get_coordinates(site)))
    _, apart = nearest.query_nearest(
        shapely.points(shapely.get_coordinates(shape)), return_distance=True
    )
    assert apart.min() > 0.0


def test_shared_edges_stay_shared() -> None:
    # Oracle: three cells cut out of one wiggly field; what they cover together has no gap.
    rng = np.random.default_rng(5)
    seam = [(x, 25.0 + rng.uniform(-0.004, 0.004)) for x in np.linspace(102.6, 102.8, 40)]
    north = shapely.Polygon([*seam, (102.8, 25.1), (102.6, 25.1)])
    south = shapely.Polygon([*seam, (102.8, 24.9), (102.6, 24.9)])
    made = generalise(np.array([north, south], dtype=object), 300.0)
    assert made.shared_edges_kept is True
    assert made.displacement_m <= 300.0
    one, other = made.geometries
    assert shapely.area(shapely.intersection(one, other)) == pytest.approx(0.0, abs=1e-15)
    union = shapely.union(one, other)
    assert shapely.get_num_interior_rings(union) == 0
    assert len(shapely.get_coordinates(one)) < len(shapely.get_coordinates(north))


def test_what_is_smaller_than_the_displacement_vanishes() -> None:
    tiny = shapely.box(LON, LAT, LON + 1e-4, LAT + 1e-4)  # about 10 m
    made = generalise(np.array([tiny, wiggly(1)], dtype=object), 500.0)
    assert made.geometries[0] is None
    assert made.geometries[1] is not None


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(LON, LAT), (LON + 0.01, LAT + 0.0001), (LON + 0.02, LAT)]),
        shapely.MultiPolygon([wiggly(2), shapely.affinity.translate(wiggly(3), 0.3)]),
        shapely.Polygon(wiggly(4).exterior, [wiggly(4, radius_deg=0.02).exterior.coords[:]]),
        shapely.Point(LON, LAT),
    ],
)
def test_lines_points_parts_and_holes(shape: shapely.Geometry) -> None:
    made = generalise(np.array([shape], dtype=object), 100.0)
    assert made.geometries[0].is_valid
    assert 0.0 < made.displacement_m <= 100.0


@pytest.mark.parametrize("metres", [0.0, -1.0, float("nan"), float("inf")])
def test_a_displacement_is_a_positive_number(metres: float) -> None:
    with pytest.raises(DisplacementError) as caught:
        generalise(np.array([wiggly(1)], dtype=object), metres)
    assert set(caught.value.params) == {"displacement_m"}


def test_distances_to_lines_are_geodesic_ones() -> None:
    # Oracle: GeographicLib; a point 0.001 degrees north of an edge that runs east.
    box = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)
    points = np.array([[LON + 0.005, LAT + 0.011], [LON + 0.005, LAT + 0.005]])
    found = distances_to_lines_m(points, np.array([box], dtype=object))
    north = GEOD.inv(LON + 0.005, LAT + 0.011, LON + 0.005, LAT + 0.01)[2]
    middle = GEOD.inv(LON, LAT + 0.005, LON + 0.005, LAT + 0.005)[2]
    assert found == pytest.approx([north, middle], rel=1e-4)
    assert distances_to_lines_m(points, np.array([], dtype=object)).tolist() == [np.inf, np.inf]


def test_a_point_beside_areas_is_near_itself() -> None:
    # A layer of zones, of which some are known as a place only.
    box, place = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01), shapely.Point(LON + 1.0, LAT)
    found = distances_to_lines_m(np.array([[LON + 1.0, LAT], [LON, LAT]]), np.array([box, place]))
    assert found == pytest.approx([0.0, 0.0], abs=1e-6)
    # Longitude and latitude in each other's place are nowhere.
    assert distances_to_lines_m(np.array([[LAT, LON]]), np.array([box])).tolist() == [np.inf]
