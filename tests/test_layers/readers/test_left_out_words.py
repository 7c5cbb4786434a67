"""What was not read is said in the person's language, with its layer and the way out.

Oracle: the words that each of these must have, by hand.
"""

import ast
import io
import re
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import ezdxf
import geopandas as gpd
import pytest
import shapely

import layers
from api.workspace.answers import report_out
from layers.errors import BadLineError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import NoListedLayerError, RoundedCellError, UnreadableShapesError
from layers.readers.ledger import has_lost_features
from maps.document.reading import ledger_sum, left_out_text
from maps.i18n import LANGUAGES, tr

RING = [(102.77, 24.93), (102.78, 24.93), (102.78, 24.94), (102.77, 24.94), (102.77, 24.93)]
XY = " ".join(f"{x},{y}" for x, y in RING)
AREA = (
    f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{XY}</coordinates></LinearRing>"
    "</outerBoundaryIs></Polygon>"
)
LINE = f"<LineString><coordinates>{XY}</coordinates></LineString>"
OPEN = f"<LineString><coordinates>{' '.join(XY.split()[:-1])}</coordinates></LineString>"
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def placemark(name: str, shape: str) -> str:
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


def said(data: bytes, **options: str) -> dict[str, list[str]]:
    source = Source(name="a", files={"a": data})
    ledger = report_out(read_sites(source, ReadOptions(**options), counties=None).report).ledger
    return {
        lang: [ledger_sum(ledger, lang), *(left_out_text(one, lang) for one in ledger.left_out)]
        for lang in LANGUAGES
    }


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (LINE, {"zh": ["红线", "闭合", "转为面"], "en": ["红线", "closed", "polygon"]}),
        (OPEN, {"zh": ["红线", "是线"], "en": ["红线", "is a line"]}),
        (
            f"<MultiGeometry>{AREA}{LINE.replace('102.7', '102.6')}</MultiGeometry>",
            {"zh": ["红线", "线", "改为面"], "en": ["红线", "lines beside", "polygons"]},
        ),
    ],
    ids=["closed", "open", "beside an area"],
)
def test_closed_lines_of_kml(shape: str, words: dict[str, list[str]]) -> None:
    data = KML.format(placemark("地块", AREA) + placemark("红线", shape)).encode()
    for lang, texts in said(data).items():
        for word in words[lang]:
            assert word in texts[1], (lang, texts)


def drawing() -> bytes:
    made = ezdxf.new("R2010")
    for layer, dx in (("用地", 0), ("红线", 500)):
        ring = [(580_000 + dx + x, 2_764_000 + y) for x, y in ((0, 0), (90, 0), (90, 90), (0, 90))]
        made.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    stream = io.StringIO()
    made.write(stream)
    return stream.getvalue().encode()


def geopackage(folder: Path) -> bytes:
    path = folder / "a.gpkg"
    frame = gpd.GeoDataFrame({"n": ["甲"]}, geometry=[shapely.Polygon(RING)], crs=4490)
    for layer in ("用地", "红线"):
        frame.to_file(path, layer=layer)
    return path.read_bytes()


@pytest.mark.parametrize("form", ["dxf", "gpkg"])
def test_layers_that_were_not_chosen(form: str, tmp_path: Path) -> None:
    data, crs = (drawing(), "EPSG:4543") if form == "dxf" else (geopackage(tmp_path), "EPSG:4490")
    texts = said(data, layer="用地", crs=crs)
    assert [text for text in texts["zh"][1:] if "红线" in text and "未读入" in text]
    assert [text for text in texts["en"][1:] if '"红线"' in text and "not read" in text]
    assert "整个未读入" in texts["zh"][0]
    assert "not read at all: 1" in texts["en"][0]


def test_every_reason_in_the_readers_has_words_in_both_languages() -> None:
    """Reasons stand in the source as the argument ``reason`` of an entry; each has words."""
    found = set()
    for path in Path(next(iter(layers.__path__)), "readers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "reason":
                consts = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
                found |= {one for one in consts if isinstance(one, str) and "_" in one}
    assert {"coordinates_beside", "no_points", "lies_beside"} <= found
    for lang in LANGUAGES:
        for reason in sorted(found):
            words = tr(f"left_out.{reason}", lang, found="x", crs="x", text="x", lon=1, lat=1,
                       bounds="x", area_m2=1, least_m2=1)  # fmt: skip
            assert not re.search(r"left_out\.|\{", words), (lang, reason)


def read_files(name, files, crs=None):
    return read_sites(Source(name=name, files=files), ReadOptions(crs=crs), counties=None)


def two_squares() -> gpd.GeoDataFrame:
    shapes = [shapely.box(102.77 + d, 24.93, 102.775 + d, 24.935) for d in (0.0, 0.01)]
    return gpd.GeoDataFrame({"n": ["甲", "乙"]}, geometry=shapes, crs=4490)


def test_rows_that_a_geopackage_does_not_count_are_read(tmp_path: Path) -> None:
    """Programs add rows and leave ``feature_count`` as it was. Oracle: two rows are two sites."""
    path = tmp_path / "a.gpkg"
    two_squares().to_file(path)
    for told in (0, 1, 5):
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (told,))
            database.commit()
        sites = read_files("a.gpkg", {"a.gpkg": path.read_bytes()})
        assert len(sites.sites) == 2, told
        assert sites.report.ledger.found == 2


@pytest.mark.parametrize("kept_as", [None, "attributes"])
def test_a_table_with_shapes_that_is_no_layer_is_named(kept_as, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    two_squares().iloc[:1].to_file(path, layer="a")
    two_squares().iloc[1:].to_file(path, layer="b")
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'b'")
        if kept_as:
            database.execute("UPDATE gpkg_contents SET data_type = ? WHERE table_name = 'b'",
                             (kept_as,))  # fmt: skip
        else:
            database.execute("DELETE FROM gpkg_contents WHERE table_name = 'b'")
        database.commit()
    report = read_files("a.gpkg", {"a.gpkg": path.read_bytes()}).report
    entries = [(one.label, one.reason) for one in report.ledger.left_out]
    assert entries == [("b", "table_not_listed")]
    assert has_lost_features(report)


@pytest.mark.parametrize("layer", [None, "b"])
def test_a_package_that_lists_no_layer_is_not_called_empty(layer, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    two_squares().to_file(path, layer="b")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW v AS SELECT * FROM b")
        database.execute("UPDATE gpkg_contents SET table_name = 'v'")
        database.execute("DELETE FROM gpkg_geometry_columns")
        database.commit()
    source = Source(name="a.gpkg", files={"a.gpkg": path.read_bytes()})
    with pytest.raises(NoListedLayerError) as caught:
        read_sites(source, ReadOptions(layer=layer), counties=None)
    assert caught.value.params == {"name": "a.gpkg", "views": ["v"], "tables": ["b"]}


def shapefile(folder: Path) -> dict[str, bytes]:
    two_squares().to_file(folder / "a.shp")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def without_last_row(files: dict[str, bytes]) -> dict[str, bytes]:
    dbf = bytearray(files["a.dbf"])
    (record_bytes,) = struct.unpack_from("<H", dbf, 10)
    struct.pack_into("<I", dbf, 4, 1)
    shx = bytearray(files["a.shx"][:108])
    struct.pack_into(">i", shx, 24, len(shx) // 2)
    return {**files, "a.shx": bytes(shx), "a.dbf": bytes(dbf[: -record_bytes - 1])}


def first_row_twice(files: dict[str, bytes]) -> dict[str, bytes]:
    shx = files["a.shx"]
    return {**files, "a.shx": shx[:108] + shx[100:108] + shx[116:]}


def rows_the_other_way(files: dict[str, bytes]) -> dict[str, bytes]:
    shx = files["a.shx"]
    return {**files, "a.shx": shx[:100] + shx[108:116] + shx[100:108]}


@pytest.mark.parametrize(
    ("change", "lost"),
    [(without_last_row, True), (first_row_twice, True), (rows_the_other_way, False)],
)
def test_records_that_the_index_does_not_name(change, lost, tmp_path: Path) -> None:
    """Oracle: by hand; both records stand in the .shp, whatever its index names."""
    report = read_files("a", change(shapefile(tmp_path))).report
    reasons = [one.reason for one in report.ledger.left_out]
    assert reasons == (["record_not_indexed"] if lost else [])
    assert has_lost_features(report) == lost


def test_another_kml_of_a_kmz_may_be_a_plot() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member in ("doc.kml", "other.kml"):
            archive.writestr(member, KML.format(placemark(member, AREA)))
        archive.writestr("files/note.txt", "x")
    report = read_files("a.kmz", {"a.kmz": packed.getvalue()}).report
    entries = [(one.label, one.reason) for one in report.ledger.left_out]
    assert entries == [("other.kml", "kml_beside")]
    assert has_lost_features(report)


@pytest.mark.parametrize(
    "coordinates",
    [
        XY.replace("102.77,", "102 .77,"),
        XY.replace("24.93", "24.9O"),
        XY.replace(" ", ";"),
        f"{XY}</coordinates><coordinates>{XY}",
    ],
)
def test_a_kml_without_a_shape_that_can_be_read_is_not_called_empty(coordinates) -> None:
    data = KML.format(placemark("甲", AREA.replace(XY, coordinates))).encode()
    with pytest.raises(UnreadableShapesError) as caught:
        read_files("a.kml", {"a.kml": data})
    assert caught.value.params == {"name": "a.kml", "label": "甲", "count": 1}


def test_one_broken_line_of_many_features_is_named() -> None:
    lines = two_squares().to_crs(4326).to_json().split('{"id"')[1:]
    features = ['{"id"' + line.rstrip(", ]}") + "]]]}}" for line in lines]
    features = [line[: line.rindex("]]]") + 3] + "}}" for line in features]
    text = "\n".join([features[0], features[0][:60], features[1]])
    sites = read_files("a.geojsonl", {"a.geojsonl": text.encode()})
    assert len(sites.sites) == 2
    entries = [(one.label, one.reason) for one in sites.report.ledger.left_out]
    assert entries == [("2", "bad_record")]
    assert sites.report.ledger.found == 3


def test_coordinates_that_a_spreadsheet_rounded_are_refused() -> None:
    """2757446.125 shown in a narrow column is 2.757E+06: hundreds of metres off."""
    rows = [("2.757E+06", "5.779E+05"), ("2.758E+06", "5.779E+05"), ("2.758E+06", "5.781E+05")]
    table = "点号,X,Y\n" + "".join(f"J{n},{x},{y}\n" for n, (x, y) in enumerate(rows, 1))
    with pytest.raises(RoundedCellError) as caught:
        read_files("a.csv", {"a.csv": table.encode()}, crs="EPSG:4543")
    assert caught.value.params["cell"] == "B2"
    text = "[地块坐标]\n3,,1,甲,面,,,,@\n" + "".join(f"J{n},1,{x},{y}\n" for n, (x, y) in
                                             enumerate(rows, 1))  # fmt: skip
    with pytest.raises(BadLineError):
        read_files("a.txt", {"a.txt": text.encode()}, crs="EPSG:4543")
    exact = table.replace("E+06", "12345E+06").replace("E+05", "12345E+05")
    assert len(read_files("a.csv", {"a.csv": exact.encode()}, crs="EPSG:4543").sites) == 1
