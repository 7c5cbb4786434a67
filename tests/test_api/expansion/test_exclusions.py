"""What of a layer excludes building. Oracle: the classes of each feature, by hand."""

import geopandas as gpd
import pytest
import shapely

from api.expansion.exclusions import excluding_shapes
from api.workspace.loaded import loaded_layer
from layers.check.rules import load_rules
from layers.expansion.suitability import LayerExclusion
from layers.model import LayerFrame
from layers.store.catalogue import load_kinds

RULES = load_rules(None, load_kinds())
BELT = LayerExclusion(id="lake_belt", required=False, where={"belt": ("core",)})


def excluded(**columns: list[object]) -> list[int]:
    """Positions of the features that exclude building, by the west of their boxes."""
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(100 + at, 25, 100.5 + at, 26) for at in range(count)]
    table = {"feature_id": [str(at) for at in range(count)], **columns}
    features = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490")
    loaded = loaded_layer(None, LayerFrame(features=features, coverage=None))
    return [int(one.bounds[0]) - 100 for one in excluding_shapes(loaded, BELT, RULES)]


@pytest.mark.parametrize("field", ["belt", "三区"])
def test_a_class_is_meant_under_every_name_of_it(field: str) -> None:
    # The core in Chinese was free to build on; a class that nobody knows still was.
    said = ["core", "生态保护核心区", "核心区", "buffer", "绿色发展区", "别的", None]
    assert excluded(**{field: said}) == [0, 1, 2, 5, 6]


def test_a_layer_without_the_class_is_meant_whole() -> None:
    assert excluded(a=[1, 2]) == [0, 1]
