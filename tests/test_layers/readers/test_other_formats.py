"""Tables and shapes of other programs: read, or refused by what they are with the way out.

Oracle: tables written by the test itself, and the first bytes that each format is known by.
"""

import io
import json
import zipfile

import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import DocumentFormatError, NoCoordinatesError, ReadError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import OtherGeodataError
from layers.readers.ledger import may_be_plot
from maps.i18n import tr

POINTS = [(2763926.87, 580624.84), (2764226.87, 580624.84), (2764226.87, 580924.84)]
ROWS = [("点号", "X", "Y"), *((f"J{at}", *point) for at, point in enumerate(POINTS, 1))]
XLS = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
GPX = b'<?xml version="1.0"?><gpx version="1.1"><wpt lat="24.9" lon="102.8"/></gpx>'
MIF = b'Version 300\nCharset "GBK"\nDelimiter ","\nColumns 1\n ID Integer\nData\nRegion 1\n3\n1 2\n'
UNSEEN = ' style="display : none"'
GEOJSON = {
    "type": "Polygon",
    "coordinates": [[[102.77, 24.93], [102.78, 24.93], [102.78, 24.94], [102.77, 24.93]]],
}


def read(name: str, data: bytes, **options: str):
    source = Source(name=name, files={name: data})
    return read_sites(source, ReadOptions(**{"crs": "EPSG:4543", **options}), counties=None)


def html(rows: list[tuple], *, before: str = "", unseen: frozenset[int] = frozenset()) -> bytes:
    lines = [
        f"<tr{UNSEEN if at in unseen else ''}>"
        + "".join(f"<td>{cell}</td>" for cell in row)
        + "</tr>"
        for at, row in enumerate(rows)
    ]
    return f"<html><body>{before}<table>{''.join(lines)}</table></body></html>".encode()


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    return out.getvalue()


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(["a.xls", "a.html"]), st.sets(st.integers(1, 3)), st.booleans())
def test_a_table_in_html_reads_as_the_workbook_does(
    name: str, unseen: set[int], titled: bool
) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    before = "<table><tr><td>某局 报表</td></tr></table>" if titled else ""
    found = read(name, html(ROWS, before=before, unseen=frozenset(unseen)))
    expected = read("a.xlsx", stream.getvalue())
    assert found.report.format == "HTML"
    assert shapely.equals(found.sites.geometries[0], expected.sites.geometries[0])
    hidden = [one for one in found.report.issues if one.code == "rows_hidden"]
    assert [one.params["lines"] for one in hidden] == (
        [sorted(at + 1 for at in unseen)] * bool(unseen)
    )
    beside = [one.reason for one in found.report.ledger.left_out]
    assert beside == ["sheet_without_coordinates"] * titled


def test_a_page_whose_table_has_no_points_says_so() -> None:
    with pytest.raises(NoCoordinatesError):
        read("a.html", html([("年份", "产值"), (2024, 300)]))


@pytest.mark.parametrize(
    ("data", "error", "kind"),
    [
        (XLS, DocumentFormatError, "XLS/DOC"),
        (open_document(), DocumentFormatError, "ODS"),
        (packed(**{"xl/workbook__bin": b"1"}), DocumentFormatError, "XLSB"),
        (b"<html><body><p>1 2 3</p></body></html>", DocumentFormatError, "HTML"),
        (GPX, OtherGeodataError, "GPX"),
        (b'<osm version="0.6"><node id="1"/></osm>', OtherGeodataError, "OpenStreetMap XML"),
        (MIF, OtherGeodataError, "MapInfo"),
        (b"!table\n!version 300\n", OtherGeodataError, "MapInfo"),
        (b"SQLite format 3\x00" + bytes(100), OtherGeodataError, "SQLite"),
    ],
)
def test_what_is_not_read_is_called_what_it_is(
    data: bytes, error: type[ReadError], kind: str
) -> None:
    for held in (data, packed(plots=data)):
        with pytest.raises(error) as caught:
            read("a", held)
        assert caught.value.params["format"] == kind
        for lang, way_out in (("zh", "另存为"), ("en", "save")):
            said = tr(f"errors.{caught.value.code}", lang, **caught.value.params)
            assert kind in said
            assert way_out in said


@given(st.sets(st.sampled_from(["b.dwg", "c.xls", "d.mif", "e.gpx", "f.pdf", "g.txt", "h.rar"])))
def test_drawings_and_tables_beside_the_plots_are_named(names: set[str]) -> None:
    held = {
        "b.dwg": b"AC1027" + bytes(50), "c.xls": XLS, "d.mif": MIF, "e.gpx": GPX,
        "f.pdf": b"%PDF-1.7", "g.txt": "说明".encode(), "h.rar": b"Rar!\x1a\x07\x00",
    }  # fmt: skip
    members = {"a.geojson": json.dumps(GEOJSON).encode()} | {one: held[one] for one in names}
    data = packed(**{name.replace(".", "__"): content for name, content in members.items()})
    found = read("a.zip", data, crs="EPSG:4490").report.ledger.left_out
    assert {one.label for one in found} == names - {"f.pdf", "g.txt"}
    assert not any(map(may_be_plot, found))
