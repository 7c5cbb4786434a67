"""An imported layer is compiled at once. Oracles: folders, areas by shapely, a broken disk."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from api.data.import_layer import ImportRequest, import_layer, new_spec, prepare_import
from api.workspace.workspace import Workspace
from geo.kernel.pairs import index_polygons
from geo.kernel.ragged import from_shapely
from geo.measure.area import area_lonlat_m2
from layers.model import ReadOptions
from layers.readers import source_from_path
from layers.store.compiled import layer as compiled

BOXES = shapely.box([102.1, 102.2, 102.3], 25.0, [102.15, 102.26, 102.37], 25.04)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"feature_id": f"红线-{at}"},
            "geometry": shapely.geometry.mapping(box),
        }
        for at, box in enumerate(BOXES)
    ]
    path = tmp_path / "红线.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def taken_in(workspace: Workspace, path: Path, kind: str = "ecological_red_line"):
    spec = new_spec(
        workspace.kinds,
        kind=kind,
        status="official",
        id="mine",
        title_zh="我的",
        title_en="Mine",
        source="made up",
        licence="none",
    )
    request = ImportRequest(
        source=source_from_path(path, workspace.limits),
        spec=spec,
        options=ReadOptions(),
        covers=(),
    )
    return import_layer(workspace, prepare_import(workspace, request))


def folders(workspace: Workspace) -> list[Path]:
    return [*(workspace.settings.data_dir / "compiled").glob("[!.]*")]


def test_an_imported_layer_is_compiled(workspace, lines, monkeypatch):
    # What ships is small and starts as fast as ever: nothing of it is compiled.
    assert folders(workspace) == []
    assert taken_in(workspace, lines).compiled is True
    (folder,) = folders(workspace)
    version = workspace.store.get("mine")
    assert folder == compiled.compiled_folder(workspace.settings.data_dir, version)
    # Second method: shapely, on the boxes as they were made. Nothing is read to answer.
    monkeypatch.setattr(workspace.store, "read", None)
    layer = compiled.open_compiled(workspace.settings.data_dir, workspace.store, version)
    site = shapely.box(102.12, 25.01, 102.25, 25.02)
    _, feature, area_m2, _ = layer.overlaps(
        index_polygons(from_shapely(np.array([site]))), threads=1
    )
    assert layer.feature_ids(feature) == ["红线-0", "红线-1"]
    met = shapely.intersection(BOXES[:2], site)
    assert area_m2 == pytest.approx(area_lonlat_m2(met), rel=1e-9)


def test_a_failure_loses_no_import(workspace, lines, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(compiled, "open_arrays", full)
        result = taken_in(workspace, lines)
    assert (result.created, result.compiled) == (True, False)
    assert workspace.store.get("mine").feature_count == 3
    # Lazily, all the same.
    version = workspace.store.get("mine")
    compiled.open_compiled(workspace.settings.data_dir, workspace.store, version)
    assert len(folders(workspace)) == 1


@pytest.mark.parametrize(("lang", "said"), [("zh", "图层已入库"), ("en", "The layer is kept")])
def test_the_command_line_says_so(own_store, lines, monkeypatch, lang, said):
    monkeypatch.setattr(compiled, "open_arrays", None)
    facts = ["--id", "mine", "--kind", "ecological_red_line", "--status", "official"]
    named = ["--title", "我的", "--source", "x"]
    command = ["layers", "import", str(lines), *facts, *named, "--lang", lang]
    answer = CliRunner().invoke(app, command, env={"FTZGIS_DATA_DIR": str(own_store)})
    assert answer.exit_code == 0, answer.output
    assert said in answer.output
