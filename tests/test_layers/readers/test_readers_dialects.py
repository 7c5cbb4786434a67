"""Further ways in which people hand in plots. Oracle: one square of 100 m, by hand."""

import json
import time

import pytest
import shapely

from layers.errors import AmbiguousFileError, DocumentFormatError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.sniff import sniff

SQUARE = shapely.box(584_000, 2_755_000, 584_100, 2_755_100)
NE = ((2_755_000, 584_000), (2_755_100, 584_000), (2_755_100, 584_100), (2_755_000, 584_100))
TXT = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=34\n{unit}[地块坐标]\n4,1,1,a,面,,,,@\n"


def read(data, **options):
    data = data.encode() if isinstance(data, str) else data
    options = {"crs": "EPSG:4543", **options}
    return read_sites(Source(name="x", files={"x": data}), ReadOptions(**options), counties=None)


def codes(sites):
    return {issue.code for issue in sites.report.issues}


def test_a_list_of_a_field_program():
    text = "".join(f"{n},,{e},{north},1890.{n}\n" for n, (north, e) in enumerate(NE, start=1))
    assert shapely.equals(read(text).features.geometry[0], SQUARE)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_list_in_utf_16(encoding):
    lines = "".join(f"J{n},1,{north},{e}\n" for n, (north, e) in enumerate(NE, start=1))
    sites = read((TXT.format(unit="") + lines).encode(encoding), crs=None)
    assert shapely.equals(sites.features.geometry[0], SQUARE)
    assert sites.features["地块名称"].to_list() == ["a"]


def test_the_unit_of_a_list_settles_packed_degrees():
    # 102°49'53" is 102.831389, 24°53'52.41" is 24.897892.
    corners = (("24.5352", "102.4953"), ("24.5355", "102.4953"), ("24.5355", "102.4956"))
    lines = "".join(f"J{n},1,{b},{l_}\n" for n, (b, l_) in enumerate(corners, start=1))
    packed = read(TXT.format(unit="计量单位=度分秒\n") + lines, crs=None)
    assert packed.features.geometry[0].bounds[:2] == pytest.approx(
        (102.831389, 24.897778), abs=1e-6
    )
    assert "degrees_packed" in codes(packed)
    asked = read(TXT.format(unit="") + lines, crs=None)
    assert asked.features.geometry[0].bounds[:2] == pytest.approx((102.4953, 24.5352))
    assert "degrees_maybe_packed" in codes(asked)
    plain = read(TXT.format(unit="计量单位=度\n") + lines, crs=None)
    assert not any("packed" in code for code in codes(plain))


def test_decimal_degrees_that_cannot_be_packed_are_not_asked_about():
    text = "点号,经度,纬度\n1,102.8312,24.8971\n2,102.8322,24.8971\n3,102.8322,24.8981\n"
    assert codes(read(text, crs="EPSG:4490")) == {"rings_closed"}


def test_the_head_of_a_new_page_parts_no_plot():
    points = [
        f"J{n},{north},{e}" for n, (north, e) in enumerate([*NE, (2_755_050, 583_950)], start=1)
    ]
    page = ["第2页 共2页", "点号,X,Y"]
    text = "\n".join(["点号,X,Y", *points[:2], *page, *points[2:]])
    assert len(read(text).features) == 1
    closed = "\n".join(["点号,X,Y", *points[:3], *page, *points[3:], points[0]])
    sites = read(closed)
    assert len(sites.features) == 1
    assert not codes(sites) & {"gap_joined", "gap_parted"}


def test_a_repeated_header_between_closed_plots_parts_them():
    def ring(away):
        corners = [*NE, NE[0]]
        return [f"J{n % 4 + 1},{north},{e + away}" for n, (north, e) in enumerate(corners)]

    text = "\n".join(["点号,X,Y", *ring(0), "点号,X,Y", *ring(500)])
    assert read(text).features.geometry.area.to_list() == [10_000, 10_000]


@pytest.mark.parametrize("words", ["见图", "#REF!", "102 .7075", ""])
def test_a_point_without_coordinates_is_refused(words):
    rows = [f"J{n},{north},{e}" for n, (north, e) in enumerate(NE, start=1)]
    text = "\n".join(["点号,X,Y", *rows[:3], f"J4,{words},{words}", rows[3]])
    with pytest.raises(Exception, match="bad_cell" if words else "empty_cell") as caught:
        read(text)
    assert (caught.value.params["line"], caught.value.params["cell"]) == (5, "B5")


def test_topologies_put_their_arcs_together():
    # Two squares of 0.01 degrees side by side share an arc, walked both ways.
    document = {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [102.8, 24.96]},
        "arcs": [
            [[1, 0], [0, 1]],
            [[1, 1], [-1, 0], [0, -1], [1, 0]],
            [[1, 0], [1, 0], [0, 1], [-1, 0]],
        ],
        "objects": {
            "a": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"n": 1}},
                    {"type": "Polygon", "arcs": [[-1, 2]]},
                ],
            }
        },
    }
    sites = read(json.dumps(document), crs=None)
    west, east = sites.features.geometry
    assert shapely.equals_exact(
        west.normalize(), shapely.box(102.8, 24.96, 102.81, 24.97).normalize(), 1e-9
    )
    assert shapely.equals_exact(
        east.normalize(), shapely.box(102.81, 24.96, 102.82, 24.97).normalize(), 1e-9
    )
    document["objects"]["b"] = document["objects"]["a"]
    with pytest.raises(AmbiguousFileError):
        read(json.dumps(document), crs=None)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<html><body><p>1</p></body></html>", "HTML"),
        (b"<!DOCTYPE html>\n<html></html>", "HTML"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "MHTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>', "XML Spreadsheet"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "XLS/DOC"),
    ],
)
def test_documents_of_an_office_get_the_way_out(data, kind):
    with pytest.raises(DocumentFormatError) as caught:
        read(data)
    assert caught.value.params["format"] == kind


def test_markup_inside_a_kml_is_no_document(square):
    xy = " ".join(f"{x},{y}" for x, y in square)
    ring = f"<outerBoundaryIs><LinearRing><coordinates>{xy}</coordinates></LinearRing></outerBoundaryIs>"
    text = f"<kml><Placemark><description><![CDATA[<html><table>]]></description><Polygon>{ring}"
    assert len(read(f"{text}</Polygon></Placemark></kml>", crs=None).features) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        "1",
        "1,",
        "(",
        "[",
        "<!---->",
        "<?x?>",
        "1 ",
        "@,",
        "J1,1,1",
        " ",
        "POLYGON ",
        "999\n1\n",
        "1.1.1",
    ],
)
@pytest.mark.parametrize("ends", [("", ""), ("1,1,", "x"), ("<", "x"), ("{", "x")])
def test_sniffing_takes_time_in_proportion(piece, ends):
    """Property: 64 KB of anything, however it ends, is told apart in far less than a second."""
    data = (ends[0] + piece * (65_536 // len(piece)) + ends[1]).encode()
    start = time.process_time()
    sniff(data)
    assert time.process_time() - start < 1.0
