"""GeoPackage: one layer of it, through GDAL."""

from typing import Final

from layers.errors import TooComplexError
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
    DamagedFileError, AmbiguousFileError, EmptyFileError, TooComplexError
    """
    with translated(name, _FORMAT):
        table = read_ogr(name, {"data.gpkg": data}, layer=layer, encoding=None)
    if len(table.geometry) > limits.max_features:
        raise TooComplexError(name=name, what="features", limit=limits.max_features)
    return Parsed(
        format=_FORMAT,
        geometry=table.geometry,
        attributes=table.attributes,
        own_crs=table.crs,
        own_crs_how="geopackage" if table.crs else None,
        assumes_lonlat=False,
        encoding="UTF-8",
        encoding_how="format_rule",
        issues=(),
    )
