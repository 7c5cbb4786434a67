"""Travel on a network. Oracles: Dijkstra in plain Python, scipy's Bellman-Ford, GeographicLib by pyproj."""

import heapq
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import bellman_ford

from geo.expansion.errors import NoSegmentError
from geo.expansion.network import (
    BACKWARD,
    BOTH,
    FORWARD,
    OnNetwork,
    build_network,
    insert_places,
    travel_from,
)

GEOD = Geod(a=6378137.0, rf=298.257222101)
"""The ellipsoid of CGCS2000, by its two defining numbers."""
LON, LAT, STEP = 102.8, 24.9, 0.01


def at(column: float, row: float) -> tuple[float, float]:
    return LON + STEP * column, LAT + STEP * row


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2])


def network_of(*roads: tuple[list[tuple[float, float]], float, int]):
    lines = np.array([shapely.LineString(points) for points, _, _ in roads], dtype=object)
    speeds = np.array([speed for _, speed, _ in roads])
    ways = np.array([way for _, _, way in roads])
    return build_network(lines, speeds, ways, np.ones(len(roads), dtype=bool))


def node_at(graph, point: tuple[float, float]) -> int:
    return int(np.argmin(np.abs(graph.lonlat[: graph.first_place] - point).sum(axis=1)))


def plain_dijkstra(edges, start):
    """Return seconds and metres of the fastest way to every point, in plain Python."""
    best, queue = {}, [(0.0, 0.0, start)]
    while queue:
        seconds, length, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = (seconds, length)
        for there, more_s, more_m in edges[here]:
            if there not in best:
                heapq.heappush(queue, (seconds + more_s, length + more_m, there))
    return best


def plain_edges(roads):
    edges = defaultdict(list)
    for points, speed, way in roads:
        for a, b in pairwise(points):
            length = metres(a, b)
            seconds = length * 3.6 / speed
            if way != BACKWARD:
                edges[a].append((b, seconds, length))
            if way != FORWARD:
                edges[b].append((a, seconds, length))
    return edges


corners = st.tuples(st.integers(0, 4), st.integers(0, 4))
roads_strategy = st.lists(
    st.tuples(
        st.lists(corners, min_size=2, max_size=5),
        st.sampled_from([20.0, 37.0, 60.0, 100.0]),
        st.sampled_from([BOTH, FORWARD, BACKWARD]),
    ),
    min_size=1,
    max_size=12,
)


def laid(roads):
    return [([at(*point) for point in points], speed, way) for points, speed, way in roads]


def has_length(roads) -> bool:
    return any(a != b for points, _, _ in roads for a, b in pairwise(points))


@given(roads_strategy.filter(has_length), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_times_are_those_of_dijkstra_in_plain_python(roads, random) -> None:
    """By a second method: every node of hundreds of small random networks."""
    drawn = laid(roads)
    graph = insert_places(network_of(*drawn), [])
    edges = plain_edges(drawn)
    points = sorted(
        {point for points, _, _ in drawn for a, b in pairwise(points) if a != b for point in (a, b)}
    )
    start = random.choice(points)
    travel = travel_from(graph, node_at(graph, start))
    expected = plain_dijkstra(edges, start)
    for point in points:
        node = node_at(graph, point)
        if point not in expected:
            assert np.isinf(travel.seconds[node])
            assert np.isinf(travel.length_m[node])
            assert np.isinf(travel.shortest_m[node])
            continue
        seconds, _ = expected[point]
        assert travel.seconds[node] == pytest.approx(seconds, rel=1e-9, abs=1e-6)
        assert travel.shortest_m[node] <= travel.length_m[node] + 1e-6
        assert travel.length_m[node] >= metres(start, point) * (1 - 1e-9) - 1e-6


@given(roads_strategy.filter(has_length), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_places_between_junctions_change_no_time(roads, random) -> None:
    """A property: a place parts a road and costs nothing; and one at a share of a road is
    reached after that share of its time, by plain Dijkstra over the parted roads."""
    drawn = laid(roads)
    network = network_of(*drawn)
    places = []
    whole = insert_places(network, [])
    for _ in range(3):
        segment, share = (
            random.randrange(len(network.start)),
            random.choice([0.0, 0.25, 0.5, 0.5, 1.0]),
        )
        a, b = network.lonlat[network.start[segment]], network.lonlat[network.end[segment]]
        lon, lat = a + share * (b - a)
        places.append(OnNetwork(segment=segment, share=share, lon=lon, lat=lat))
    graph = insert_places(network, places)
    for node in range(len(network.lonlat)):
        np.testing.assert_allclose(
            travel_from(graph, node).seconds[: graph.first_place],
            travel_from(whole, node).seconds,
            rtol=1e-9,
            atol=1e-6,
        )
    source = graph.first_place
    edges = defaultdict(list)
    for (a, b), seconds, length in zip(
        graph.edges.tolist(), graph.seconds, graph.length_m, strict=True
    ):
        edges[a].append((b, seconds, length))
    expected = plain_dijkstra(edges, source)
    travel = travel_from(graph, source)
    for node in range(len(graph.lonlat)):
        assert travel.seconds[node] == pytest.approx(
            expected.get(node, (np.inf,))[0], rel=1e-9, abs=1e-6
        )


def test_a_large_network_agrees_with_bellman_ford_and_the_ways_have_their_lengths() -> None:
    """By a reference router (scipy's Bellman-Ford, another algorithm) within 2 %, here to 1e-9."""
    rng = np.random.default_rng(7)
    roads = [
        (
            [at(column, row), at(*other)],
            float(rng.choice([30, 50, 80])),
            int(rng.choice([BOTH, BOTH, FORWARD])),
        )
        for row in range(20)
        for column in range(20)
        for other in ((column + 1, row), (column, row + 1))
        if max(other) < 20 and rng.random() < 0.9
    ]
    network = network_of(*roads)
    graph = insert_places(network, [])
    travel = travel_from(graph, node_at(graph, at(0, 0)))
    count = len(graph.lonlat)
    matrix = csr_matrix((graph.seconds, graph.edges.T), shape=(count, count))
    reference = bellman_ford(matrix, indices=node_at(graph, at(0, 0)))
    np.testing.assert_allclose(travel.seconds, reference, rtol=1e-9)
    expected = plain_dijkstra(plain_edges(roads), at(0, 0))
    for point, (_, length) in expected.items():
        assert travel.length_m[node_at(graph, point)] == pytest.approx(length, rel=1e-6)


def test_lengths_are_geodesics() -> None:
    """By pyproj's Geod (GeographicLib) on the two numbers that define CGCS2000."""
    points = [at(0, 0), at(3, 1), at(3, 4)]
    graph = insert_places(network_of((points, 60.0, BOTH)), [])
    travel = travel_from(graph, node_at(graph, points[0]))
    expected = metres(points[0], points[1]) + metres(points[1], points[2])
    assert travel.shortest_m[node_at(graph, points[2])] == pytest.approx(expected, rel=1e-12)
    assert travel.seconds[node_at(graph, points[2])] == pytest.approx(
        expected * 3.6 / 60.0, rel=1e-12
    )


def test_a_one_way_street_is_not_travelled_back() -> None:
    """By hand: forth along the street, back only round the block."""
    street = ([at(0, 0), at(1, 0)], 60.0, FORWARD)
    block = ([at(1, 0), at(1, 1), at(0, 1), at(0, 0)], 60.0, BOTH)
    graph = insert_places(network_of(street, block), [])
    west, east = node_at(graph, at(0, 0)), node_at(graph, at(1, 0))
    there = travel_from(graph, west).shortest_m[east]
    back = travel_from(graph, east).shortest_m[west]
    assert there == pytest.approx(metres(at(0, 0), at(1, 0)), rel=1e-12)
    assert back == pytest.approx(
        metres(at(1, 0), at(1, 1)) + metres(at(1, 1), at(0, 1)) + metres(at(0, 1), at(0, 0)),
        rel=1e-12,
    )


def test_a_bridge_joins_nothing_and_pieces_are_counted_by_length() -> None:
    """By hand: two roads cross without a common vertex; a third is shorter and apart."""
    east_west = ([at(0, 1), at(4, 1)], 50.0, BOTH)
    north_south = ([at(2, 0), at(2, 2)], 50.0, BOTH)
    alone = ([at(9, 9), at(9.5, 9)], 50.0, BOTH)
    network = network_of(alone, east_west, north_south)
    assert len(network.piece_lengths_m) == 3
    assert list(network.piece_lengths_m) == sorted(network.piece_lengths_m, reverse=True)
    graph = insert_places(network, [])
    assert network.piece[node_at(graph, at(0, 1))] == 0
    assert network.piece[node_at(graph, at(2, 0))] == 1
    assert network.piece[node_at(graph, at(9, 9))] == 2
    travel = travel_from(graph, node_at(graph, at(0, 1)))
    assert np.isinf(travel.seconds[node_at(graph, at(2, 2))])


def test_the_faster_of_two_roads_between_two_junctions_counts() -> None:
    """By hand: an adjacency matrix would add the two up."""
    slow, fast = ([at(0, 0), at(1, 0)], 20.0, BOTH), ([at(0, 0), at(1, 0)], 80.0, BOTH)
    graph = insert_places(network_of(slow, fast), [])
    travel = travel_from(graph, node_at(graph, at(0, 0)))
    assert travel.seconds[node_at(graph, at(1, 0))] == pytest.approx(
        metres(at(0, 0), at(1, 0)) * 3.6 / 80.0
    )


def test_lines_without_length_are_no_network() -> None:
    with pytest.raises(NoSegmentError):
        network_of(([at(0, 0), at(0, 0)], 50.0, BOTH))
