"""QGIS of the system opens what we write and serve, and draws it in the colours of the page.

Oracles: QGIS itself, and the data of the styles."""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from api.settings import Settings
from api.workspace.workspace import Workspace
from maps.style.styles import styles

CLIENT = Path(__file__).parent / "clients" / "qgis_client.py"
# Where the zone is, in metres of Web Mercator.
KUNMING = [11_426_900.0, 2_852_800.0, 11_460_300.0, 2_883_500.0]

pytestmark = [pytest.mark.slow, pytest.mark.interop]

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def qgis(tmp_path: Path) -> Ask:
    """Ask QGIS, in a process of its own."""
    python = "/usr/bin/python3"
    if shutil.which("qgis") is None:
        pytest.skip("QGIS is not installed: apt-get install qgis python3-qgis")
    home = tmp_path / "qgis"
    home.mkdir(mode=0o700)

    def ask(**job: object) -> dict[str, Any]:
        path = tmp_path / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        # Of the product's own environment QGIS must find nothing.
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "TMPDIR"}}
        done = subprocess.run(
            [python, CLIENT, path],
            capture_output=True, encoding="utf-8", check=False, timeout=300,
            env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return ask


def near(picture: Path, colour: str, tolerance: int = 6) -> int:
    """Return how many pixels have a colour."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((abs(pixels - wanted).max(axis=2) <= tolerance).sum())


def over_white(colour: str, opacity: float) -> str:
    """Return a colour laid over white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (one - 255) * opacity):02x}" for one in parts)


def test_a_geopackage_opens_as_the_page_draws_it(
    small_store: Workspace, tmp_path: Path, qgis: Ask
) -> None:
    from api.data.export_layer import export_layer

    path = tmp_path / "红线.gpkg"
    export_layer(small_store, "red_lines", path, None)
    said = qgis(
        layers=[
            {"kind": "vector", "uri": f"{path}|layername=red_lines", "name": "x",
             "provider": "ogr", "style": "default"}
        ],
        # Half a pixel off, so that an edge of one pixel falls into one.
        crs="EPSG:4543", extent=[499_999.975, 2_759_999.975, 500_019.975, 2_760_019.975],
        size=[400, 400],
        png=str(tmp_path / "red.png"),
    )  # fmt: skip
    (seen,) = said["seen"]
    assert (seen["valid"], seen["crs"], seen["count"]) == (True, "EPSG:4543", 12_000)
    assert {"名称", "面积", "编号", "批准日期"} <= set(seen["fields"])
    assert seen["steps"] == ["SimpleFill", "LinePatternFill", "SimpleLine"]
    assert (said["log"], said["errors"]) == ([], [])
    hatch = styles()["patterns"]["hatch"]
    ground = over_white(hatch["ground"], hatch["ground_opacity"])
    edge = styles()["kinds"]["ecological_red_line"]["stroke"]
    # A square of 200 pixels, a third of it lines.
    assert 10_000 < near(tmp_path / "red.png", ground) < 35_000
    assert near(tmp_path / "red.png", edge, 40) > 400
    assert near(tmp_path / "red.png", "#ffffff", 0) > 110_000


def test_the_project_of_a_workspace_opens_whole_and_in_the_colours_of_the_page(
    own_store: Path, tmp_path: Path, qgis: Ask
) -> None:
    from api.data.qgis_project import write_qgis_project

    workspace = Workspace(Settings(data_dir=own_store))
    write_qgis_project(workspace, "en", tmp_path / "w.zip")
    with zipfile.ZipFile(tmp_path / "w.zip") as archive:
        archive.extractall(tmp_path / "拆开")
    said = qgis(
        project=str(tmp_path / "拆开" / "workspace.qgz"), crs="EPSG:3857", extent=KUNMING,
        size=[1000, 800], png=str(tmp_path / "w.png"),
    )  # fmt: skip
    assert (said["read"], said["project_crs"], said["errors"]) == (True, "EPSG:4490", [])
    assert said["log"] == []
    layers, rasters = workspace.store.current(), workspace.rasters.current()
    assert len(said["seen"]) == len(layers) + len(rasters)
    assert [name for name, one in said["seen"].items() if not one["valid"]] == []
    counts = {one.spec.title_en: one.feature_count for one in layers}
    # What is for demonstration says so in the list of QGIS, too.
    for title, count in counts.items():
        (name,) = [one for one in said["seen"] if one.split(" [")[0] == title]
        assert said["seen"][name]["count"] == count
    red = next(one for one in said["seen"] if one.startswith("Ecological red line"))
    assert red.endswith("[Demonstration]")
    kinds, patterns = styles()["kinds"], styles()["patterns"]
    shown = {one.spec.kind for one in layers if kinds.get(one.spec.kind, {}).get("shown", True)}
    assert {"ecological_red_line", "lake", "district"} <= shown
    dots = patterns["dots"]
    county = kinds["county"]["fill"]
    for colour, least in (
        (county, 100_000),
        (kinds["district"]["stroke"], 500),
        (over_white(dots["ground"], dots["ground_opacity"]), 20_000),
    ):
        assert near(tmp_path / "w.png", colour) > least, colour


def test_styles_are_the_same_as_qml_and_as_sld(tmp_path: Path, qgis: Ask) -> None:
    from maps.style.qml import qml
    from maps.style.sld import sld

    uri = "Polygon?crs=EPSG:3857"
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]]}
    path = tmp_path / "square.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}), "utf-8")
    uri = str(path)
    (tmp_path / "s.qml").write_text(qml("district", 2), "utf-8")
    (tmp_path / "s.sld").write_text(sld("x", "district", (2,)), "utf-8")
    look = styles()["kinds"]["district"]
    for form in ("qml", "sld"):
        picture = tmp_path / f"{form}.png"
        layer = {"kind": "vector", "uri": uri, "name": "x", "provider": "ogr",
                 "style": str(tmp_path / f"s.{form}")}  # fmt: skip
        said = qgis(
            layers=[layer], crs="OGC:CRS84", extent=[-50, -50, 150, 150], size=[400, 400],
            png=str(picture),
        )  # fmt: skip
        assert said["errors"] == []
        assert 36_000 < near(picture, over_white(look["fill"], look["fill_opacity"])) < 41_000
        assert near(picture, look["stroke"], 40) > 800
