"""A network of roads as a graph: travel time and length from points that lie on it.

Lines join where they share a vertex, as OpenStreetMap and surveys of road centre lines mean it:
two that only cross are a bridge. Lengths are geodesics on CGCS2000.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.expansion.errors import NoSegmentError
from geo.measure.distance import pair_lengths_m

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BOTH, FORWARD, BACKWARD = 0, 1, -1
"""In which direction of its drawing a line may be travelled."""

_ONE_POINT: Final = 1e7
"""Vertices that agree to 1e-7 degrees (1 cm) are one junction."""
_SECONDS_PER_HOUR: Final = 3600.0
_M_PER_KM: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Segments between vertices of lines, as a graph.

    ``lonlat`` are the junctions, shape (n, 2), EPSG:4490. ``start`` and ``end`` are their numbers
    for each of m segments, ``length_m`` and ``seconds`` what it takes to travel it, ``way`` in
    which direction that may be done, ``line`` the row of the line that it is a part of.
    ``enterable``: whether a site may be joined to the segment, which is not so of a motorway.
    ``piece`` is of each junction the connected part that it lies in, by falling length from 0.
    """

    lonlat: Floats
    start: Ints
    end: Ints
    length_m: Floats
    seconds: Floats
    way: Ints
    line: Ints
    enterable: npt.NDArray[np.bool_]
    piece: Ints

    @property
    def segments(self) -> npt.NDArray[Any]:
        """The segments as lines in lon/lat."""
        ends = np.stack([self.lonlat[self.start], self.lonlat[self.end]], axis=1)
        lines: npt.NDArray[Any] = shapely.linestrings(ends)
        return lines

    @property
    def piece_lengths_m(self) -> Floats:
        """Length of each connected part, the longest first."""
        return np.asarray(np.bincount(self.piece[self.start], self.length_m), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNetwork:
    """A place on a segment: its number, the share of its length from the start, and where."""

    segment: int
    share: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A network with further places on it; place ``k`` is node ``first_place + k``.

    ``edges`` are directed: from, to; ``of_segment`` says which segment each is on, and
    ``from_share`` and ``to_share`` which part of it.
    """

    lonlat: Floats
    edges: Ints
    seconds: Floats
    length_m: Floats
    of_segment: Ints
    from_share: Floats
    to_share: Floats
    first_place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """What it takes from one node to all others; infinite where none leads.

    ``length_m`` is of the fastest way, ``shortest_m`` of the shortest, which may be slower.
    """

    seconds: Floats
    length_m: Floats
    shortest_m: Floats


def build_network(
    lines: npt.NDArray[Any], speed_kmh: Floats, way: Ints, enterable: npt.NDArray[np.bool_]
) -> Network:
    """Return the graph of lines.

    Parameters
    ----------
    lines : array of LineString or MultiLineString, shape (n,)
        EPSG:4490, not empty.
    speed_kmh : array of float, shape (n,)
        Above zero.
    way : array of int, shape (n,)
        :data:`BOTH`, :data:`FORWARD` or :data:`BACKWARD`.
    enterable : array of bool, shape (n,)
        Whether a site or a destination may be joined to a line between its ends.

    Raises
    ------
    NoSegmentError
        The lines have no length.
    """
    parts, row = shapely.get_parts(lines, return_index=True)
    lonlat, of_part = shapely.get_coordinates(parts, return_index=True)
    keys = np.round(lonlat * _ONE_POINT).astype(np.int64)
    _, first, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    node = node.reshape(-1)
    together = (of_part[:-1] == of_part[1:]) & (node[:-1] != node[1:])
    start, end, line = node[:-1][together], node[1:][together], row[of_part[:-1][together]]
    if not len(start):
        raise NoSegmentError
    nodes = lonlat[first]
    length_m = pair_lengths_m(nodes[start], nodes[end])
    return Network(
        lonlat=nodes,
        start=start,
        end=end,
        length_m=length_m,
        seconds=length_m / _M_PER_KM / speed_kmh[line] * _SECONDS_PER_HOUR,
        way=way[line],
        line=line,
        enterable=enterable[line],
        piece=_pieces(len(nodes), start, end, length_m),
    )


def _pieces(count: int, start: Ints, end: Ints, length_m: Floats) -> Ints:
    """Return the connected part of each node, whichever way its roads may be travelled."""
    joined = coo_matrix((np.ones(len(start)), (start, end)), shape=(count, count))
    number, label = connected_components(joined.tocsr(), directed=False)
    length = np.bincount(label[start], weights=length_m, minlength=number)
    place: Ints = np.empty(number, dtype=np.int64)
    place[np.argsort(-length, kind="stable")] = np.arange(number)
    found: Ints = place[label]
    return found


def insert_places(network: Network, places: Sequence[OnNetwork]) -> Graph:
    """Return the directed graph of a network whose segments are parted at places.

    Parameters
    ----------
    network : Network
        See :func:`build_network`.
    places : sequence of OnNetwork
        In any order, several on one segment too.
    """
    first_place = len(network.lonlat)
    on_segment: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for number, place in enumerate(places):
        on_segment[place.segment].append((place.share, first_place + number))
    whole = np.ones(len(network.start), dtype=bool)
    whole[list(on_segment)] = False
    kept = np.flatnonzero(whole)
    none, all_of = np.zeros(len(kept)), np.ones(len(kept))
    rows = [np.column_stack([network.start[kept], network.end[kept], kept, none, all_of])]
    for segment, inside in on_segment.items():
        ends = (0.0, int(network.start[segment])), (1.0, int(network.end[segment]))
        stops = [ends[0], *sorted(inside), ends[1]]
        rows += [np.array([[a, b, segment, low, high]]) for (low, a), (high, b) in pairwise(stops)]
    pieces = np.vstack(rows)
    points = [[place.lon, place.lat] for place in places]
    return _both_ways(
        network, pieces, np.vstack([network.lonlat, *(np.array([p]) for p in points)])
    )


def _both_ways(network: Network, pieces: Floats, lonlat: Floats) -> Graph:
    segment = pieces[:, 2].astype(np.int64)
    ahead, back = network.way[segment] != BACKWARD, network.way[segment] != FORWARD
    rows = np.vstack([pieces[ahead], pieces[back][:, [1, 0, 2, 4, 3]]])
    of_segment = rows[:, 2].astype(np.int64)
    part = np.abs(rows[:, 4] - rows[:, 3])
    return Graph(
        lonlat=lonlat,
        edges=rows[:, :2].astype(np.int64),
        seconds=network.seconds[of_segment] * part,
        length_m=network.length_m[of_segment] * part,
        of_segment=of_segment,
        from_share=rows[:, 3],
        to_share=rows[:, 4],
        first_place=len(network.lonlat),
    )


def travel_from(graph: Graph, node: int) -> Travel:
    """Return time and length from a node to all others.

    Notes
    -----
    Dijkstra's method, as scipy has it. Of several edges between two nodes the fastest counts
    for the time, the shortest for the length.
    """
    by_time = _cheapest(graph, graph.seconds)
    fastest = _matrix(graph, by_time, graph.seconds)
    seconds, before = dijkstra(fastest, indices=node, return_predecessors=True)
    by_length = _cheapest(graph, graph.length_m)
    shortest_m = dijkstra(_matrix(graph, by_length, graph.length_m), indices=node)
    return Travel(
        seconds=seconds,
        length_m=_along(graph, by_time, seconds, before),
        shortest_m=shortest_m,
    )


def _cheapest(graph: Graph, cost: Floats) -> Ints:
    """Return of each pair of nodes the edge that costs least: a matrix would add them up."""
    order = np.lexsort((cost, graph.edges[:, 1], graph.edges[:, 0]))
    ordered = graph.edges[order]
    new = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    return order[new]


def _matrix(graph: Graph, chosen: Ints, cost: Floats) -> csr_matrix:
    count = len(graph.lonlat)
    start, end = graph.edges[chosen].T
    return csr_matrix((cost[chosen], (start, end)), shape=(count, count))


def _along(graph: Graph, chosen: Ints, seconds: Floats, before: npt.NDArray[Any]) -> Floats:
    """Return the lengths of the fastest ways: each is that of the node before and one edge."""
    count = len(graph.lonlat)
    start, end = graph.edges[chosen].T
    # Sorted by start and end, so that the edge of a pair is found by bisection.
    keys = start * count + end
    reached = np.flatnonzero(before >= 0)
    edge_m = np.zeros(count)
    edge_m[reached] = graph.length_m[
        chosen[np.searchsorted(keys, before[reached].astype(np.int64) * count + reached)]
    ]
    length_m, parent = edge_m, before.astype(np.int64)
    parent[parent < 0] = np.flatnonzero(parent < 0)
    # By doubling: each step joins ways that are twice as long.
    while (parent[parent] != parent).any():
        length_m, parent = length_m + length_m[parent], parent[parent]
    return np.where(np.isfinite(seconds), length_m, np.inf)
