"""What of a table of points is not read as points: it is named, and may be a plot.

Oracle: where the test itself wrote the points, and which of the cells it hid.
"""

import io
import re
import zipfile

import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workspace.answers import report_out
from geo.errors import PlanningError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import FewPointsError, MixedReferenceError, UnknownChoiceError
from layers.readers.ledger import has_lost_features, may_be_plot
from maps.document.reading import left_out_text, note_text
from maps.i18n import LANGUAGES, tr

NORTH, EAST = 2763926.87, 580624.84


def corners(dx: float = 0.0) -> list[tuple[float, float]]:
    return [(NORTH + x, EAST + dx + y) for x, y in ((0, 0), (300, 0), (300, 300), (0, 300))]


def table(dx: float = 0.0, start: int = 1) -> list[list]:
    return [[f"J{at}", *point] for at, point in enumerate(corners(dx), start)]


def workbook(sheets: dict[str, list[list]], hidden: frozenset[str] = frozenset()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, name: str = "t", **options: object):
    source = Source(name=name, files={name: data})
    return read_sites(source, ReadOptions(**{"crs": "EPSG:4543", **options}), counties=None)


def doubtful(sites) -> bool:
    return any(map(may_be_plot, sites.report.ledger.left_out))


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 9), st.integers(3, 8), st.sampled_from(["cells", "text"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_a_second_block_of_points_is_read_or_named_or_refused(
    down: int, right: int, form: str, numbered: bool, named: bool
) -> None:
    rows = [["点号", "X", "Y", *[None] * 9], *([*row, *[None] * 9] for row in table())]
    rows += [[None] * 12 for _ in range(12)]
    block = table(1000.0, start=5)
    for at, (label, north, east) in enumerate(block, start=1 + down):
        if form == "text":
            rows[at][right] = f"{label if numbered else ''} {north} {east}"
        else:
            rows[at][right : right + 3] = [label if numbered else None, north, east]
    if named and down:
        rows[down][right : right + 3] = ["点号", "X", "Y"]
    try:
        sites = read(workbook({"a": rows}))
    except PlanningError:
        return
    assert len(sites.features) == 2 or doubtful(sites)
    assert has_lost_features(sites.report) is doubtful(sites)


def test_lengths_heights_and_areas_beside_points_are_no_points() -> None:
    rows = [["点号", "X", "Y", "边长", "高程", "面积", "备注"]]
    rows += [[*row, 300.25, 1890.12, 90000.5, "界桩 12, 30"] for row in table()]
    rows += [["面积合计", 90000.5, None, None, None, None, None]]
    assert not doubtful(read(workbook({"a": rows})))


@pytest.mark.parametrize(
    ("title", "is_plot"),
    [("地块三", True), ("宗地", True), ("3号地", True), ("某测绘院", False), ("电话：0871", False)],
)
def test_a_title_without_points_is_named(title: str, is_plot: bool) -> None:
    rows = [["点号", "X", "Y"], ["地块一"], *table(), ["地块二"], *table(1000.0), [title]]
    sites = read(workbook({"a": rows}))
    assert len(sites.features) == 2
    (entry,) = sites.report.ledger.left_out
    assert may_be_plot(entry) is is_plot
    assert sites.report.ledger.unexplained == 0
    for lang in LANGUAGES:
        out = report_out(sites.report).ledger.left_out[0]
        assert title in left_out_text(out, lang)


def test_points_that_are_each_a_plot_are_refused_by_that_reason() -> None:
    rows = [["名称", "X", "Y"], *([f"点{at}", *point] for at, point in enumerate(corners()))]
    with pytest.raises(FewPointsError) as caught:
        read(workbook({"a": rows}))
    assert (caught.value.params["count"], caught.value.params["points"]) == (4, 1)
    for lang, word in (("zh", "3 个以上界址点"), ("en", "3 boundary points")):
        assert word in tr(f"errors.{caught.value.code}", lang, **caught.value.params)


def edited(data: bytes, pattern: str, by: str) -> bytes:
    """Return a workbook with the XML of its first sheet changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                changed = re.sub(pattern, by, content.decode(), count=1)
                assert changed != content.decode()
                content = changed.encode()
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ('<col min="2" max="3" width="0" customWidth="1"/>', [2, 3]),
        ('<col min="3" max="3" width="0.0"/>', [3]),
        ('<col min="2" max="2" hidden="1" width="9"/>', [2]),
        ('<col min="2" max="2" hidden="true"/>', [2]),
        ('<col min="2" max="3" width="0.5" hidden="0"/>', []),
        ('<col min="1" max="1" width="0"/>', []),
    ],
)
def test_columns_that_nobody_sees_are_named(column: str, said: list[int]) -> None:
    data = workbook({"a": [["点号", "X", "Y"], *table()]})
    data = edited(data, "<sheetData>", f"<cols>{column}</cols><sheetData>")
    issues = [one for one in read(data).report.issues if one.code == "columns_hidden"]
    assert [one.params["columns"] for one in issues] == ([said] if said else [])


@pytest.mark.parametrize(
    ("row", "said"),
    [('<row r="3" ht="0" customHeight="1"', [3]), ('<row r="3" hidden="1"', [3]),
     ('<row r="3" ht="12"', [])],
)  # fmt: skip
def test_rows_that_nobody_sees_are_named(row: str, said: list[int]) -> None:
    data = edited(workbook({"a": [["点号", "X", "Y"], *table()]}), '<row r="3"', row)
    issues = [one for one in read(data).report.issues if one.code == "rows_hidden"]
    assert [one.params["lines"] for one in issues] == ([said] if said else [])


def test_a_hidden_sheet_is_said_to_be_hidden_and_never_passed_over() -> None:
    points = [["点号", "X", "Y"], *table()]
    sheets = {"a": [["说明"]], "b": points}
    assert [i.code for i in read(workbook(sheets)).report.issues] == ["rings_closed"]
    sites = read(workbook(sheets, frozenset({"b"})))
    assert "sheet_hidden" in [issue.code for issue in sites.report.issues]
    for lang, word in (("zh", "隐藏"), ("en", "hidden")):
        notes = [note_text(note, lang) for note in report_out(sites.report).issues]
        assert any("“b”" in note and word in note for note in notes)
    both = workbook({"a": points, "b": [points[0], *table(1000.0)]}, frozenset({"b"}))
    with pytest.raises(PlanningError) as caught:
        read(both)
    assert caught.value.params["choices"] == ["a", "b"]


def test_a_name_that_is_not_there_is_called_that() -> None:
    data = workbook({"a": [["点号", "X", "Y"], *table()]})
    with pytest.raises(UnknownChoiceError) as caught:
        read(data, layer="v")
    assert caught.value.choices == ["a"]
    for lang in LANGUAGES:
        said = tr(f"errors.{caught.value.code}", lang, **caught.value.params)
        assert "“v”" in said
        assert "--layer" in said


POLYGON = "POLYGON ((102.77 24.93, 102.78 24.93, 102.78 24.94, 102.77 24.93))"
OTHER = "POLYGON ((102.79 24.93, 102.80 24.93, 102.80 24.94, 102.79 24.93))"
INSIDE = "POINT (102.777 24.933)"
OUTSIDE = "POINT (102.7 24.9)"
BENT = "LINESTRING (102.79 24.93, 102.80 24.93, 102.80 24.94)"


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ((POLYGON, "x"), False),
        ((POLYGON, OTHER), True),
        ((POLYGON, BENT), True),
        ((POLYGON, "POLYGON ((1 2"), True),
        ((POLYGON, POLYGON), False),
        ((POLYGON, INSIDE), False),
        ((INSIDE, POLYGON), False),
        ((OUTSIDE, POLYGON), False),
        ((POLYGON, "POLYGON EMPTY"), False),
    ],
)
def test_a_second_column_of_shapes_may_be_a_plot(cells: tuple[str, str], lost: bool) -> None:
    lines = ["id;a;b", *(f"{at};{cells[0]};{cells[1]}" for at in range(2))]
    sites = read("\n".join(lines).encode(), crs="EPSG:4490")
    assert len(sites.features) == 2
    assert shapely.get_type_id(sites.sites.geometries).tolist() == [3, 3]
    assert doubtful(sites) is lost


@given(st.lists(st.sampled_from(["4490", "4543", "4544", ""]), min_size=1, max_size=4))
def test_rows_in_several_reference_systems_are_never_one(codes: list[str]) -> None:
    rows = [f'{at},"{f"SRID={code};" if code else ""}{POLYGON}"' for at, code in enumerate(codes)]
    data = "\n".join(["id,geom", *rows]).encode()
    if len(set(codes)) > 1:
        for crs in (None, "EPSG:4490"):
            with pytest.raises(MixedReferenceError) as caught:
                read(data, crs=crs)
        assert len(caught.value.params["found"]) == len(set(codes))
    elif codes[0] in ("4490", ""):
        assert len(read(data, crs="EPSG:4490").features) == len(codes)
