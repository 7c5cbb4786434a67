"""Weights of land from a raster: classes of land cover, or the values themselves."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import yaml

from geo.area import area_lonlat_m2
from layers.errors import DamagedFileError, UnknownClassesError

LEAST_RASTER_SHARE: Final = 0.98
"""A raster that says nothing about more than the rest would put all value elsewhere."""

VALUES: Final = "values"
"""Stands for weights that are the values of the raster, such as lights at night."""


@cache
def class_weights() -> dict[str, dict[int, float]]:
    """Return the weights of classes by legend, from a data file."""
    text = files("layers").joinpath("statistics_data/dasymetric.yaml").read_text(encoding="utf-8")
    content: dict[str, dict[int, float]] = yaml.safe_load(text)["classes"]
    return content


def raster_weights(path: Path, legend: str, shapes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the weights of polygons: sum over their pixels of covered area times weight.

    Parameters
    ----------
    path : Path
        A raster that GDAL reads, with a CRS.
    legend : str
        One of :func:`class_weights`, or :data:`VALUES`. No data and what is below zero
        weigh nothing.
    shapes : array of polygons
        In EPSG:4490.

    Raises
    ------
    UnknownClassesError
        There is no such legend.
    DamagedFileError
        The file is no raster, or has no CRS.
    """
    if legend != VALUES and legend not in class_weights():
        raise UnknownClassesError(legend=legend[:40], known=[*class_weights(), VALUES])
    pairs = _covered(path, shapes)
    return np.array([_sum(values, areas, legend) for values, areas in pairs])


def raster_share(path: Path, shapes: npt.NDArray[Any]) -> float:
    """Return which share of polygons has a value in a raster, 0 to 1.

    Raises
    ------
    DamagedFileError
        The file is no raster, or has no CRS.
    """
    known = sum(float(np.sum(areas)) for _, areas in _covered(path, shapes))
    return known / float(area_lonlat_m2(shapes).sum())


def _covered(path: Path, shapes: npt.NDArray[Any]) -> list[tuple[Any, Any]]:
    """Return for each polygon the values of its pixels and the areas that it covers of them."""
    # rasterio and exactextract start slowly, and only this needs them.
    import rasterio  # noqa: PLC0415
    from exactextract import exact_extract  # noqa: PLC0415

    try:
        with rasterio.open(path) as raster:
            crs = raster.crs
            if crs is None:
                raise DamagedFileError(name=path.name, format="GeoTIFF")
            # CGCS2000 and WGS 84 differ by decimetres, less than any pixel.
            lonlat = gpd.GeoDataFrame({"at": range(len(shapes))}, geometry=shapes, crs="EPSG:4326")
            # Pixels in degrees are not of one size.
            by = "area_spherical_m2" if crs.is_geographic else "area_cartesian"
            found = exact_extract(
                raster,
                lonlat.to_crs(crs),
                ["values", f"coverage(coverage_weight={by})"],
                output="pandas",
            )
    except rasterio.errors.RasterioIOError as exc:
        raise DamagedFileError(name=path.name, format="GeoTIFF") from exc
    return list(zip(found["values"], found["coverage"], strict=True))


def _sum(values: Any, areas: Any, legend: str) -> float:  # noqa: ANN401 - numpy, maybe masked
    values, areas = np.ma.filled(values, 0).astype(float), np.asarray(areas, dtype=float)
    if legend != VALUES:
        known = class_weights()[legend]
        values = np.array([known.get(int(value), 0.0) for value in values])
    return float(np.sum(np.clip(np.nan_to_num(values), 0.0, None) * areas))
