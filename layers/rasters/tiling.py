"""Square pieces of rasters in the scheme of web maps."""

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from PIL import Image
from pyproj import CRS

from geo.measure.tile_matrix import WEB_MERCATOR_QUAD, Bounds, TileMatrixSet
from geo.model import Grid
from layers.errors import NotFoundError
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.model import RasterVersion

TILE: Final = 256


class UnknownTileError(NotFoundError):
    """There is no such tile. Params: ``z``, ``x``, ``y``."""

    code = "layers.rasters.unknown_tile"


def read_tile(
    version: RasterVersion,
    path: Path,
    zxy: tuple[int, int, int],
    *,
    rim: int,
    nearest: bool,
    matrix_set: TileMatrixSet = WEB_MERCATOR_QUAD,
) -> list[Grid]:
    """Return the bands of a raster under one tile, with ``rim`` pixels more on each side.

    Parameters
    ----------
    version, path : RasterVersion and Path
        A version and its file.
    zxy : tuple of int
        Level, column and row of the tile.
    rim : int
        Pixels to add around, for what is derived from neighbours.
    nearest : bool
        Whether values are classes, which are never mixed.
    matrix_set : TileMatrixSet
        How the world is cut into tiles.

    Raises
    ------
    UnknownTileError
        The scheme has no such tile, or the raster does not reach it.
    """
    z, x, y = zxy
    if not matrix_set.holds(z, y, x) or not _meets(version, matrix_set.bounds(z, y, x), matrix_set):
        raise UnknownTileError(z=z, x=x, y=y)
    facts = version.facts
    west, _, east, north = matrix_set.bounds(z, y, x)
    step = (east - west) / TILE
    transform = Affine(step, 0.0, west - rim * step, 0.0, -step, north + rim * step)
    crs = f"EPSG:{matrix_set.epsg}"
    with open_local(path) as file:
        if file.crs == crs:
            bands = _cut(file, transform, TILE + 2 * rim, nearest=nearest)
        else:
            bands = _warped(file, (crs, transform), TILE + 2 * rim, nearest=nearest)
    return [
        Grid(
            values=band,
            transform=transform,
            crs=CRS.from_user_input(crs),
            nodata=facts.nodata,
            unit=facts.unit,
        )
        for band in bands
    ]


def _warped(file: Any, place: tuple[str, Affine], side: int, *, nearest: bool) -> Any:  # noqa: ANN401
    """Return the bands of a raster in any CRS under a square, warped pixel by pixel.

    Where the square's pixels are wider than the raster's, the raster is warped in pixels
    of its own width first, and these are then made into wider ones.
    """
    resampling = rasterio.enums.Resampling
    crs, transform = place
    native, _, _ = rasterio.warp.calculate_default_transform(
        file.crs, crs, file.width, file.height, *file.bounds
    )
    fine = max(side, round(side * transform.a / native.a))
    with rasterio.vrt.WarpedVRT(
        file,
        crs=crs,
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
    """Return the bands of a raster that is in the CRS of the tiles itself under a square."""
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


def _meets(version: RasterVersion, bounds: Bounds, matrix_set: TileMatrixSet) -> bool:
    """Return whether a tile lies in the raster's lon/lat box, which is larger than the raster.

    Who keeps to the bounds that the catalogue lists asks for such tiles, and rightly.
    """
    tile_west, tile_south, tile_east, tile_north = matrix_set.to_lonlat(bounds)
    west, south, east, north = version.facts.bounds_lonlat
    across = tile_west < east and tile_east > west
    return across and tile_south < north and tile_north > south


def png(picture: npt.NDArray[np.uint8]) -> bytes:
    """Return red, green, blue and opacity, shape (4, rows, columns), as PNG."""
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(np.moveaxis(picture, 0, -1)), "RGBA").save(data, "PNG")
    return data.getvalue()
