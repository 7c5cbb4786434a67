"""The open store: what ships is built once, and never over what a person brought."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from api.workspace.doctor import examine
from api.workspace.workspace import Workspace
from layers import builtin
from layers.builtin import layer_ids, raster_ids
from layers.model import LayerFrame, LayerStatus, ReadReport
from layers.zones import shipped_zone

REPORT = ReadReport(
    name="片区.gpkg", sha256="ab", size_bytes=1, format="gpkg", encoding=None, encoding_how=None,
    crs="EPSG:4490", crs_how="file_header", feature_count=1, precision_m=None,
)  # fmt: skip


def versions(workspace: Workspace) -> dict[str, int]:
    return {version.layer_id: version.number for version in workspace.store.current()}


def test_what_stands_is_not_built_again(workspace: Workspace) -> None:
    before = versions(workspace)
    assert workspace.builtin_to_build() == 0
    workspace.ensure_builtin(lambda: pytest.fail("built again"))
    assert versions(workspace) == before


def test_the_doctor_reads_old_versions_too(workspace: Workspace) -> None:
    # Evidence of a past check is built from the versions of its day.
    old = workspace.store.get("districts")
    frame = workspace.store.read(old)
    kept = LayerFrame(features=frame.features.iloc[:2], coverage=None)
    workspace.store.put_version(old.spec, kept, report=None, now=workspace.now())
    assert examine(workspace).sound
    old.path.chmod(0o644)
    old.path.write_bytes(old.path.read_bytes()[:-1])
    assert [(one.what, one.name) for one in examine(workspace).findings] == [
        ("layer", "districts v1")
    ]


@pytest.mark.slow
def test_a_newer_recipe_does_not_displace_an_import(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = workspace.store.get("districts")
    features = gpd.GeoDataFrame(
        {"feature_id": ["kunming"]}, geometry=[shapely.box(102.8, 24.9, 102.9, 25.0)], crs=4490
    )
    workspace.store.put_version(
        replace(old.spec, status=LayerStatus.OFFICIAL),
        LayerFrame(features=features, coverage=None),
        report=REPORT,
        now=workspace.now(),
    )
    monkeypatch.setattr(builtin, "RECIPE_VERSION", "another")
    steps = []
    workspace.ensure_builtin(lambda: steps.append(1))
    assert workspace.store.get("districts").spec.status is LayerStatus.OFFICIAL
    assert versions(workspace)["districts"] == 2
    assert len(steps) == len(layer_ids(shipped_zone())) + len(raster_ids(shipped_zone()))
    assert workspace.builtin_to_build() == 0
