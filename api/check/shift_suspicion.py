"""The suspicion that sites are on GCJ-02, by the boundaries of the layers they are held against.

Readers know county borders alone (see :mod:`layers.readers.shift`). Sites are more often
drawn along what the office itself keeps: a farmland's edge, a development boundary.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.check.controls import Control, KindControls
from geo.check.nearest import grown_bounds
from layers.model import Datum, ReadOptions, ReadReport, SiteFrame
from layers.readers.shift import known_layer_issue, shift_limits

REACH_M: Final = 1_000.0
"""The shift is at most 700 m anywhere in China: no boundary beyond this can tell of it."""

_SUSPECTED: Final = "gcj02_suspected"


def with_suspicion(
    sites: SiteFrame, kinds: Iterable[KindControls], declared: ReadOptions
) -> ReadReport:
    """Return the report of the sites, with a warning where a layer tells of a shift.

    Coordinates are never changed. A declared shift has been taken back already.
    """
    report = sites.report
    if declared.datum is not Datum.TRUE or any(
        issue.code.startswith(_SUSPECTED) for issue in report.issues
    ):
        return report
    lonlat = sites.sites.geometries
    if int(shapely.get_num_coordinates(lonlat).sum()) > shift_limits()["most_vertices"]:
        return report
    boxes = shapely.box(*grown_bounds(shapely.bounds(lonlat).T, REACH_M))
    lines = [(control, _lines_near(control, boxes)) for control in _layers(kinds)]
    # All layers together first: most sites are told of by none.
    if known_layer_issue(lonlat, [one for _, near in lines for one in near], "") is None:
        return report
    found = (known_layer_issue(lonlat, near, control.version.spec.id) for control, near in lines)
    issue = next(filter(None, found), None)
    return report if issue is None else replace(report, issues=(*report.issues, issue))


def _layers(kinds: Iterable[KindControls]) -> list[Control]:
    known = {
        control.version.layer_id: control
        for kind in kinds
        for control in kind.controls
        if control.loaded is not None
    }
    return [known[layer_id] for layer_id in sorted(known)]


def _lines_near(control: Control, boxes: npt.NDArray[Any]) -> Sequence[Any]:
    if control.loaded is None:
        return ()
    near = np.unique(control.loaded.controls.tree.query(boxes)[1])
    return list(shapely.boundary(control.loaded.controls.geometries[near]))
