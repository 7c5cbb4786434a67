"""Lon/lat geometries in metres, each by itself."""

from typing import Any

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


def own_zones(geometries: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the 3-degree zone of each lon/lat geometry's middle; 0 where it is empty."""
    bounds = shapely.bounds(geometries)
    middle = (bounds[:, 0] + bounds[:, 2]) / 2.0
    return np.array([0 if np.isnan(lon) else zone_of_longitude(lon) for lon in middle], np.int64)


def to_own_planes(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return each geometry in metres in the Gauss-Krueger plane of its own zone.

    For measures of one geometry at a time: each is moved so that its south-west corner
    is the origin, for millimetres on 3e6 m are at the edge of what GEOS resolves.

    Parameters
    ----------
    geometries : array of geometries, shape (n,)
        EPSG:4490. Long edges are cut first: 0.9 m of sag on 10 km would be a width.

    Returns
    -------
    array of geometries, shape (n,)
        Metres; empty ones stay empty.
    """
    lonlat, zones = parse_crs(GEOGRAPHIC), own_zones(geometries)
    flat = densify_lonlat(geometries)
    for zone in np.unique(zones[zones > 0]):
        own = zones == zone
        flat[own] = transform(flat[own], lonlat, local_plane(3.0 * zone))
    xy, owner = shapely.get_coordinates(flat, return_index=True)
    moved: npt.NDArray[Any] = shapely.set_coordinates(flat, xy - shapely.bounds(flat)[owner, :2])
    return moved
