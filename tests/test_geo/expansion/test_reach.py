"""Joints and isochrones. Oracles: by hand, pyproj's Geod, the times of points by interpolation."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.expansion.joining import SegmentIndex, straight_m
from geo.expansion.network import BOTH, FORWARD, build_network, insert_places, travel_from
from geo.expansion.reach import reach_within, reached_m
from geo.measure.crs import local_plane
from geo.measure.necks import to_plane

GEOD = Geod(a=6378137.0, rf=298.257222101)
LON, LAT, STEP = 102.8, 24.9, 0.01


def at(column: float, row: float) -> tuple[float, float]:
    return LON + STEP * column, LAT + STEP * row


def grid_network(size: int = 6, kmh: float = 36.0):
    rows = [shapely.LineString([at(c, r) for c in range(size)]) for r in range(size)]
    columns = [shapely.LineString([at(c, r) for r in range(size)]) for c in range(size)]
    lines = np.array([*rows, *columns], dtype=object)
    count = len(lines)
    return build_network(
        lines, np.full(count, kmh), np.full(count, BOTH), np.ones(count, dtype=bool)
    )


def test_a_site_beside_a_road_joins_it_at_the_nearest_point() -> None:
    """By hand: a square 0.002 degrees north of a road along a parallel; distance by Geod."""
    network = grid_network(2)
    site = shapely.box(*at(0.4, 0.2), *at(0.6, 0.4))
    joint = SegmentIndex(network).join(site, 2000.0)
    assert joint is not None
    expected = GEOD.inv(*at(0.5, 0.2), *at(0.5, 0.0))[2]
    assert joint.distance_m == pytest.approx(expected, rel=1e-4)
    assert joint.place.lat == pytest.approx(at(0, 0)[1], abs=1e-6)
    assert 0.35 < joint.place.share < 0.65


def test_a_site_with_a_road_in_it_joins_there_without_a_way() -> None:
    network = grid_network(2)
    site = shapely.box(*at(0.2, -0.1), *at(0.5, 0.1))
    joint = SegmentIndex(network).join(site, 2000.0)
    assert joint is not None
    assert joint.distance_m == 0.0
    assert (joint.place.lon, joint.place.lat) == pytest.approx(at(0.35, 0.0), abs=1e-6)


def test_beyond_the_farthest_distance_there_is_no_joint() -> None:
    network = grid_network(2)
    site = shapely.Point(*at(0.5, -2.0))
    apart = GEOD.inv(*at(0.5, -2.0), *at(0.5, 0.0))[2]
    index = SegmentIndex(network)
    assert index.join(site, apart - 1.0) is None
    joint = index.join(site, apart + 1.0)
    assert joint is not None
    assert joint.distance_m == pytest.approx(apart, rel=1e-4)


def test_a_motorway_is_entered_at_its_ends_only() -> None:
    """By hand: the motorway is nearer, the street is joined."""
    motorway = shapely.LineString([at(0, 0), at(2, 0)])
    street = shapely.LineString([at(0, 1), at(2, 1)])
    network = build_network(
        np.array([motorway, street], dtype=object),
        np.array([100.0, 30.0]),
        np.array([BOTH, BOTH]),
        np.array([False, True]),
    )
    joint = SegmentIndex(network).join(shapely.Point(*at(1, 0.1)), 5000.0)
    assert joint is not None
    assert network.line[joint.place.segment] == 1


def test_straight_distances_are_geodesics_between_the_nearest_points() -> None:
    """By pyproj's Geod; for a line, by the least over a dense row of its points."""
    site = shapely.box(*at(0, 0), *at(1, 1))
    point = shapely.Point(*at(3, 0.5))
    line = shapely.LineString([at(2, 3), at(4, -2)])
    to_point, to_line = straight_m(site, [point, line])
    assert to_point == pytest.approx(GEOD.inv(*at(1, 0.5), *at(3, 0.5))[2], rel=1e-5)
    dense = [line.interpolate(share, normalized=True) for share in np.linspace(0, 1, 5001)]
    edge = [at(1, row) for row in np.linspace(0, 1, 201)]
    least = min(GEOD.inv(*corner, one.x, one.y)[2] for corner in edge for one in dense[1200:2600:4])
    assert to_line == pytest.approx(least, rel=2e-3)
    assert straight_m(site, [shapely.Point(*at(0.5, 0.5))])[0] == pytest.approx(0.0, abs=1e-6)


def travelled(network):
    start = SegmentIndex(network).join(shapely.Point(*at(2.5, 2.0)), 2000.0)
    graph = insert_places(network, [start.place])
    return graph, travel_from(graph, graph.first_place)


@pytest.mark.parametrize("minutes", [1.0, 4.0, 7.3])
def test_an_isochrone_holds_what_is_reached_and_nothing_that_is_not(minutes: float) -> None:
    """By the time of 2,000 points on roads, each from its segment's two ends."""
    network = grid_network()
    graph, travel = travelled(network)
    reach = reach_within(network, graph, travel.seconds, 60.0 * minutes, 80.0)
    rng = np.random.default_rng(3)
    picked = rng.integers(0, len(graph.edges), 2000)
    share = rng.random(2000)
    (a, b), cost = graph.edges[picked].T, graph.seconds[picked]
    seconds = np.minimum(travel.seconds[a] + share * cost, travel.seconds[b] + (1 - share) * cost)
    points = graph.lonlat[a] + share[:, None] * (graph.lonlat[b] - graph.lonlat[a])
    plane = local_plane(LON)
    (area,) = to_plane(np.array([reach.area], dtype=object), plane)
    apart = shapely.distance(to_plane(shapely.points(points), plane), area)
    reached = seconds <= 60.0 * minutes
    assert reached.any()
    assert not apart[reached].any()
    # 10 m/s: so far beyond the belt of the last reached point lies what takes longer.
    beyond = seconds > 60.0 * minutes + 80.0 / 10.0
    inner = shapely.distance(to_plane(shapely.points(points[beyond]), plane), area)
    near_other_road = inner == 0.0
    assert near_other_road.mean() < 0.12


def test_reached_roads_are_counted_once_by_hand() -> None:
    """A single road of both ways, entered in its middle: 36 km/h for 60 s is 600 m each way."""
    line = shapely.LineString([at(0, 0), at(5, 0)])
    network = build_network(
        np.array([line], dtype=object), np.array([36.0]), np.array([BOTH]), np.array([True])
    )
    start = SegmentIndex(network).join(shapely.Point(*at(2.5, 0)), 100.0)
    graph = insert_places(network, [start.place])
    reach = reach_within(network, graph, travel_from(graph, graph.first_place).seconds, 60.0, 100.0)
    assert reach.road_m == pytest.approx(1200.0, rel=1e-6)
    # A strip 1,200 m long and 200 m wide with two half circles, drawn with 4 segments a quarter.
    assert reach.area_m2 == pytest.approx(1200.0 * 200.0 + np.pi * 100.0**2, rel=0.01)


def test_against_a_one_way_road_nothing_is_reached() -> None:
    line = shapely.LineString([at(0, 0), at(5, 0)])
    network = build_network(
        np.array([line], dtype=object), np.array([36.0]), np.array([FORWARD]), np.array([True])
    )
    start = SegmentIndex(network).join(shapely.Point(*at(2.5, 0)), 100.0)
    graph = insert_places(network, [start.place])
    reach = reach_within(network, graph, travel_from(graph, graph.first_place).seconds, 60.0, 10.0)
    assert reach.road_m == pytest.approx(600.0, rel=1e-6)
    assert shapely.bounds(reach.area)[0] > at(2.49, 0)[0]


def test_roads_are_counted_once_in_whichever_direction_they_are_drawn() -> None:
    """By hand: five roads of five pieces each way; what is reached in time without end is all."""
    network = grid_network()
    graph, travel = travelled(network)
    whole = float(network.length_m.sum())
    assert reached_m(network, graph, travel.seconds) == pytest.approx(whole, rel=1e-9)
    assert reach_within(network, graph, travel.seconds, 1e9, 80.0).road_m == pytest.approx(whole)
