"""How near control features come to sites: geodesic distances in metres."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.check.control_index import ControlIndex
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M
from geo.measure.outlines import Outlines
from geo.measure.planes import own_zones

Bound: TypeAlias = float | npt.NDArray[np.float64]

_GEOD: Final = Geod(a=SEMI_MAJOR_M, rf=1.0 / FLATTENING)


def nearest_m(site: shapely.Geometry, controls: ControlIndex) -> float | None:
    """Return the distance of one site to the nearest feature, None without any."""
    (distance_m,) = nearest_distances_m(np.array([site], dtype=object), controls)
    return None if np.isnan(distance_m) else float(distance_m)


def nearest_distances_m(
    sites: npt.NDArray[Any], controls: ControlIndex, outlines: Outlines | None = None
) -> npt.NDArray[np.float64]:
    """Return the geodesic distance in metres from each site to the nearest feature.

    Nearest points are found in the site's Gauss-Krueger plane and measured on the
    ellipsoid; 0 where they touch or overlap, NaN where there is no feature. ``outlines``
    are those of the sites, kept by whoever asks of many layers.
    """
    distance_m = np.full(len(sites), np.nan)
    distance_m[controls.tree.query(sites, predicate="intersects")[0]] = 0.0
    apart = np.flatnonzero(np.isnan(distance_m))
    # Any feature bounds the search, and one near the middle of the site does so cheaply.
    found, first = controls.tree.query_nearest(shapely.centroid(sites[apart]), all_matches=False)
    apart = apart[found]
    if not len(apart):
        return distance_m
    here = Outlines(sites) if outlines is None else outlines
    reach_m = _distances_m(here, apart, controls.outlines, first)
    boxes = shapely.box(*grown_bounds(shapely.bounds(sites[apart]).T, reach_m))
    owner, near = controls.tree.query(boxes)
    least_m = reach_m.copy()
    np.minimum.at(least_m, owner, _distances_m(here, apart[owner], controls.outlines, near))
    distance_m[apart] = least_m
    return distance_m


def _distances_m(
    sites: Outlines, of_site: npt.NDArray[np.intp], features: Outlines, near: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Return the geodesic distances of pairs that lie apart, in metres."""
    distance_m, zones = np.zeros(len(of_site)), own_zones(sites.geometries[of_site])
    for zone in np.unique(zones).tolist():
        own = zones == zone
        here = sites.flat(zone, of_site[own])
        # Sites are one thread's own; features, which many threads share, stay unprepared.
        shapely.prepare(here)
        lines = shapely.shortest_line(here, features.flat(zone, near[own]))
        ends = transform(lines, local_plane(3.0 * zone), parse_crs(GEOGRAPHIC))
        distance_m[own] = _GEOD.inv(*shapely.get_coordinates(ends).reshape(-1, 4).T)[2]
    return distance_m


def grown_bounds(
    bounds_lonlat: Sequence[Bound], reach_m: Bound
) -> tuple[Bound, Bound, Bound, Bound]:
    """Return lon/lat bounds grown by a distance in metres on every side, or a little more.

    West, south, east and north may be numbers or arrays of them, and so may the distance.
    """
    west, south, east, north = bounds_lonlat
    d_lat = reach_m / 110_000.0
    highest = np.maximum(np.abs(south), np.abs(north)) + d_lat
    d_lon = d_lat / np.maximum(np.cos(np.radians(highest)), 0.01)
    return west - d_lon, south - d_lat, east + d_lon, north + d_lat
