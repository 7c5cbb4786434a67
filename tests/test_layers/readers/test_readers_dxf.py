"""Drawings, made by ezdxf. Oracle: areas by hand, and the encodings of the CAD releases."""

import io
import re
from itertools import pairwise

import ezdxf
import pytest
import shapely

from geo.errors import MissingCrsError, OutsideCrsError
from layers.errors import AmbiguousFileError, NoClosedLinesError, TooComplexError
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_sites
from layers.readers.ledger import may_be_plot

X, Y = 34_500_000.0, 2_766_000.0
CRS = "EPSG:4522"


def square(size=100.0, dx=0.0, dy=0.0):
    return [
        (X + dx, Y + dy),
        (X + dx + size, Y + dy),
        (X + dx + size, Y + dy + size),
        (X + dx, Y + dy + size),
    ]


@pytest.fixture
def drawing():
    return ezdxf.new("R2018")


def as_bytes(drawing, encoding=None):
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode(encoding or drawing.output_encoding, "replace")


def read(data, limits=None, **options):
    source = Source(name="x", files={"x": data})
    options = {"crs": CRS, **options}
    return read_sites(source, ReadOptions(**options), counties=None, limits=limits or ReadLimits())


def codes(sites):
    return sorted(issue.code for issue in sites.report.issues)


@pytest.mark.parametrize(
    ("version", "codepage", "encoding", "how"),
    [
        ("R2018", "ANSI_1252", "UTF-8", "format_rule"),
        ("R2007", "ANSI_936", "UTF-8", "format_rule"),
        ("R2000", "ANSI_936", "GB18030", "dxf_header"),
        ("R2000", "ANSI_1252", "GB18030", "sniffed"),
        ("R2018", "ANSI_936", "GB18030", "sniffed"),
    ],
)
def test_encodings_of_the_releases(version, codepage, encoding, how):
    drawing = ezdxf.new(version)
    drawing.header["$DWGCODEPAGE"] = codepage
    drawing.layers.add("规划用地红线")
    space = drawing.modelspace()
    space.add_lwpolyline(square(), close=True, dxfattribs={"layer": "规划用地红线"})
    space.add_text("一号工业用地", dxfattribs={"insert": (X + 50, Y + 50)})
    space.add_text("旁边的注记", dxfattribs={"insert": (X + 150, Y + 50)})
    text = as_bytes(drawing, "utf-8").decode()
    data = re.sub(r"(\$DWGCODEPAGE\n\s*3\n)\S+", rf"\g<1>{codepage}", text)
    sites = read(data.encode("gbk" if encoding == "GB18030" else "utf-8"))
    row = sites.features.iloc[0]
    assert (row["layer"], row["text"]) == ("规划用地红线", "一号工业用地")
    assert (sites.report.encoding, sites.report.encoding_how) == (encoding, how)
    assert shapely.equals(row.geometry, shapely.Polygon(square()))


def test_a_binary_drawing(drawing, tmp_path):
    drawing.modelspace().add_lwpolyline(square(), close=True)
    drawing.saveas(tmp_path / "x.dxf", fmt="bin")
    assert read((tmp_path / "x.dxf").read_bytes()).features.geometry.area[0] == pytest.approx(1e4)


def test_a_layer_has_to_be_chosen(drawing):
    space = drawing.modelspace()
    for layer, dx in (("红线", 0), ("道路", 1_000), ("图框", 5_000)):
        space.add_lwpolyline(square(dx=dx), close=layer != "图框", dxfattribs={"layer": layer})
    data = as_bytes(drawing)
    with pytest.raises(AmbiguousFileError) as caught:
        read(data)
    assert caught.value.choices == ["红线", "道路"]
    assert read(data, layer="红线").features["layer"].to_list() == ["红线"]
    assert sorted(read(data, layer="*").features["layer"]) == ["红线", "道路"]


def test_holes_islands_and_repeated_lines(drawing):
    space = drawing.modelspace()
    space.add_lwpolyline(square(), close=True)
    space.add_lwpolyline(square(40, 30, 30), close=True)
    space.add_lwpolyline(square(10, 45, 45), close=True)
    space.add_hatch().paths.add_polyline_path(square(), is_closed=True)
    sites = read(as_bytes(drawing))
    assert sorted(sites.features.geometry.area) == pytest.approx([100, 10_000 - 1_600])
    assert codes(sites) == ["holes_by_containment"]
    ledger = sites.report.ledger
    assert (ledger.found, ledger.used, ledger.unexplained) == (4, 3, 0)
    assert [one.reason for one in ledger.left_out] == ["line_repeated"]


def test_curves_are_cut_to_a_millimetre(drawing):
    space = drawing.modelspace()
    space.add_circle((X, Y), 100)
    # Half circle by a bulge of 1, half an edge: a slot of 100 m with round ends.
    half = [(X + 500, Y, 0), (X + 600, Y, 1), (X + 600, Y + 50, 0), (X + 500, Y + 50, 1)]
    space.add_lwpolyline(half, format="xyb", close=True)
    areas = sorted(read(as_bytes(drawing)).features.geometry.area)
    pi = 3.141592653589793
    # A chord with a sagitta of 1 mm loses 2/3 of it on the average.
    assert areas[0] == pytest.approx(5_000 + pi * 25**2, abs=2 * pi * 25 * 1e-3)
    assert areas[1] == pytest.approx(pi * 100**2, abs=2 * pi * 100 * 1e-3)


def test_lines_that_close_only_together(drawing):
    space = drawing.modelspace()
    corners = square()
    for start, end in pairwise(corners):
        space.add_line(start, end)
    space.add_arc((X, Y + 50), 50, 90, 270)
    space.add_line((X - 500, Y), (X - 400, Y))
    sites = read(as_bytes(drawing))
    # Three sides of the square, and half a circle for the fourth.
    assert sites.features.geometry.area[0] == pytest.approx(10_000 + 3.14159265 * 1250, abs=0.2)
    assert codes(sites) == ["lines_joined"]
    left_out = sites.report.ledger.left_out
    assert [(one.reason, one.count) for one in left_out] == [("line_straight", 1)]


def test_a_line_that_nearly_closes(drawing):
    drawing.modelspace().add_lwpolyline([*square(), (X, Y + 0.0005)])
    assert read(as_bytes(drawing)).features.geometry.area[0] == pytest.approx(1e4, abs=0.1)


def test_old_polylines_and_blocks(drawing):
    block = drawing.blocks.new("地块")
    block.add_polyline2d(
        [(0, 0), (10, 0), (10, 10), (0, 10)], close=True, dxfattribs={"layer": "A"}
    )
    space = drawing.modelspace()
    space.add_blockref("地块", (X, Y), dxfattribs={"xscale": 2, "yscale": 3})
    space.add_blockref("地块", (X + 500, Y)).grid(size=(1, 2), spacing=(100, 100))
    areas = sorted(read(as_bytes(drawing)).features.geometry.area)
    assert areas == pytest.approx([100, 100, 600])


def test_nothing_closed(drawing):
    drawing.modelspace().add_line((X, Y), (X + 1, Y))
    with pytest.raises(NoClosedLinesError) as caught:
        read(as_bytes(drawing))
    assert caught.value.params == {"name": "x", "layers": ["0"]}


def test_blocks_in_blocks_do_not_explode(drawing):
    # Ten copies of ten copies of ...: 10^8 lines from a few kilobytes.
    for level in range(8):
        block = drawing.blocks.new(f"B{level}")
        for copy in range(10):
            if level:
                block.add_blockref(f"B{level - 1}", (copy, 0))
            else:
                block.add_line((0, 0), (copy, 1))
    drawing.modelspace().add_blockref("B7", (X, Y))
    with pytest.raises(TooComplexError):
        read(as_bytes(drawing))
    drawing.modelspace().add_blockref("B2", (X, Y))
    few = ReadLimits(max_features=500)
    with pytest.raises(TooComplexError):
        read(as_bytes(drawing), limits=few)


def by_hand(entity: str, version: str | None = "AC1009") -> str:
    """Return a drawing as small programs write it: no handles, no marks of classes."""
    header = f"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\n{version}\n0\nENDSEC\n" if version else ""
    return f"{header}0\nSECTION\n2\nENTITIES\n{entity}0\nENDSEC\n0\nEOF\n"


CORNERS = "".join(f"10\n{x}\n20\n{y}\n" for x, y in square())
LIGHT = f"0\nLWPOLYLINE\n8\n红线\n90\n4\n70\n1\n{CORNERS}"
VERTICES = "".join(f"0\nVERTEX\n8\n红线\n10\n{x}\n20\n{y}\n" for x, y in square())
HEAVY = f"0\nPOLYLINE\n8\n红线\n66\n1\n70\n1\n{VERTICES}0\nSEQEND\n"
HATCH = (
    "0\nHATCH\n8\n红线\n10\n0\n20\n0\n30\n0\n2\nSOLID\n70\n1\n71\n0\n91\n1\n92\n2\n72\n0\n73\n1\n"
    f"93\n4\n{CORNERS}97\n0\n75\n0\n76\n1\n98\n0\n"
)
NOTE = f"0\nMTEXT\n8\n0\n10\n{X + 50}\n20\n{Y + 50}\n40\n5\n1\n地块一\n"


@pytest.mark.parametrize("version", [None, "AC1009", "AC1015", "AC1021"])
@pytest.mark.parametrize("entity", [LIGHT, HEAVY, HATCH], ids=["light", "heavy", "hatch"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_drawings_made_by_hand(version, entity, end):
    # A square of 100 m by construction, a text in its middle.
    data = by_hand(entity + NOTE, version).replace("\n", end).encode()
    row = read(data, encoding="utf-8").features.iloc[0]
    assert row.geometry.area == pytest.approx(1e4)
    assert (row["layer"], row["text"]) == ("红线", "地块一")


def test_lines_end_as_windows_does(drawing):
    drawing.modelspace().add_lwpolyline(square(), close=True)
    data = as_bytes(drawing, "utf-8").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert read(data).features.geometry.area[0] == pytest.approx(1e4)


def test_other_layers_that_may_hold_plots_are_named(drawing):
    space = drawing.modelspace()
    open_outline = square(dx=2_000)
    straight = [(X, Y - 50), (X + 100, Y - 50)]
    for layer, line, close in (
        ("红线", square(), True),
        ("地块", square(dx=1_000), True),
        ("未闭合", open_outline[:4], False),
        ("轴线", straight, False),
    ):
        space.add_lwpolyline(line, close=close, dxfattribs={"layer": layer})
    data = as_bytes(drawing)

    def lost(layer):
        ledger = read(data, layer=layer).report.ledger
        assert ledger.unexplained == 0
        return {(one.label, one.reason, may_be_plot(one)) for one in ledger.left_out}

    # Who chose a layer put the others aside: they are named, and stand in no verdict's way.
    assert lost("红线") == {("地块", "layer_beside", False), ("未闭合", "layer_beside", False)}
    # Who asked for all layers did not.
    assert lost("*") == {("未闭合", "line_open", True), ("轴线", "line_straight", False)}


@pytest.mark.parametrize(("unit", "times"), [("mm", 1e3), ("cm", 1e2)])
def test_a_drawing_in_millimetres_is_asked_about_with_its_unit(unit, times):
    corners = [(x * times, y * times) for x, y in square()]
    cells = "".join(f"10\n{x!r}\n20\n{y!r}\n" for x, y in corners)
    data = by_hand(f"0\nLWPOLYLINE\n8\n0\n90\n4\n70\n1\n{cells}").encode()
    with pytest.raises(MissingCrsError) as caught:
        read(data, crs=None)
    (first,) = caught.value.params["proposals"]
    assert (first["crs"], first["unit"]) == (CRS, unit)
    assert f"unit_{unit}" in first["evidence"]
    sites = read(data, crs=CRS, length_unit=unit)
    assert sites.features.geometry.area[0] == pytest.approx(1e4)
    assert codes(sites) == ["unit_declared"]
    with pytest.raises(OutsideCrsError) as refused:
        read(data, crs=CRS)
    assert refused.value.params["proposals"][0]["unit"] == unit


def test_blocks_that_are_not_here_are_named(drawing):
    space = drawing.modelspace()
    space.add_lwpolyline(square(), close=True)
    space.add_blockref("MISSING", (X, Y))
    drawing.add_xref_def("other.dwg", "BASE")
    space.add_blockref("BASE", (X, Y))
    ledger = read(as_bytes(drawing)).report.ledger
    found = {(one.params["found"], one.reason, may_be_plot(one)) for one in ledger.left_out}
    # A block that is gone may have held plots; an external drawing is another file.
    assert found == {("MISSING", "block_missing", True), ("BASE", "block_external", False)}
    assert ledger.unexplained == 0
