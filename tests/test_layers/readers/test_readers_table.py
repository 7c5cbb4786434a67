"""Tables of boundary points as people keep them. Oracle: one square of 100 m by hand."""

import io

import openpyxl
import pytest
import shapely

from geo.errors import MissingCrsError
from layers.errors import AmbiguousFileError, BadLineError, NoCoordinatesError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import FewPointsError

SQUARE = shapely.box(500_000, 2_766_000, 500_100, 2_766_100)
AWAY = shapely.transform(SQUARE, lambda xy: xy + (1_000, 0))  # noqa: RUF005 - numpy adds
NE = ((2_766_000, 500_000), (2_766_000, 500_100), (2_766_100, 500_100), (2_766_100, 500_000))
CRS = "EPSG:4543"


def read(text, encoding="utf-8", **options):
    data = text.encode(encoding) if isinstance(text, str) else text
    options = {"crs": CRS, **options}
    return read_sites(Source(name="表", files={"x": data}), ReadOptions(**options), counties=None)


def codes(sites):
    return sorted(issue.code for issue in sites.report.issues)


def rows(points=NE, *, start=1, prefix="J", close=False, before="", swap=False):
    points = (*points, points[0]) if close else points
    numbers = [*range(start, start + len(points))]
    if close:
        numbers[-1] = start
    pairs = [(e, n) if swap else (n, e) for n, e in points]
    return "".join(
        f"{before}{prefix}{i},{a},{b}\n" for i, (a, b) in zip(numbers, pairs, strict=True)
    )


HEADERS = {
    "survey": ("点号,X,Y\n" + rows(), []),
    "survey with units": ("界址点号,X坐标(m),Y坐标(m)\n" + rows(), []),
    "names in Chinese": ("序号,北坐标,东坐标\n" + rows(), []),
    "vertical and horizontal": ("拐点编号,纵坐标（米）,横坐标（米）\n" + rows(), []),
    "names in English": ("No.,Northing,Easting\n" + rows(), []),
    "x is east": ("id,x,y\n" + rows(swap=True), ["columns_east_first"]),
    "names exchanged": ("点号,北坐标,东坐标\n" + rows(swap=True), ["columns_misnamed"]),
    "no names": (rows(), []),
    "only numbers": ("".join(f"{n} {e}\n" for n, e in NE), []),
    "title and notes": (
        "某项目界址点坐标表,,\n单位：米,,\n点号,X,Y\n" + rows() + "制表：张三,,\n",
        [],
    ),
    "closed": ("点号,X,Y\n" + rows(close=True), []),
    "semicolons": (("点号,X,Y\n" + rows()).replace(",", ";"), []),
    "tabs": (("点号,X,Y\n" + rows()).replace(",", "\t"), []),
    "out of order": (
        "点号,X,Y\n" + "".join(rows().splitlines(keepends=True)[at] for at in (2, 0, 3, 1)),
        ["points_sorted"],
    ),
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_one_square_however_it_is_written(name, encoding):
    text, issues = HEADERS[name]
    sites = read(text, encoding)
    assert len(sites.features) == 1
    assert shapely.equals(sites.features.geometry[0], SQUARE)
    expected = issues if name == "closed" else sorted([*issues, "rings_closed"])
    assert codes(sites) == expected
    assert sites.report.format == "CSV"


def away(points):
    return tuple((n, e + 1_000) for n, e in points)


@pytest.mark.parametrize(
    "text",
    [
        "地块编号,点号,X,Y\n" + rows(before="一,") + rows(away(NE), before="二,"),
        # Merged cells: the name stands once.
        "地块编号,点号,X,Y\n"
        + ",".join(("一", rows(before=","))).replace(",,", ",", 1)
        + ",".join(("二", rows(away(NE), before=","))).replace(",,", ",", 1),
        "点号,X,Y\n一,,\n" + rows() + "二,,\n" + rows(away(NE)),
    ],
)
def test_several_plots_with_names(text):
    sites = read(text)
    assert sites.features["地块"].to_list() == ["一", "二"]
    assert [
        shapely.equals(*pair) for pair in zip(sites.features.geometry, (SQUARE, AWAY), strict=True)
    ] == [True, True]


def test_several_plots_told_by_their_numbers():
    sites = read("点号,X,Y\n" + rows(close=True) + rows(away(NE), close=True))
    assert [
        shapely.equals(*pair) for pair in zip(sites.features.geometry, (SQUARE, AWAY), strict=True)
    ] == [True, True]


def test_a_hole_by_its_ring():
    inner = ((2_766_040, 500_040), (2_766_060, 500_040), (2_766_060, 500_060))
    text = "点号,圈号,X,Y\n" + "".join(f"J{i},1,{n},{e}\n" for i, (n, e) in enumerate(NE))
    text += "".join(f"J{i},2,{n},{e}\n" for i, (n, e) in enumerate(inner, start=5))
    assert read(text).features.geometry.area[0] == pytest.approx(10_000 - 200)


def test_points_side_by_side():
    halves = ((2_766_000, 500_050), (2_766_100, 500_050))
    lines = rows((NE[0], halves[0], *NE[1:3], halves[1], NE[3])).splitlines()
    pairs = zip(lines[:3], lines[3:], strict=True)
    text = "点号,X,Y,点号,X,Y\n" + "".join(f"{left},{right}\n" for left, right in pairs)
    assert shapely.equals(read(text).features.geometry[0], SQUARE)


DEGREES = ((102.0, 25.0), (102.5, 25.0), (102.5, 25.5), (102.0, 25.5))


@pytest.mark.parametrize(
    "text",
    [
        "点号,经度,纬度\n" + "".join(f"{i},{x},{y}\n" for i, (x, y) in enumerate(DEGREES)),
        "点号,纬度,经度\n" + "".join(f"{i},{y},{x}\n" for i, (x, y) in enumerate(DEGREES)),
        "lon,lat\n102°0′0″,25°0′0″\n102°30′0″,25°0′0″\n102°30′,25°30′\n102°00′00.0″E,25°30′00″N\n",
        "名称,lng,lat\na,102-00-00,25-00-00\na,102-30-00,25-00-00\na,102-30-00,25-30-00\na,102-00-00,25-30-00\n",
    ],
)
def test_degrees_decimal_and_sexagesimal(text):
    with pytest.raises(MissingCrsError) as caught:
        read(text, crs=None)
    assert [offer["crs"] for offer in caught.value.params["proposals"]] == ["EPSG:4490"]
    sites = read(text, crs="EPSG:4490")
    assert shapely.equals(sites.features.geometry[0], shapely.Polygon(DEGREES))


@pytest.mark.parametrize(
    ("title", "crs"),
    [
        ("坐标系：CGCS2000，中央子午线102°", "EPSG:4543"),
        ("2000国家大地坐标系 3度带 带号34", "EPSG:4543"),
        ("CGCS2000 / 34带", "EPSG:4543"),
        ("国家2000坐标系，6度带，中央经线99", "EPSG:4506"),
    ],
)
def test_words_that_state_the_reference_system(title, crs):
    text = f'"{title}",,\n点号,X,Y\n' + rows()
    sites = read(text, crs=None)
    assert (sites.report.crs, sites.report.crs_how) == (crs, "table_statement")


def test_numbers_are_not_words_about_a_datum():
    text = "点号,X,Y\n" + rows(tuple((n + 0.2000, e + 0.8054) for n, e in NE))
    with pytest.raises(MissingCrsError):
        read(text, crs=None)


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_workbooks_and_their_sheets():
    table = [["点号", "X", "Y"], *([f"J{i}", *p] for i, p in enumerate(NE))]
    sites = read(workbook(坐标=table, 空=[]))
    assert sites.report.format == "XLSX"
    assert shapely.equals(sites.features.geometry[0], SQUARE)
    two = workbook(一=table, 二=table)
    with pytest.raises(AmbiguousFileError) as caught:
        read(two)
    assert caught.value.choices == ["一", "二"]
    assert len(read(two, layer="二").features) == 1


def test_tables_that_are_not_of_points():
    with pytest.raises(NoCoordinatesError) as caught:
        read("名称,备注\n一,1 2\n二,3 4\n三,5 6\n")
    assert caught.value.params == {"name": "表", "columns": ["名称", "备注"]}
    with pytest.raises(NoCoordinatesError):
        read("点号,X,Y\n一 1 2,,\n二 2 3,,\n三 4 5,,\n")
    with pytest.raises(BadLineError) as bad:
        read("点号,X,Y\n" + rows() + "J5,2766050,五十万\n")
    assert bad.value.params["line"] == 6
    with pytest.raises(FewPointsError):
        read("点号,X,Y\n一,,\n" + rows(NE[:2]) + "二,,\n" + rows(NE[:2]))
    sites = read("点号,X,Y\n一,,\n" + rows(NE[:2]) + "二,,\n" + rows())
    assert sites.features["地块"].to_list() == ["二"]
    (lost,) = sites.report.ledger.left_out
    assert (lost.label, lost.reason, lost.params) == ("一", "too_few_points", {"points": 2})
