"""Lines that a search cannot see are named. Oracle: the layers, put and damaged by hand."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from api.check.hard_lines import hard_lines, name_unknown_lines, unexamined_titles
from api.expansion.operations import search
from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.model import Reason
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from maps.answers import Title
from maps.expansion.answers import SearchReport

AROUND = shapely.box(102.8, 24.9, 102.9, 25.0)
RESERVE = "自然保护地"


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    return Workspace(Settings(data_dir=tmp_path / "data"))


def put(workspace: Workspace, layer_id: str, kind: str) -> Path:
    """Store a layer that lies over AROUND, and return its file."""
    spec = LayerSpec(
        id=layer_id, kind=kind, title_zh=layer_id, title_en=layer_id, source="test",
        licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    features = gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[AROUND], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=gpd.GeoSeries([AROUND], crs="EPSG:4490"))
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())
    return workspace.settings.data_dir / "layers" / layer_id / "v0001.gpkg"


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:500])


def reasons(workspace: Workspace, kind: str) -> set[str]:
    found = name_unknown_lines(hard_lines(workspace, AROUND).untold)
    return {one.reason for one in found if one.kind == kind}


@pytest.mark.parametrize("kind", ["nature_reserve", "ecological_red_line", "scenic_historic_area"])
def test_a_layer_that_cannot_be_read_is_named_whoever_requires_it(
    bare: Workspace, kind: str
) -> None:
    put(bare, "sound", kind)
    torn = put(bare, "torn", kind)
    assert reasons(bare, kind) == set()
    damage(torn)
    # The other layer of the kind stands, and says nothing of what the torn one held.
    assert reasons(Workspace(bare.settings), kind) == {Reason.LAYER_UNREADABLE}


def test_kinds_without_a_layer_were_not_examined(bare: Workspace) -> None:
    named = Title(zh=RESERVE, en="Nature reserves")
    assert named in unexamined_titles(hard_lines(bare, AROUND))
    put(bare, "reserves", "nature_reserve")
    without = unexamined_titles(hard_lines(Workspace(bare.settings), AROUND))
    assert named not in without
    # What must be there is not merely not examined.
    assert "ecological_red_line" not in {one.en for one in without}
    assert reasons(bare, "ecological_red_line") == {Reason.LAYER_MISSING}


def test_a_search_that_left_a_line_untold_does_not_end_as_if_all_were_known() -> None:
    line = {"kind": "k", "title": Title(zh="甲", en="a"), "reason": "layer_missing"}
    for untold, code in (([], 0), ([line], 3)):
        report = SearchReport.model_construct(untold=untold, funnel=[], candidates=[])
        assert search.exit_of(report) == code
