"""What the public reads of features. Oracles: by hand; an area by a second method (GeographicLib)."""

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod

from layers.publish.fields import all_columns, columns_of, fields_of, read_fields

BOX = shapely.box(102.80, 24.99, 102.802, 24.992)
POINT = shapely.Point(102.8, 25.0)


def read(rows: list[dict], shapes: list[shapely.Geometry]) -> list[dict]:
    return read_fields("site_offer", gpd.GeoDataFrame(rows, geometry=shapes, crs=4490))


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ({"状态": "可供"}, {"offer_state": "open"}),
        ({"Ｓｔａｔｅ": " Reserved "}, {"offer_state": "reserved"}),
        # A word of nobody's list is no state that it might be: it stands as it is written.
        ({"状态": "待定"}, {"offer_state": "待定"}),
        # 60 mu are 4 ha: a hectare is 15 mu.
        ({"面积（亩）": 60}, {"stated_area_ha": 4.0}),
        ({"面积（平方米）": "25,000"}, {"stated_area_ha": 2.5}),
        ({"面积公顷": 1.5}, {"stated_area_ha": 1.5}),
        # Neither a guess nor a unit that nobody wrote.
        ({"面积（亩）": "约60"}, {"stated_area_text": "面积（亩）: 约60"}),
        ({"面积（亩）": -3}, {"stated_area_text": "面积（亩）: -3"}),
        ({"面积": 60}, {"stated_area_text": "60"}),
        ({"条件": "亩均投资", "conditions_en": "per mu"},
         {"conditions_zh": "亩均投资", "conditions_en": "per mu"}),
        ({"状态": None, "联系人": "  "}, {}),
    ],
)  # fmt: skip
def test_a_feature_says_what_its_row_says(said: dict, read_as: dict) -> None:
    assert read([said], [POINT]) == [read_as]


def test_outlines_are_measured_and_points_are_not() -> None:
    area_m2, _ = Geod(ellps="GRS80").geometry_area_perimeter(BOX)
    first, second = read([{}, {}], [BOX, POINT])
    assert first == {"measured_area_ha": pytest.approx(area_m2 / 10_000.0, abs=0.006)}
    assert second == {}


def test_kinds_without_fields_have_none() -> None:
    assert fields_of("lake") == ()
    frame = gpd.GeoDataFrame({"状态": ["可供"]}, geometry=[POINT], crs=4490)
    assert read_fields("lake", frame) == [{}]
    assert {*columns_of("site_offer"), *columns_of("linkage_zone")} == set(all_columns())
