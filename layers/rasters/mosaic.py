"""Rasters beside each other: which join without a seam, and what ground each lies on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from pyproj import CRS

from geo.measure.crs import densify, to_lonlat
from layers.model import LayerStatus
from layers.rasters.model import RasterFacts, RasterVersion

_HAIR: Final = 1e-3
"""Pixels by which two rasters may be off each other and still have the same pixels."""
_PIECES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rasters of one kind on the same pixels, or one alone.

    Where they overlap the first of them counts. ``transform`` takes column and row of all
    of them together to their CRS.
    """

    versions: tuple[RasterVersion, ...]
    transform: Affine
    rows: int
    columns: int

    @property
    def facts(self) -> RasterFacts:
        """Facts of the first, of which unit, classes, CRS and pixels hold for all."""
        return self.versions[0].facts

    @property
    def pixel_m(self) -> float:
        """Longer side of the widest pixel on the ground."""
        return max(version.facts.pixel_m for version in self.versions)

    @property
    def demonstration(self) -> bool:
        """Whether it is made up."""
        return self.versions[0].spec.status is LayerStatus.DEMONSTRATION

    @property
    def labels(self) -> tuple[str, ...]:
        """Ids and numbers of its versions."""
        return tuple(version.label for version in self.versions)

    @property
    def footprint(self) -> shapely.Geometry:
        """The ground that it lies on, in EPSG:4490."""
        return shapely.union_all([footprint(version) for version in self.versions])


def sheets_of(versions: Sequence[RasterVersion]) -> tuple[Sheet, ...]:
    """Return rasters of one kind as sheets, in the order of their first ones."""
    groups: list[list[RasterVersion]] = []
    for version in versions:
        fitting = (group for group in groups if _joins(group[0], version))
        group = next(fitting, None)
        if group is None:
            groups.append([version])
        else:
            group.append(version)
    return tuple(map(_sheet, groups))


def single(version: RasterVersion) -> Sheet:
    """Return a raster as a sheet of its own."""
    return _sheet([version])


def footprint(version: RasterVersion) -> shapely.Geometry:
    """Return the ground that a raster lies on, known or not, as a polygon in EPSG:4490.

    It follows the raster's edges, where its ``bounds_lonlat`` are a box around them.
    """
    # Who asks for a raster's facts alone, as a check does, needs no GDAL.
    from layers.rasters._gdal import rasterio  # noqa: PLC0415

    facts = version.facts
    try:
        found = _footprint(version.path, version.sha256, facts.affine, (facts.rows, facts.columns))
    except rasterio.errors.RasterioError:
        found = None
    # What is wrong with the file says who reads it: it is asked for where it should lie.
    return shapely.box(*facts.bounds_lonlat) if found is None else found


def open_sheet(sheet: Sheet, paths: Sequence[Path]) -> Any:  # noqa: ANN401 - rasterio is untyped
    """Open the files of a sheet as one raster, for reading.

    Of several files GDAL is given a description made here, which names nothing else.
    """
    from layers.rasters._gdal import open_local, rasterio  # noqa: PLC0415 - as in footprint

    if len(paths) == 1:
        return open_local(paths[0])
    return rasterio.open(_description(sheet, paths))


@lru_cache(maxsize=1024)
def _footprint(
    path: Path, _sha256: str, transform: Affine, shape: tuple[int, int]
) -> shapely.Geometry | None:
    """Return where a file lies, None if it is not the one that was stored."""
    from layers.rasters._gdal import open_local  # noqa: PLC0415 - as in footprint

    with open_local(path) as file:
        if file.shape != shape or not file.transform.almost_equals(transform):
            return None
        box = shapely.box(*file.bounds)
        longest = max(box.bounds[2] - box.bounds[0], box.bounds[3] - box.bounds[1]) / _PIECES
        edge = densify(np.array([box], dtype=object), longest)
        return to_lonlat(gpd.GeoSeries(edge, crs=CRS.from_wkt(file.crs.to_wkt()))).iloc[0]


def _joins(one: RasterVersion, other: RasterVersion) -> bool:
    """Tell whether two rasters have the same pixels and speak of the same with one voice."""
    left, right = one.facts, other.facts
    # Of a CRS without a code only the file tells whether it is the same.
    if left.crs != right.crs or not left.crs.startswith("EPSG:"):
        return False
    alike = (left.unit, left.classes) == (right.unit, right.classes)
    alike = alike and len(left.bands) == len(right.bands) == 1
    made_up = LayerStatus.DEMONSTRATION in {one.spec.status, other.spec.status}
    if not alike or (made_up and one.spec.status is not other.spec.status):
        return False
    (a, _, x, _, e, y), (b, _, u, _, f, v) = left.transform, right.transform
    across, down = (u - x) / a, (v - y) / e
    drift = max(abs(b / a - 1.0) * right.columns, abs(f / e - 1.0) * right.rows)
    off = max(abs(across - round(across)), abs(down - round(down)))
    return max(drift, off) < _HAIR


def _sheet(versions: Sequence[RasterVersion]) -> Sheet:
    step = versions[0].facts.affine
    places = [_place(version, step) for version in versions]
    left, top = (min(place[axis] for place in places) for axis in (0, 1))
    right = max(at[0] + one.facts.columns for at, one in zip(places, versions, strict=True))
    bottom = max(at[1] + one.facts.rows for at, one in zip(places, versions, strict=True))
    return Sheet(
        versions=tuple(versions),
        transform=step @ Affine.translation(left, top),
        rows=bottom - top,
        columns=right - left,
    )


def _place(version: RasterVersion, step: Affine) -> tuple[int, int]:
    """Return column and row of a raster's first pixel, counted in the pixels of another one."""
    column, row = ~step @ (version.facts.affine.c, version.facts.affine.f)
    return round(column), round(row)


def _description(sheet: Sheet, paths: Sequence[Path]) -> str:
    """Return a VRT of files beside each other; the first lies on top of the others."""
    from layers.rasters._gdal import open_local  # noqa: PLC0415 - as in footprint

    with open_local(paths[0]) as file:
        wkt, kind = file.crs.to_wkt(), file.dtypes[0]
    name = {"float32": "Float32", "uint16": "UInt16", "uint8": "Byte"}[kind]
    nodata = "" if sheet.facts.nodata is None else f"{sheet.facts.nodata:g}"
    hidden = f"<NODATA>{nodata}</NODATA>" if nodata else ""
    files = [
        f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(str(path.absolute()))}'
        f"</SourceFilename><SourceBand>1</SourceBand>"
        f'<SrcRect xOff="0" yOff="0" xSize="{size[0]}" ySize="{size[1]}"/>'
        f'<DstRect xOff="{at[0]}" yOff="{at[1]}" xSize="{size[0]}" ySize="{size[1]}"/>'
        f"{hidden}</ComplexSource>"
        for path, at, size in _placed(sheet, paths)
    ]
    unknown = f"<NoDataValue>{nodata}</NoDataValue>" if nodata else ""
    return (
        f'<VRTDataset rasterXSize="{sheet.columns}" rasterYSize="{sheet.rows}">'
        f"<SRS>{escape(wkt)}</SRS>"
        f"<GeoTransform>{','.join(map(repr, sheet.transform.to_gdal()))}</GeoTransform>"
        f'<VRTRasterBand dataType="{name}" band="1">{unknown}{"".join(files)}</VRTRasterBand>'
        "</VRTDataset>"
    )


def _placed(
    sheet: Sheet, paths: Sequence[Path]
) -> list[tuple[Path, tuple[int, int], tuple[int, int]]]:
    """Return files with place and size in pixels, the first one last."""
    found = [
        (path, _place(version, sheet.transform), (version.facts.columns, version.facts.rows))
        for version, path in zip(sheet.versions, paths, strict=True)
    ]
    return found[::-1]
