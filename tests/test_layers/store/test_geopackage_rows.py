"""Tables read as rows of SQLite: the frame that GDAL reads, or none at all."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal

from layers.model import LayerFrame
from layers.readers._gdal import pyogrio
from layers.store.geopackage import COVERAGE, FEATURES, read_geopackage, write_geopackage
from layers.store.geopackage_rows import read_plain_geopackage

BOX = shapely.box(102.0, 25.0, 102.1, 25.1)
HOLED = shapely.box(102.0, 25.0, 103.0, 26.0).difference(BOX.buffer(0.2))
TWO = shapely.MultiPolygon([BOX, shapely.box(103.0, 25.0, 103.1, 25.1)])


def written(path: Path, features: gpd.GeoDataFrame, coverage: gpd.GeoSeries | None = None) -> Path:
    write_geopackage(LayerFrame(features=features, coverage=coverage), path)
    return path


def frame(shapes: list[shapely.Geometry | None], crs: str = "EPSG:4490", **columns: object):
    ids = [f"f{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"feature_id": ids, **columns}, geometry=shapes, crs=crs)


PLAIN = {
    "texts with gaps": frame([BOX, HOLED], name=["红线", None], empty=["", "x"]),
    "numbers": frame([BOX, HOLED], area=[1.5, float("nan")], count=[2**40, -1]),
    "no number at all": frame([BOX, HOLED], area=[float("nan")] * 2),
    "mixed shapes": frame([BOX, TWO]),
    "points": frame([shapely.Point(102.5, 25.0), shapely.Point(0.1 + 0.2, -1e-17)]),
    "lines": frame([shapely.LineString([(1, 2), (3, 4.000000000001)])]),
    "a plane": frame([shapely.box(5e5, 2.7e6, 5.1e5, 2.8e6)], crs="EPSG:4543"),
    "taken names": frame([BOX], fid=["7"], geom=["g"], **{'a "b"': ["q"], "名称": ["n"]}),
    "nothing but ids": frame([BOX]),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_table_is_the_frame_of_gdal(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "层 1 #?.gpkg", PLAIN[name])
    found = read_plain_geopackage(path, FEATURES, None)
    assert found is not None
    assert found.coverage is None
    by_gdal = pyogrio.read_dataframe(path, layer=FEATURES)
    assert_geodataframe_equal(found.features, by_gdal)
    assert shapely.equals_exact(found.features.geometry, by_gdal.geometry, 0.0).all()
    assert found.features.crs.to_wkt() == by_gdal.crs.to_wkt()


BEYOND = {
    "gaps in whole numbers": frame([BOX, TWO], count=pd.array([1, None], dtype="Int64")),
    "truths": frame([BOX], is_sound=[True]),
    "days": frame([BOX], since=[pd.Timestamp(date(2026, 1, 31))]),
    "small numbers": frame([BOX], count=pd.array([1], dtype="int16")),
    "no shape": frame([BOX, None]),
    "heights": frame([shapely.Point(1, 2, 3)]),
    "no code": frame([BOX], crs="+proj=laea +lat_0=25 +lon_0=102 +ellps=GRS80"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_whatever_needs_more_is_left_to_gdal(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "layer.gpkg", BEYOND[name])
    assert read_plain_geopackage(path, FEATURES, None) is None
    by_gdal = pyogrio.read_dataframe(path, layer=FEATURES)
    assert_geodataframe_equal(read_geopackage(path, covered=False).features, by_gdal)


def test_coverage_is_that_of_gdal_and_missing_nowhere(tmp_path: Path) -> None:
    path = written(tmp_path / "layer.gpkg", frame([BOX]), gpd.GeoSeries([TWO], crs="EPSG:4490"))
    found = read_plain_geopackage(path, FEATURES, COVERAGE)
    assert found is not None
    assert found.coverage is not None
    by_gdal = pyogrio.read_dataframe(path, layer=COVERAGE).geometry
    assert_geoseries_equal(found.coverage, by_gdal)
    assert shapely.equals_exact(found.coverage, by_gdal, 0.0).all()
    # A table that is not there is no table of nothing.
    assert read_plain_geopackage(path, FEATURES, "no_such") is None
