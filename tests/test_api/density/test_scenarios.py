"""Scenarios and downscaled totals through every door. Oracles: the plan's figures, by hand."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import rasterio
from affine import Affine
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app

BODY = {
    "indicator": "trade", "year": 2020, "denominator": "approved", "unit_id": "ftz",
    "cases": [
        {"name": "keep", "added_km2": 10.0},
        {"name": "plan", "added_km2": 0.0, "plan_target": True, "by_year": 2025},
        {"name": "denser", "added_km2": 20.0, "density": 8.0},
    ],
}  # fmt: skip


def test_scenarios_side_by_side_by_hand(shared_client: TestClient) -> None:
    answer = shared_client.post("/api/v1/scenarios", json=BODY).json()
    assert answer["density"] == pytest.approx(717.9 / 119.86)
    keep, plan, denser = answer["scenarios"]
    # 717.9 / 119.86 x 10 = 59.895 on the new land.
    assert keep["value_of_new_land"] == pytest.approx(59.895, abs=1e-3)
    assert keep["density_of_new_land"] == pytest.approx(answer["density"])
    assert keep["land_saved_km2"] == pytest.approx(0.0, abs=1e-9)
    # The plan: 2675.78 on the same land, 30.1 % a year; at 2020's density it needs 446.74 km2.
    assert plan["value_needed"] == pytest.approx(2675.78)
    assert plan["annual_growth_pct"] == pytest.approx(30.1, abs=0.05)
    assert plan["land_saved_km2"] == pytest.approx(2675.78 * 119.86 / 717.9 - 119.86)
    # 8 x 139.86 = 1118.88; 1118.88 - 717.9 = 400.98 on 20 km2.
    assert denser["value_needed"] == pytest.approx(1118.88)
    assert denser["density_of_new_land"] == pytest.approx(20.049)
    # Without new land there is nothing that new land must yield.
    assert (keep["present_growth_pct"], plan["value_of_new_land"]) == (0.0, None)


def test_growth_on_present_land_spares_new_land(shared_client: TestClient) -> None:
    cases = [{"name": "grow", "added_km2": 10.0, "present_growth_pct": 5.0}]
    body = {**BODY, "cases": cases}
    (grow,) = shared_client.post("/api/v1/scenarios", json=body).json()["scenarios"]
    # 5 % of 119.86 km2 is 5.993; 59.895 less 35.895 is what the new land must yield.
    assert grow["land_spared_km2"] == pytest.approx(5.993)
    assert grow["value_of_new_land"] == pytest.approx(59.8949 - 35.895, abs=1e-3)
    text = shared_client.post("/api/v1/scenarios?format=html&lang=en", json=body).text
    assert "spares 5.99 of 10.00 km²" in text
    frozen = shared_client.post("/api/v1/scenarios?format=html&lang=en", json=BODY).text
    assert "119.86 km² are frozen" in frozen


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit_id": "kunming"}, "api.scenario.unit"),
        ({"indicator": "gdp_per_capita"}, "api.density.intensive"),
        ({"year": 1999}, "api.density.none"),
        ({"cases": [{"name": "x", "added_km2": 1.0, "by_year": 2020}]}, "api.scenario.case.year"),
        ({"cases": [{"name": "x", "added_km2": -1.0}]}, "api.request.invalid"),
        ({"cases": []}, "api.request.invalid"),
    ],
)
def test_scenarios_that_cannot_be_are_refused(
    shared_client: TestClient, change: dict, code: str
) -> None:
    answer = shared_client.post("/api/v1/scenarios", json={**BODY, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_workbook_of_scenarios_computes(shared_client: TestClient) -> None:
    data = shared_client.post("/api/v1/scenarios?format=xlsx", json=BODY).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert sheet["B4"].value == "=$B$2/$B$3"
    assert (sheet["C6"].value, sheet["C8"].value) == ("=$B$4", 8.0)
    # What a density rests on stands beside it, so that land saved is one column further.
    assert sheet["N6"].value == "=ROUND(F6/$B$4-E6,9)"


def test_the_command_says_what_http_says(
    shared_client: TestClient, built_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(built_store))
    command = "scenario trade --year 2020 --denominator approved --unit-id ftz"
    cases = ["--case", "keep:10", "--case", "plan:0:plan:2025", "--case", "denser:20:8"]
    done = CliRunner().invoke(app, [*command.split(), *cases, "--json"])
    assert json.loads(done.stdout) == shared_client.post("/api/v1/scenarios", json=BODY).json()
    wrong = CliRunner().invoke(app, [*command.split(), "--case", "x"])
    assert (wrong.exit_code, "扩区:10" in wrong.stderr) == (2, True)


GRID = {"indicator": "trade", "year": 2020, "grid_m": 2000.0}


def test_a_total_on_a_grid_is_kept_and_called_an_estimate(shared_client: TestClient) -> None:
    answer = shared_client.post("/api/v1/downscale", json={**GRID, "geometry": True}).json()
    assert answer["estimate"] is True
    assert answer["total_of_parts"] == pytest.approx(717.9, rel=1e-9)
    assert sum(part["value"] for part in answer["parts"]) == pytest.approx(717.9, rel=1e-9)
    # By area alone every cell has the density of the whole: 717.9 / 119.86.
    assert {round(part["density"], 6) for part in answer["parts"]} == {round(717.9 / 119.86, 6)}
    assert answer["covered_pct"] == pytest.approx(100.0, abs=1e-4)
    assert all(one["properties"]["estimate"] for one in answer["features"]["features"])
    assert answer["basis"][0]["status"] == "indicative"


def test_onto_parcels_all_of_it_goes_to_them(shared_client: TestClient) -> None:
    body = {"indicator": "trade", "year": 2020, "onto_layer": "demo_parcels"}
    answer = shared_client.post("/api/v1/downscale", json=body).json()
    assert answer["total_of_parts"] == pytest.approx(717.9, rel=1e-9)
    assert 0 < answer["covered_pct"] < 50
    sheet = shared_client.post("/api/v1/downscale?format=csv", json=body).content.decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) == len(answer["parts"])
    assert all("估算" in str(row) for row in rows)


def test_impervious_land_of_counties_weighs(shared_client: TestClient) -> None:
    body = {**GRID, "weight_layer": "county_impervious"}
    parts = shared_client.post("/api/v1/downscale", json=body).json()["parts"]
    densities = sorted({round(part["density"], 3) for part in parts})
    assert sum(part["value"] for part in parts) == pytest.approx(717.9, rel=1e-9)
    # Guandu is far more built over than Hekou: 57.28 of 633.93 km2 against 2.59 of 1321.19.
    assert densities[-1] / densities[0] > 20


def raster(share_built: float) -> bytes:
    """A land cover over all three districts, built-up in its southern part."""
    with rasterio.io.MemoryFile() as memory:
        cover = np.full((500, 800), 10, dtype="uint8")
        cover[int(500 * (1 - share_built)) :] = 50
        profile = {
            "driver": "GTiff",
            "height": 500,
            "width": 800,
            "count": 1,
            "dtype": "uint8",
            "nodata": 0,
        }
        with memory.open(
            **profile, crs="EPSG:4326", transform=Affine(0.01, 0.0, 97.0, 0.0, -0.01, 26.0)
        ) as made:
            made.write(cover, 1)
        return memory.read()


@pytest.mark.slow
def test_a_raster_of_land_cover_weighs(shared_client: TestClient) -> None:
    request = {**GRID, "legend": "esa_worldcover"}
    files = {"raster": ("lc.tif", raster(0.5), "image/tiff")}
    answer = shared_client.post("/api/v1/downscale", files=files, data=request).json()
    # Only what lies south of 23.5 N is built up: the Honghe district alone.
    assert answer["total_of_parts"] == pytest.approx(717.9, rel=1e-9)
    placed = sum(part["area_km2"] for part in answer["parts"] if part["value"] > 0)
    assert placed == pytest.approx(14.12, rel=1e-3)


def test_the_land_cover_in_use_weighs(shared_client: TestClient) -> None:
    body = {**GRID, "weight_raster": "land_cover"}
    answer = shared_client.post("/api/v1/downscale", json=body).json()
    assert answer["total_of_parts"] == pytest.approx(717.9, rel=1e-9)
    assert answer["weights"] == "land_cover"
    # Built-up land is not spread evenly: not every cell has the density of the whole.
    assert len({round(part["density"], 3) for part in answer["parts"]}) > 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**GRID, "onto_layer": "demo_parcels"}, "api.downscale.onto"),
        ({**GRID, "grid_m": 5.0}, "geo.downscale.too_many"),
        (
            {**GRID, "weight_layer": "demo_ecological_red_line"},
            "geo.downscale.no_weight",
        ),
        ({**GRID, "units": ["kunming"]}, "api.downscale.nothing"),
        ({**GRID, "indicator": "gdp_per_capita"}, "api.density.intensive"),
        ({**GRID, "weight_layer": "none"}, "layers.store.unknown_layer"),
    ],
)
def test_what_cannot_be_brought_down_is_refused(
    shared_client: TestClient, body: dict, code: str
) -> None:
    answer = shared_client.post("/api/v1/downscale", json=body).json()
    assert answer["code"] == code


def test_a_raster_that_says_nothing_about_a_district_is_refused(shared_client: TestClient) -> None:
    with rasterio.io.MemoryFile() as memory:
        profile = {
            "driver": "GTiff",
            "height": 10,
            "width": 10,
            "count": 1,
            "dtype": "uint8",
            "nodata": 0,
        }
        with memory.open(
            **profile, crs="EPSG:4326", transform=Affine(0.01, 0.0, 102.8, 0.0, -0.01, 25.0)
        ) as made:
            made.write(np.full((10, 10), 50, dtype="uint8"), 1)
        data = memory.read()
    request = {**GRID, "legend": "esa_worldcover"}
    answer = shared_client.post(
        "/api/v1/downscale", files={"raster": ("x.tif", data)}, data=request
    )
    assert answer.json()["code"] == "api.downscale.raster_partial"
    broken = shared_client.post(
        "/api/v1/downscale", files={"raster": ("x.tif", b"no raster")}, data=request
    )
    assert (broken.status_code, broken.json()["code"]) == (422, "layers.read.damaged")
