"""How layers of roads are read. Oracle: by hand, after the tags of OpenStreetMap and Geofabrik."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.errors import RuleFileError
from layers.expansion.road_rules import load_road_rules, read_roads

LINE = shapely.LineString([(102.8, 25.0), (102.81, 25.0)])


def read(*rows: dict):
    layer = gpd.GeoDataFrame([{"geometry": LINE, **row} for row in rows], crs="EPSG:4490")
    return read_roads([layer], load_road_rules(None))


@pytest.mark.parametrize(
    ("said", "way"),
    [("yes", 1), ("-1", -1), ("no", 0), ("F", 1), ("T", -1), ("B", 0), (True, 1), (1.0, 1), (None, 0)],
)  # fmt: skip
def test_one_way_streets(said: object, way: int) -> None:
    assert read({"highway": "primary", "oneway": said}).way.tolist() == [way]


def test_motorways_and_roundabouts_are_one_way_where_nothing_is_said() -> None:
    """By the rules of OpenStreetMap; what is said counts before."""
    found = read(
        {"highway": "motorway", "oneway": None, "junction": None},
        {"highway": "motorway", "oneway": "no", "junction": None},
        {"highway": "tertiary", "oneway": None, "junction": "roundabout"},
    )
    assert found.way.tolist() == [1, 0, 1]
    assert found.enterable.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("said", "kmh"),
    [("50", 50), (50, 50), ("50 km/h", 50), ("30 mph", 48.28032), ("0", 60), (0, 60), ("none", 60), (None, 60), ("CN:urban", 60)],
)  # fmt: skip
def test_limits(said: object, kmh: float) -> None:
    """A limit of 0 is how Geofabrik writes that none is known; 1 mile is 1.609344 km."""
    found = read({"highway": "primary", "maxspeed": said})
    assert found.speed_kmh.tolist() == pytest.approx([kmh])
    assert dict(found.unread) == ({("maxspeed", "CN:urban"): 1} if said == "CN:urban" else {})


def test_geofabrik_and_chinese_fields_are_read() -> None:
    assert read({"fclass": "trunk"}).speed_kmh.tolist() == [70]
    assert read({"技术等级": "二级公路"}).speed_kmh.tolist() == [60]


def test_nothing_disappears_in_silence() -> None:
    """Every row is a road or is counted."""
    found = read(
        {"highway": "footway"},
        {"highway": "goat"},
        {"highway": None},
        {"highway": "primary", "geometry": shapely.Point(102.8, 25.0)},
        {"highway": "primary", "geometry": None},
    )
    assert dict(found.left_out) == {"footway": 1}
    assert dict(found.unlisted) == {"goat": 1, "": 1}
    assert found.not_lines == 2
    assert len(found.lines) == 2


def test_a_file_of_ones_own_takes_the_place_of_the_rules(tmp_path: Path) -> None:
    builtin = Path("layers/expansion/access_data/roads.yaml").read_text(encoding="utf-8")
    own = tmp_path / "roads.yaml"
    own.write_text(builtin.replace("primary: {kmh: 60", "primary: {kmh: 42"), encoding="utf-8")
    assert load_road_rules(tmp_path).classes["primary"].kmh == 42
    own.write_text(builtin.replace("primary: {kmh: 60", "primary: {kmh: -1"), encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_road_rules(tmp_path)
    assert caught.value.params["field"] == "classes.primary.kmh"
