"""Formats that other programs write. Oracle: golden files of GDAL and geopandas, whose two
sites are known by hand (see ``tests/golden/readers/MADE_BY.md``)."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer

from geo.errors import MissingCrsError
from layers.errors import (
    AmbiguousFileError,
    ArchiveFormatError,
    DatabaseFormatError,
    DocumentFormatError,
    DrawingFormatError,
    EmptyFileError,
    UnsupportedGeometryError,
)
from layers.model import ReadOptions
from layers.readers import Source, read_layer, read_sites, source_from_path

GOLDEN = Path(__file__).parents[2] / "golden" / "readers"
FIRST = shapely.box(500_000, 2_766_000, 500_100, 2_766_100) - shapely.box(
    500_040, 2_766_040, 500_060, 2_766_060
)
SECOND = shapely.MultiPolygon(
    [
        shapely.box(501_000, 2_766_000, 501_100, 2_766_100),
        shapely.box(502_000, 2_766_000, 502_050, 2_766_100),
    ]
)


def read(data, **options):
    source = data if isinstance(data, Source) else Source(name="x", files={"x": data})
    return read_sites(source, ReadOptions(**options), counties=None)


def codes(sites):
    return sorted(issue.code for issue in sites.report.issues)


@pytest.mark.parametrize(
    ("name", "file_format", "how"),
    [
        ("sites.fgb", "FlatGeobuf", "file_header"),
        ("sites.gdb.zip", "File Geodatabase", "file_header"),
        ("sites.gml", "GML", "gml_srs_name"),
        ("sites_gml2.gml", "GML", "gml_srs_name"),
        ("sites.parquet", "GeoParquet", "file_header"),
    ],
)
def test_files_in_a_plane(name, file_format, how):
    # A name of our own: nothing is told from it.
    sites = read((GOLDEN / name).read_bytes())
    assert (sites.report.format, sites.report.crs) == (file_format, "EPSG:4543")
    assert (sites.report.crs_how, sites.report.encoding) == (how, "UTF-8")
    rows = sites.features.set_index("site_id")
    assert rows["名称"].to_dict() == {"D-1": "一号地", "D-2": "㼆二号地"}
    assert {site: float(area) for site, area in rows["面积"].items()} == {"D-1": 0.96, "D-2": 1.5}
    for site, expected in (("D-1", FIRST), ("D-2", SECOND)):
        assert rows.geometry[site].symmetric_difference(expected).area < 1e-3


@pytest.mark.parametrize("name", ["sites.kml", "sites_libkml.kml"])
@pytest.mark.parametrize("packed", [False, True])
def test_kml_and_kmz(name, packed):
    data = (GOLDEN / name).read_bytes()
    if packed:
        # Another KML below a folder is not the main one.
        data = archive(
            ("files/other.kml", data[:-10]), ("doc.kml", data), ("files/a.png", b"\x89PNG")
        )
    sites = read(data)
    assert (sites.report.format, sites.report.crs) == ("KML", "EPSG:4326")
    assert sites.report.crs_how == "kml_rule"
    rows = sites.features.set_index("site_id")
    assert rows["名称"].to_dict() == {"D-1": "一号地", "D-2": "㼆二号地"}
    back = Transformer.from_crs(4490, 4543, always_xy=True)
    moved = shapely.transform(
        rows.geometry["D-1"],
        lambda xy: shapely.get_coordinates(shapely.points(*back.transform(xy[:, 0], xy[:, 1]))),
    )
    # 1e-14 degrees of the file are nothing; 1 m2 would be 2 mm all around.
    assert moved.symmetric_difference(FIRST).area < 0.1


def archive(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


def test_a_geodatabase_as_a_folder(tmp_path):
    with zipfile.ZipFile(GOLDEN / "sites.gdb.zip") as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "sites.gdb"
    (folder / "_gdb.PC.1.2.sr.lock").write_bytes(b"")
    (folder / "说明.txt").write_text("x", encoding="utf-8")
    sites = read(source_from_path(folder))
    assert sites.report.name == "sites.gdb"
    assert len(sites.features) == 2


def test_data_sets_deep_in_archives(make_geojson):
    site = make_geojson(shapely.box(102, 25, 102.1, 25.1), 名称="一号地")
    inner = archive(
        ("成果/地块.geojson", site), ("成果/说明.txt", "第1版 2025 年\n2 份\n3 张".encode("gbk"))
    )
    sites = read(archive(("甲/乙.zip", inner), ("清单.xlsx", b"PK\x05\x06" + bytes(18))))
    assert sites.features["名称"].to_list() == ["一号地"]


def test_one_of_several_data_sets_and_a_layer_inside_it(make_geojson, make_geopackage):
    square = shapely.box(102, 25, 102.1, 25.1)
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[square], crs=4490)
    two_layers = make_geopackage(甲=frame, 乙=frame)
    packed = archive(("a.geojson", make_geojson(square)), ("b.gpkg", two_layers))
    for wanted in (None, "c", "甲"):
        with pytest.raises(AmbiguousFileError) as caught:
            read(packed, layer=wanted)
        assert caught.value.choices == ["a.geojson", "b.gpkg"]
    assert len(read(packed, layer="a").features) == 1
    with pytest.raises(AmbiguousFileError) as caught:
        read(packed, layer="b")
    assert caught.value.choices == ["b.gpkg/甲", "b.gpkg/乙"]
    assert len(read(packed, layer="b.gpkg/乙").features) == 1


def test_what_is_asked_for_in_kml():
    text = """<?xml version="1.0" encoding="GB2312"?>
    <kml><Document><name>规划</name><Folder><name>一期</name>
      <Placemark id="p"><name>甲</name><description><![CDATA[<b>x</b>]]></description>
        <ExtendedData><Data name="用途"><value>工业</value></Data></ExtendedData>
        <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
          102.0, 25.0,0 102.1,25.0,0 102.1,25.1,0 102.0,25.1,0
        </coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>
      <Placemark><name>无图形</name></Placemark>
      <NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>
    </Folder></Document></kml>"""
    sites = read(text.encode("gb2312"))
    row = sites.features.iloc[0]
    assert (row["name"], row["folder"], row["用途"]) == ("甲", "规划/一期", "工业")
    assert row["description"] == "<b>x</b>"
    assert (sites.report.encoding, sites.report.encoding_how) == ("GB18030", "xml_declaration")
    assert codes(sites) == ["links_not_followed", "rings_closed", "z_dropped"]
    assert shapely.equals(row.geometry, shapely.box(102, 25, 102.1, 25.1))
    # A declaration of habit above bytes in UTF-8.
    assert read(text.encode()).features["用途"][0] == "工业"


GML = """<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="urn:a">{envelope}
 <wfs:member><a:site><a:name>甲</a:name><a:shape>{shape}</a:shape></a:site></wfs:member>
</wfs:FeatureCollection>"""
RING = "<gml:LinearRing><gml:posList{0}>{1}</gml:posList></gml:LinearRing>"
LAT_FIRST = "25 102 25 102.1 25.1 102.1 25.1 102 25 102"
LON_FIRST = "102 25 102.1 25 102.1 25.1 102 25.1 102 25"


def gml(shape, envelope=""):
    return GML.format(shape=shape, envelope=envelope).encode()


def surface(ring, srs=""):
    return (
        f"<gml:Surface{srs}><gml:patches><gml:PolygonPatch><gml:exterior>{ring}</gml:exterior>"
        "</gml:PolygonPatch></gml:patches></gml:Surface>"
    )


@pytest.mark.parametrize(
    ("srs", "positions", "issues"),
    [
        ("urn:ogc:def:crs:EPSG::4490", LAT_FIRST, ["axes_of_srs"]),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", LAT_FIRST, ["axes_of_srs"]),
        ("http://www.opengis.net/gml/srs/epsg.xml#4490", LON_FIRST, []),
        ("EPSG:4490", LON_FIRST, []),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", LON_FIRST, []),
    ],
)
@pytest.mark.parametrize("where", ["shape", "envelope"])
def test_axis_order_follows_the_form_of_the_srs_name(srs, positions, issues, where):
    named = f' srsName="{srs}"'
    box = f"<gml:boundedBy><gml:Envelope{named}/></gml:boundedBy>"
    ring = RING.format("", positions)
    data = gml(surface(ring, named)) if where == "shape" else gml(surface(ring), box)
    sites = read(data)
    assert shapely.equals(sites.features.geometry[0], shapely.box(102, 25, 102.1, 25.1))
    assert codes(sites) == issues
    assert sites.features["name"][0] == "甲"


def test_gml_without_a_reference_system_and_with_heights():
    with pytest.raises(MissingCrsError):
        read(gml(surface(RING.format("", LON_FIRST))))
    high = " ".join(
        f"{lon} {lat} 1890" for lon, lat in shapely.box(102, 25, 102.1, 25.1).exterior.coords
    )
    sites = read(gml(surface(RING.format(' srsDimension="3"', high))), crs="EPSG:4490")
    assert shapely.equals(sites.features.geometry[0], shapely.box(102, 25, 102.1, 25.1))


def test_arcs_of_gml_are_refused_by_name():
    arc = (
        "<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc>"
        "</gml:segments></gml:Curve>"
    )
    ring = f"<gml:Ring><gml:curveMember>{arc}</gml:curveMember></gml:Ring>"
    with pytest.raises(UnsupportedGeometryError) as caught:
        read(gml(surface(ring)), crs="EPSG:4490")
    assert caught.value.params == {"name": "x", "feature": 1, "found": "Arc"}


def test_lines_and_points_of_gml_and_kml():
    line = "<gml:LineString><gml:coordinates>102,25 103,26</gml:coordinates></gml:LineString>"
    source = Source(name="x", files={"x": gml(line)})
    frame, _ = read_layer(source, ReadOptions(crs="EPSG:4490"), counties=None)
    assert frame.geometry[0].equals(shapely.LineString([(102, 25), (103, 26)]))
    text = "<kml><Placemark><Point><coordinates>102,25</coordinates></Point></Placemark></kml>"
    frame, _ = read_layer(
        Source(name="x", files={"x": text.encode()}), ReadOptions(), counties=None
    )
    assert frame.geometry[0].equals(shapely.Point(102, 25))


def test_geoparquet_without_a_crs_and_with_nested_fields():
    import pyarrow as pa
    import pyarrow.parquet as pq

    box = shapely.box(102, 25, 102.1, 25.1)
    table = pa.table({"geometry": [shapely.to_wkb(box)], "bbox": [{"x": 1.0}], "n": [2**60]})
    for crs, rule in (({}, "geoparquet_rule"), ({"crs": None}, None)):
        column = {"encoding": "WKB", "geometry_types": [], **crs}
        stated = json.dumps({"primary_column": "geometry", "columns": {"geometry": column}})
        buffer = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({"geo": stated}), buffer)
        if rule is None:
            with pytest.raises(MissingCrsError):
                read(buffer.getvalue())
            continue
        sites = read(buffer.getvalue())
        assert (sites.report.crs, sites.report.crs_how) == ("EPSG:4326", rule)
        assert codes(sites) == ["fields_dropped"]
        assert sites.features["n"].to_list() == [2**60]


@pytest.mark.parametrize(
    ("start", "error", "label"),
    [
        (b"AC1032" + bytes(50), DrawingFormatError, "DWG"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", DatabaseFormatError, "MDB"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", DatabaseFormatError, "MDB"),
        (b"Rar!\x1a\x07\x01\x00", ArchiveFormatError, "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", ArchiveFormatError, "7z"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), DocumentFormatError, "XLS/DOC"),
        (b"%PDF-1.7\n1 2\n3 4\n5 6\n", DocumentFormatError, "PDF"),
    ],
)
def test_closed_formats_are_refused_with_the_way_out(start, error, label):
    with pytest.raises(error) as caught:
        read(start)
    assert caught.value.params == {"name": "x", "format": label}
    with pytest.raises(error):
        read(archive(("成果.dat", start)))


def test_nothing_but_empty_features():
    with pytest.raises(EmptyFileError):
        read(b"<kml><Document/></kml>")
    with pytest.raises(EmptyFileError):
        read(gml("").replace(b"<a:shape></a:shape>", b""))
