"""Lengths on the CGCS2000 ellipsoid."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.measure.area import area_lonlat_m2
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M

_GEOD: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)


def leg_lengths_m(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the geodesic between each point and the next.

    Parameters
    ----------
    lonlat : array, shape (n, 2)
        Degrees in EPSG:4490.

    Returns
    -------
    array of float, shape (n - 1,)
        Metres.

    References
    ----------
    C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013), as PROJ has it, on
    the ellipsoid of GB/T 33460-2016.

    Examples
    --------
    One degree along the equator is a degree of the semi-major axis:

    >>> round(float(leg_lengths_m(np.array([[102.0, 0.0], [103.0, 0.0]]))[0]), 3)
    111319.491
    """
    if len(lonlat) < 2:
        return np.zeros(0)
    return pair_lengths_m(lonlat[:-1], lonlat[1:])


def pair_lengths_m(
    before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the geodesics between pairs of points in EPSG:4490, shape (n, 2) each, in metres."""
    _, _, metres = _GEOD.inv(before[:, 0], before[:, 1], after[:, 0], after[:, 1])
    return np.asarray(metres, dtype=np.float64)


def lengths_m(lines: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the geodesic lengths of lines in EPSG:4490 in metres, 0 for anything else."""
    return np.array([float(_GEOD.geometry_length(line)) for line in lines], dtype=np.float64)


def ring_area_m2(lonlat: npt.NDArray[np.float64]) -> float | None:
    """Return the ellipsoidal area of a ring of points; None where it crosses itself."""
    polygon = shapely.Polygon(lonlat)
    if not polygon.is_valid:
        return None
    return float(area_lonlat_m2(np.array([polygon], dtype=object))[0])
