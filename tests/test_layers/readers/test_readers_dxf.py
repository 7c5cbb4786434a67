"""Drawings, made by ezdxf. Oracle: areas by hand, and the encodings of the CAD releases."""

import io
import re
from itertools import pairwise

import ezdxf
import pytest
import shapely

from layers.errors import AmbiguousFileError, NoClosedLinesError, TooComplexError
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_sites

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
