"""A province's network of roads: how long it takes to build, and to ask, and in what memory.

``python -m bench.access_network --edges 500000``. A made-up grid of bent roads over Yunnan, each
line of ten segments; half of them one-way streets of several classes.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely

from geo.expansion.joining import SegmentIndex
from geo.expansion.network import build_network, insert_places, travel_from
from geo.expansion.reach import reach_within
from layers.expansion.road_rules import load_road_rules, read_roads

WEST, SOUTH, EAST, NORTH = 97.6, 21.2, 106.1, 29.2
SEGMENTS = 10
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential")
Found = TypeVar("Found")


def made_roads(edges: int, seed: int = 20261130) -> gpd.GeoDataFrame:
    """Return a grid of roads with about this many segments; they join at the crossings."""
    draw = np.random.default_rng(seed)
    across = int(np.sqrt(edges / SEGMENTS / 2.0))
    nodes = np.stack(
        np.meshgrid(np.linspace(WEST, EAST, across), np.linspace(SOUTH, NORTH, across)), axis=-1
    )
    pairs = np.concatenate(
        [
            np.stack([nodes[:, :-1].reshape(-1, 2), nodes[:, 1:].reshape(-1, 2)], axis=1),
            np.stack([nodes[:-1].reshape(-1, 2), nodes[1:].reshape(-1, 2)], axis=1),
        ]
    )
    share = np.linspace(0.0, 1.0, SEGMENTS + 1)[None, :, None]
    bent = pairs[:, :1] * (1.0 - share) + pairs[:, 1:] * share
    bent[:, 1:-1] += draw.normal(0.0, 5e-4, bent[:, 1:-1].shape)
    return gpd.GeoDataFrame(
        {
            "feature_id": [str(at) for at in range(len(bent))],
            "highway": draw.choice(CLASSES, len(bent)),
            "oneway": draw.choice(["yes", "no"], len(bent)),
        },
        geometry=list(shapely.linestrings(bent)),
        crs="EPSG:4490",
    )


def timed(what: str, work: Callable[[], Found]) -> Found:
    """Run some work, and print how long it took and the highest memory until then."""
    begin = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"{what:<28}{seconds:8.2f} s   highest {peak_mb:7.0f} MB")
    return found


def main() -> None:
    """Build and ask a network of the size that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=500_000)
    asked = parser.parse_args()
    rules = load_road_rules(None)
    frame = timed("made up", lambda: made_roads(asked.edges))
    lines = timed("read by the rules", lambda: read_roads([frame], rules))
    network = timed(
        "graph",
        lambda: build_network(lines.lines, lines.speed_kmh, lines.way, lines.enterable),
    )
    index = timed("index", lambda: SegmentIndex(network))
    site = shapely.box(102.80, 24.98, 102.806, 24.986)
    joint = timed("site joins", lambda: index.join(site, 50_000.0))
    assert joint
    graph = timed("place in the graph", lambda: insert_places(network, [joint.place]))
    travel = timed("travel to all nodes", lambda: travel_from(graph, graph.first_place))
    for minutes in (30.0, 60.0):
        timed(
            f"isochrone of {minutes:.0f} min",
            lambda seconds=60.0 * minutes: reach_within(
                network, graph, travel.seconds, seconds, rules.belt_m
            ),
        )
    print(f"{len(network.start):,} segments, {len(network.lonlat):,} junctions")


if __name__ == "__main__":
    main()
