"""From a GeoTIFF of a person to a checked, cloud-optimised one, strip by strip.

Pure functions of picklable arguments and paths, so that they can run in a process that
may be killed. A raster is never whole in memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from pyproj import CRS

from geo.measure.crs import crs_name
from geo.model import Grid
from geo.raster.grid import pixel_width_m
from layers.errors import DamagedFileError, EmptyFileError, MissingFileError, TooComplexError
from layers.model import Issue, Severity
from layers.provenance import file_digest
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.cog import WHOLE_UNITS, facts_of, tiled_profile, to_cog, write_unit
from layers.rasters.errors import (
    BandError,
    ChangedPlaceError,
    EmptyRasterError,
    ImplausibleValueError,
    MadeKindError,
    NotGeoTiffError,
    UnknownClassesError,
    UnstatedUnitError,
    WrongUnitError,
)
from layers.rasters.kinds import RasterKind, class_dictionaries, class_dictionary, raster_kind
from layers.rasters.model import RasterDeclaration, RasterFacts, RasterReport
from layers.rasters.pixels import (
    CLASS_NODATA,
    Codes,
    Collar,
    band_concerns,
    coding_of,
    stored_values,
)
from layers.rasters.place import Place, place_of

MOST_PIXELS: Final = 4_000_000_000
_STRIP_ROWS: Final = 256
_MAGIC: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def looks_like_tiff(path: Path) -> bool:
    """Tell whether a file begins as a TIFF does.

    Raises
    ------
    MissingFileError
        There is no such file, or it may not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(4) in _MAGIC
    except (OSError, ValueError) as exc:
        raise MissingFileError(name=path.name) from exc


def take_in(
    source: Path, target: Path, said: RasterDeclaration
) -> tuple[RasterFacts, RasterReport]:
    """Check a file and write its values to ``target``, in the unit of its kind.

    Parameters
    ----------
    source, target : Path
        A GeoTIFF, and the place of the cloud-optimised one.
    said : RasterDeclaration
        What the person declares; the unit must be.

    Raises
    ------
    InputError, ReadError
        The file cannot be used as it is; ``target`` is of no use then.
    """
    kind = raster_kind(said.kind)
    factor = _factor(source.name, kind, said)
    if not looks_like_tiff(source):
        raise NotGeoTiffError(name=source.name)
    loose = target.with_suffix(".loose.tif")
    try:
        with open_local(source) as file:
            report = _copy(file, loose, said, factor, source)
        to_cog(loose, target, categorical=kind.classes)
        facts = facts_of(target, unit=kind.unit, classes=said.classes if kind.classes else None)
    except rasterio.errors.RasterioError as exc:
        raise DamagedFileError(name=source.name, format="GeoTIFF") from exc
    except EmptyFileError as exc:
        raise EmptyRasterError(name=source.name) from exc
    finally:
        loose.unlink(missing_ok=True)
    _require_possible(source.name, kind, facts)
    return facts, report


def _factor(name: str, kind: RasterKind, said: RasterDeclaration) -> float:
    if kind.made:
        raise MadeKindError(kind=kind.id)
    if kind.classes and said.classes is None:
        raise UnknownClassesError(classes="", known=sorted(class_dictionaries()))
    if said.classes is not None:
        class_dictionary(said.classes)
    unit = "class" if kind.classes and said.unit is None else said.unit
    if unit is None:
        raise UnstatedUnitError(name=name, known=sorted(kind.units))
    if unit not in kind.units:
        raise WrongUnitError(unit=unit[:40], kind=kind.id, known=sorted(kind.units))
    return kind.units[unit]


def _copy(
    file: Any,  # noqa: ANN401 - rasterio is untyped
    loose: Path,
    said: RasterDeclaration,
    factor: float,
    source: Path,
) -> RasterReport:
    """Copy one band into a plain tiled file; return how it was understood."""
    name, kind = source.name, raster_kind(said.kind)
    coding = coding_of(file, said, _band(file, said, name), factor, name)
    place = place_of(file, said.crs, name, measured=True)
    if file.width * file.height > MOST_PIXELS:
        raise TooComplexError(name=name, what="pixels", limit=MOST_PIXELS)
    frame = _frame(file, place, kind)
    codes, collar = Codes(name=name), Collar(pixel_m=pixel_width_m(frame))
    with rasterio.open(loose, "w", **tiled_profile(frame, count=1)) as out:
        _require_kept(out, place.crs)
        write_unit(out, 1, kind.unit)
        for row in range(0, file.height, _STRIP_ROWS):
            window = ((row, min(row + _STRIP_ROWS, file.height)), (0, file.width))
            values, known, zero = coding.decoded(file.read(coding.band, window=window, masked=True))
            if kind.unit in WHOLE_UNITS:
                codes.look(values, known)
            else:
                collar.look(values, known, zero)
            out.write(stored_values(values, known, kind), 1, window=window)
    if said.classes is not None and kind.classes:
        codes.require_known(said.classes)
    issues = (*_unit_changed(said, kind, factor), *place.issues)
    concerns = (*band_concerns(file, said, coding, place.height_unit), *collar.concerns())
    return RasterReport(
        name=name,
        sha256=file_digest(source),
        size_bytes=source.stat().st_size,
        crs_how=place.how,
        issues=issues,
        concerns=concerns,
    )


def _frame(file: Any, place: Place, kind: RasterKind) -> Grid:  # noqa: ANN401 - rasterio
    """Return the grid of what is written, without its values."""
    stored, nodata = (np.uint16, CLASS_NODATA) if kind.classes else (np.float32, np.nan)
    return Grid(
        values=np.broadcast_to(stored(0), (file.height, file.width)),
        transform=place.transform,
        crs=place.crs,
        nodata=nodata,
        unit=kind.unit,
    )


def _require_kept(file: Any, crs: CRS) -> None:  # noqa: ANN401 - rasterio is untyped
    """Refuse a CRS that turns into another one when it is written."""
    if not file.crs or not CRS.from_wkt(file.crs.to_wkt()).equals(crs, ignore_axis_order=True):
        raise ChangedPlaceError(crs=crs_name(crs))


def _unit_changed(said: RasterDeclaration, kind: RasterKind, factor: float) -> Iterator[Issue]:
    if factor != 1.0:
        params = {"unit": said.unit, "to": kind.unit, "factor": factor}
        yield Issue(code="raster_unit_changed", severity=Severity.INFO, params=params)


def _band(file: Any, said: RasterDeclaration, name: str) -> int:  # noqa: ANN401
    if said.band is None and file.count != 1:
        raise BandError(name=name, bands=file.count)
    band = said.band or 1
    if not 1 <= band <= file.count:
        raise BandError(name=name, bands=file.count)
    return band


def _require_possible(name: str, kind: RasterKind, facts: RasterFacts) -> None:
    if kind.range and not kind.range[0] <= facts.least <= facts.most <= kind.range[1]:
        low, high = kind.range
        found = facts.least if facts.least < low else facts.most
        raise ImplausibleValueError(name=name, found=found, least=low, most=high, unit=kind.unit)
