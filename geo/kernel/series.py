"""Ground per square degree of longitude and latitude, as a power series of latitude."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.kernel.jit import compile_inline, compile_lazily
from geo.measure.ellipsoid import ECCENTRICITY_2, SEMI_MINOR_M

Floats = npt.NDArray[np.float64]

MOST_TERMS: Final = 26
_B2: Final = SEMI_MINOR_M**2
_E2: Final = ECCENTRICITY_2
_SIN: Final = 1
_COS: Final = 2
_U: Final = 3
_V: Final = 4
_DENSITY: Final = 5
_RAD: Final = math.pi / 180.0


@compile_lazily
def series_room() -> Floats:
    """Return room for a series: what :func:`mean_below` reads, and what it is made from."""
    return np.empty((6, MOST_TERMS))


@compile_lazily
def terms_for(height_deg: float) -> int:
    """Return how many terms of the density a window needs for 1e-17 of it.

    The coefficients are near those of a cosine, so the first dropped term is about
    ``height ** terms / terms!``; height in radians.
    """
    height = height_deg * _RAD
    rest = 1.0
    for term in range(1, MOST_TERMS - 1):
        rest *= height / term
        if term >= 3 and rest < 1e-17:
            return term
    return MOST_TERMS - 2


@compile_lazily
def fill_ellipsoid(lat_deg: float, height_deg: float, means: Floats) -> int:
    """Write what :func:`mean_below` needs on the ellipsoid, and return the degree.

    F(y) is the ground in square metres per degree of longitude between ``lat_deg`` and
    ``lat_deg + y``, for 0 <= y <= ``height_deg``; ``means`` is from :func:`series_room`.

    Method
    ------
    Taylor coefficients of M N cos B = b^2 cos B / (1 - e^2 sin^2 B)^2 at the southern
    edge by products of power series and one division, integrated term by term.
    """
    count = terms_for(height_deg)
    means[_SIN, 0], means[_COS, 0] = math.sin(lat_deg * _RAD), math.cos(lat_deg * _RAD)
    for k in range(1, count):
        means[_SIN, k] = means[_COS, k - 1] / k
        means[_COS, k] = -means[_SIN, k - 1] / k
    # u = 1 - e^2 sin^2, then v = u^2, then density = cos / v.
    for k in range(count):
        means[_U, k] = 1.0 if k == 0 else 0.0
        for j in range(k + 1):
            means[_U, k] -= _E2 * means[_SIN, j] * means[_SIN, k - j]
    for k in range(count):
        means[_V, k] = 0.0
        for j in range(k + 1):
            means[_V, k] += means[_U, j] * means[_U, k - j]
    means[0, 0] = 0.0
    scale = _B2 * _RAD
    for k in range(count):
        rest = means[_COS, k]
        for j in range(1, k + 1):
            rest -= means[_V, j] * means[_DENSITY, k - j]
        means[_DENSITY, k] = rest / means[_V, 0]
        scale *= _RAD
        means[0, k + 1] = means[_DENSITY, k] * scale / ((k + 1) * (k + 2))
    return count


@compile_lazily
def fill_plane(means: Floats) -> int:
    """Write what :func:`mean_below` needs in the plane, where F(y) = y; returns the degree."""
    means[0, 0], means[0, 1] = 0.0, 0.5
    return 1


@compile_inline
def mean_below(y0: float, y1: float, means: Floats, degree: int) -> float:
    """Return the mean of F along a straight piece from height ``y0`` to ``y1``, both >= 0.

    The mean of y^k is the sum of y0^i y1^(k-i) over i, divided by k + 1: no term is
    negative, so nothing cancels, and a level piece is no special case.
    """
    power, sums, total = 1.0, 1.0, 0.0
    for k in range(1, degree + 1):
        power *= y0
        sums = sums * y1 + power
        total += means[0, k] * sums
    return total
