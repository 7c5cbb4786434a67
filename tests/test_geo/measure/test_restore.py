"""Polygons stay valid through every move. Oracle: GEOS's own validity, and areas that stay."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.check.control_index import index_controls
from geo.check.coverage import coverages_of
from geo.check.nearest import nearest_distances_m
from geo.check.overlay import outsides, overlaps
from geo.check.precision import areas_wider_than_m2, average_width_m, overlap_intervals_m2
from geo.measure.area import area_lonlat_m2
from geo.measure.buffer import buffer_lonlat
from geo.measure.crs import GEOGRAPHIC, densify, move_vertices, parse_crs, to_lonlat
from geo.measure.planes import to_own_planes
from geo.measure.restore import polygonal
from geo.measure.width import largest_widths_m
from geo.model import Relation

PLANE = "EPSG:4543"
ORIGIN = np.array([478_800.0, 2_752_900.0])
"""A place in Kunming, whose coordinates have no round numbers in any other system."""


def stars(rng: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    """Return star-shaped polygons of a hundred metres at full double precision."""
    made = []
    for _ in range(count):
        corners = int(rng.integers(3, 12))
        turns = np.sort(rng.uniform(0.0, 2.0 * np.pi, corners))
        reach = rng.uniform(5.0, 150.0, corners)
        middle = ORIGIN + rng.uniform(-120.0, 120.0, 2)
        xy = middle + reach[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
        made.append(shapely.Polygon(xy))
    whole = np.array(made, dtype=object)
    return whole[shapely.is_valid(whole)]


def plain_overlays(seed: int, count: int) -> np.ndarray[Any, Any]:
    """Return what intersect, difference and union make of stars, again and again.

    An edge that is cut leaves corners beside its line by the rounding of doubles: shared
    edges, spikes and slivers of a nanometre are what offices' overlays are full of.
    """
    rng = np.random.default_rng(seed)
    made: list[Any] = []
    tools = (shapely.intersection, shapely.difference, shapely.union, shapely.symmetric_difference)
    while len(made) < count:
        pool = stars(rng, 40)
        for tool in tools:
            left, right = rng.permutation(pool), rng.permutation(pool)
            pool = polygonal(tool(left, right))
            pool = pool[~shapely.is_empty(pool) & (shapely.area(pool) > 1.0)]
            made += list(pool)
            # Pieces along one edge: cut out, put back.
            back = polygonal(shapely.union(shapely.difference(left, right), pool[0]))
            made += [one for one in back if one.is_valid and one.area > 1.0]
    whole = np.array(made[:count], dtype=object)
    return whole[shapely.is_valid(whole)]


def measure_all(sites: np.ndarray[Any, Any], controls: np.ndarray[Any, Any]) -> None:
    """Do with sites and a layer all that a check does."""
    index = index_controls(
        gpd.GeoSeries(controls, crs=GEOGRAPHIC), [str(at) for at in range(len(controls))]
    )
    found = overlaps(sites, index)
    outsides(sites, index, shapely.union_all(controls))
    coverages_of(sites, area_lonlat_m2(sites), index)
    nearest_distances_m(sites, index)
    overlap_intervals_m2(sites, index, 0.01, Relation.MUST_BE_INSIDE)
    shapes = [np.array([part.geometry for part in one.parts], dtype=object) for one in found]
    areas_wider_than_m2(shapes, (0.1, 1.0))
    average_width_m(sites)
    largest_widths_m(sites)
    assert shapely.is_valid(buffer_lonlat(sites, 50.0)).all()
    assert shapely.is_valid(to_own_planes(sites)).all()


def require_sound(polygons: np.ndarray[Any, Any]) -> int:
    """Take polygons of a plane through a check; return how many a bare move would break."""
    lonlat = to_lonlat(gpd.GeoSeries(polygons, crs=PLANE)).to_numpy()
    assert shapely.is_valid(lonlat).all()
    assert shapely.is_valid(densify(polygons, 50.0)).all()
    back = move_vertices(lonlat, parse_crs(GEOGRAPHIC), parse_crs("EPSG:4507"))
    assert shapely.is_valid(back).all()
    # The scale of the plane within 10 km of its meridian: areas are the same to 1e-5.
    true_m2 = area_lonlat_m2(lonlat)
    assert np.allclose(true_m2, shapely.area(polygons), rtol=2e-5, atol=1e-3)
    half = len(polygons) // 2
    measure_all(lonlat[:half], lonlat[half : half + 8])
    bare = shapely.transform(densify_rings(polygons), _degrees)
    return int((~shapely.is_valid(bare)).sum())


def densify_rings(polygons: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([shapely.segmentize(one, 50.0) for one in polygons], dtype=object)


def _degrees(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    from pyproj import Transformer

    move = Transformer.from_crs(PLANE, GEOGRAPHIC, always_xy=True)
    return np.column_stack(move.transform(xy[:, 0], xy[:, 1]))


def test_plain_overlays_at_full_precision_are_measured_whole() -> None:
    """Oracle: property; the bare move breaks some of the same polygons."""
    assert require_sound(plain_overlays(20261129, 300)) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_none_of_4000_plain_overlays_fails(seed: int) -> None:
    """Oracle: property."""
    require_sound(plain_overlays(seed, 1000))
