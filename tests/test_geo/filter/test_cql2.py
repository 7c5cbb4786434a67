"""Filters. Oracles: SQLite for everything that CQL2 and SQL write alike, geopandas for shapes."""

import json
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box, shape

from geo.filter.cql2_text import parse_cql2_text
from geo.filter.errors import FilterError
from geo.filter.evaluate import select_rows
from geo.filter.tree import MOST_DEPTH

ROWS = [
    (1, 1.5, "东川区", True),
    (2, None, "西山区", False),
    (3, -4.25, None, None),
    (None, 0.0, "Dongchuan", True),
    (5, 1e9, "a%b_c'd", False),
    (-7, 1.5, "", None),
]


def frame() -> gpd.GeoDataFrame:
    columns = {
        "whole": pd.array([row[0] for row in ROWS], dtype="Int64"),
        "real": [row[1] for row in ROWS],
        "名称": [row[2] for row in ROWS],
        "flag": pd.array([row[3] for row in ROWS], dtype="boolean"),
    }
    return gpd.GeoDataFrame(columns, geometry=[Point(n, n) for n in range(6)], crs="EPSG:4490")


def ours(text: str) -> list[bool]:
    return select_rows(frame(), parse_cql2_text(text), lambda one: one).tolist()


def by_sqlite(text: str) -> list[bool]:
    db = sqlite3.connect(":memory:")
    db.execute("PRAGMA case_sensitive_like = ON")
    db.execute('CREATE TABLE t (n INTEGER, whole INTEGER, real REAL, "名称" TEXT, flag BOOLEAN)')
    db.executemany("INSERT INTO t VALUES (?,?,?,?,?)", [(n, *row) for n, row in enumerate(ROWS)])
    chosen = {n for (n,) in db.execute(f"SELECT n FROM t WHERE {text}")}  # noqa: S608 - our own
    db.close()
    return [n in chosen for n in range(len(ROWS))]


numbers = st.sampled_from(
    ["whole", "real", "1", "1.5", "-7", "0", "2 + 1", "whole * 2", "real - 1"]
)
texts = st.sampled_from(["名称", "'东川区'", "''", "'a%b_c''d'", "'Dongchuan'"])
signs = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
patterns = st.sampled_from(["%", "东%", "%区", "_川_", "D%n", "%", "", "%a%b%", "d%"])
leaves = st.one_of(
    st.tuples(numbers, signs, numbers).map(" ".join),
    st.tuples(texts, signs, texts).map(" ".join),
    st.tuples(numbers, st.sampled_from(["IS NULL", "IS NOT NULL"])).map(" ".join),
    st.tuples(numbers, numbers, numbers).map("{0[0]} BETWEEN {0[1]} AND {0[2]}".format),
    st.tuples(numbers, numbers, numbers).map("{0[0]} NOT BETWEEN {0[1]} AND {0[2]}".format),
    st.tuples(numbers, st.lists(st.sampled_from(["1", "2", "5"]), min_size=1)).map(
        lambda two: f"{two[0]} IN ({', '.join(two[1])})"
    ),
    st.tuples(texts, st.sampled_from(["LIKE", "NOT LIKE"]), patterns).map(
        lambda three: f"{three[0]} {three[1]} '{three[2]}'"
    ),
    st.sampled_from(["flag = TRUE", "flag <> TRUE", "flag", "NOT flag"]),
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} AND {0[1]})".format),
        st.tuples(inner, inner).map("{0[0]} OR {0[1]}".format),
        inner.map("NOT ({})".format),
    ),
    max_leaves=6,
)


@given(text=expressions)
def test_a_filter_chooses_what_sql_chooses(text: str) -> None:
    assert ours(text) == by_sqlite(text)


@given(text=expressions)
def test_text_and_json_are_one_language(text: str) -> None:
    tree = json.loads(json.dumps(parse_cql2_text(text)))
    assert select_rows(frame(), tree, lambda one: one).tolist() == ours(text)


def test_null_is_neither_a_value_nor_its_contrary() -> None:
    # By hand: of six rows the third has no name.
    named, other = ours("名称 = '东川区'"), ours("NOT 名称 = '东川区'")
    assert sum(named) == 1
    assert sum(other) == 4
    assert not named[2]
    assert not other[2]


SHAPES = gpd.GeoDataFrame(
    geometry=[box(0, 0, 2, 2), box(2, 2, 3, 3), box(10, 10, 11, 11), Polygon(), None],
    crs="EPSG:4490",
)
LITERALS = {
    "POLYGON((1 1, 3 1, 3 3, 1 3, 1 1))": Polygon([(1, 1), (3, 1), (3, 3), (1, 3)]),
    "BBOX(0, 0, 2, 2)": box(0, 0, 2, 2),
    "POINT(2 2)": Point(2, 2),
    "MULTIPOINT((1 1), (10.5 10.5))": shape(
        {"type": "MultiPoint", "coordinates": [[1, 1], [10.5, 10.5]]}
    ),
    "LINESTRING(-1 -1, 1 1)": shape({"type": "LineString", "coordinates": [[-1, -1], [1, 1]]}),
}


@pytest.mark.parametrize("text", LITERALS)
@pytest.mark.parametrize(
    "relation",
    ["intersects", "disjoint", "within", "contains", "touches", "crosses", "overlaps", "equals"],
)
def test_shapes_lie_as_geopandas_says(relation: str, text: str) -> None:
    column = SHAPES.geometry
    direct = getattr(column, "geom_equals" if relation == "equals" else relation)(LITERALS[text])
    found = select_rows(
        SHAPES, parse_cql2_text(f"S_{relation.upper()}(geometry, {text})"), lambda one: one
    )
    # What has no shape is unknown, and not disjoint.
    assert found.tolist() == (direct & ~shapely.is_missing(column.to_numpy())).tolist()


@pytest.mark.parametrize("relation", ["within", "contains", "intersects"])
def test_the_order_of_shapes_counts(relation: str) -> None:
    text = f"S_{relation.upper()}(BBOX(0.5, 0.5, 1, 1), geometry)"
    inner = gpd.GeoSeries([box(0.5, 0.5, 1, 1)] * len(SHAPES), crs="EPSG:4490")
    direct = getattr(inner, relation)(SHAPES.geometry, align=False)
    found = select_rows(SHAPES, parse_cql2_text(text), lambda one: one)
    assert found.tolist() == direct.tolist()


PERIODS = {
    # Allen's relations of 2026-03..2026-06 to 2026-01..2026-12, by hand.
    "T_DURING": True, "T_INTERSECTS": True, "T_CONTAINS": False, "T_AFTER": False,
    "T_BEFORE": False, "T_DISJOINT": False, "T_EQUALS": False, "T_OVERLAPS": False,
    "T_STARTS": False, "T_FINISHES": False, "T_MEETS": False, "T_METBY": False,
    "T_STARTEDBY": False, "T_FINISHEDBY": False, "T_OVERLAPPEDBY": False,
}  # fmt: skip


@pytest.mark.parametrize("relation", PERIODS)
def test_periods_lie_as_allen_says(relation: str) -> None:
    dates = pd.to_datetime(["2026-03-01", None])
    ends = pd.to_datetime(["2026-06-01", "2026-06-01"])
    table = gpd.GeoDataFrame({"d": dates, "e": ends}, geometry=[Point(0, 0)] * 2, crs="EPSG:4490")
    text = f"{relation}(INTERVAL(d, e), INTERVAL('2026-01-01', '2026-12-31'))"
    found = select_rows(table, parse_cql2_text(text), lambda one: one)
    assert found.tolist() == [PERIODS[relation], False]


def test_moments_are_compared_across_zones_of_time() -> None:
    table = gpd.GeoDataFrame(
        {"d": pd.to_datetime(["2026-01-01T00:00:00Z", "2026-01-01T09:00:00Z"])},
        geometry=[Point(0, 0)] * 2,
        crs="EPSG:4490",
    )
    text = "d > TIMESTAMP('2026-01-01T16:00:00+08:00')"
    assert select_rows(table, parse_cql2_text(text), lambda one: one).tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("CASEI(名称) LIKE CASEI('DONG%')", [3]),
        ("ACCENTI('é') = 'e'", [0, 1, 2, 3, 4, 5]),
        ("whole % 2 = 1", [0, 2, 4]),
        ("whole / 0 = 1", []),
        ("2 ^ 2 = whole + 1", [2]),
        ("-whole = 7", [5]),
        ('"whole" = 1', [0]),
        ("whole DIV 2 = 1", [1, 2]),
    ],
)
def test_functions_and_arithmetic(text: str, chosen: list[int]) -> None:
    # By hand.
    assert np.flatnonzero(ours(text)).tolist() == chosen


DATES = ["2024-01-02", "2024-06-30T08:00:00+08:00", None, "", "2025-12-31T23:00:00"]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("批准 > DATE('2024-06-01')", [False, True, False, False, True]),
        ("DATE('2024-06-01') >= 批准", [True, False, False, False, False]),
        ("T_AFTER(批准, DATE('2024-01-02'))", [False, True, False, False, True]),
        ("NOT T_AFTER(批准, DATE('2024-01-02'))", [True, False, False, False, False]),
        ("批准 = TIMESTAMP('2024-06-30T00:00:00Z')", [False, True, False, False, False]),
        ("T_DURING(批准, INTERVAL('2024-01-01', '2025-01-01'))", [True, True, False, False, False]),
        ("批准 BETWEEN DATE('2024-01-02') AND DATE('2024-01-03')", [True, *[False] * 4]),
        ("批准 = '2024-01-02'", [True, False, False, False, False]),
        ("批准 IS NULL", [False, False, True, False, False]),
    ],
)
def test_texts_that_are_dates_are_compared_as_dates(text: str, chosen: list[bool]) -> None:
    shapes = [Point(n, n) for n in range(5)]
    table = gpd.GeoDataFrame({"批准": DATES}, geometry=shapes, crs="EPSG:4490")
    assert select_rows(table, parse_cql2_text(text), lambda one: one).tolist() == chosen


@pytest.mark.parametrize("odd", ["不详", "2024", "20240102", "2024-13-01", "2024-01-02T25:00"])
def test_texts_that_are_not_all_dates_are_refused_as_dates(odd: str) -> None:
    shapes = [Point(0, 0)] * 2
    table = gpd.GeoDataFrame({"d": ["2024-01-02", odd]}, geometry=shapes, crs="EPSG:4490")
    with pytest.raises(FilterError) as caught:
        select_rows(table, parse_cql2_text("d > DATE('2024-01-01')"), lambda one: one)
    assert caught.value.params["problem"] == "filter_kinds"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "filter_syntax"),
        ("whole =", "filter_syntax"),
        ("whole = 1 whole", "filter_syntax"),
        ("whole = 1; DROP TABLE t", "filter_syntax"),
        ("名称 = 'x' OR 1=1--", "filter_syntax"),
        ("nothing = 1", "filter_property"),
        ("geometry = 1", "filter_property"),
        ("名称 = 1", "filter_kinds"),
        ("名称 + 1 = 2", "filter_kinds"),
        ("flag < TRUE", "filter_kinds"),
        ("whole LIKE '1'", "filter_like"),
        ("名称 LIKE 名称", "filter_like"),
        ("whole", "filter_no_truth"),
        ("eval('1') = 1", "filter_operation"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "filter_shape"),
        ("S_INTERSECTS(geometry, BBOX(1, 1, 0, 0))", "filter_shape"),
        ("S_INTERSECTS(名称, POINT(0 0))", "filter_shape"),
        ("T_AFTER(whole, DATE('2026-01-01'))", "filter_date"),
        ("DATE('2026-13-01') = DATE('2026-01-01')", "filter_date"),
        ("T_AFTER(DATE('2026-01-01'), INTERVAL('2026-02-01', '2026-01-01'))", "filter_order"),
        ("casei(名称, 'a') = 'a'", "filter_arguments"),
        ("(" * 2 * MOST_DEPTH + "whole = 1" + ")" * 2 * MOST_DEPTH, "filter_deep"),
    ],
)
def test_what_is_no_filter_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FilterError) as caught:
        ours(text)
    assert caught.value.params["problem"] == problem


@pytest.mark.parametrize(
    ("text", "at", "part"),
    [
        ("whole = 1 whole", 11, "whole"),
        ("whole = 1; DROP TABLE t", 10, "; DROP TABLE t"),
        ("whole = ", 8, "whole =…"),
        ("", 1, "…"),
        ("(名称 = 'a'", 10, "(名称 = 'a'…"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(text: str, at: int, part: str) -> None:
    # Counted by hand, from 1.
    with pytest.raises(FilterError) as caught:
        ours(text)
    assert (caught.value.params["at"], caught.value.params["part"]) == (at, part)


@pytest.mark.parametrize(
    "tree",
    [
        None, [], {}, 1, "x", {"op": 1, "args": []}, {"op": "=", "args": 1}, {"op": "and", "args": []},
        {"op": "=", "args": [{"property": ["whole"]}, 1]}, {"op": "in", "args": [1, []]},
        {"op": "=", "args": [{"date": 1}, {"date": "2026-01-01"}]}, {"op": "=", "args": [1e400, 1]},
        {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": "ab"}]},
        {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Nothing", "coordinates": []}]},
        {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Point"}]},
        {"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [0, 0, True, 1]}]},
        {"op": "t_after", "args": [{"interval": ["..", 3]}, {"date": "2026-01-01"}]},
    ],
)  # fmt: skip
def test_a_tree_that_is_none_is_refused(tree: object) -> None:
    with pytest.raises(FilterError):
        select_rows(frame(), tree, lambda one: one)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["whole", "名称", "geometry", "2026-01-01", ".."]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["op", "args", "property", "date", "interval", "bbox", "type", "coordinates"]),
        inner | st.sampled_from(["=", "and", "like", "in", "s_within", "t_after", "Point", "Polygon"]),
        max_size=3,
    ),
    max_leaves=12,
)  # fmt: skip


@given(tree=anything)
def test_no_tree_breaks_the_program(tree: object) -> None:
    try:
        found = select_rows(frame(), tree, lambda one: one)
    except FilterError:
        return
    assert found.shape == (len(ROWS),)


@given(text=st.text(alphabet="whole real名称 ()='\"<>+-*/.,1234SINTERSPO%_", max_size=40))
def test_no_text_breaks_the_program(text: str) -> None:
    try:
        ours(text)
    except FilterError:
        return
