"""GeoPackage: one layer of it, through GDAL."""

from typing import Final

from pyproj import CRS

from geo.crs import parse_crs
from layers.errors import EmptyFileError, TooComplexError
from layers.readers._translate import translated
from layers.readers.ogr import read_ogr
from layers.readers.parsed import Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.GEOPACKAGE)


def parse_geopackage(name: str, data: bytes, *, layer: str | None, limits: ReadLimits) -> Parsed:
    """Parse one layer of a GeoPackage; text in it is UTF-8 by its standard.

    Raises
    ------
    DamagedFileError, EmptyFileError, AmbiguousFileError, TooComplexError
    UnknownCrsError
        The file states a CRS that PROJ does not know.
    """
    with translated(name, _FORMAT):
        table = read_ogr(name, {"data.gpkg": data}, layer=layer, encoding=None)
    if len(table.geometry) == 0:
        raise EmptyFileError(name=name)
    if len(table.geometry) > limits.max_features:
        raise TooComplexError(name=name, what="features", limit=limits.max_features)
    own_crs = _positional(table.crs)
    return Parsed(
        format=_FORMAT,
        geometry=table.geometry,
        attributes=table.attributes,
        own_crs=own_crs,
        own_crs_how="geopackage" if own_crs is not None else None,
        assumes_lonlat=False,
        encoding="UTF-8",
        encoding_how="format_rule",
        issues=(),
    )


def _positional(text: str | None) -> CRS | None:
    """Return the stated CRS; "undefined Cartesian" and its like state nothing."""
    crs = parse_crs(text) if text else None
    return crs if crs is not None and (crs.is_geographic or crs.is_projected) else None
