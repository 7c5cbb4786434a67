"""The data that ships: exact published areas, real counties and lakes, lines that never cross."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.check.control_index import index_controls
from geo.check.nearest import nearest_m
from geo.check.overlay import outside, overlap
from geo.measure.area import ellipsoidal_area_m2
from geo.model import Grid
from geo.raster.grid import into_grid, require_same_grid
from geo.raster.terrain import slope_deg
from layers.builtin import BuiltinLayer, BuiltinRaster, build_all, layer_ids, raster_ids
from layers.model import LayerFrame, LayerStatus
from layers.store.catalogue import load_kinds
from layers.store.content import content_sha256
from layers.zones import shipped_zone

GEOD = Geod(a=6378137.0, rf=298.257222101)
LINES = (
    "demo_ecological_red_line",
    "demo_permanent_basic_farmland",
    "demo_urban_development_boundary",
)
PUBLISHED_KM2 = {"kunming": 76.0, "honghe": 14.12, "dehong": 29.74}


@pytest.fixture(scope="module")
def everything() -> list[BuiltinLayer | BuiltinRaster]:
    return list(build_all(shipped_zone()))


@pytest.fixture(scope="module")
def built(everything) -> dict[str, LayerFrame]:
    return {made.spec.id: made.frame for made in everything if isinstance(made, BuiltinLayer)}


@pytest.fixture(scope="module")
def grids(everything) -> dict[str, Grid]:
    return {made.spec.id: made.grid for made in everything if isinstance(made, BuiltinRaster)}


def geodesic_km2(geometry: shapely.Geometry) -> float:
    shape = shapely.orient_polygons(shapely.segmentize(geometry, 0.001))
    return sum(GEOD.geometry_area_perimeter(part)[0] for part in shapely.get_parts(shape)) / 1e6


def shapes(frame: LayerFrame) -> gpd.GeoSeries:
    return frame.features.set_index("feature_id").geometry


def test_every_layer_is_built_valid_with_unique_ids(built: dict[str, LayerFrame]) -> None:
    assert tuple(sorted(built)) == tuple(sorted(layer_ids(shipped_zone())))
    for frame in built.values():
        assert frame.features["feature_id"].is_unique
        assert frame.features.geometry.is_valid.all()
        assert frame.features.crs.to_epsg() == 4490


def test_districts_have_their_published_areas_to_1e_9_km2(built: dict[str, LayerFrame]) -> None:
    # State Council 国发〔2019〕16号: 76 + 14.12 + 29.74 = 119.86 km2.
    for unit, geometry in shapes(built["districts"]).items():
        area_km2 = ellipsoidal_area_m2(gpd.GeoSeries([geometry], crs=4490)).iloc[0] / 1e6
        assert area_km2 == pytest.approx(PUBLISHED_KM2[unit], abs=1e-9)
        # Second method: GeographicLib, geodesic edges.
        assert geodesic_km2(geometry) == pytest.approx(PUBLISHED_KM2[unit], rel=1e-8)
    zone = ellipsoidal_area_m2(built["zone"].features.geometry).iloc[0] / 1e6
    assert zone == pytest.approx(119.86, abs=1e-9)


def test_the_bonded_part_is_0_58_km2_inside_kunming(built: dict[str, LayerFrame]) -> None:
    bonded = built["bonded_zone"].features.geometry
    assert ellipsoidal_area_m2(bonded).iloc[0] / 1e6 == pytest.approx(0.58, abs=1e-9)
    assert shapes(built["districts"])["kunming"].contains(bonded.iloc[0])


def test_districts_lie_in_their_counties_and_off_the_lakes(built: dict[str, LayerFrame]) -> None:
    counties = shapes(built["counties"])
    lakes = shapely.union_all(built["lakes"].features.geometry.to_numpy())
    inside = {"honghe": ["532532"], "dehong": ["533102"], "kunming": ["530111", "530114", "530103"]}
    for unit, geometry in shapes(built["districts"]).items():
        home = shapely.union_all(counties[inside[unit]].to_numpy())
        assert shapely.difference(geometry, home).area < 1e-12
        assert shapely.intersection(geometry, lakes).area < 1e-12


def test_linkage_zones_are_five_points_without_invented_areas(built: dict[str, LayerFrame]) -> None:
    points = built["linkage_zones"].features
    assert set(points.geom_type) == {"Point"}
    assert len(points) == 5
    missing = points[points["area_quality"] == "missing"]
    assert missing["published_area_km2"].isna().all()
    assert set(missing["feature_id"]) == {"kunming_htz", "dali_etdz", "mohan_boten"}


def test_there_are_129_counties_named_and_coded(built: dict[str, LayerFrame]) -> None:
    counties = built["counties"].features
    assert len(counties) == 129
    names = counties.set_index("feature_id")["name_zh"]
    assert (names["530111"], names["533102"]) == ("官渡区", "瑞丽市")
    # Coarse boundaries: the published 394,000 km2 of the province within 3 %.
    total = ellipsoidal_area_m2(counties.geometry).sum() / 1e6
    assert total == pytest.approx(394_000, rel=0.03)


def test_lakes_have_about_the_areas_that_their_source_states(built: dict[str, LayerFrame]) -> None:
    lakes = built["lakes"].features
    assert set(lakes["name_zh"]) == {"滇池", "洱海", "抚仙湖", "程海", "异龙湖", "阳宗海"}
    area = ellipsoidal_area_m2(lakes.geometry).to_numpy() / 1e6
    assert np.allclose(area, lakes["source_area_km2"], rtol=0.03)


def test_the_three_lines_never_cross(built: dict[str, LayerFrame]) -> None:
    for one, other in itertools.combinations(LINES, 2):
        left, right = (
            shapely.union_all(built[name].features.geometry.to_numpy()) for name in (one, other)
        )
        assert shapely.intersection(left, right).area * 1.2e10 < 1.0


def test_districts_are_inside_the_boundary_and_near_but_off_the_red_line(
    built: dict[str, LayerFrame],
) -> None:
    def indexed(name: str):
        features = built[name].features
        return index_controls(features.geometry, features["feature_id"].to_list())

    red, town = indexed("demo_ecological_red_line"), indexed("demo_urban_development_boundary")
    for geometry in shapes(built["districts"]):
        assert overlap(geometry, red).area_m2 == 0.0
        assert 300.0 < nearest_m(geometry, red) < 3000.0
        assert outside(geometry, town).area_m2 == 0.0


def test_control_lines_speak_about_every_linkage_zone_and_a_town_holds_it(
    built: dict[str, LayerFrame],
) -> None:
    points = shapes(built["linkage_zones"])
    town = shapely.union_all(built[LINES[2]].features.geometry.to_numpy())
    for name in LINES:
        covered = shapely.union_all(built[name].coverage.to_numpy())
        assert shapely.contains(covered, points.to_numpy()).all(), name
    assert shapely.contains(town, points.to_numpy()).all()


def test_demonstration_layers_state_a_coverage_that_holds_their_features(everything) -> None:
    for layer in everything:
        if layer.spec.status is not LayerStatus.DEMONSTRATION or isinstance(layer, BuiltinRaster):
            continue
        if not load_kinds()[layer.spec.kind].control:
            continue
        covered = shapely.union_all(layer.frame.coverage.to_numpy())
        rest = shapely.difference(
            shapely.union_all(layer.frame.features.geometry.to_numpy()), covered
        )
        assert rest.area * 1.2e10 < 1.0, layer.spec.id


@pytest.mark.slow
def test_building_twice_gives_the_same_content(built, grids) -> None:
    again = list(build_all(shipped_zone()))
    assert {m.spec.id: content_sha256(m.frame) for m in again if isinstance(m, BuiltinLayer)} == {
        name: content_sha256(frame) for name, frame in built.items()
    }
    for made in again:
        if isinstance(made, BuiltinRaster):
            before = grids[made.spec.id]
            assert np.array_equal(made.grid.values, before.values, equal_nan=made.classes is None)
            assert made.grid.transform == before.transform


def test_demonstration_ground_lies_round_the_districts(built, grids) -> None:
    assert tuple(sorted(grids)) == tuple(sorted(raster_ids(shipped_zone())))
    for unit, district in shapes(built["districts"]).items():
        ground, cover = grids[f"demo_dem_{unit}"], grids[f"demo_cover_{unit}"]
        require_same_grid(ground, cover)
        west, south, east, north = into_grid(np.array([district]), ground)[0].bounds
        left, bottom, right, top = ground.bounds
        # Ten pixels of room at least, and all of the district is known.
        assert left + 300 < west < east < right - 300
        assert bottom + 300 < south < north < top - 300
        rows = slice(int((top - north) / 30), int((top - south) / 30))
        columns = slice(int((west - left) / 30), int((east - left) / 30))
        slopes = slope_deg(ground).values[rows, columns]
        assert np.nanmean(slopes) < 8.0, "districts lie on gentle ground"
        assert np.isnan(ground.values).sum() == (cover.values == cover.nodata).sum()


def test_lakes_are_level_and_water(built, grids) -> None:
    # The real lake: its middle and the pixels all around.
    lake = shapes(built["lakes"])["dianchi"]
    ground, cover = grids["demo_dem_kunming"], grids["demo_cover_kunming"]
    inside = shapely.buffer(into_grid(np.array([lake]), ground)[0], -60.0)
    row, column = np.mgrid[: ground.shape[0] : 7, : ground.shape[1] : 7]
    step = ground.transform
    x, y = step.c + (column + 0.5) * step.a, step.f + (row + 0.5) * step.e
    wet = shapely.contains_xy(inside, x, y)
    assert wet.sum() > 1000
    assert set(ground.values[row, column][wet]) == {1887.5}
    assert set(cover.values[row, column][wet]) == {80}
