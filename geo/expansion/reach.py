"""What of a network is reached within a time: roads, and the ground beside them."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.expansion.network import Floats, Graph, Network
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import local_plane
from geo.measure.necks import from_plane, to_plane
from geo.measure.restore import polygonal

_QUADRANT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Ground within a belt of the roads that are reached in a time, in EPSG:4490."""

    seconds: float
    area: shapely.Geometry
    area_m2: float
    road_m: float


def reach_within(
    network: Network, graph: Graph, node_seconds: Floats, most_seconds: float, belt_m: float
) -> Reach:
    """Return what is reached within a time.

    Parameters
    ----------
    network, graph : Network, Graph
        The roads, and the graph made of them.
    node_seconds : array of float, shape (n,)
        Time at which each node of the graph is reached; infinite where it is not.
    most_seconds : float
        The time that is allowed. A road of which only a part is reached counts with that part.
    belt_m : float
        How far from a reached road ground still belongs to the area, above zero.

    Returns
    -------
    Reach
        ``area`` is empty where no road is reached. ``road_m`` counts each road once, whichever
        way it is travelled.
    """
    start = graph.edges[:, 0]
    left = most_seconds - node_seconds[start]
    begun = np.flatnonzero(left >= 0.0)
    cost = graph.seconds[begun]
    part = np.ones(len(begun))
    slow = cost > left[begun]
    part[slow] = left[begun][slow] / cost[slow]
    low = graph.from_share[begun]
    high = low + part * (graph.to_share[begun] - low)
    intervals = np.column_stack([np.minimum(low, high), np.maximum(low, high)])
    merged, segment = _merged(intervals, graph.of_segment[begun])
    road_m = float(((merged[:, 1] - merged[:, 0]) * network.length_m[segment]).sum())
    area = _belt(network, merged, segment, belt_m)
    area_m2 = float(area_lonlat_m2(np.array([area], dtype=object))[0]) if road_m else 0.0
    return Reach(seconds=most_seconds, area=area, area_m2=area_m2, road_m=road_m)


def reached_m(network: Network, graph: Graph, node_seconds: Floats) -> float:
    """Return the length of the roads that are reached at all, each counted once."""
    begun = np.flatnonzero(np.isfinite(node_seconds[graph.edges[:, 0]]))
    ends = np.column_stack([graph.from_share[begun], graph.to_share[begun]])
    merged, segment = _merged(np.sort(ends, axis=1), graph.of_segment[begun])
    return float(((merged[:, 1] - merged[:, 0]) * network.length_m[segment]).sum())


def _merged(intervals: Floats, segment: np.ndarray) -> tuple[Floats, np.ndarray]:
    """Return disjoint intervals of each segment."""
    order = np.lexsort((intervals[:, 0], segment))
    intervals, segment = intervals[order], segment[order]
    if not len(segment):
        return intervals, segment
    # Segments one after the other on one axis: what reaches farthest so far ends an interval.
    shift = 2.0 * np.cumsum(np.r_[0.0, segment[1:] != segment[:-1]])
    ends = np.maximum.accumulate(intervals[:, 1] + shift)
    first = np.r_[True, intervals[1:, 0] + shift[1:] > ends[:-1]]
    starts = np.flatnonzero(first)
    highest = ends[np.r_[starts[1:] - 1, len(ends) - 1]] - shift[starts]
    return np.column_stack([intervals[starts, 0], highest]), segment[starts]


def _belt(
    network: Network, intervals: Floats, segment: np.ndarray, belt_m: float
) -> shapely.Geometry:
    real = intervals[:, 1] > intervals[:, 0]
    intervals, segment = intervals[real], segment[real]
    if not len(segment):
        return shapely.MultiPolygon()
    start, end = network.lonlat[network.start[segment]], network.lonlat[network.end[segment]]
    points = start[:, None, :] + intervals[:, :, None] * (end - start)[:, None, :]
    plane = local_plane(float(points[:, :, 0].mean()))
    flat = to_plane(shapely.linestrings(points), plane)
    belts = shapely.buffer(flat, belt_m, quad_segs=_QUADRANT)
    together = shapely.union_all(belts)
    return polygonal(np.array([from_plane(together, plane)], dtype=object))[0]
