"""Which features draw a planning unit. Oracle: squares by hand."""

import geopandas as gpd
import pytest
import shapely

from layers.density.linkage import boundary_of
from layers.density.statistics.model import PlanningUnit

FIRST, SECOND = shapely.box(102.8, 24.9, 102.9, 25.0), shapely.box(102.9, 24.9, 103.0, 25.0)
KUNMING = PlanningUnit(
    id="kunming", level="district", layer="districts", boundary_since=2019,
    name_zh="昆明片区", name_en="Kunming District",
)  # fmt: skip


def layer(ids: list[str], **columns: list[str | None]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"feature_id": ids, **columns}, geometry=[FIRST, SECOND], crs="EPSG:4490"
    )


@pytest.mark.parametrize(
    ("features", "drawn"),
    [
        (layer(["kunming", "honghe"]), FIRST),
        # Official layers number their features, and name them in a field of their own.
        (layer(["1", "2"], 片区名称=["红河片区", "昆明片区"], MC=["红河片区", "昆明片区"]), SECOND),
        (layer(["1", "2"], name=["Kunming district", None]), FIRST),
        (layer(["1", "2"], name=["昆明片区", "昆明片区"]), shapely.union(FIRST, SECOND)),
        # An id counts before a name.
        (layer(["kunming", "2"], name=["甲", "昆明片区"]), FIRST),
        (layer(["1", "2"], name=["昆明", "昆明片区北部"]), None),
        (layer(["1", "2"]), None),
    ],
)
def test_a_unit_is_drawn_by_its_id_or_else_its_name(features, drawn) -> None:
    found = boundary_of(features, KUNMING)
    assert found is None if drawn is None else shapely.equals(found, drawn)
