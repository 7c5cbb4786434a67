"""Layers in a GeoPackage that QGIS opens as they look: named, described and with their styles.

Version 1.2 of the format, which every GDAL since 2.3 and ArcGIS since 10.4 read without a word.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd

from layers.model import LayerFrame
from layers.readers._gdal import pyogrio
from layers.store.geopackage import COVERAGE, VERSION, free_columns

_STYLES: Final = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
_REGISTERED: Final = """
INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier)
VALUES ('layer_styles', 'attributes', 'layer_styles')
"""
_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner, ui)
VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """What a layer is called and said to be in a file, and how it looks.

    ``name`` is that of its table, ``metadata`` what is said of it by name, ``qml`` and ``sld``
    are styles; empty where there is none.
    """

    name: str
    title: str
    description: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    qml: str = ""
    sld: str = ""


def add_layer(frame: LayerFrame, path: Path, said: Presentation) -> None:
    """Add a layer, its coverage and its style to a GeoPackage, which is made if need be."""
    columns, title = free_columns(frame.features), _unused(said.title, said.name, path)
    words = {"IDENTIFIER": title, "DESCRIPTION": said.description}
    _add_table(frame.features, path, said.name, {**columns, **words}, said.metadata)
    if frame.coverage is not None:
        areas = gpd.GeoDataFrame(geometry=frame.coverage)
        name = f"{said.name}_{COVERAGE}"
        covered = _unused(f"{title} · {COVERAGE}", name, path)
        _add_table(areas, path, name, {"IDENTIFIER": covered}, {})
    if said.qml:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA synchronous = OFF")  # See layers/readers/_gdal.py.
            database.execute(_STYLES)
            database.execute(_REGISTERED)
            place = (said.name, columns["GEOMETRY_NAME"], said.name[:30])
            database.execute(_STYLE, (*place, said.qml, said.sld, said.title))
            database.commit()


def _unused(title: str, name: str, path: Path) -> str:
    """Return a title, followed by the table's name where another table of the file has it already.

    The format allows no two that are the same, and two cities call their layers alike.
    """
    if not path.exists():
        return title
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT identifier FROM gpkg_contents")
        taken = {str(identifier).casefold() for (identifier,) in rows}
    while title.casefold() in taken:
        title += f" ({name})"
    return title


def _add_table(
    features: gpd.GeoDataFrame,
    path: Path,
    name: str,
    options: Mapping[str, str],
    metadata: Mapping[str, str],
) -> None:
    more = path.exists()
    pyogrio.write_dataframe(
        features,
        path,
        layer=name,
        driver="GPKG",
        append=more,
        layer_options=dict(options),
        dataset_options=None if more else {"VERSION": VERSION},
        layer_metadata=dict(metadata) or None,
    )
