"""Heights between the middles of pixels: finer cells of the same ground."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from affine import Affine
from scipy.sparse import csr_matrix

from geo.model import Grid

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """Each pixel parted into ``factor`` by ``factor`` cells, by bilinear interpolation.

    Heights stand for the middles of pixels. Beyond the outermost middles the last two pixels are
    drawn on, so that a plane stays one up to the edge of the grid.
    """

    shape: tuple[int, int]
    factor: int

    def values(self, pixels: Floats) -> Floats:
        """Return the values in the middles of cells; NaN wherever one that counts is NaN."""
        down, across = (_weights(count, self.factor) for count in self.shape)
        return np.asarray(across.dot(down.dot(pixels).T).T, dtype=np.float64)

    def grid(self, grid: Grid) -> Grid:
        """Return a grid in cells; unknown pixels make NaN."""
        values = np.where(grid.known, grid.values.astype(np.float64), np.nan)
        step = grid.transform * Affine.scale(1.0 / self.factor)
        return replace(grid, values=self.values(values), transform=step, nodata=np.nan)


def _weights(count: int, factor: int) -> Any:  # noqa: ANN401 - scipy is untyped
    """Return the matrix that takes values at pixels of one axis to the middles of cells."""
    place = (np.arange(count * factor) + 0.5) / factor - 0.5
    if count == 1:
        return csr_matrix(np.ones((factor, 1)))
    low = np.clip(np.floor(place).astype(np.int64), 0, count - 2)
    share = place - low
    rows = np.repeat(np.arange(place.size), 2)
    columns = np.column_stack([low, low + 1]).ravel()
    weights = np.column_stack([1.0 - share, share]).ravel()
    # What has no weight says nothing, known or not.
    kept = weights != 0.0
    return csr_matrix((weights[kept], (rows[kept], columns[kept])), shape=(place.size, count))
