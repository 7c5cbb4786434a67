"""Undeclared GCJ-02, told by the office's own layers. Oracle: sites cut from their features,
shifted by the forward formula, which the suspicion itself only inverts."""

import json

import numpy as np
import pytest
import shapely

from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import read_and_check
from api.workspace.workspace import Workspace
from geo.measure.gcj02 import from_true
from layers.model import Datum, ReadOptions
from layers.readers import Source

LAYER = "demo_permanent_basic_farmland"
CODE = "gcj02_suspected_known_layer"


def shifted(shape):
    return shapely.transform(
        shape, lambda xy: np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    )


def checked(workspace: Workspace, shape, **declared):
    content = json.dumps({"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__})
    source = Source(name="site", files={"site": content.encode()})
    return read_and_check(workspace, source, ReadOptions(**declared))


def suspicions(result) -> list[dict]:
    return [one.params for one in result.read_report.issues if one.code == CODE]


@pytest.fixture(scope="module")
def farmland(built_store):
    from api.settings import Settings

    workspace = Workspace(Settings(data_dir=built_store))
    shapes = workspace.load(workspace.store.get(LAYER)).features.geometry.to_numpy()
    return [shape for shape in shapes if shape.geom_type == "Polygon" and not shape.interiors][:12]


def test_a_shifted_site_along_the_layers_own_line_is_suspected(
    workspace: Workspace, farmland
) -> None:
    result = checked(workspace, shifted(farmland[0]))
    (said,) = suspicions(result)
    assert said["layer"] == LAYER
    assert said["shifted_back"] == said["vertices"]
    assert said["as_is"] <= 0.1 * said["vertices"]
    # What was suspected is proved from the evidence alone.
    assert verify_evidence(build_evidence(workspace, result.id)).same
    # Once it is declared there is nothing left to suspect.
    assert suspicions(checked(workspace, shifted(farmland[0]), datum=Datum.GCJ02)) == []


def test_true_sites_along_lines_are_never_suspected(workspace: Workspace, farmland) -> None:
    assert [suspicions(checked(workspace, shape)) for shape in farmland] == [[]] * len(farmland)
    middle = shapely.Point(102.81, 24.97)
    for radius in (0.001, 0.004, 0.01):
        for shape in (middle.buffer(radius), shifted(middle.buffer(radius))):
            assert suspicions(checked(workspace, shape)) == []
