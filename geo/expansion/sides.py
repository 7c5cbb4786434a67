"""What lies next to a site on each of its four sides (四至)."""

from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import local_plane
from geo.measure.necks import to_plane

Side: TypeAlias = Literal["east", "south", "west", "north"]
_ALONG_M: Final = 1.0
SIDES: Final[tuple[Side, ...]] = ("east", "south", "west", "north")
"""In the order in which the sides of a plot are read out."""


def nearest_on_side(
    site: shapely.Geometry, shapes: npt.NDArray[np.object_], side: Side, reach_m: float
) -> tuple[int, float] | None:
    """Return which shape comes first on a side of a site, and how far it is in metres.

    A side is the strip as broad as the site from its middle line outwards, without the site
    itself, in the Gauss-Krueger plane of the site, whose scale differs from 1 by less than
    5e-4 there.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        EPSG:4490.
    shapes : array of geometries, shape (n,)
        EPSG:4490, of any kind.
    side : str
        By the grid of the plane.
    reach_m : float
        How far the strip goes.

    Returns
    -------
    tuple of int and float, or None
        Position in ``shapes`` and distance from the site; None if nothing is there.
    """
    if not len(shapes):
        return None
    plane = local_plane(site.centroid.x)
    (flat,) = to_plane(np.array([site], dtype=object), plane)
    beyond = shapely.difference(_strip(flat, side, reach_m), flat)
    within = shapely.intersection(to_plane(shapes, plane), beyond)
    there = np.flatnonzero(~shapely.is_empty(within))
    if not len(there):
        return None
    distances_m = shapely.distance(within[there], flat)
    nearest = int(np.argmin(distances_m))
    return int(there[nearest]), float(distances_m[nearest])


def runs_through(site: shapely.Geometry, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return which shapes run on within a site for more than a metre: they bound no side of it.

    Both in EPSG:4490; a polygon does where its outline or its ground lies inside.
    """
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    plane = local_plane(site.centroid.x)
    (flat,) = to_plane(np.array([site], dtype=object), plane)
    inner = shapely.buffer(flat, -0.5)
    inside = shapely.intersection(to_plane(shapes, plane), inner)
    long: npt.NDArray[np.bool_] = shapely.length(inside) > _ALONG_M
    return long


def _strip(flat: shapely.Geometry, side: Side, reach_m: float) -> shapely.Geometry:
    west, south, east, north = flat.bounds
    middle_x, middle_y = (west + east) / 2.0, (south + north) / 2.0
    strips = {
        "east": (middle_x, south, east + reach_m, north),
        "south": (west, south - reach_m, east, middle_y),
        "west": (west - reach_m, south, middle_x, north),
        "north": (west, middle_y, east, north + reach_m),
    }
    return shapely.box(*strips[side])
