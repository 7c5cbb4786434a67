"""Rasters taken in over HTTP and on the command line: the same checks, refusals in words."""

import base64
import io
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from PIL import Image
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.rasters._gdal import rasterio

STEP = Affine(30, 0, 580000, 0, -30, 2765000)
SAID = {"id": "own_dem", "kind": "dem", "title": "自有高程", "source": "test", "unit": "m"}
HEIGHTS = np.full((20, 30), 1900.0, np.float32)


def tiff(path: Path, *, values=HEIGHTS, crs="EPSG:4543", step=STEP) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
            dtype=values.dtype, crs=crs, transform=step,
        ) as file:  # fmt: skip
            file.write(values, 1)
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def post(client: TestClient, path: Path, *, name: str | None = None, lang="zh", **said):
    fields = {key: value for key, value in {**SAID, **said}.items() if value is not None}
    return client.post(
        "/api/v1/rasters", files={"file": (name or path.name, path.read_bytes())}, data=fields,
        headers={"accept-language": lang},
    )  # fmt: skip


def test_a_look_says_what_would_come_in_and_stores_nothing(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    path = tiff(tmp_path / "高程.tif")
    answer = client.post(
        "/api/v1/rasters/preview", files={"file": (path.name, path.read_bytes())}, data=SAID
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()
    # 20 rows of 30 pixels of 30 m, all of 1900 m: as written.
    assert (found["rows"], found["columns"], found["least"], found["most"]) == (20, 30, 1900, 1900)
    assert abs(found["pixel_m"] - 30) < 0.1
    # It lies on a corner of Kunming's alone: those of the other districts are not touched.
    assert [(one["id"], one["partly"]) for one in found["change"]["replaces"]] == [
        ("demo_dem_kunming", True)
    ]
    text = CliRunner().invoke(
        app, ["rasters", "preview", str(path), *(f"--{k}={v}" for k, v in SAID.items())],
        env={"FTZGIS_DATA_DIR": str(workspace.settings.data_dir), "FTZGIS_LANG": "en"},
    ).stdout  # fmt: skip
    assert "beyond it that one still counts" in text
    assert "Honghe" not in text
    assert client.get("/api/v1/rasters/own_dem/versions").status_code == 404
    assert left_over(workspace) == []


def test_a_raster_that_holds_a_demonstration_takes_its_place_whole(
    client: TestClient, tmp_path: Path
) -> None:
    wide = np.full((70, 70), 1900.0, np.float32)
    over_kunming = Affine(1000, 0, 545000, 0, -1000, 2800000)
    path = tiff(tmp_path / "宽.tif", values=wide, step=over_kunming)
    found = client.post(
        "/api/v1/rasters/preview", files={"file": (path.name, path.read_bytes())}, data=SAID
    ).json()
    replaced = {one["id"]: one["partly"] for one in found["change"]["replaces"]}
    assert replaced == {"demo_dem_kunming": False}
    # The look says what the import then does.
    assert post(client, path).json()["replaces"] == ["demo_dem_kunming"]


def left_over(workspace: Workspace) -> list[Path]:
    root = workspace.settings.data_dir
    return [*root.glob(".upload-*"), *root.glob("rasters/.*")]


def test_an_upload_is_stored_as_the_command_line_stores_it(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    path = tiff(tmp_path / "高程.tif")
    answer = post(client, path)
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert stored["created"]
    assert stored["raster"]["id"] == "own_dem"
    assert stored["read_report"]["name"] == "高程.tif"
    look = client.post(
        "/api/v1/rasters/preview", files={"file": (path.name, path.read_bytes())}, data=SAID
    ).json()["change"]
    assert (look["stands"]["id"], look["stands"]["version"], look["replaces"]) == ("own_dem", 1, [])
    again = post(client, path).json()
    assert again["created"] is False
    assert [
        one["version"] for one in client.get("/api/v1/rasters/own_dem/versions").json()["rasters"]
    ] == [1]
    options = [f"--{key}={value}" for key, value in SAID.items()]
    done = CliRunner().invoke(
        app, ["rasters", "import", str(path), *options, "--json"],
        env={"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)},
    )  # fmt: skip
    assert json.loads(done.stdout) == again
    assert left_over(workspace) == []


def refusals(tmp_path: Path) -> dict[str, tuple[Path, dict]]:
    vrt = "<VRTDataset rasterXSize='1' rasterYSize='1'><SourceFilename>/etc/passwd"
    sheared = STEP @ Affine.shear(15)
    good = tiff(tmp_path / "good.tif")
    return {
        "layers.rasters.wrong_unit": (good, {"unit": "class"}),
        "layers.rasters.unstated_unit": (good, {"unit": None}),
        "layers.rasters.made_kind": (good, {"kind": "suitability", "unit": "grade"}),
        "geo.crs.missing": (tiff(tmp_path / "nowhere.tif", crs=None), {}),
        "geo.crs.mismatch": (good, {"crs": "EPSG:4542"}),
        "layers.rasters.not_geotiff": (text(tmp_path / "vrt.tif", vrt), {}),
        "geo.grid.turned": (tiff(tmp_path / "turned.tif", step=STEP @ Affine.rotation(10)), {}),
        "layers.rasters.implausible": (tiff(tmp_path / "feet.tif", values=HEIGHTS * 10), {}),
        "layers.rasters.band": (good, {"band": "7"}),
        "layers.store.layer_id": (good, {"id": "../x"}),
        "distorted: geo.grid.turned": (tiff(tmp_path / "sheared.tif", step=sheared), {}),
    }


def test_refusals_are_the_same_words_at_both_doors(
    workspace: Workspace, client: TestClient, tmp_path: Path
) -> None:
    env = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    for case, (path, said) in refusals(tmp_path).items():
        for lang in ("zh", "en"):
            answer = post(client, path, lang=lang, **said)
            problem = answer.json()
            assert answer.status_code in {404, 422}, (case, answer.text)
            assert problem["code"] == case.rpartition(" ")[2], case
            fields = {key: value for key, value in {**SAID, **said}.items() if value is not None}
            done = CliRunner().invoke(
                app,
                ["rasters", "import", str(path), "--lang", lang]
                + [f"--{key}={value}" for key, value in fields.items()],
                env=env,
            )
            assert done.exit_code == 2, (case, done.output)
            assert problem["detail"] in done.stderr, case
    assert left_over(workspace) == []
    assert "own_dem" not in {one.raster_id for one in workspace.rasters.current()}


def test_a_form_that_lacks_something_names_it(client: TestClient, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif")
    for field, said in {
        "title": {"title": None}, "nodata": {"nodata": "none"}, "data_date": {"data_date": "2026-13-01"},
    }.items():  # fmt: skip
        answer = post(client, path, **said)
        assert answer.status_code == 422
        assert answer.json()["params"]["field"] == field
    nothing = client.post("/api/v1/rasters", data=SAID, files={"other": ("a", b"")})
    assert nothing.json()["params"]["field"] == "file"


@pytest.mark.parametrize(
    "name", ["../../../etc/x.tif", "..\\..\\x.tif", "/vsizip/x.tif", "..", "长" * 400]
)
def test_a_name_leads_nowhere(
    workspace: Workspace, client: TestClient, tmp_path: Path, name: str
) -> None:
    answer = post(client, tiff(tmp_path / "a.tif"), name=name)
    assert answer.status_code == 201, answer.text
    assert not set(answer.json()["read_report"]["name"]) & set("/\\")
    assert left_over(workspace) == []


def test_a_body_over_the_limit_is_refused_in_words(own_store: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=own_store, allowed_hosts=("testserver",), max_upload_bytes=1000)
    noise = np.random.default_rng(0).uniform(1000, 2000, (200, 200)).astype(np.float32)
    answer = post(TestClient(create_app(settings)), tiff(tmp_path / "a.tif", values=noise))
    assert answer.status_code == 413
    assert answer.json()["code"] == "layers.read.too_large"


def test_the_server_reads_in_another_process(
    own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the sandbox does not run cannot be killed: reading here must go through it.
    settings = Settings(data_dir=own_store, allowed_hosts=("testserver",))
    called = []

    class Noted:
        def call(self, name, function, *args):
            called.append((name, function.__name__))
            return function(*args)

    workspace = Workspace(settings, reader=Noted())
    assert post(TestClient(create_app(settings, workspace)), tiff(tmp_path / "a.tif")).is_success
    assert called == [("a.tif", "take_in")]


def test_a_look_shows_the_raster_in_small(client: TestClient, tmp_path: Path) -> None:
    """By hand: west low, east high, a gap in the north; a large one is read in 480 pixels."""
    steps = np.tile(np.linspace(1900, 2500, 900, dtype=np.float32), (600, 1))
    steps[:120] = np.nan
    path = tiff(tmp_path / "坡.tif", values=steps)
    found = client.post(
        "/api/v1/rasters/preview", files={"file": (path.name, path.read_bytes())}, data=SAID
    ).json()
    picture = found["picture"]
    head, _, body = picture["image"].partition(",")
    assert head == "data:image/png;base64"
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(body))))
    rows, columns, _ = pixels.shape
    assert max(rows, columns) <= 520
    keys = picture["style"]["legend"]
    ramp = np.array([[int(key["colour"][at : at + 2], 16) for at in (1, 3, 5)] for key in keys])
    for at in (0.05, 0.5, 0.95):
        place = np.linspace(0, 1, len(ramp))
        expected = [np.interp(at, place, ramp[:, band]) for band in range(3)]
        shown = pixels[rows // 2, round((columns - 1) * at)][:3]
        np.testing.assert_allclose(shown, expected, atol=4)
    assert pixels[rows // 10, columns // 2, 3] == 0
    assert pixels[rows // 2, columns // 2, 3] == 255
    assert (picture["style"]["legend"][0]["upper"], picture["style"]["unit"]) == (1900, "m")
    # It lies where the raster does, to a pixel of the picture.
    np.testing.assert_allclose(picture["bounds_lonlat"], found["bounds_lonlat"], atol=1e-3)
