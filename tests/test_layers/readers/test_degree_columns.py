"""Degrees, minutes and seconds in columns of their own.

Oracle: the same points as decimal degrees in one column each, made by the test.
"""

import io

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PlanningError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import BadDegreesError, DegreeColumnsError
from maps.i18n import LANGUAGES, tr

HEADS = {
    "two rows": ([["点号", "经度", None, None, "纬度", None, None],
                  [None, "度", "分", "秒", "度", "分", "秒"]], 3),
    "three rows": ([["点号", "大地坐标"], [None, "东经", None, None, "北纬", None, None],
                    [None, "°", "′", "″", "°", "′", "″"]], 3),
    "one row": ([["点号", "经度(度)", "经度(分)", "经度(秒)", "纬度(度)", "纬度(分)", "纬度(秒)"]], 3),
    "english": ([["No", "Lon_deg", "Lon_min", "Lon_sec", "Lat_deg", "Lat_min", "Lat_sec"]], 3),
    "letters": ([["No", "lon_d", "lon_m", "lon_s", "lat_d", "lat_m", "lat_s"]], 3),
    "bare units": ([["点号", "度", "分", "秒", "度", "分", "秒"]], 3),
    "spanned": ([["点号", "经度", None, None, "纬度", None, None]], 3),
    "minutes": ([["点号", "经度", None, "纬度", None], [None, "度", "分", "度", "分"]], 2),
    "minutes in one row": ([["点号", "经度°", "′", "纬度°", "′"]], 2),
}  # fmt: skip
NO_HEADS = {
    "no head": ([], 3),
    "degrees only named": ([["点号", "经度", "甲", "乙", "纬度", "丙", "丁"]], 3),
    "one coordinate": ([["点号", "经度(度)", "经度(分)", "经度(秒)", "纬度", "丙", "丁"]], 3),
}  # fmt: skip
CORNERS = st.tuples(
    st.floats(97.6, 106.1, allow_nan=False), st.floats(21.2, 29.2, allow_nan=False),
    st.floats(0.002, 0.4), st.floats(0.002, 0.4),
)  # fmt: skip


def parts_of(degrees: float, width: int) -> list[float]:
    """Return degrees, minutes and seconds to 1e-4 of the last (3 mm), none of them 60."""
    units = round(degrees * 60 ** (width - 1) * 1e4)
    last = units % 600_000 / 1e4
    whole = units // 600_000
    return [whole, last] if width == 2 else [whole // 60, whole % 60, last]


def square(corner: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    west, south, wide, high = corner
    return [(west, south), (west + wide, south), (west + wide, south + high), (west, south + high)]


def rows_of(head: list, width: int, points: list, *, swapped: bool = False) -> list[list]:
    rows = [list(row) for row in head]
    for number, point in enumerate(points, start=1):
        cells = [parts_of(value, width) for value in (point[::-1] if swapped else point)]
        rows.append([f"J{number}", *cells[0], *cells[1]])
    return rows


def written(rows: list[list], form: str) -> bytes:
    if form == "csv":
        lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
        return "\n".join(lines).encode()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(rows: list[list], form: str = "csv"):
    source = Source(name="t", files={"t": written(rows, form)})
    return read_sites(source, ReadOptions(crs="EPSG:4490"), counties=None)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(HEADS)), CORNERS, st.sampled_from(["csv", "xlsx"]))
def test_every_named_layout_reads_as_decimal_degrees_do(name, corner, form) -> None:
    head, width = HEADS[name]
    sites = read(rows_of(head, width, square(corner)), form)
    decimal = read([["点号", "经度(度)", "纬度(度)"],
                    *([f"J{n}", *p] for n, p in enumerate(square(corner), 1))])  # fmt: skip
    (found,), (expected,) = sites.sites.geometries, decimal.sites.geometries
    # 1e-4 of a second is 3e-8 degrees, of a minute 1.7e-6.
    assert shapely.hausdorff_distance(found, expected) < (4e-8 if width == 3 else 2e-6)
    (issue,) = [one for one in sites.report.issues if one.code == "degrees_in_columns"]
    assert issue.params["degrees"] == pytest.approx(square(corner)[0], abs=2e-6)
    assert not {"degrees_maybe_packed", "columns_misnamed"} & {i.code for i in sites.report.issues}


@settings(deadline=None, max_examples=20)
@given(CORNERS)
def test_bare_units_are_told_apart_by_the_size_of_the_degrees(corner) -> None:
    head, width = HEADS["bare units"]
    one = read(rows_of(head, width, square(corner)))
    other = read(rows_of(head, width, square(corner), swapped=True))
    assert shapely.equals(one.sites.geometries[0], other.sites.geometries[0])


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(HEADS)), st.integers(0, 3), st.integers(0, 5),
    st.sampled_from([60, 75.5, -3, None, "x", 400]),
)  # fmt: skip
def test_a_part_that_is_none_is_refused_by_its_cell(name, point, part, value) -> None:
    head, width = HEADS[name]
    rows = rows_of(head, width, square((102.7, 24.9, 0.01, 0.01)))
    column = 1 + part % (2 * width)
    # Degrees may be 60 or 75, which is elsewhere; a fraction there is none.
    if (column - 1) % width == 0 and value in (60,):
        value = 400
    rows[len(head) + point][column] = value
    with pytest.raises(PlanningError) as caught:
        read(rows)
    if isinstance(caught.value, BadDegreesError):
        cell = f"{'ABCDEFG'[column]}{len(head) + point + 1}"
        assert caught.value.params["cell"] == cell
    else:
        assert name == "spanned"
        assert isinstance(caught.value, DegreeColumnsError)
    for lang in LANGUAGES:
        said = tr(f"errors.{caught.value.code}", lang, **caught.value.params)
        assert caught.value.code not in said


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(sorted(NO_HEADS)), CORNERS)
def test_what_nothing_names_is_refused_with_the_way_out(name, corner) -> None:
    head, width = NO_HEADS[name]
    points = square((102.7, 24.9, *corner[2:]))
    with pytest.raises(DegreeColumnsError) as caught:
        read(rows_of(head, width, points), "xlsx")
    for lang, word in (("zh", "经度(度)"), ("en", "lon (deg)")):
        assert word in tr(f"errors.{caught.value.code}", lang, **caught.value.params)


def test_units_that_stand_again_on_each_page_are_no_points() -> None:
    head, width = HEADS["two rows"]
    points = [*square((102.7, 24.9, 0.01, 0.01)), (102.695, 24.905)]
    rows = rows_of(head, width, points)
    paged = [*rows[:4], *head, *rows[4:]]
    assert shapely.equals(
        read(paged).sites.geometries[0], shapely.set_precision(read(rows).sites.geometries[0], 0)
    )


def test_metres_with_units_in_their_names_are_metres() -> None:
    points = [(2763926.87, 580624.84), (2764226.87, 580624.84), (2764226.87, 580924.84)]
    for head in (
        ["点号", "X(m)", "Y(m)"],
        ["点号", "N(m)", "E(m)"],
        ["点号", "北坐标/m", "东坐标/m"],
    ):
        rows = [head, *([f"J{n}", *p] for n, p in enumerate(points, 1))]
        source = Source(name="t", files={"t": written(rows, "csv")})
        sites = read_sites(source, ReadOptions(crs="EPSG:4543"), counties=None)
        xy = shapely.get_coordinates(sites.features.geometry.to_numpy())
        assert set(map(tuple, xy.tolist())) == {point[::-1] for point in points}
        assert np.isfinite(xy).all()
