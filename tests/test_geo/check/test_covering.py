"""Polygons that many threads ask: GEOS's prepared shapes crash when two of them share one."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import shapely

from geo.check.control_index import index_controls
from geo.check.covering import Covering
from geo.check.overlay import outsides, overlaps

THREADS = 8


def test_covers_as_geos_says_without_preparing() -> None:
    random = np.random.default_rng(7)
    polygons = shapely.buffer(shapely.points(random.uniform(0.0, 10.0, (40, 2))), 2.0)
    shapes = shapely.buffer(shapely.points(random.uniform(0.0, 10.0, (4000, 2))), 0.5)
    positions = random.integers(0, len(polygons), len(shapes))
    told = Covering(polygons).covers(positions, shapes)
    assert np.array_equal(told, shapely.covers(polygons[positions], shapes))
    assert told.any()
    assert not shapely.is_prepared(polygons).any()


def test_overlaps_of_many_threads_are_those_of_one() -> None:
    whole = shapely.Point(102.8, 25.0).buffer(0.3, quad_segs=5000)
    controls = index_controls(gpd.GeoSeries([whole], crs="EPSG:4490"), ["whole"])
    random = np.random.default_rng(3)
    west, south = random.uniform((102.5, 24.7), (103.1, 25.3), (THREADS, 200, 2)).T
    sites = shapely.box(west, south, west + 4e-3, south + 4e-3).T

    def areas(own: np.ndarray) -> list[float]:
        alone = np.array(
            [overlaps(own[at : at + 1], controls)[0].area_m2 for at in range(len(own))]
        )
        rest = [found.area_m2 for found in outsides(own, controls, within=whole)]
        return [*alone, *rest]

    with ThreadPoolExecutor(THREADS) as pool:
        many = list(pool.map(areas, sites))
    assert many == [areas(own) for own in sites]
