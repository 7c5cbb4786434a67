"""Ellipsoidal areas on CGCS2000: in closed form, and by the national trapezoid series."""

from collections.abc import Callable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import NotPolygonalError
from geo.measure.crs import densify_lonlat, to_lonlat
from geo.measure.ellipsoid import ECCENTRICITY_2, SEMI_MAJOR_M, SEMI_MINOR_M
from geo.measure.ground import ring_areas_m2
from geo.measure.restore import is_areal

_SERIES: Final = (
    1
    + 3 / 6 * ECCENTRICITY_2
    + 30 / 80 * ECCENTRICITY_2**2
    + 35 / 112 * ECCENTRICITY_2**3
    + 630 / 2304 * ECCENTRICITY_2**4,
    -(
        1 / 6 * ECCENTRICITY_2
        + 15 / 80 * ECCENTRICITY_2**2
        + 21 / 112 * ECCENTRICITY_2**3
        + 420 / 2304 * ECCENTRICITY_2**4
    ),
    3 / 80 * ECCENTRICITY_2**2 + 7 / 112 * ECCENTRICITY_2**3 + 180 / 2304 * ECCENTRICITY_2**4,
    -(1 / 112 * ECCENTRICITY_2**3 + 45 / 2304 * ECCENTRICITY_2**4),
    5 / 2304 * ECCENTRICITY_2**4,
)
"""A, -B, C, -D, E of the national formula, for the CGCS2000 ellipsoid."""


def ellipsoidal_area_m2(polygons: gpd.GeoSeries) -> "pd.Series[float]":
    """Return the area of polygons on the CGCS2000 ellipsoid in square metres.

    An edge is a straight line in the plane of the series' CRS: the Gauss-Krueger plane
    for projected input, the lon/lat plane for geographic input. Projected edges are cut
    into equal pieces of at most ``geo.crs.MAX_EDGE_M`` in their plane before they are
    brought to lon/lat. The area between straight lon/lat edges is exact to rounding,
    however long they are (:mod:`geo.ground`), and equals the national series wherever
    that is printed (:func:`national_area_lonlat_m2`). A geodesic through the same two
    ends is another line: it encloses up to 0.05 m2 with a lon/lat edge of 200 m, and
    areas between geodesics differ by 2e-9, 2e-7 and 2e-5 for edges of 0.01, 0.1 and 1
    degree.

    Parameters
    ----------
    polygons : GeoSeries of Polygon or MultiPolygon
        In any CRS that PROJ can transform to CGCS2000. Holes count as not covered,
        whatever the direction of their rings.

    Returns
    -------
    Series of float
        Square metres, same index. Missing geometries give NaN, empty ones 0.

    Raises
    ------
    MissingCrsError, NonFiniteCoordinateError, OutsideCrsError, NoTransformationError
        See :func:`geo.measure.crs.to_lonlat`.
    NotPolygonalError
        A geometry is a point, a line or a collection.

    References
    ----------
    国土调查办发〔2008〕32号, appendix on the area of map sheets and arbitrary blocks:
    the signed sum of trapezoids between each edge and a fixed meridian, of which this is
    the limit for ever shorter pieces. The constants there are for Xi'an 1980; here the
    ellipsoid is CGCS2000 (GB/T 33460-2016: a = 6378137 m, 1/f = 298.257222101).

    Examples
    --------
    A cell of one degree of longitude between 25 and 26 degrees north:

    >>> cell = gpd.GeoSeries([shapely.box(102, 25, 103, 26)], crs="EPSG:4490")
    >>> round(float(ellipsoidal_area_m2(cell).iloc[0]), 2)
    11137467459.35
    """
    return pd.Series(area_lonlat_m2(to_lonlat(polygons).to_numpy()), index=polygons.index)


def area_lonlat_m2(geometries: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return ellipsoidal areas of polygons with straight lon/lat edges.

    Parameters
    ----------
    geometries : array of Polygon, MultiPolygon or None, shape (n,)
        Coordinates in EPSG:4490 degrees.

    Returns
    -------
    array of float, shape (n,)
        Square metres; NaN for None, 0 for empty.

    Raises
    ------
    NotPolygonalError
        A geometry is not polygonal.
    """
    return _areas_m2(geometries, lambda rings: ring_areas_m2(*_vertices(rings)))


def national_area_lonlat_m2(geometries: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the areas of :func:`area_lonlat_m2` by the national series.

    Lon/lat edges are cut into pieces of at most ``geo.crs.MAX_LONLAT_EDGE_M``, and what
    the trapezoid of a leaning piece leaves out is added. Both agree to every digit that
    is printed: to 1e-11, or 1e-6 m2.

    References
    ----------
    国土调查办发〔2008〕32号, appendix; see :func:`ellipsoidal_area_m2`.
    """
    return _areas_m2(geometries, lambda rings: _trapezoids_m2(densify_lonlat(rings)))


def _areas_m2(
    geometries: npt.NDArray[Any], of_rings: Callable[[npt.NDArray[Any]], npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    geometries = np.asarray(geometries, dtype=object)
    _require_polygonal(geometries)
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    first_of_part = np.r_[True, part_of_ring[1:] != part_of_ring[:-1]][: len(part_of_ring)]
    signed = np.where(first_of_part, 1.0, -1.0) * np.abs(of_rings(rings))
    areas = np.bincount(owner[part_of_ring], weights=signed, minlength=len(geometries))
    return np.where(shapely.is_missing(geometries), np.nan, areas)


def _vertices(rings: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp], int]:
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    return xy, ring, len(rings)


def radii_m(lat_rad: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Return the radii of curvature along the meridian and across it, in metres.

    Examples
    --------
    At the equator the meridian bends with b2/a and the parallel is a circle of radius a:

    >>> [round(float(radius), 1) for radius in radii_m(np.array(0.0))]
    [6335439.3, 6378137.0]
    """
    w2 = 1.0 - ECCENTRICITY_2 * np.sin(lat_rad) ** 2
    return SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / w2**1.5, SEMI_MAJOR_M / np.sqrt(w2)


def zone_m2(
    lat1_rad: npt.NDArray[np.float64], lat2_rad: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the area between two latitudes per radian of longitude, in square metres."""
    return 2.0 * _half_zone_m2(lat1_rad, lat2_rad)


def _trapezoids_m2(rings: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    xy, ring, _ = _vertices(rings)
    if not len(xy):
        return np.zeros(len(rings))
    # Longitudes from the ring's own first vertex keep small rings exact.
    start = np.searchsorted(ring, np.arange(len(rings)))
    lon = np.radians(xy[:, 0] - xy[start[ring], 0])
    lat = np.radians(xy[:, 1])
    inside = ring[1:] == ring[:-1]
    strip = (lon[1:] + lon[:-1]) * _half_zone_m2(lat[:-1], lat[1:])
    strip += _slant_correction_m2(lon[1:] - lon[:-1], lat[:-1], lat[1:])
    total = np.bincount(ring[:-1][inside], weights=strip[inside], minlength=len(rings))
    return np.asarray(total, dtype=np.float64)


def _half_zone_m2(
    lat1: npt.NDArray[np.float64], lat2: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Area between two latitudes per radian of longitude, halved for the mean of two."""
    half, middle = (lat2 - lat1) / 2.0, (lat1 + lat2) / 2.0
    total = np.zeros_like(lat1)
    for term, factor in enumerate(_SERIES):
        n = 2 * term + 1
        total += factor * np.sin(n * half) * np.cos(n * middle)
    return SEMI_MINOR_M**2 * total


def _slant_correction_m2(
    d_lon: npt.NDArray[np.float64], lat1: npt.NDArray[np.float64], lat2: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return what the trapezoid of a leaning edge leaves out: zones narrow northward.

    A trapezoid gives all latitudes of the edge its mean longitude. This is the first
    remainder, d_lon * d_lat^2 / 12 * d(M N cos B)/dB; the next one is 1e-9 of it on
    pieces of 200 m.
    """
    middle = (lat1 + lat2) / 2.0
    sin, w2 = np.sin(middle), 1.0 - ECCENTRICITY_2 * np.sin(middle) ** 2
    slope = SEMI_MINOR_M**2 * sin / w2**2 * (4.0 * ECCENTRICITY_2 * np.cos(middle) ** 2 / w2 - 1.0)
    return np.asarray(d_lon * (lat2 - lat1) ** 2 / 12.0 * slope, dtype=np.float64)


def _require_polygonal(geometries: npt.NDArray[Any]) -> None:
    bad = np.flatnonzero(~(is_areal(geometries) | shapely.is_missing(geometries)))
    if len(bad):
        found = str(geometries[bad[0]].geom_type)
        raise NotPolygonalError(feature=int(bad[0]) + 1, found=found)


NOISE_M2: Final = 1e-6
"""Overlaps below one square millimetre are rounding of lon/lat doubles, not ground."""
