"""Good files of each format and dialect. Oracle unless said: what the maker was given."""

import io
import json
import pickle
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from geopandas.testing import assert_geodataframe_equal
from pyproj import CRS, Geod

import layers.readers
from geo.measure.gcj02 import from_true
from layers.errors import AmbiguousFileError, ShiftedDatumError
from layers.model import Datum, ReadOptions
from layers.readers import Source, read_layer, read_sites, source_from_path
from maps.i18n import tables

PLAIN = ReadOptions()
RAGGED = shapely.Polygon(
    [(102.1 + 1e-13, 25.2), (102.3, 25.123456789012345), (102.2, 25.4)],
    [[(102.18, 25.22), (102.22, 25.22), (102.2, 25.26)]],
)


def codes(report):
    return [issue.code for issue in report.issues]


def zipped(files, **kwargs):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **kwargs) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_geojson_keeps_geometry_and_attributes(make_geojson, one_file):
    source = one_file(make_geojson(RAGGED, 名称="昆明片区", n=3, nested={"a": [1]}))
    sites = read_sites(source, PLAIN, counties=None)
    frame = sites.features
    assert frame.geometry[0].equals_exact(RAGGED, 0.0)
    assert list(frame.columns) == ["site_id", "名称", "n", "nested", "geometry"]
    assert frame.iloc[0, :4].tolist() == ["1", "昆明片区", 3, '{"a": [1]}']
    assert frame.crs == CRS.from_epsg(4326)
    assert (sites.report.format, sites.report.crs_how) == ("GeoJSON", "rfc7946")
    assert (sites.report.encoding, sites.report.feature_count) == ("UTF-8", 1)


def test_geojson_named_txt_and_a_bare_geometry_are_read(one_file, square):
    geometry = {"type": "Polygon", "coordinates": [square]}
    for document in (geometry, {"type": "Feature", "geometry": geometry, "properties": None}):
        source = one_file(b"\xef\xbb\xbf \n" + json.dumps(document).encode(), "草图.txt")
        sites = read_sites(source, PLAIN, counties=None)
        assert sites.features.geometry[0].equals(shapely.Polygon(square))
        assert sites.report.name == "草图.txt"


def test_utf8_geojson_is_never_taken_for_gbk(make_geojson, one_file, square):
    # C3 A9 is é in UTF-8 and the everyday character 茅 in GBK; RFC 8259 settles it.
    sites = read_sites(
        one_file(make_geojson(shapely.Polygon(square), n="Café")), PLAIN, counties=None
    )
    assert sites.features["n"].tolist() == ["Café"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_geojson_in_other_encodings(make_geojson, one_file, square, encoding):
    text = make_geojson(shapely.Polygon(square), 名称="昆明经济技术开发区").decode()
    sites = read_sites(one_file(text.encode(encoding)), PLAIN, counties=None)
    assert sites.features["名称"].tolist() == ["昆明经济技术开发区"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("EPSG:4543", 4543), ("urn:ogc:def:crs:EPSG::4543", 4543)],
)
def test_geojson_legacy_crs_member(make_geojson, one_file, name, code):
    box = shapely.box(5e5, 27e5, 501e3, 2701e3)
    data = make_geojson(box, crs={"type": "name", "properties": {"name": name}})
    sites = read_sites(one_file(data), PLAIN, counties=None)
    assert sites.features.crs == CRS.from_epsg(code)
    assert sites.report.crs_how == "crs_member"


def test_crs84_is_lonlat(make_geojson, one_file, square):
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    data = make_geojson(shapely.Polygon(square), crs=name)
    assert read_sites(one_file(data), PLAIN, counties=None).report.crs == "EPSG:4326"


def test_geopackage_round_trip_is_exact(make_geopackage, one_file):
    frame = gpd.GeoDataFrame(
        {"地块编号": ["甲1", "甲2"], "亩": [1.5, 2.25]},
        geometry=[RAGGED, shapely.affinity.translate(RAGGED, 1)],
        crs=4490,
    )
    sites = read_sites(one_file(make_geopackage(parcels=frame)), PLAIN, counties=None)
    assert sites.features["site_id"].tolist() == ["甲1", "甲2"]
    back = sites.features.drop(columns="site_id")
    assert_geodataframe_equal(back, frame, check_dtype=False)
    assert all(a.equals_exact(b, 0.0) for a, b in zip(back.geometry, frame.geometry, strict=True))
    assert sites.report.crs_how == "file_header"


def test_geopackage_of_two_layers_needs_a_name(make_geopackage, one_file, square):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(square)], crs=4490)
    data = make_geopackage(one=frame, two=frame.assign(a=2))
    with pytest.raises(AmbiguousFileError) as caught:
        read_sites(one_file(data), PLAIN, counties=None)
    assert sorted(caught.value.params["choices"]) == ["one", "two"]
    sites = read_sites(one_file(data), ReadOptions(layer="two"), counties=None)
    assert sites.features["a"].tolist() == [2]


def test_loose_shapefile_round_trip_is_exact(make_shapefile, square):
    ring = [(x + 1e-13, y) for x, y in square]
    files = make_shapefile([ring], [[b"A"]])
    sites = read_sites(Source(name="plan.shp", files=files), PLAIN, counties=None)
    assert shapely.get_coordinates(sites.features.geometry).tolist() == [list(p) for p in ring]
    assert (sites.report.crs, sites.report.crs_how) == ("EPSG:4490", "prj_file")
    assert sites.report.encoding_how == "ascii_only"


@pytest.mark.parametrize("code", [4490, 4522, 4543])
def test_esri_prj_is_recognised(make_shapefile, code):
    east = 34_500_000 if code == 4522 else 500_000
    ring = [(east, 27e5), (east, 2701e3), (east + 1e3, 2701e3), (east, 27e5)]
    if code == 4490:
        ring = [(102, 25), (102, 26), (103, 26), (102, 25)]
    files = make_shapefile([ring], [[b"A"]], crs=code)
    sites = read_sites(Source(name="x", files=files), PLAIN, counties=None)
    assert sites.features.crs == CRS.from_epsg(code)


@pytest.mark.parametrize("flagged", [True, False])
def test_zipped_shapefile_in_nested_folders_with_chinese_names(
    make_shapefile, one_file, square, flagged
):
    files = make_shapefile([square], [["昆明".encode("gbk")]], ["地块名称".encode("gbk")], stem="x")
    named = {f"昆明/规划地块/选址{name[1:]}": data for name, data in files.items()}
    data = zipped(named)
    if not flagged:
        # The same archive without the UTF-8 flag: names as Windows writes them.
        data = zipped({f"stand-in-{i}": d for i, d in enumerate(named.values())})
        for number, name in enumerate(named):
            old = f"stand-in-{number}".encode()
            raw = name.encode("gbk")
            data = gbk_renamed(data, old, raw)
    sites = read_sites(one_file(data, "选址.zip"), PLAIN, counties=None)
    assert sites.features["地块名称"].tolist() == ["昆明"]
    assert sites.report.crs_how == "prj_file"


def gbk_renamed(data, old, raw):
    """Rewrite one member name of another length, in the local header and the directory."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as copy:
        for member in archive.infolist():
            name = member.orig_filename.encode("cp437")
            name = raw if name == old else name
            fresh = _RawName(name.decode("cp437"))
            copy.writestr(fresh, archive.read(member))
    return out.getvalue()


class _RawName(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):  # noqa: N802 - the name is zipfile's
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def test_zip_with_two_shapefiles_needs_a_name(make_shapefile, one_file, square):
    files = make_shapefile([square], [[b"A"]], stem="a/one")
    files |= make_shapefile([square], [[b"B"]], stem="a/two")
    with pytest.raises(AmbiguousFileError) as caught:
        read_sites(one_file(zipped(files)), PLAIN, counties=None)
    assert caught.value.params["choices"] == ["a/one.shp", "a/two.shp"]
    for wanted in ("two", "a/two.shp"):
        sites = read_sites(one_file(zipped(files)), ReadOptions(layer=wanted), counties=None)
        assert sites.features["name"].tolist() == ["B"]


def test_zip_named_shp_is_read_by_its_content(make_geojson, one_file, square):
    data = zipped({"a.json": make_geojson(shapely.Polygon(square))})
    sites = read_sites(one_file(data, "fake.shp"), PLAIN, counties=None)
    assert sites.report.format == "GeoJSON"


def test_path_of_a_shapefile_brings_its_companions(make_shapefile, square, tmp_path: Path):
    for name, data in make_shapefile([square], [[b"A"]], stem="选址").items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "选址.shp.xml").write_text("<metadata/>")
    source = source_from_path(tmp_path / "选址.shp")
    assert sorted(source.files) == ["选址.dbf", "选址.prj", "选址.shp", "选址.shx"]
    assert len(read_sites(source, PLAIN, counties=None).features) == 1


def test_digest_of_loose_files_depends_on_every_one_and_not_on_their_order(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]])
    source = Source(name="x", files=files)
    assert source.sha256 == Source(name="y", files=dict(reversed(files.items()))).sha256
    assert source.sha256 != Source(name="x", files=files | {"plan.prj": b""}).sha256


def test_heights_are_dropped_and_said_so(make_geojson, one_file):
    box = shapely.force_3d(shapely.box(102, 25, 103, 26), 1890.0)
    sites = read_sites(one_file(make_geojson(box)), PLAIN, counties=None)
    assert not sites.features.geometry.has_z.any()
    assert codes(sites.report) == ["z_dropped"]


def test_bow_tie_is_repaired_with_both_areas(make_geojson, one_file):
    # By hand: the lobes are equal triangles turning opposite ways, so as drawn they cancel.
    tie = shapely.Polygon([(102, 25), (102.02, 25), (102, 25.02), (102.02, 25.02)])
    sites = read_sites(one_file(make_geojson(tie, id="T")), PLAIN, counties=None)
    (issue,) = sites.report.issues
    assert (issue.code, issue.feature_id) == ("geometry_repaired", "T")
    assert issue.params["why"] == "self_intersection"
    geod = Geod(ellps="GRS80")
    expected = sum(
        abs(geod.geometry_area_perimeter(part)[0]) for part in sites.features.geometry[0].geoms
    )
    assert issue.params["area_after_m2"] == pytest.approx(expected, rel=1e-6)
    assert issue.params["area_before_m2"] < expected * 1e-3


def test_polygons_are_taken_out_of_collections(make_geojson, one_file, square):
    polygon = shapely.Polygon(square)
    mixed = shapely.GeometryCollection([polygon, shapely.Point(102, 25)])
    sites = read_sites(one_file(make_geojson(mixed)), PLAIN, counties=None)
    assert sites.features.geometry[0].equals(polygon)
    assert codes(sites.report) == []
    assert [(one.reason, one.part, one.count) for one in sites.report.ledger.left_out] == [
        ("other_parts", True, 1)
    ]


def test_open_ring_is_closed_and_said_so(one_file, square):
    geometry = {"type": "Polygon", "coordinates": [square[:-1]]}
    sites = read_sites(one_file(json.dumps(geometry).encode()), PLAIN, counties=None)
    assert sites.features.geometry[0].equals(shapely.Polygon(square))
    assert codes(sites.report) == ["rings_closed"]


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_declared_shifted_datum_is_undone(make_geojson, one_file, square, datum):
    # Oracle: the forward shift; reading it back must give the square to 1e-9 degrees.
    lon, lat = from_true(*np.array(square).T, datum=datum.value)
    shifted = shapely.Polygon(np.column_stack([lon, lat]))
    sites = read_sites(one_file(make_geojson(shifted)), ReadOptions(datum=datum), counties=None)
    assert shapely.get_coordinates(sites.features.geometry) == pytest.approx(
        np.array(square), abs=1e-9
    )
    (issue,) = sites.report.issues
    assert issue.code == "datum_converted"
    if datum is Datum.GCJ02:
        assert 330 < issue.params["max_shift_m"] < 420


def test_layers_on_a_shifted_datum_are_refused(make_geojson, one_file, square):
    source = one_file(make_geojson(shapely.Polygon(square)))
    with pytest.raises(ShiftedDatumError):
        read_layer(source, ReadOptions(datum=Datum.GCJ02), counties=None)


def test_declared_crs_wins_and_disagreement_is_said(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]], crs=4326)
    source = Source(name="x", files=files)
    sites = read_sites(source, ReadOptions(crs="EPSG:4490"), counties=None)
    assert (sites.report.crs, sites.report.crs_how) == ("EPSG:4490", "declared")
    (issue,) = sites.report.issues
    assert issue.code == "crs_disagrees"
    assert issue.params == {"declared": "EPSG:4490", "stated": "EPSG:4326"}
    agreed = read_sites(source, ReadOptions(crs="4326"), counties=None)
    assert agreed.report.issues == ()


def test_swapped_axes_are_put_right_on_request(make_geojson, one_file, square):
    swapped = shapely.Polygon([(y, x) for x, y in square])
    options = ReadOptions(swap_axes=True)
    sites = read_sites(one_file(make_geojson(swapped)), options, counties=None)
    assert sites.features.geometry[0].equals_exact(shapely.Polygon(square), 0.0)
    assert codes(sites.report) == ["axes_swapped"]


@pytest.mark.parametrize(
    ("values", "expected", "issue"),
    [
        (["甲", "乙"], ["甲", "乙"], []),
        ([7, 8], ["7", "8"], []),
        (["甲", "甲"], ["1", "2"], ["ids_replaced"]),
        (["甲", None], ["1", "2"], ["ids_replaced"]),
    ],
)
def test_ids_are_unique_text_or_row_numbers(one_file, square, values, expected, issue):
    site = shapely.Polygon(square)
    features = [
        {
            "type": "Feature",
            "properties": {"编号": value},
            "geometry": shapely.geometry.mapping(shapely.affinity.translate(site, at)),
        }
        for at, value in enumerate(values)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    sites = read_sites(one_file(data), PLAIN, counties=None)
    assert sites.features["site_id"].tolist() == expected
    assert codes(sites.report) == issue
    assert len(sites.features.columns) == 3


def test_layer_takes_lines_and_leaves_out_empty_features(one_file):
    line = {"type": "LineString", "coordinates": [[102, 25], [103, 26]]}
    features = [
        {"type": "Feature", "id": f"r{n}", "properties": {}, "geometry": geometry}
        for n, geometry in enumerate([line, None])
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    frame, report = read_layer(one_file(data), PLAIN, counties=None)
    assert frame["feature_id"].tolist() == ["r0"]
    assert frame.geometry[0].equals(shapely.LineString([(102, 25), (103, 26)]))
    assert [(one.label, one.reason) for one in report.ledger.left_out] == [("r1", "no_geometry")]
    assert (report.ledger.found, report.ledger.used, report.ledger.unexplained) == (2, 1, 0)


@pytest.mark.parametrize(
    ("decimals", "expected_m"),
    # By hand: 10**-7 degrees of 111 320 m each.
    [(8, 0.0011132), (7, 0.011132), (6, 0.11132)],
)
def test_precision_follows_the_decimals(make_geojson, one_file, decimals, expected_m):
    circle = shapely.Point(102.71234567, 25.01234567).buffer(0.01)
    rounded = shapely.transform(circle, lambda xy: np.round(xy, decimals))
    report = read_sites(one_file(make_geojson(rounded)), PLAIN, counties=None).report
    assert report.precision_m == pytest.approx(expected_m, rel=1e-6)


def test_unrounded_numbers_and_rectangles_say_nothing_of_precision(make_geojson, one_file):
    circle = shapely.Point(102.7, 25.01).buffer(0.01)
    # Five decimals of a degree are 1.1 m: a sketch, whose wide step would excuse overlaps.
    sketch = shapely.transform(circle, lambda xy: np.round(xy, 5))
    for shape in (circle, shapely.box(102, 25, 103, 26), sketch):
        report = read_sites(one_file(make_geojson(shape)), PLAIN, counties=None).report
        assert report.precision_m is None


def test_reading_can_be_handed_to_another_process(make_geojson, one_file, square):
    # A seam for a killable child: what goes in and comes out can be pickled, unchanged.
    source = one_file(make_geojson(shapely.Polygon(square)))
    sent = pickle.loads(pickle.dumps((source, PLAIN)))  # noqa: S301 - our own bytes
    here, there = read_sites(source, PLAIN, counties=None), read_sites(*sent, counties=None)
    back = pickle.loads(pickle.dumps(there))  # noqa: S301 - our own bytes
    assert back.report == here.report
    assert_geodataframe_equal(back.features, here.features)


def test_awkward_field_names_stay_unique(one_file, square):
    properties = {"geometry": "g", "Name": 1, "name": 2, "": 3, "mixed": True}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    sites = read_sites(one_file(json.dumps(feature).encode()), PLAIN, counties=None)
    assert list(sites.features.columns) == [
        "site_id", "geometry_2", "Name", "name_2", "field_4", "mixed", "geometry",
    ]  # fmt: skip
    assert sites.features["mixed"].tolist() == ["true"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_issue_of_the_readers_is_worded(lang):
    # Oracle: the codes in the source text against the tables of the locale files.
    root = Path(layers.readers.__file__).parents[2]
    source = "".join(path.read_text("utf-8") for path in (root / "layers/readers").glob("*.py"))
    codes_used = set(re.findall(r'(?:Issue\(\s*code=|warn(?:ing)?\(\s*)"(\w+)"', source))
    assert len(codes_used) >= 12
    assert codes_used <= tables(lang)["issues"].keys()
