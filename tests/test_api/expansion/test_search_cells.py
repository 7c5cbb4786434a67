"""What a search finds on slopes, whatever the cells. Oracle: valley and hollows of known slopes."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shapely
from rasterio.transform import from_origin

import geo.raster.lattice as cells
from api.data.rasters import RasterImportRequest, import_raster, new_raster_spec
from api.expansion.questions import SearchQuery
from api.expansion.search import search_sites
from api.expansion.search_area import Area
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import local_plane
from geo.measure.necks import from_plane, to_plane
from layers.model import ignore_progress
from layers.rasters._gdal import rasterio
from layers.rasters.model import RasterDeclaration
from maps.expansion.answers import SearchReport

pytestmark = pytest.mark.slow

AREA = Area(name="谷", geometry=shapely.box(102.795, 25.015, 102.84, 25.04))
LIMIT_DEG, HALF_M, SWING_M, WAVE_M = 12.0, 120.0, 250.0, 2000.0
PLANE = local_plane(AREA.geometry.centroid.x)
FLAT = to_plane(np.array([AREA.geometry], dtype=object), PLANE)[0]
MIDDLE_M = FLAT.centroid.y
WAVE = 2.0 * math.pi / WAVE_M
LONG_M, BROAD_M, RING_M = 900.0, 420.0, 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Heights as a function of east and north, and the ground that is gentler than the limit."""

    height: Callable[..., np.ndarray]
    floor: Callable[[], shapely.Geometry]


def middle(east_m):
    return MIDDLE_M + SWING_M * np.sin(WAVE * east_m)


def valley_height(east_m, north_m):
    """A winding valley, about 240 m of whose floor are gentler than the limit."""
    return math.tan(math.radians(LIMIT_DEG)) / (2.0 * HALF_M) * (north_m - middle(east_m)) ** 2


def valley_floor() -> shapely.Geometry:
    """The gentle ground: |grad h| = 2 c d sqrt(1 + m'^2), so d is as far as that allows."""
    east_m = np.arange(FLAT.bounds[0] - 50.0, FLAT.bounds[2] + 50.0, 1.0)
    far_m = HALF_M / np.sqrt(1.0 + (SWING_M * WAVE * np.cos(WAVE * east_m)) ** 2)
    upper = np.column_stack([east_m, middle(east_m) + far_m])
    lower = np.column_stack([east_m, middle(east_m) - far_m])
    return shapely.Polygon(np.vstack([upper, lower[::-1]]))


def hollow_height(east_m, north_m):
    """A long hollow without outflow, and all around it steeper ground."""
    rise = math.tan(math.radians(LIMIT_DEG)) / 2.0
    along, across = east_m - FLAT.centroid.x, north_m - MIDDLE_M
    return rise * (along**2 / LONG_M + across**2 / BROAD_M)


def hollow_floor() -> shapely.Geometry:
    """The gentle ground: |grad h| = 2 rise sqrt((x / a)^2 + (y / b)^2), so an ellipse."""
    disc = shapely.Point(FLAT.centroid.x, MIDDLE_M).buffer(1.0, quad_segs=256)
    return shapely.affinity.scale(disc, LONG_M, BROAD_M)


def moat_height(east_m, north_m):
    """A hollow that runs in a ring around a peak."""
    far_m = np.hypot(east_m - FLAT.centroid.x, north_m - MIDDLE_M)
    return math.tan(math.radians(LIMIT_DEG)) / (2.0 * HALF_M) * (far_m - RING_M) ** 2


def moat_floor() -> shapely.Geometry:
    """The gentle ground: as far to both sides of the deepest line as in a straight valley."""
    peak = shapely.Point(FLAT.centroid.x, MIDDLE_M)
    outer, inner = (peak.buffer(RING_M + far, quad_segs=256) for far in (HALF_M, -HALF_M))
    return outer.difference(inner)


VALLEY = Surface(height=valley_height, floor=valley_floor)
HOLLOW = Surface(height=hollow_height, floor=hollow_floor)
MOAT = Surface(height=moat_height, floor=moat_floor)


def bring_heights(workspace: Workspace, folder: Path, pixel_m: float, surface: Surface) -> None:
    """Take in heights as a raster of one's own, which begins anywhere."""
    west, south, east, north = FLAT.buffer(400.0).bounds
    columns, rows = round((east - west) / pixel_m), round((north - south) / pixel_m)
    transform = from_origin(west + 3.0, north - 4.0, pixel_m, pixel_m)
    at_east = transform.c + (np.arange(columns) + 0.5) * pixel_m
    at_north = transform.f - (np.arange(rows) + 0.5) * pixel_m
    values = surface.height(*np.meshgrid(at_east, at_north)).astype("float32")
    path = folder / f"dem_{pixel_m:.0f}.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32",
        crs=PLANE.to_wkt(), transform=transform,
    ) as file:  # fmt: skip
        file.write(values, 1)
    spec = new_raster_spec(
        id="own_dem", kind="dem", status="official", title_zh="自有", title_en="Own",
        source="test", licence="internal",
    )  # fmt: skip
    said = RasterDeclaration(kind="dem", unit="m")
    import_raster(workspace, RasterImportRequest(path=path, spec=spec, said=said, accept=True))


def search(workspace: Workspace, slope_deg: float | None, cell_m: float) -> SearchReport:
    asked = SearchQuery(
        least_ha=0.5, width_m=90.0, constraint_set="none", slope_deg=slope_deg, cell_m=cell_m
    )
    return search_sites(workspace, AREA, asked, ignore_progress)


def ground_of(report: SearchReport) -> shapely.Geometry:
    shapes = [shapely.from_geojson(json.dumps(one.geometry)) for one in report.candidates]
    return shapely.union_all(to_plane(np.array(shapes, dtype=object), PLANE))


def area_ha(flat: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([from_plane(flat, PLANE)], dtype=object))[0]) / 1e4


@pytest.mark.parametrize(
    ("surface", "pixel_m", "cell_m"),
    [
        (VALLEY, 10.0, 10.0),
        (VALLEY, 30.0, 30.0),
        (VALLEY, 10.0, 30.0),
        (HOLLOW, 10.0, 10.0),
        (HOLLOW, 30.0, 30.0),
        (MOAT, 10.0, 10.0),
        (MOAT, 30.0, 30.0),
    ],
)
def test_narrow_gentle_ground_is_its_exact_vector_whatever_the_cells(
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pixel_m: float,
    cell_m: float,
    surface: Surface,
) -> None:
    bring_heights(workspace, tmp_path, pixel_m, surface)
    floor = surface.floor()
    if cell_m > pixel_m:
        # As where an area is too large for cells as fine as the heights.
        monkeypatch.setattr(cells, "MOST_CELLS", 40_000)
    report = search(workspace, LIMIT_DEG, cell_m)
    assert report.cell_m == cell_m
    steps = {step.reason: step.removed_km2 for step in report.funnel}
    exact_ha = area_ha(FLAT.intersection(floor))
    slope = next(step for step in report.funnel if step.reason == "slope")
    left_ha = 100.0 * report.area_km2 - 100.0 * (slope.alone_km2 or 0.0)
    assert exact_ha > 90.0
    assert left_ha == pytest.approx(exact_ha, rel=0.005)
    # What is found lies on it, to a metre, and all of it that nothing else takes is found.
    found = ground_of(report)
    free = ground_of(search(workspace, None, cell_m)).intersection(floor)
    assert found.difference(floor.buffer(1.0)).area < 1.0
    assert steps["edges"] < 1e-6
    lost_m2 = 1e6 * (steps["width"] + steps["small"])
    assert found.area + lost_m2 >= 0.995 * free.area
