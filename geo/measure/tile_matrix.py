"""Tile matrix sets: squares over the world, halved from level to level.

References
----------
OGC 17-083r4, Two Dimensional Tile Matrix Set, annex D (WebMercatorQuad); GB/T 35634-2017 and the
national service Tianditu (degrees of CGCS2000, the world in two tiles at level 1).
"""

from dataclasses import dataclass
from math import pi
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.measure.ellipsoid import SEMI_MAJOR_M

PIXEL_M: Final = 0.00028
"""A pixel of the standard, by which scales are said."""
TILE_PIXELS: Final = 256
MOST_LEVEL: Final = 22
MERCATOR_EDGE_M: Final = pi * 6378137.0
_MERCATOR_LAT_DEG: Final = 85.0511287798066

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMatrixSet:
    """Levels of square tiles from the north-west; sizes in the units of the CRS.

    ``first`` is the lowest level and ``columns`` and ``rows`` what it is made of; ``width`` is
    that of the world, ``units_m`` metres of a unit at the equator.
    """

    id: str
    epsg: int
    first: int
    columns: int
    rows: int
    west: float
    north: float
    width: float
    units_m: float

    @property
    def in_degrees(self) -> bool:
        """Whether its units are degrees; EPSG then puts the latitude first."""
        return self.epsg != WEB_MERCATOR_EPSG

    def tile_size(self, level: int) -> float:
        """Return the side of a tile."""
        return self.width / (self.columns << (level - self.first))

    def matrix(self, level: int) -> tuple[int, int]:
        """Return the number of columns and rows of a level."""
        return self.columns << (level - self.first), self.rows << (level - self.first)

    def scale_denominator(self, level: int) -> float:
        """Return the scale of a level.

        Examples
        --------
        >>> round(WEB_MERCATOR_QUAD.scale_denominator(0), 2)
        559082264.03
        """
        return self.tile_size(level) / TILE_PIXELS * self.units_m / PIXEL_M

    def holds(self, level: int, row: int, column: int) -> bool:
        """Whether there is such a tile."""
        if not self.first <= level <= MOST_LEVEL:
            return False
        columns, rows = self.matrix(level)
        return 0 <= row < rows and 0 <= column < columns

    def bounds(self, level: int, row: int, column: int) -> Bounds:
        """Return the west, south, east and north of a tile in the units of the CRS.

        Examples
        --------
        >>> CGCS2000_QUAD.bounds(1, 0, 1)
        (0.0, -90.0, 180.0, 90.0)
        """
        size = self.tile_size(level)
        west, north = self.west + column * size, self.north - row * size
        return west, north - size, west + size, north

    def from_lonlat(self, lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return positions in the units of the CRS, east before north."""
        if self.in_degrees:
            return lonlat
        lat = np.radians(np.clip(lonlat[:, 1], -_MERCATOR_LAT_DEG, _MERCATOR_LAT_DEG))
        east = np.radians(lonlat[:, 0]) * SEMI_MAJOR_M
        return np.column_stack([east, np.arctanh(np.sin(lat)) * SEMI_MAJOR_M])

    def to_lonlat(self, bounds: Bounds) -> Bounds:
        """Return bounds of this set in degrees."""
        if self.in_degrees:
            return bounds
        west, south, east, north = bounds
        lons = np.degrees(np.array([west, east]) / SEMI_MAJOR_M)
        lats = np.degrees(np.arcsin(np.tanh(np.array([south, north]) / SEMI_MAJOR_M)))
        return float(lons[0]), float(lats[0]), float(lons[1]), float(lats[1])

    def tiles_at(self, lonlat: npt.NDArray[np.float64], level: int) -> npt.NDArray[np.int64]:
        """Return the row and the column of the tile at each position."""
        places = self.from_lonlat(lonlat)
        size = self.tile_size(level)
        columns, rows = self.matrix(level)
        column = np.clip(np.floor((places[:, 0] - self.west) / size), 0, columns - 1)
        row = np.clip(np.floor((self.north - places[:, 1]) / size), 0, rows - 1)
        return np.column_stack([row, column]).astype(np.int64)


WEB_MERCATOR_EPSG: Final = 3857
WEB_MERCATOR_QUAD: Final = TileMatrixSet(
    id="WebMercatorQuad",
    epsg=WEB_MERCATOR_EPSG,
    first=0,
    columns=1,
    rows=1,
    west=-MERCATOR_EDGE_M,
    north=MERCATOR_EDGE_M,
    width=2 * MERCATOR_EDGE_M,
    units_m=1.0,
)
CGCS2000_QUAD: Final = TileMatrixSet(
    id="CGCS2000Quad",
    epsg=4490,
    first=1,
    columns=2,
    rows=1,
    west=-180.0,
    north=90.0,
    width=360.0,
    units_m=pi * SEMI_MAJOR_M / 180.0,
)
TILE_MATRIX_SETS: Final = MappingProxyType(
    {one.id: one for one in (WEB_MERCATOR_QUAD, CGCS2000_QUAD)}
)
