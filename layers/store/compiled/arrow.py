"""Polygons of files that GDAL reads, as Arrow's binary and then flat arrays.

For files that are trusted: versions of the store, and what a person has on this machine
for ``ftzgis overlap``. Nowhere is an object made for each polygon, unless its edges must be
cut before they are brought to degrees.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

from geo.errors import MissingCrsError
from geo.kernel.ragged import Ragged, from_shapely
from geo.kernel.wkb import ragged_from_wkb
from geo.measure.crs import parse_crs, to_lonlat
from layers.errors import AmbiguousFileError, DamagedFileError
from layers.readers._gdal import pyogrio

CRS84: Final = "OGC:CRS84"
_SAME_DEGREES: Final = frozenset({"EPSG:4490", "EPSG:4326", CRS84})
"""Longitude and latitude that are CGCS2000's to the precision of any layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which rows of a data set: ``count`` of them, after ``skip``; None: all."""

    skip: int = 0
    count: int | None = None


def count_rows(path: Path) -> int:
    """Return how many features the only layer of a file has.

    Raises
    ------
    DamagedFileError, AmbiguousFileError
        GDAL cannot read it, or it has several layers.
    """
    _only_layer(path)
    return int(_asked(path, lambda: pyogrio.read_info(path, force_feature_count=True))["features"])


def read_polygons(
    path: Path, id_column: str | None, *, layer: str | None = None, rows: Rows | None = None
) -> tuple[Ragged, pa.Array | None]:
    """Return the polygons of a data set in EPSG:4490, and a column of it.

    Raises
    ------
    DamagedFileError
        GDAL cannot read it, or there is no such column.
    MissingCrsError
        It has no reference system.
    BinaryGeometryError, NotPolygonalError
        A geometry is no sound polygon.
    """
    rows = rows or Rows()
    meta, table = _asked(
        path,
        lambda: pyogrio.read_arrow(
            path,
            layer=layer,
            columns=[id_column] if id_column else [],
            skip_features=rows.skip,
            max_features=rows.count,
        ),
    )
    if meta["crs"] is None:
        raise MissingCrsError(name=path.name, proposals=[])
    if id_column and id_column not in table.column_names:
        raise DamagedFileError(name=path.name, format=path.suffix.lstrip("."))
    ids = table.column(id_column).combine_chunks() if id_column else None
    name = meta["geometry_name"] or "wkb_geometry"
    return polygons_of(table.column(name).combine_chunks(), str(meta["crs"])), ids


def polygons_of(geometry: pa.Array, crs: str) -> Ragged:
    """Return well-known binary of a reference system as polygons in EPSG:4490."""
    if crs in _SAME_DEGREES:
        return ragged_from_wkb(*_buffers(geometry))
    # Edges that are straight in another plane are cut before they are brought to degrees.
    shapes = gpd.GeoSeries(shapely.from_wkb(geometry.to_numpy(zero_copy_only=False)))
    return from_shapely(to_lonlat(shapes.set_crs(parse_crs(crs))).to_numpy())


def crs_text(projjson: dict[str, Any] | None) -> str:
    """Return a reference system of GeoParquet as a code, or as it is; none is OGC:CRS84."""
    if projjson is None:
        return CRS84
    named = projjson.get("id", {})
    if named:
        return f"{named.get('authority')}:{named.get('code')}"
    return json.dumps(projjson)


def _only_layer(path: Path) -> None:
    names = [str(name) for name, kind in _asked(path, lambda: pyogrio.list_layers(path)) if kind]
    if len(names) != 1:
        raise AmbiguousFileError(name=path.name, choices=names)


def _asked(path: Path, ask: Any) -> Any:  # noqa: ANN401 - pyogrio is untyped
    try:
        return ask()
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as exc:
        raise DamagedFileError(name=path.name, format=path.suffix.lstrip(".")) from exc


def _buffers(geometry: pa.Array) -> tuple[Any, Any]:
    """Return the bytes of all values, and where each starts; a missing one has none."""
    wide = geometry.cast(pa.large_binary())
    if wide.null_count:
        wide = wide.fill_null(b"")
    _, offsets, data = wide.buffers()
    ends = np.frombuffer(offsets, np.int64)[wide.offset : wide.offset + len(wide) + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return bytes_, ends
