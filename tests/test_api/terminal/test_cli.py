"""The command line: exit codes, the JSON of HTTP, words."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import app
from api.terminal.run import open_listening_socket
from layers.readers._gdal import pyogrio

ROOT = Path(__file__).parents[3]


def ftzgis(store: Path, *arguments: object, **environment: str) -> Result:
    """Run a command in this process."""
    settings = {"FTZGIS_DATA_DIR": str(store), **environment}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=settings)


def started(store: Path, *arguments: object) -> "subprocess.Popen[str]":
    """Start a command as a process of its own."""
    environment = {**os.environ, "FTZGIS_DATA_DIR": str(store), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "api", *map(str, arguments)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "code"), [("conflict", 1), ("clear", 0), ("far", 3)])
def test_the_exit_code_is_the_verdict(
    built_store: Path, sites: dict[str, Path], name: str, code: int
) -> None:
    done = ftzgis(built_store, "check", sites[name])
    assert done.exit_code == code, done.stdout + done.stderr
    assert "演示数据" in done.stdout


def test_a_wrong_word_for_an_option_is_a_usage_error(
    built_store: Path, sites: dict[str, Path]
) -> None:
    done = ftzgis(built_store, "check", sites["clear"], "--datum", "moon")
    assert done.exit_code == 2
    assert "moon" in done.output


def test_a_process_ends_with_the_code_and_speaks_utf_8(
    built_store: Path, sites: dict[str, Path]
) -> None:
    process = started(built_store, "check", sites["conflict"])
    said, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (1, "")
    assert "冲突地块" in said


@pytest.mark.skipif(sys.platform == "win32", reason="another signal")
def test_a_server_says_its_address_once_it_listens_and_ends_in_peace(built_store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = started(built_store, "serve", "--port", port)
    try:
        assert process.stderr
        assert f"http://127.0.0.1:{port}" in process.stderr.readline()
        # What comes before the application is up waits at the door.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            assert json.load(answer) == {"status": "ready"}
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def test_a_conflict_outweighs_what_cannot_be_told(
    built_store: Path, sites: dict[str, Path]
) -> None:
    done = ftzgis(built_store, "check", sites["far"], sites["conflict"], "--json")
    assert done.exit_code == 1
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
    assert (zh.exit_code, en.exit_code) == (2, 2)
    assert "空的" in zh.stderr
    assert "empty" in en.stderr
    problem = json.loads(ftzgis(built_store, "check", empty, "--json").stdout)
    assert problem["code"] == "layers.read.empty"
    assert ftzgis(built_store, "check", tmp_path / "absent.zip").exit_code == 2
    assert ftzgis(built_store, "layers", "history", "absent").exit_code == 2


def test_one_bad_file_among_good_ones_is_named_and_takes_no_other(
    own_store: Path, tmp_path: Path, sites: dict[str, Path]
) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_bytes(b"")
    done = ftzgis(own_store, "check", bad, sites["conflict"], "--json")
    refusal, answer = json.loads(done.stdout)
    assert (refusal["file"], refusal["code"]) == ("bad.geojson", "layers.read.empty")
    assert answer["verdict"] == "conflict"
    # A conflict outweighs a file that could not be read.
    assert done.exit_code == 1
    in_words = ftzgis(own_store, "check", bad, sites["clear"])
    assert in_words.exit_code == 2
    assert in_words.stderr.startswith("bad.geojson")


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
    assert first.exit_code == 0, first.stderr
    assert "demo_ecological_red_line" in first.stdout
    again = ftzgis(own_store, *command, "--covers", "5301", "--json")
    assert json.loads(again.stdout)["created"] is False
    checked = json.loads(ftzgis(own_store, "check", sites["clear"], "--json").stdout)
    finding = next(f for f in checked["sites"][0]["findings"] if f["layer_id"] == "real")
    assert (finding["verdict"], finding["layer_status"]) == ("conflict", "official")
    history = json.loads(ftzgis(own_store, "layers", "history", "real", "--json").stdout)
    assert [row["version"] for row in history["layers"]] == [1]
    out = tmp_path / "out.geojson"
    assert ftzgis(own_store, "layers", "export", "real", "-o", out).exit_code == 0
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
    assert done.exit_code == 2
    assert word in done.stderr
    assert "real" not in ftzgis(own_store, "layers", "list").stdout


def test_doctor_finds_a_damaged_version(own_store: Path) -> None:
    assert ftzgis(own_store, "doctor").exit_code == 0
    path = own_store / "layers" / "lakes" / "v0001.gpkg"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = ftzgis(own_store, "doctor", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["findings"] == [{"what": "layer", "name": "lakes v1"}]


def test_a_wrong_setting_is_named(built_store: Path) -> None:
    done = ftzgis(built_store, "layers", "list", FTZGIS_MAX_FEATURES="many")
    assert done.exit_code == 2
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
    assert done.exit_code == 2
    problem = json.loads(done.stdout)
    assert (problem["code"], problem["params"]) == ("api.output.unwritable", {"path": filled[-1]})
    assert list(tmp_path.rglob("*")) == [folder]


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    done = ftzgis(tmp_path / "data", "layers", "list")
    assert done.exit_code == 2
    assert "FTZGIS_DATA_DIR" in done.stderr


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with (
        open_listening_socket("127.0.0.1", 0) as door,
        socket.create_connection(door.getsockname()),
    ):
        connection, _ = door.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_is_taken_is_named(built_store: Path) -> None:
    # Without this the server said that it was ready, and ended as if it could not tell.
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = ftzgis(built_store, "serve", "--port", port)
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert "http://" not in done.stderr


def test_a_port_that_is_none_is_a_usage_error(built_store: Path) -> None:
    done = ftzgis(built_store, "serve", "--port", 99999)
    assert (done.exit_code, "65535" in done.stderr) == (2, True)
