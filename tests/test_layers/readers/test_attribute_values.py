"""What attributes hold after they were read. Oracle: the values that were written, one by one."""

import datetime as dt
import sqlite3
import struct
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import box

from layers.model import ReadOptions
from layers.readers.intake import read_layer
from layers.readers.source import Source, source_from_path

LONG = 530102199001011235
"""Between two real numbers: 64 apart at this size."""
IDENTIFIERS = [2**53 + 1, 2**53 + 3, None, LONG]
TEXTS = [None if one is None else str(one) for one in IDENTIFIERS]
DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "shp": "ESRI Shapefile", "gdb": "OpenFileGDB"}


def frame_of(table: dict[str, object], count: int = 4) -> gpd.GeoDataFrame:
    shapes = [box(102.7 + at * 0.01, 25, 102.705 + at * 0.01, 25.005) for at in range(count)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=4490)


def read(path: Path) -> tuple[gpd.GeoDataFrame, dict[str, dict[str, object]]]:
    options = ReadOptions(crs="EPSG:4490")
    features, report = read_layer(source_from_path(path), options, counties=None)
    return features, {issue.code: dict(issue.params) for issue in report.issues}


@pytest.mark.parametrize("suffix", [*DRIVERS, "parquet"])
def test_long_identifiers_with_gaps_keep_their_digits(tmp_path: Path, suffix: str) -> None:
    frame = frame_of(
        {
            "key": ["a", "b", "c", "d"],
            "number": pd.array(IDENTIFIERS, dtype="Int64"),
            "short": pd.array([1, None, 3, 4], dtype="Int64"),
        }
    )
    path = tmp_path / f"data.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    else:
        more = {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"} if suffix == "gdb" else {}
        pyogrio.write_dataframe(frame, path, driver=DRIVERS[suffix], layer_options=more)
    features = read(path)[0].sort_values("key")  # FlatGeobuf has an order of its own
    assert features["number"].where(features["number"].notna(), None).tolist() == TEXTS
    assert features["short"].fillna(-1).tolist() == [1, -1, 3, 4]


def test_truths_with_gaps_are_truths(tmp_path: Path) -> None:
    frame = frame_of({"built": pd.array([True, None, False, True], dtype="boolean")})
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg")
    pyogrio.write_dataframe(frame, tmp_path / "a.geojson")
    expected = ["true", None, "false", "true"]
    for name in ("a.gpkg", "a.geojson"):
        assert read(tmp_path / name)[0]["built"].tolist() == expected


def test_days_times_and_decimals_of_parquet_are_written_plainly(tmp_path: Path) -> None:
    moments = [pd.Timestamp("2024-01-02T08:00"), None, *[pd.Timestamp("2024-03-01")] * 2]
    frame = frame_of(
        {
            "day": [dt.date(2024, 1, 2), None, *[dt.date(2024, 3, 1)] * 2],
            "moment": moments,
            "area": [Decimal("12.50"), None, Decimal("3.25"), Decimal("0.10")],
            "exact": [Decimal("99999999999999999.25"), None, Decimal("3.25"), Decimal("0.10")],
            "length": pd.to_timedelta([1, None, 2, 3], unit="h"),
            "share": [0.5, float("inf"), None, 1.0],
            "photo": [b"a", None, b"b", b"c"],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    features, issues = read(tmp_path / "a.parquet")
    assert features["day"].tolist() == ["2024-01-02", None, "2024-03-01", "2024-03-01"]
    assert features["moment"].tolist()[:2] == ["2024-01-02T08:00:00", None]
    assert features["area"].fillna(-1).tolist() == [12.5, -1, 3.25, 0.1]
    assert features["exact"].tolist() == ["99999999999999999.25", None, "3.25", "0.1"]
    assert features["length"].tolist()[:2] == ["P0DT1H0M0S", None]
    assert features["share"].fillna(-1).tolist() == [0.5, -1, -1, 1.0]
    assert issues["fields_dropped"] == {"fields": ["photo"]}


def test_fields_of_bytes_are_named_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = frame_of({"name": ["a", "b", "c", "d"]})
    # The triggers of its index ask for functions of GDAL.
    pyogrio.write_dataframe(frame, path, layer="sites", layer_options={"SPATIAL_INDEX": "NO"})
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE sites ADD COLUMN photo BLOB")
        database.execute("UPDATE sites SET photo = x'00ff'")
        database.commit()
    features, issues = read(path)
    assert list(features.columns) == ["feature_id", "name", "geometry"]
    assert issues["fields_dropped"] == {"fields": ["photo"]}


def test_numbers_of_twenty_places_in_a_dbf_keep_their_digits(tmp_path: Path) -> None:
    frame = frame_of({"number": ["5301021990010112351", "7", None, "-12"], "name": list("abcd")})
    pyogrio.write_dataframe(frame, tmp_path / "a.shp", encoding="UTF-8")
    source = source_from_path(tmp_path / "a.shp")
    files = {**source.files, "a.dbf": _with_number_of_20_places(source.files["a.dbf"])}
    options = ReadOptions(crs="EPSG:4490")
    features, _ = read_layer(Source(name="a", files=files), options, counties=None)
    assert features["number"].tolist() == ["5301021990010112351", "7", None, "-12"]
    assert features["name"].tolist() == list("abcd")


def _with_number_of_20_places(dbf: bytes) -> bytes:
    """Make the first field, a text, a number of 20 places: right-aligned, as dBase has it."""
    count, header_bytes, record_bytes = struct.unpack_from("<IHH", dbf, 4)
    width = dbf[32 + 16]
    head = bytearray(dbf[:header_bytes])
    head[32 + 11], head[32 + 16], head[32 + 17] = ord("N"), 20, 0
    struct.pack_into("<H", head, 10, record_bytes - width + 20)
    records = b""
    for row in range(count):
        record = dbf[header_bytes + row * record_bytes :][:record_bytes]
        records += record[:1] + record[1 : 1 + width].strip(b" \x00").rjust(20)
        records += record[1 + width :]
    return bytes(head) + records + b"\x1a"
