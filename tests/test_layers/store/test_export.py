"""Oracles: json, zipfile and struct of the standard library, dBASE's and RFC 7946's text."""

import json
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.errors import ExportFormatError
from layers.model import LayerFrame
from layers.store.content import content_sha256
from layers.store.export import SUFFIXES, write_export
from layers.store.geopackage import read_geopackage

# The central meridian 102 of zone 34 is x = 500 000 m and its own longitude.
PLOT = shapely.box(500_000, 2_766_000, 500_100, 2_766_100)


def _frame(**columns) -> LayerFrame:
    shapes = [PLOT, shapely.transform(PLOT, lambda xy: xy + 1_000)]
    table = {"feature_id": ["a", "b"], **columns}
    features = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4543")
    return LayerFrame(features=features, coverage=features.geometry[:1])


def _dbf(archive: Path) -> tuple[list[str], list[list[str]]]:
    """Read field names and cells after dBASE's description."""
    with zipfile.ZipFile(archive) as opened:
        name = next(name for name in opened.namelist() if name.endswith(".dbf"))
        data = opened.read(name)
    rows, head, width = struct.unpack("<IHH", data[4:12])
    fields = [data[at : at + 32] for at in range(32, head - 1, 32)]
    names = [field[:11].rstrip(b"\x00").decode("utf-8") for field in fields]
    cells = []
    for row in range(rows):
        at, line = head + row * width + 1, list[str]()
        for field in fields:
            line.append(data[at : at + field[16]].decode("utf-8").strip(" \x00"))
            at += field[16]
        cells.append(line)
    return names, cells


def test_geojson_is_rfc7946(tmp_path):
    write_export(_frame(名称=["甲", None]), tmp_path / "plot.geojson")
    document = json.loads((tmp_path / "plot.geojson").read_text(encoding="utf-8"))
    assert "crs" not in document
    first = document["features"][0]
    assert first["properties"] == {"feature_id": "a", "名称": "甲"}
    rings = shapely.geometry.shape(first["geometry"])
    assert rings.exterior.is_ccw
    west, south, east, north = rings.bounds
    assert west == pytest.approx(102.0, abs=1e-9)
    # 100 m on the parallel of 25 degrees north: 111 320 m times cos(25 deg) a degree.
    assert east - west == pytest.approx(100 / 100_950, rel=1e-3)
    assert 24.9 < south < north < 25.1


def test_a_geopackage_holds_all_that_the_store_holds(tmp_path):
    frame = _frame(fid=[9, 9])
    write_export(frame, tmp_path / "plot.gpkg")
    back = read_geopackage(tmp_path / "plot.gpkg", covered=True)
    assert content_sha256(back) == content_sha256(frame)


def test_a_shapefile_says_its_encoding_and_keeps_chinese(tmp_path):
    write_export(_frame(名称=["滇池", None]), tmp_path / "图.zip")
    with zipfile.ZipFile(tmp_path / "图.zip") as archive:
        assert sorted(archive.namelist()) == ["图.cpg", "图.dbf", "图.prj", "图.shp", "图.shx"]
        assert archive.read("图.cpg") == b"UTF-8"
        assert b"CGCS2000" in archive.read("图.prj")
    assert _dbf(tmp_path / "图.zip") == (["feature_id", "名称"], [["a", "滇池"], ["b", ""]])


def test_what_a_dbf_cannot_hold_is_cut_between_characters_and_listed(tmp_path):
    frame = _frame(土地使用权人=["滇" * 100, "短"], 土地使用期限=["30", "40"], area_m2=[1.5, 2.5])
    write_export(frame, tmp_path / "plot.zip")
    names, cells = _dbf(tmp_path / "plot.zip")
    assert names == ["feature_id", "土地使", "土地使2", "area_m2"]
    # 84 characters of 3 bytes are 252 of the 254 bytes.
    assert [row[1] for row in cells] == ["滇" * 84, "短"]
    assert [row[2] for row in cells] == ["30", "40"]
    with zipfile.ZipFile(tmp_path / "plot.zip") as archive:
        assert json.loads(archive.read("plot.fields.json")) == {
            "土地使": {"name": "土地使用权人", "texts_cut": 1},
            "土地使2": {"name": "土地使用期限", "texts_cut": 0},
        }


def test_a_time_of_day_is_kept_as_text(tmp_path):
    times = pd.to_datetime(["2026-11-23T04:00:00", None])
    write_export(_frame(seen=times), tmp_path / "plot.zip")
    assert [row[1] for row in _dbf(tmp_path / "plot.zip")[1]] == ["2026-11-23T04:00:00", ""]


def test_export_leaves_the_frame_as_it_was(tmp_path):
    frame = _frame(土地使用权人=["滇" * 100, None])
    before = frame.features.copy(deep=True)
    write_export(frame, tmp_path / "plot.zip")
    pd.testing.assert_frame_equal(pd.DataFrame(frame.features), pd.DataFrame(before))


@pytest.mark.parametrize("name", ["plot.dwg", "plot", "plot.shx"])
def test_an_unknown_suffix_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(ExportFormatError) as caught:
        write_export(_frame(), tmp_path / name)
    assert caught.value.params["supported"] == list(SUFFIXES)
    assert list(tmp_path.iterdir()) == []


def test_a_shapefile_of_points_and_polygons_is_refused_and_the_old_file_stays(tmp_path):
    frame = _frame()
    shapes = [PLOT, shapely.Point(500_000, 2_766_000)]
    mixed = LayerFrame(features=frame.features.set_geometry(shapes, crs=4543), coverage=None)
    (tmp_path / "plot.zip").write_bytes(b"old")
    with pytest.raises(ExportFormatError) as caught:
        write_export(mixed, tmp_path / "plot.zip")
    assert caught.value.params == {"suffix": ".zip", "supported": [".gpkg", ".geojson"]}
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
