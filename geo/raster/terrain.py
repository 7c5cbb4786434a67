"""Slope, aspect, relief, hillshade and classes of a grid of heights.

Each function takes a grid and returns one on the same pixels. Work goes in bands of
rows: whole-grid temporaries of a large raster cost more than the arithmetic.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.model import Grid
from geo.raster.grid import pixel_size_m, require_unit

FloatArray = npt.NDArray[Any]

FLAT: Final = -1.0
"""Aspect of a pixel that faces nowhere."""

CLASS_NODATA: Final = 255
_BAND_ROWS: Final = 64


def slope_deg(heights: Grid) -> Grid:
    """Return the slope in degrees, 0 level to 90 upright.

    Parameters
    ----------
    heights : Grid
        Heights in metres with NaN where nothing is known, in lon/lat or in a plane.

    Returns
    -------
    Grid
        Float, unit ``deg``; NaN at the rim and wherever one of the nine heights is
        unknown. Read one pixel more on each side to have slopes up to an edge.

    Raises
    ------
    GridUnitError, TurnedGridError, DistortedPlaneError
        Heights are not in metres, or the grid does not tell ground distances.

    References
    ----------
    B. K. P. Horn, Hill shading and the reflectance map, Proceedings of the IEEE 69
    (1981) 14-47: the weighted differences of the eight neighbours. Distances are those
    of the ground, row by row: one distance for a whole lon/lat grid is wrong by up to
    0.3 degrees over three degrees of latitude.
    """

    def band(east: FloatArray, north: FloatArray, out: FloatArray) -> None:
        np.hypot(east, north, out=out)
        np.arctan(out, out=out)
        np.degrees(out, out=out)

    return _derived(heights, band, "deg")


def aspect_deg(heights: Grid) -> Grid:
    """Return which way a slope faces: degrees clockwise from north, :data:`FLAT` if level.

    Parameters, exceptions and references are those of :func:`slope_deg`. In a plane,
    north is the plane's.
    """

    def band(east: FloatArray, north: FloatArray, out: FloatArray) -> None:
        np.arctan2(-east, -north, out=out)
        np.degrees(out, out=out)
        out[out < 0.0] += 360.0
        out[(east == 0.0) & (north == 0.0)] = FLAT

    return _derived(heights, band, "deg")


def hillshade(
    heights: Grid, *, azimuth_deg: float, altitude_deg: float, exaggeration: float
) -> Grid:
    """Return how brightly the ground is lit, 0 to 1.

    Parameters
    ----------
    heights : Grid
        As for :func:`slope_deg`.
    azimuth_deg, altitude_deg : float
        Where the light stands: clockwise from north, and above the horizon.
    exaggeration : float
        By what heights are multiplied.

    References
    ----------
    Horn (1981): the cosine between the light and the normal of the ground.
    """
    azimuth, altitude = np.radians(azimuth_deg), np.radians(altitude_deg)
    to_east = np.sin(azimuth) * np.cos(altitude) * exaggeration
    to_north = np.cos(azimuth) * np.cos(altitude) * exaggeration

    def band(east: FloatArray, north: FloatArray, out: FloatArray) -> None:
        steep = 1.0 + exaggeration**2 * (east**2 + north**2)
        lit = (np.sin(altitude) - to_east * east - to_north * north) / np.sqrt(steep)
        np.maximum(lit, 0.0, out=out)

    return _derived(heights, band, "share")


def relief_m(heights: Grid, *, window_m: float) -> Grid:
    """Return the difference of the highest and lowest pixel in a square window.

    Parameters
    ----------
    heights : Grid
        Heights in metres, NaN where unknown.
    window_m : float
        Side of the window on the ground; the odd number of pixels next to it is taken,
        three at least.

    Returns
    -------
    Grid
        Metres; NaN wherever the window leaves the grid or holds an unknown height.
    """
    from scipy import ndimage  # noqa: PLC0415 - a server starts without it

    require_unit(heights, "m")
    width_m, height_m = pixel_size_m(heights)
    middle = heights.shape[0] // 2
    across, down = (_odd(window_m / float(size[middle])) for size in (width_m, height_m))
    values = heights.values.astype(np.float64)
    unknown = ~heights.known
    highest = ndimage.maximum_filter(np.where(unknown, -np.inf, values), (down, across))
    lowest = ndimage.minimum_filter(np.where(unknown, np.inf, values), (down, across))
    bad = ndimage.maximum_filter(unknown, (down, across), mode="constant", cval=True)
    difference = np.where(bad, np.nan, highest - lowest)
    return replace(heights, values=difference, nodata=np.nan, unit="m")


def classify_slopes(grid: Grid, upper_bounds: Sequence[float]) -> Grid:
    """Return the number of the class that each pixel falls into, from 0.

    Parameters
    ----------
    grid : Grid
        Measurements, NaN where unknown.
    upper_bounds : sequence of float
        Rising; a value equal to a bound is in the class below it. Values above the last
        form one class more.

    Returns
    -------
    Grid
        Whole numbers, unit ``class``, :data:`CLASS_NODATA` where unknown.

    Examples
    --------
    >>> from affine import Affine
    >>> from pyproj import CRS
    >>> grid = Grid(values=np.array([[3.0, 3.1, np.nan]]), transform=Affine.identity(),
    ...             crs=CRS("EPSG:4543"), nodata=np.nan, unit="deg")
    >>> classify_slopes(grid, [3.0, 8.0]).values.tolist()
    [[0, 1, 255]]
    """
    codes = np.digitize(grid.values, np.asarray(upper_bounds), right=True).astype(np.uint8)
    codes[~grid.known] = CLASS_NODATA
    return replace(grid, values=codes, nodata=CLASS_NODATA, unit="class")


_Band = Callable[[FloatArray, FloatArray, FloatArray], None]


def _derived(heights: Grid, band: _Band, unit: str) -> Grid:
    """Fill a new grid, band by band, from the rises per metre to the east and north."""
    require_unit(heights, "m")
    rows, columns = heights.shape
    kind = np.result_type(heights.values.dtype, np.float32)
    out = np.full((rows, columns), np.nan, dtype=kind)
    if rows < 3 or columns < 3:
        return replace(heights, values=out, nodata=np.nan, unit=unit)
    width_m, height_m = pixel_size_m(heights)
    east_sign, north_sign = np.sign(heights.transform.a), np.sign(heights.transform.e)
    per_east = (east_sign / (8.0 * width_m)).astype(kind)[:, None]
    per_north = (north_sign / (8.0 * height_m)).astype(kind)[:, None]
    for east, north, rows_here in _differences(heights, kind):
        np.multiply(east, per_east[rows_here], out=east)
        np.multiply(north, per_north[rows_here], out=north)
        band(east, north, out[rows_here, 1:-1])
    return replace(heights, values=out, nodata=np.nan, unit=unit)


def _differences(
    heights: Grid, kind: np.dtype[Any]
) -> Iterator[tuple[FloatArray, FloatArray, slice]]:
    """Yield Horn's weighted differences along rows and columns, and of which rows they are."""
    rows, columns = heights.shape
    whole = heights.nodata is not None and np.isnan(heights.nodata)
    size = (_BAND_ROWS, columns)
    smooth, across = np.empty(size, kind), np.empty((_BAND_ROWS, columns - 2), kind)
    along = np.empty((_BAND_ROWS, columns - 2), kind)
    for first in range(1, rows - 1, _BAND_ROWS):
        last = min(first + _BAND_ROWS, rows - 1)
        z = heights.values[first - 1 : last + 1]
        if not whole:
            z = np.where(heights.known[first - 1 : last + 1], z, np.nan)
        n = last - first
        up, middle, down = z[:-2], z[1:-1], z[2:]
        column = smooth[:n]
        np.add(middle, middle, out=column)
        column += up
        column += down
        np.subtract(column[:, 2:], column[:, :-2], out=across[:n])
        # The middle pixel itself has no part in the differences, but must be known.
        np.subtract(down, up, out=column)
        np.add(column[:, 1:-1], column[:, 1:-1], out=along[:n])
        along[:n] += column[:, 2:]
        along[:n] += column[:, :-2]
        along[:n][np.isnan(middle[:, 1:-1])] = np.nan
        yield across[:n], along[:n], slice(first, last)


def _odd(pixels: float) -> int:
    """Return the odd number nearest to a number of pixels, three at least."""
    return max(3, 2 * round((pixels - 1.0) / 2.0) + 1)
