"""Lists of boundary points in the dialects that are about, and our own.

Oracle: plots small enough to know by hand, a square of 100 m with its corner at
(500 000, 2 766 000) of zone 34; for what we write, reading it again.
"""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.errors import EmptyGeometryError, MissingCrsError, NoTransformationError
from layers.errors import (
    BadLineError,
    EmptyFileError,
    ExportFormatError,
    SeveralZonesError,
    ZoneDisagreesError,
)
from layers.model import ReadOptions
from layers.readers import Source, read_layer, read_sites
from layers.readers.errors import PlotLineError
from layers.store.boundary_txt import boundary_txt

SQUARE = shapely.box(500_000, 2_766_000, 500_100, 2_766_100)
HEADER = """[属性描述]
格式版本号=1.01版本
数据产生单位=昆明市测绘研究院
数据产生日期=2025-6-15
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=34
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
CORNERS = ((2_766_100, 500_000), (2_766_100, 500_100), (2_766_000, 500_100), (2_766_000, 500_000))
INNER = ((2_766_060, 500_040), (2_766_040, 500_040), (2_766_040, 500_060), (2_766_060, 500_060))
PLOT = "5,1.0000,D-1,一号地,面,,工业用地,0601,@\n"


def lines(corners=CORNERS, *, ring=1, start=1, close=True, label="J", add=0, swap=False):
    numbers = list(range(start, start + len(corners)))
    if close:
        corners, numbers = (*corners, corners[0]), [*numbers, start]
    pairs = [(n, e + add) for n, e in corners]
    pairs = [(e, n) for n, e in pairs] if swap else pairs
    return "".join(
        f"{label}{number},{ring},{a:.3f},{b:.3f}\n"
        for number, (a, b) in zip(numbers, pairs, strict=True)
    )


def read(text, encoding="utf-8", **options):
    data = text.encode(encoding) if isinstance(text, str) else text
    return read_sites(
        Source(name="坐标.txt", files={"x": data}), ReadOptions(**options), counties=None
    )


def codes(sites):
    return sorted(issue.code for issue in sites.report.issues)


DIALECTS = {
    "as the ministry writes it": HEADER + PLOT + lines(),
    "points without a J": HEADER + PLOT + lines(label=""),
    "count without the closing point": HEADER + PLOT.replace("5,", "4,", 1) + lines(),
    "ring not closed": HEADER + PLOT.replace("5,", "4,", 1) + lines(close=False),
    "Windows line ends": (HEADER + PLOT + lines()).replace("\n", "\r\n"),
    "blanks before the brackets": HEADER.replace("[", "  [") + PLOT + lines(),
    "area with its unit": HEADER + PLOT.replace("1.0000", "1.0000公顷") + lines(),
    "area in mu": HEADER + PLOT.replace("1.0000", "15.00亩") + lines(),
    "seven fields": HEADER + "5,1.0000,D-1,一号地,面,,,@\n" + lines(),
    "thirteen fields": HEADER
    + "5,1.0000,D-1,一号地,面,,工业用地,0601,建设用地,1,甲,乙,无,@\n"
    + lines(),
    "zone in the eastings": HEADER + PLOT + lines(add=34_000_000),
    "width written as a word": HEADER.replace("几度分带=3", "分带=3度带") + PLOT + lines(),
    "no width of the zone": HEADER.replace("几度分带=3\n", "") + PLOT + lines(),
    "meridian for the zone": HEADER.replace("带号=34", "带号=102") + PLOT + lines(),
    "short name of the datum": HEADER.replace("2000国家大地坐标系", "CGCS2000") + PLOT + lines(),
    "seven zeros": HEADER.replace(",,,,,,", "0,0,0,0,0,0,0") + PLOT + lines(),
    "no parameters": HEADER.replace("转换参数=,,,,,,\n", "") + PLOT + lines(),
    "full-width commas": HEADER + (PLOT + lines()).replace(",", "，"),
    "an unknown section before": "[扩展信息]\n申请单位=某某公司\n批次:2025年第3批\n"
    + HEADER
    + PLOT
    + lines(),
    "no comma before the end mark": HEADER + PLOT.replace(",@", "@") + lines(),
    "blank lines": HEADER + PLOT + lines().replace("\n", "\n\n"),
    "heights": HEADER + PLOT + lines().replace("\n", ",1893.2\n"),
}


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_dialects_that_all_mean_one_square(name, encoding):
    sites = read(DIALECTS[name], encoding)
    (shape,) = sites.features.geometry
    east = 34_000_000 if sites.report.crs == "EPSG:4522" else 0
    assert shapely.equals(shape, shapely.transform(SQUARE, lambda xy: np.add(xy, (east, 0))))
    assert sites.report.format == "TXT"
    assert sites.report.crs == ("EPSG:4522" if east else "EPSG:4543")
    assert sites.report.crs_how == "txt_header"
    row = sites.features.iloc[0]
    assert (row["地块编号"], row["地块名称"], sites.features["site_id"][0]) == (
        "D-1",
        "一号地",
        "D-1",
    )
    # 1 ha in the plane on the central meridian is 1 ha on the ellipsoid, to its last digit.
    assert set(codes(sites)) <= {"encoding_sniffed", "rings_closed"}


def test_easting_before_northing_is_told_by_size():
    sites = read(HEADER + PLOT + lines(swap=True))
    assert shapely.equals(sites.features.geometry[0], SQUARE)
    assert codes(sites) == ["columns_east_first"]


def test_hole_by_number():
    sites = read(HEADER + "10,0.9600,1,甲,面,,,,@\n" + lines() + lines(INNER, ring=2, start=5))
    assert sites.features.geometry.area[0] == pytest.approx(10_000 - 400)
    assert codes(sites) == []


@pytest.mark.parametrize("ring", [1, 2])
def test_second_outer_part_whatever_its_number(ring):
    away = tuple((n, e + 1_000) for n, e in CORNERS)
    sites = read(HEADER + "10,2.0,1,甲,面,,,,@\n" + lines() + lines(away, ring=ring, start=5))
    assert sites.features.geometry.area[0] == pytest.approx(20_000)
    assert codes(sites) == ([] if ring == 1 else ["rings_by_containment"])


def test_hole_with_the_number_of_an_outer_ring():
    sites = read(HEADER + "10,0.96,1,甲,面,,,,@\n" + lines() + lines(INNER, start=5))
    assert sites.features.geometry.area[0] == pytest.approx(9_600)
    assert codes(sites) == ["rings_by_containment"]


def test_part_inside_a_hole():
    island = tuple((n * 0.1 + 2_766_050 * 0.9, e * 0.1 + 500_050 * 0.9) for n, e in INNER)
    text = (
        HEADER + "15,0.9604,1,甲,面,,,,@\n" + lines() + lines(INNER, ring=2) + lines(island, ring=3)
    )
    sites = read(text)
    assert sites.features.geometry.area[0] == pytest.approx(10_000 - 400 + 4)
    assert codes(sites) == ["rings_by_containment"]


def test_closing_line_of_the_faulty_program():
    wrong = lines(close=False) + "J1,1,2766100.000,2766100.000\n"
    sites = read(HEADER + PLOT + wrong)
    assert shapely.equals(sites.features.geometry[0], SQUARE)
    (issue,) = sites.report.issues
    assert (issue.code, issue.params) == ("closing_point_corrupt", {"point": "J1"})


def test_several_plots():
    away = tuple((n, e + 1_000) for n, e in CORNERS)
    second = PLOT.replace("D-1", "D-2").replace("一号地", "二号地")
    sites = read(HEADER + PLOT + lines() + second + lines(away))
    assert sites.features["site_id"].to_list() == ["D-1", "D-2"]
    assert sites.features.geometry.area.to_list() == pytest.approx([10_000, 10_000])


def test_a_comma_in_the_name():
    sites = read(HEADER + PLOT.replace("一号地", "一号,二号地") + lines())
    row = sites.features.iloc[0]
    assert (row["地块名称"], row["地块用途"], row["地类编码"]) == (
        "一号,二号地",
        "工业用地",
        "0601",
    )


def test_wrong_count_and_wrong_area_are_said():
    sites = read(HEADER + "9,1.2345,1,甲,面,,,,@\n" + lines())
    found = {issue.code: issue.params for issue in sites.report.issues}
    assert found["point_count_disagrees"] == {"stated": 9, "found": 4}
    area = found["area_disagrees"]
    assert (area["stated_m2"], area["computed_m2"]) == (12345.0, pytest.approx(10_000, abs=0.01))
    # Of what is stated: 2,345 of 12,345 m2 are not there.
    assert area["difference_pct"] == 19.0


def test_an_area_of_the_plane_is_named_as_one():
    # 60 km off the meridian a square of 1 km2 is 89 m2 larger in the plane than on the ground:
    # (60/6371)^2 of its area, by the scale of a Gauss-Krueger plane.
    far = tuple(
        (2_766_000 + (n - 2_766_000) * 10, 560_000 + (e - 500_000) * 10) for n, e in CORNERS
    )
    (issue,) = read(HEADER + "5,100.0000,1,甲,面,,,,@\n" + lines(far)).report.issues
    assert issue.code == "area_is_of_the_plane"
    assert 1e6 - issue.params["computed_m2"] == pytest.approx(1e6 * (60.5 / 6371) ** 2, rel=0.02)


def test_unknown_sections_are_kept_and_written_again():
    sites = read(DIALECTS["an unknown section before"])
    assert sites.report.statements["扩展信息"] == ("申请单位=某某公司", "批次:2025年第3批")
    text = boundary_txt(sites.features, sites.report.statements).decode("gb18030")
    assert text.startswith("[扩展信息]\r\n申请单位=某某公司\r\n批次:2025年第3批\r\n[属性描述]\r\n")
    assert "数据产生单位=昆明市测绘研究院\r\n" in text


def test_coordinates_only_need_a_declared_crs():
    with pytest.raises(MissingCrsError) as caught:
        read(lines(add=34_000_000))
    assert [offer["crs"] for offer in caught.value.params["proposals"]] == ["EPSG:4522"]
    sites = read(lines(add=34_000_000), crs="EPSG:4522")
    assert sites.features.geometry.area[0] == pytest.approx(10_000)


def test_degrees():
    corners = ((24.97, 102.80), (24.97, 102.81), (24.96, 102.81), (24.96, 102.80))
    text = (
        HEADER.replace("带号=34\n", "")
        + PLOT.replace("1.0000", "")
        + "".join(
            f"J{number},1,{lat:.6f},{lon:.6f}\n"
            for number, (lat, lon) in enumerate(corners, start=1)
        )
    )
    sites = read(text)
    assert sites.report.crs == "EPSG:4490"
    assert sites.features.total_bounds.tolist() == pytest.approx([102.80, 24.96, 102.81, 24.97])


def test_zone_of_the_header_against_that_of_the_eastings():
    text = HEADER + PLOT + lines(add=35_000_000)
    with pytest.raises(ZoneDisagreesError) as caught:
        read(text)
    assert (caught.value.params["stated"], caught.value.params["found"]) == (34, 35)
    assert read(text, crs="EPSG:4523").report.crs == "EPSG:4523"


@pytest.mark.parametrize(("datum", "name"), [("1980西安坐标系", "Xian"), ("北京54", "Beijing")])
def test_older_datums_are_known_and_refused(datum, name):
    with pytest.raises(NoTransformationError) as caught:
        read(HEADER.replace("2000国家大地坐标系", datum) + PLOT + lines())
    code = caught.value.params["source"]
    assert name in CRS.from_user_input(code).name
    assert "CM 102E" in CRS.from_user_input(code).name


def test_six_degree_zones():
    six = HEADER.replace("几度分带=3", "几度分带=6").replace("带号=34", "带号=17")
    assert CRS(read(six + PLOT + lines()).report.crs).name == "CGCS2000 / Gauss-Kruger CM 99E"


def test_lines_that_are_no_points():
    with pytest.raises(BadLineError) as caught:
        read(HEADER + PLOT + lines() + "J6,1,二七六六,500000\n")
    assert caught.value.params == {"name": "坐标.txt", "line": 19, "text": "J6,1,二七六六,500000"}
    with pytest.raises(EmptyFileError):
        read(HEADER + PLOT + PLOT + PLOT)
    # Two points in one line: the second is never passed over.
    two = "J1,1,2766100.000,500000.000,K1,1,2766500.000,500900.000\n"
    with pytest.raises(BadLineError):
        read(HEADER + PLOT + two + lines())


@pytest.mark.parametrize("plot", [PLOT, "5,1.0000,1,2,面,,工业,,@\n", "5,1.00,D-1,一,,,工业,,@\n"])
def test_a_plot_line_without_its_end_is_named(plot):
    with pytest.raises(PlotLineError) as caught:
        read(HEADER + PLOT + lines() + plot.replace("@", "") + lines(add=500))
    assert caught.value.params["line"] == 19


def lost(text):
    issues = read(text).report.issues
    return [one.params["missing"] for one in issues if one.code == "point_numbers_missing"]


def test_missing_numbers_of_points_are_named():
    every = lines().splitlines(keepends=True)
    assert lost(HEADER + PLOT + lines()) == []
    assert lost(HEADER + PLOT + "".join(every[:2] + every[3:])) == ["J3"]
    assert lost(HEADER + PLOT + "".join([*every[1:4], every[1]])) == ["J1"]
    # Each plot counts its own points: the third of one is not that of the other.
    both = PLOT + "".join(every[:2] + every[3:]) + PLOT + lines(add=500)
    assert lost(HEADER + both) == ["J3"]


def test_numbers_of_a_neighbour_are_not_missing():
    first = "".join(f"J{at},1,{n},{e}\n" for at, (n, e) in enumerate(CORNERS, start=1))
    shared = (
        (1, CORNERS[0]),
        (4, CORNERS[3]),
        (5, (2_766_000, 499_900)),
        (6, (2_766_100, 499_900)),
    )
    second = "".join(f"J{at},1,{n},{e}\n" for at, (n, e) in shared)
    assert lost(HEADER + PLOT + first + PLOT + second) == []


def test_a_missing_plot_line_is_suspected():
    sites = read(HEADER + PLOT + lines() + lines(add=500))
    assert {"plot_line_missing", "point_count_disagrees"} <= set(codes(sites))
    assert "plot_line_missing" not in codes(read(HEADER + PLOT + lines() + lines(INNER, ring=2)))


def test_lines_and_points_of_a_layer():
    text = HEADER + PLOT.replace("面", "线") + lines(close=False)
    frame, _ = read_layer(
        Source(name="x", files={"x": text.encode()}), ReadOptions(), counties=None
    )
    assert frame.geometry[0].geom_type == "MultiLineString"
    assert frame.geometry[0].length == pytest.approx(300)
    text = HEADER + PLOT.replace("面", "点") + lines(close=False)
    frame, _ = read_layer(
        Source(name="x", files={"x": text.encode()}), ReadOptions(), counties=None
    )
    assert len(frame.geometry[0].geoms) == 4


def sites_frame(*shapes, crs=4522, **columns):
    return gpd.GeoDataFrame(
        {"site_id": [str(n) for n in range(len(shapes))], **columns}, geometry=list(shapes), crs=crs
    )


def test_what_is_written():
    # By hand: from the north-west, clockwise; the hole the other way; one numbering.
    inner = [(500_040, 2_766_040), (500_040, 2_766_060), (500_060, 2_766_060), (500_060, 2_766_040)]
    plot = shapely.Polygon(shapely.get_coordinates(SQUARE), [inner])
    frame = sites_frame(plot, crs=4543, 地块名称=["一号,地@\n甲"], 地块用途=["工业"])
    written = boundary_txt(frame).decode("gb18030").split("\r\n")
    assert written[0] == "[属性描述]"
    assert {"坐标系=2000国家大地坐标系", "几度分带=3", "带号=34"} < set(written)
    assert written[written.index("[地块坐标]") + 1 :] == [
        "10,0.9600,0,一号，地＠ 甲,面,,工业,,@",
        "J1,1,2766100.000,500000.000",
        "J2,1,2766100.000,500100.000",
        "J3,1,2766000.000,500100.000",
        "J4,1,2766000.000,500000.000",
        "J1,1,2766100.000,500000.000",
        "J5,2,2766060.000,500040.000",
        "J6,2,2766040.000,500040.000",
        "J7,2,2766040.000,500060.000",
        "J8,2,2766060.000,500060.000",
        "J5,2,2766060.000,500040.000",
        "",
    ]


def test_lonlat_goes_to_the_zone_that_it_lies_in():
    west = shapely.box(97.85, 24.0, 97.86, 24.01)
    text = boundary_txt(sites_frame(west, crs=4490)).decode("gb18030")
    assert "带号=33" in text
    assert all(
        line.split(",")[3].startswith("33") for line in text.split("\r\n") if line[:1] == "J"
    )
    with pytest.raises(SeveralZonesError) as caught:
        boundary_txt(sites_frame(west, shapely.box(102.7, 24.9, 102.71, 24.91), crs=4490))
    assert caught.value.params == {"zones": [33, 34]}
    with pytest.raises(ExportFormatError):
        boundary_txt(sites_frame(shapely.Point(102.7, 24.9), crs=4490))


@st.composite
def plots(draw):
    """A star-shaped plot of some 100 m with holes near its middle, full double precision."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    count = draw(st.integers(3, 40))
    middle = np.array([34_500_000.0, 2_766_000.0]) + random.uniform(-6e4, 6e4, 2)
    turns = np.sort(random.uniform(0, 2 * np.pi, count)) if count > 8 else np.arange(count) * 2.0
    turns = np.sort(turns % (2 * np.pi))
    radius = random.uniform(60, 200, count)[:, None]
    outer = shapely.Polygon(middle + radius * np.column_stack([np.cos(turns), np.sin(turns)]))
    # Where more than half a turn lies between two corners, the edge between them may cross others.
    assume(outer.is_valid)
    holes = [
        shapely.Point(*(middle + shift)).buffer(3.0, quad_segs=draw(st.integers(1, 6)))
        for shift in ([0.0, 0.0], [8.0, 0.0])[: draw(st.integers(0, 2))]
    ]
    plot = outer.difference(shapely.union_all(holes)) if holes else outer
    if draw(st.booleans()):
        plot = shapely.union(plot, shapely.transform(outer, lambda xy: np.add(xy, (1_000.0, 0.0))))
    return plot


@given(st.lists(plots(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_to_half_a_millimetre(shapes):
    frame = sites_frame(*shapes)
    again = read(boundary_txt(frame))
    assert again.report.crs == "EPSG:4522"
    assert again.features["site_id"].to_list() == frame["site_id"].to_list()
    for before, after in zip(frame.geometry, again.features.geometry, strict=True):
        # Rounding to 1 mm moves a coordinate by 0.5 mm, a point by 0.71 mm at most.
        assert before.normalize().equals_exact(after.normalize(), 0.5e-3 * 2**0.5 + 1e-7)
        drift = np.abs(np.sort(before.boundary.bounds) - np.sort(after.boundary.bounds))
        assert drift.max() <= 0.5e-3 + 1e-7
    found = {issue.code for issue in again.report.issues}
    assert not found & {"area_disagrees", "point_count_disagrees", "closing_point_corrupt"}


def test_a_crumb_whose_points_fall_together_is_refused():
    # 0.2 mm wide: at three decimals nothing of it is left to write.
    crumb = shapely.box(500_000, 2_766_000, 500_000.0002, 2_766_000.0002)
    frame = gpd.GeoDataFrame({"编号": ["一"]}, geometry=[crumb], crs=4543)
    with pytest.raises(EmptyGeometryError):
        boundary_txt(frame)
