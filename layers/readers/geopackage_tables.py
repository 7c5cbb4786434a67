"""What lies in a GeoPackage, asked of its tables and not of what it says of itself."""

import contextlib
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

EVERY_ROW: Final = "1 = 1"
"""A filter that lets GDAL count rows: without one it believes the count that is written in
``gpkg_ogr_contents`` and reads no more, though programs add rows and leave it as it was."""

_SYSTEM: Final = ("gpkg_", "rtree_", "sqlite_", "ogr_empty_table")
_MAGIC: Final = "4750"
"""The first two bytes of every geometry, "GP" (OGC 12-128r19, clause 2.1.3)."""


def tables_of(path: Path) -> list[str]:
    """Return the names of the tables that hold rows of their own: no views, none virtual."""
    with _opened(path) as database:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        return [str(name) for (name,) in database.execute(query)]


def rows_of(path: Path, table: str) -> int:
    """Return how many rows a table has."""
    with _opened(path) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()  # noqa: S608
    return int(count)


def unlisted_tables(path: Path, listed: Collection[str]) -> list[str]:
    """Return tables that hold geometries though the package does not list them as layers."""
    others = [one for one in tables_of(path) if one not in listed and not one.startswith(_SYSTEM)]
    with _opened(path) as database:
        return sorted(one for one in others if _holds_geometry(database, one))


def _holds_geometry(database: sqlite3.Connection, table: str) -> bool:
    columns = database.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    return any(
        database.execute(
            f"SELECT 1 FROM {_quoted(table)} WHERE typeof({column}) = 'blob' "  # noqa: S608
            f"AND hex(substr({column}, 1, 2)) = '{_MAGIC}' LIMIT 1"
        ).fetchone()
        for column in (_quoted(str(one[1])) for one in columns)
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(database):
        yield database
