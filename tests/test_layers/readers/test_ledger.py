"""The account of a file. Oracle: files are made of good and faulty elements, and what each
of them is stands in the recipe: it is a site, or it is named with its own reason."""

import json
import struct
from pathlib import Path

import ezdxf
import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import PlanningError
from layers.errors import AmbiguousFileError
from layers.model import ReadOptions
from layers.readers import Source, read_sites

GOOD, POINT, LINE, BENT, EMPTY, FLAT = "good", "point", "line", "bent", "empty", "flat"
REASONS = {
    POINT: {"is_point"},
    LINE: {"line_straight"},
    BENT: {"is_line"},
    EMPTY: {"no_geometry", "no_points", "no_coordinates"},
    FLAT: {"no_area", "too_few_points", "no_geometry"},
}
MIXES = st.lists(
    st.sampled_from([GOOD, POINT, LINE, BENT, EMPTY, FLAT]), min_size=1, max_size=6
).filter(lambda kinds: GOOD in kinds)


def shape(kind, at):
    west = 102.5 + 0.01 * at
    return {
        GOOD: shapely.box(west, 24.9, west + 0.001, 24.901),
        POINT: shapely.Point(west, 24.9),
        LINE: shapely.LineString([(west, 24.9), (west + 0.001, 24.901)]),
        # Three sides of a square, as an outline is drawn that nobody closed.
        BENT: shapely.LineString(shapely.box(west, 24.9, west + 0.001, 24.901).exterior.coords[:4]),
        EMPTY: None,
        FLAT: shapely.Polygon([(west, 24.9), (west + 0.001, 24.9), (west + 0.002, 24.9)]),
    }[kind]


def geojson(kinds):
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"n{at}"},
            "geometry": None if shape(k, at) is None else shapely.geometry.mapping(shape(k, at)),
        }
        for at, k in enumerate(kinds)
    ]
    return {"type": "FeatureCollection", "features": features}


def as_geojson(kinds, _):
    return {"x.geojson": json.dumps(geojson(kinds)).encode()}


def as_lines(kinds, _):
    features = geojson([*kinds, GOOD])["features"]
    return {"x.geojsonl": "\n".join(map(json.dumps, features)).encode()}


def as_esri(kinds, _):
    def geometry(kind, at):
        one = shape(kind, at)
        if one is None:
            return None
        xy = shapely.get_coordinates(one).tolist()
        return {
            POINT: {"x": xy[0][0], "y": xy[0][1]},
            LINE: {"paths": [xy]},
            BENT: {"paths": [xy]},
        }.get(kind, {"rings": [xy]})

    features = [
        {"attributes": {"a": at}, "geometry": geometry(k, at)} for at, k in enumerate(kinds)
    ]
    document = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4490},
        "features": features,
    }
    return {"x.json": json.dumps(document).encode()}


def xml_positions(one, between=" "):
    return between.join(f"{x},{y}" for x, y in shapely.get_coordinates(one).tolist())


def as_kml(kinds, _):
    def inner(kind, at):
        one = shape(kind, at)
        if one is None:
            return "<LineString><coordinates/></LineString>" if at % 2 else ""
        text = f"<coordinates>{xml_positions(one)}</coordinates>"
        if kind == POINT:
            return f"<Point>{text}</Point>"
        if kind in (LINE, BENT):
            return f"<LineString>{text}</LineString>"
        ring = f"<outerBoundaryIs><LinearRing>{text}</LinearRing></outerBoundaryIs>"
        return f"<Polygon>{ring}</Polygon>"

    marks = "".join(
        f"<Placemark><name>n{at}</name>{inner(k, at)}</Placemark>" for at, k in enumerate(kinds)
    )
    return {"x.kml": f"<kml><Document>{marks}</Document></kml>".encode()}


def as_gml(kinds, _):
    def inner(kind, at):
        one = shape(kind, at)
        if one is None:
            return ""
        flat = " ".join(f"{x} {y}" for x, y in shapely.get_coordinates(one).tolist())
        if kind == POINT:
            text = f"<gml:Point><gml:pos>{flat}</gml:pos></gml:Point>"
        elif kind in (LINE, BENT):
            text = f"<gml:LineString><gml:posList>{flat}</gml:posList></gml:LineString>"
        else:
            ring = f"<gml:LinearRing><gml:posList>{flat}</gml:posList></gml:LinearRing>"
            text = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
        named = text.replace(">", ' srsName="EPSG:4490">', 1)
        return f"<geom>{named}</geom>"

    members = "".join(
        f"<gml:featureMember><f><a>{at}</a>{inner(k, at)}</f></gml:featureMember>"
        for at, k in enumerate(kinds)
    )
    head = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">'
    return {"x.gml": f"{head}{members}</gml:FeatureCollection>".encode()}


def frame_of(kinds):
    shapes = [shape(k, at) for at, k in enumerate(kinds)]
    return gpd.GeoDataFrame({"a": range(len(kinds))}, geometry=shapes, crs=4490)


def as_geopackage(kinds, folder):
    path = folder / "x.gpkg"
    path.unlink(missing_ok=True)
    frame_of(kinds).to_file(path, driver="GPKG", engine="pyogrio", geometry_type="Unknown")
    return {"x.gpkg": path.read_bytes()}


def as_parquet(kinds, folder):
    path = folder / "x.parquet"
    frame_of(kinds).to_parquet(path)
    return {"x.parquet": path.read_bytes()}


def as_wkt(kinds, _):
    texts = ["" if shape(k, at) is None else shape(k, at).wkt for at, k in enumerate(kinds)]
    rows = "".join(f'{at},"{text}"\n' for at, text in enumerate(texts))
    return {"x.csv": f"id,wkt\n{rows}".encode()}


def as_boundary_txt(kinds, _):
    mark = {POINT: "点", LINE: "线", BENT: "线"}
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "计量单位=度", "[地块坐标]"]
    for at, kind in enumerate(kinds):
        one = shape(kind, at)
        xy = [] if one is None else shapely.get_coordinates(one).tolist()
        lines.append(f"{len(xy)},0,p{at},n{at},{mark.get(kind, '面')},,,,@")
        lines += [f"J{n},1,{y},{x}" for n, (x, y) in enumerate(xy, start=1)]
    return {"x.txt": "\n".join(lines).encode()}


def as_table(kinds, _):
    # A table knows plots alone; a plot of two points is all that a line can be in it.
    rows = ["地块,点号,经度(度),纬度(度)"]
    for at, kind in enumerate(kinds):
        one = shape(kind, at)
        xy = [] if one is None else shapely.get_coordinates(one).tolist()
        rows += [f"n{at},J{n},{x},{y}" for n, (x, y) in enumerate(xy, start=1)]
    return {"x.csv": "\n".join(rows).encode()}


WRITERS = {
    "geojson": as_geojson,
    "geojson lines": as_lines,
    "esri json": as_esri,
    "kml": as_kml,
    "gml": as_gml,
    "geopackage": as_geopackage,
    "geoparquet": as_parquet,
    "wkt table": as_wkt,
    "boundary txt": as_boundary_txt,
    "table": as_table,
}


@pytest.mark.parametrize("writer", WRITERS)
@given(kinds=MIXES)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_element_is_a_site_or_is_named(writer, kinds, tmp_path):
    if writer == "table":
        # Four points of a table are a plot, however they are joined.
        kinds = [GOOD if kind == BENT else kind for kind in kinds]
    files = WRITERS[writer](kinds, tmp_path)
    options = ReadOptions(crs=None if writer in ("geojson", "kml") else "EPSG:4490")
    sites = read_sites(Source(name="x", files=files), options, counties=None)
    ledger = sites.report.ledger
    kinds = [*kinds, GOOD] if writer == "geojson lines" else kinds
    if writer == "table":
        # What has no row is not in a table at all.
        kinds = [kind for kind in kinds if kind != EMPTY]
    whole = [entry for entry in ledger.left_out if not entry.part]
    assert len(sites.features) == ledger.used == kinds.count(GOOD)
    assert ledger.found == len(kinds)
    assert sum(entry.count for entry in whole) == len(kinds) - kinds.count(GOOD)
    assert "unaccounted" not in {entry.reason for entry in whole}
    if writer not in ("table", "wkt table"):
        allowed = set().union(*(REASONS[kind] for kind in kinds if kind != GOOD), set())
        assert {entry.reason for entry in whole} <= allowed
    expected = [shape(kind, at) for at, kind in enumerate(kinds) if kind == GOOD]
    if writer not in ("table", "geojson lines"):
        assert all(
            shapely.equals(a, b) for a, b in zip(sites.features.geometry, expected, strict=True)
        )


POINTS = st.integers(min_value=0, max_value=8)


@given(sizes=st.lists(POINTS, min_size=1, max_size=5), slip=st.integers(0, 6))
def test_rings_of_a_plot(sizes, slip):
    """Property: a slip in one ring number changes neither number nor area of the plots."""
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "带号=34", "几度分带=3", "[地块坐标]"]
    at = 0
    for plot, size in enumerate(sizes):
        lines.append(f"{size},0,p{plot},n{plot},面,,,,@")
        ring = shapely.Point(584_000 + 500 * plot, 2_755_000).buffer(100, quad_segs=8)
        xy = shapely.get_coordinates(ring)[:: max(1, 32 // size) if size else 40][:size]
        for n, (x, y) in enumerate([*xy, *xy[:1]] if size else [], start=1):
            number = 2 if n == slip + 2 and n <= size else 1
            lines.append(f"J{(n - 1) % size + 1},{number},{y:.3f},{x:.3f}")
            at += 1
    source = Source(name="x", files={"x.txt": "\n".join(lines).encode()})
    good = sum(size >= 3 for size in sizes)
    try:
        sites = read_sites(source, ReadOptions(), counties=None)
    except PlanningError:
        assert good == 0
        return
    ledger = sites.report.ledger
    assert (ledger.found, ledger.used, ledger.unexplained) == (len(sizes), good, 0)
    assert [len(shapely.get_rings(g)) for g in sites.features.geometry] == [1] * good


def test_a_second_polygon_of_a_placemark_is_kept():
    def polygon(at):
        text = f"<coordinates>{xml_positions(shape(GOOD, at))}</coordinates>"
        return (
            f"<Polygon><outerBoundaryIs><LinearRing>{text}</LinearRing></outerBoundaryIs></Polygon>"
        )

    for inner in (
        polygon(0) + polygon(1),
        f"<MultiPolygon>{polygon(0)}{polygon(1)}</MultiPolygon>",
        f"<MultiGeometry><MultiGeometry>{polygon(0)}</MultiGeometry>{polygon(1)}</MultiGeometry>",
    ):
        data = f"<kml><Placemark><name>a</name>{inner}</Placemark></kml>".encode()
        sites = read_sites(Source(name="x", files={"x": data}), ReadOptions(), counties=None)
        assert [g.geom_type for g in sites.features.geometry] == ["MultiPolygon"]
        assert len(sites.features.geometry[0].geoms) == 2


def test_a_second_geometry_of_a_gml_feature_is_named():
    def polygon(at):
        flat = " ".join(f"{x} {y}" for x, y in shapely.get_coordinates(shape(GOOD, at)).tolist())
        ring = f"<gml:LinearRing><gml:posList>{flat}</gml:posList></gml:LinearRing>"
        return f"<g><gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon></g>"

    head = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><f>'
    data = f"{head}{polygon(0)}{polygon(1)}</f></gml:featureMember></gml:FeatureCollection>"
    source = Source(name="x", files={"x": data.encode()})
    sites = read_sites(source, ReadOptions(crs="EPSG:4490"), counties=None)
    (entry,) = sites.report.ledger.left_out
    assert (entry.reason, entry.part, entry.count) == ("further_geometry", True, 1)


def test_records_that_are_marked_as_deleted_are_named(make_shapefile, square):
    files = make_shapefile([square, square], [[b"A"], [b"B"]])
    dbf = bytearray(files["plan.dbf"])
    head, width = struct.unpack_from("<HH", dbf, 8)
    dbf[head + width] = ord("*")
    sites = read_sites(
        Source(name="x", files={**files, "plan.dbf": bytes(dbf)}), ReadOptions(), counties=None
    )
    ledger = sites.report.ledger
    assert (ledger.found, ledger.used) == (2, 1)
    assert [(one.reason, one.count) for one in ledger.left_out] == [("record_deleted", 1)]


@pytest.mark.parametrize("kind", ["point", "polygon", "multipolygon"])
def test_native_encodings_of_geoparquet(kind, tmp_path):
    # Oracle: the same shapes as shapely makes them; pyarrow writes the nested lists.
    shapes = {
        "point": [shape(POINT, 0), None, shape(POINT, 1)],
        "polygon": [shape(GOOD, 0), None, shape(GOOD, 1)],
        "multipolygon": [shapely.MultiPolygon([shape(GOOD, 0), shape(GOOD, 1)]), None],
    }[kind]
    frame = gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=shapes, crs=4490)
    path = tmp_path / "x.parquet"
    frame.to_parquet(path, geometry_encoding="geoarrow", schema_version="1.1.0")
    source = Source(name="x", files={"x": path.read_bytes()})
    if kind == "point":
        with pytest.raises(PlanningError):
            read_sites(source, ReadOptions(), counties=None)
        return
    sites = read_sites(source, ReadOptions(), counties=None)
    expected = [one for one in shapes if one is not None]
    assert all(map(shapely.equals, sites.features.geometry, expected))
    assert [one.reason for one in sites.report.ledger.left_out] == ["no_geometry"]
    assert pq.read_schema(path).field("geometry").type != pa.binary()


def test_layers_that_do_not_show_are_read_only_where_they_are_named(tmp_path):
    drawing = ezdxf.new()
    for layer in ("红线", "旧线"):
        drawing.layers.add(layer)
        corners = shapely.get_coordinates(shapely.box(584_000, 2_755_000, 584_100, 2_755_100))
        drawing.modelspace().add_lwpolyline(
            corners[:4].tolist(), close=True, dxfattribs={"layer": layer}
        )
    drawing.layers.get("旧线").freeze()
    path = tmp_path / "x.dxf"
    drawing.saveas(path)
    source = Source(name="x", files={"x.dxf": Path(path).read_bytes()})
    shown = read_sites(source, ReadOptions(crs="EPSG:4543"), counties=None)
    assert shown.features["layer"].to_list() == ["红线"]
    assert [one.reason for one in shown.report.ledger.left_out] == ["layer_frozen"]
    named = read_sites(source, ReadOptions(crs="EPSG:4543", layer="旧线"), counties=None)
    assert named.features["layer"].to_list() == ["旧线"]


@pytest.mark.parametrize(
    ("hide", "read"), [(None, ["红线"]), ("freeze", []), ("off", ["红线"])], ids=str
)
def test_a_block_on_a_frozen_layer_does_not_show_whatever_layers_are_in_it(tmp_path, hide, read):
    """Oracle: AutoCAD's rule; off hides of a block only what lies on layer 0 in it."""
    drawing = ezdxf.new()
    for layer in ("红线", "图块", "外面"):
        drawing.layers.add(layer)
    block, inner = drawing.blocks.new("B"), drawing.blocks.new("C")
    square = [(584_000, 2_755_000), (584_100, 2_755_000), (584_100, 2_755_100)]
    inner.add_lwpolyline(square, close=True, dxfattribs={"layer": "红线"})
    block.add_blockref("C", (0, 0))
    drawing.modelspace().add_blockref("B", (0, 0), dxfattribs={"layer": "图块"})
    moved = [(x + 500, y) for x, y in square]
    drawing.modelspace().add_lwpolyline(moved, close=True, dxfattribs={"layer": "外面"})
    if hide:
        getattr(drawing.layers.get("图块"), hide)()
    path = tmp_path / "x.dxf"
    drawing.saveas(path)
    source = Source(name="x", files={"x.dxf": Path(path).read_bytes()})
    if read:
        # Two layers that show: a person has to say which one is meant.
        with pytest.raises(AmbiguousFileError) as caught:
            read_sites(source, ReadOptions(crs="EPSG:4543"), counties=None)
        assert caught.value.params["choices"] == ["外面", *read]
        return
    sites = read_sites(source, ReadOptions(crs="EPSG:4543"), counties=None)
    assert sites.features["layer"].to_list() == ["外面"]
    told = [(one.label, one.reason) for one in sites.report.ledger.left_out]
    assert told == [("图块", "layer_frozen")]


def test_a_placemark_inside_a_placemark_is_counted():
    # Found by the fuzz run: it was in no account.
    text = f"<coordinates>{xml_positions(shape(GOOD, 0))}</coordinates>"
    ring = f"<outerBoundaryIs><LinearRing>{text}</LinearRing></outerBoundaryIs>"
    inner = "<Placemark><name>b</name></Placemark>"
    data = f"<kml><Placemark><Polygon>{ring}</Polygon>{inner}</Placemark></kml>".encode()
    sites = read_sites(Source(name="x", files={"x": data}), ReadOptions(), counties=None)
    ledger = sites.report.ledger
    assert (ledger.found, ledger.used) == (2, 1)
    assert [(one.label, one.reason) for one in ledger.left_out] == [("b", "no_geometry")]
