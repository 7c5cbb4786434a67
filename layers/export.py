"""Layers as files for other programs."""

import tempfile
import zipfile
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.crs import to_lonlat
from layers.errors import ExportFormatError
from layers.geopackage import write_geopackage
from layers.model import LayerFrame
from layers.readers._gdal import pyogrio

SUFFIXES: Final = (".gpkg", ".geojson", ".zip")
_DBF_NAME_BYTES: Final = 10


def write_export(frame: LayerFrame, path: Path) -> None:
    """Write features to ``.gpkg`` (with coverage), ``.geojson`` or a Shapefile in a ``.zip``.

    GeoJSON is in lon/lat (RFC 7946); the others keep the CRS. Shapefile names and texts
    are UTF-8, field names cut to 10 bytes between characters.

    Raises
    ------
    ExportFormatError
        The suffix is none of these.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportFormatError(suffix=suffix, supported=list(SUFFIXES))
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        temporary = Path(folder) / f"layer{suffix}"
        if suffix == ".gpkg":
            write_geopackage(frame, temporary)
        elif suffix == ".geojson":
            lonlat = frame.features.set_geometry(to_lonlat(frame.features.geometry))
            pyogrio.write_dataframe(
                lonlat.set_crs("EPSG:4326", allow_override=True),
                temporary,
                driver="GeoJSON",
                layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "9"},
            )
        else:
            _zip_shapefile(frame.features, path.stem, temporary)
        temporary.replace(path)


def _zip_shapefile(features: gpd.GeoDataFrame, stem: str, path: Path) -> None:
    folder = path.parent / "shapefile"
    folder.mkdir()
    renamed = features.rename(columns=_short_names(features))
    pyogrio.write_dataframe(renamed, folder / "layer.shp", encoding="UTF-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"{stem}{part.suffix}")


def _short_names(features: gpd.GeoDataFrame) -> dict[str, str]:
    """Cut names to what a .dbf holds, never inside a character and never the same twice."""
    names: dict[str, str] = {}
    for name in features.columns:
        if name == features.geometry.name:
            continue
        short, number = _cut(str(name), _DBF_NAME_BYTES), 1
        while short in names.values():
            number += 1
            short = _cut(str(name), _DBF_NAME_BYTES - len(str(number))) + str(number)
        names[name] = short
    return names


def _cut(text: str, most_bytes: int) -> str:
    return text.encode("utf-8")[:most_bytes].decode("utf-8", "ignore")
