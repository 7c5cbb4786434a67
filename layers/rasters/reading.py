"""Reading windows of stored rasters; never more than is needed."""

import math
from pathlib import Path
from typing import Any, Final

from affine import Affine
from pyproj import CRS

from geo.errors import NoGridOverlapError
from geo.measure.crs import parse_crs
from geo.model import Grid
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.errors import WindowTooLargeError
from layers.rasters.kinds import raster_kind
from layers.rasters.model import RasterVersion

MOST_PIXELS: Final = 120_000_000
"""Most pixels of one window: about 0.5 GB as heights, 2 GB with what is made of them."""

_HAIR: Final = 1e-6
"""Pixels by which an edge may lie beyond a pixel's: what rounding of bounds leaves."""

Bounds = tuple[float, float, float, float]


def read_window(
    version: RasterVersion, path: Path, bounds: Bounds | None, *, margin: int = 0, band: int = 1
) -> Grid:
    """Return the pixels that touch some bounds, and ``margin`` more on each side.

    Parameters
    ----------
    version, path : RasterVersion and Path
        A version and its file (see :meth:`layers.rasters.store.RasterStore.sound_path`).
    bounds : tuple or None
        Left, bottom, right, top in the raster's CRS; None for all of it.
    margin : int
        Pixels to add on each side, as far as the raster reaches.
    band : int
        Number of the band, from 1.

    Raises
    ------
    NoGridOverlapError
        No pixel of the raster touches the bounds.
    WindowTooLargeError
        The window holds more than :data:`MOST_PIXELS`.
    """
    facts = version.facts
    window = _window(version, bounds, margin)
    if window.width * window.height > MOST_PIXELS:
        raise WindowTooLargeError(pixels=int(window.width * window.height), most=MOST_PIXELS)
    with open_local(path) as file:
        values = file.read(band, window=window)
        transform = facts.affine @ Affine.translation(window.col_off, window.row_off)
        crs = CRS.from_wkt(file.crs.to_wkt())
    return Grid(values=values, transform=transform, crs=crs, nodata=facts.nodata, unit=facts.unit)


def read_onto(version: RasterVersion, path: Path, grid: Grid, *, band: int = 1) -> Grid:
    """Return a raster on the pixels of a grid, whatever its own CRS and pixels are.

    Classes and grades take the nearest pixel, measurements are interpolated. Where the
    raster does not reach nothing is known.
    """
    kind = raster_kind(version.spec.kind)
    rows, columns = grid.shape
    nearest = kind.classes or kind.unit == "grade"
    with (
        open_local(path) as file,
        rasterio.vrt.WarpedVRT(
            file,
            crs=grid.crs.to_wkt(),
            transform=grid.transform,
            width=columns,
            height=rows,
            nodata=file.nodata,
            resampling=getattr(rasterio.enums.Resampling, "nearest" if nearest else "bilinear"),
        ) as warped,
    ):
        values = warped.read(band)
    nodata = version.facts.nodata
    return Grid(
        values=values, transform=grid.transform, crs=grid.crs, nodata=nodata, unit=kind.unit
    )


def raster_crs(version: RasterVersion) -> CRS:
    """Return the CRS of a version."""
    return parse_crs(version.facts.crs)


def _window(version: RasterVersion, bounds: Bounds | None, margin: int) -> Any:  # noqa: ANN401 - rasterio is untyped
    facts = version.facts
    if bounds is None:
        return rasterio.windows.Window(0, 0, facts.columns, facts.rows)
    corners = [~facts.affine @ (x, y) for x, y in (bounds[:2], bounds[2:])]
    (left, right), (up, down) = (sorted(ends) for ends in zip(*corners, strict=True))
    if left >= facts.columns or up >= facts.rows or right <= 0 or down <= 0:
        raise NoGridOverlapError(site="", raster=version.raster_id)
    first = [max(math.floor(start + _HAIR) - margin, 0) for start in (left, up)]
    last = [
        min(math.ceil(end - _HAIR) + margin, size)
        for end, size in ((right, facts.columns), (down, facts.rows))
    ]
    return rasterio.windows.Window(*first, last[0] - first[0], last[1] - first[1])
