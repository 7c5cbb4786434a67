"""Belts of a stated width around features, in metres on the ground."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import (
    GEOGRAPHIC,
    densify_lonlat,
    local_plane,
    parse_crs,
    transform,
    zone_of_longitude,
)

_QUADRANT: Final = 32
"""Segments of a quarter circle: an arc falls short of its radius by 0.03 % at most."""


def buffer_lonlat(geometries: npt.NDArray[Any], distance_m: float) -> npt.NDArray[Any]:
    """Return lon/lat geometries with a belt of a width around them.

    Parameters
    ----------
    geometries : array of geometries, shape (n,)
        Valid, not empty, EPSG:4490.
    distance_m : float
        Width of the belt in metres, > 0. It is laid out in the Gauss-Krueger plane of
        each feature's own zone, whose scale differs from 1 by less than 5e-4 there.

    Returns
    -------
    array of Polygon or MultiPolygon, shape (n,)
        EPSG:4490; valid.
    """
    lonlat, result = parse_crs(GEOGRAPHIC), geometries.copy()
    bounds = shapely.bounds(geometries)
    middle = (bounds[:, 0] + bounds[:, 2]) / 2.0
    zones = np.array([zone_of_longitude(lon) for lon in middle])
    for zone in np.unique(zones):
        own = zones == zone
        plane = local_plane(3.0 * zone)
        flat = transform(densify_lonlat(geometries[own]), lonlat, plane)
        belts = shapely.buffer(flat, distance_m, quad_segs=_QUADRANT)
        result[own] = transform(belts, plane, lonlat)
    valid: npt.NDArray[Any] = shapely.make_valid(result, method="structure", keep_collapsed=False)
    return valid
