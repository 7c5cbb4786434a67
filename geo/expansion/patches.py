"""Pixels of one class that touch, as polygons."""

from typing import Any

import numpy as np
import shapely
from rasterio.features import shapes

from geo.model import Grid
from geo.raster.grid import require_straight


def class_polygons(grid: Grid) -> list[tuple[int, Any]]:
    """Return pixels of equal value that share an edge as polygons in the grid's CRS.

    Parameters
    ----------
    grid : Grid
        Classes as whole numbers up to 255; unknown pixels make no polygon.

    Returns
    -------
    list of (int, Polygon)
        Valid polygons along the edges of pixels; together they are all known pixels.

    Raises
    ------
    TurnedGridError
        Warp the raster to an upright grid first.
    """
    require_straight(grid)
    values = grid.values.astype(np.uint8)
    found = shapes(values, mask=grid.known, connectivity=4, transform=grid.transform)
    return [(int(code), shapely.geometry.shape(shape)) for shape, code in found]
