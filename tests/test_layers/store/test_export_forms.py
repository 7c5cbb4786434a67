"""Every format that is written, read by programs of others. Oracles: GDAL of the system (another
build than the one that writes), pyarrow, ezdxf; areas by the frame that was written."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.builtin.reference import read_counties
from layers.errors import ExportFormatError, SeveralZonesError
from layers.model import LayerFrame, ReadOptions
from layers.readers import Source, read_layer
from layers.store.export import SUFFIXES, write_export
from layers.zones import shipped_zone

RING = shapely.box(500_000, 2_766_000, 500_100, 2_766_100)
HOLED = shapely.difference(
    shapely.box(501_000, 2_766_000, 501_200, 2_766_200),
    shapely.box(501_050, 2_766_050, 501_100, 2_766_100),
)
PARTS = shapely.union_all([RING, shapely.box(502_000, 2_766_000, 502_010, 2_766_020)])
AREAS = [10_000.0, 37_500.0, 10_200.0]
BY_GDAL = [".gpkg", ".geojson", ".fgb", ".zip", ".kml", ".gml", ".gdb.zip", ".csv"]
NAMES = ["甲<&>\"'", "=cmd|' /C calc'!A0", None]


def frame(crs: int = 4543, shapes=(RING, HOLED, PARTS)) -> LayerFrame:
    table = {
        "feature_id": ["a", "b", "c"][: len(shapes)],
        "名称": NAMES[: len(shapes)],
        "面积": [1.5, np.nan, 1e-12][: len(shapes)],
        "编号": [1, 2, 2**40][: len(shapes)],
        "日期": pd.to_datetime(["2026-01-31", None, "1999-12-31"])[: len(shapes)],
    }
    features = gpd.GeoDataFrame(table, geometry=list(shapes), crs=4543).to_crs(crs)
    return LayerFrame(features=features, coverage=None)


def by_gdal(path: Path, folder: Path) -> gpd.GeoDataFrame:
    """Return what GDAL of the system reads, in EPSG:4543, first column first."""
    if shutil.which("ogr2ogr") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    suffix = "".join(path.suffixes[-2:]) if path.name.endswith(".gdb.zip") else path.suffix
    source = f"/vsizip/{path}/plan.gdb" if suffix == ".gdb.zip" else str(path)
    source = f"/vsizip/{path}" if suffix == ".zip" else source
    assumed = ["-s_srs", "EPSG:4543"] if suffix == ".csv" else []
    target = folder / "by_gdal.gpkg"
    done = subprocess.run(
        ["ogr2ogr", "-f", "GPKG", *assumed, "-t_srs", "EPSG:4543", target, source],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    dumped = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=6", "-t_srs", "EPSG:4543",
         "/vsistdout/", target],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    rows = json.loads(dumped.stdout)["features"]
    return gpd.GeoDataFrame.from_features(rows, crs=4543)


@pytest.mark.parametrize("crs", [4543, 4490])
@pytest.mark.parametrize("suffix", BY_GDAL)
def test_gdal_reads_what_is_written(tmp_path: Path, suffix: str, crs: int) -> None:
    if suffix == ".csv" and crs == 4490:
        crs = 4543  # GDAL must be told the system of a table
    write_export(frame(crs), tmp_path / f"plan{suffix}")
    back = by_gdal(tmp_path / f"plan{suffix}", tmp_path)
    back = back.sort_values(
        "feature_id" if "feature_id" in back else "feature_id_", ignore_index=True
    )
    # Coordinates in degrees are rounded to 1e-9: 0.1 mm on 600 m of outline.
    assert back.area.to_list() == pytest.approx(AREAS, abs=0.2)
    name = next(one for one in back.columns if one.startswith("名称"))
    expected = [NAMES[0], "'" + NAMES[1] if suffix == ".csv" else NAMES[1], None]
    found = [None if pd.isna(one) or one == "" else one for one in back[name]]
    assert found == expected
    number = next(one for one in back.columns if one.startswith("编号"))
    assert [int(float(one)) for one in back[number]] == [1, 2, 2**40]


@pytest.mark.parametrize("suffix", [".fgb", ".kml", ".gml", ".gdb.zip", ".csv", ".parquet"])
def test_our_own_readers_give_the_layer_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plan{suffix}"
    write_export(frame(), path)
    source = Source(name=path.name, files={path.name: path.read_bytes()})
    # All but a table state their system themselves.
    said = ReadOptions(crs="EPSG:4543" if suffix == ".csv" else None)
    back, report = read_layer(source, said, counties=read_counties(shipped_zone().region))
    assert report.crs == ("EPSG:4326" if suffix == ".kml" else "EPSG:4543")
    assert sorted(back.to_crs(4543).area) == pytest.approx(sorted(AREAS), abs=0.2)


def test_geoparquet_says_its_system_and_keeps_types(tmp_path: Path) -> None:
    write_export(frame(), tmp_path / "plan.parquet")
    back = gpd.read_parquet(tmp_path / "plan.parquet")
    expected = frame().features
    assert back.crs == expected.crs
    assert back.geometry.geom_equals(expected.geometry).all()
    pd.testing.assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(expected.drop(columns="geometry"))
    )


def test_a_drawing_holds_every_ring_in_metres_with_its_attributes(tmp_path: Path) -> None:
    crs = write_export(frame(4490), tmp_path / "plan.dxf")
    assert crs.to_epsg() == 4522  # zone 34 with its number, as lists of boundary points have it
    drawn = list(ezdxf.readfile(tmp_path / "plan.dxf").modelspace())
    assert [one.dxftype() for one in drawn] == ["LWPOLYLINE"] * 5
    assert all(one.closed for one in drawn)
    areas = sorted(shapely.Polygon([(x - 34e6, y) for x, y, *_ in one]).area for one in drawn)
    assert areas == pytest.approx([200.0, 2_500.0, 10_000.0, 10_000.0, 40_000.0], abs=0.2)
    assert (1000, "编号=1") in [(tag.code, tag.value) for tag in drawn[0].get_xdata("FTZGIS")]
    assert drawn[0].doc.header["$INSUNITS"] == 6


def test_a_drawing_holds_texts_with_line_breaks_and_long_ones_whole(tmp_path: Path) -> None:
    long, endless = "批复" * 300, "x" * 20_000
    table = {
        "feature_id": ["a", "b"],
        "备\n注": ["第一行\r\n第二行 \u2028 0\n", None],
        "长": [long, endless],
    }
    features = gpd.GeoDataFrame(table, geometry=[RING, RING], crs=4543)
    write_export(LayerFrame(features=features, coverage=None), tmp_path / "plan.dxf")
    drawn = list(ezdxf.readfile(tmp_path / "plan.dxf").modelspace())
    first, second = ([tag.value for tag in one.get_xdata("FTZGIS")] for one in drawn)
    assert first[:2] == ["feature_id=a", "备 注=第一行 第二行   0 "]
    assert all(len(one.encode()) <= 255 for one in first)
    pieces = [one.partition("=")[2] for one in first if one.startswith(("长=", "长+="))]
    assert "".join(pieces) == long
    assert second[-1] == "..."


def test_a_drawing_of_two_zones_is_refused(tmp_path: Path) -> None:
    far = gpd.GeoDataFrame(
        {"feature_id": ["a", "b"]},
        geometry=[shapely.box(98, 24, 98.1, 24.1), shapely.box(102.8, 24, 102.9, 24.1)],
        crs=4490,
    )
    with pytest.raises(SeveralZonesError):
        write_export(LayerFrame(features=far, coverage=None), tmp_path / "far.dxf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".kml", ".gml"])
def test_what_xml_cannot_hold_breaks_no_file(tmp_path: Path, suffix: str) -> None:
    odd = gpd.GeoDataFrame(
        {
            "feature_id": ["\x01\ufffe]]>"],
            "a b/中": ["x"],
            "a_b_中": ["y"],
            "1": [True],
            "geometry_": [None],
        },
        geometry=[shapely.Point(102, 25)],
        crs=4490,
    )
    write_export(LayerFrame(features=odd, coverage=None), tmp_path / f"odd{suffix}")
    text = (tmp_path / f"odd{suffix}").read_text("utf-8")
    tree = ET.fromstring(text)  # noqa: S314 - our own
    assert "]]&gt;" in text
    if suffix == ".gml":
        tags = [one.tag.split("}")[1] for one in tree.iter() if one.text in {"x", "y"}]
        assert tags == ["a_b_中", "a_b_中_"]


@pytest.mark.parametrize("kind", ["Point", "LineString", "MultiLineString", "MultiPoint"])
@pytest.mark.parametrize("suffix", [one for one in SUFFIXES if one not in {".txt", ".shp"}])
def test_lines_and_points_are_written_too(tmp_path: Path, suffix: str, kind: str) -> None:
    line = shapely.LineString([(500_000, 2_766_000), (500_100, 2_766_000)])
    shape = {
        "Point": shapely.Point(500_000, 2_766_000),
        "LineString": line,
        "MultiLineString": shapely.MultiLineString(
            [line, shapely.transform(line, lambda xy: xy + 50)]
        ),
        "MultiPoint": shapely.MultiPoint([(500_000, 2_766_000), (500_001, 2_766_000)]),
    }[kind]
    path = tmp_path / f"plan{suffix}"
    write_export(frame(shapes=(shape,)), path)
    if suffix in BY_GDAL:
        back = by_gdal(path, tmp_path)
        assert back.length.sum() == pytest.approx(shape.length, abs=1e-3)
        if suffix not in {".kml", ".geojson"}:  # there a long edge has more vertices
            found = shapely.get_coordinates(back.geometry.to_numpy())
            assert len(found) == len(shapely.get_coordinates(shape))


def test_a_mixture_of_shapes_needs_a_format_that_holds_it(tmp_path: Path) -> None:
    mixed = frame(shapes=(RING, shapely.Point(500_000, 2_766_000)))
    for suffix in (".zip", ".gdb.zip"):
        with pytest.raises(ExportFormatError):
            write_export(mixed, tmp_path / f"plan{suffix}")
    for suffix in (".gpkg", ".geojson", ".fgb", ".parquet", ".kml", ".gml", ".csv", ".dxf"):
        write_export(mixed, tmp_path / f"plan{suffix}")
