"""A whole raster as a small picture in the plane of web maps."""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS

from geo.measure.crs import GEOGRAPHIC, move_vertices, parse_crs
from geo.model import Grid
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.model import RasterFacts

SIDE: Final = 480
"""Pixels along the longer side at most."""

_PLANE: Final = "EPSG:3857"


def read_small(path: Path, facts: RasterFacts, *, nearest: bool) -> list[Grid]:
    """Return the bands of a stored raster in web Mercator, :data:`SIDE` pixels a side at most.

    Its overviews are read, so that large rasters take no longer than small ones.

    Parameters
    ----------
    path, facts
        A stored raster.
    nearest : bool
        Whether values are classes, which are never mixed.
    """
    resampling = rasterio.enums.Resampling
    with open_local(path) as file:
        values, transform = _decimated(file, resampling.nearest if nearest else resampling.average)
        height, width = values.shape[1:]
        target, columns, rows = rasterio.warp.calculate_default_transform(
            file.crs, _PLANE, width, height, *file.bounds
        )
        shown = np.full((file.count, rows, columns), facts.nodata or 0, dtype=values.dtype)
        rasterio.warp.reproject(
            values,
            shown,
            src_transform=transform,
            src_crs=file.crs,
            src_nodata=facts.nodata,
            dst_transform=target,
            dst_crs=_PLANE,
            dst_nodata=facts.nodata,
            resampling=resampling.nearest if nearest else resampling.bilinear,
        )
    plane = parse_crs(_PLANE)
    return [
        Grid(values=one, transform=target, crs=plane, nodata=facts.nodata, unit=facts.unit)
        for one in shown
    ]


def lonlat_corners(grid: Grid) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a grid in web Mercator, in degrees."""
    box = np.array([shapely.box(*grid.bounds)], dtype=object)
    west, south, east, north = shapely.bounds(move_vertices(box, CRS(grid.crs), CRS(GEOGRAPHIC)))[0]
    return float(west), float(south), float(east), float(north)


def _decimated(file: Any, how: Any) -> tuple[Any, Affine]:  # noqa: ANN401 - rasterio is untyped
    times = max(1.0, max(file.width, file.height) / SIDE)
    height, width = math.ceil(file.height / times), math.ceil(file.width / times)
    values = file.read(out_shape=(file.count, height, width), resampling=how)
    return values, file.transform @ Affine.scale(file.width / width, file.height / height)
