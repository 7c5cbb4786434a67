"""Which of two columns of numbers is east and which is north, by their size."""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_LON_DEG: Final = (73.0, 136.0)
_LAT_DEG: Final = (3.0, 54.0)
_NORTH_M: Final = (3.0e5, 6.0e6)
_EAST_M: Final = (1.0e5, 1.0e6)
_ZONED_EAST_M: Final = (1.3e7, 4.6e7)


class Order(StrEnum):
    """What the sizes of two columns say of their order."""

    NORTH_EAST = "north_east"
    EAST_NORTH = "east_north"
    UNKNOWN = "unknown"


def order_of(first: FloatArray, second: FloatArray) -> Order:
    """Return the order of two columns that lie in China; unknown where both could be.

    Parameters
    ----------
    first, second : arrays of equal length
        Metres of a Gauss-Krueger plane, or degrees.

    Examples
    --------
    >>> str(order_of(np.array([2765000.0]), np.array([34500000.0])))
    'north_east'
    >>> str(order_of(np.array([102.7]), np.array([24.9])))
    'east_north'
    """
    if not len(first):
        return Order.UNKNOWN
    one, other = float(np.median(first)), float(np.median(second))
    north_first, east_first = _fits(other, one), _fits(one, other)
    if north_first == east_first:
        return Order.UNKNOWN
    return Order.NORTH_EAST if north_first else Order.EAST_NORTH


def zone_prefix(east: FloatArray) -> int | None:
    """Return the zone number that eastings carry, None if they carry none or several."""
    zones = np.unique(np.floor_divide(east, 1e6)).tolist()
    carried = len(zones) == 1 and _within(float(east[0]), _ZONED_EAST_M)
    return int(zones[0]) if carried else None


def is_lonlat(east: FloatArray, north: FloatArray) -> bool:
    """Tell whether columns are degrees in China."""
    return _within(float(np.median(east)), _LON_DEG) and _within(float(np.median(north)), _LAT_DEG)


def _fits(east: float, north: float) -> bool:
    plane = _within(east, _EAST_M) or _within(east, _ZONED_EAST_M)
    return (plane and _within(north, _NORTH_M)) or (
        _within(east, _LON_DEG) and _within(north, _LAT_DEG)
    )


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
