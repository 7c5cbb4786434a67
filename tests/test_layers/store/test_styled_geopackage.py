"""Many layers in one GeoPackage. Oracle: its own table of contents, read by SQLite."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from layers.model import LayerFrame
from layers.store.forms.styled_geopackage import Presentation, add_layer

BOX = shapely.box(102.8, 24.9, 102.9, 25.0)


def one_feature(feature_id: str, *, covered: bool) -> LayerFrame:
    features = gpd.GeoDataFrame({"feature_id": [feature_id]}, geometry=[BOX], crs="EPSG:4490")
    coverage = gpd.GeoSeries([BOX], crs="EPSG:4490") if covered else None
    return LayerFrame(features=features, coverage=coverage)


def test_layers_of_the_same_title_lie_beside_each_other(tmp_path: Path) -> None:
    path, title = tmp_path / "many.gpkg", "生态保护红线 Red line"
    # The last is called as the second would be, made different by its table.
    titles = {"a": title, "b": title, "c": title.upper(), "d": f"{title} (e)", "e": title}
    for name, said in titles.items():
        frame = one_feature(name, covered=name != "b")
        add_layer(frame, path, Presentation(name=name, title=said, description="", qml="<qgis/>"))
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT table_name, identifier FROM gpkg_contents").fetchall()
    found = dict(rows)
    assert len(set(found.values())) == len(rows)
    assert found["a"] == title
    assert all(found[name].startswith(said) for name, said in titles.items())
    for name in titles:
        assert pyogrio.read_dataframe(path, layer=name)["feature_id"].tolist() == [name]
    assert {f"{name}_coverage" for name in "acde"} <= set(found)
