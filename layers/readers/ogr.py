"""Reading through GDAL: only files that we wrote ourselves, under names of our own."""

import contextlib
import sqlite3
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import EmptyFileError
from layers.model import LeftOut
from layers.readers._gdal import pyogrio
from layers.readers.errors import NoListedLayerError, choice_error
from layers.readers.geopackage_tables import EVERY_ROW, rows_of, tables_of, unlisted_tables
from layers.readers.ledger import entries_beside
from layers.readers.wkb import read_wkb

_CURVES: Final = ("Curve", "Surface", "CircularString")
LARGEST_EXACT: Final = 2**53
"""Up to here a real number tells whole ones apart."""
_CURVE_TYPES: Final = range(8, 15)
"""WKB types from CircularString to Surface (ISO 13249-3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OgrTable:
    """One layer as GDAL reads it: ``geometry`` shape (n,), None where missing.

    ``found`` is how many rows the layer says it has, ``left_out`` names those whose
    geometry is broken and layers that are never read. ``curved``: GDAL cut arcs. ``unread``
    names the fields of bytes, which are no attributes.
    """

    geometry: npt.NDArray[Any]
    attributes: pd.DataFrame
    crs: str | None
    found: int
    left_out: tuple[LeftOut, ...]
    curved: bool
    unread: tuple[str, ...]


def read_ogr(
    name: str, main: str, files: Mapping[str, bytes], *, layer: str | None, encoding: str | None
) -> OgrTable:
    """Write files to a private folder, read a layer of ``main``, forget the folder.

    The names of the files are ours, or checked; ``main`` is one of them or their folder.

    Call it inside :func:`layers.readers._translate.translated`. Arrow is not used: its
    path hands geometries to GEOS unchecked.

    Raises
    ------
    AmbiguousFileError
        There are several layers with geometry and ``layer`` is none of them.
    EmptyFileError, NoListedLayerError
        There is no layer with geometry, or the package lists none of those that it has.
    """
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        for own_name, data in files.items():
            file = Path(folder) / own_name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        path = Path(folder) / main
        views = _without_views(path) if path.suffix == ".gpkg" else []
        layers = _layers(path)
        package = path.suffix == ".gpkg"
        unlisted = unlisted_tables(path, layers) if package else []
        if not layers and (views or unlisted):
            raise NoListedLayerError(name=name, views=views, tables=unlisted)
        chosen = _chosen_layer(name, list(layers), layer)
        found = rows_of(path, chosen) if package else _read_count(path, chosen, encoding)
        curved = package and _has_curves(path, chosen)
        meta, _, wkb, columns = pyogrio.raw.read(
            path, layer=chosen, encoding=encoding, datetime_as_string=True,
            where=EVERY_ROW if package else None,
        )  # fmt: skip
        attributes = _attributes(path, chosen, meta, columns, len(wkb))
    is_bytes = np.array([kind == "OFTBinary" for kind in meta["ogr_types"]], dtype=bool)
    geometry, broken = read_wkb(wkb)
    sound = np.ones(len(geometry), dtype=bool)
    sound[broken] = False
    lost = [LeftOut(what="feature", label=str(at + 1), reason="bad_coordinates") for at in broken]
    lost += [LeftOut(what="layer", label=view, reason="view_not_read", part=True) for view in views]
    lost += [
        LeftOut(what="layer", label=table, reason="table_not_listed", part=True)
        for table in unlisted
    ]
    # Points bound no ground; of any other layer nobody knows without reading it.
    lost += entries_beside(
        title for title, kind in layers.items() if title != chosen and "Point" not in kind
    )
    return OgrTable(
        geometry=geometry[sound],
        attributes=attributes.loc[sound, ~is_bytes].reset_index(drop=True),
        crs=meta["crs"],
        found=found if found >= 0 else len(geometry),
        left_out=tuple(lost),
        curved=curved or any(kind in str(meta["geometry_type"]) for kind in _CURVES),
        unread=tuple(attributes.columns[is_bytes]),
    )


def _attributes(
    path: Path, layer: str, meta: Mapping[str, Any], columns: list[npt.NDArray[Any]], count: int
) -> pd.DataFrame:
    # Columns by number, for names may come twice; dtypes as read, not guessed anew.
    series = {at: pd.Series(column, dtype=column.dtype) for at, column in enumerate(columns)}
    series |= _exact(path, layer, meta, series)
    return pd.DataFrame(series, index=range(count)).set_axis(list(meta["fields"]), axis=1)


def _exact(
    path: Path, layer: str, meta: Mapping[str, Any], series: Mapping[int, "pd.Series[Any]"]
) -> dict[int, "pd.Series[Any]"]:
    """Return the columns anew that lost what they say where a value is missing.

    pyogrio makes real numbers of whole ones and of truths with gaps: 1.0 says less than true,
    and beyond 2**53 the last digits of an identifier change.
    """
    with_gaps = [at for at, column in series.items() if column.dtype == "float64"]
    truths = [at for at in with_gaps if meta["ogr_subtypes"][at] == "OFSTBoolean"]
    found = {at: series[at].map({1.0: True, 0.0: False}).astype(object) for at in truths}
    whole = [at for at in with_gaps if meta["ogr_types"][at] == "OFTInteger64"]
    if any((series[at].abs() > LARGEST_EXACT).any() for at in whole):
        # Without geometries, which this way would hand to GEOS unchecked.
        _, table = pyogrio.raw.read_arrow(
            path, layer=layer, read_geometry=False,
            where=EVERY_ROW if path.suffix == ".gpkg" else None,
        )  # fmt: skip
        found |= {at: pd.Series(table.column(at).to_pylist(), dtype=object) for at in whole}
    return found


def _read_count(path: Path, layer: str, encoding: str | None) -> int:
    return int(pyogrio.read_info(path, layer=layer, encoding=encoding)["features"])


def _layers(path: Path) -> dict[str, str]:
    """Return layers with their kind of geometry; of a GeoPackage only those that are tables."""
    titles = {
        str(title): str(kind) for title, kind in pyogrio.list_layers(path) if kind is not None
    }
    if path.suffix != ".gpkg":
        return titles
    tables = set(tables_of(path))
    return {title: kind for title, kind in titles.items() if title in tables}


def _without_views(path: Path) -> list[str]:
    """Drop the views of our copy of a GeoPackage, and return those that it calls layers.

    A view runs whatever query it holds when GDAL opens the file: a recursive one never ends.
    """
    with contextlib.closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
        if not found:
            return []
        told = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        for (view,) in found:
            quoted = str(view).replace('"', '""')
            database.execute(f'DROP VIEW "{quoted}"')
        database.commit()
    return sorted(str(view) for (view,) in found if view in told)


def _has_curves(path: Path, layer: str) -> bool:
    """Tell whether any geometry of a table of a GeoPackage is curved, by its WKB type."""
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(database):
        query = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
        row = database.execute(query, (layer,)).fetchone()
        if row is None:
            return False
        column, table = (text.replace('"', '""') for text in (str(row[0]), layer))
        heads = database.execute(f'SELECT substr("{column}", 1, 80) FROM "{table}"')  # noqa: S608
        return any(isinstance(head, bytes) and _is_curved(head) for (head,) in heads)


def _is_curved(head: bytes) -> bool:
    """Read the type behind the header of a GeoPackage geometry (OGC 12-128r19, clause 2.1.3)."""
    if len(head) < 4:
        return False
    at = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(head[3] >> 1 & 7, 0)
    if len(head) < at + 5:
        return False
    (kind,) = struct.unpack_from("<I" if head[at] == 1 else ">I", head, at + 1)
    return (kind & 0xFFFF) % 1000 in _CURVE_TYPES


def _chosen_layer(name: str, choices: list[str], layer: str | None) -> str:
    if not choices:
        raise EmptyFileError(name=name)
    if layer in choices:
        return layer
    if len(choices) > 1 or layer is not None:
        raise choice_error(name, choices, layer)
    return choices[0]
