"""Counties, parts and points of a report. Oracle: GeographicLib, the readers, and by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from api.check.report.places import find_places, write_points
from api.check.sites import check_sites
from api.workspace.workspace import Workspace
from geo.model import Relation
from layers.model import ReadOptions
from layers.readers import Source
from maps.check.answers import CheckResult
from maps.check.report.limits import report_limits

ELLIPSOID = Geod(ellps="GRS80")


def square(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def check(workspace: Workspace, *shapes: shapely.Geometry) -> CheckResult:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"地块{at}"},
            "geometry": shapely.geometry.mapping(one),
        }
        for at, one in enumerate(shapes, start=1)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    source = Source(name="site.geojson", files={"site.geojson": data})
    return check_sites(workspace, workspace.read_sites(source, ReadOptions()), ReadOptions())


def test_parts_and_counties_add_up_to_the_site(workspace: Workspace) -> None:
    # Over the border of Guandu and Chenggong, and a part of its own in the north.
    wide, far = square(102.75, 24.85, 102.85, 25.0), square(102.70, 25.1, 102.71, 25.11)
    result = check(workspace, shapely.MultiPolygon([wide, far]))
    places = find_places(workspace, result, "zh").places
    assert {one.part for one in places} == {1, 2}
    assert len({one.county for one in places if one.part == 1}) > 1
    for part, shape in ((1, wide), (2, far)):
        area_m2 = sum(one.area.m2 for one in places if one.part == part)
        dense = shapely.segmentize(shape, 0.001)
        assert area_m2 == pytest.approx(abs(ELLIPSOID.geometry_area_perimeter(dense)[0]), rel=1e-6)


def test_ground_beyond_the_counties_is_said(workspace: Workspace) -> None:
    # The river Nanxi at Hekou is the border: the south of the square is in Viet Nam.
    result = check(workspace, square(103.94, 22.48, 103.99, 22.55))
    places = find_places(workspace, result, "en").places
    assert {one.county for one in places} == {"Hekou Autonomous County", None}
    printed = result.sites[0].printed
    assert sum(one.area.m2 for one in places) == pytest.approx(printed.m2, abs=1e-6)
    assert sum(one.area.ha for one in places) == pytest.approx(printed.ha, abs=1e-9)


def test_the_list_of_points_reads_back_to_the_sites_and_the_overlaps(
    workspace: Workspace, tmp_path: Path
) -> None:
    result = check(workspace, square(102.77, 24.935, 102.79, 24.955))
    parts = [part for one in result.sites[0].findings for part in one.parts]
    assert parts
    source = Source(name="points.txt", files={"points.txt": write_points(result, "zh")})
    again = workspace.read_sites(source, ReadOptions())
    areas_m2 = [result.sites[0].area_m2, *(part.area_m2 + part.shared_area_m2 for part in parts)]
    # Edges of kilometres are straight in the plane there, and in lon/lat here.
    assert again.sites.areas_m2.tolist() == pytest.approx(areas_m2, rel=1e-4)


def test_the_points_of_the_report_are_those_of_the_site(workspace: Workspace) -> None:
    shape = square(102.80, 24.98, 102.81, 24.99)
    places = find_places(workspace, check(workspace, shape), "zh")
    points = places.lists[0].points
    assert {(round(p.lon_deg, 7), round(p.lat_deg, 7)) for p in points} == {
        (x, y) for x in (102.80, 102.81) for y in (24.98, 24.99)
    }
    assert {one.number for one in points} == {"J1", "J2", "J3", "J4"}
    assert (places.own_numbers, places.is_old) == (False, False)


def test_points_that_reading_added_are_no_boundary_points(workspace: Workspace) -> None:
    """By hand: four corners of 520 x 1,000 m drawn in a plane, which are read as 62 vertices."""
    corners = np.array([(0, 0), (520, 0), (520, 1000), (0, 1000)]) + np.array([587_100, 2_756_700])
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": shapely.geometry.mapping(shapely.Polygon(corners)),
    }
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4543"}}
    data = json.dumps({"type": "FeatureCollection", "crs": named, "features": [feature]}).encode()
    source = Source(name="site.geojson", files={"site.geojson": data})
    result = check_sites(workspace, workspace.read_sites(source, ReadOptions()), ReadOptions())
    assert len(result.sites[0].geometry["coordinates"][0]) == 63
    places = find_places(workspace, result, "zh")
    listed = [(one.east_m, one.north_m) for one in places.lists[0].points]
    assert (sorted(listed), places.crs) == (sorted(map(tuple, corners.tolist())), "EPSG:4543")
    # The unit that takes all of the site has its four corners, too.
    assert {len(one.points) for one in places.lists} == {4}
    text = write_points(result, "zh").decode("gb18030")
    assert next(line for line in text.splitlines() if line.endswith("@")).startswith("5,51.99")


SURVEYED = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=34
[地块坐标]
9,52.0000,D-1,一号地,面,,,,@
J11,1,2756700.000,34587100.000
J12,1,2756700.000,34587150.000
J13,1,2756700.000,34587200.000
J14,1,2756700.000,34587620.001
J15,1,2757700.000,34587620.001
J16,1,2757700.000,34587360.000
,1,2757700.000,34587100.000
J18,1,2757200.000,34587100.000
J11,1,2756700.000,34587100.000
"""
"""Own points at 50 m along a straight edge, where reading sets its own; one without a number."""


@pytest.fixture
def surveyed(workspace: Workspace) -> CheckResult:
    source = Source(name="一号地.txt", files={"一号地.txt": SURVEYED.encode("gb18030")})
    return check_sites(workspace, workspace.read_sites(source, ReadOptions()), ReadOptions())


def test_own_points_stand_in_lists_with_their_own_numbers(
    workspace: Workspace, surveyed: CheckResult
) -> None:
    rows = [row.split(",") for row in SURVEYED.splitlines()[6:-1]]
    rows[-2][0] = "J19"
    places = find_places(workspace, surveyed, "zh")
    assert [
        [p.number, str(p.ring), f"{p.north_m:.3f}", f"{p.east_m:.3f}"]
        for p in places.lists[0].points
    ] == rows
    assert (places.own_numbers, places.is_old) == (True, False)
    text = write_points(surveyed, "zh").decode("gb18030").splitlines()
    start = next(at for at, row in enumerate(text) if row.endswith("@")) + 1
    assert [row.split(",") for row in text[start : start + 9]] == [*rows, rows[0]]


def test_a_check_from_before_own_points_were_kept_says_so(
    workspace: Workspace, surveyed: CheckResult
) -> None:
    sites = [site.model_copy(update={"boundary": None}) for site in surveyed.sites]
    old = surveyed.model_copy(update={"sites": sites})
    places = find_places(workspace, old, "zh")
    assert (places.own_numbers, places.is_old) == (False, True)
    assert len(places.lists[0].points) > 8
    (remark,) = [
        row for row in write_points(old, "zh").decode("gb18030").splitlines() if "加密" in row
    ]
    assert "原有界址点" in remark


def test_more_points_than_a_report_lists_are_left_to_the_list(workspace: Workspace) -> None:
    round_site = shapely.Point(102.80, 24.98).buffer(0.005, quad_segs=report_limits().most_points)
    places = find_places(workspace, check(workspace, round_site), "zh")
    assert not places.lists
    assert places.point_count > report_limits().most_points


def test_ground_in_two_lines_is_told_once(workspace: Workspace) -> None:
    result = check(workspace, square(102.70, 24.80, 102.90, 25.0))
    forbidding = {
        part.area_m2
        for one in result.sites[0].findings
        if one.relation == Relation.MUST_NOT_OVERLAP
        for part in one.parts
    }
    shared = find_places(workspace, result, "zh").shared
    assert shared
    for one in shared:
        assert one.line != one.other
        assert 0.0 < one.area_m2 <= sum(forbidding)
