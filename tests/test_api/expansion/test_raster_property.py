"""Whatever comes in as a raster is refused in words, or answers, and as one in EPSG:4490 does."""

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS, Transformer

from api.data.raster_tiles import TileAddress, tile
from api.data.rasters import RasterImportRequest, import_raster, new_raster_spec
from api.errors import problem_body
from api.expansion.questions import SearchQuery
from api.expansion.search import search_sites
from api.expansion.search_area import Area
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery, query_of_file, terrain_report
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from geo.measure.crs import flat_crs
from layers.model import ReadOptions, ignore_progress
from layers.rasters._gdal import rasterio
from layers.rasters.errors import RasterConcernError
from layers.rasters.model import RasterDeclaration
from layers.readers import Source
from maps.i18n import LANGUAGES

WEST, SOUTH, SIDE = 102.803, 25.018, 0.0091
RING = [[0.0, 0.0], [SIDE, 0.0], [SIDE, SIDE], [0.0, SIDE], [0.0, 0.0]]
POLYGON = {
    "type": "Polygon",
    "coordinates": [[[WEST + x, SOUTH + y] for x, y in RING]],
}
AREA = Area(name=None, geometry=shapely.geometry.shape(POLYGON).buffer(0.004))
MIDDLE = (WEST + SIDE / 2, SOUTH + SIDE / 2)
TILE = (14, int((MIDDLE[0] + 180) / 360 * 2**14),
        int((1 - np.arcsinh(np.tan(np.radians(MIDDLE[1]))) / np.pi) / 2 * 2**14))  # fmt: skip

TRUE_CRS = (
    "EPSG:4490", "EPSG:4326", "EPSG:4979", "EPSG:4480", "EPSG:4490+5737", "EPSG:4326+5773",
    "EPSG:4543", "EPSG:4522", "EPSG:4509", "EPSG:32647", "EPSG:32648", "EPSG:32648+5773",
    "EPSG:3857", "EPSG:3395", "EPSG:6933",
    "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +type=crs",
    "+proj=lcc +lat_1=24 +lat_2=28 +lon_0=102 +datum=WGS84 +type=crs",
)  # fmt: skip
"""On CGCS2000 or WGS 84, which are one here; lengths on the ground follow from their pixels."""
GRADS = CRS("EPSG:4490").to_wkt("WKT1_GDAL").replace(
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]', 'UNIT["grad",0.015707963267949]'
).replace(',AUTHORITY["EPSG","4490"]]', "]")  # fmt: skip
OTHER_CRS = {
    "EPSG:4610": "geo.crs.no_transformation", "EPSG:4214": "geo.crs.no_transformation",
    "EPSG:2384": "geo.crs.no_transformation", "EPSG:2433": "geo.crs.no_transformation",
    "EPSG:4555": "geo.crs.no_transformation", "EPSG:4978": "geo.crs.no_transformation",
    "EPSG:4240": "geo.crs.no_transformation", "EPSG:4807": "geo.crs.no_transformation",
    "+proj=longlat +R=6371000 +no_defs +type=crs": "geo.crs.no_transformation",
    "+proj=longlat +datum=WGS84 +pm=paris +type=crs": "geo.crs.no_transformation",
    GRADS: "geo.crs.not_lonlat",
    "+proj=longlat +R=1737400 +no_defs +type=crs": "geo.crs.other_planet",
    "+proj=longlat +a=3396190 +b=3376200 +no_defs +type=crs": "geo.crs.other_planet",
    "ESRI:54008": "geo.grid.distorted", "EPSG:8857": "geo.grid.distorted",
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A raster before it is written: what is asked of it must not depend on its CRS."""

    values: np.ndarray
    transform: Affine
    crs: str
    said: RasterDeclaration
    tags: Callable[[Any], None] = lambda file: None
    nodata: float | None = None


def heights(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return (1900.0 + 7000.0 * (lon - WEST) - 3000.0 * (lat - SOUTH)).astype(np.float32)


def covers(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.where(lon - WEST < 0.6 * SIDE, 10, 40).astype(np.uint8)


def grades(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.where(lat - SOUTH < 0.3 * SIDE, 4, 2).astype(np.int16)


KINDS = {
    "dem": (heights, RasterDeclaration(kind="dem", unit="m")),
    "land_cover": (
        covers, RasterDeclaration(kind="land_cover", unit=None, classes="esa_worldcover"),
    ),
    "geohazard": (grades, RasterDeclaration(kind="geohazard", unit="grade")),
}  # fmt: skip


def made(kind: str, crs: str) -> Made:
    """A raster of about 25 m pixels over the site and a kilometre around."""
    surface, said = KINDS[kind]
    flat = flat_crs(CRS(crs))
    try:
        there = Transformer.from_crs("EPSG:4490", flat, always_xy=True)
        x, y = there.transform(*MIDDLE)
        back = Transformer.from_crs(flat, "EPSG:4490", always_xy=True)
    except Exception:  # noqa: BLE001 - what PROJ cannot move is written where it would be
        (x, y), back = MIDDLE, None
    step = 0.00025 if flat.is_geographic else 25.0
    transform = Affine(step, 0.0, x - 60 * step, 0.0, -step, y + 60 * step)
    row, column = np.mgrid[:120, :120] + 0.5
    lon, lat = transform.c + column * step, transform.f - row * step
    if back is not None:
        lon, lat = back.transform(lon, lat)
    return Made(values=surface(lon, lat), transform=transform, crs=crs, said=said)


def write(path: Path, one: Made) -> Path:
    rows, columns = one.values.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        _write(path, one, rows, columns)
    return path


def _write(path: Path, one: Made, rows: int, columns: int) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype=one.values.dtype,
        crs=CRS(one.crs).to_wkt(), transform=one.transform, nodata=one.nodata,
    ) as file:  # fmt: skip
        file.write(one.values, 1)
        one.tags(file)


def take_in(workspace: Workspace, path: Path, one: Made, *, accept: bool = False) -> None:
    spec = new_raster_spec(
        id=f"own_{one.said.kind}", kind=one.said.kind, status="official", title_zh="自有",
        title_en="Own", source="test", licence="internal",
    )  # fmt: skip
    request = RasterImportRequest(path=write(path, one), spec=spec, said=one.said, accept=accept)
    import_raster(workspace, request)


def query(workspace: Workspace) -> TerrainQuery:
    feature = {"type": "Feature", "properties": {}, "geometry": POLYGON}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    source = Source(name="s.geojson", files={"s.geojson": data})
    return query_of_file(workspace, source, ReadOptions(), None)


def answers(workspace: Workspace) -> dict[str, float]:
    """What every door says; none may fail in another way than by a refusal in words."""
    asked = query(workspace)
    (site,) = terrain_report(workspace, asked).sites
    (suited,) = suitability_report(workspace, asked).sites
    search = SearchQuery(least_ha=1.0, width_m=120.0, cell_m=30.0, slope_deg=25.0)
    found = search_sites(workspace, AREA, search, ignore_progress)
    for version in workspace.rasters.current():
        if version.raster_id.startswith("own_"):
            style = {"dem": "slope", "land_cover": "cover"}.get(version.spec.kind, "grade")
            address = TileAddress(
                raster_id=version.raster_id, version=version.number, style=style,
                zxy=TILE,
            )  # fmt: skip
            assert tile(workspace, address).data
    known = {f"left_{step.reason}": step.left_km2 for step in found.funnel}
    known |= {f"candidate_{one.site_id}": one.slope_mean_deg for one in found.candidates}
    if site.ground:
        known |= {
            f"height_{key}": value for key, value in site.ground.elevation_m.model_dump().items()
        }
        known |= {"slope": site.ground.slope_deg.mean, "unknown": site.ground.unknown_ha}
        known |= {"outside": site.ground.outside_ha}
    if site.cover:
        known |= {f"cover_{share.id}": share.pct for share in site.cover.shares}
    if suited.score:
        known |= {"points": suited.score.points}
    return known


BOUNDS = {
    # A pixel is 28 m wide at most, and heights rise by 7000 and fall by 3000 m a degree.
    "height": 3.0, "slope": 0.1, "candidate": 0.1, "unknown": 0.0, "outside": 0.0,
    "cover": 3.5, "points": 3.0, "left": 0.02,
}  # fmt: skip
"""Pixels of another raster begin elsewhere: half a pixel of each is 3.4 % of 1 km."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_crs_answers_as_lonlat_does(workspace: Workspace, tmp_path: Path, kind: str) -> None:
    take_in(workspace, tmp_path / "a.tif", made(kind, "EPSG:4490"))
    expected = answers(workspace)
    assert len(expected) > 3
    for crs in TRUE_CRS[1:]:
        take_in(workspace, tmp_path / "a.tif", made(kind, crs))
        found = answers(workspace)
        assert found.keys() == expected.keys(), crs
        for name, value in found.items():
            bound = BOUNDS[name.partition("_")[0]]
            assert value == pytest.approx(expected[name], abs=bound), (crs, name)


def worded(error: PlanningError) -> str:
    """Return the code of a refusal that has words in both languages and is valid JSON."""
    said = {lang: problem_body(error, lang) for lang in LANGUAGES}
    assert said["zh"]["detail"] != said["en"]["detail"]
    assert all(json.dumps(body, allow_nan=False) for body in said.values())
    assert all(body["status"] < 500 for body in said.values())
    assert "{" not in said["en"]["detail"]
    return error.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_crs_that_sites_cannot_reach_is_refused(
    workspace: Workspace, tmp_path: Path, kind: str
) -> None:
    for crs, code in OTHER_CRS.items():
        with pytest.raises(PlanningError) as caught:
            take_in(workspace, tmp_path / "a.tif", made(kind, crs), accept=True)
        assert worded(caught.value) == code, crs
    assert all(not one.raster_id.startswith("own_") for one in workspace.rasters.current())


def control_points(file: Any) -> None:
    point = rasterio.control.GroundControlPoint
    file.gcps = ([point(0, 0, *MIDDLE), point(0, 9, 102.9, 25.0), point(9, 0, 102.8, 24.9)],
                 CRS("EPSG:4490").to_wkt())  # fmt: skip


def unit(name: str) -> Callable[[Any], None]:
    return lambda file: file.set_band_unit(1, name)


DEFECTS: dict[str, Callable[[Made], Made]] = {
    "complex": lambda one: replace(one, values=one.values.astype(np.complex64)),
    "fraction": lambda one: replace(one, values=one.values + np.float32(0.5)),
    "wrap": lambda one: replace(one, values=one.values.astype(np.int32) + 65536),
    "negative": lambda one: replace(one, values=-one.values.astype(np.int32)),
    "counted": lambda one: replace(one, transform=Affine.identity()),
    "counted_up": lambda one: replace(one, transform=Affine(1, 0, 0, 0, -1, 120)),
    "flat": lambda one: replace(one, transform=Affine(0, 0, 102, 0, 0, 25)),
    "points": lambda one: replace(one, transform=Affine.identity(), tags=control_points),
    "turned": lambda one: replace(one, transform=one.transform @ Affine.rotation(5)),
    "rounding": lambda one: replace(one, transform=one.transform @ Affine.rotation(1e-12)),
    "south_up": lambda one: replace(
        one,
        values=one.values[::-1],
        transform=one.transform @ Affine.translation(0, 120) @ Affine.scale(1, -1),
    ),
    "elsewhere": lambda one: replace(one, transform=one.transform @ Affine.translation(40000, 0)),
    "swapped": lambda one: replace(
        one, transform=Affine(one.transform.a, 0, one.transform.f, 0, one.transform.e,
                              one.transform.c)
    ),
    "unit_ft": lambda one: replace(one, tags=unit("ft")),
    "unit_odd": lambda one: replace(one, tags=unit("DN")),
    "nodata_type": lambda one: replace(one, said=replace(one.said, nodata=1e300)),
    "nodata_half": lambda one: replace(one, said=replace(one.said, nodata=0.5)),
    "nodata_nan": lambda one: replace(one, said=replace(one.said, nodata=np.nan)),
    "all_nodata": lambda one: replace(one, values=np.zeros_like(one.values), nodata=0),
    "infinite": lambda one: replace(one, values=np.full(one.values.shape, np.inf, np.float32)),
    "collar": lambda one: replace(one, values=collared(one.values)),
}  # fmt: skip
SOUND = {"rounding", "south_up"}
HARMLESS = {("fraction", "dem")}
ASKED = {"unit_ft", "unit_odd", "elsewhere", "swapped", "collar"}


def collared(values: np.ndarray) -> np.ndarray:
    framed = values.copy()
    framed[:9] = framed[-9:] = 0
    return framed


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:32648"])
def test_a_defect_is_refused_or_asked_about(
    workspace: Workspace, tmp_path: Path, crs: str, kind: str
) -> None:
    sound = made(kind, crs)
    take_in(workspace, tmp_path / "a.tif", sound)
    expected = answers(workspace)
    for name, spoil in DEFECTS.items():
        if (name, kind) in HARMLESS:
            continue
        refusal = refused(workspace, tmp_path / "a.tif", spoil(sound))
        if refusal is None:
            # What comes in without a word may not say anything else than the sound raster.
            assert answers(workspace) == pytest.approx(expected, abs=0.02), name
            continue
        assert worded(refusal)
        assert name not in SOUND, (name, refusal)
        assert name in ASKED or not isinstance(refusal, RasterConcernError), (name, refusal)


def refused(workspace: Workspace, path: Path, one: Made) -> PlanningError | None:
    try:
        take_in(workspace, path, one)
    except PlanningError as exc:
        return exc
    return None
