"""The ground of sites over HTTP and at the command line, on made and demonstration ground."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.data.rasters import RasterImportRequest, import_raster, new_raster_spec
from api.expansion.terrain import query_of_layer, terrain_report
from api.workspace.workspace import Workspace
from geo.measure.crs import parse_crs, transform
from geo.model import Grid
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters._gdal import rasterio
from layers.rasters.building import put_grids
from layers.rasters.model import RasterDeclaration
from layers.rasters.store import RasterOrigin

STEP = Affine(10, 0, 580000, 0, -10, 2765000)
OVER_KUNMING = Affine(100, 0, 555000, 0, -100, 2790000)
ON_PLANE = {"west": 580200, "south": 2763600, "size": 400}


def site(west=580200, south=2763600, size=400) -> dict:
    """A square of the Gauss-Krueger plane of the test ground, as GeoJSON in lon/lat."""
    square = shapely.segmentize(np.array([shapely.box(west, south, west + size, south + size)]), 50)
    lonlat = transform(square, parse_crs("EPSG:4543"), parse_crs("EPSG:4490"))[0]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(lonlat)}
        ],
    }


def lay(workspace: Workspace, values: np.ndarray, *, kind="dem", unit="m", classes=None, step=STEP):
    spec = LayerSpec(
        id=f"own_{kind}", kind=kind, title_zh="自有", title_en="Own", status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.INTERNAL, source="test", licence="internal",
    )  # fmt: skip
    nodata = np.nan if values.dtype.kind == "f" else 65535
    grid = Grid(values=values, transform=step, crs=CRS(4543), nodata=nodata, unit=unit)
    return put_grids(
        workspace.rasters, spec, {kind: grid}, classes=classes, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def plane(slope_deg: float, size=200) -> np.ndarray:
    """Ground that falls to the east."""
    _, column = np.mgrid[:size, :size]
    return (2500.0 - np.tan(np.radians(slope_deg)) * 10.0 * column).astype(np.float32)


def test_a_known_plane_says_its_slope(workspace: Workspace, client: TestClient) -> None:
    # Analytic: a plane of 10 degrees facing east; classes end at 3, 8, 15, 25.
    lay(workspace, plane(10.0))
    cover = np.full((200, 200), 5, dtype=np.uint16)
    cover[:, :40] = 1  # 400 m from the west edge: half of the site
    lay(workspace, cover, kind="land_cover", unit="class", classes="clcd")
    answer = client.post("/api/v1/terrain", json=site()).json()
    assert answer["basis"] == []
    (one,) = answer["sites"]
    assert one["area_ha"] == pytest.approx(16.0, rel=3e-4)
    assert one["width_m"] == pytest.approx(400, rel=0.02)
    ground = one["ground"]
    assert ground["slope_deg"] == {"least": 10.0, "mean": 10.0, "most": 10.0}
    assert [s["pct"] for s in ground["slope_shares"]] == [0, 0, 100, 0, 0]
    assert [s["grade"] for s in ground["slope_shares"]] == [1, 2, 3, 4, 5]
    assert {s["id"]: s["pct"] for s in ground["aspect_shares"]}["aspect_e"] == 100
    assert ground["fit"] == "scoring"
    assert (ground["unknown_ha"], ground["outside_ha"]) == (0, 0)
    assert ground["elevation_m"]["mean"] == pytest.approx(
        2500 - np.tan(np.radians(10)) * (40 - 0.5) * 10, abs=0.02
    )
    shares = {s["id"]: s for s in one["cover"]["shares"]}
    assert shares["1"]["pct"] == pytest.approx(50, abs=0.01)
    assert sum(s["area_ha"] for s in shares.values()) == pytest.approx(one["area_ha"], abs=2e-4)
    assert shares["5"]["name"]["zh"] == "水体"


def test_the_demonstration_says_so_and_parts_add_up(workspace: Workspace) -> None:
    report = terrain_report(workspace, query_of_layer(workspace, "districts", None))
    assert [b.status for b in report.basis] == ["demonstration"]
    assert {one.id for one in report.sites} == {"kunming", "honghe", "dehong"}
    for one in report.sites:
        ground = one.ground
        whole = sum(s.area_ha for s in ground.slope_shares) + ground.unknown_ha + ground.outside_ha
        assert whole == pytest.approx(one.area_ha, abs=3e-4)
        assert one.cover.raster.label == f"demo_cover_{one.id}@1"


def refusals(workspace: Workspace, tmp_path: Path) -> dict[str, tuple[dict, str]]:
    """Cases that must be refused at every door: the body and the raster named."""
    lay(workspace, plane(10.0))
    empty = plane(10.0)
    empty[60:200, :] = np.nan
    lay(workspace, empty)
    return {
        "geo.grid.no_overlap": (site(west=700000), ""),
        "geo.grid.all_nodata": (site(), ""),
        "geo.grid.site_within_pixel": (site(size=4), ""),
        "layers.rasters.wrong_kind": (site(), "demo_cover_kunming"),
        "layers.rasters.unknown": (site(), "nothing"),
    }


def test_refusals_in_words_at_both_doors(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    for code, (body, raster) in refusals(workspace, tmp_path).items():
        path = tmp_path / "site.geojson"
        path.write_text(json.dumps(body), encoding="utf-8")
        for lang in ("zh", "en"):
            answer = client.post(
                "/api/v1/terrain", json=body, params={"raster": raster} if raster else {},
                headers={"accept-language": lang},
            )  # fmt: skip
            problem = answer.json()
            assert problem["code"] == code
            assert answer.status_code == (404 if code.endswith("unknown") else 422)
            assert "{" not in problem["detail"]
            assert "—" not in problem["detail"]
            done = CliRunner().invoke(
                app,
                ["terrain", str(path), "--lang", lang, *(["--raster", raster] if raster else [])],
                env={"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)},
            )
            assert done.exit_code == 2
            assert problem["detail"] in done.stderr


def test_one_bad_site_does_not_spoil_the_others(workspace: Workspace, client: TestClient) -> None:
    lay(workspace, plane(4.0))
    body = site()
    body["features"] += site(west=700000)["features"]
    good, bad = client.post("/api/v1/terrain", json=body).json()["sites"]
    assert good["problem"] is None
    assert bad["ground"] is None
    assert bad["problem"]["code"] == "geo.grid.no_overlap"
    assert bad["missing"] == ["dem", "land_cover"]


def test_what_pixels_are_good_for_is_said_of_a_site(
    workspace: Workspace, client: TestClient
) -> None:
    # By hand, of pixels of 10 m: under three is an overview, under ten is coarse.
    lay(workspace, plane(4.0))
    fits = [
        client.post("/api/v1/terrain", json=site(size=size)).json()["sites"][0]["ground"]["fit"]
        for size in (29, 31, 90, 110)
    ]
    assert fits == ["overview", "coarse", "coarse", "scoring"]


def test_the_command_prints_what_http_answers(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps(site()), encoding="utf-8")
    env = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    done = CliRunner().invoke(app, ["terrain", str(path), "--json"], env=env)
    assert done.exit_code == 0
    answered = client.post("/api/v1/terrain", files={"file": (path.name, path.read_bytes())}).json()
    assert json.loads(done.stdout) == answered
    for lang in ("zh", "en"):
        text = CliRunner().invoke(app, ["terrain", str(path), "--lang", lang], env=env).stdout
        assert not re.search(r"\{|errors\.", text)
    usage = CliRunner().invoke(app, ["terrain"], env=env)
    assert usage.exit_code == 2


def tiff(path: Path, values: np.ndarray, **more) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype=values.dtype, **{"crs": "EPSG:4543", "transform": STEP, **more},
    ) as file:  # fmt: skip
        file.write(values, 1)
    return path


def test_import_replaces_the_demonstrations_under_it_and_lists(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    spec = new_raster_spec(
        id="dem_county", kind="dem", status="official", title_zh="县域高程", title_en="County DEM",
        source="test", licence="internal",
    )  # fmt: skip
    said = RasterDeclaration(kind="dem", unit="m")
    request = RasterImportRequest(
        path=tiff(tmp_path / "高程.tif", plane(5.0, size=600), transform=OVER_KUNMING),
        spec=spec,
        said=said,
    )
    small = replace(request, path=tiff(tmp_path / "小.tif", plane(5.0)))
    # 2 km of it replace no demonstration whole; 60 km do, that of Kunming.
    assert import_raster(workspace, small).replaces == []
    result = import_raster(workspace, request)
    assert result.created
    assert result.replaces == ["demo_dem_kunming"]
    listed = {one["id"]: one for one in client.get("/api/v1/rasters").json()["rasters"]}
    assert listed["dem_county"]["in_use"]
    assert not listed["demo_dem_kunming"]["in_use"]
    assert listed["demo_cover_kunming"]["in_use"]
    assert not import_raster(workspace, request).created
    newest, _ = client.get("/api/v1/rasters/dem_county/versions").json()["rasters"]
    assert newest == listed["dem_county"]
    assert client.get("/api/v1/rasters/no_such/versions").status_code == 404


def test_the_command_line_takes_a_raster_in_and_refuses_in_words(
    workspace: Workspace, tmp_path: Path
) -> None:
    env = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    path = tiff(tmp_path / "dem.tif", plane(5.0))
    base = [
        "rasters",
        "import",
        str(path),
        "--id",
        "d",
        "--kind",
        "dem",
        "--title",
        "T",
        "--source",
        "S",
    ]
    done = CliRunner().invoke(app, [*base, "--unit", "m"], env=env)
    assert done.exit_code == 0, done.output
    assert "200 × 200" in done.stdout
    for extra, code in (
        ([], "layers.rasters.unstated_unit"), (["--unit", "km"], "layers.rasters.wrong_unit"),
        (["--unit", "m", "--crs", "EPSG:4542"], "geo.crs.mismatch"),
    ):  # fmt: skip
        refused = CliRunner().invoke(app, [*base, *extra, "--json"], env=env)
        assert refused.exit_code == 2
        assert json.loads(refused.stdout)["code"] == code
    assert "d " in CliRunner().invoke(app, ["rasters", "list"], env=env).stdout
    assert CliRunner().invoke(app, ["rasters", "history", "d"], env=env).exit_code == 0


def test_nothing_is_fetched_unless_a_setting_allows_it(
    workspace: Workspace, client: TestClient
) -> None:
    answer = client.post("/api/v1/rasters/recipes/copernicus_glo30?bbox=102,24,102.1,24.1")
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.fetch.network"
    assert client.post("/api/v1/rasters/recipes/no?bbox=1,1,2,2").status_code == 404
    env = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    done = CliRunner().invoke(
        app, ["rasters", "fetch", "copernicus_glo30", "--bbox", "102,24,102.1,24.1"], env=env
    )
    assert done.exit_code == 2
    assert "FTZGIS_ALLOW_NETWORK" in done.stderr
    listed = CliRunner().invoke(app, ["rasters", "recipes", "--lang", "en"], env=env)
    assert "Copernicus" in listed.stdout
    assert len(client.get("/api/v1/rasters/recipes").json()["recipes"]) == 2
