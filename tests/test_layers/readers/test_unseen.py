"""What a person would not miss: files beside the one that is read, rows that are not seen.

Oracle: what the test itself put into the file.
"""

import io
import json
import zipfile

import geopandas as gpd
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font

from api.workspace.answers import report_out
from layers.density.firm_records import FIRM_TABLE, firms_of
from layers.density.records import read_records
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.model import ReadOptions
from layers.readers import DEFAULT_LIMITS, Source, read_sites
from layers.readers.errors import PlotSectionError, RepeatedMemberError
from layers.readers.ledger import has_lost_features, may_be_plot
from layers.readers.sheets import read_sheet
from layers.zones import shipped_zone
from maps.document.reading import left_out_text
from maps.i18n import LANGUAGES, tr

SQUARE = [(102.77, 24.93), (102.78, 24.93), (102.78, 24.94), (102.77, 24.94), (102.77, 24.93)]
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Polygon>'
    "<outerBoundaryIs><LinearRing><coordinates>{}</coordinates></LinearRing></outerBoundaryIs>"
    "</Polygon></Placemark></Document></kml>"
).format(" ".join(f"{x},{y}" for x, y in SQUARE))
TABLE = "点号,经度,纬度\n" + "\n".join(f"J{n},{x},{y}" for n, (x, y) in enumerate(SQUARE[:4], 1))
GEOJSON = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
MEMBERS = {"doc.kml": KML, "files/b.kml": KML, "c.kml": KML, "d.csv": TABLE, "e.geojson": GEOJSON}
LONLAT = ReadOptions(crs="EPSG:4490")


def archived(names: list[str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, MEMBERS[name])
    return packed.getvalue()


@given(st.sets(st.sampled_from(sorted(set(MEMBERS) - {"e.geojson"})), max_size=3))
def test_every_file_of_an_archive_is_read_or_named(others: set[str]) -> None:
    names = sorted({"doc.kml", *others})
    source = Source(name="a.kmz", files={"a.kmz": archived(names)})
    read = read_sites(source, ReadOptions(), counties=None)
    assert len(read.features) == 1
    named = {one.label: one.reason for one in read.report.ledger.left_out}
    reasons = {True: "kml_beside", False: "lies_beside"}
    assert named == {name: reasons[name.endswith(".kml")] for name in names if name != "doc.kml"}
    assert (read.report.ledger.found, read.report.ledger.used) == (1, 1)


def test_a_table_beside_a_drawing_is_named() -> None:
    source = Source(name="a.zip", files={"a.zip": archived(["d.csv", "e.geojson"])})
    read = read_sites(source, ReadOptions(), counties=None)
    assert [one.label for one in read.report.ledger.left_out] == ["d.csv"]


def workbook(hidden: set[int], struck: set[int]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["地块", "点号", "经度", "纬度"])
    for name, shift in (("甲", 0.0), ("乙", 0.1)):
        for number, (x, y) in enumerate(SQUARE[:4], 1):
            sheet.append([name, number, x + shift, y])
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    for row in struck:
        sheet.cell(row=row, column=3).font = Font(strike=True)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


rows = st.sets(st.integers(min_value=2, max_value=9))


@given(rows, rows)
def test_rows_that_are_hidden_or_struck_out_are_read_and_named(
    hidden: set[int], struck: set[int]
) -> None:
    source = Source(name="a.xlsx", files={"a.xlsx": workbook(hidden, struck)})
    read = read_sites(source, LONLAT, counties=None)
    said = {one.code: one.params["lines"] for one in read.report.issues if "lines" in one.params}
    wanted = {"rows_hidden": sorted(hidden), "rows_struck": sorted(struck)}
    assert said == {code: lines for code, lines in wanted.items() if lines}
    assert list(read.sites.names) == ["甲", "乙"]


@pytest.mark.parametrize("column", ["地块", "地块名称", "地块号"])
def test_a_plot_of_a_table_keeps_its_name(column: str) -> None:
    table = "\n".join(
        [f"{column},点号,经度,纬度"]
        + [f"甲,{number},{x},{y}" for number, (x, y) in enumerate(SQUARE[:4], 1)]
    )
    source = Source(name="a.csv", files={"a.csv": table.encode()})
    read = read_sites(source, LONLAT, counties=None)
    assert list(read.sites.names) == ["甲"]


SHAPES = [
    shapely.Polygon(SQUARE),
    shapely.Polygon(SQUARE, [[(102.772, 24.932), (102.774, 24.932), (102.774, 24.934)]]),
    shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.box(102.8, 24.93, 102.81, 24.94)]),
    shapely.from_wkt("POLYGON ZM ((102.77 24.93 1 2, 102.78 24.93 1 2, 102.78 24.94 1 2, 102.77 24.93 1 2))"),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.geom_type)
@pytest.mark.parametrize(
    "form", ["{wkt}", "name,geom\n甲,{wkt}", "geom,name\n{wkt},甲", 'geom\n"{wkt}"']
)
def test_a_geometry_without_quotes_is_one_cell(form: str, shape: shapely.Geometry) -> None:
    """Oracle: the shape itself."""
    text = form.format(wkt=shape.wkt)
    source = Source(name="a.csv", files={"a.csv": text.encode()})
    read = read_sites(source, LONLAT, counties=None)
    assert read.features.geometry.iloc[0].normalize().equals(shapely.force_2d(shape))
    assert read.report.ledger.left_out == ()


def hiding(rows: list[list], *, row: int | None = None, column: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    if row:
        book.active.row_dimensions[row].hidden = True
    if column:
        book.active.column_dimensions[column].hidden = True
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


STATISTICS = [
    ["单元", "年份", "进出口额(亿元)", "工业总产值(亿元)"],
    ["昆明片区", 2024, 300, 20],
    ["红河片区", 2024, 301, 21],
]
FIRMS = [
    ["企业名称", "规模", "用地面积（亩）", "税收（万元）", "用电量（万千瓦时）"],
    ["甲", "规下", 2, 20, 9],
    ["乙", "规下", 2, 20, 9],
]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"row": 3}, (3, None, "row_hidden")),
        ({"column": "D"}, (1, "D1", "column_hidden")),
        ({}, None),
    ],
)
def test_figures_that_the_workbook_hides_are_asked_about(place, expected) -> None:
    options = {"sheet": None, "declared_encoding": None, "limits": DEFAULT_LIMITS}
    table = read_table(
        read_sheet("x.xlsx", hiding(STATISTICS, **place), **options),
        TableOptions(source="s", quality="official"),
        load_dictionary(),
        unit_names(shipped_zone()).get,
        parts_of(shipped_zone()),
    )
    source = Source(name="x.xlsx", files={"x.xlsx": hiding(FIRMS, **place)})
    firms = firms_of(
        read_records(source, ReadOptions(), DEFAULT_LIMITS, shipped_zone().region, FIRM_TABLE),
        frozenset(["small"]),
    )
    for questions, heads in ((table.questions, STATISTICS[0]), (firms.questions, FIRMS[0])):
        found = [(one.line, one.column, one.code) for one in questions]
        wanted = expected and (expected[0], expected[1] and heads[3], expected[2])
        assert found == ([wanted] if wanted else [])


def test_hidden_columns_of_coordinates_are_said() -> None:
    rows = [line.split(",") for line in TABLE.splitlines()]
    cells = [rows[0], *([one, float(x), float(y)] for one, x, y in rows[1:])]
    for column, expected in (("B", [[2]]), ("A", []), (None, [])):
        source = Source(name="x.xlsx", files={"x.xlsx": hiding(cells, column=column)})
        issues = read_sites(source, LONLAT, counties=None).report.issues
        found = [one.params["columns"] for one in issues if one.code == "columns_hidden"]
        assert found == expected


HEADER = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位={unit}\n带号=34\n"
    "转换参数={conversion}\n[地块坐标]\n4,1.0,1,一,面,,,,@\n"
)
POINTS = "".join(
    f"J{at},1,{y},{x}\n"
    for at, (x, y) in enumerate(
        [(34500000, 2765000), (34500100, 2765000), (34500100, 2765100), (34500000, 2765100)], 1
    )
)


@pytest.mark.parametrize(
    ("unit", "conversion", "expected"),
    [
        ("米", ",,,,,,", set()),
        ("米", "0,0,0,0,0,0,0", set()),
        ("毫米", ",,,,,,", {"unit_not_metres"}),
        ("米", "1.2,3,4,0,0,0,0", {"conversion_not_applied"}),
    ],
)
def test_what_a_header_states_and_is_not_done_is_said(unit, conversion, expected) -> None:
    text = HEADER.format(unit=unit, conversion=conversion) + POINTS
    read = read_sites(
        Source(name="a.txt", files={"a.txt": text.encode()}), ReadOptions(), counties=None
    )
    codes = {one.code for one in read.report.issues}
    assert codes & {"unit_not_metres", "conversion_not_applied"} == expected


def test_a_shape_that_stands_elsewhere_is_named() -> None:
    ring = " ".join(f"{x} {y}" for x, y in SQUARE)
    polygon = (
        f"<g:Polygon><g:exterior><g:LinearRing><g:posList>{ring}</g:posList></g:LinearRing>"
        "</g:exterior></g:Polygon>"
    )
    text = (
        '<g:FeatureCollection xmlns:g="http://www.opengis.net/gml" xmlns:l="http://www.w3.org/1999/xlink">'
        f"<g:featureMember><p><s><g:MultiSurface><g:surfaceMember>{polygon}</g:surfaceMember>"
        '<g:surfaceMember l:href="#other"/></g:MultiSurface></s></p></g:featureMember>'
        "</g:FeatureCollection>"
    )
    read = read_sites(Source(name="a.gml", files={"a.gml": text.encode()}), LONLAT, counties=None)
    (entry,) = read.report.ledger.left_out
    assert (entry.reason, may_be_plot(entry)) == ("link_not_followed", True)


def test_who_chose_one_of_several_files_is_told_of_the_others() -> None:
    source = Source(name="a.zip", files={"a.zip": archived(["files/b.kml", "c.kml"])})
    read = read_sites(source, ReadOptions(layer="c.kml"), counties=None)
    assert [one.label for one in read.report.ledger.left_out] == ["files/b.kml"]


def test_polygons_in_collections_of_any_depth_are_read_and_the_rest_is_named() -> None:
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    line = {"type": "LineString", "coordinates": SQUARE[:3]}
    nested: dict = {"type": "GeometryCollection", "geometries": [polygon, line]}
    for _ in range(3):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    far = {"type": "MultiPolygon", "coordinates": [[[(x + 0.1, y) for x, y in SQUARE]]]}
    nested["geometries"].append(far)
    text = json.dumps({"type": "Feature", "properties": {}, "geometry": nested})
    source = Source(name="a.geojson", files={"a.geojson": text.encode()})
    read = read_sites(source, ReadOptions(), counties=None)
    # By hand: two squares of 0.01 degree each; the bent line lies on the first.
    assert read.features.geometry.iloc[0].area == pytest.approx(2e-4)
    assert [one.reason for one in read.report.ledger.left_out] == ["other_parts"]


def test_comments_on_rows_of_points_are_said() -> None:
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append([float(one) if one[0].isdigit() else one for one in line.split(",")])
    book.active["B3"].comment = Comment("此点待复测", "x")
    saved = io.BytesIO()
    book.save(saved)
    source = Source(name="x.xlsx", files={"x.xlsx": saved.getvalue()})
    issues = read_sites(source, LONLAT, counties=None).report.issues
    (said,) = [one for one in issues if one.code == "cell_comments"]
    assert said.params == {"count": 1, "texts": "此点待复测"}


def _geojson(*features: dict, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


FEATURE = {"type": "Feature", "properties": {}, "geometry": json.loads(GEOJSON)}
NEXT = {"rel": "next", "href": "https://example.org/items?offset=1"}
WFS = (
    '<w:FeatureCollection xmlns:w="http://www.opengis.net/wfs/2.0" '
    'xmlns:m="http://www.opengis.net/gml/3.2" {}><w:member><p><g><m:Polygon srsName="EPSG:4490">'
    "<m:exterior><m:LinearRing><m:posList>{}</m:posList></m:LinearRing></m:exterior></m:Polygon>"
    "</g></p></w:member></w:FeatureCollection>"
)
POSITIONS = " ".join(f"{x} {y}" for x, y in SQUARE)


@pytest.mark.parametrize(
    ("name", "data", "missing"),
    [
        ("a.geojson", _geojson(FEATURE), 0),
        ("a.geojson", _geojson(FEATURE, numberMatched=1, numberReturned=1), 0),
        ("a.geojson", _geojson(FEATURE, numberMatched=3, numberReturned=1), 2),
        ("a.geojson", _geojson(FEATURE, numberMatched="3"), 0),
        ("a.geojson", _geojson(FEATURE, totalFeatures=2), 1),
        ("a.geojson", _geojson(FEATURE, links=[NEXT]), 1),
        ("a.geojson", _geojson(FEATURE, links=[{"rel": "prev"}, 3]), 0),
        ("a.geojson", _geojson(FEATURE, exceededTransferLimit=True), 1),
        ("a.geojson", _geojson(FEATURE, properties={"exceededTransferLimit": True}), 1),
        ("a.geojson", _geojson(FEATURE, exceededTransferLimit=False), 0),
        ("a.gml", WFS.format('numberMatched="1"', POSITIONS).encode(), 0),
        ("a.gml", WFS.format('numberMatched="unknown"', POSITIONS).encode(), 0),
        ("a.gml", WFS.format('numberMatched="4"', POSITIONS).encode(), 3),
        ("a.gml", WFS.format('next="https://example.org/2"', POSITIONS).encode(), 1),
    ],
)
def test_what_a_service_left_out_may_be_a_plot(name: str, data: bytes, missing: int) -> None:
    read = read_sites(Source(name=name, files={name: data}), ReadOptions(), counties=None)
    rest = [one for one in read.report.ledger.left_out if one.reason == "service_cut_off"]
    assert sum(one.count for one in rest) == missing
    assert all(map(may_be_plot, rest))
    assert has_lost_features(read.report) is bool(missing)
    for lang in LANGUAGES:
        text = " ".join(left_out_text(out, lang) for out in report_out(read.report).ledger.left_out)
        assert bool(text) is bool(missing)


@given(st.integers(0, 2), st.sampled_from(["shell", "hole", "none"]))
def test_a_part_that_lost_its_points_may_be_a_plot_and_a_hole_may_not(
    points: int, lost: str
) -> None:
    short = [[102.774 + at / 1e3, 24.934] for at in range(points)]
    rings = [SQUARE, short] if lost == "hole" else [SQUARE]
    parts = [rings, [short]] if lost == "shell" else [rings]
    geojson = json.dumps({"type": "MultiPolygon", "coordinates": parts}).encode()
    esri = json.dumps(
        {
            "geometryType": "esriGeometryPolygon",
            "spatialReference": {"wkid": 4490},
            "features": [{"geometry": {"rings": [r for part in parts for r in part]}}],
        }
    ).encode()
    for name, data in (("a.geojson", geojson), ("a.json", esri)):
        read = read_sites(Source(name=name, files={name: data}), ReadOptions(), counties=None)
        named = [one for one in read.report.ledger.left_out if one.part]
        assert len(named) == (lost != "none")
        # Esri's rings do not say what they are.
        doubtful = lost == "shell" or (lost == "hole" and name == "a.json")
        assert any(map(may_be_plot, named)) is doubtful


def test_a_link_to_further_placemarks_may_hold_plots() -> None:
    link = "<NetworkLink><name>二期</name><Link><href>b.kml</href></Link></NetworkLink>"
    data = KML.replace("</Document>", f"{link}</Document>").encode()
    read = read_sites(Source(name="a.kml", files={"a.kml": data}), ReadOptions(), counties=None)
    (entry,) = read.report.ledger.left_out
    assert (entry.label, entry.reason, may_be_plot(entry)) == ("二期", "link_not_followed", True)


@pytest.mark.parametrize(
    ("other", "lost"),
    [(shapely.Polygon([(103, 25), (104, 25), (104, 26)]), True), (shapely.Point(103, 25), False)],
)
def test_a_second_column_of_geometries_is_named(other: shapely.Geometry, lost: bool) -> None:
    frame = gpd.GeoDataFrame({"n": ["a"]}, geometry=[shapely.Polygon(SQUARE)], crs=4490)
    frame["other"] = gpd.GeoSeries([other], crs=4490)
    packed = io.BytesIO()
    frame.to_parquet(packed)
    data = {"a.parquet": packed.getvalue()}
    read = read_sites(Source(name="a.parquet", files=data), ReadOptions(), counties=None)
    (entry,) = read.report.ledger.left_out
    assert (entry.label, may_be_plot(entry)) == ("other", lost)
    assert "other" not in read.features.columns


LISTED = "4,,{0},{0},面,,,,@\n" + "".join(
    f"J{at},1,{2763926.867 + x},{580624.841 + y}\n"
    for at, (x, y) in enumerate([(0, 0), (300, 0), (300, 300), (0, 300)], 1)
)
TXT_HEADER = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=34\n"
)


@pytest.mark.parametrize("section", ["地块坐标", "扣除地块", "属性描述"])
def test_plots_of_a_second_section_are_never_plots_in_silence(section: str) -> None:
    text = f"{TXT_HEADER}[地块坐标]\n{LISTED.format('甲')}[{section}]\n{LISTED.format('乙')}"
    source = Source(name="a.txt", files={"a.txt": text.encode()})
    if section == "地块坐标":
        assert len(read_sites(source, ReadOptions(), counties=None).features) == 2
        return
    with pytest.raises(PlotSectionError) as caught:
        read_sites(source, ReadOptions(), counties=None)
    for lang in LANGUAGES:
        assert f"[{section}]" in tr(f"errors.{caught.value.code}", lang, **caught.value.params)


@pytest.mark.parametrize("mark", ["//", "#"])
def test_lines_that_are_commented_out_are_read_and_named(mark: str) -> None:
    second = "".join(f"{mark}{line}\n" for line in LISTED.format("乙").splitlines())
    text = f"{TXT_HEADER}[地块坐标]\n{LISTED.format('甲')}{second}"
    source = Source(name="a.txt", files={"a.txt": text.encode()})
    read = read_sites(source, ReadOptions(), counties=None)
    (issue,) = [one for one in read.report.issues if one.code == "lines_commented"]
    assert issue.params == {"count": 5}
    assert len(read.features) == 2


SHAPE = GEOJSON.removeprefix("{").removesuffix("}")
MEMBER = f'"geometry": {GEOJSON}'


@pytest.mark.parametrize(
    ("text", "member"),
    [
        (f'{{"type": "Feature", "properties": {{}}, {MEMBER}, {MEMBER}}}', "geometry"),
        (f"{{{SHAPE}, {SHAPE}}}", "coordinates"),
        (f'{{"type": "Feature", "properties": {{"a": 1, "a": 2}}, {MEMBER}}}', None),
        (
            f'{{"type": "Feature", "properties": {{}}, {MEMBER}, {MEMBER}}}\n{{"type": 1}}',
            "geometry",
        ),
    ],
)
def test_a_shape_that_stands_there_twice_is_never_dropped(text: str, member: str | None) -> None:
    source = Source(name="a.json", files={"a.json": text.encode()})
    if member is None:
        assert len(read_sites(source, ReadOptions(), counties=None).features) == 1
        return
    with pytest.raises(RepeatedMemberError) as caught:
        read_sites(source, ReadOptions(), counties=None)
    assert caught.value.params["member"] == member
    for lang in LANGUAGES:
        assert member in tr(f"errors.{caught.value.code}", lang, **caught.value.params)
