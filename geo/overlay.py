"""Which parts of a site control features take, and how near they come.

Everything is in EPSG:4490 lon/lat (see :func:`geo.crs.to_lonlat`), so that features of
all Gauss-Krueger zones meet in one index; areas are ellipsoidal, widths in metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod

from geo.area import area_lonlat_m2
from geo.crs import (
    GEOGRAPHIC,
    densify_lonlat,
    local_plane,
    parse_crs,
    require_crs,
    transform,
)
from geo.ellipsoid import FLATTENING, SEMI_MAJOR_M
from geo.errors import CrsMismatchError
from geo.model import Overlap, OverlapPart
from geo.planes import own_zones
from geo.validity import polygonal
from geo.width import largest_widths_m

NOISE_M2: Final = 1e-6
"""Overlaps below one square millimetre are rounding of lon/lat doubles, not ground."""

NOTHING: Final = Overlap(area_m2=0.0, max_width_m=0.0, parts=())

Bound: TypeAlias = float | npt.NDArray[np.float64]

_GEOD: Final = Geod(a=SEMI_MAJOR_M, rf=1.0 / FLATTENING)
_INTERIORS_MEET: Final = "T********"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlIndex:
    """Polygons of one control layer, prepared and indexed once for many checks."""

    feature_ids: tuple[str, ...]
    geometries: npt.NDArray[Any]
    tree: shapely.STRtree


def index_controls(features: gpd.GeoSeries, feature_ids: Sequence[str]) -> ControlIndex:
    """Index valid polygons in EPSG:4490.

    Raises
    ------
    MissingCrsError, CrsMismatchError
        The series is not in EPSG:4490.
    """
    crs = require_crs(features)
    if crs != parse_crs(GEOGRAPHIC):
        raise CrsMismatchError(left=str(crs.name), right=GEOGRAPHIC)
    if len(feature_ids) != len(features):
        raise ValueError("one id for each feature")
    geometries = features.to_numpy()
    shapely.prepare(geometries)
    return ControlIndex(
        feature_ids=tuple(feature_ids), geometries=geometries, tree=shapely.STRtree(geometries)
    )


def overlap(site: shapely.Geometry, controls: ControlIndex) -> Overlap:
    """Return the parts of one site that control features take; see :func:`overlaps`."""
    return overlaps(np.array([site], dtype=object), controls)[0]


def overlaps(sites: npt.NDArray[Any], controls: ControlIndex) -> list[Overlap]:
    """Return the parts of each site that control features take, each piece of ground once.

    Parameters
    ----------
    sites : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490.
    controls : ControlIndex
        Valid polygons; they may overlap each other.

    Returns
    -------
    list of Overlap, of length n
        Parts in the order of the layer's features. ``max_width_m`` is of a site's parts
        together: features that adjoin each other form one width.
    """
    owner, hit = controls.tree.query(sites, predicate="intersects")
    order = np.lexsort((hit, owner))
    owner, hit = owner[order], hit[order]
    taken = polygonal(_intersections(sites[owner], controls.geometries[hit]))
    gross_m2 = area_lonlat_m2(taken)
    real = gross_m2 >= NOISE_M2
    ids = [controls.feature_ids[at] for at in hit[real]]
    return _measured(len(sites), owner[real], ids, taken[real], gross_m2[real])


def outside(
    site: shapely.Geometry, controls: ControlIndex, within: shapely.Geometry | None = None
) -> Overlap:
    """Return the parts of one site that lie in no feature; see :func:`outsides`."""
    return outsides(np.array([site], dtype=object), controls, within)[0]


def outsides(
    sites: npt.NDArray[Any], controls: ControlIndex, within: shapely.Geometry | None = None
) -> list[Overlap]:
    """Return the parts of each site that lie in no feature; ids count from ``outside-1``.

    Parameters
    ----------
    sites, controls
        As in :func:`overlaps`.
    within : Polygon or MultiPolygon, optional
        EPSG:4490; restricts the answer to the area that the layer speaks about.
    """
    asked = sites if within is None else _cut_to(sites, within)
    owner, hit = controls.tree.query(asked, predicate="intersects")
    swallowed = np.zeros(len(sites), dtype=bool)
    swallowed[owner[shapely.covers(controls.geometries[hit], asked[owner])]] = True
    rest, owners = [], np.flatnonzero(~swallowed)
    for at in owners:
        taken = shapely.union_all(controls.geometries[hit[owner == at]])
        rest.append(shapely.difference(asked[at], taken))
    parts, number = shapely.get_parts(polygonal(np.array(rest, dtype=object)), return_index=True)
    area_m2 = area_lonlat_m2(parts)
    real = area_m2 >= NOISE_M2
    of_site = owners[number[real]]
    counts = np.arange(len(of_site)) - np.searchsorted(of_site, of_site) + 1
    ids = [f"outside-{count}" for count in counts]
    return _measured(len(sites), of_site, ids, parts[real], area_m2[real])


def nearest_m(site: shapely.Geometry, controls: ControlIndex) -> float | None:
    """Return the distance of one site to the nearest feature, None without any."""
    (distance_m,) = nearest_distances_m(np.array([site], dtype=object), controls)
    return None if np.isnan(distance_m) else float(distance_m)


def nearest_distances_m(sites: npt.NDArray[Any], controls: ControlIndex) -> npt.NDArray[np.float64]:
    """Return the geodesic distance in metres from each site to the nearest feature.

    Nearest points are found in the site's Gauss-Krueger plane and measured on the
    ellipsoid; 0 where they touch or overlap, NaN where there is no feature.
    """
    distance_m = np.full(len(sites), np.nan)
    distance_m[controls.tree.query(sites, predicate="intersects")[0]] = 0.0
    apart = np.flatnonzero(np.isnan(distance_m))
    # Any feature bounds the search, and one near the middle of the site does so cheaply.
    found, first = controls.tree.query_nearest(shapely.centroid(sites[apart]), all_matches=False)
    apart = apart[found]
    if not len(apart):
        return distance_m
    reach_m = pair_distances_m(sites[apart], controls.geometries[first])
    boxes = shapely.box(*grown_bounds(shapely.bounds(sites[apart]).T, reach_m))
    owner, near = controls.tree.query(boxes)
    owner, near = np.append(owner, np.arange(len(apart))), np.append(near, first)
    all_m = pair_distances_m(sites[apart[owner]], controls.geometries[near])
    least_m = np.full(len(apart), np.inf)
    np.minimum.at(least_m, owner, all_m)
    distance_m[apart] = least_m
    return distance_m


def touching(sites: npt.NDArray[Any], controls: ControlIndex) -> npt.NDArray[np.bool_]:
    """Tell of each site whether it meets any feature, be it at a point."""
    met = np.zeros(len(sites), dtype=bool)
    met[controls.tree.query(sites, predicate="intersects")[0]] = True
    return met


def _cut_to(sites: npt.NDArray[Any], within: shapely.Geometry) -> npt.NDArray[Any]:
    shapely.prepare(within)
    cut, asked = ~shapely.covers(within, sites), sites.copy()
    asked[cut] = polygonal(shapely.intersection(sites[cut], within))
    return asked


def _intersections(sites: npt.NDArray[Any], features: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Intersect pairs, but only where a feature does not swallow the site whole."""
    taken = sites.copy()
    cut = ~shapely.covers(features, sites)
    taken[cut] = shapely.intersection(sites[cut], features[cut])
    return taken


def _measured(
    count: int,
    owner: npt.NDArray[np.intp],
    ids: list[str],
    taken: npt.NDArray[Any],
    gross_m2: npt.NDArray[np.float64],
) -> list[Overlap]:
    """Gather parts, sorted by their owner, into an overlap for each of ``count`` sites."""
    bounds = np.searchsorted(owner, np.arange(count + 1))
    counted, adjoining = taken.copy(), dict[int, Any]()
    for site in np.flatnonzero(np.diff(bounds) > 1).tolist():
        own = slice(bounds[site], bounds[site + 1])
        counted[own], adjoin = _disjoint(taken[own])
        if adjoin:
            adjoining[site] = shapely.union_all(taken[own])
    net_m2, width_m = area_lonlat_m2(counted), largest_widths_m(counted)
    joint_m = largest_widths_m(np.array(list(adjoining.values()), dtype=object))
    together_m = dict(zip(adjoining, joint_m.tolist(), strict=True))
    parts = [
        OverlapPart(
            feature_id=feature_id,
            area_m2=net,
            shared_area_m2=max(all_of_it - net, 0.0),
            max_width_m=width,
            geometry=geometry,
        )
        for feature_id, geometry, net, all_of_it, width in zip(
            ids, counted, net_m2.tolist(), gross_m2.tolist(), width_m.tolist(), strict=True
        )
    ]
    return [
        _gathered(tuple(parts[bounds[at] : bounds[at + 1]]), together_m.get(at, 0.0))
        for at in range(count)
    ]


def _gathered(parts: tuple[OverlapPart, ...], together_m: float) -> Overlap:
    if not parts:
        return NOTHING
    return Overlap(
        area_m2=float(np.sum([part.area_m2 for part in parts])),
        max_width_m=max(together_m, *(part.max_width_m for part in parts)),
        parts=parts,
    )


def _disjoint(taken: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], bool]:
    """Give doubly taken ground to the first part; say whether any two parts adjoin."""
    right, left = shapely.STRtree(taken).query(taken, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    meet = shapely.relate_pattern(taken[left], taken[right], _INTERIORS_MEET)
    if not meet.any():
        return taken, bool(len(left))
    counted = taken.copy()
    for later in np.unique(right[meet]):
        earlier = taken[left[meet & (right == later)]]
        counted[later] = shapely.difference(taken[later], shapely.union_all(earlier))
    return polygonal(counted), True


def pair_distances_m(
    sites: npt.NDArray[Any], features: npt.NDArray[Any]
) -> npt.NDArray[np.float64]:
    """Return the geodesic distances of pairs that lie apart, in metres."""
    distance_m, zones = np.zeros(len(sites)), own_zones(sites)
    for zone in np.unique(zones):
        own = zones == zone
        lines = _shortest_lines(sites[own], features[own], local_plane(3.0 * zone))
        ends = shapely.get_coordinates(lines).reshape(-1, 4)
        distance_m[own] = _GEOD.inv(*ends.T)[2]
    return distance_m


def _shortest_lines(
    sites: npt.NDArray[Any], features: npt.NDArray[Any], plane: CRS
) -> npt.NDArray[Any]:
    lonlat = parse_crs(GEOGRAPHIC)
    here, there = (_boundaries(shapes, lonlat, plane) for shapes in (sites, features))
    return transform(shapely.shortest_line(here, there), plane, lonlat)


def _boundaries(shapes: npt.NDArray[Any], lonlat: CRS, plane: CRS) -> npt.NDArray[Any]:
    """Return boundaries in the plane; a shape that comes many times is transformed once."""
    # Shapes that lie apart are as near by their boundaries, and GEOS can index a boundary.
    _, first, again = np.unique(
        np.array([id(shape) for shape in shapes]), return_index=True, return_inverse=True
    )
    once = shapely.boundary(transform(densify_lonlat(shapes[first]), lonlat, plane))
    shapely.prepare(once)
    boundaries: npt.NDArray[Any] = once[again]
    return boundaries


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
