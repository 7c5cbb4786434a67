"""Files of the newer formats that are made to do harm.

Oracle: nothing but our own error comes out, in bounded time and memory, nothing is
fetched, and no file of the machine is read.
"""

import contextlib
import io
import json
import struct
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import ezdxf
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.errors import PlanningError
from layers.errors import (
    DamagedFileError,
    HostileArchiveError,
    TooComplexError,
    UnknownFormatError,
    UnsupportedGeometryError,
)
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_layer, read_sites

GOLDEN = Path(__file__).parents[2] / "golden" / "readers"
BOX = shapely.box(102, 25, 102.1, 25.1)
KML = """<kml><Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
102,25 102.1,25 102.1,25.1 102,25</coordinates></LinearRing></outerBoundaryIs></Polygon>
</Placemark></kml>"""
GML = '<a xmlns:gml="http://www.opengis.net/gml">{}</a>'


def read(data, limits=None, **options):
    files = data if isinstance(data, dict) else {"upload": data}
    source = Source(name="upload", files=files)
    return read_sites(source, ReadOptions(**options), counties=None, limits=limits or ReadLimits())


def archive(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


@contextlib.contextmanager
def listener():
    """An address of this machine, and how often it was called."""
    import socket

    door = socket.create_server(("127.0.0.1", 0))
    calls = []

    def take():
        with contextlib.suppress(OSError):
            while True:
                calls.append(door.accept())

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}/x", calls
    door.close()


POINTERS = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {path}"}}',
    '<VRTDataset rasterXSize="1"><SourceFilename>{path}</SourceFilename></VRTDataset>',
    '<GDAL_WMS><Service name="TMS"><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>',
    "/vsicurl/{url}",
    "WFS:{url}",
    "{path}",
)
NAMES = ("x.kml", "x.gml", "x.gdb", "x.fgb", "x.parquet", "x.dxf", "x.csv", "x.txt", "x.xlsx")


@pytest.mark.parametrize("text", POINTERS)
def test_pointers_under_the_names_of_data(tmp_path, text):
    secret = tmp_path / "secret.geojson"
    secret.write_text(json.dumps(shapely.geometry.mapping(BOX)))
    with listener() as (url, calls):
        data = text.format(path=secret, url=url).encode()
        for name in NAMES:
            for files in ({name: data}, {"x.zip": archive((name, data))}):
                with pytest.raises(UnknownFormatError):
                    read(files)
    assert calls == []


@pytest.mark.parametrize("member", ["a00000001.gdbtable", "x.gdb/a00000001.gdbtable"])
def test_pointers_inside_a_geodatabase(tmp_path, member):
    data = POINTERS[0].format(path=tmp_path).encode()
    with pytest.raises(DamagedFileError):
        read(archive((member, data), ("gdb", b"x")))


def test_members_of_a_geodatabase_keep_to_their_folder(tmp_path):
    with zipfile.ZipFile(GOLDEN / "sites.gdb.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    # Names come from uploads too, where no archive has looked at them.
    evil = {"sites.gdb/..": b"x", "sites.gdb/.hidden": b"x", "sites.gdb/a\\b": b"x"}
    assert len(read({**files, **evil}).features) == 2


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE a SYSTEM "{url}">',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "{url}"> %x;]>',
)


@pytest.mark.parametrize("doctype", ENTITIES)
@pytest.mark.parametrize("body", [KML.format(name="a"), GML.format("b")])
def test_document_types_are_refused_whole(doctype, body):
    with listener() as (url, calls):
        text = doctype.format(url=url) + body.replace("<name>a", "<name>&x;")
        with pytest.raises(DamagedFileError):
            read(text.encode())
    assert calls == []


def test_a_billion_laughs():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    text = f'<!DOCTYPE kml [<!ENTITY l0 "ha">{levels}]>' + KML.format(name="&l29;")
    with pytest.raises(DamagedFileError):
        read(text.encode())


def test_nothing_that_is_linked_is_fetched(tmp_path):
    secret = tmp_path / "secret.kml"
    secret.write_text(KML.format(name="secret"), encoding="utf-8")
    with listener() as (url, calls):
        for address in (url, str(secret), secret.as_uri()):
            link = f"<NetworkLink><Link><href>{address}</href></Link></NetworkLink>"
            sites = read(KML.format(name="a").replace("<kml>", f"<kml>{link}").encode())
            assert sites.features["name"].to_list() == ["a"]
            schema = f' xmlns:xsi="s" xsi:schemaLocation="urn:a {address}" xmlns:xlink="l"'
            gml = GML.replace("<a", f"<a{schema}").format(
                f'<gml:featureMember xlink:href="{address}"/>'
            )
            with pytest.raises(PlanningError):
                read(gml.encode())
    assert calls == []


def test_deep_markup():
    for body in (KML.format(name="a"), GML.format("x")):
        root, rest = body.split(">", 1)
        with pytest.raises(TooComplexError) as caught:
            read(f"{root}>{'<Folder>' * 100_000}{rest}".encode())
        assert caught.value.params["what"] == "depth"


def test_more_elements_than_features_need():
    text = KML.format(name="a").replace("<Placemark>", "<Placemark>" + "<x/>" * 5000)
    with pytest.raises(TooComplexError):
        read(text.encode(), limits=ReadLimits(max_features=100))


def test_archives_in_archives():
    bomb = archive(("x.kml", bytes(30 * 2**20)))
    with pytest.raises(HostileArchiveError) as caught:
        read(archive(("a.zip", bomb)))
    assert caught.value.params["why"] == "unpacks_too_far"
    nested = archive(("x.json", b"{}"))
    for _ in range(4):
        nested = archive(("in.zip", nested))
    with pytest.raises(HostileArchiveError) as caught:
        read(nested)
    assert caught.value.params["why"] == "nests_too_deep"
    many = archive(*((f"{n}.zip", archive(("a.txt", b"1"), ("b.txt", b"2"))) for n in range(5)))
    with pytest.raises(HostileArchiveError) as caught:
        read(many, limits=ReadLimits(max_members=12))
    assert caught.value.params["why"] == "too_many_members"


def test_a_kmz_that_unpacks_to_gigabytes():
    # 40 MB of description for 40 kB; the handbook's case is the same at 800 MB.
    with pytest.raises(HostileArchiveError):
        read(archive(("doc.kml", KML.format(name="x" * (40 * 2**20)))))


def parquet(table, **column):
    stated = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", **column}}}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(stated)}), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [4, 5, 6, 7])
def test_wkb_that_would_crash_geos(kind):
    deep = (b"\x01" + struct.pack("<II", kind, 1)) * 100_000 + shapely.to_wkb(shapely.Point(1, 2))
    with pytest.raises(UnsupportedGeometryError):
        read(parquet(pa.table({"geometry": [deep]})))


def test_wkb_that_promises_too_much():
    for kind in (2, 3, 6):
        endless = b"\x01" + struct.pack("<II", kind, 2**31)
        with pytest.raises(UnsupportedGeometryError):
            read(parquet(pa.table({"geometry": [endless]})))


def repeated(value, times):
    picks = pa.array(np.zeros(times, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(picks, pa.array([value]))


def test_a_dictionary_that_unfolds_to_gigabytes():
    wkb = shapely.to_wkb(BOX)
    text = parquet(
        pa.table({"geometry": repeated(wkb, 400_000), "t": repeated("x" * 10**6, 400_000)})
    )
    assert len(text) < 60_000
    with pytest.raises(TooComplexError) as caught:
        read(text)
    assert caught.value.params["what"] == "bytes"
    ring = shapely.Point(102, 25).buffer(0.1, quad_segs=5_000)
    with pytest.raises(TooComplexError) as caught:
        read(parquet(pa.table({"geometry": repeated(shapely.to_wkb(ring), 400_000)})))
    assert caught.value.params["what"] == "vertices"


def test_parquet_that_is_no_geoparquet():
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), buffer)
    with pytest.raises(DamagedFileError):
        read(buffer.getvalue())
    with pytest.raises(UnsupportedGeometryError) as caught:
        read(parquet(pa.table({"geometry": [b""]}), encoding="polygon"))
    assert caught.value.params["found"] == "polygon"


def test_a_flatgeobuf_that_counts_to_the_sky():
    data = bytearray((GOLDEN / "sites.fgb").read_bytes())
    at = data.index(struct.pack("<Q", 2), 12)
    data[at : at + 8] = struct.pack("<Q", 2**50)
    with pytest.raises(DamagedFileError):
        read(bytes(data))


@pytest.mark.parametrize("cut", [1, 100, 1000])
def test_a_flatgeobuf_that_was_cut_off(cut):
    # GDAL reads it as one with fewer features.
    with pytest.raises(DamagedFileError):
        read((GOLDEN / "sites.fgb").read_bytes()[:-cut])


def drawing(*, radius=None):
    document = ezdxf.new("R2000")
    space = document.modelspace()
    space.add_lwpolyline(
        [(34.5e6, 2.76e6), (34.51e6, 2.76e6, 0, 0, 0.5), (34.51e6, 2.77e6)], close=True
    )
    space.add_spline([(34.5e6, 2.76e6), (34.51e6, 2.76e6), (34.52e6, 2.75e6)])
    space.add_text("红线", dxfattribs={"insert": (34.505e6, 2.763e6)})
    if radius:
        space.add_circle((0, 0), radius)
        space.add_lwpolyline([(0, 0, 0, 0, 1e-30), (radius, 0, 0, 0, 1e300)], close=True)
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().encode("gbk")


@pytest.mark.parametrize("radius", [1e12, 1e300])
def test_circles_of_the_size_of_the_sky(radius):
    with contextlib.suppress(PlanningError):
        read(drawing(radius=radius), crs="EPSG:4522")


def test_formulas_of_workbooks_are_not_coordinates():
    book = openpyxl.Workbook()
    for row in (["点号", "X", "Y"], *([f"J{n}", "=1+1", '=cmd|"/c calc"!A0'] for n in range(4))):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(PlanningError):
        read(stream.getvalue())


def test_what_is_loaded_when_nothing_needs_it():
    # The reading process starts with the server: libraries of single formats come later.
    code = (
        "import sys, layers.readers\n"
        "print([m for m in ('pyarrow', 'ezdxf', 'openpyxl') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ezdxf" not in ran.stdout
    assert "openpyxl" not in ran.stdout


def workbook():
    book = openpyxl.Workbook()
    for row in (["点号", "X", "Y"], ["J1", 25.0, 102.0], ["J2", 25.0, 102.1], ["J3", 25.1, 102.1]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SEEDS = {
    **{path.name: path.read_bytes() for path in sorted(GOLDEN.glob("sites*"))},
    "drawing.dxf": drawing(),
    "table.xlsx": workbook(),
    "table.csv": "点号,X,Y\nJ1,25.0,102.0\nJ2,25.0,102.1\nJ3,25.1,102.1\n".encode("gbk"),
    "points.txt": (
        "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=34\n[地块坐标]\n"
        "4,0.5,1,甲,面,,,,@\nJ1,1,2766000,500000\nJ2,1,2766000,500100\nJ3,1,2766100,500100\n"
        "J1,1,2766000,500000\n"
    ).encode(),
}
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from([b"\xff\xff\xff\xff", bytes(4), b"9999", b"\n", b"<", b"-", b"\x80"])
        | st.binary(min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", SEEDS)
@given(edits=EDITS, cut=st.sampled_from([1.0, 1.0, 1.0, 0.9, 0.5]))
@settings(max_examples=20, deadline=None)
def test_mutated_files_of_every_format(name, edits, cut):
    data = SEEDS[name]
    if name == "sites.gdb.zip":
        # The archive would be found damaged before the tables in it are.
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = {member: packed.read(member) for member in packed.namelist()}
        members = sorted(files)
        chosen = members[int(edits[0][0] * len(members))]
        survives(files | {chosen: mutated(files[chosen], edits, cut)})
    else:
        survives({"x": mutated(data, edits, cut)})


def mutated(data, edits, cut):
    changed = bytearray(data[: max(1, int(len(data) * cut))])
    for where, value in edits:
        at = int(where * len(changed))
        changed[at : at + len(value)] = value
    return bytes(changed)


def survives(files):
    """Read as sites and as a layer: a frame, or an error of ours that JSON can hold."""
    for reader in (read_sites, read_layer):
        try:
            reader(Source(name="x", files=files), ReadOptions(crs="EPSG:4543"), counties=None)
        except PlanningError as error:
            json.dumps(error.params)


def test_lengths_that_would_be_cut_into_billions_of_pieces():
    # A plane of one's own has no area of use, and its coordinates may be anything.
    wkt = CRS.from_proj4("+proj=tmerc +lat_0=0 +lon_0=102 +ellps=GRS80 +k=1e-7").to_wkt()
    box = shapely.box(0, 2_766_000 * 1e-7, 1, 1)
    far = shapely.transform(box, lambda xy: xy * 1e12)
    document = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(far)}
    for shape in (far, box):
        document["geometry"] = shapely.geometry.mapping(shape)
        with contextlib.suppress(PlanningError):
            read(json.dumps(document).encode(), crs=wkt)
