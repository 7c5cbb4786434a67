"""Which parts of a site control features take, and how near they come.

Everything is in EPSG:4490 lon/lat (see :func:`geo.crs.to_lonlat`), so that features of
all Gauss-Krueger zones meet in one index; areas are ellipsoidal, widths in metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

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
from geo.validity import polygonal
from geo.width import largest_width_m, largest_widths_m

NOISE_M2: Final = 1e-6
"""Overlaps below one square millimetre are rounding of lon/lat doubles, not ground."""

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
    """Return the parts of a site that control features take, each piece of ground once.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        Valid, EPSG:4490.
    controls : ControlIndex
        Valid polygons; they may overlap each other.

    Returns
    -------
    Overlap
        Parts in the order of the layer's features. ``max_width_m`` is of the parts
        together: features that adjoin each other form one width.
    """
    hits = np.sort(controls.tree.query(site, predicate="intersects"))
    taken = polygonal(_intersections(site, controls.geometries[hits]))
    gross = area_lonlat_m2(taken)
    real = gross >= NOISE_M2
    ids = [controls.feature_ids[at] for at in hits[real]]
    return _measured(ids, taken[real], gross[real])


def outside(
    site: shapely.Geometry, controls: ControlIndex, within: shapely.Geometry | None = None
) -> Overlap:
    """Return the parts of a site that lie in no feature; ids count from ``outside-1``.

    ``within`` restricts the answer to the area that the layer speaks about.
    """
    asked = site if within is None else shapely.intersection(site, within)
    hits = controls.tree.query(asked, predicate="intersects")
    if shapely.covers(controls.geometries[hits], asked).any():
        return Overlap(area_m2=0.0, max_width_m=0.0, parts=())
    rest = shapely.difference(asked, shapely.union_all(controls.geometries[hits]))
    parts = shapely.get_parts(polygonal(np.array([rest], dtype=object)))
    area = area_lonlat_m2(parts)
    real = area >= NOISE_M2
    ids = [f"outside-{number}" for number in range(1, int(real.sum()) + 1)]
    return _measured(ids, parts[real], area[real])


def nearest_m(site: shapely.Geometry, controls: ControlIndex) -> float | None:
    """Return the geodesic distance in metres to the nearest feature, None without any.

    Nearest points are found in the site's Gauss-Krueger plane and measured on the
    ellipsoid; 0 where they touch or overlap.
    """
    if len(controls.tree.query(site, predicate="intersects")):
        return 0.0
    # Any feature bounds the search, and one near the middle of the site does so cheaply.
    first = controls.tree.nearest(site.centroid)
    if first is None:
        return None
    reach_m = _distance_m(site, controls.geometries[[first]])
    candidates = controls.tree.query(shapely.box(*grown_bounds(site.bounds, reach_m)))
    return _distance_m(site, controls.geometries[np.union1d(candidates, [first])])


def _intersections(site: shapely.Geometry, features: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Intersect, but only where a feature does not swallow the site whole."""
    taken = np.full(len(features), site, dtype=object)
    cut = ~shapely.covers(features, site)
    taken[cut] = shapely.intersection(site, features[cut])
    return taken


def _measured(
    ids: list[str], taken: npt.NDArray[Any], gross_m2: npt.NDArray[np.float64]
) -> Overlap:
    counted, adjoining = _disjoint(taken)
    net_m2 = area_lonlat_m2(counted) if counted is not taken else gross_m2
    parts = tuple(
        OverlapPart(
            feature_id=feature_id,
            area_m2=float(net),
            shared_area_m2=max(float(all_of_it - net), 0.0),
            max_width_m=float(width_m),
            geometry=geometry,
        )
        for feature_id, geometry, net, all_of_it, width_m in zip(
            ids, counted, net_m2, gross_m2, largest_widths_m(counted), strict=True
        )
    )
    width = max((part.max_width_m for part in parts), default=0.0)
    if adjoining:
        width = max(width, largest_width_m(np.array([shapely.union_all(taken)], dtype=object)))
    return Overlap(area_m2=float(net_m2.sum()), max_width_m=width, parts=parts)


def _disjoint(taken: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], bool]:
    """Give doubly taken ground to the first part; say whether any two parts adjoin."""
    if len(taken) < 2:
        return taken, False
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


def _distance_m(site: shapely.Geometry, features: npt.NDArray[Any]) -> float:
    lonlat, plane = parse_crs(GEOGRAPHIC), local_plane(site.centroid.x)
    here, *there = transform(densify_lonlat(np.array([site, *features])), lonlat, plane)
    # They lie apart, so boundaries are as near as areas, and GEOS can index a boundary.
    here = shapely.boundary(here)
    shapely.prepare(here)
    lines = shapely.shortest_line(here, shapely.boundary(there))
    line = lines[int(np.argmin(shapely.length(lines)))]
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(
        transform(np.array([line], dtype=object), plane, lonlat)
    )
    return float(_GEOD.inv(lon1, lat1, lon2, lat2)[2])


def grown_bounds(
    bounds_lonlat: tuple[float, float, float, float], reach_m: float
) -> tuple[float, float, float, float]:
    """Return lon/lat bounds grown by a distance in metres on every side, or a little more."""
    west, south, east, north = bounds_lonlat
    d_lat = reach_m / 110_000.0
    d_lon = d_lat / max(np.cos(np.radians(max(abs(south), abs(north)) + d_lat)), 0.01)
    return west - d_lon, south - d_lat, east + d_lon, north + d_lat
