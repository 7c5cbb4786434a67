"""Files that cannot be read as they are: one clear error each, with its parameters.

Oracle: the error class and parameters that the remedy needs, written down by hand.
"""

import contextlib
import json
import struct

import geopandas as gpd
import pytest
import shapely

from geo.errors import (
    AxisOrderError,
    EmptyGeometryError,
    MissingCrsError,
    NonFiniteCoordinateError,
    NotPolygonalError,
    NoTransformationError,
    OutsideCrsError,
    UnknownCrsError,
)
from layers.errors import (
    DamagedFileError,
    DatumNeedsLonLatError,
    EmptyFileError,
    IncompleteShapefileError,
    MissingFileError,
    TooComplexError,
    TooLargeError,
    UnknownFormatError,
)
from layers.model import Datum, ReadOptions
from layers.readers import ReadLimits, Source, read_layer, read_sites, source_from_path
from layers.readers.errors import UnknownChoiceError, UnreadableShapesError
from layers.readers.sniff import SUPPORTED

PLANE_BOX = shapely.box(34_500_000, 27e5, 34_501_000, 2701e3)


def refused(error, source, *, counties=None, limits=None, **options):
    limits = limits or ReadLimits()
    with pytest.raises(error) as caught:
        read_sites(source, ReadOptions(**options), counties=counties, limits=limits)
    assert type(caught.value) is error
    json.dumps(caught.value.params)
    return caught.value.params


def left_out(source):
    sites = read_sites(source, ReadOptions(), counties=None)
    assert sites.report.ledger.unexplained == 0
    assert len(sites.features) == sites.report.ledger.used
    return sites.report.ledger.left_out


@pytest.fixture
def counties():
    area = [shapely.box(102, 24, 103, 25.5), shapely.box(97, 24, 98, 25)]
    return gpd.GeoDataFrame({"name_zh": ["官渡区", "瑞丽市"]}, geometry=area, crs=4490)


def test_empty_file(one_file):
    assert refused(EmptyFileError, one_file(b"", "空.shp")) == {"name": "空.shp"}


@pytest.mark.parametrize("data", [b"not a shapefile", b"a,b\n1,2\n", b"\x00" * 200, b"[1, 2]"])
def test_text_renamed_shp(one_file, data):
    params = refused(UnknownFormatError, one_file(data, "text.shp"))
    assert params["supported"] == list(SUPPORTED)


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ({".dbf"}, [".dbf"]),
        ({".shx", ".dbf"}, [".shx", ".dbf"]),
        ({".shp"}, [".shp"]),
        ({".shp", ".dbf", ".prj"}, [".shp", ".dbf"]),
    ],
)
def test_shapefile_without_companions(make_shapefile, square, left_out, missing):
    files = make_shapefile([square], [[b"A"]])
    kept = {name: data for name, data in files.items() if name[-4:] not in left_out}
    params = refused(IncompleteShapefileError, Source(name="plan.shp", files=kept))
    assert params["missing"] == missing


def test_empty_member_of_a_shapefile(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]]) | {"plan.dbf": b""}
    assert refused(EmptyFileError, Source(name="x", files=files)) == {"name": "plan.dbf"}


@pytest.mark.parametrize("member", [".shp", ".shx", ".dbf"])
def test_shapefile_that_was_cut_off(make_shapefile, square, member):
    files = make_shapefile([square] * 3, [[b"A"]] * 3)
    files[f"plan{member}"] = files[f"plan{member}"][:-20]
    refused(DamagedFileError, Source(name="x", files=files))


def test_shapefile_without_features(make_shapefile, square):
    refused(EmptyFileError, Source(name="x", files=make_shapefile([], [])))
    files = make_shapefile([square], [[b"A"]])
    files["plan.dbf"] = files["plan.dbf"].replace(b"\r ", b"\r*")  # marked as deleted
    refused(EmptyFileError, Source(name="x", files=files))


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Feature", "geometry": {"type": "Polygon"}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [["a", "b"]]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[["1", "2"]] * 4]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1]] * 4]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[True, False]] * 4]}},
        {"type": "Feature", "geometry": {"type": "Sphere", "coordinates": []}},
        {"type": "Feature", "geometry": [1, 2]},
    ],
)
def test_geojson_of_a_wrong_shape(one_file, document):
    refused(UnreadableShapesError, one_file(json.dumps(document).encode()))


@pytest.mark.parametrize("rest", [{}, {"features": [1]}])
def test_a_collection_without_features_is_damaged(one_file, rest):
    refused(DamagedFileError, one_file(json.dumps({"type": "FeatureCollection", **rest}).encode()))


@pytest.mark.parametrize("document", [{}, {"type": "Sphere"}, {"type": ["Feature"]}])
def test_json_that_is_not_geojson(one_file, document):
    refused(UnknownFormatError, one_file(json.dumps(document).encode()))


def test_geojson_without_features(one_file, make_geojson):
    refused(EmptyFileError, one_file(make_geojson()))


def test_json_cut_off(one_file, make_geojson, square):
    refused(DamagedFileError, one_file(make_geojson(shapely.Polygon(square))[:-9]))


def test_no_crs_proposes_with_evidence(make_geojson, one_file, counties):
    params = refused(MissingCrsError, one_file(make_geojson(PLANE_BOX)), counties=counties)
    (proposal,) = params["proposals"]
    assert proposal == {
        "crs": "EPSG:4522",
        "evidence": ["zone_number", "county_hit"],
        "swap_axes": False,
        "place": "官渡区",
        "unit": "m",
    }


def test_shapefile_without_prj_is_never_taken_for_lonlat(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]], crs=None)
    params = refused(MissingCrsError, Source(name="x", files=files))
    assert [proposal["crs"] for proposal in params["proposals"]] == ["EPSG:4490"]


def test_null_crs_member_forbids_assuming(make_geojson, one_file, square):
    refused(MissingCrsError, one_file(make_geojson(shapely.Polygon(square), crs=None)))


@pytest.mark.parametrize(
    "member",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1/crs"}},
        {"type": "name", "properties": {"name": "EPSG:999999"}},
        {"type": "name", "properties": {"name": "+proj=longlat +nadgrids=/etc/passwd"}},
        {"type": "name"},
        "EPSG:4490!",
    ],
)
def test_stated_crs_that_means_nothing(make_geojson, one_file, square, member):
    source = one_file(make_geojson(shapely.Polygon(square), crs=member))
    refused(UnknownCrsError, source)
    sites = read_sites(source, ReadOptions(crs="EPSG:4490"), counties=None)
    assert [issue.code for issue in sites.report.issues] == ["crs_disagrees"]


def test_declared_crs_that_means_nothing(make_geojson, one_file, square):
    source = one_file(make_geojson(shapely.Polygon(square)))
    refused(UnknownCrsError, source, crs="nowhere 2000")


def test_swapped_lonlat(make_geojson, make_shapefile, one_file, square, counties):
    swapped = [(y, x) for x, y in square]
    for source in (
        one_file(make_geojson(shapely.Polygon(swapped))),
        Source(name="x", files=make_shapefile([swapped], [[b"A"]], crs=4490)),
    ):
        params = refused(AxisOrderError, source, counties=counties)
        assert params["remedy"] == "swap_axes"
        assert params["proposals"][0]["crs"] == "EPSG:4490"


def test_swapped_plane_coordinates(make_shapefile, counties):
    ring = [(27e5, 5e5), (27e5, 501e3), (2701e3, 501e3), (27e5, 5e5)]
    files = make_shapefile([ring], [[b"A"]], crs=4543)
    params = refused(AxisOrderError, Source(name="x", files=files), counties=counties)
    assert "EPSG:4543" in [proposal["crs"] for proposal in params["proposals"]]


def test_zone_number_in_an_unprefixed_crs(make_geojson, one_file, counties):
    source = one_file(make_geojson(PLANE_BOX))
    params = refused(OutsideCrsError, source, counties=counties, crs="EPSG:4543")
    assert params["crs"] == "EPSG:4543"
    assert params["proposals"][0]["crs"] == "EPSG:4522"


def test_latitude_over_90(make_geojson, one_file):
    box = shapely.box(60, 95, 61, 96)
    refused(OutsideCrsError, one_file(make_geojson(box)), crs="EPSG:4326")


def test_lonlat_numbers_in_a_plane_crs(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]], crs=4543)
    params = refused(OutsideCrsError, Source(name="x", files=files))
    assert params["proposals"][0]["crs"] == "EPSG:4490"


def test_datum_without_a_known_transformation(make_geojson, one_file, square):
    source = one_file(make_geojson(shapely.Polygon(square)))
    refused(NoTransformationError, source, crs="EPSG:4610")


def test_shifted_datum_needs_lonlat(make_geojson, one_file):
    source = one_file(make_geojson(PLANE_BOX))
    refused(DatumNeedsLonLatError, source, crs="EPSG:4522", datum=Datum.GCJ02)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "null", "1e999"])
def test_coordinates_that_are_no_numbers_in_geojson(make_geojson, one_file, square, number):
    data = make_geojson(shapely.Polygon(square), shapely.Polygon(square))
    head, _, tail = data.decode().rpartition("102.81")
    source = one_file(f"{head}{number}{tail}".encode())
    params = refused(NonFiniteCoordinateError, source, leave_out_unusable=False)
    assert params == {"name": "upload", "feature": 2}
    (lost,) = left_out(source)
    assert (lost.label, lost.reason) == ("2", "not_finite")
    with pytest.raises(NonFiniteCoordinateError):
        read_layer(source, ReadOptions(), counties=None)


def test_nan_in_a_shapefile(make_shapefile, square):
    files = make_shapefile([square], [[b"A"]])
    at = files["plan.shp"].rindex(struct.pack("<d", 102.81))
    shp = files["plan.shp"]
    files["plan.shp"] = shp[:at] + struct.pack("<d", float("nan")) + shp[at + 8 :]
    refused(NonFiniteCoordinateError, Source(name="x", files=files))


def test_nan_in_a_geopackage(make_geopackage, one_file, square):
    ring = [*square[:2], (float("nan"), 24.97), *square[2:]]
    with pytest.warns(RuntimeWarning):
        frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(ring)], crs=4490)
    refused(NonFiniteCoordinateError, one_file(make_geopackage(one=frame)))


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(102, 25),
        shapely.LineString([(102, 25), (103, 26)]),
        shapely.MultiPoint([(102, 25)]),
        shapely.GeometryCollection([shapely.Point(102, 25)]),
    ],
)
def test_points_and_lines_for_sites(make_geojson, one_file, square, geometry):
    source = one_file(make_geojson(shapely.Polygon(square), geometry))
    params = refused(NotPolygonalError, source, leave_out_unusable=False)
    assert (params["feature"], params["found"]) == (2, geometry.geom_type)
    (lost,) = left_out(source)
    reasons = {"GeometryCollection": "no_area", "LineString": "line_straight"}
    assert (lost.label, lost.reason) == ("2", reasons.get(geometry.geom_type, "is_point"))


@pytest.mark.parametrize(
    "coordinates",
    [
        [],
        [[]],
        [[[102, 25], [103, 26], [102, 25]]],
        [[[102, 25], [103, 26], [104, 27], [102, 25]]],
        [[[102, 25]] * 5],
    ],
)
def test_polygons_without_area(one_file, coordinates):
    geometry = {"type": "Polygon", "coordinates": coordinates}
    params = refused(EmptyGeometryError, one_file(json.dumps(geometry).encode()))
    assert params["feature"] == 1


def test_missing_geometry_of_a_site(make_geojson, one_file, square):
    source = one_file(make_geojson(shapely.Polygon(square), None))
    assert refused(EmptyGeometryError, source, leave_out_unusable=False)["feature"] == 2
    assert [(lost.label, lost.reason) for lost in left_out(source)] == [("2", "no_geometry")]


def test_layer_of_nothing_but_empty_features(make_geojson, one_file):
    with pytest.raises(EmptyFileError):
        read_layer(one_file(make_geojson(None, None)), ReadOptions(), counties=None)


def test_size_is_checked_before_anything_is_parsed(one_file):
    # 100 MB of what would be an unknown format: the size speaks first.
    limits = ReadLimits(max_bytes=10 * 2**20)
    params = refused(TooLargeError, one_file(bytes(100 * 10**6)), limits=limits)
    assert params["limit_bytes"] == 10 * 2**20


def test_size_of_a_path_is_checked_before_it_is_read(tmp_path):
    path = tmp_path / "large.geojson"
    path.write_bytes(b"{" + bytes(2000))
    with pytest.raises(TooLargeError):
        source_from_path(path, ReadLimits(max_bytes=1000))


@pytest.mark.parametrize("name", ["absent.shp", ".", "nul\x00.shp"])
def test_path_that_is_no_file(tmp_path, name):
    with pytest.raises(MissingFileError):
        source_from_path(tmp_path / name)


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (ReadLimits(max_vertices=9), "vertices"),
        (ReadLimits(max_features=1), "features"),
        (ReadLimits(max_fields=2), "fields"),
    ],
)
def test_limits_on_content(make_geojson, one_file, square, limits, what):
    polygon = shapely.Polygon(square)
    source = one_file(make_geojson(polygon, polygon, a=1, b=2, c=3))
    assert refused(TooComplexError, source, limits=limits)["what"] == what


def test_nested_collections(one_file):
    geometry = {"type": "Point", "coordinates": [102, 25]}
    for _ in range(20):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    assert refused(TooComplexError, one_file(json.dumps(geometry).encode()))["what"] == "depth"


def test_unknown_layer_of_a_geopackage(make_geopackage, one_file, square):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(square)], crs=4490)
    params = refused(UnknownChoiceError, one_file(make_geopackage(one=frame)), layer="two")
    assert params["choices"] == ["one"]


def test_geopackage_without_crs(make_geopackage, one_file, square):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Polygon(square)], crs=4490)
    data = make_geopackage(one=frame.set_crs(None, allow_override=True))
    refused(MissingCrsError, one_file(data))


def test_geopackage_without_a_spatial_layer(make_geopackage, one_file):
    import pandas as pd

    refused(EmptyFileError, one_file(make_geopackage(one=pd.DataFrame({"a": [1]}))))


def test_polygon_with_a_hole_of_one_repeated_point(one_file, square):
    # GEOS may give up on such a ring: then an error of ours, else the plain square.
    geometry = {"type": "Polygon", "coordinates": [[*square], [[102.805, 24.965]] * 5]}
    with contextlib.suppress(DamagedFileError):
        sites = read_sites(one_file(json.dumps(geometry).encode()), ReadOptions(), counties=None)
        assert sites.features.geometry[0].equals(shapely.Polygon(square))
