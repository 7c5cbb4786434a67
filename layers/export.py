"""Layers as files for other programs."""

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.crs import to_lonlat
from layers.errors import ExportFormatError
from layers.geopackage import write_geopackage
from layers.model import LayerFrame
from layers.readers._gdal import pyogrio

SUFFIXES: Final = (".gpkg", ".geojson", ".zip")
_DBF_NAME_BYTES: Final = 10
_DBF_TEXT_BYTES: Final = 254


def write_export(frame: LayerFrame, path: Path) -> None:
    """Write features to ``.gpkg`` (with coverage), ``.geojson`` or a Shapefile in a ``.zip``.

    GeoJSON is in lon/lat (RFC 7946); the others keep the CRS. Shapefile names and texts
    are UTF-8, cut between characters to what a .dbf holds (names 10 bytes, texts 254);
    ``<name>.fields.json`` beside it lists the fields that were cut: the name in full, and
    how many texts are shortened.

    Raises
    ------
    ExportFormatError
        The suffix is none of these, or a Shapefile cannot hold polygons, lines and points
        together.
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
    if features.geom_type.str.removeprefix("Multi").nunique() > 1:
        raise ExportFormatError(suffix=".zip", supported=[".gpkg", ".geojson"])
    folder = path.parent / "shapefile"
    folder.mkdir()
    table, cuts = _fitted(features)
    pyogrio.write_dataframe(table, folder / "layer.shp", encoding="UTF-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"{stem}{part.suffix}")
        if cuts:
            archive.writestr(f"{stem}.fields.json", json.dumps(cuts, ensure_ascii=False, indent=1))


def _fitted(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, dict[str, Any]]]:
    """Return what fits into a .dbf, and of each field that was cut its name and how often."""
    names = _short_names(features)
    table, cuts = features.rename(columns=names), dict[str, dict[str, Any]]()
    for name, short in names.items():
        texts = _texts(features[name])
        fitting = texts.map(lambda text: _cut(text, _DBF_TEXT_BYTES))
        texts_cut = int((fitting != texts).sum())
        if len(texts):
            table[short] = fitting.reindex(features.index)
        if short != name or texts_cut:
            cuts[short] = {"name": name, "texts_cut": texts_cut}
    return table, cuts


def _texts(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the values of a column that a .dbf keeps as text; it knows no time of day."""
    present = column.dropna()
    if pd.api.types.is_datetime64_any_dtype(column):
        return present.map(lambda time: time.isoformat()).astype(object)
    return present.astype(object) if pd.api.types.is_string_dtype(column) else present[:0]


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
