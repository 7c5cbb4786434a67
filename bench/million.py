"""A province: 1M parcels against 200k red lines, all indexes built, on all cores."""

import os
import resource
import time

from bench import made_up
from bench.overlap import EXTENT
from bench.table import cpu_s
from geo.kernel.join import box_grid
from geo.kernel.pairs import index_polygons, overlaps
from geo.kernel.ragged import Ragged, from_shapely


def run(parcels: int, red_lines: int) -> None:
    sites, lines = _ragged(parcels, red_lines)
    threads = os.cpu_count() or 1

    def cold() -> tuple:
        layer = index_polygons(lines)
        grid = box_grid(layer.boxes.bounds)
        return overlaps(index_polygons(sites), layer, grid, ellipsoidal=True, threads=threads)

    cold()
    print(f"{parcels:,} x {red_lines:,}, {len(lines.xy):,} vertices, {threads} threads")
    for name, work in (("cold", cold), ("warm", _warm(sites, lines, threads))):
        start = time.perf_counter()
        seconds, found = cpu_s(work)
        wall = time.perf_counter() - start
        print(f"{name:8}{wall:8.2f} s wall {seconds:8.2f} CPU s, {len(found[0]):,} overlaps")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    own = sum(part.nbytes for side in (sites, lines) for part in side) / 1e9
    print(f"coordinates {own:.2f} GB; peak of the process, with what made them {peak:.1f} GB")


def _warm(sites: Ragged, lines: Ragged, threads: int) -> object:
    layer = index_polygons(lines)
    grid = box_grid(layer.boxes.bounds)
    return lambda: overlaps(index_polygons(sites), layer, grid, ellipsoidal=True, threads=threads)


def _ragged(parcels: int, red_lines: int) -> tuple[Ragged, Ragged]:
    return (
        from_shapely(made_up.parcels(parcels, EXTENT, seed=1)),
        from_shapely(made_up.red_lines(red_lines, EXTENT, seed=2)),
    )
