"""Ground on which values of cells stay below a limit, with outlines between their centres."""

from itertools import pairwise
from typing import Any, Final

import contourpy
import numpy as np
import numpy.typing as npt
import shapely

from geo.raster.lattice import Lattice

_LOWEST: Final = -1e300
_TENTH: Final = 0.1
_FIFTIETH: Final = 0.02
"""Of a cell: what an outline leaves of its curve; a tenth cost hollows of 10 ha half a percent."""


def ground_up_to(
    lattice: Lattice, values: npt.NDArray[np.float64], most: float
) -> npt.NDArray[Any]:
    """Return where values between the centres of cells are at most a limit.

    Values run linearly from centre to centre, so that the centre of a cell lies inside where
    its value keeps the limit. Outlines are drawn to a fiftieth of a cell. Unknown cells (NaN) are
    no ground.

    Parameters
    ----------
    lattice : Lattice
        The cells; nothing is said beyond the centres of the outermost.
    values : array of float, shape (rows, columns)
        Values of the cells.
    most : float
        The limit.

    Returns
    -------
    array of Polygon
        In the plane of the lattice, valid.
    """
    east_m, north_m = lattice.centres_m()
    maker = contourpy.contour_generator(
        east_m, north_m, np.ma.masked_invalid(values), fill_type=contourpy.FillType.OuterOffset
    )
    # The upper end is left out: the next number above the limit lets the limit itself in.
    filled: Any = maker.filled(_LOWEST, np.nextafter(most, np.inf))
    points, offsets = filled
    polygons = [_polygon(own, at) for own, at in zip(points, offsets, strict=True)]
    drawn = shapely.simplify(np.array(polygons, dtype=object), _FIFTIETH * lattice.cell_m)
    valid: npt.NDArray[Any] = shapely.make_valid(drawn)
    return valid


def known_ground(lattice: Lattice, known: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """Return the ground between the centres of known cells, as :func:`ground_up_to`."""
    return ground_up_to(lattice, np.where(known, 0.0, np.nan), 0.0)


def contour_lines(
    lattice: Lattice, values: npt.NDArray[np.float64], interval: float
) -> npt.NDArray[Any]:
    """Return the lines on which values are multiples of an interval.

    Values run linearly between the centres of cells, lines are drawn to a tenth of a cell.

    Parameters
    ----------
    lattice : Lattice
        The cells.
    values : array of float, shape (rows, columns)
        Values of the cells; none is drawn beside unknown ones (NaN).
    interval : float
        In the unit of the values, above 0.

    Returns
    -------
    array of LineString
        In the plane of the lattice; empty where all is unknown or level.
    """
    none: npt.NDArray[Any] = np.array([], dtype=object)
    if np.isnan(values).all():
        return none
    east_m, north_m = lattice.centres_m()
    maker = contourpy.contour_generator(east_m, north_m, np.ma.masked_invalid(values))
    first = np.ceil(np.nanmin(values) / interval) * interval
    levels = np.arange(first, np.nanmax(values), interval)
    lines: list[Any] = [line for level in levels for line in maker.lines(level)]
    drawn = [shapely.LineString(line) for line in lines if len(line) > 1]
    if not drawn:
        return none
    found: npt.NDArray[Any] = shapely.simplify(
        np.array(drawn, dtype=object), _TENTH * lattice.cell_m
    )
    return found


def _polygon(points: npt.NDArray[np.float64], offsets: npt.NDArray[Any]) -> shapely.Polygon:
    rings = [points[start:end] for start, end in pairwise(offsets)]
    return shapely.Polygon(rings[0], rings[1:])
