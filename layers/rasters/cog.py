"""Writing cloud-optimised GeoTIFFs, and what a written one holds."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from geo.measure.crs import crs_name
from geo.model import Grid
from geo.raster.grid import lonlat_bounds, pixel_width_m
from layers.errors import EmptyFileError
from layers.provenance import canonical_json
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.model import RasterFacts

BLOCK: Final = 256
WHOLE_UNITS: Final = frozenset({"class", "grade"})
"""What numbers of classes and grades are in, which is no unit of measure."""
_STRIP_ROWS: Final = 512


def write_grids(path: Path, bands: dict[str, Grid]) -> None:
    """Write grids on the same pixels as the bands of one file, by name."""
    first = next(iter(bands.values()))
    profile = tiled_profile(first, count=len(bands))
    loose = path.with_suffix(".loose.tif")
    try:
        with rasterio.open(loose, "w", **profile) as file:
            # Else GDAL takes four bands for red, green, blue and opacity.
            plain = rasterio.enums.ColorInterp
            file.colorinterp = [plain.gray, *[plain.undefined] * (len(bands) - 1)]
            for number, (name, grid) in enumerate(bands.items(), start=1):
                file.write(grid.values.astype(profile["dtype"], copy=False), number)
                file.set_band_description(number, name)
                write_unit(file, number, grid.unit)
        to_cog(loose, path, categorical=first.unit not in {"m", "deg"})
    finally:
        loose.unlink(missing_ok=True)


def write_unit(file: Any, band: int, unit: str) -> None:  # noqa: ANN401 - rasterio
    """Say in a file itself what a band is measured in, for whoever opens it elsewhere."""
    if unit not in WHOLE_UNITS:
        file.set_band_unit(band, unit)


def tiled_profile(grid: Grid, count: int) -> dict[str, Any]:
    """Return how a plain tiled GeoTIFF for a grid is opened."""
    rows, columns = grid.shape
    kind = np.float32 if grid.values.dtype.kind == "f" else grid.values.dtype
    return {
        "driver": "GTiff",
        "width": columns,
        "height": rows,
        "count": count,
        "dtype": np.dtype(kind).name,
        "crs": grid.crs.to_wkt(),
        "transform": grid.transform,
        "nodata": grid.nodata,
        "photometric": "MINISBLACK",
        "alpha": "NO",
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "BIGTIFF": "IF_SAFER",
    }


def to_cog(source: Path, target: Path, *, categorical: bool) -> None:
    """Copy a GeoTIFF into a cloud-optimised one: tiles, deflate, overviews.

    Overviews of classes take the most frequent class, those of measurements the mean.
    """
    rasterio.shutil.copy(
        source,
        target,
        driver="COG",
        COMPRESS="DEFLATE",
        LEVEL=6,
        PREDICTOR="NO" if categorical else "YES",
        BLOCKSIZE=BLOCK,
        OVERVIEW_RESAMPLING="MODE" if categorical else "AVERAGE",
        BIGTIFF="IF_SAFER",
    )


def facts_of(path: Path, *, unit: str, classes: str | None) -> RasterFacts:
    """Read a whole file strip by strip and return what it holds.

    Raises
    ------
    EmptyFileError
        No pixel of the first band says anything.
    """
    with open_local(path) as file:
        crs = CRS.from_user_input(file.crs.to_wkt())
        place = {"crs": crs_name(crs), "transform": list(file.transform)[:6], "unit": unit}
        whole = hashlib.sha256(canonical_json({**place, "nodata": str(file.nodata)}))
        least, most = np.inf, -np.inf
        for number, strip in _strips(file):
            whole.update(np.ascontiguousarray(strip).tobytes())
            known = strip[_known(strip, file.nodata)]
            if number == 1 and known.size:
                least = min(least, float(known.min()))
                most = max(most, float(known.max()))
        if least > most:
            raise EmptyFileError(name=path.name)
        rows, columns = file.height, file.width
        middle = Grid(
            values=np.broadcast_to(np.float32(0), (rows, columns)),
            transform=file.transform,
            crs=crs,
            nodata=None,
            unit=unit,
        )
        return RasterFacts(
            crs=crs_name(crs),
            columns=columns,
            rows=rows,
            transform=tuple(file.transform)[:6],
            bands=tuple(name or "" for name in file.descriptions),
            unit=unit,
            classes=classes,
            nodata=file.nodata,
            least=least,
            most=most,
            pixel_m=pixel_width_m(middle),
            bounds_lonlat=lonlat_bounds(middle.bounds, crs),
            content_sha256=whole.hexdigest(),
        )


def _strips(file: Any) -> Iterator[tuple[int, npt.NDArray[Any]]]:  # noqa: ANN401 - rasterio
    for number in range(1, file.count + 1):
        for row in range(0, file.height, _STRIP_ROWS):
            window = ((row, min(row + _STRIP_ROWS, file.height)), (0, file.width))
            yield number, file.read(number, window=window)


def _known(values: npt.NDArray[Any], nodata: float | None) -> npt.NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return np.asarray(~np.isnan(values))
    return np.asarray(values != nodata) if nodata is not None else np.ones(values.shape, bool)
