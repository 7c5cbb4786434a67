"""Suitability of sites and as a map: exclusions, missing layers, points, both doors."""

import json
import re
import time
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml
from affine import Affine
from pyproj import CRS
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.workspace import Workspace
from geo.measure.crs import parse_crs, transform
from geo.model import Grid
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.rasters._gdal import rasterio
from layers.rasters.building import put_grids
from layers.rasters.store import RasterOrigin

STEP = Affine(10, 0, 580000, 0, -10, 2765000)
PLANE, LONLAT = parse_crs("EPSG:4543"), parse_crs("EPSG:4490")


def lonlat(west, south, east, north):
    box = shapely.segmentize(np.array([shapely.box(west, south, east, north)]), 50)
    return transform(box, PLANE, LONLAT)[0]


def site(west=580500, south=2763500, size=400) -> dict:
    geometry = shapely.geometry.mapping(lonlat(west, south, west + size, south + size))
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": geometry}],
    }


def spec(layer_id: str, kind: str, **more) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=kind, title_zh="自有", title_en="Own", status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.INTERNAL, source="test", licence="internal", **more,
    )  # fmt: skip


def lay(workspace: Workspace, values: np.ndarray, kind: str, unit: str, classes=None) -> None:
    nodata = np.nan if values.dtype.kind == "f" else 65535
    grid = Grid(values=values, transform=STEP, crs=CRS(4543), nodata=nodata, unit=unit)
    put_grids(
        workspace.rasters, spec(f"own_{kind}", kind), {kind: grid}, classes=classes,
        origin=RasterOrigin(), now=workspace.now(),
    )  # fmt: skip


def draw(workspace: Workspace, kind: str, shape, *, covers=True, **more) -> None:
    features = gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[shape], crs=4490)
    around = gpd.GeoSeries([lonlat(579000, 2762000, 583000, 2766000)], crs=4490)
    workspace.store.put_version(
        spec(f"own_{kind}", kind, **more),
        LayerFrame(features=features, coverage=around if covers else None),
        report=None, now=workspace.now(),
    )  # fmt: skip


@pytest.fixture
def ground(workspace: Workspace) -> Workspace:
    """Ground of 5 degrees, dry, with a red line over the west half of the site."""
    _, column = np.mgrid[:250, :250]
    heights = (2500.0 - np.tan(np.radians(5.0)) * 10.0 * column).astype(np.float32)
    lay(workspace, heights, "dem", "m")
    lay(workspace, np.full((250, 250), 1, np.uint16), "land_cover", "class", "clcd")
    draw(workspace, "ecological_red_line", lonlat(580500, 2763400, 580700, 2764000))
    draw(workspace, "permanent_basic_farmland", lonlat(579500, 2762500, 579600, 2762600))
    for kind in (
        *("lake_belt", "nature_reserve", "drinking_water_source", "key_wetland", "heritage_site"),
        *("national_park", "nature_park", "scenic_historic_area"),
    ):
        draw(workspace, kind, lonlat(579500, 2762500, 579600, 2762600))
    return workspace


def shares(answer: dict) -> dict[str, float]:
    return {one["id"]: one["pct"] for one in answer["sites"][0]["shares"] if one["pct"]}


def test_half_excluded_half_graded(ground: Workspace, client: TestClient) -> None:
    # By hand: 5 degrees is grade 2 (80 points) on the east half; the red line's half counts 0.
    # A square fills 2/pi = 0.637 of its circle: one grade better, so grade 1 (100 points).
    # The line's edges lie on edges of pixels up to the millimetre of the projection.
    answer = client.post("/api/v1/suitability", json=site()).json()
    found = shares(answer)
    assert found["grade_1"] == pytest.approx(50, abs=2.6)
    assert found["excluded:ecological_red_line"] == pytest.approx(50, abs=2.6)
    assert sum(found.values()) == pytest.approx(100, abs=0.02)
    score = answer["sites"][0]["score"]
    assert score["points"] == pytest.approx(found["grade_1"], abs=0.02)
    form = answer["sites"][0]["form"]
    assert form["compactness"] == pytest.approx(2 / np.pi, abs=1e-3)
    assert (form["effect"], form["grades"], form["only_grades"]) == ("adds", -1, [2, 3, 4])
    assert form["points_without"] == pytest.approx(0.8 * found["grade_1"], abs=0.02)
    assert answer["citations"]["form"]["certainty"] == "practice"
    assert score["judged_pct"] == 100
    # Grade 1 cannot become better, whatever is missing.
    assert score["least"] < score["points"] == score["most"]
    assert answer["basis"] == []
    assert set(answer["missing_factors"]) >= {"water_resources", "geohazard", "location"}


def test_a_known_factor_is_used_and_no_longer_missing(
    ground: Workspace, client: TestClient
) -> None:
    # By hand: grade 2 with hazard 2 (+2) is grade 4; the square form makes it 3.
    lay(ground, np.full((250, 250), 2.0, np.float32), "geohazard", "grade")
    answer = client.post("/api/v1/suitability", json=site()).json()
    assert "geohazard" not in answer["missing_factors"]
    assert "grade_3" in shares(answer)
    assert "grade_2" not in shares(answer)


@pytest.mark.parametrize(
    ("covers", "more", "reason"),
    [
        (False, {}, "coverage_unknown"),
        (True, {"valid_to": "2020-01-01"}, "layer_expired"),
        (True, {"valid_from": "2030-01-01"}, "layer_not_yet_valid"),
    ],
)
def test_a_silent_required_line_frees_nothing(
    ground: Workspace, client: TestClient, covers, more, reason
) -> None:
    from datetime import date

    days = {name: date.fromisoformat(day) for name, day in more.items()}
    draw(
        ground, "permanent_basic_farmland", lonlat(579500, 2762500, 579600, 2762600),
        covers=covers, **days,
    )  # fmt: skip
    answer = client.post("/api/v1/suitability", json=site()).json()
    assert set(shares(answer)) == {"cannot_tell", "excluded:ecological_red_line"}
    lines = {one["kind"]: one for one in answer["missing_lines"]}
    assert lines["permanent_basic_farmland"]["reason"] == reason
    assert lines["permanent_basic_farmland"]["required"]
    assert answer["sites"][0]["score"]["judged_pct"] == pytest.approx(50, abs=2.6)


def test_a_long_strip_is_worse_by_its_form(ground: Workspace, client: TestClient) -> None:
    # By hand: 200 m by 1000 m fills 4*0.2/(pi*1.04) = 0.245 of its circle: grade 2 becomes 3.
    shape = shapely.geometry.mapping(lonlat(580800, 2763000, 581000, 2764000))
    answer = client.post("/api/v1/suitability", json=shape).json()
    assert answer["sites"][0]["form"]["compactness"] == pytest.approx(0.245, abs=1e-3)
    assert set(shares(answer)) == {"grade_3"}


def test_a_rule_that_does_not_ask_for_the_form_says_so(
    ground: Workspace, client: TestClient, tmp_path: Path
) -> None:
    text = (
        files("layers.expansion")
        .joinpath("suitability_data/urban_building.yaml")
        .read_text("utf-8")
    )
    own = {key: part for key, part in yaml.safe_load(text).items() if key != "form"}
    folder = ground.settings.data_dir / "suitability"
    folder.mkdir()
    (folder / "own.yaml").write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    answer = client.post("/api/v1/suitability", json=site()).json()
    assert answer["sites"][0]["form"] is None
    assert "grade_2" in shares(answer)
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps(site()), encoding="utf-8")
    env = {"FTZGIS_DATA_DIR": str(ground.settings.data_dir)}
    said = CliRunner().invoke(app, ["suitability", str(path), "--lang", "en"], env=env).stdout
    assert "does not correct grades by the form" in said


def test_water_and_steep_ground_are_excluded(ground: Workspace, client: TestClient) -> None:
    _, column = np.mgrid[:250, :250]
    steep = (3000.0 - np.tan(np.radians(30.0)) * 10.0 * column).astype(np.float32)
    lay(ground, steep, "dem", "m")
    cover = np.full((250, 250), 1, np.uint16)
    cover[:, 80:] = 5
    lay(ground, cover, "land_cover", "class", "clcd")
    found = shares(client.post("/api/v1/suitability", json=site()).json())
    assert set(found) == {"excluded:ecological_red_line", "excluded:water", "excluded:slope"}


def test_what_pixels_exclude_is_told_from_what_the_check_finds(shared_client: TestClient) -> None:
    """By hand: of two sites one has excluded ground, and only then the note stands."""
    noted = []
    for box in ((102.77, 24.935, 102.78, 24.945), (102.80, 24.98, 102.81, 24.99)):
        body = json.loads(shapely.to_geojson(shapely.box(*box)))
        feature = {"type": "Feature", "properties": {}, "geometry": body}
        said = {"type": "FeatureCollection", "features": [feature]}
        answer = shared_client.post("/api/v1/suitability", json=said).json()
        text = shared_client.post(
            "/api/v1/suitability", json=said, params={"format": "html", "lang": "en"}
        ).text
        parts = answer["sites"][0]["shares"]
        excluded = any(one["id"].startswith("excluded:") and one["area_ha"] for one in parts)
        assert excluded == ("A pixel with any ground in a hard line" in text)
        noted.append(excluded)
    assert sorted(noted) == [False, True]


def test_a_site_of_few_pixels_is_refused_in_words(
    ground: Workspace, client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "small.geojson"
    path.write_text(json.dumps(site(size=29)), encoding="utf-8")
    answer = client.post(
        "/api/v1/suitability", json=site(size=29), headers={"accept-language": "en"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "geo.grid.too_coarse"
    done = CliRunner().invoke(
        app, ["suitability", str(path), "--lang", "en"],
        env={"FTZGIS_DATA_DIR": str(ground.settings.data_dir)},
    )  # fmt: skip
    assert done.exit_code == 2
    assert answer.json()["detail"] in done.stderr
    assert "1/3" in done.stderr


def test_the_command_prints_what_http_answers(
    ground: Workspace, client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps(site()), encoding="utf-8")
    env = {"FTZGIS_DATA_DIR": str(ground.settings.data_dir)}
    done = CliRunner().invoke(app, ["suitability", str(path), "--json"], env=env)
    answered = client.post("/api/v1/suitability", files={"file": (path.name, path.read_bytes())})
    assert json.loads(done.stdout) == answered.json()
    for lang in ("zh", "en"):
        text = CliRunner().invoke(app, ["suitability", str(path), "--lang", lang], env=env).stdout
        assert not re.search(r"\{|hard_lines\.|reasons\.|suitability_form\.", text)


def test_a_map_is_made_as_a_task_and_shown(
    ground: Workspace, client: TestClient, tmp_path: Path
) -> None:
    task = client.post("/api/v1/suitability/maps", params={"raster": "own_dem"}).json()
    for _ in range(200):
        state = client.get(f"/api/v1/tasks/{task['id']}").json()
        if state["status"] not in {"waiting", "running"}:
            break
        time.sleep(0.05)
    assert state["status"] == "finished", state
    made = state["result"]
    assert state["files"] == ["suitability.gpkg", "suitability.tif"]
    assert made["raster"]["id"] == "suitability_own_dem"
    assert made["form_counted"] is False
    assert made["raster"]["status"] == "indicative", made["basis"]
    assert made["raster"]["bands"][:3] == ["grade", "best", "worst"]
    assert "own_dem@1" in made["raster"]["made_from"]
    # The tile of its middle, and the polygons against the raster's own shares.
    west, south, east, north = made["raster"]["bounds_lonlat"]
    n = 2**14
    turn = np.arcsinh(np.tan(np.radians((south + north) / 2))) / np.pi
    x, y = int(((west + east) / 2 + 180) / 360 * n), int((1 - turn) / 2 * n)
    address = made["raster"]["styles"][0]["tiles"].format(z=14, x=x, y=y)
    assert client.get(address).status_code == 200, address
    path = tmp_path / "s.gpkg"
    path.write_bytes(client.get(f"/api/v1/tasks/{task['id']}/files/suitability.gpkg").content)
    polygons = gpd.read_file(path)
    assert polygons.geometry.is_valid.all()
    by_class = polygons.dissolve("class").geometry.area
    with rasterio.open(ground.rasters.get("suitability_own_dem").path) as file:
        shut = file.read(4)
        grade = file.read(1)
    assert by_class["excluded:ecological_red_line"] == pytest.approx((shut == 1).sum() * 100.0)
    assert by_class["grade_2"] == pytest.approx(((shut == 0) & (grade == 2)).sum() * 100.0)
    wrong = client.post("/api/v1/suitability/maps", params={"raster": "own_land_cover"})
    assert wrong.json()["code"] == "layers.rasters.wrong_kind"
    unknown = client.post("/api/v1/suitability/maps", params={"raster": "own_dem", "rule": "x"})
    assert unknown.status_code == 404
