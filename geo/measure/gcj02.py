"""The shifted datums of Chinese web maps, GCJ-02 and BD-09, and their exact inverse.

Coordinates on these datums are 330 to 390 m off in the districts. They are never
stored and never compared with anything; they are taken in when a person declares them.
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ShiftedDatum = Literal["gcj02", "bd09"]

_A: Final = 6_378_245.0
_EE: Final = 0.00669342162296594323
_BD_TURN: Final = np.pi * 3000.0 / 180.0
_BOX: Final = (73.66, 3.86, 135.05, 53.55)
_STEPS: Final = 12


def from_true(
    lon_deg: FloatArray, lat_deg: FloatArray, *, datum: ShiftedDatum
) -> tuple[FloatArray, FloatArray]:
    """Shift true lon/lat to a shifted datum; outside the box of China nothing moves.

    References
    ----------
    The offset functions that every public converter shares; the constants are those of
    the Krasovsky ellipsoid. No official text is public.
    """
    lon, lat = np.asarray(lon_deg, dtype=float), np.asarray(lat_deg, dtype=float)
    d_lon, d_lat = _offsets_deg(lon, lat)
    west, south, east, north = _BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    seen = lon + d_lon, lat + d_lat
    if datum == "bd09":
        seen = _bd_from_gcj(*seen)
    return np.where(inside, seen[0], lon), np.where(inside, seen[1], lat)


def to_true(
    lon_deg: FloatArray, lat_deg: FloatArray, *, datum: ShiftedDatum
) -> tuple[FloatArray, FloatArray]:
    """Return true lon/lat of shifted coordinates, by iteration, to 1e-6 m and better.

    The usual one-step inverse errs by 0.1 to 0.7 m in the districts.

    Parameters
    ----------
    lon_deg, lat_deg : arrays of equal shape
        Degrees on the shifted datum.
    datum : {"gcj02", "bd09"}
        Which shift the coordinates carry.
    """
    lon, lat = np.asarray(lon_deg, dtype=float), np.asarray(lat_deg, dtype=float)
    true_lon, true_lat = lon.copy(), lat.copy()
    for _ in range(_STEPS):
        seen_lon, seen_lat = from_true(true_lon, true_lat, datum=datum)
        true_lon, true_lat = true_lon + (lon - seen_lon), true_lat + (lat - seen_lat)
    return true_lon, true_lat


def _offsets_deg(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    shared = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    w = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * w * np.sqrt(w) / (_A * (1.0 - _EE)))
    d_lon = np.degrees(east * np.sqrt(w) / (_A * np.cos(phi)))
    return d_lon, d_lat


def _bd_from_gcj(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006
