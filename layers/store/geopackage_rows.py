"""A table of a GeoPackage that we wrote, read as the rows of SQLite that it is.

GDAL takes 7 ms to open a file and to make a frame of three rows, and a check reads two dozen
layers. What is read here gives the frame that GDAL gives; whatever would need more (a type of
column beside text and numbers, gaps in whole numbers, a CRS without an EPSG code, shapes beyond
plain ones) is left to GDAL.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from geo.measure.crs import parse_crs
from layers.model import LayerFrame

_DTYPES: Final[Mapping[str, Any]] = {"TEXT": "str", "REAL": "float64", "INTEGER": "int64"}
_EXTENDED: Final = 0x20
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
_HEAD_BYTES: Final = 8
_PLAIN: Final = frozenset({"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING",
                           "MULTIPOLYGON", "GEOMETRY"})  # fmt: skip


def read_plain_geopackage(path: Path, features: str, coverage: str | None) -> LayerFrame | None:
    """Return tables of features and, where one is named, of coverage; None: left to GDAL.

    Raises
    ------
    sqlite3.DatabaseError
        The file is no such database.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as opened:
        found = _read(opened, features)
        areas = _read(opened, coverage) if coverage else None
    if found is None or (coverage and areas is None):
        return None
    frame = gpd.GeoDataFrame(found.columns, geometry=found.shapes, crs=found.crs)
    stated = gpd.GeoSeries(areas.shapes, crs=areas.crs, name="geometry") if areas else None
    return LayerFrame(features=frame, coverage=stated)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    columns: Mapping[str, Any]
    shapes: npt.NDArray[Any]
    crs: CRS


def _read(opened: sqlite3.Connection, table: str) -> _Table | None:
    shape = opened.execute(
        "SELECT column_name, geometry_type_name, z + m, organization, organization_coordsys_id "
        "FROM gpkg_geometry_columns JOIN gpkg_spatial_ref_sys USING (srs_id) "
        "WHERE table_name = ?",
        (table,),
    ).fetchone()
    if shape is None or shape[1] not in _PLAIN or shape[2] or shape[3] != "EPSG":
        return None
    columns = opened.execute(
        "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", (table,)
    ).fetchall()
    keys = [name for name, _, key in columns if key]
    types = {name: kind for name, kind, key in columns if not key and name != shape[0]}
    if len(keys) != 1 or not set(types.values()) <= _DTYPES.keys():
        return None
    rows = opened.execute(
        f"SELECT {', '.join(map(_quoted, (*types, shape[0])))} "  # noqa: S608 - all quoted
        f"FROM {_quoted(table)} ORDER BY {_quoted(keys[0])}"
    ).fetchall()
    return _table(rows, types, parse_crs(f"EPSG:{shape[4]}"))


def _table(rows: Sequence[tuple[Any, ...]], types: Mapping[str, str], crs: CRS) -> _Table | None:
    *columns, blobs = zip(*rows, strict=True) if rows else [()] * (len(types) + 1)
    values = dict(zip(types, columns, strict=True))
    if any(types[name] == "INTEGER" and None in values[name] for name in types):
        return None
    wkb = [_wkb(blob) for blob in blobs]
    if None in wkb:
        return None
    return _Table(
        columns={name: pd.array(values[name], dtype=_DTYPES[types[name]]) for name in types},
        shapes=shapely.from_wkb(np.array(wkb, dtype=object)),
        crs=crs,
    )


def _wkb(blob: bytes | None) -> bytes | None:
    """Return the WKB behind the head of a shape; None where there is none, or one beyond plain."""
    if blob is None or blob[3] & _EXTENDED:
        return None
    return blob[_HEAD_BYTES + _ENVELOPE_BYTES[blob[3] >> 1 & 7] :]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
