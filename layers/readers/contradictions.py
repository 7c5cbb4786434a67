"""Features that contradict what their file states of them, or were changed by their repair."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from geo.model import Reason
from layers.model import Issue
from layers.readers.parsed import Parsed

_UNCLEAR_DEGREES: Final = ("degrees_maybe_packed", "degrees_not_packed")
_REPAIRS: Final = ("geometry_repaired", "geometry_restored")


@cache
def least_apart_pct() -> float:
    """Return from which share on two areas contradict each other, in per cent."""
    text = files("layers.readers").joinpath("contradictions.toml").read_text("utf-8")
    return float(tomllib.loads(text)["apart_pct"])


def contradiction_in(issue: Issue) -> Reason | None:
    """Return how a feature contradicts itself by an issue of its reader, None if it does not.

    Examples
    --------
    >>> from layers.model import Severity
    >>> told = {"stated_m2": 90000.0, "computed_m2": 44993.0, "rounding_m2": 500.0}
    >>> issue = Issue(code="area_disagrees", severity=Severity.WARNING, params=told)
    >>> str(contradiction_in(issue))
    'stated_area_disagrees'
    """
    told = issue.params
    if issue.code == "point_count_disagrees":
        return Reason.STATED_POINTS_DISAGREE
    if issue.code == "point_numbers_missing":
        return Reason.POINTS_MISSING
    if issue.code == "area_disagrees" and _stated_apart(told):
        return Reason.STATED_AREA_DISAGREES
    if issue.code in _REPAIRS and _apart(
        told["area_before_m2"], told["area_after_m2"], told["area_after_m2"]
    ):
        return Reason.REPAIRED_OTHERWISE
    if issue.code in _UNCLEAR_DEGREES:
        return Reason.DEGREES_UNCLEAR
    return None


def doubts_of_sites(
    issues: Iterable[Issue], ids: Sequence[str], labels: Sequence[str], parsed: Parsed
) -> tuple[tuple[Reason, ...], ...]:
    """Return why each site may not be the ground that is meant; empty if there is no doubt.

    ``labels`` are what the file calls the sites. Where the area that it states of one is its
    own, a repair is what was meant; no point is lost where that or their number agrees.
    """
    found: dict[str, list[Reason]] = {one: [] for one in ids}
    for issue in issues:
        if (how := contradiction_in(issue)) is None:
            continue
        for one in _concerned(issue, how, ids, labels):
            if how not in found[one]:
                found[one].append(how)
    areas = parsed.stated_areas or [None] * len(ids)
    points = parsed.stated_points or [None] * len(ids)
    for one, area, count in zip(ids, areas, points, strict=True):
        agreed: set[Reason] = set()
        if area is not None and Reason.STATED_AREA_DISAGREES not in found[one]:
            agreed = {Reason.REPAIRED_OTHERWISE, Reason.POINTS_MISSING}
        # A larger number may count the closing point, or one that is lost.
        if count is not None and count.stated == count.found[0]:
            agreed |= {Reason.POINTS_MISSING}
        found[one] = [how for how in found[one] if how not in agreed]
    return tuple(tuple(found[one]) for one in ids) if any(found.values()) else ()


def _concerned(
    issue: Issue, how: Reason, ids: Sequence[str], labels: Sequence[str]
) -> Iterable[str]:
    """Return the sites that an issue is of; what is said of no site is said of all of them."""
    if issue.feature_id is None:
        return ids
    # Points are counted before the sites have their ids.
    called = labels if how is Reason.POINTS_MISSING else ids
    return [one for one, label in zip(ids, called, strict=True) if label == str(issue.feature_id)]


def _stated_apart(told: Mapping[str, Any]) -> bool:
    beyond_m2 = abs(told["stated_m2"] - told["computed_m2"]) - told["rounding_m2"]
    return bool(100.0 * beyond_m2 > least_apart_pct() * told["stated_m2"])


def _apart(one_m2: float, other_m2: float, whole_m2: float) -> bool:
    return 100.0 * abs(one_m2 - other_m2) > least_apart_pct() * whole_m2
