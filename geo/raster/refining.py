"""Values of cells between their centres, smoothly: finer cells of the same ground."""

from math import ceil
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.raster.lattice import Lattice

Values = npt.NDArray[np.float64]

MOST_CELLS: Final = 30_000_000
"""Finer cells than these would take more memory than what they tell is worth."""


def refine(lattice: Lattice, values: Values, cell_m: float) -> tuple[Lattice, Values]:
    """Return values of cells of about a length, through the centres of those that are known.

    Straight lines between centres cut the corners of ground that is curved: of a hollow 300 m
    wide, cells of 30 m lose 1 % of the area, which belongs to no cell. Values therefore run
    along cubics, exact where they change by a square; beside unknown cells they run straight.

    Parameters
    ----------
    lattice : Lattice
        The cells.
    values : array of float, shape (rows, columns)
        Values of the cells; NaN where unknown.
    cell_m : float
        The length wished for; cells stay larger where there would be more than
        :data:`MOST_CELLS`, and as they are where they are no longer than it.

    Returns
    -------
    Lattice, array of float
        The centres of the old cells are among those of the new, with their values.

    References
    ----------
    Keys, R. G. (1981): Cubic convolution interpolation for digital image processing. IEEE
    Transactions on Acoustics, Speech and Signal Processing 29(6), with a = -1/2.
    """
    room = int((MOST_CELLS / max(values.size, 1)) ** 0.5)
    parts = min(ceil(lattice.cell_m / cell_m), room)
    if parts <= 1 or min(values.shape) < 2:
        return lattice, values
    finer = _along_rows(_along_rows(values, parts).T, parts).T
    kept_m = lattice.cell_m * (1.0 - 1.0 / parts) / 2.0
    rows, columns = finer.shape
    return (
        Lattice(
            plane=lattice.plane,
            west_m=lattice.west_m + kept_m,
            north_m=lattice.north_m - kept_m,
            cell_m=lattice.cell_m / parts,
            rows=rows,
            columns=columns,
        ),
        finer,
    )


def _along_rows(values: Values, parts: int) -> Values:
    """Return rows with so many values for each but the last."""
    rows, columns = values.shape
    first, last = 2.0 * values[:, :1] - values[:, 1:2], 2.0 * values[:, -1:] - values[:, -2:-1]
    wide = np.hstack([first, values, last])
    around: list[Any] = [wide[:, at : at + columns - 1] for at in range(4)]
    finer = np.empty((rows, (columns - 1) * parts + 1))
    finer[:, ::parts] = values
    for part in range(1, parts):
        weights = _weights(part / parts)
        smooth = sum(weight * one for weight, one in zip(weights, around, strict=True))
        straight = around[1] + (around[2] - around[1]) * (part / parts)
        finer[:, part::parts] = np.where(np.isnan(smooth), straight, smooth)
    return finer


def _weights(share: float) -> tuple[float, float, float, float]:
    """Return how much the four values around count at a share of the way between the middle two.

    Examples
    --------
    >>> _weights(0.5)
    (-0.0625, 0.5625, 0.5625, -0.0625)
    """
    t = share
    return (
        (-t + 2.0 * t**2 - t**3) / 2.0,
        (2.0 - 5.0 * t**2 + 3.0 * t**3) / 2.0,
        (t + 4.0 * t**2 - 3.0 * t**3) / 2.0,
        (-(t**2) + t**3) / 2.0,
    )
