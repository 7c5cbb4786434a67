"""How near control features come to sites: geodesic distances in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.check.control_index import ControlIndex
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M
from geo.measure.outlines import Outlines

Bound: TypeAlias = float | npt.NDArray[np.float64]

_GEOD: Final = Geod(a=SEMI_MAJOR_M, rf=1.0 / FLATTENING)


def nearest_m(site: shapely.Geometry, controls: ControlIndex) -> float | None:
    """Return the distance of one site to the nearest feature, None without any."""
    (distance_m,) = nearest_distances_m(np.array([site], dtype=object), controls)
    return None if np.isnan(distance_m) else float(distance_m)


def nearest_distances_m(sites: npt.NDArray[Any], controls: ControlIndex) -> npt.NDArray[np.float64]:
    """Return the geodesic distance in metres from each site to the nearest feature.

    Nearest points are found in the site's Gauss-Krueger plane and measured on the
    ellipsoid; 0 where they touch or overlap, NaN where there is no feature.
    """
    (found,) = nearest_of_layers_m(Outlines(sites), [(np.arange(len(sites)), controls)])
    return found


def nearest_of_layers_m(
    sites: Outlines, layers: Sequence[tuple[npt.NDArray[np.intp], ControlIndex]]
) -> list[npt.NDArray[np.float64]]:
    """Return the distances of :func:`nearest_distances_m` for many layers in one pass.

    Parameters
    ----------
    sites : Outlines
        Of all sites.
    layers : sequence of (positions, ControlIndex)
        For each layer the sites that it is asked about.

    Returns
    -------
    list of arrays
        For each layer the distances of its sites.
    """
    if not layers:
        return []
    found = [_Nearest(sites.geometries, chosen, controls) for chosen, controls in layers]
    for step in (_Nearest.any_feature, _Nearest.features_within_reach):
        pairs = [step(one) for one in found]
        for one, pair, distance_m in zip(found, pairs, _distances_m(sites, pairs), strict=True):
            np.minimum.at(one.distance_m, pair.owner, distance_m)
    return [np.where(np.isinf(one.distance_m), np.nan, one.distance_m) for one in found]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Sites and features that lie apart; ``owner`` is the place of a site among those asked."""

    owner: npt.NDArray[np.intp]
    site: npt.NDArray[np.intp]
    near: npt.NDArray[np.intp]
    features: Outlines


class _Nearest:
    """The search for the nearest feature of one layer: what was found, infinite where nothing."""

    def __init__(
        self, sites: npt.NDArray[Any], chosen: npt.NDArray[np.intp], controls: ControlIndex
    ) -> None:
        self._sites, self._chosen, self._controls = sites[chosen], chosen, controls
        self.distance_m = np.full(len(chosen), np.inf)
        self._first = np.full(len(chosen), -1, dtype=np.intp)
        self.distance_m[controls.tree.query(self._sites, predicate="intersects")[0]] = 0.0

    def any_feature(self) -> _Pairs:
        """Pair each site with a feature near its middle: it bounds the search, cheaply."""
        apart = np.flatnonzero(np.isinf(self.distance_m))
        middles = shapely.centroid(self._sites[apart])
        asked, first = self._controls.tree.query_nearest(middles, all_matches=False)
        self._first[apart[asked]] = first
        return self._pairs(apart[asked], first)

    def features_within_reach(self) -> _Pairs:
        """Pair each site with all other features that may be nearer than the first one."""
        apart = np.flatnonzero(np.isfinite(self.distance_m) & (self.distance_m > 0.0))
        bounds = shapely.bounds(self._sites[apart]).T
        boxes = shapely.box(*grown_bounds(bounds, self.distance_m[apart]))
        owner, near = self._controls.tree.query(boxes)
        owner = apart[owner]
        new = near != self._first[owner]
        return self._pairs(owner[new], near[new])

    def _pairs(self, owner: npt.NDArray[np.intp], near: npt.NDArray[np.intp]) -> _Pairs:
        return _Pairs(owner, self._chosen[owner], near, self._controls.outlines)


def _distances_m(sites: Outlines, pairs: Sequence[_Pairs]) -> list[npt.NDArray[np.float64]]:
    """Return the geodesic distances of pairs that lie apart, in metres."""
    of_site = np.concatenate([np.empty(0, np.intp), *(one.site for one in pairs)])
    ends_of = np.cumsum([len(one.site) for one in pairs])
    distance_m, zones = np.zeros(len(of_site)), sites.zones[of_site]
    for zone in np.unique(zones).tolist():
        own = zones == zone
        here = sites.flat(zone, of_site[own])
        parts = zip(pairs, np.split(own, ends_of[:-1]), strict=True)
        there = np.concatenate([one.features.flat(zone, one.near[mine]) for one, mine in parts])
        # Sites are one thread's own; features, which many threads share, stay unprepared.
        shapely.prepare(here)
        lines = shapely.shortest_line(here, there)
        ends = transform(lines, local_plane(3.0 * zone), parse_crs(GEOGRAPHIC))
        distance_m[own] = _GEOD.inv(*shapely.get_coordinates(ends).reshape(-1, 4).T)[2]
    return np.split(distance_m, ends_of[:-1])


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
