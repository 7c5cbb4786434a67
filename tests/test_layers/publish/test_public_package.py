"""Published layers as a GeoPackage: the same bytes whenever it is made, and still a database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
from shapely import box

from layers.publish.public_package import package_corners, write_public_package

ABOUT = {"title": "片区", "maker": "某局"}


def test_a_package_counts_no_changes_and_is_whole(tmp_path: Path) -> None:
    layer = gpd.GeoDataFrame({"名称": ["甲"]}, geometry=[box(102.0, 24.0, 103.0, 25.0)], crs=4490)
    data = write_public_package({"zone": layer}, ABOUT, day="2026-11-01")
    # How often GDAL commits depends on the clock; the header says what SQLite writes first.
    assert data[24:28] == data[92:96] == b"\x00\x00\x00\x01"
    path = tmp_path / "data.gpkg"
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        said = dict(database.execute("SELECT name, text FROM about").fetchall())
    assert said == ABOUT
    assert len(package_corners(data)) == 4
    assert write_public_package({"zone": layer}, ABOUT, day="2026-11-01") == data
