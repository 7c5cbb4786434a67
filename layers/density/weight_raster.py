"""Weights of land from rasters: classes of land cover, or the values themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine

from geo.measure.area import area_lonlat_m2
from geo.model import Grid
from geo.raster.grid import into_grid
from geo.raster.zonal import covers
from layers.errors import DamagedFileError
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.errors import ComplexPixelsError, WindowTooLargeError
from layers.rasters.kinds import class_dictionary
from layers.rasters.mosaic import Sheet, open_sheet
from layers.rasters.pixels import Codes
from layers.rasters.place import place_of
from layers.rasters.reading import MOST_PIXELS
from layers.yaml_text import load_yaml

LEAST_RASTER_SHARE: Final = 0.98
"""A raster that says nothing about more than the rest would put all value elsewhere."""

VALUES: Final = "values"
"""Stands for weights that are the values of the raster, such as lights at night."""

Floats = npt.NDArray[Any]
Box = tuple[int, int, int, int]
"""First column and row, and last ones plus one."""

_TOGETHER: Final = 4_000_000
"""Pixels read at once for several polygons: what lies far apart is read apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRaster:
    """A GeoTIFF, and the dictionary of its classes or :data:`VALUES`.

    ``beside``: of stored rasters on the same pixels, the sheet that they are and their files;
    they count as one.
    """

    path: Path
    legend: str
    beside: tuple[Sheet, tuple[Path, ...]] | None = None

    def open(self) -> Any:  # noqa: ANN401 - rasterio is untyped
        """Open it for reading."""
        return open_local(self.path) if self.beside is None else open_sheet(*self.beside)


@cache
def group_weights() -> dict[str, float]:
    """Return the weights of groups of land cover, from a data file."""
    text = (
        files("layers.density")
        .joinpath("statistics_data/dasymetric.yaml")
        .read_text(encoding="utf-8")
    )
    content: dict[str, float] = load_yaml(text)["groups"]
    return content


def raster_weights(rasters: Sequence[WeightRaster], shapes: npt.NDArray[Any]) -> Floats:
    """Return the weights of polygons: sum over their pixels of covered area times weight.

    Areas are those of the ellipsoid. Where rasters overlap, the one that says most about a
    polygon counts. No data and what is below zero weigh nothing.

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
    DamagedFileError, InputError, WindowTooLargeError
        A file is no GeoTIFF, does not say where it lies (see
        :func:`layers.rasters.place.place_of`), or one polygon has too many of its pixels.
    """
    weights, known = np.zeros(len(shapes)), np.zeros(len(shapes))
    for raster in rasters:
        by_class = _class_weights(raster.legend)
        pairs = _known_shares(raster, shapes)
        covered = np.array([float(np.sum(areas)) for _, areas in pairs])
        found = np.array([_sum(values, areas, by_class) for values, areas in pairs])
        better = covered > known
        weights[better], known[better] = found[better], covered[better]
    return weights


def raster_share(rasters: Sequence[WeightRaster], shapes: npt.NDArray[Any]) -> float:
    """Return which share of polygons has a value in one of some rasters, 0 to 1.

    Raises
    ------
    DamagedFileError, InputError, WindowTooLargeError
        A file is no GeoTIFF, does not say where it lies (see
        :func:`layers.rasters.place.place_of`), or one polygon has too many of its pixels.
    """
    known = np.zeros(len(shapes))
    for raster in rasters:
        areas = [float(np.sum(areas)) for _, areas in _known_shares(raster, shapes)]
        known = np.maximum(known, areas)
    return float(known.sum() / area_lonlat_m2(shapes).sum())


def _class_weights(legend: str) -> dict[int, float] | None:
    if legend == VALUES:
        return None
    classes = class_dictionary(legend).classes
    return {code: group_weights().get(one.group, 0.0) for code, one in classes.items()}


def _known_shares(raster: WeightRaster, shapes: npt.NDArray[Any]) -> list[tuple[Floats, Floats]]:
    """Return for each polygon the known values of its pixels and its ground in them, in m2."""
    found = [(np.empty(0), np.empty(0))] * len(shapes)
    areas_m2, codes = area_lonlat_m2(shapes), Codes(name=raster.path.name)
    try:
        with raster.open() as file:
            frame = _frame(file, raster.path.name)
            boxes = _pixel_boxes(into_grid(shapes, frame), frame)
            reached = np.flatnonzero((boxes[:, 2:] > boxes[:, :2]).all(axis=1))
            for window, chosen in _windows(boxes, reached):
                values, grid = _read(file, frame, window)
                known, flat = ~np.ma.getmaskarray(values).ravel(), values.data.ravel()
                for at, cover in zip(
                    chosen, covers(shapes[chosen], areas_m2[chosen], grid), strict=True
                ):
                    told = known[cover.cells]
                    if raster.legend != VALUES:
                        codes.look(flat[cover.cells], told)
                    found[at] = flat[cover.cells[told]], cover.areas_m2[told]
    except rasterio.errors.RasterioIOError as exc:
        raise DamagedFileError(name=raster.path.name, format="GeoTIFF") from exc
    return found


def _frame(file: Any, name: str) -> Grid:  # noqa: ANN401 - rasterio is untyped
    """Return the grid of a file's pixels, without their values."""
    if file.dtypes[0].startswith("complex"):
        raise ComplexPixelsError(name=name, type=file.dtypes[0])
    place = place_of(file, None, name, measured=False)
    return Grid(
        values=np.broadcast_to(np.float32(0), (file.height, file.width)),
        transform=place.transform,
        crs=place.crs,
        nodata=None,
        unit="weight",
    )


def _pixel_boxes(flat: npt.NDArray[Any], frame: Grid) -> npt.NDArray[np.int64]:
    """Return first column and row, and last ones plus one, that each polygon may touch."""
    corners = shapely.bounds(flat).reshape(-1, 2, 2)
    step = frame.transform
    at = np.sort((corners - (step.c, step.f)) / (step.a, step.e), axis=1)
    ends = np.stack([np.floor(at[:, 0]), np.ceil(at[:, 1])], axis=1)
    return np.asarray(np.clip(ends, 0, frame.shape[::-1]), dtype=np.int64).reshape(-1, 4)


def _windows(
    boxes: npt.NDArray[np.int64], chosen: npt.NDArray[np.intp]
) -> Iterator[tuple[Box, npt.NDArray[np.intp]]]:
    """Yield windows of at most :data:`_TOGETHER` pixels and the polygons in each.

    Raises
    ------
    WindowTooLargeError
        One polygon alone has more than :data:`layers.rasters.reading.MOST_PIXELS`.
    """
    if not len(chosen):
        return
    first, last = boxes[chosen, :2].min(axis=0), boxes[chosen, 2:].max(axis=0)
    pixels = int(np.prod(last - first))
    if pixels > _TOGETHER and len(chosen) > 1:
        longer = int(np.argmax(last - first))
        order = chosen[np.argsort(boxes[chosen, longer], kind="stable")]
        for half in np.array_split(order, 2):
            yield from _windows(boxes, half)
        return
    if pixels > MOST_PIXELS:
        raise WindowTooLargeError(pixels=pixels, most=MOST_PIXELS)
    yield (int(first[0]), int(first[1]), int(last[0]), int(last[1])), chosen


def _read(file: Any, frame: Grid, window: Box) -> tuple[Any, Grid]:  # noqa: ANN401 - rasterio
    """Return the values of a window, masked where nothing is known, and its grid."""
    left, top, right, bottom = window
    values = file.read(1, window=((top, bottom), (left, right)), masked=True)
    values = np.ma.masked_invalid(values, copy=False)
    transform = frame.transform @ Affine.translation(left, top)
    return values, replace(frame, values=values.data, transform=transform)


def _sum(values: Floats, areas_m2: Floats, by_class: dict[int, float] | None) -> float:
    if by_class is None:
        return float(np.clip(values.astype(float), 0.0, None) @ areas_m2)
    codes, place = np.unique(np.round(values), return_inverse=True)
    weights = np.array([by_class.get(int(code), 0.0) for code in codes])
    return float(weights[place] @ areas_m2) if len(codes) else 0.0
