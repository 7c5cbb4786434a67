"""All overlaps of many sites with many control polygons, on several threads."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.kernel.boxes import run_boxes
from geo.kernel.join import BoxGrid, Pairs, find_meeting_pairs
from geo.kernel.overlap import COVERED, shared_areas
from geo.kernel.ragged import Floats, Ragged
from geo.kernel.rings import fill_areas
from geo.kernel.walk import Side

_SHARE: Final = 4096
"""Pairs that a thread takes at a time: few enough that none waits long for the last."""


def index_polygons(polygons: Ragged) -> Side:
    """Return polygons with the index of their boundary."""
    return Side(polygons, run_boxes(polygons))


def polygon_areas(polygons: Ragged, *, ellipsoidal: bool) -> Floats:
    """Return the area of every feature: m2 on the ellipsoid, or square units in the plane."""
    areas = np.empty(polygons.size)
    fill_areas(polygons, areas, ellipsoidal)
    return areas


def areas_of_pairs(
    sites: Side,
    controls: Side,
    pairs: tuple[Pairs, Pairs],
    *,
    ellipsoidal: bool,
    threads: int,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return for each pair the area that both share, and whether the site is covered.

    Parameters
    ----------
    sites : Side
        Valid polygons.
    controls : Side
        Valid polygons.
    pairs : (array, array)
        Positions of sites, positions of controls.
    ellipsoidal : bool
        Square metres on the ellipsoid of coordinates in EPSG:4490 degrees; else square
        units of a plane.
    threads : int
        How many threads share the work; the result does not depend on it.
    """
    area, relation = np.empty(len(pairs[0])), np.empty(len(pairs[0]), dtype=np.int8)

    def work(start: int) -> None:
        part = slice(start, start + _SHARE)
        own = (pairs[0][part], pairs[1][part])
        shared_areas(sites, controls, own, (area[part], relation[part]), ellipsoidal)

    starts = range(0, len(area), _SHARE)
    if threads == 1 or len(starts) < 2:
        for start in starts:
            work(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, starts))
    return area, relation == COVERED


def overlaps(
    sites: Side, controls: Side, grid: BoxGrid, *, ellipsoidal: bool, threads: int
) -> tuple[Pairs, Pairs, Floats, npt.NDArray[np.bool_]]:
    """Return site, control, area and covered of all pairs that share ground."""
    pairs = find_meeting_pairs(sites.boxes.bounds, grid)
    area, covered = areas_of_pairs(sites, controls, pairs, ellipsoidal=ellipsoidal, threads=threads)
    kept = area > 0.0
    return pairs[0][kept], pairs[1][kept], area[kept], covered[kept]
