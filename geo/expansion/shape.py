"""What the form of a site is: its width, its compactness, how far it is from places."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.expansion.search import compactness
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import local_plane
from geo.measure.necks import to_plane
from geo.measure.width import planar_widths


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Measures of a site; ``compactness`` is its area over that of its smallest circle."""

    area_m2: float
    width_m: float
    compactness: float


def shape_of(site: shapely.Geometry) -> Shape:
    """Measure a valid polygon in EPSG:4490; widths in its Gauss-Krueger plane."""
    own = np.array([site], dtype=object)
    (flat,) = to_plane(own, local_plane(site.centroid.x))
    return Shape(
        area_m2=float(area_lonlat_m2(own)[0]),
        width_m=float(planar_widths(shapely.get_parts(flat)).max()),
        compactness=compactness(flat),
    )


def compactness_of(site: shapely.Geometry) -> float:
    """Return a site's area over that of the smallest circle around it, 0 to 1.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        EPSG:4490; measured in its Gauss-Krueger plane.
    """
    (flat,) = to_plane(np.array([site], dtype=object), local_plane(site.centroid.x))
    return compactness(flat)


def nearest_place_m(site: shapely.Geometry, places_lonlat: npt.NDArray[np.float64]) -> float:
    """Return the distance in metres from a site to the nearest of some points, 0 inside.

    In the Gauss-Krueger plane of the site, whose scale is off by up to 0.002 at 400 km.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        EPSG:4490.
    places_lonlat : array of float, shape (n, 2)
        At least one.
    """
    plane = local_plane(site.centroid.x)
    (flat,) = to_plane(np.array([site], dtype=object), plane)
    points = to_plane(shapely.points(places_lonlat), plane)
    return float(shapely.distance(flat, points).min())


def nearest_shape_m(site: shapely.Geometry, shapes: npt.NDArray[Any]) -> float | None:
    """Return the distance in metres from a site to the nearest of some polygons; None without any.

    In the Gauss-Krueger plane of the site, as :func:`nearest_place_m`.
    """
    if not len(shapes):
        return None
    plane = local_plane(site.centroid.x)
    (flat,) = to_plane(np.array([site], dtype=object), plane)
    return float(shapely.distance(flat, to_plane(shapes, plane)).min())
