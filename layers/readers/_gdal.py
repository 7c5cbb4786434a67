"""The one place where pyogrio is imported: with only the drivers that we need.

GDAL looks into files and opens what it recognises, whatever the name. Some formats are
only pointers (OGR VRT, GDALG, WFS descriptions): opening an upload of that kind would
read any file of the machine or call any address. GDAL takes its list of drivers once,
when pyogrio is first imported, and only from the environment; so the variables are set
here for the moment of that import and taken away again. Import pyogrio from this
module and from nowhere else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

ALLOWED_DRIVERS: Final = frozenset(
    {"ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "MEM", "OpenFileGDB"}
)

_SKIPPED_DRIVERS: Final = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud CSV CSW Carto DGN DXF EDIGEO EEDA ESRIJSON "
    "Elasticsearch GDALG GML GPSBabel GPX GTFS GeoJSONSeq GeoRSS HTTP Idrisi JML JSONFG KML "
    "LIBKML LVBAG MBTiles MVT MapML MiraMonVector NGW OAPIF ODS OGCAPI OGR_GMT OGR_PDS OGR_VRT "
    "OSM PCIDSK PDF PDS4 PGDUMP PLSCENES PMTiles S57 SQLite SXF Selafin TopoJSON "
    "VDV VFK VICAR VRT WAsP WFS XLSX"
)
_SETTINGS: Final = {
    "GDAL_SKIP": ",".join((*_SKIPPED_DRIVERS.split(), "MapInfo File")),
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/none",
}
ARC_STEP_DEG: Final = 0.25
"""Arcs are cut into straight pieces of this angle: 2.4 mm from an arc of 1 km radius."""

# OGR_SQLITE_LOAD_EXTENSIONS stays unset: "NO" would be the name of a library to load.
_LASTING: Final = {
    "OGR_ARC_STEPSIZE": str(ARC_STEP_DEG),
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/none",
    "SHAPE_RESTORE_SHX": "NO",
    # Each file is written beside its place, and put on the disk before it takes it
    # (layers/store/durable.py): not once more after every table.
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


with _environment(_SETTINGS):
    import pyogrio

pyogrio.set_gdal_config_options(_LASTING)

__all__ = ["ALLOWED_DRIVERS", "ARC_STEP_DEG", "pyogrio"]
