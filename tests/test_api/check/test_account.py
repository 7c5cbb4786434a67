"""What may be a plot and was not read leaves the whole open, whatever format it stands in.

Oracles: the recipe of each file says which of its elements could enclose ground; a closed
outline over the demonstration farmland is a conflict, so that an open one must not be clear.
"""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from api.check.batch.output import write_batch
from api.check.batch.run import BatchTerms, entries_of, run_batch
from api.check.printed import print_area, print_shares
from api.check.report.places import _places
from api.check.sites import read_and_check
from api.exits import Exit, exit_of_batch
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.model import ReadOptions
from layers.readers import Source, source_from_path
from layers.readers.shapes import spans_area
from maps.check.answers import CheckResult
from maps.check.batch_answers import BatchWritten
from maps.check.batch_document import batch_summary
from maps.document.terminal import text_of

CLEAR = shapely.box(102.80, 24.98, 102.801, 24.981)
SIDES = [(102.81, 24.98), (102.811, 24.98), (102.811, 24.981), (102.81, 24.981)]
OPEN = shapely.LineString(SIDES)
STRAIGHT = shapely.LineString(SIDES[:2])
LABEL = shapely.Point(102.8005, 24.9805)

Shapes = Sequence[shapely.Geometry]


def as_geojson(shapes: Shapes) -> bytes:
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)}
        for one in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def as_collection(shapes: Shapes) -> bytes:
    return as_geojson([shapely.GeometryCollection(list(shapes))])


def _coordinates(one: shapely.Geometry) -> str:
    return " ".join(f"{x},{y}" for x, y in shapely.get_coordinates(one).tolist())


def _kml_shape(one: shapely.Geometry) -> str:
    text = f"<coordinates>{_coordinates(one)}</coordinates>"
    if one.geom_type == "Polygon":
        ring = f"<outerBoundaryIs><LinearRing>{text}</LinearRing></outerBoundaryIs>"
        return f"<Polygon>{ring}</Polygon>"
    return f"<{one.geom_type}>{text}</{one.geom_type}>"


def as_kml(shapes: Shapes) -> bytes:
    marks = "".join(f"<Placemark>{_kml_shape(one)}</Placemark>" for one in shapes)
    return f"<kml><Document>{marks}</Document></kml>".encode()


def as_multi_kml(shapes: Shapes) -> bytes:
    inner = "".join(map(_kml_shape, shapes))
    mark = f"<Placemark><MultiGeometry>{inner}</MultiGeometry></Placemark>"
    return f"<kml><Document>{mark}</Document></kml>".encode()


def _gml_shape(one: shapely.Geometry) -> str:
    flat = " ".join(f"{x} {y}" for x, y in shapely.get_coordinates(one).tolist())
    name = 'srsName="urn:ogc:def:crs:OGC:1.3:CRS84"'
    if one.geom_type == "Polygon":
        ring = f"<gml:LinearRing><gml:posList>{flat}</gml:posList></gml:LinearRing>"
        return f"<gml:Polygon {name}><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    tag = "pos" if one.geom_type == "Point" else "posList"
    return f"<gml:{one.geom_type} {name}><gml:{tag}>{flat}</gml:{tag}></gml:{one.geom_type}>"


def _gml(features: Sequence[str]) -> bytes:
    members = "".join(f"<gml:featureMember><f>{one}</f></gml:featureMember>" for one in features)
    head = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">'
    return f"{head}{members}</gml:FeatureCollection>".encode()


def as_gml(shapes: Shapes) -> bytes:
    return _gml([f"<g>{_gml_shape(one)}</g>" for one in shapes])


def as_one_gml(shapes: Shapes) -> bytes:
    return _gml(["".join(f"<g>{_gml_shape(one)}</g>" for one in shapes)])


def as_geopackage(shapes: Shapes) -> bytes:
    buffer = io.BytesIO()
    frame = gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=list(shapes), crs=4490)
    frame.to_file(buffer, driver="GPKG", engine="pyogrio", geometry_type="Unknown")
    return buffer.getvalue()


def as_wkt(shapes: Shapes) -> bytes:
    rows = "".join(f'{at},"{one.wkt}"\n' for at, one in enumerate(shapes))
    return f"id,wkt\n{rows}".encode()


def as_dxf(shapes: Shapes) -> bytes:
    to_plane = Transformer.from_crs(4490, 4543, always_xy=True)
    drawing = ezdxf.new("R2010")
    space = drawing.modelspace()
    for one in shapes:
        xy = list(zip(*to_plane.transform(*shapely.get_coordinates(one).T), strict=True))
        if one.geom_type == "Point":
            space.add_point(xy[0])
            space.add_text("A", dxfattribs={"insert": xy[0]})
            space.add_linear_dim(base=xy[0], p1=xy[0], p2=(xy[0][0] + 9, xy[0][1])).render()
        else:
            space.add_lwpolyline(xy, close=one.geom_type == "Polygon")
    text = io.StringIO()
    drawing.write(text)
    return text.getvalue().encode()


WRITERS: dict[str, tuple[Callable[[Shapes], bytes], str | None]] = {
    "a.geojson": (as_geojson, None),
    "collection.geojson": (as_collection, None),
    "a.kml": (as_kml, None),
    "multi.kml": (as_multi_kml, None),
    "a.gml": (as_gml, None),
    "one.gml": (as_one_gml, None),
    "a.gpkg": (as_geopackage, None),
    "a.csv": (as_wkt, "EPSG:4490"),
    "a.dxf": (as_dxf, "EPSG:4543"),
}


def check(workspace: Workspace, name: str, shapes: Shapes) -> CheckResult:
    write, crs = WRITERS[name]
    source = Source(name=name, files={name: write(shapes)})
    return read_and_check(workspace, source, ReadOptions(crs=crs))


@pytest.mark.parametrize("name", WRITERS)
def test_an_outline_that_is_not_closed_leaves_the_whole_open(
    workspace: Workspace, name: str
) -> None:
    sound = check(workspace, name, [CLEAR])
    assert (sound.verdict, sound.left_out) == ("clear", [])
    result = check(workspace, name, [CLEAR, OPEN])
    assert result.sites[0].verdict == "clear"
    assert result.verdict == "undetermined"
    assert [one.count for one in result.left_out] == [1]
    assert {line.verdict for line in result.lines} == {"undetermined"}
    ledger = result.read_report.ledger
    named = sum(one.count for one in result.left_out if not one.part)
    assert ledger.found - ledger.used == named


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("beside", [STRAIGHT, LABEL])
def test_what_can_enclose_nothing_is_a_remark(
    workspace: Workspace, name: str, beside: shapely.Geometry
) -> None:
    result = check(workspace, name, [CLEAR, beside])
    assert (result.verdict, result.left_out) == ("clear", [])


def test_an_outline_beside_its_own_polygon_encloses_no_more(workspace: Workspace) -> None:
    outline = shapely.LineString(CLEAR.exterior.coords)
    for name in ("collection.geojson", "multi.kml", "one.gml"):
        assert check(workspace, name, [CLEAR, outline]).verdict == "clear"


@pytest.mark.parametrize("gap_m", [0.02, 1.0, 60.0])
def test_a_gap_of_a_drawing_is_no_area(workspace: Workspace, gap_m: float) -> None:
    ends = [*SIDES, (SIDES[0][0], SIDES[0][1] + gap_m / 110_800.0)]
    result = check(workspace, "a.dxf", [CLEAR, shapely.LineString(ends)])
    assert result.verdict == "undetermined"


def test_only_a_straight_line_spans_nothing() -> None:
    """Oracle: turned and moved straight lines stay straight; a third corner off it does not."""
    for angle in np.linspace(0, np.pi, 25):
        along = np.outer(np.arange(5), [np.cos(angle), np.sin(angle)]) * 7.3 + [578_275.8, 2.76e6]
        assert not spans_area(shapely.LineString(along))
        along[2] += [-np.sin(angle), np.cos(angle)]
        assert spans_area(shapely.LineString(along))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Make a folder: sound files in three reference systems, one open outline, one broken."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "own.geojson").write_bytes(as_geojson([CLEAR]))
    (folder / "open.kml").write_bytes(as_kml([CLEAR, OPEN]))
    (folder / "none.dxf").write_bytes(as_dxf([CLEAR]))
    (folder / "broken.geojson").write_bytes(b'{"type": "FeatureCollection", "features": [')
    return folder


def batch_of(workspace: Workspace, folder: Path) -> BatchWritten:
    entries = entries_of([folder], workspace.limits, leave_out=folder.parent / "out")
    terms = BatchTerms(options=ReadOptions(crs="EPSG:4543"), nature=None)
    batch = run_batch(workspace, entries, terms, lambda *_: None)
    return write_batch(batch, folder.parent / "out", "zh")


def test_the_totals_of_a_batch_hold_what_was_not_judged(workspace: Workspace, mixed: Path) -> None:
    """Oracle by hand: three sites are clear, one outline is open, one file cannot be read."""
    written = batch_of(workspace, mixed)
    expected = {"undetermined": 1, "clear": 3}
    assert written.verdicts == expected
    assert [line.verdicts for line in written.lines] == [expected] * 3
    batch = written.batch
    assert (batch.complete, batch.done, batch.total, batch.refused) == (False, 4, 4, 1)
    for lang, words in (("zh", "未能核查 1 个文件"), ("en", "1 files could not be checked")):
        assert words in text_of(batch_summary(written, lang))
    assert exit_of_batch(written.verdicts, complete=True) == Exit.UNDETERMINED


def test_the_crs_of_a_batch_is_for_files_that_state_none(workspace: Workspace, mixed: Path) -> None:
    files = {one.name: one for one in batch_of(workspace, mixed).batch.files}
    used = {name: one.check.read_report.crs for name, one in files.items() if one.check}
    assert used["none.dxf"] == "EPSG:4543"
    assert used["own.geojson"] == used["open.kml"] != "EPSG:4543"
    source = source_from_path(mixed / "own.geojson")
    with pytest.raises(PlanningError):
        read_and_check(workspace, source, ReadOptions(crs="EPSG:4543"))


def test_the_overlap_of_a_clear_site_is_not_that_of_a_condition(
    workspace: Workspace, mixed: Path
) -> None:
    batch_of(workspace, mixed)
    book = openpyxl.load_workbook(mixed.parent / "out" / "batch.xlsx")
    head, *rows = book["地块"].values
    overlap, verdict, conditions = map(head.index, ("重叠 平方米", "结论", "附带条件"))
    clear = [row for row in rows if row[verdict] == "未涉及"]
    assert len(clear) == 3
    assert all(row[conditions] for row in clear)
    assert {row[overlap] for row in clear} == {None}


@given(
    parts=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=6),
    error=st.floats(-1e-5, 1e-5),
)
def test_printed_shares_add_up_to_the_printed_whole(parts: list[float], error: float) -> None:
    """Property: however parts and whole were measured, the table adds up, and one is all."""
    whole_m2 = sum(parts) * (1 + error)
    shares, whole = print_shares(parts, whole_m2), print_area(whole_m2)
    for unit, decimals in (("m2", 2), ("ha", 4), ("mu", 3)):
        total = sum(getattr(one, unit) for one in shares)
        assert round(total, decimals) == pytest.approx(getattr(whole, unit), abs=1e-9)


def test_a_site_in_one_county_is_printed_alike_everywhere(workspace: Workspace) -> None:
    # Small, large and slanted ground in the middle of one county.
    grounds = [
        CLEAR,
        shapely.box(102.78, 24.96, 102.82, 25.0),
        shapely.Point(102.8, 24.98).buffer(0.01),
    ]
    for ground in grounds:
        result = check(workspace, "a.geojson", [ground])
        places = list(_places(workspace.counties, result, "zh"))
        areas = print_area(result.sites[0].area_m2)
        if len(places) == 1:
            assert places[0].area == areas
        total_m2 = sum(one.area.m2 for one in places)
        assert round(total_m2, 2) == areas.m2
