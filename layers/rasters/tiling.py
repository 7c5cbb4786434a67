"""Square pieces of rasters in the scheme of web maps, read from overviews."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io import Reader
from rio_tiler.utils import render

from geo.model import Grid
from layers.errors import NotFoundError
from layers.rasters._gdal import open_local
from layers.rasters.model import RasterVersion

TILE: Final = 256
MOST_ZOOM: Final = 22
_WORLD_M: Final = 2.0 * np.pi * 6_378_137.0
_MERCATOR: Final = "EPSG:3857"


class UnknownTileError(NotFoundError):
    """There is no such tile. Params: ``z``, ``x``, ``y``."""

    code = "layers.rasters.unknown_tile"


def read_tile(
    version: RasterVersion, path: Path, zxy: tuple[int, int, int], *, rim: int, nearest: bool
) -> list[Grid]:
    """Return the bands of a raster under one tile, with ``rim`` pixels more on each side.

    Parameters
    ----------
    version, path : RasterVersion and Path
        A version and its file.
    zxy : tuple of int
        Zoom, column and row of the tile in the Web Mercator scheme.
    rim : int
        Pixels to add around, for what is derived from neighbours.
    nearest : bool
        Whether values are classes, which are never mixed.

    Raises
    ------
    UnknownTileError
        The scheme has no such tile, or the raster does not reach it.
    """
    z, x, y = zxy
    if not (0 <= z <= MOST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise UnknownTileError(z=z, x=x, y=y)
    facts = version.facts
    step_m = _WORLD_M / 2**z / TILE
    left, top = x * TILE * step_m - _WORLD_M / 2.0, _WORLD_M / 2.0 - y * TILE * step_m
    transform = Affine(step_m, 0.0, left - rim * step_m, 0.0, -step_m, top + rim * step_m)
    return [
        Grid(
            values=band,
            transform=transform,
            crs=CRS.from_user_input(_MERCATOR),
            nodata=facts.nodata,
            unit=facts.unit,
        )
        for band in _bands(version, path, zxy, rim, nearest=nearest)
    ]


def _bands(
    version: RasterVersion, path: Path, zxy: tuple[int, int, int], rim: int, *, nearest: bool
) -> list[npt.NDArray[Any]]:
    z, x, y = zxy
    nodata = version.facts.nodata
    with open_local(path) as file, Reader(str(path), dataset=file) as reader:
        try:
            image = reader.tile(
                x,
                y,
                z,
                tilesize=TILE,
                buffer=rim,
                indexes=list(range(1, file.count + 1)),
                resampling_method="nearest" if nearest else "cubic",
                reproject_method="nearest" if nearest else "bilinear",
            )
        except TileOutsideBounds as exc:
            if nodata is None or not _in_corner(version, zxy):
                raise UnknownTileError(z=z, x=x, y=y) from exc
            side = TILE + 2 * rim
            return [np.full((side, side), nodata, dtype=kind) for kind in file.dtypes]
    return [_with_nodata(band, nodata) for band in image.array]


def _in_corner(version: RasterVersion, zxy: tuple[int, int, int]) -> bool:
    """Tell whether a tile lies in the raster's lon/lat box, which is larger than the raster.

    Who keeps to the bounds that the catalogue lists asks for such tiles, and rightly.
    """
    z, x, y = zxy
    lons = (column / 2**z * 360.0 - 180.0 for column in (x, x + 1))
    lats = (np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * row / 2**z)))) for row in (y + 1, y))
    (tile_west, tile_east), (tile_south, tile_north) = tuple(lons), tuple(lats)
    west, south, east, north = version.facts.bounds_lonlat
    across = bool(tile_west < east and tile_east > west)
    return across and bool(tile_south < north and tile_north > south)


def png(picture: npt.NDArray[np.uint8]) -> bytes:
    """Return red, green, blue and opacity, shape (4, rows, columns), as PNG."""
    data: bytes = render(picture, img_format="PNG")
    return data


def _with_nodata(band: Any, nodata: float | None) -> npt.NDArray[Any]:  # noqa: ANN401
    if nodata is None:
        return np.asarray(band.data)
    return np.where(np.ma.getmaskarray(band), np.array(nodata, band.dtype), band.data)
