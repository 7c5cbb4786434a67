"""Files made to do harm. Oracle: nothing but our own error comes out, and nothing leaks."""

import contextlib
import io
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pyogrio.errors
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import layers.readers
from geo.errors import PlanningError
from layers.errors import (
    DamagedFileError,
    EmptyFileError,
    HostileArchiveError,
    TooComplexError,
    UnknownFormatError,
)
from layers.model import ReadOptions
from layers.readers import ReadLimits, Source, read_layer, read_sites
from layers.readers._gdal import ALLOWED_DRIVERS
from layers.readers._gdal import pyogrio as hardened
from layers.readers._translate import FOREIGN, translated

SECRET = json.dumps({"type": "Point", "coordinates": [102, 25]})


def read(data, **kwargs):
    source = Source(name="upload", files={"upload": data})
    return read_sites(source, ReadOptions(), counties=None, **kwargs)


def archive(*members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{path}</SrcDataSource>',
        "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
        '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {path}"}}',
        "/vsicurl/http://127.0.0.1:9/x.geojson",
        "WFS:http://127.0.0.1:9/",
        "{path}",
    ],
)
def test_pointers_to_other_files_are_not_followed(tmp_path, text):
    secret = tmp_path / "secret.geojson"
    secret.write_text(SECRET)
    data = text.format(path=secret).encode()
    for name in ("x.geojson", "x.shp", "x.gpkg", "x.vrt"):
        with pytest.raises(UnknownFormatError):
            read_sites(Source(name=name, files={name: data}), ReadOptions(), counties=None)
    with pytest.raises(UnknownFormatError):
        read(archive(("x.geojson", data)))


def test_gdal_has_only_our_drivers_in_a_fresh_process():
    # A second look from outside, so that no other test's import can hide a gap; the
    # environment must be as it was, and plain geopandas gets the same drivers.
    code = (
        "import os; before = dict(os.environ)\n"
        "import layers.readers, pyogrio\n"
        "assert {k: v for k, v in os.environ.items() if k.startswith(('GDAL_S', 'CPL'))} == {}\n"
        "print(sorted(pyogrio.list_drivers()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(sorted(ALLOWED_DRIVERS))
    assert hardened.get_gdal_config_option("CPL_VSIL_CURL_ALLOWED_FILENAME") == "/none"


def test_pyogrio_is_imported_in_one_place():
    # Whoever imports it first fixes GDAL's drivers for the whole process.
    root = Path(layers.readers.__file__).parents[2]
    found = {
        path.relative_to(root).as_posix()
        for package in ("geo", "layers", "maps", "api")
        for path in (root / package).rglob("*.py")
        if re.search(r"^\s*(import pyogrio|from pyogrio)", path.read_text("utf-8"), re.MULTILINE)
    }
    # Tiles are written in a process of their own, of layers that are in the store already.
    assert found == {"layers/readers/_gdal.py", "layers/store/tiles.py"}


@pytest.mark.parametrize("name", ["../x.json", "/etc/x.json", "a/../../x.json", "..\\x", "C:/x"])
def test_archive_members_that_leave_their_folder(name):
    with pytest.raises(HostileArchiveError) as caught:
        read(archive((name, SECRET)))
    assert caught.value.params == {"name": "upload", "why": "leaves_folder"}


def test_links_in_archives():
    link = zipfile.ZipInfo("x.json")
    link.external_attr = 0o120777 << 16
    with pytest.raises(HostileArchiveError) as caught:
        read(archive((link, "/etc/passwd")))
    assert caught.value.params["why"] == "link"


def test_encrypted_archives():
    data = bytearray(archive(("x.json", SECRET)))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(HostileArchiveError) as caught:
        read(bytes(data))
    assert caught.value.params["why"] == "encrypted"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_come_twice():
    with pytest.raises(HostileArchiveError) as caught:
        read(archive(("x.json", SECRET), ("x.json", SECRET)))
    assert caught.value.params["why"] == "duplicate_member"


def test_too_many_members():
    with pytest.raises(HostileArchiveError) as caught:
        read(
            archive(*((f"{n}.json", SECRET) for n in range(11))), limits=ReadLimits(max_members=10)
        )
    assert caught.value.params["why"] == "too_many_members"


def test_bombs_are_stopped_by_what_they_unpack_to():
    # 20 MB of zeros pack to 20 kB; the size that the archive states of itself is forged.
    data = bytearray(archive(("x.json", bytes(20 * 2**20))))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    for bomb in (archive(("x.json", bytes(20 * 2**20))), bytes(data)):
        with pytest.raises((HostileArchiveError, DamagedFileError)):
            read(bomb)
    with pytest.raises(HostileArchiveError):
        read(archive(("x.json", bytes(2000))), limits=ReadLimits(max_unpacked_bytes=1000))


def test_archives_with_nothing_to_read():
    with pytest.raises(EmptyFileError):
        read(archive())
    with pytest.raises(EmptyFileError):
        read(archive(("__MACOSX/x.json", b"")))
    with pytest.raises(UnknownFormatError):
        read(archive(("inner.zip", archive(("x.bin", b"nothing")))))


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000])
def test_deep_nesting_does_not_bring_the_process_down(text):
    start = '{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": '
    for data in (text, start + text):
        with pytest.raises((DamagedFileError, UnknownFormatError)):
            read(data.encode())


def test_deep_collections_in_one_geometry():
    text = '{"type": "GeometryCollection", "geometries": [' * 200
    text += SECRET + "]}" * 200
    with pytest.raises((DamagedFileError, TooComplexError)):
        read(text.encode())


def test_views_of_geopackages_are_not_run(make_geopackage, square, tmp_path):
    import geopandas as gpd

    # The view never ends; the child process is killed if it is read all the same.
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(square)], crs=4490)
    path = tmp_path / "view.gpkg"
    path.write_bytes(make_geopackage(one=frame))
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            database.execute(f'DROP TRIGGER "{name}"')
        database.executescript(
            "DROP TABLE gpkg_ogr_contents; ALTER TABLE one RENAME TO real;"
            "CREATE VIEW one AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t)"
            " SELECT real.fid, real.geom, t.x FROM real, t;"
            "UPDATE gpkg_contents SET table_name = 'one';"
            "UPDATE gpkg_geometry_columns SET table_name = 'one';"
        )
    code = (
        "from pathlib import Path; from layers.model import ReadOptions\n"
        "from layers.readers import read_sites, source_from_path\n"
        f"read_sites(source_from_path(Path({str(path)!r})), ReadOptions(), counties=None)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "NoListedLayerError" in ran.stderr


def test_nothing_is_left_in_the_temporary_folder(make_geopackage, square, tmp_path, monkeypatch):
    import geopandas as gpd

    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(square)], crs=4490)
    data = make_geopackage(one=frame)
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    read(data)
    with pytest.raises(DamagedFileError):
        read(data[:4000])
    assert list(private.iterdir()) == []


def test_every_error_of_pyogrio_is_translated():
    theirs = [
        value
        for value in vars(pyogrio.errors).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert len(theirs) >= 6
    for error in theirs:
        assert issubclass(error, FOREIGN)
        with pytest.raises(DamagedFileError), translated("x", "y"):
            raise error("text that names /tmp/private")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "features", "geometry", "coordinates", "properties", "crs", "id"]
            ),
            inner | st.sampled_from(["Feature", "FeatureCollection", "Polygon", "Point", "name"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


def survives(files):
    """Read as sites and as a layer: a frame, or an error of ours."""
    source = Source(name="x", files=files)
    for reader in (read_sites, read_layer):
        try:
            reader(source, ReadOptions(), counties=None)
        except PlanningError as error:
            json.dumps(error.params)


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + bytes(18))
@example(b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(100))
@example(b"\x00\x00\x27\x0a" + bytes(24) + b"\xe8\x03\x00\x00" + bytes(100))
def test_random_bytes(data):
    survives({"x": data})
    for start in (b"PK\x03\x04", b"{", b"\xff\xfe", b"SQLite format 3\x00" + bytes(52) + b"GPKG"):
        survives({"x": start + data})


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_random_json(document):
    survives({"x": json.dumps({"type": "Feature", "geometry": document}).encode()})
    survives({"x": json.dumps(document).encode()})
    feature = {"type": "Polygon", "coordinates": document, "crs": document}
    survives({"x": json.dumps(feature).encode()})


EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8
)


def mutated(data, edits, cut):
    changed = bytearray(data[: max(1, int(len(data) * cut))])
    for where, value in edits:
        changed[int(where * len(changed))] = value
    return bytes(changed)


@given(edits=EDITS, cut=st.sampled_from([1.0, 1.0, 0.9, 0.3]), member=st.integers(0, 3))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# A table that gives its records no length.
@example(edits=[(0.0703125, 0)], cut=1.0, member=0)
def test_mutated_shapefiles(make_shapefile, square, edits, cut, member):
    files = make_shapefile([square, square], [["昆明".encode("gbk")], [b"B"]])
    name = sorted(files)[member]
    survives(files | {name: mutated(files[name], edits, cut)})


@given(edits=EDITS, cut=st.sampled_from([1.0, 1.0, 0.9, 0.3]))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mutated_archives_and_geojson(make_geojson, square, edits, cut):
    text = make_geojson(shapely.Polygon(square), 名称="昆明")
    survives({"x": mutated(text, edits, cut)})
    survives({"x": mutated(archive(("a/昆明.json", text)), edits, cut)})


@pytest.fixture(scope="module")
def small_geopackage(tmp_path_factory):
    import geopandas as gpd

    path = tmp_path_factory.mktemp("gpkg") / "x.gpkg"
    frame = gpd.GeoDataFrame({"名称": ["甲"]}, geometry=[shapely.box(102, 25, 103, 26)], crs=4490)
    hardened.write_dataframe(frame, path, layer="a", driver="GPKG")
    return path.read_bytes()


@given(edits=EDITS, cut=st.sampled_from([1.0, 1.0, 1.0, 0.9, 0.3]))
@settings(max_examples=40, deadline=None)
def test_mutated_geopackages(small_geopackage, edits, cut):
    survives({"x": mutated(small_geopackage, edits, cut)})


def test_no_option_names_a_library_to_load() -> None:
    # GDAL loads what the option names, and "NO" is a name like any other.
    sources = [*Path(layers.__path__[0]).rglob("*.py"), *Path(layers.__path__[0]).rglob("*.toml")]
    named = [p.name for p in sources if '"OGR_SQLITE_LOAD_EXTENSIONS"' in p.read_text("utf-8")]
    assert named == []
