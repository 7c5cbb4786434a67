"""Reading windows of stored rasters; never more than is needed."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS

from geo.errors import NoGridOverlapError
from geo.measure.crs import parse_crs
from geo.model import Grid
from geo.raster.grid import pixel_width_m
from layers.rasters._gdal import open_bytes, rasterio
from layers.rasters.errors import WindowTooLargeError
from layers.rasters.kinds import raster_kind
from layers.rasters.model import RasterVersion
from layers.rasters.mosaic import Sheet, open_sheet, single

MOST_PIXELS: Final = 120_000_000
"""Most pixels of one window: about 0.5 GB as heights, 2 GB with what is made of them."""

_TOLERANCE: Final = 0.01
"""Pixels by which a place may be off its true one where rasters are laid onto others."""

_HAIR: Final = 1e-6
"""Pixels by which an edge may lie beyond a pixel's: what rounding of bounds leaves."""

Bounds = tuple[float, float, float, float]
Window = tuple[tuple[int, int], tuple[int, int]]
"""First row and the one after the last, first column and the one after the last."""


def open_raster(data: bytes) -> Any:  # noqa: ANN401 - rasterio is untyped
    """Return the bytes of a stored raster as an open dataset of rasterio."""
    return open_bytes(data)


def read_window(
    version: RasterVersion, path: Path, bounds: Bounds | None, *, margin: int = 0, band: int = 1
) -> Grid:
    """Return the pixels of a raster that touch some bounds; see :func:`read_sheet`."""
    return read_sheet(single(version), [path], bounds, margin=margin, band=band)


def read_sheet(
    sheet: Sheet,
    paths: Sequence[Path],
    bounds: Bounds | None,
    *,
    margin: int = 0,
    band: int = 1,
    whole: bool = False,
) -> Grid:
    """Return the pixels that touch some bounds, and ``margin`` more on each side.

    Parameters
    ----------
    sheet, paths : Sheet and sequence of Path
        Rasters on the same pixels, and their files in the same order
        (see :meth:`layers.rasters.store.RasterStore.sound_path`).
    bounds : tuple or None
        Left, bottom, right, top in the rasters' CRS; None for all of them.
    margin : int
        Pixels to add on each side, as far as the rasters reach.
    band : int
        Number of the band, from 1.
    whole : bool
        Whether pixels beyond the rasters are wanted too, of which nothing is known.

    Raises
    ------
    NoGridOverlapError
        No pixel touches the bounds.
    WindowTooLargeError
        The window holds more than :data:`MOST_PIXELS`.
    """
    wanted = _window(sheet, bounds, margin)
    inside = _inside(wanted, sheet)
    window = wanted if whole else inside
    rows, columns = (last - first for first, last in window)
    if rows * columns > MOST_PIXELS:
        raise WindowTooLargeError(pixels=rows * columns, most=MOST_PIXELS)
    with open_sheet(sheet, paths) as file:
        values = file.read(band, window=inside)
        crs = CRS.from_wkt(file.crs.to_wkt())
    if window != inside:
        values = _framed(values, inside, window, sheet.facts.nodata)
    (top, _), (left, _) = window
    facts = sheet.facts
    transform = sheet.transform @ Affine.translation(left, top)
    return Grid(values=values, transform=transform, crs=crs, nodata=facts.nodata, unit=facts.unit)


def read_onto(version: RasterVersion, path: Path, grid: Grid, *, band: int = 1) -> Grid:
    """Return a raster on the pixels of a grid; see :func:`read_sheet_onto`."""
    return read_sheet_onto(single(version), [path], grid, band=band)


def read_sheet_onto(sheet: Sheet, paths: Sequence[Path], grid: Grid, *, band: int = 1) -> Grid:
    """Return rasters on the pixels of a grid, whatever their own CRS and pixels are.

    Classes and grades take the nearest pixel, measurements are interpolated. Where the
    rasters do not reach nothing is known.
    """
    kind = raster_kind(sheet.versions[0].spec.kind)
    rows, columns = grid.shape
    nearest = kind.classes or kind.unit == "grade"
    # Of its own GDAL takes the widths from the part that it happens to read.
    ratio = min(sheet.pixel_m / pixel_width_m(grid), 1.0)
    with (
        open_sheet(sheet, paths) as file,
        rasterio.vrt.WarpedVRT(
            file,
            crs=grid.crs.to_wkt(),
            transform=grid.transform,
            width=columns,
            height=rows,
            nodata=file.nodata,
            resampling=getattr(rasterio.enums.Resampling, "nearest" if nearest else "bilinear"),
            tolerance=_TOLERANCE,
            XSCALE=ratio,
            YSCALE=ratio,
        ) as warped,
    ):
        values = warped.read(band)
    return Grid(
        values=values,
        transform=grid.transform,
        crs=grid.crs,
        nodata=sheet.facts.nodata,
        unit=kind.unit,
    )


def raster_crs(version: RasterVersion) -> CRS:
    """Return the CRS of a version."""
    return parse_crs(version.facts.crs)


def _window(sheet: Sheet, bounds: Bounds | None, margin: int) -> Window:
    """Return first and last rows and columns that are wanted, also beyond the rasters."""
    if bounds is None:
        return (0, sheet.rows), (0, sheet.columns)
    corners = [~sheet.transform @ (x, y) for x, y in (bounds[:2], bounds[2:])]
    across, down = (sorted(ends) for ends in zip(*corners, strict=True))
    ends = zip((down, across), (sheet.rows, sheet.columns), strict=True)
    if any(first >= size or last <= 0 for (first, last), size in ends):
        raise NoGridOverlapError(site="", raster=sheet.versions[0].raster_id)
    rows, columns = (
        (math.floor(first + _HAIR) - margin, math.ceil(last - _HAIR) + margin)
        for first, last in (down, across)
    )
    return rows, columns


def _inside(window: Window, sheet: Sheet) -> Window:
    rows, columns = (
        (max(first, 0), min(last, size))
        for (first, last), size in zip(window, (sheet.rows, sheet.columns), strict=True)
    )
    return rows, columns


def _framed(
    values: npt.NDArray[Any], inside: Window, window: Window, nodata: float | None
) -> npt.NDArray[Any]:
    """Return values with nodata around them."""
    around = tuple(
        (have[0] - want[0], want[1] - have[1]) for have, want in zip(inside, window, strict=True)
    )
    return np.pad(values, around, constant_values=nodata)  # type: ignore[arg-type]
