"""Whether a layer that comes in is all of its file, and what its file says it is."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.model import Reason
from layers.model import ReadReport
from layers.readers.contradictions import REPAIRED, contradiction_in
from layers.readers.ledger import may_be_plot
from layers.store.plausibility.concerns import Coming, Concern, import_limits, of_features

_LOST: Final = "features_lost"
_CUT_OFF: Final = "features_cut_off"
_CUT_OFF_ISSUE: Final = "service_cut_off"
_CONTRADICTIONS: Final = (
    Reason.STATED_POINTS_DISAGREE,
    Reason.STATED_AREA_DISAGREES,
    REPAIRED,
)


def lost_features(report: ReadReport) -> list[Concern]:
    """Ask about a layer that is not all of its file: what is lost may be what matters."""
    found = []
    entries = [one for one in report.ledger.left_out if may_be_plot(one)] if report.ledger else []
    if entries:
        named = import_limits().named
        labels = ", ".join(one.label for one in entries[:named])
        known = {
            "count": sum(one.count for one in entries),
            "used": report.feature_count,
            "features": labels + (" …" if len(entries) > named else ""),
        }
        found.append(Concern(code=_LOST, params=known))
    if any(issue.code == _CUT_OFF_ISSUE for issue in report.issues):
        found.append(Concern(code=_CUT_OFF, params={}))
    return found


def contradictions(layer: Coming, report: ReadReport) -> list[Concern]:
    """Ask about features that are not what is stated of them, or changed by their repair."""
    ids = layer.frame.features["feature_id"].astype(str).to_numpy()
    by_kind: dict[str, set[str]] = {str(kind): set() for kind in _CONTRADICTIONS}
    for issue in report.issues:
        if kind := contradiction_in(issue):
            by_kind[str(kind)].add(str(issue.feature_id))
    return [
        concern
        for kind, concerned in by_kind.items()
        for concern in of_features(kind, layer.frame, np.isin(ids, sorted(concerned)))
    ]


def is_incomplete(concerns: Sequence[Concern]) -> bool:
    """Tell whether a layer lost something of its file: then it says nothing by its silence."""
    return any(one.code in (_LOST, _CUT_OFF) for one in concerns)
