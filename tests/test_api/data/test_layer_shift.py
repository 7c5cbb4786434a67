"""Layers that come in on GCJ-02 without a word. Oracle: the forward shift of a kept layer,
which the suspicion itself only inverts. A suspicion is asked about before anything is stored."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from api.data.import_layer import ImportRequest, import_layer, new_spec, prepare_import
from api.workspace.workspace import Workspace
from geo.measure.gcj02 import from_true
from layers.errors import LayerConcernError
from layers.model import ReadOptions
from layers.readers import Source

PARCELS = [
    shapely.box(102.80 + 0.003 * at, 24.96, 102.802 + 0.003 * at, 24.962 + 0.0001 * at)
    for at in range(6)
]


def shifted(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(
        shape, lambda xy: np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    )


def suspicions(workspace: Workspace, layer_id: str, shapes: list[shapely.Geometry]) -> list[str]:
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in shapes
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    spec = new_spec(
        workspace.kinds, kind="ecological_red_line", status="official", id=layer_id,
        title_zh="红线", title_en="Red line", source="test", licence="test",
    )  # fmt: skip
    request = ImportRequest(
        source=Source(name="x", files={"x.geojson": data}),
        spec=spec,
        options=ReadOptions(),
        covers=(),
    )
    try:
        asked = import_layer(workspace, prepare_import(workspace, request)).concerns
    except LayerConcernError as refused:
        asked = refused.params["concerns"]
        taken = import_layer(workspace, prepare_import(workspace, replace(request, accept=True)))
        assert [one.code for one in taken.concerns] == [one["code"] for one in asked]
        told = [one.code for one in taken.read_report.issues if one.code.startswith("gcj02")]
        return [one["code"] for one in asked if one["code"] in told]
    assert asked == []
    return []


@pytest.mark.slow
def test_a_shifted_layer_is_suspected_by_what_is_kept(workspace: Workspace) -> None:
    assert suspicions(workspace, "true_line", PARCELS) == []
    found = suspicions(workspace, "shifted_line", [shifted(shape) for shape in PARCELS])
    assert found == ["gcj02_suspected_known_layer"]
    # The next version of the layer itself, and the same again in its place.
    assert suspicions(workspace, "true_line", PARCELS[:5]) == []
