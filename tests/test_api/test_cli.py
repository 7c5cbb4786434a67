"""The command line as a process: exit codes, the JSON of HTTP, words."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from layers.readers._gdal import pyogrio

ROOT = Path(__file__).parents[2]


def ftzgis(store: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FTZGIS_DATA_DIR": str(store), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, arguments)],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "code"), [("conflict", 1), ("clear", 0), ("far", 3)])
def test_the_exit_code_is_the_verdict(
    built_store: Path, sites: dict[str, Path], name: str, code: int
) -> None:
    done = ftzgis(built_store, "check", sites[name])
    assert done.returncode == code, done.stdout + done.stderr
    assert "演示数据" in done.stdout


def test_a_conflict_outweighs_what_cannot_be_told(
    built_store: Path, sites: dict[str, Path]
) -> None:
    done = ftzgis(built_store, "check", sites["far"], sites["conflict"], "--json")
    assert done.returncode == 1
    assert [check["verdict"] for check in json.loads(done.stdout)] == ["undetermined", "conflict"]


def test_json_is_what_http_answers(
    built_store: Path, sites: dict[str, Path], shared_client: TestClient
) -> None:
    done = ftzgis(built_store, "check", sites["conflict"], "--json")
    printed = json.loads(done.stdout)
    files = {"file": ("conflict.geojson", sites["conflict"].read_bytes())}
    answered = shared_client.post("/api/v1/checks", files=files).json()
    assert printed == answered
    table = ftzgis(
        built_store, "density", "trade", "--year", 2020, "--denominator", "approved", "--json"
    )
    query = {"indicator": "trade", "year": 2020, "denominator": "approved"}
    assert json.loads(table.stdout) == shared_client.get("/api/v1/density", params=query).json()


def test_bad_input_exits_with_2_and_says_why_in_both_languages(
    built_store: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "空.shp"
    empty.write_bytes(b"")
    zh, en = (
        ftzgis(built_store, "check", empty),
        ftzgis(built_store, "check", empty, "--lang", "en"),
    )
    assert (zh.returncode, en.returncode) == (2, 2)
    assert "空的" in zh.stderr
    assert "empty" in en.stderr
    problem = json.loads(ftzgis(built_store, "check", empty, "--json").stdout)
    assert problem["code"] == "layers.read.empty"
    assert ftzgis(built_store, "check", tmp_path / "absent.zip").returncode == 2
    assert ftzgis(built_store, "layers", "history", "absent").returncode == 2


def red_line(folder: Path) -> Path:
    features = gpd.GeoDataFrame(
        {"名称": ["红线一"]}, geometry=[shapely.box(102.79, 24.97, 102.82, 25.0)], crs="EPSG:4490"
    )
    path = folder / "红线.gpkg"
    pyogrio.write_dataframe(features, path)
    return path


def test_an_imported_layer_counts_and_comes_out_again(
    own_store: Path, tmp_path: Path, sites: dict[str, Path]
) -> None:
    command = ("layers", "import", red_line(tmp_path), "--id", "real", "--kind",
               "ecological_red_line", "--title", "正式红线", "--source", "市局")  # fmt: skip
    first = ftzgis(own_store, *command, "--covers", "5301")
    assert first.returncode == 0, first.stderr
    assert "demo_ecological_red_line" in first.stdout
    again = ftzgis(own_store, *command, "--covers", "5301", "--json")
    assert json.loads(again.stdout)["created"] is False
    checked = json.loads(ftzgis(own_store, "check", sites["clear"], "--json").stdout)
    finding = next(f for f in checked["sites"][0]["findings"] if f["layer_id"] == "real")
    assert (finding["verdict"], finding["layer_status"]) == ("conflict", "official")
    history = json.loads(ftzgis(own_store, "layers", "history", "real", "--json").stdout)
    assert [row["version"] for row in history["layers"]] == [1]
    out = tmp_path / "out.geojson"
    assert ftzgis(own_store, "layers", "export", "real", "-o", out).returncode == 0
    assert json.loads(out.read_text("utf-8"))["features"][0]["properties"]["名称"] == "红线一"


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        (("--kind", "nonsense"), "nonsense"),
        (("--kind", "ecological_red_line", "--covers", "99"), "99"),
        (("--kind", "ecological_red_line", "--status", "great"), "great"),
        (("--kind", "ecological_red_line", "--datum", "gcj02"), "GCJ-02"),
    ],
)
def test_an_import_that_cannot_be_stores_nothing(
    own_store: Path, tmp_path: Path, extra: tuple[str, ...], word: str
) -> None:
    done = ftzgis(own_store, "layers", "import", red_line(tmp_path), "--id", "real",
                  "--title", "t", "--source", "s", *extra)  # fmt: skip
    assert done.returncode == 2
    assert word in done.stderr
    assert "real" not in ftzgis(own_store, "layers", "list").stdout


def test_doctor_finds_a_damaged_version(own_store: Path) -> None:
    assert ftzgis(own_store, "doctor").returncode == 0
    path = own_store / "layers" / "lakes" / "v0001.gpkg"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = ftzgis(own_store, "doctor", "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["damaged"] == ["lakes v1"]


def test_a_wrong_setting_is_named(built_store: Path) -> None:
    environment = {**os.environ, "FTZGIS_DATA_DIR": str(built_store), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "api", "layers", "list"],
        env={**environment, "FTZGIS_MAX_FEATURES": "many"},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "FTZGIS_MAX_FEATURES" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("layers", "export", "lakes", "-o", "{nowhere}/a.gpkg"),
        ("layers", "export", "lakes", "-o", "{folder}"),
        ("map", "-o", "{nowhere}/a.html"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(
    built_store: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "a.geojson"
    folder.mkdir()
    filled = [part.format(nowhere=tmp_path / "absent", folder=folder) for part in command]
    done = ftzgis(built_store, *filled, "--json")
    assert done.returncode == 2
    problem = json.loads(done.stdout)
    assert (problem["code"], problem["params"]) == ("api.output.unwritable", {"path": filled[-1]})
    assert list(tmp_path.rglob("*")) == [folder]


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    done = ftzgis(tmp_path / "data", "layers", "list")
    assert done.returncode == 2
    assert "FTZGIS_DATA_DIR" in done.stderr


@pytest.mark.parametrize("taken", [True, False])
def test_an_address_that_cannot_be_served_is_named(built_store: Path, taken: bool) -> None:
    # Without this the server said that it was ready, and ended as if it could not tell.
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1] if taken else 99999
        done = ftzgis(built_store, "serve", "--port", port)
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "http://" not in done.stderr
