"""From a GeoTIFF of a person to a checked, cloud-optimised one, strip by strip.

Pure functions of picklable arguments and paths, so that they can run in a process that
may be killed. A raster is never whole in memory.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from geo.errors import CrsMismatchError, MissingCrsError, TurnedGridError
from geo.measure.crs import crs_name, parse_crs
from geo.model import Grid
from layers.errors import DamagedFileError, EmptyFileError, MissingFileError, TooComplexError
from layers.model import Issue, Severity
from layers.provenance import file_digest
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.cog import distinct_codes, facts_of, tiled_profile, to_cog
from layers.rasters.errors import (
    BandError,
    EmptyRasterError,
    ImplausibleValueError,
    MadeKindError,
    NotGeoTiffError,
    StrangeClassError,
    UnknownClassesError,
    UnstatedUnitError,
    WrongUnitError,
)
from layers.rasters.kinds import RasterKind, class_dictionaries, class_dictionary, raster_kind
from layers.rasters.model import RasterDeclaration, RasterFacts, RasterReport

MOST_PIXELS: Final = 4_000_000_000
_STRIP_ROWS: Final = 256
_MAGIC: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_CODE_NODATA: Final = 65_535


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
    issues: list[Issue] = []
    if factor != 1.0:
        params = {"unit": said.unit, "to": kind.unit, "factor": factor}
        issues.append(Issue(code="raster_unit_changed", severity=Severity.INFO, params=params))
    loose = target.with_suffix(".loose.tif")
    try:
        with open_local(source) as file:
            crs_how = _copy(file, loose, replace(said, unit=kind.unit), factor, source.name)
        to_cog(loose, target, categorical=kind.classes)
        facts = facts_of(target, unit=kind.unit, classes=said.classes if kind.classes else None)
    except rasterio.errors.RasterioError as exc:
        raise DamagedFileError(name=source.name, format="GeoTIFF") from exc
    except EmptyFileError as exc:
        raise EmptyRasterError(name=source.name) from exc
    finally:
        loose.unlink(missing_ok=True)
    _require_possible(source.name, target, kind, facts, said)
    return facts, _report(source, crs_how, issues)


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
    name: str,
) -> str:
    """Copy one band into a plain tiled file; return how the CRS was found."""
    band = _band(file, said, name)
    crs, how = _crs(file, said, name)
    if file.transform.b or file.transform.d:
        raise TurnedGridError
    if file.width * file.height > MOST_PIXELS:
        raise TooComplexError(name=name, what="pixels", limit=MOST_PIXELS)
    classes = raster_kind(said.kind).classes
    kind, nodata = (np.uint16, _CODE_NODATA) if classes else (np.float32, np.nan)
    frame = Grid(
        values=np.broadcast_to(kind(0), (file.height, file.width)),
        transform=file.transform,
        crs=crs,
        nodata=nodata,
        unit=said.unit or "",
    )
    scale, offset = file.scales[band - 1] * factor, file.offsets[band - 1] * factor
    with rasterio.open(loose, "w", **tiled_profile(frame, count=1)) as out:
        for row in range(0, file.height, _STRIP_ROWS):
            window = ((row, min(row + _STRIP_ROWS, file.height)), (0, file.width))
            values = file.read(band, window=window, masked=True)
            if said.nodata is not None:
                values = np.ma.masked_equal(values, said.nodata)
            out.write(_stored(values, scale, offset, kind, nodata), 1, window=window)
    return how


def _stored(
    values: Any,  # noqa: ANN401 - masked array
    scale: float,
    offset: float,
    kind: Any,  # noqa: ANN401 - numpy scalar type
    nodata: float,
) -> npt.NDArray[Any]:
    unknown = np.ma.getmaskarray(values) | ~np.isfinite(values.data.astype(np.float64))
    plain = values.data
    if scale != 1.0 or offset != 0.0:
        plain = plain * scale + offset
    return np.asarray(np.where(unknown, kind(nodata), plain.astype(kind)))


def _band(file: Any, said: RasterDeclaration, name: str) -> int:  # noqa: ANN401
    if said.band is None and file.count != 1:
        raise BandError(name=name, bands=file.count)
    band = said.band or 1
    if not 1 <= band <= file.count:
        raise BandError(name=name, bands=file.count)
    return band


def _crs(file: Any, said: RasterDeclaration, name: str) -> tuple[CRS, str]:  # noqa: ANN401
    own = CRS.from_wkt(file.crs.to_wkt()) if file.crs else None
    told = parse_crs(said.crs) if said.crs else None
    if own is not None and told is not None and own != told:
        raise CrsMismatchError(left=crs_name(own), right=crs_name(told))
    if own is not None:
        return own, "geotiff"
    if told is not None:
        return told, "declared"
    raise MissingCrsError(name=name, proposals=[])


def _require_possible(
    name: str, path: Path, kind: RasterKind, facts: RasterFacts, said: RasterDeclaration
) -> None:
    if kind.range and not kind.range[0] <= facts.least <= facts.most <= kind.range[1]:
        low, high = kind.range
        found = facts.least if facts.least < low else facts.most
        raise ImplausibleValueError(name=name, found=found, least=low, most=high, unit=kind.unit)
    if kind.classes and said.classes:
        known = class_dictionary(said.classes).classes
        strange = [code for code in distinct_codes(path) if code not in known]
        if strange:
            raise StrangeClassError(name=name, classes=said.classes, found=strange[:10])


def _report(source: Path, crs_how: str, issues: list[Issue]) -> RasterReport:
    return RasterReport(
        name=source.name,
        sha256=file_digest(source),
        size_bytes=source.stat().st_size,
        crs_how=crs_how,
        issues=tuple(issues),
    )
