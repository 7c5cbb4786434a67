"""Layers as files for other programs."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.measure.crs import require_crs, to_lonlat
from layers.errors import ExportFormatError
from layers.model import LayerFrame
from layers.readers._gdal import pyogrio
from layers.store.boundary_txt import boundary_txt, list_plane
from layers.store.durable import place_file
from layers.store.forms.csv_table import write_csv
from layers.store.forms.gml_text import write_gml
from layers.store.forms.kml_text import write_kml
from layers.store.forms.styled_geopackage import Presentation, add_layer
from layers.store.forms.values import attribute_names, fitting_whole
from layers.store.geopackage import FEATURES, write_geopackage

GEODATABASE: Final = ".gdb.zip"
SUFFIXES: Final = (
    *(".gpkg", ".geojson", ".fgb", ".parquet", ".zip", ".shp", ".kml", ".gml"),
    *(GEODATABASE, ".dxf", ".csv", ".txt"),
)
_DBF_NAME_BYTES: Final = 10
_DBF_TEXT_BYTES: Final = 254


def write_export(
    frame: LayerFrame,
    path: Path,
    statements: Mapping[str, Sequence[str]] | None = None,
    presentation: Presentation | None = None,
    numbers: Sequence[Sequence[str]] = (),
) -> CRS:
    """Write features in the format that the suffix names.

    ``.gpkg`` (with coverage; named, described and styled by a ``presentation``), ``.geojson``
    (lon/lat, RFC 7946), ``.fgb``, ``.parquet``, a Shapefile in a ``.zip`` or as the files beside
    ``.shp``, ``.kml`` (lon/lat), ``.gml``, a File Geodatabase in a ``.gdb.zip``, ``.dxf`` (metres
    of a plane), ``.csv`` with well-known text, or
    a list of boundary points in ``.txt`` (see :func:`layers.store.boundary_txt.boundary_txt`,
    which takes the ``statements`` and the points' ``numbers``). All but the lon/lat ones, DXF
    and TXT keep the CRS. Shapefile names and texts are UTF-8, cut between characters to what a
    .dbf holds (names 10 bytes, texts 254); ``<name>.fields.json`` beside it lists the fields that
    were cut: the name in full, and how many texts are shortened.

    Returns
    -------
    CRS
        That of the coordinates that were written.

    Raises
    ------
    ExportFormatError
        The suffix is none of these, a Shapefile cannot hold polygons, lines and points
        together, or a list of boundary points anything but polygons.
    SeveralZonesError
        A list of boundary points has one zone.
    """
    suffix = suffix_of(path)
    if suffix not in SUFFIXES:
        raise ExportFormatError(suffix=suffix, supported=list(SUFFIXES))
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        temporary = Path(folder) / f"layer{suffix}"
        if suffix == ".shp":
            # The main file last: where it stands, its companions stand too.
            parts = _shapefile(frame.features, path, Path(folder) / "parts")
            for part in sorted(parts, key=lambda part: part.suffix == ".shp"):
                place_file(part, path.with_name(part.name))
            return require_crs(frame.features)
        if suffix == ".zip":
            _zip(_shapefile(frame.features, path, Path(folder) / "parts"), temporary)
            crs = require_crs(frame.features)
        elif suffix == ".gpkg":
            if presentation is None:
                write_geopackage(frame, temporary)
            else:
                add_layer(frame, temporary, presentation)
            crs = require_crs(frame.features)
        elif suffix == ".txt":
            temporary.write_bytes(boundary_txt(frame.features, statements, numbers))
            crs = list_plane(frame.features.geometry)
        else:
            crs = _WRITERS[suffix](frame.features, temporary, path.name.removesuffix(suffix))
        place_file(temporary, path)
    return crs


def suffix_of(path: Path) -> str:
    """Return the suffix that names the format of a file; a packed geodatabase has two.

    Examples
    --------
    >>> suffix_of(Path("a.b/plan.GDB.zip")), suffix_of(Path("plan.zip"))
    ('.gdb.zip', '.zip')
    """
    name = path.name.lower()
    return GEODATABASE if name.endswith(GEODATABASE) else path.suffix.lower()


def _write_geojson(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    lonlat = features.set_geometry(to_lonlat(features.geometry))
    pyogrio.write_dataframe(
        lonlat.set_crs("EPSG:4326", allow_override=True),
        path,
        driver="GeoJSON",
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "9"},
    )
    return CRS.from_epsg(4326)


def _write_flatgeobuf(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    pyogrio.write_dataframe(features, path, driver="FlatGeobuf")
    return require_crs(features)


def _write_parquet(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    features.to_parquet(path, index=False, compression="zstd", write_covering_bbox=True)
    return require_crs(features)


def _write_geodatabase(features: gpd.GeoDataFrame, path: Path, stem: str) -> CRS:
    _require_one_dimension(features, GEODATABASE)
    home = path.with_name(f"{stem}.gdb")
    single = features.geom_type.nunique() == 1
    # Whole numbers of 64 bits are read by ArcGIS Pro from 3.2 on and by nothing older.
    fitting = {name: fitting_whole(features[name]) for name in attribute_names(features)}
    pyogrio.write_dataframe(
        features.assign(**fitting),
        home,
        layer=FEATURES,
        driver="OpenFileGDB",
        promote_to_multi=not single,
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(home.iterdir()):
            archive.write(part, f"{home.name}/{part.name}")
    return require_crs(features)


def _write_kml(features: gpd.GeoDataFrame, path: Path, stem: str) -> CRS:
    write_kml(features, path, stem)
    return CRS.from_epsg(4326)


def _write_gml(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    return CRS.from_epsg(write_gml(features, path))


def _write_dxf(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    # Drawing takes a tenth of the start of every command, and few of them draw.
    from layers.store.forms.dxf_drawing import write_dxf  # noqa: PLC0415

    return write_dxf(features, path)


def _write_csv(features: gpd.GeoDataFrame, path: Path, _: str) -> CRS:
    return CRS.from_epsg(write_csv(features, path))


_WRITERS: Final[Mapping[str, Callable[[gpd.GeoDataFrame, Path, str], CRS]]] = {
    ".geojson": _write_geojson,
    ".fgb": _write_flatgeobuf,
    ".parquet": _write_parquet,
    GEODATABASE: _write_geodatabase,
    ".kml": _write_kml,
    ".gml": _write_gml,
    ".dxf": _write_dxf,
    ".csv": _write_csv,
}
"""Writers of one file: features, its place, its name without suffix; what CRS it is in."""


def _zip(parts: Sequence[Path], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, part.name)


def _shapefile(features: gpd.GeoDataFrame, path: Path, folder: Path) -> list[Path]:
    """Write the members of a Shapefile and the list of its cut fields to a new folder."""
    _require_one_dimension(features, path.suffix)
    stem = path.stem
    folder.mkdir()
    table, cuts = _fitted(features)
    pyogrio.write_dataframe(table, folder / f"{stem}.shp", encoding="UTF-8")
    if cuts:
        text = json.dumps(cuts, ensure_ascii=False, indent=1)
        (folder / f"{stem}.fields.json").write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def _require_one_dimension(features: gpd.GeoDataFrame, suffix: str) -> None:
    if features.geom_type.str.removeprefix("Multi").nunique() > 1:
        raise ExportFormatError(suffix=suffix, supported=[".gpkg", ".geojson"])


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
