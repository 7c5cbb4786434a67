"""Points side by side in a table: read as what they are, or refused. Oracle: squares by hand."""

import io
from itertools import pairwise

import openpyxl
import pytest

from layers.errors import AmbiguousFileError
from layers.model import ReadOptions
from layers.readers import Source, read_layer, read_sites
from layers.readers.errors import BadCellError, RepeatedColumnsError

NE = ((2_766_000, 500_000), (2_766_000, 500_100), (2_766_100, 500_100), (2_766_100, 500_000))
AWAY = tuple((n + 300, e + 700) for n, e in NE)
WIDE = tuple((2_767_000 + 2 * (n - 2_766_000), e) for n, e in NE)
NAMES = ["点号", "X", "Y"] * 2
OPTIONS = ReadOptions(crs="EPSG:4543")


def beside(left, right, first="J", second="K", starts=(1, 1)):
    return [
        [f"{first}{starts[0] + at}", *one, f"{second}{starts[1] + at}", *other]
        for at, (one, other) in enumerate(zip(left, right, strict=True))
    ]


def as_csv(rows):
    return "\n".join(",".join("" if c is None else str(c) for c in row) for row in rows).encode()


def as_xlsx(rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


FORMS = pytest.mark.parametrize("form", [as_csv, as_xlsx])


def source(rows, form=as_csv):
    return Source(name="表", files={"x": form(rows)})


def read(rows, form=as_csv):
    sites = read_sites(source(rows, form), OPTIONS, counties=None)
    areas = [round(area) for area in sites.features.geometry.area]
    return areas, [sites.labels, {issue.code for issue in sites.report.issues}]


TITLES = ["地块一", None, None, "地块二", None, None]
TWO = {
    "titles": [TITLES, NAMES, *beside(NE, WIDE, "J", "J")],
    "titles of running numbers": [TITLES, NAMES, *beside(NE, WIDE, "J", "J", (1, 5))],
    "letters": [NAMES, *beside(NE, WIDE)],
    "the same numbers": [NAMES, *beside(NE, WIDE, "J", "J")],
    "each closed, running numbers": [
        NAMES,
        *beside(NE, WIDE, "J", "J", (1, 5)),
        ["J1", *NE[0], "J5", *WIDE[0]],
    ],
    "plots of their own": [
        ["地块", "点号", "X", "Y"] * 2,
        *(["甲", *row[:3], "乙", *row[3:]] for row in beside(NE, WIDE, "J", "J")),
    ],
    "one is shorter": [NAMES, *beside(NE, WIDE), ["J5", 2_766_050, 499_999.99, None, None, None]],
    "names in two rows": [
        ["点号", "坐标", None, "点号", "坐标", None],
        [None, "X", "Y", None, "X", "Y"],
        *beside(NE, WIDE),
    ],
}


@FORMS
@pytest.mark.parametrize("rows", TWO.values(), ids=TWO)
def test_two_plots(rows, form):
    areas, _ = read(rows, form)
    assert areas == pytest.approx([10_000, 20_000], abs=1)
    frame, _ = read_layer(source(rows, form), OPTIONS, counties=None)
    assert frame.geometry.area.to_list() == pytest.approx([10_000, 20_000], abs=1)


def test_titles_name_the_plots():
    assert read(TWO["titles"])[1][0] == ("地块一", "地块二")


SYSTEMS = ["1980西安坐标系", None, None, "2000国家大地坐标系", None, None]
SHIFTED = tuple((n + 8.25, e + 112.5) for n, e in NE)
UNCLEAR = {
    "two systems": [SYSTEMS, NAMES, *beside(NE, WIDE)],
    "the same points shifted": [NAMES, *beside(NE, SHIFTED, "J", "J")],
    "one column of numbers": [
        ["点号", "X", "Y", "X", "Y"],
        *(r[:3] + r[4:] for r in beside(NE, AWAY)),
    ],
    "no numbers": [["X", "Y"] * 2, *(r[1:3] + r[4:] for r in beside(NE, AWAY))],
    "running numbers, two squares": [NAMES, *beside(NE, AWAY, "J", "J", (1, 5))],
    "letters and running numbers": [NAMES, *beside(NE, AWAY, "J", "K", (1, 5))],
    "one name too many": [["点号", "X", "Y", "点号", "X", "备注"], *beside(NE, AWAY)],
    "no names": beside(NE, AWAY),
    "no names, one is shorter": [*beside(NE, AWAY), ["J5", 2_766_050, 499_999]],
    "one plot twice": [
        ["地块", "点号", "X", "Y"] * 2,
        *(["甲", *row[:3], "甲", *row[3:]] for row in beside(NE, AWAY, "J", "J")),
    ],
    "a plot without a name": [
        ["地块", "点号", "X", "Y"] * 2,
        *(["甲", *row[:3], None, *row[3:]] for row in beside(NE, AWAY, "J", "J")),
    ],
}


@FORMS
@pytest.mark.parametrize("rows", UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_unclear_is_refused(rows, form):
    with pytest.raises(RepeatedColumnsError) as caught:
        read(rows, form)
    assert caught.value.params["columns"]


def test_the_refusal_names_the_columns():
    with pytest.raises(RepeatedColumnsError) as caught:
        read(UNCLEAR["the same points shifted"])
    assert caught.value.params["columns"] == ["点号", "X", "Y"]


def ring(count):
    """Points of a circle's polygon of 100 m radius, without trigonometry: a rhombus cut finely."""
    quarter = count // 4
    corners = [(0, 100), (100, 0), (0, -100), (-100, 0), (0, 100)]
    for (n, e), (to_n, to_e) in pairwise(corners):
        for at in range(quarter):
            share = at / quarter
            yield 2_766_000 + n + (to_n - n) * share, 500_000 + e + (to_e - e) * share


def test_one_plot_goes_on_and_says_so():
    points = list(ring(16))
    areas, (_, codes) = read([NAMES, *beside(points[:8], points[8:], "J", "J", (1, 9))])
    assert areas == [20_000]
    assert "blocks_joined" in codes


def test_titles_between_rows_keep_one_plot():
    points = list(ring(16))
    rows = beside(points[:8], points[8:], "J", "J", (1, 9))
    areas, _ = read([NAMES, ["一号"], *rows, ["二号"], *rows])
    assert areas == [20_000, 20_000]


def test_further_coordinates_are_named():
    rows = [["点号", "X", "Y", "经度", "纬度"]]
    rows += [
        [f"J{at}", *ne, 102 + ne[1] % 7 / 1e3, 25 + ne[0] % 3 / 1e3] for at, ne in enumerate(NE)
    ]
    rows = [[*row[:3], *lonlat] for row, lonlat in zip(rows, LONLAT, strict=True)]
    sites = read_sites(source(rows), ReadOptions(crs="EPSG:4490"), counties=None)
    (issue,) = (one for one in sites.report.issues if one.code == "coordinates_not_read")
    assert issue.params == {"read": "纬度, 经度", "unread": "X, Y"}


LONLAT = [("经度", "纬度"), (102.0, 25.0), (102.001, 25.0), (102.001, 25.001), (102.0, 25.001)]


@FORMS
def test_a_cell_that_is_no_number_is_named(form):
    rows = [["地块", "点号", "X", "Y"], *(["甲", f"J{at}", *ne] for at, ne in enumerate(NE))]
    rows[3][2] = "待测"
    with pytest.raises(BadCellError) as caught:
        read(rows, form)
    found = {key: caught.value.params[key] for key in ("cell", "column", "line", "text")}
    assert found == {"cell": "C4", "column": "X", "line": 4, "text": "待测"}


def test_a_sheet_without_coordinates_is_no_choice():
    book, stream = openpyxl.load_workbook(io.BytesIO(as_xlsx(TWO["letters"]))), io.BytesIO()
    book.create_sheet("说明").append(["说明"])
    book.save(stream)
    file = Source(name="表", files={"x": stream.getvalue()})
    sites = read_sites(file, OPTIONS, counties=None)
    assert len(sites.features) == 2
    (entry,) = sites.report.ledger.left_out
    assert (entry.label, entry.reason) == ("说明", "sheet_without_coordinates")
    # Numbers beside each other may be points: then the person is asked.
    book.create_sheet("另一").append([1, 2])
    book.save(stream := io.BytesIO())
    with pytest.raises(AmbiguousFileError) as caught:
        read_sites(Source(name="表", files={"x": stream.getvalue()}), OPTIONS, counties=None)
    assert caught.value.params["choices"] == ["Sheet", "另一"]
