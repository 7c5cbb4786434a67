"""The one place where rasterio is imported: with only the drivers that we need.

rasterio brings a GDAL of its own, which takes its list of drivers when it is first used.
As for vectors (see layers/readers/_gdal.py), formats that are only pointers to other
files or addresses are never to be opened, whatever a file is called. The driver of VRT
stays, for rasterio describes by one the default pixels of a warp and what lies beyond a
file's edge; files are opened as GeoTIFF and as nothing else. Import rasterio from this
module and from nowhere else.
"""

import os
import warnings
from pathlib import Path
from typing import Any, Final

_SKIPPED: Final = (
    "AAIGrid ACE2 ADRG AIG AVCBin AVCE00 AirSAR BAG BIGGIF BLX BMP BSB BT BYN CALS CEOS COASP "
    "COSAR CPG CTG CTable2 DAAS DERIVED DIMAP DIPEx DOQ1 DOQ2 DTED ECRGTOC EEDA EEDAI EHdr EIR "
    "ELAS ENVI ERS ESAT ESRIC ESRIJSON FAST FIT GDALG GFF GIF GNMDatabase GNMFile GPKG "
    "GRASSASCIIGrid GRIB GS7BG GSAG GSBG GSC GTI GTX GXF GenBin GeoJSON GeoJSONSeq HDF4 "
    "HDF4Image HDF5 HDF5Image HF2 HFA HTTP ILWIS IRIS ISCE ISG ISIS2 ISIS3 JAXAPALSAR JDEM "
    "JP2OpenJPEG JPEG KMLSUPEROVERLAY KRO L1B LAN LCP LIBERTIFF LOSLAS Leveller MAP MBTiles "
    "MFF MFF2 MRF MSGN MiraMonRaster MVT NDF NGSGEOID NITF NOAA_B NSIDCbin NTv2 NWT_GRC "
    "NWT_GRD OSM OZI PAux PCIDSK PCRaster PDF PDS PDS4 PLMOSAIC PNG PNM PRF R RCM RIK RMF ROI_PAC "
    "RPFTOC RRASTER RS2 RST Rasterlite S102 S104 S111 SAFE SAGA SAR_CEOS SDTS SENTINEL2 SGI "
    "SIGDEM SNAP_TIFF SNODAS SQLite SRP SRTMHGT STACIT STACTA TGA TIL TSX Terragen TopoJSON "
    "USGSDEM VICAR WCS WEBP WMS WMTS XPM XYZ ZMap Zarr netCDF"
)
_BEFORE: Final = os.environ.get("GDAL_SKIP")

os.environ["GDAL_SKIP"] = ",".join((*_SKIPPED.split(), "ESRI Shapefile"))
try:
    import rasterio
    import rasterio.errors
    import rasterio.features
    import rasterio.io
    import rasterio.shutil
    import rasterio.vrt
    import rasterio.warp
    import rasterio.windows

    with rasterio.Env():
        pass  # Registers the drivers while the variable stands.
finally:
    if _BEFORE is None:
        del os.environ["GDAL_SKIP"]
    else:
        os.environ["GDAL_SKIP"] = _BEFORE


def open_local(path: Path) -> Any:  # noqa: ANN401 - rasterio is untyped
    """Open a GeoTIFF of this machine, and nothing else, for reading."""
    with warnings.catch_warnings():
        # Who cares where a file lies looks at its transform.
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return rasterio.open(path.absolute(), driver="GTiff")


def open_bytes(data: bytes) -> Any:  # noqa: ANN401 - rasterio is untyped
    """Open the bytes of a GeoTIFF for reading; they live as long as what is returned."""
    memory = rasterio.io.MemoryFile(data)
    dataset = memory.open(driver="GTiff")
    # Without it the bytes would be gone when this function ends.
    dataset.kept_in = memory
    return dataset


__all__ = ["open_bytes", "open_local", "rasterio"]
