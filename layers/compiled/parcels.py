"""Millions of polygons from GeoParquet, piece by piece, as flat arrays.

For files that a person has on this machine and trusts; uploads go through the readers.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.crs import parse_crs, to_lonlat
from geo.errors import MissingCrsError
from geo.kernel.ragged import Ragged, from_shapely
from geo.kernel.wkb import ragged_from_wkb
from layers.errors import DamagedFileError

_FORMAT: Final = "GeoParquet"
_CRS84: Final = "OGC:CRS84"
_SAME_DEGREES: Final = frozenset({"EPSG:4490", "EPSG:4326", _CRS84})
"""Longitude and latitude that are CGCS2000's to the precision of any layer."""

_ROWS: Final = 65_536
_MOST_ROWS: Final = 4 * _ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Some consecutive rows of a file, within row groups ``first`` to ``last``.

    ``start`` is the number of its first row in the file, ``skip`` in the groups.
    """

    path: str
    first: int
    last: int
    start: int
    skip: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcels:
    """Polygons of a partition in EPSG:4490 and, where asked for, what they are called."""

    polygons: Ragged
    ids: pa.Array | None


def partitions(path: Path) -> list[Partition]:
    """Return a file in pieces of about 65 000 rows, or of a row group if that is larger.

    Raises
    ------
    DamagedFileError
        It is no GeoParquet.
    """
    file = _opened(path)
    _column(path, file)
    found: list[Partition] = []
    first, start, rows = 0, 0, 0
    groups = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    for at, count in enumerate(groups):
        rows += count
        if rows >= _ROWS or at == len(groups) - 1:
            found += _pieces(str(path), (first, at + 1), start, rows)
            first, start, rows = at + 1, start + rows, 0
    return found


def read_partition(partition: Partition, id_column: str | None) -> Parcels:
    """Return the polygons of a partition.

    Raises
    ------
    DamagedFileError
        The file is no GeoParquet, or has no such column.
    MissingCrsError
        The file says that its reference system is unknown.
    BinaryGeometryError, NotPolygonalError
        A geometry is no sound polygon.
    """
    path = Path(partition.path)
    file = _opened(path)
    name, crs = _column(path, file)
    columns = [name, *([id_column] if id_column else [])]
    try:
        groups = range(partition.first, partition.last)
        table = file.read_row_groups(list(groups), columns=columns)
        table = table.slice(partition.skip, partition.rows).combine_chunks()
        ids = table.column(id_column).combine_chunks() if id_column else None
        geometry = table.column(name).combine_chunks()
    except (pa.ArrowException, OSError, KeyError) as exc:
        raise DamagedFileError(name=path.name, format=_FORMAT) from exc
    return Parcels(polygons=_polygons(geometry, crs), ids=ids)


def _pieces(path: str, groups: tuple[int, int], start: int, rows: int) -> list[Partition]:
    count = max(-(-rows // _MOST_ROWS), 1)
    ends = [rows * at // count for at in range(count + 1)]
    return [
        Partition(
            path=path,
            first=groups[0],
            last=groups[1],
            start=start + skip,
            skip=skip,
            rows=end - skip,
        )
        for skip, end in pairwise(ends)
    ]


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as exc:
        raise DamagedFileError(name=path.name, format=_FORMAT) from exc


def _column(path: Path, file: pq.ParquetFile) -> tuple[str, str]:
    """Return the geometry column and its CRS; without one it is OGC:CRS84 by the standard."""
    try:
        said: dict[str, Any] = json.loads(file.schema_arrow.metadata[b"geo"])
        name = said["primary_column"]
        column = said["columns"][name]
        encoding = column["encoding"]
    except (KeyError, TypeError, ValueError) as exc:
        raise DamagedFileError(name=path.name, format=_FORMAT) from exc
    if encoding != "WKB":
        raise DamagedFileError(name=path.name, format=_FORMAT)
    if "crs" in column and column["crs"] is None:
        raise MissingCrsError(name=path.name, proposals=[])
    return name, _crs_text(column.get("crs"))


def _crs_text(projjson: dict[str, Any] | None) -> str:
    if projjson is None:
        return _CRS84
    named = projjson.get("id", {})
    if named:
        return f"{named.get('authority')}:{named.get('code')}"
    return json.dumps(projjson)


def _polygons(geometry: pa.Array, crs: str) -> Ragged:
    if crs in _SAME_DEGREES:
        return ragged_from_wkb(*_buffers(geometry))
    # Edges that are straight in another plane are cut before they are brought to degrees.
    shapes = gpd.GeoSeries(shapely.from_wkb(geometry.to_numpy(zero_copy_only=False)))
    return from_shapely(to_lonlat(shapes.set_crs(parse_crs(crs))).to_numpy())


def _buffers(geometry: pa.Array) -> tuple[Any, Any]:
    """Return the bytes of all values, and where each starts; a missing one has none."""
    wide = geometry.cast(pa.large_binary())
    if wide.null_count:
        wide = wide.fill_null(b"")
    _, offsets, data = wide.buffers()
    ends = np.frombuffer(offsets, np.int64)[wide.offset : wide.offset + len(wide) + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return bytes_, ends
