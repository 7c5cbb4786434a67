"""Which ground a map shows: plane, true scale from the usual series, lines of the grid."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.measure.crs import GEOGRAPHIC, densify_lonlat, local_plane, parse_crs, transform
from maps.figure.model import MapSheet

_SCALES: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5)
_ROUND: Final = (1.0, 2.0, 2.5, 5.0)
_MOST_LINES: Final = 5
_WIDE_M: Final = 60_000.0
"""From this width on, lines of longitude and latitude say more than those of the plane."""
_DEGREE_STEPS: Final = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 1 / 4, 1 / 2, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A frame in a Gauss-Krueger plane: bounds in metres, and the scale it is printed at."""

    plane: CRS
    west_m: float
    south_m: float
    width_m: float
    height_m: float
    denominator: float

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the frame in its plane."""
        east, north = self.west_m + self.width_m, self.south_m + self.height_m
        return self.west_m, self.south_m, east, north

    @property
    def geographic_grid(self) -> bool:
        """Whether the frame is so wide that the grid is one of longitude and latitude."""
        return self.width_m > _WIDE_M


def extent_of(sheet: MapSheet, frame_mm: tuple[float, float]) -> Extent:
    """Return the ground that a frame of a size in mm shows.

    The scale is the largest of the usual series (1:1000, 1:1500, 1:2000, 1:2500, 1:3000,
    1:4000, 1:5000, 1:7500, 1:10,000 and so on) at which the focus, with its margin, fits.
    """
    plane = local_plane(_centre_lon_deg(sheet.focus))
    west, south, east, north = shapely.total_bounds(in_plane(sheet.focus, plane))
    grow = 1.0 + 2.0 * sheet.margin
    need_m = max(
        sheet.least_width_m / frame_mm[0],
        (east - west) * grow / frame_mm[0],
        (north - south) * grow / frame_mm[1],
    )
    denominator = usual_denominator(need_m * 1000.0)
    width_m, height_m = (side * denominator / 1000.0 for side in frame_mm)
    return Extent(
        plane=plane,
        west_m=(west + east - width_m) / 2.0,
        south_m=(south + north - height_m) / 2.0,
        width_m=width_m,
        height_m=height_m,
        denominator=denominator,
    )


def usual_denominator(least: float) -> float:
    """Return the smallest denominator of the usual series that is not below ``least``.

    Examples
    --------
    >>> usual_denominator(1800.0), usual_denominator(2400.0), usual_denominator(50_001.0)
    (2000.0, 2500.0, 75000.0)
    """
    return _usual(max(least, 10.0), _SCALES)


def round_length_m(least: float) -> float:
    """Return the smallest round length that is not below ``least``.

    Examples
    --------
    >>> round_length_m(110.0), round_length_m(2100.0)
    (200.0, 2500.0)
    """
    return _usual(least, _ROUND)


def grid_step_m(width_m: float) -> float:
    """Return the distance of grid lines: at most five of them, at round numbers.

    Examples
    --------
    >>> grid_step_m(900.0), grid_step_m(12_000.0)
    (200.0, 2500.0)
    """
    return round_length_m(width_m / _MOST_LINES)


def grid_step_deg(width_deg: float) -> float:
    """Return the distance of meridians in whole minutes or parts of a degree."""
    return next((s for s in _DEGREE_STEPS if width_deg / s <= _MOST_LINES), _DEGREE_STEPS[-1])


def in_plane(geometries: npt.NDArray[Any], plane: CRS) -> npt.NDArray[Any]:
    """Return lon/lat geometries in a plane; their edges follow the lines of lon/lat."""
    return transform(geometries, parse_crs(GEOGRAPHIC), plane)


def bounds_lonlat(extent: Extent) -> tuple[float, float, float, float]:
    """Return the lon/lat box around a frame, for a search of features."""
    box = np.array([shapely.box(*extent.bounds_m)], dtype=object)
    edge = shapely.segmentize(box, extent.width_m / 16.0)
    west, south, east, north = shapely.total_bounds(
        transform(edge, extent.plane, parse_crs(GEOGRAPHIC))
    )
    return float(west), float(south), float(east), float(north)


def line_in_plane(start: tuple[float, float], end: tuple[float, float], plane: CRS) -> Any:  # noqa: ANN401 - a shapely geometry
    """Return a line of constant longitude or latitude in a plane."""
    (line,) = in_plane(densify_lonlat(np.array([shapely.LineString([start, end])])), plane)
    return line


def _usual(least: float, series: tuple[float, ...]) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next((s * power for s in series if s * power >= least * (1 - 1e-12)), 10.0 * power)


def _centre_lon_deg(focus: npt.NDArray[Any]) -> float:
    west, _, east, _ = shapely.total_bounds(focus)
    return float((west + east) / 2.0)
