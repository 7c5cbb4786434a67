"""Ground below straight lon/lat edges, in closed form for all edges of many rings at once."""

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.measure.ellipsoid import ECCENTRICITY_2, SEMI_MINOR_M

Floats = npt.NDArray[np.float64]

_SMALLEST: Final = 1e-17
_MOST_TERMS: Final = 25


def ring_areas_m2(xy: Floats, ring: npt.NDArray[np.intp], count: int) -> Floats:
    """Return the ellipsoidal area inside rings whose edges are straight in lon and lat.

    Parameters
    ----------
    xy : array, shape (n, 2)
        Vertices of closed rings in EPSG:4490 degrees, ring after ring.
    ring : array of int, shape (n,)
        Which ring a vertex belongs to, rising.
    count : int
        Number of rings; those without vertices have no area.

    Returns
    -------
    array, shape (count,)
        Square metres, positive if the ring runs counterclockwise; exact to rounding.

    Method
    ------
    The ground between a ring's southern end and an edge is the integral over longitude of
    F(y), the ground per radian of longitude up to y above that end. F is the power series
    of the integral of M N cos B = b^2 cos B / (1 - e^2 sin^2 B)^2, and the mean of y^k
    along an edge from p to q is the sum of p^i q^(k-i) over i, divided by k + 1: no term
    is negative, so no digits cancel, and edges may be as long as they like.
    """
    if not len(xy):
        return np.zeros(count)
    starts = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    south, height = np.zeros(count), np.zeros(count)
    south[ring[starts]] = np.minimum.reduceat(xy[:, 1], starts)
    y = np.radians(xy[:, 1] - south[ring])
    height[ring[starts]] = np.maximum.reduceat(y, starts)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    owner = ring[inside]
    westward = np.radians(xy[inside, 0] - xy[inside + 1, 0])
    low, high = y[inside], y[inside + 1]
    density = _density_series(np.radians(south), _terms(float(height.max())))
    powers, sums, below = np.ones_like(low), np.ones_like(low), np.zeros_like(low)
    for k, coefficient in enumerate(density, start=1):
        powers *= low
        sums = sums * high + powers
        below += coefficient[owner] / (k * (k + 1)) * sums
    return np.bincount(owner, weights=westward * below, minlength=count).astype(np.float64)


def _terms(height_rad: float) -> int:
    """Return how many terms the density needs: the first dropped one is like a cosine's."""
    terms, rest = 1, height_rad
    while (terms < 3 or rest >= _SMALLEST) and terms < _MOST_TERMS:
        terms += 1
        rest *= height_rad / terms
    return terms


def _density_series(lat_rad: Floats, terms: int) -> list[Floats]:
    """Return Taylor coefficients of M N cos B at each latitude, in square metres."""
    sin, cos = [np.sin(lat_rad)], [np.cos(lat_rad)]
    for k in range(1, terms):
        sin, cos = [*sin, cos[k - 1] / k], [*cos, -sin[k - 1] / k]
    u = [(k == 0) - ECCENTRICITY_2 * _product(sin, sin, k) for k in range(terms)]
    v = [_product(u, u, k) for k in range(terms)]
    density: list[Floats] = []
    for k in range(terms):
        rest = cos[k] - sum((v[j] * density[k - j] for j in range(1, k + 1)), np.zeros(1))
        density.append(rest / v[0])
    return [SEMI_MINOR_M**2 * coefficient for coefficient in density]


def _product(left: list[Floats], right: list[Floats], k: int) -> Floats:
    """Return the coefficient of the k-th power in a product of two power series."""
    return np.asarray(sum(left[j] * right[k - j] for j in range(k + 1)))
