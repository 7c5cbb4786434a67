"""Every option that names a file says which file is not there. Oracle: the name that was given."""

from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.operation import types_of
from api.upload import Upload
from layers.errors import MissingFileError
from layers.readers import ReadLimits

ROOMS = ("data", "check", "density", "expansion", "publish", "workbench")
FILES = [
    (one.name, field)
    for room in ROOMS
    for one in import_module(f"api.{room}.operations").OPERATIONS
    for field, info in one.fields.items()
    if Upload in types_of(info)
]


def test_all_doors_take_files_as_uploads() -> None:
    assert ("downscale", "raster") in FILES
    assert len(FILES) > 15


@pytest.mark.parametrize("way", ["source", "on_disk", "require_path"])
def test_a_file_that_is_not_there_is_named_however_it_is_read(tmp_path: Path, way: str) -> None:
    upload = Upload(name="没有.tif", path=tmp_path / "没有.tif")
    with pytest.raises(MissingFileError) as caught:  # noqa: PT012 - a context has to be entered
        if way == "source":
            upload.source(ReadLimits())
        elif way == "on_disk":
            with upload.on_disk():
                pass
        else:
            upload.require_path()
    assert caught.value.params == {"name": "没有.tif"}


@pytest.mark.parametrize(
    "words",
    [
        ("publish", "--plan", "{}"),
        ("publish", "{}"),
        ("downscale", "trade", "--year", "2020", "--grid-m", "1000", "--raster", "{}"),
        ("stats", "preview", "{}", "--dataset", "a", "--source", "b"),
        ("permu", "{}", "--scheme", "yunnan"),
        ("intensity", "{}"),
        ("convert", "{}", "-o", "x.geojson"),
        ("verify", "{}"),
        ("search", "--area", "{}", "--least-ha", "1", "--width-m", "10"),
    ],
)
def test_a_command_names_the_file(
    words: tuple[str, ...], tmp_path: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    monkeypatch.setenv("FTZGIS_LANG", "en")
    path = tmp_path / "nowhere.zip"
    done = CliRunner().invoke(app, [one.format(path) for one in words])
    assert done.exit_code == 2
    assert "nowhere.zip does not exist or cannot be read" in done.stderr


def test_a_plan_is_one_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["publish", "a.yaml", "--plan", "b.yaml"])
    assert done.exit_code == 2
    assert "a.yaml, b.yaml" in " ".join(done.output.replace("│", "").split())
