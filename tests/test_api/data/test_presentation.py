"""Files for QGIS: named, described, styled. Oracles: SQLite, the standard's numbers, ogrinfo."""

import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
from starlette.testclient import TestClient

from api.data.export_layer import export_layer
from api.settings import Settings
from api.workspace.workspace import Workspace
from maps.style.qml import qml

RED = "demo_ecological_red_line"


@pytest.fixture(scope="module")
def red(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "red.gpkg"
    export_layer(Workspace(Settings(data_dir=built_store)), RED, path, None)
    return path


def test_an_exported_geopackage_is_named_described_and_styled(red: Path) -> None:
    with closing(sqlite3.connect(red)) as database:
        # 1.2, which GDAL 3.6 of desktops knows whole (OGC 12-128r14, requirement 2).
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
        said = database.execute(
            "SELECT table_name, data_type, identifier FROM gpkg_contents"
        ).fetchall()
        styles = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        (xml,) = database.execute("SELECT metadata FROM gpkg_metadata").fetchone()
    tables = {name: (kind, title) for name, kind, title in said}
    assert set(tables) == {RED, f"{RED}_coverage", "layer_styles"}
    assert tables[RED][0] == "features"
    # Demonstration data say so in the list of any program.
    assert tables[RED][1].endswith("[演示 Demonstration]")
    assert styles == [(RED, "geom", qml("ecological_red_line", 2), 1)]
    for part in ("demonstration", "ecological_red_line", "Apache-2.0"):
        assert part in xml
    assert pyogrio.read_info(red, layer=RED)["features"] == 198


def test_gdal_of_desktops_opens_it_without_a_word(red: Path) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    done = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", str(red)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "source=" in done.stdout


def test_an_exported_layer_comes_back_in(red: Path, client: TestClient) -> None:
    form = {"id": "again", "kind": "ecological_red_line", "title": "再", "source": "x",
            "layer": RED, "accept": "true"}  # fmt: skip
    answer = client.post("/api/v1/layers", data=form, files={"file": ("r.gpkg", red.read_bytes())})
    assert answer.status_code == 201, answer.text
    found = client.get("/api/v1/layers/again/features?limit=1000").json()["features"]
    assert len(found) == 198


def test_the_workspace_comes_as_a_project(client: TestClient, workspace: Workspace) -> None:
    while (answer := client.get("/api/v1/qgis-project.zip?lang=en")).status_code == 202:
        pass  # Not yet made.
    assert answer.status_code == 200
    assert "workspace.zip" in answer.headers["content-disposition"]
    path = workspace.settings.data_dir / "w.zip"
    path.write_bytes(answer.content)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        rasters = {f"{one.raster_id}.tif" for one in workspace.rasters.current()}
        assert names == {"workspace.qgz", "data.gpkg", *rasters}
        archive.extractall(path.parent / "w")
    tables = {name for name, kind in pyogrio.list_layers(path.parent / "w/data.gpkg") if kind}
    layers = {one.layer_id for one in workspace.store.current()}
    assert {one for one in tables if not one.endswith("_coverage")} == layers
