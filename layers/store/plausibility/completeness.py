"""Whether a layer that comes in is all of its file, and what its file says it is."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.model import Reason
from layers.model import ReadReport
from layers.readers.contradictions import contradiction_in
from layers.readers.ledger import CUT_OFF, may_be_plot
from layers.store.plausibility.concerns import Coming, Concern, import_limits, of_features

_LOST: Final = "features_lost"
_CUT_OFF: Final = "features_cut_off"
_CONTRADICTIONS: Final = (
    Reason.STATED_POINTS_DISAGREE,
    Reason.STATED_AREA_DISAGREES,
    Reason.POINTS_MISSING,
    Reason.REPAIRED_OTHERWISE,
    Reason.DEGREES_UNCLEAR,
)


def lost_features(report: ReadReport) -> list[Concern]:
    """Ask about a layer that is not all of its file: what is lost may be what matters."""
    found = []
    entries = [one for one in report.ledger.left_out if may_be_plot(one)] if report.ledger else []
    lost = [one for one in entries if one.reason != CUT_OFF]
    if lost:
        named = import_limits().named
        labels = ", ".join(one.label for one in lost[:named])
        known = {
            "count": sum(one.count for one in lost),
            "used": report.feature_count,
            "features": labels + (" …" if len(lost) > named else ""),
        }
        found.append(Concern(code=_LOST, params=known))
    if len(lost) < len(entries):
        found.append(Concern(code=_CUT_OFF, params={}))
    return found


def contradictions(layer: Coming, report: ReadReport) -> list[Concern]:
    """Ask about features that are not what is stated of them, or changed by their repair."""
    ids = layer.frame.features["feature_id"].astype(str).to_numpy()
    by_kind: dict[str, set[str]] = {str(kind): set() for kind in _CONTRADICTIONS}
    for issue in report.issues:
        if kind := contradiction_in(issue):
            # What is said of no feature, or of one by another name, is said of all of them.
            by_kind[str(kind)] |= {str(issue.feature_id)} & set(ids) or set(ids)
    return [
        concern
        for kind, concerned in by_kind.items()
        for concern in of_features(kind, layer.frame, np.isin(ids, sorted(concerned)))
    ]


def is_incomplete(concerns: Sequence[Concern]) -> bool:
    """Tell whether a layer lost something of its file: then it says nothing by its silence."""
    return any(one.code in (_LOST, _CUT_OFF) for one in concerns)
