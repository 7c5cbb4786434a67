"""Ground by class. Oracles: sheets cut by hand, sums that are the whole, and the overlap engine."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.check.control_index import ControlIndex, index_controls
from geo.check.overlay import outsides, overlaps
from geo.check.split import split_by_class, taken_areas_m2
from geo.measure.area import area_lonlat_m2

WEST, SOUTH, STEP = 102.7, 24.9, 0.01


def cell(column: float, row: float, wide: float = 1.0, high: float = 1.0) -> shapely.Polygon:
    west, south = WEST + STEP * column, SOUTH + STEP * row
    return shapely.box(west, south, west + STEP * wide, south + STEP * high)


def indexed(*shapes: shapely.Geometry) -> ControlIndex:
    series = gpd.GeoSeries(list(shapes), crs="EPSG:4490")
    return index_controls(series, [f"f{at}" for at in range(len(shapes))])


def area_m2(*shapes: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array(shapes, dtype=object)).sum())


def split(site: shapely.Geometry, index: ControlIndex, classes: list[str]):
    (found,) = split_by_class(np.array([site], dtype=object), index, classes)
    return found


def test_a_site_over_three_patches_and_a_gap_is_cut_along_their_edges() -> None:
    index = indexed(cell(0, 0), cell(1, 0), cell(0, 1))
    found = split(cell(0, 0, 2, 2), index, ["field", "town", "field"])
    assert found.areas_m2["field"] == pytest.approx(area_m2(cell(0, 0), cell(0, 1)), abs=1e-4)
    assert found.areas_m2["town"] == pytest.approx(area_m2(cell(1, 0)), abs=1e-4)
    assert found.rest_m2 == pytest.approx(area_m2(cell(1, 1)), abs=1e-4)
    assert found.shared_m2 == 0.0


def test_ground_of_two_patches_is_counted_for_the_first_and_said() -> None:
    index = indexed(cell(0, 0, 2, 1), cell(1, 0, 2, 1))
    found = split(cell(0, 0, 3, 1), index, ["first", "second"])
    assert found.areas_m2["first"] == pytest.approx(area_m2(cell(0, 0, 2, 1)), abs=1e-4)
    assert found.areas_m2["second"] == pytest.approx(area_m2(cell(2, 0)), abs=1e-4)
    assert found.shared_m2 == pytest.approx(area_m2(cell(1, 0)), abs=1e-4)


def test_without_patches_all_is_rest() -> None:
    found = split(cell(0, 0), indexed(), [])
    assert (dict(found.areas_m2), found.rest_m2) == ({}, pytest.approx(area_m2(cell(0, 0))))
    assert split_by_class(np.array([], dtype=object), indexed(), []) == []


boxes = st.builds(
    lambda column, row, wide, high: cell(column / 7, row / 7, wide / 7, high / 7),
    *(st.integers(0, 14), st.integers(0, 14)),
    *(st.integers(1, 14), st.integers(1, 14)),
)


@given(site=boxes, patches=st.lists(boxes, max_size=6), lines=st.lists(boxes, max_size=4))
def test_classes_and_rest_are_the_site_and_what_lines_take_of_them_is_the_overlap(
    site: shapely.Polygon, patches: list[shapely.Polygon], lines: list[shapely.Polygon]
) -> None:
    found = split(site, indexed(*patches), [str(at % 2) for at in range(len(patches))])
    assert sum(found.areas_m2.values()) + found.rest_m2 == pytest.approx(area_m2(site), abs=1e-4)
    grounds = np.array([*found.pieces.values(), found.rest], dtype=object)
    whole = np.array([site], dtype=object)
    controls = indexed(*lines)
    taken = taken_areas_m2(grounds, controls).sum()
    assert taken == pytest.approx(overlaps(whole, controls)[0].area_m2, abs=1e-4)
    left = taken_areas_m2(grounds, controls, outside=True, within=cell(0, 0, 3, 3)).sum()
    expected = outsides(whole, controls, cell(0, 0, 3, 3))[0].area_m2
    assert left == pytest.approx(expected, abs=1e-4)
