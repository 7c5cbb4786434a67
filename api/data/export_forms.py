"""Forms in which layers and sites are written to files."""

from collections.abc import Mapping
from typing import Final

EXPORTS: Final[Mapping[str, str]] = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "fgb": "application/flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
    "shp": "application/zip",
    "kml": "application/vnd.google-earth.kml+xml",
    "gml": "application/gml+xml",
    "gdb": "application/zip",
    "dxf": "image/vnd.dxf",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=gb18030",
}
"""Media type by form."""
PACKED: Final[Mapping[str, str]] = {"shp": "zip", "gdb": "gdb.zip"}
"""Suffix of the one file into which a form of several files is packed."""
GEOTIFF: Final = "image/tiff; application=geotiff; profile=cloud-optimized"
