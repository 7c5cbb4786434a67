"""Oracles: properties of the content, and GDAL's own way to and from a GeoPackage."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import MissingCrsError
from layers.model import LayerFrame
from layers.store.content import content_sha256
from layers.store.geopackage import read_geopackage, write_geopackage

CORNERS = st.tuples(st.floats(97.0, 105.0), st.floats(21.0, 29.0))
FRAMES = st.lists(
    st.tuples(CORNERS, st.text(max_size=5), st.integers(-(2**53), 2**53) | st.none()),
    min_size=1,
    max_size=6,
)


def _frame(rows, crs: str | None = "EPSG:4490", coverage=None) -> LayerFrame:
    table = {
        "feature_id": [str(number) for number in range(len(rows))],
        "name": pd.Series([name for _, name, _ in rows], dtype=object),
        "code": pd.array([code for _, _, code in rows], dtype="Int64"),
    }
    shapes = [shapely.box(x, y, x + 0.5, y + 0.25) for (x, y), _, _ in rows]
    return LayerFrame(features=gpd.GeoDataFrame(table, geometry=shapes, crs=crs), coverage=coverage)


def _changed(frame: LayerFrame, features: gpd.GeoDataFrame) -> LayerFrame:
    return LayerFrame(features=features, coverage=frame.coverage)


SAMPLE = (((102.5, 25.0), "滇池", 1), ((100.0, 25.5), "洱海", None))


@given(FRAMES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_count(rows, chance):
    frame = _frame(rows)
    order = chance.sample(range(len(rows)), len(rows))
    columns = chance.sample(list(frame.features.columns), 4)
    shuffled = _changed(frame, frame.features.iloc[order][columns])
    assert content_sha256(shuffled) == content_sha256(frame)


@given(FRAMES, st.data())
def test_a_vertex_moved_by_the_least_possible_counts(rows, data):
    frame = _frame(rows)
    at = data.draw(st.integers(0, len(rows) - 1))
    shapes = frame.features.geometry.to_numpy().copy()
    xy = shapely.get_coordinates(shapes[at])
    xy[2, 0] = math.nextafter(xy[2, 0], math.inf)
    shapes[at] = shapely.Polygon(xy)
    moved = _changed(frame, frame.features.set_geometry(shapes, crs=frame.features.crs))
    assert content_sha256(moved) != content_sha256(frame)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: _changed(f, f.features.assign(name=["滇池", "洱海 "])),
        lambda f: _changed(f, f.features.assign(code=[1, 0])),
        lambda f: _changed(f, f.features.assign(feature_id=["0", "2"])),
        lambda f: _changed(f, f.features.assign(feature_id=["1", "0"])),
        lambda f: _changed(f, f.features.rename(columns={"name": "Name"})),
        lambda f: _changed(f, f.features.drop(columns="code")),
        lambda f: _changed(f, f.features.iloc[:1]),
        lambda f: _changed(f, f.features.set_crs("EPSG:4326", allow_override=True)),
        lambda f: LayerFrame(features=f.features, coverage=f.features.geometry),
    ],
    ids=[
        "text",
        "null",
        "id",
        "swapped_ids",
        "field",
        "less_fields",
        "less_rows",
        "crs",
        "coverage",
    ],
)
def test_everything_that_is_said_counts(change):
    frame = _frame(SAMPLE)
    assert content_sha256(change(frame)) != content_sha256(frame)


def test_coverage_counts_whatever_its_order():
    parts = gpd.GeoSeries([shapely.box(100, 25, 101, 26), shapely.box(102, 25, 103, 26)])
    parts = parts.set_crs("EPSG:4490")
    ordered, reversed_ = (_frame(SAMPLE, coverage=p) for p in (parts, parts[::-1]))
    assert content_sha256(ordered) == content_sha256(reversed_)
    assert content_sha256(_frame(SAMPLE, coverage=parts[:1])) != content_sha256(ordered)


@pytest.mark.parametrize(
    "column",
    [
        [1, 2],
        pd.array([1, None], dtype="Int64"),
        pd.array([True, None], dtype="boolean"),
        [1.5, np.nan],
        [np.inf, -0.0],
        ["", None],
        [None, None],
        ["中文", 'a"b'],
        np.array([0.1, 0.2], dtype="float32"),
        pd.to_datetime(["2026-11-23T04:00:00.5", "2026-11-23T04:00:00.0"]),
        pd.to_datetime(["2026-11-23T04:00:00", None]).tz_localize("UTC"),
    ],
    ids=[
        "int",
        "int_gap",
        "bool_gap",
        "float",
        "inf",
        "text",
        "null",
        "quote",
        "float32",
        "time",
        "time_utc",
    ],
)
def test_content_is_the_same_when_it_comes_back_from_a_file(tmp_path, column):
    frame = _frame(SAMPLE)
    frame = _changed(frame, frame.features.assign(value=column))
    write_geopackage(frame, tmp_path / "a.gpkg")
    back = read_geopackage(tmp_path / "a.gpkg", covered=False)
    assert content_sha256(back) == content_sha256(frame)


def test_one_part_is_the_same_as_a_collection_of_one(tmp_path):
    """A GeoPackage table keeps polygons among multipolygons as multipolygons of one."""
    frame = _frame(SAMPLE)
    both = shapely.union_all(frame.features.geometry.to_numpy())
    mixed = _changed(
        frame, frame.features.set_geometry([both, frame.features.geometry[1]], crs=4490)
    )
    write_geopackage(mixed, tmp_path / "a.gpkg")
    back = read_geopackage(tmp_path / "a.gpkg", covered=False)
    assert set(back.features.geom_type) == {"MultiPolygon"}
    assert content_sha256(back) == content_sha256(mixed)


@pytest.mark.parametrize("name", ["fid", "FID", "geom", "Geom", "ogc_fid", "rowid", "id"])
def test_attributes_may_be_called_as_the_format_calls_its_own_columns(tmp_path, name):
    frame = _frame(SAMPLE)
    frame = _changed(frame, frame.features.assign(**{name: [7, 3]}))
    write_geopackage(frame, tmp_path / "a.gpkg")
    back = read_geopackage(tmp_path / "a.gpkg", covered=False)
    assert list(back.features[name]) == [7, 3]
    assert list(back.features["feature_id"]) == ["0", "1"]
    assert content_sha256(back) == content_sha256(frame)


def test_content_without_a_crs_has_no_digest():
    with pytest.raises(MissingCrsError):
        content_sha256(_frame(SAMPLE, crs=None))
