"""Earthworks at the doors. Oracles: analytic solids, the normal law for errors that are all alike."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from scipy.integrate import dblquad
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.workspace import Workspace
from geo.measure.crs import parse_crs, transform
from geo.model import Grid
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters.building import put_grids
from layers.rasters.store import RasterOrigin

LEFT, TOP, STEP = 580_000.0, 2_765_000.0, 10.0
SIDE = 400.0


def site(side: float = SIDE) -> dict:
    """A square in the middle of the test ground."""
    west, south = LEFT + 1000.0 - side / 2, TOP - 1000.0 - side / 2
    square = shapely.segmentize(np.array([shapely.box(west, south, west + side, south + side)]), 50)
    lonlat = transform(square, parse_crs("EPSG:4543"), parse_crs("EPSG:4490"))[0]
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(lonlat)}
    return {"type": "FeatureCollection", "features": [feature]}


def lay(workspace: Workspace, height, status=LayerStatus.OFFICIAL, step: float = STEP) -> None:
    count = int(2000.0 / step)
    at = (np.arange(count) + 0.5) * step - 1000.0
    east, north = np.meshgrid(at, -at)
    values = np.broadcast_to(height(east, north), east.shape).astype(np.float64)
    grid = Grid(
        values=values, transform=Affine(step, 0, LEFT, 0, -step, TOP), crs=CRS(4543),
        nodata=np.nan, unit="m",
    )  # fmt: skip
    spec = LayerSpec(
        id="own_dem", kind="dem", title_zh="自有", title_en="Own", status=status,
        sensitivity=Sensitivity.INTERNAL, source="test", licence="internal",
    )  # fmt: skip
    put_grids(
        workspace.rasters, spec, {"dem": grid}, classes=None, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def asked(client: TestClient, body: dict, **query: object) -> dict:
    answer = client.post("/api/v1/sites/earthworks", json=body, params={"swell": 1.0, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_wedge_is_balanced_at_its_middle(client: TestClient, workspace: Workspace) -> None:
    """Both sides of a plane of 10 % over a square: s * s * 0.1 s / 8."""
    lay(workspace, lambda e, n: 100.0 + 0.1 * e)
    (found,) = asked(client, site())["sites"]
    expected = SIDE * SIDE * 0.1 * SIDE / 8.0
    assert found["cut_m3"] == pytest.approx(expected, rel=5e-3)
    assert found["fill_m3"] == pytest.approx(expected, rel=5e-3)
    assert found["platforms"][0]["elevation_m"] == pytest.approx(100.0, abs=0.02)
    assert found["surplus_m3"] == pytest.approx(0.0, abs=50.0)


def test_without_an_accuracy_bounds_cannot_be_told(
    client: TestClient, workspace: Workspace
) -> None:
    lay(workspace, lambda e, n: 100.0 + 0.1 * e)
    (found,) = asked(client, site())["sites"]
    assert found["error"] is None
    assert found["interval"] is None
    text = client.post(
        "/api/v1/sites/earthworks", json=site(), params={"swell": 1, "format": "html", "lang": "en"}
    ).text
    assert "bounds cannot be told" in text
    assert "cannot tell" in text


def test_errors_that_are_all_alike_move_the_whole_ground(
    client: TestClient, workspace: Workspace
) -> None:
    """Level ground, errors alike over 1,000 km: cut at the ground is area * max(error, 0), so its
    95 % quantile is 1.645 deviations; 200 draws know it within a tenth or so."""
    lay(workspace, lambda e, n: 100.0)
    said = {"dem_sd_m": 2.0, "dem_length_m": 100_000.0, "elevations_m": 100.0}
    (found,) = asked(client, site(), **said)["sites"]
    area_m2 = SIDE * SIDE
    assert found["cut_m3"] == pytest.approx(0.0, abs=1.0)
    assert found["interval"]["cut_m3"]["most"] == pytest.approx(1.645 * 2.0 * area_m2, rel=0.2)
    assert found["interval"]["cut_m3"]["least"] == 0.0
    shift = found["interval"]["balance_shift_m"]
    assert shift["most"] == pytest.approx(1.645 * 2.0, rel=0.2)
    assert shift["least"] == pytest.approx(-1.645 * 2.0, rel=0.2)
    # Errors that forget each other within a pixel even out over a site of 1,600 pixels.
    (alone,) = asked(client, site(), **{**said, "dem_length_m": 1.0})["sites"]
    spread = alone["interval"]["balance_shift_m"]
    assert spread["most"] - spread["least"] < 0.1 * (shift["most"] - shift["least"])
    again = asked(client, site(), **said)["sites"][0]
    assert again == found


def test_slopes_end_at_the_ground_and_take_land(client: TestClient, workspace: Workspace) -> None:
    """Level ground cut by 10 m at 1 : 2: s2 h + 2 n h2 s + pi n2 h3 / 3, corners being cones."""
    lay(workspace, lambda e, n: 110.0)
    (found,) = asked(client, site(), elevations_m=100.0, cut_slope=2.0)["sites"]
    high, along = 10.0, 2.0
    expected = SIDE**2 * high + 4 * SIDE * along * high**2 / 2 + np.pi * along**2 * high**3 / 3
    assert found["cut_m3"] == pytest.approx(expected, rel=5e-3)
    ring = 4 * SIDE * along * high + np.pi * (along * high) ** 2
    assert found["slope_ha"] * 10_000 == pytest.approx(ring, rel=0.03)
    assert not found["open_slopes"]


def test_costs_follow_prices_that_are_given_and_no_others(
    client: TestClient, workspace: Workspace, own_store: Path
) -> None:
    """By hand: 16 ha cut by 10 m, 1.6 million m3 at 12 to 18 CNY, spoil at 5."""
    lay(workspace, lambda e, n: 110.0)
    said = {"elevations_m": 100.0}
    (none,) = asked(client, site(), **said)["sites"]
    assert none["cost_cny"] is None
    (part,) = asked(client, site(), **said, prices="cut=12:18")["sites"]
    assert part["unpriced"] == ["spoil"]
    volume_m3 = part["cut_m3"]
    assert part["cost_cny"]["least"] == pytest.approx(12 * volume_m3, rel=1e-3)
    assert part["cost_cny"]["most"] == pytest.approx(18 * volume_m3, rel=1e-3)
    (missing,) = asked(client, site(), **said, prices="fill=9")["sites"]
    assert missing["cost_cny"] is None
    assert set(missing["unpriced"]) == {"cut", "spoil"}
    folder = own_store / "earthworks"
    folder.mkdir()
    (folder / "prices.yaml").write_text(
        "source: 某县造价信息 2026-10\n"
        "cny_per_m3: {cut: {least: 10, most: 10}, spoil: {least: 5, most: 5}}\n",
        encoding="utf-8",
    )
    whole = asked(client, site(), **said)
    assert whole["price_source"] == "某县造价信息 2026-10"
    assert whole["sites"][0]["cost_cny"]["most"] == pytest.approx(15 * volume_m3, rel=1e-3)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"prices": "cut=18:12"}, "api.earthworks.price"),
        ({"prices": "gold=1"}, "api.earthworks.price"),
        ({"platforms": 3, "elevations_m": "100,101"}, "api.earthworks.platform_count"),
        ({"swell": -1}, "api.request.parameter"),
    ],
)
def test_what_cannot_be_asked(client: TestClient, query: dict, code: str) -> None:
    answer = client.post("/api/v1/sites/earthworks", json=site(), params={"swell": 1.0, **query})
    assert answer.status_code == 422
    assert answer.json()["code"].startswith(code.rsplit(".", 1)[0])


def test_swell_has_no_default(client: TestClient) -> None:
    answer = client.post("/api/v1/sites/earthworks", json=site())
    assert answer.status_code == 422
    assert "swell" in answer.text


def test_a_gap_in_the_heights_is_no_volume(client: TestClient, workspace: Workspace) -> None:
    lay(workspace, lambda e, n: np.where((np.abs(e) < 40) & (np.abs(n) < 40), np.nan, 100.0))
    answer = client.post("/api/v1/sites/earthworks", json=site(), params={"swell": 1.0})
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.earthworks.unknown_ground"
    assert answer.json()["params"]["unknown_ha"] >= 0.64


def test_a_site_of_less_than_three_pixels_is_refused_by_name(
    client: TestClient, workspace: Workspace
) -> None:
    lay(workspace, lambda e, n: 100.0, step=100.0)
    answer = client.post("/api/v1/sites/earthworks", json=site(250.0), params={"swell": 1.0})
    assert answer.json()["code"] == "geo.grid.too_coarse"
    assert asked(client, site(320.0))["sites"][0]["cut_m3"] == 0.0


@pytest.mark.slow
def test_a_demonstration_stays_marked_at_every_door(
    client: TestClient, own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = [[102.80, 24.98], [102.806, 24.98], [102.806, 24.985], [102.80, 24.985], [102.80, 24.98]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    body = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": shape}],
    }
    found = asked(client, body, platforms=2)
    assert {one["status"] for one in found["basis"]} == {"demonstration"}
    for form in ("html", "csv"):
        said = client.post(
            "/api/v1/sites/earthworks", json=body, params={"swell": 1, "format": form, "lang": "zh"}
        ).text
        assert "演示" in said
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps(body), encoding="utf-8")
    run = CliRunner().invoke(app, ["earthworks", str(path), "--swell", "1.0", "--lang", "zh"])
    assert run.exit_code == 0, run.output
    assert "演示数据" in run.stdout
    assert "无法判定" in run.stdout


def errors_of(east_m, north_m, sd_m: float, length_m: float, count: int):
    """Fields of errors by another method: the root of the whole covariance matrix (Cholesky)."""
    apart_m = np.hypot(east_m[:, None] - east_m, north_m[:, None] - north_m)
    root = np.linalg.cholesky(np.exp(-apart_m / length_m) + 1e-9 * np.eye(east_m.size))
    return sd_m * root @ np.random.default_rng(11).standard_normal((east_m.size, count))


def mean_correlation(side_m: float, length_m: float) -> float:
    """Mean of exp(-d / length) over all pairs of points of a square, by numerical integration."""

    def density(y: float, x: float) -> float:
        return 4.0 * (1.0 - x) * (1.0 - y) * np.exp(-side_m * np.hypot(x, y) / length_m)

    return dblquad(density, 0.0, 1.0, 0.0, 1.0)[0]


def test_bounds_of_a_slab_are_those_of_the_normal_law(
    client: TestClient, workspace: Workspace
) -> None:
    """All is cut, so the volume is linear in the errors: normal, with the standard deviation
    sd * area * sqrt(mean correlation of two points of the site)."""
    lay(workspace, lambda e, n: 120.0)
    sd_m, length_m, area_m2 = 2.0, 150.0, SIDE * SIDE
    said = {"dem_sd_m": sd_m, "dem_length_m": length_m, "elevations_m": 100.0}
    (found,) = asked(client, site(), **said)["sites"]
    cut = found["interval"]["cut_m3"]
    spread = 2.0 * 1.645 * sd_m * area_m2 * np.sqrt(mean_correlation(SIDE, length_m))
    assert cut["most"] - cut["least"] == pytest.approx(spread, rel=0.15)
    assert (cut["most"] + cut["least"]) / 2.0 == pytest.approx(20.0 * area_m2, rel=0.01)


@pytest.mark.slow
def test_bounds_hold_the_true_wedge_as_often_as_they_say(
    client: TestClient, workspace: Workspace
) -> None:
    """A wedge of s * s * 0.1 s / 8 whose DEM is wrong by errors of the stated accuracy, 20 times:
    bounds of 90 % hold the true volume in 15 to 20 of them (99 % of binomial draws do)."""
    draws, sd_m, length_m = 20, 3.0, 120.0
    at = (np.arange(48) - 23.5) * STEP
    east, north = (one.ravel() for one in np.meshgrid(at, -at))
    fields = errors_of(east, north, sd_m, length_m, draws)
    truth_m3, held, near = SIDE * SIDE * 0.1 * SIDE / 8.0, 0, 0
    for number in range(draws):
        errors = np.zeros((200, 200))
        errors[76:124, 76:124] = fields[:, number].reshape(48, 48)
        lay(workspace, lambda e, n, own=errors: 100.0 + 0.1 * e + own)
        said = {"dem_sd_m": sd_m, "dem_length_m": length_m, "elevations_m": 100.0}
        (found,) = asked(client, site(), **said)["sites"]
        cut = found["interval"]["cut_m3"]
        held += cut["least"] <= truth_m3 <= cut["most"]
        near += abs(found["cut_m3"] - truth_m3) < 0.01 * truth_m3
    assert 15 <= held <= draws
    # Without bounds the number would be wrong by more than one part in a hundred nearly always.
    assert near < draws / 2
