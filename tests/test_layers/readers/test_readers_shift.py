"""Suspicion of undeclared GCJ-02. Oracle: sites cut from real county borders, shifted by
the forward formula, which the suspicion itself only inverts."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.measure.gcj02 import from_true
from layers.builtin.reference import read_counties
from layers.model import Datum, ReadOptions
from layers.readers import Source, read_layer, read_sites
from layers.readers.shift import shift_issues
from layers.zones import shipped_zone

BORDER = ["gcj02_suspected_known_lines"]
GROUND = ["gcj02_suspected_known_ground"]


def shifted(shape):
    return shapely.transform(
        shape, lambda xy: np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    )


def codes(shape):
    series = gpd.GeoSeries([shape], crs=4490)
    return [issue.code for issue in shift_issues(series, read_counties(shipped_zone().region))]


@pytest.fixture(scope="module")
def county():
    frame = read_counties(shipped_zone().region)
    return frame.geometry[frame["name_zh"] == "官渡区"].iloc[0]


def test_a_site_along_a_border(county):
    assert codes(county) == []
    assert codes(shifted(county)) == BORDER
    # Shifted twice it fits neither way round: nothing is said of what cannot be told.
    assert codes(shifted(shifted(county))) == []


def test_a_site_that_lies_abroad_only_because_of_the_shift():
    # On the border of Hekou with Viet Nam; the shift goes there to the south-east.
    land = shapely.union_all(read_counties(shipped_zone().region).geometry.to_numpy())
    found = 0
    for lon, lat in np.random.default_rng(1).uniform((103.9, 22.45), (104.1, 22.8), (400, 2)):
        site = shapely.box(lon, lat, lon + 5e-4, lat + 5e-4)
        if land.contains(site) and not land.contains(shifted(site)):
            found += codes(shifted(site)) == GROUND
            assert codes(site) == []
    assert found


def test_a_site_that_follows_nothing_is_not_suspected(county):
    middle = county.representative_point()
    site = middle.buffer(0.005)
    assert codes(site) == codes(shifted(site)) == []


def test_coordinates_stay_as_they_are_and_a_declaration_ends_the_suspicion(county, make_geojson):
    shape = shifted(shapely.get_parts(county)[0])
    source = Source(name="x", files={"x": make_geojson(shape)})
    sites = read_sites(source, ReadOptions(), counties=read_counties(shipped_zone().region))
    assert [issue.code for issue in sites.report.issues] == BORDER
    assert shapely.equals_exact(sites.features.geometry[0], shape, 1e-12)
    declared = read_sites(
        source, ReadOptions(datum=Datum.GCJ02), counties=read_counties(shipped_zone().region)
    )
    assert [issue.code for issue in declared.report.issues] == ["datum_converted"]


def test_a_layer_along_a_border(county, make_geojson, one_file):
    # Any layer, and lines as well: imports are suspected like sites.
    for shape in (county, shapely.boundary(county)):
        for given, expected in ((shape, []), (shifted(shape), BORDER)):
            source = one_file(make_geojson(given))
            _, report = read_layer(
                source, ReadOptions(), counties=read_counties(shipped_zone().region)
            )
            told = [one.code for one in report.issues if one.code.startswith("gcj02")]
            assert told == expected


@pytest.mark.parametrize(
    ("titles", "names", "crs", "stated"),
    [
        ("西安80坐标", "X,Y", "EPSG:4543", "西安80"),
        ("", "X(北京54),Y(北京54)", "EPSG:4543", "北京54"),
        ("", "GCJ02经度,GCJ02纬度", "EPSG:4490", "GCJ02"),
        ("百度坐标", "经度,纬度", "EPSG:4490", "百度坐标"),
        ("2000国家大地坐标系", "X,Y", "EPSG:4543", None),
        ("百度昆明公司用地", "经度,纬度", "EPSG:4490", None),
    ],
)
def test_a_datum_that_a_table_names_is_held_against_what_is_declared(titles, names, crs, stated):
    """Oracle: by hand; Xi'an 80 lies some 100 m from CGCS2000, GCJ-02 some 400 m."""
    plane = [(577_900 + x, 2_757_400 + y) for x, y in ((0, 0), (0, 90), (90, 90), (90, 0))]
    lonlat = [(102.77 + x, 24.92 + y) for x, y in ((0, 0), (0, 0.001), (0.001, 0.001), (0.001, 0))]
    pairs = lonlat if "经度" in names else [(north, east) for east, north in plane]
    rows = "".join(f"J{n},{one},{other}\n" for n, (one, other) in enumerate(pairs, start=1))
    data = f"{titles},,\n点号,{names}\n{rows}".encode()
    source = Source(name="a.csv", files={"a.csv": data})
    report = read_sites(source, ReadOptions(crs=crs), counties=None).report
    told = [one.params["stated"] for one in report.issues if one.code == "crs_disagrees"]
    assert told == ([stated] if stated else [])
