"""The suspicion that a layer that comes in is on GCJ-02, by the layers that are kept already.

A shifted red line lies some hundred metres beside its place, and makes sites clear.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from api.workspace.needs import LayerSource
from geo.errors import PlanningError
from geo.measure.crs import to_lonlat
from layers.model import LayerSpec, LayerStatus, LayerVersion, ReadReport
from layers.readers.shift import known_layer_issue, sample_of

_SUSPECTED: Final = "gcj02_suspected"
_REACH_DEG: Final = 0.01
"""The shift is at most 700 m anywhere in China."""

_MADE_UP: Final = (LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE)


def with_layer_suspicion(
    workspace: LayerSource, spec: LayerSpec, features: gpd.GeoDataFrame, report: ReadReport
) -> ReadReport:
    """Return the report, with a warning where a kept layer tells of a shift.

    Former versions of the layer itself tell too. Coordinates are never changed.

    Parameters
    ----------
    workspace : Workspace
        With the store that tells.
    spec : LayerSpec
        Of the layer that comes in; what is made up is not looked at.
    features : GeoDataFrame
        Its features in any CRS.
    report : ReadReport
        Of reading it.
    """
    told = any(issue.code.startswith(_SUSPECTED) for issue in report.issues)
    some = sample_of(features.geometry)
    if told or spec.status in _MADE_UP or not len(some):
        return report
    lonlat = to_lonlat(some).to_numpy()
    boxes = shapely.buffer(shapely.envelope(lonlat), _REACH_DEG)
    for version in workspace.store.current():
        if version.spec.status in _MADE_UP or not _is_near(version, boxes):
            continue
        issue = known_layer_issue(lonlat, _lines(workspace, version, boxes), version.layer_id)
        if issue is not None:
            return replace(report, issues=(*report.issues, issue))
    return report


def _is_near(version: LayerVersion, boxes: Any) -> bool:  # noqa: ANN401 - shapely is untyped
    return bool(shapely.intersects(shapely.box(*version.bounds_lonlat), boxes).any())


def _lines(workspace: LayerSource, version: LayerVersion, boxes: Any) -> Sequence[Any]:  # noqa: ANN401
    try:
        controls = workspace.load(version).controls
    except PlanningError:
        # A damaged version is named wherever it is used; it cannot tell of a shift.
        return ()
    near = np.unique(controls.tree.query(boxes)[1])
    outlines = shapely.boundary(controls.geometries[near])
    return list(outlines[~shapely.is_empty(outlines)])
