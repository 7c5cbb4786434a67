"""Millions of polygons from GeoParquet, GeoPackage or FlatGeobuf, piece by piece, as flat arrays.

For files that a person has on this machine and trusts; uploads go through the readers.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import MissingCrsError
from geo.kernel.ragged import Ragged
from layers.errors import DamagedFileError
from layers.store.compiled.arrow import Rows, count_rows, crs_text, polygons_of, read_polygons

_FORMAT: Final = "GeoParquet"
_MAGIC: Final = b"PAR1"
_ROWS: Final = 65_536
_MOST_ROWS: Final = 4 * _ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Some consecutive rows of a file, within row groups ``first`` to ``last`` if it has any.

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
    DamagedFileError, AmbiguousFileError
        It is neither GeoParquet nor what GDAL reads, or it has several layers.
    """
    if not _is_parquet(path):
        rows = count_rows(path)
        count = max(-(-rows // _ROWS), 1)
        ends = [rows * at // count for at in range(count + 1)]
        return [_piece(str(path), (0, 0), 0, span) for span in pairwise(ends)]
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
    if not _is_parquet(path):
        rows = Rows(skip=partition.skip, count=partition.rows)
        polygons, names = read_polygons(path, id_column, rows=rows)
        return Parcels(polygons=polygons, ids=names)
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
    return Parcels(polygons=polygons_of(geometry, crs), ids=ids)


def _pieces(path: str, groups: tuple[int, int], start: int, rows: int) -> list[Partition]:
    count = max(-(-rows // _MOST_ROWS), 1)
    ends = [rows * at // count for at in range(count + 1)]
    return [_piece(path, groups, start, span) for span in pairwise(ends)]


def _piece(path: str, groups: tuple[int, int], start: int, span: tuple[int, int]) -> Partition:
    skip, end = span
    first, last = groups
    return Partition(
        path=path, first=first, last=last, start=start + skip, skip=skip, rows=end - skip
    )


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError as exc:
        raise DamagedFileError(name=path.name, format=_FORMAT) from exc


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
    return name, crs_text(column.get("crs"))
