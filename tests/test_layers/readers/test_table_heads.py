"""Heads of tables in one, two or three rows: no plot melts into another, none loses its name.

Oracle: the squares of which the table was made, by hand; every way to write one head must give
the same plots.
"""

import io
from itertools import product

import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from layers.model import ReadOptions
from layers.readers import Source, read_sites

NAMES = ("地块名称", "点号", "X", "Y")
OUTER = shapely.box(500_000, 2_766_000, 500_400, 2_766_400)
INNER = shapely.box(500_100, 2_766_100, 500_200, 2_766_200)
BESIDE = shapely.box(500_600, 2_766_000, 500_700, 2_766_100)

STACKS = {
    "one row": [("地块名称", "点号", "X", "Y")],
    "coordinates below": [("地块名称", "点号", "坐标", None), (None, None, "X", "Y")],
    "coordinates above": [(None, None, "纵坐标", "横坐标"), ("地块名称", "点号", "X", "Y")],
    "three rows": [
        ("地块名称", "点号", "界址点坐标", None),
        (None, None, "X", "Y"),
        (None, None, "(m)", "(m)"),
    ],
    "names of an office": [("项目名称", "界址点号", "坐标", None), (None, None, "X坐标", "Y坐标")],
    "with titles": [
        ("界址点成果表", None, None, None),
        ("坐标系：2000国家大地坐标系", None, None, None),
        ("名称", "点号", "坐标（米）", None),
        (None, None, "X", "Y"),
    ],
}


def lines(named: list[tuple[str, shapely.Polygon]], *, each: bool) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for name, shape in named:
        for at, (east, north) in enumerate(shapely.get_coordinates(shape)):
            label = f"J{at % 4 + 1}"
            found.append((name if each or at == 0 else None, label, north, east))
    return found


def workbook(rows: list[tuple[object, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def csv(rows: list[tuple[object, ...]]) -> bytes:
    text = "\n".join(",".join("" if one is None else str(one) for one in row) for row in rows)
    return text.encode()


def plots(data: bytes, name: str = "表.xlsx") -> dict[str, shapely.Geometry]:
    options = ReadOptions(crs="EPSG:4543")
    sites = read_sites(Source(name=name, files={name: data}), options, counties=None)
    assert sites.features.crs.to_epsg() == 4543
    return dict(zip(sites.labels, sites.features.geometry, strict=True))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("each", [True, False])
def test_every_way_to_write_a_head_gives_the_same_plots(
    stack: str, form: str, *, each: bool
) -> None:
    named = [("外", OUTER), ("内", INNER), ("旁", BESIDE)]
    rows = [*STACKS[stack], *lines(named, each=each)]
    found = plots(workbook(rows) if form == "xlsx" else csv(rows), f"表.{form}")
    assert list(found) == ["外", "内", "旁"]
    for name, shape in named:
        assert found[name].symmetric_difference(shape).area < 0.01


@hypothesis_settings(max_examples=25)
@given(
    st.permutations(NAMES),
    st.sampled_from(["above", "below", "none"]),
    st.lists(st.sampled_from(["边长", "备注", "权属"]), max_size=2, unique=True),
)
def test_names_are_found_in_whatever_row_and_column_they_stand(
    order: list[str], names: str, more: list[str]
) -> None:
    named = [("外", OUTER), ("内", INNER)]
    columns = [*order, *more]
    points = lines(named, each=True)
    at = {name: number for number, name in enumerate(NAMES)}
    table = [[row[at[name]] if name in at else None for name in columns] for row in points]
    coordinates = [name if name in {"X", "Y"} else None for name in columns]
    others = [None if name in {"X", "Y"} else name for name in columns]
    head = {"none": [columns], "above": [others, coordinates], "below": [coordinates, others]}
    found = plots(workbook([tuple(row) for row in (*head[names], *table)]))
    assert list(found) == ["外", "内"]
    for name, shape in named:
        assert found[name].symmetric_difference(shape).area < 0.01


@pytest.mark.parametrize(("ring", "point"), list(product([False, True], repeat=2)))
def test_a_hole_that_is_only_guessed_is_said(*, ring: bool, point: bool) -> None:
    head = [*(["圈号"] if ring else []), *(["点号"] if point else []), "X", "Y"]
    rows = [tuple(head)]
    number = 0
    for at, shape in enumerate((OUTER, INNER), start=1):
        for east, north in shapely.get_coordinates(shape):
            number += 1
            rows.append((*([at] if ring else []), *([f"P{number}"] if point else []), north, east))
    options = ReadOptions(crs="EPSG:4543")
    name = "表.xlsx"
    sites = read_sites(Source(name=name, files={name: workbook(rows)}), options, counties=None)
    codes = {issue.code for issue in sites.report.issues}
    assert ("holes_in_unnumbered_table" in codes) == (not ring and not point)
