"""Weights of land from rasters: classes of land cover, or the values themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import yaml

from geo.measure.area import area_lonlat_m2
from layers.errors import DamagedFileError
from layers.rasters.kinds import class_dictionary

LEAST_RASTER_SHARE: Final = 0.98
"""A raster that says nothing about more than the rest would put all value elsewhere."""

VALUES: Final = "values"
"""Stands for weights that are the values of the raster, such as lights at night."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRaster:
    """A raster that GDAL reads, and the dictionary of its classes or :data:`VALUES`."""

    path: Path
    legend: str


@cache
def group_weights() -> dict[str, float]:
    """Return the weights of groups of land cover, from a data file."""
    text = (
        files("layers.density")
        .joinpath("statistics_data/dasymetric.yaml")
        .read_text(encoding="utf-8")
    )
    content: dict[str, float] = yaml.safe_load(text)["groups"]
    return content


def raster_weights(rasters: Sequence[WeightRaster], shapes: npt.NDArray[Any]) -> Floats:
    """Return the weights of polygons: sum over their pixels of covered area times weight.

    Where rasters overlap, the one that says most about a polygon counts. No data and what
    is below zero weigh nothing.

    Parameters
    ----------
    rasters : sequence of WeightRaster
        With a CRS each.
    shapes : array of polygons
        In EPSG:4490.

    Raises
    ------
    UnknownClassesError
        There is no such dictionary of classes.
    DamagedFileError
        A file is no raster, or has no CRS.
    """
    weights, known = np.zeros(len(shapes)), np.zeros(len(shapes))
    for raster in rasters:
        by_class = _class_weights(raster.legend)
        pairs = _covered(raster.path, shapes)
        covered = np.array([float(np.sum(areas)) for _, areas in pairs])
        found = np.array([_sum(values, areas, by_class) for values, areas in pairs])
        better = covered > known
        weights[better], known[better] = found[better], covered[better]
    return weights


def raster_share(rasters: Sequence[WeightRaster], shapes: npt.NDArray[Any]) -> float:
    """Return which share of polygons has a value in one of some rasters, 0 to 1.

    Raises
    ------
    DamagedFileError
        A file is no raster, or has no CRS.
    """
    known = np.zeros(len(shapes))
    for raster in rasters:
        areas = [float(np.sum(areas)) for _, areas in _covered(raster.path, shapes)]
        known = np.maximum(known, areas)
    return float(known.sum() / area_lonlat_m2(shapes).sum())


def _class_weights(legend: str) -> dict[int, float] | None:
    if legend == VALUES:
        return None
    classes = class_dictionary(legend).classes
    return {code: group_weights().get(one.group, 0.0) for code, one in classes.items()}


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


def _sum(values: Any, areas: Any, by_class: dict[int, float] | None) -> float:  # noqa: ANN401
    values, areas = np.ma.filled(values, 0).astype(float), np.asarray(areas, dtype=float)
    if by_class is not None:
        values = np.array([by_class.get(int(value), 0.0) for value in values])
    return float(np.sum(np.clip(np.nan_to_num(values), 0.0, None) * areas))
