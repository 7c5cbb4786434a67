"""Errors of heights as random fields: normal, of one standard deviation, alike near each other."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import fft

Floats = npt.NDArray[np.float64]

_PADDING_LENGTHS: Final = 4.0
"""Beyond so many correlation lengths values are alike by less than 2 %."""

_MOST: Final = 3
"""So many times the grid is the most that is added: of errors alike over far more than the grid
hardly more than their common part is left, which a larger torus would not change."""


def error_fields(
    shape: tuple[int, int],
    pixel_m: tuple[float, float],
    sd_m: float,
    length_m: float,
    rng: np.random.Generator,
) -> Iterator[Floats]:
    """Yield fields of errors without end, each independent of the others.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the grid of heights.
    pixel_m : (float, float)
        Height and width of a pixel on the ground in metres.
    sd_m : float
        Standard deviation of the error of one height in metres, from zero up.
    length_m : float
        Correlation length in metres, above zero: errors a distance d apart have the correlation
        exp(-d / length).
    rng : Generator
        With a seed of the caller's.

    References
    ----------
    C. R. Dietrich and G. N. Newsam, Fast and exact simulation of stationary Gaussian processes
    through circulant embedding of the covariance matrix, SIAM J. Sci. Comput. 18 (1997): the grid
    is set into a torus of at least twice its size. Negative eigenvalues, which a torus too small
    for the length would bring, are set to zero.
    """
    wide = tuple(
        fft.next_fast_len(
            count + int(min(_PADDING_LENGTHS * length_m / step + count, _MOST * count))
        )
        for count, step in zip(shape, pixel_m, strict=True)
    )
    down, across = (
        np.minimum(np.arange(count), count - np.arange(count)) * step
        for count, step in zip(wide, pixel_m, strict=True)
    )
    covariance = sd_m**2 * np.exp(-np.hypot(down[:, None], across[None, :]) / length_m)
    spectrum = np.sqrt(np.maximum(fft.fft2(covariance).real, 0.0) / covariance.size)
    while True:
        noise: npt.NDArray[Any] = rng.standard_normal(wide) + 1j * rng.standard_normal(wide)
        field = fft.fft2(spectrum * noise)
        yield np.ascontiguousarray(field.real[: shape[0], : shape[1]])
        yield np.ascontiguousarray(field.imag[: shape[0], : shape[1]])
