"""Square pieces of rasters in the scheme of web maps."""

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from PIL import Image
from pyproj import CRS

from geo.model import Grid
from layers.errors import NotFoundError
from layers.rasters._gdal import open_local, rasterio
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
    if not _meets(version, zxy):
        raise UnknownTileError(z=z, x=x, y=y)
    step_m = _WORLD_M / 2**z / TILE
    left, top = x * TILE * step_m - _WORLD_M / 2.0, _WORLD_M / 2.0 - y * TILE * step_m
    transform = Affine(step_m, 0.0, left - rim * step_m, 0.0, -step_m, top + rim * step_m)
    with open_local(path) as file:
        read = _cut if file.crs == _MERCATOR else _warped
        bands = read(file, transform, TILE + 2 * rim, nearest=nearest)
    return [
        Grid(
            values=band,
            transform=transform,
            crs=CRS.from_user_input(_MERCATOR),
            nodata=facts.nodata,
            unit=facts.unit,
        )
        for band in bands
    ]


def _warped(file: Any, transform: Affine, side: int, *, nearest: bool) -> Any:  # noqa: ANN401
    """Return the bands of a raster in any CRS under a square, warped pixel by pixel.

    Where the square's pixels are wider than the raster's, the raster is warped in pixels
    of its own width first, and these are then made into wider ones.
    """
    resampling = rasterio.enums.Resampling
    native, _, _ = rasterio.warp.calculate_default_transform(
        file.crs, _MERCATOR, file.width, file.height, *file.bounds
    )
    fine = max(side, round(side * transform.a / native.a))
    with rasterio.vrt.WarpedVRT(
        file,
        crs=_MERCATOR,
        transform=transform @ Affine.scale(side / fine),
        width=fine,
        height=fine,
        nodata=file.nodata,
        src_nodata=file.nodata,
        dtype=file.dtypes[0],
        resampling=resampling.nearest if nearest else resampling.bilinear,
    ) as warped:
        return warped.read(
            list(file.indexes),
            out_shape=(file.count, side, side),
            resampling=resampling.nearest if nearest else resampling.cubic,
        )


def _cut(file: Any, transform: Affine, side: int, *, nearest: bool) -> Any:  # noqa: ANN401
    """Return the bands of a raster that is in Web Mercator itself under a square."""
    resampling = rasterio.enums.Resampling
    left, top = transform.c, transform.f
    right, bottom = transform @ (side, side)
    return file.read(
        window=rasterio.windows.from_bounds(left, bottom, right, top, file.transform),
        out_shape=(file.count, side, side),
        resampling=resampling.nearest if nearest else resampling.cubic,
        boundless=True,
        fill_value=file.nodata,
    )


def _meets(version: RasterVersion, zxy: tuple[int, int, int]) -> bool:
    """Return whether a tile lies in the raster's lon/lat box, which is larger than the raster.

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
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(np.moveaxis(picture, 0, -1)), "RGBA").save(data, "PNG")
    return data.getvalue()
