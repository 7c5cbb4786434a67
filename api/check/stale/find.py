"""Which past checks would come out otherwise today, by how much, and by what change.

A check is made again only if something that it rests on has changed near enough to its
sites to matter; that this leaves out no change is a tested property.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from api.check.override import reviewed_check
from api.check.sites import Terms, compute_check, terms_today
from api.check.stale.alone import OneChange
from api.check.stale.causes import BasisOfDay, Differences
from api.check.stale.changes import changes_between
from api.check.stale.results import (
    compared_check,
    other_parameters,
    stale_check,
    stale_without_answer,
)
from api.check.stale.summary import change_groups, rule_changes
from api.check.stale.versions import VersionChanges
from api.workspace.archive import DamagedCheckError, input_from
from api.workspace.needs import CheckNeeds, CheckSource
from geo.errors import PlanningError
from layers.check.law_changes import LawChange
from layers.model import Progress, ReadOptions
from maps.check.answers import CheckResult
from maps.check.batch_answers import PastCheck
from maps.check.stale_answers import FindingChange, StaleCheck, StaleList

_STATES: Final = ("changed", "undetermined", "unaffected", "current")
_BY_GROUND: Final = ("layer_version", "layer_withdrawn")
"""Causes that change nothing where no feature near a site is another one."""
_JUDGED_AGAIN: Final = ("layer_unreadable", "validity")
"""Causes of layers that may change anything, whatever their features."""
_OF_LAYERS: Final = frozenset({*_BY_GROUND, *_JUDGED_AGAIN, "layer_added", "layer_removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleScope:
    """What of a day past checks are held against.

    ``law``: its law alone, with the layers that each check had. ``layers``: these layers alone,
    with the law that it had. Neither: all that has changed. ``since``: checks from this day on.
    """

    since: date | None = None
    law: bool = False
    layers: tuple[str, ...] = ()


class _Judge(Protocol):
    """Holds one past check against a day."""

    def judge(self, past: PastCheck) -> StaleCheck:
        """Return it beside what it would say."""


def find_stale(workspace: CheckNeeds, scope: StaleScope, progress: Progress) -> StaleList:
    """Hold every past check, or those since a day, against what it would say today.

    A result has changed if a verdict, its reasons, its outcome or an overlap has, to the
    centimetre squared of print; that a feature which is touched by nothing came nearer
    changes none.

    Raises
    ------
    UnknownLayerError
        A layer of the scope is none of the store.
    """
    basis = BasisOfDay(workspace)
    alone = scope.law or scope.layers
    judge: _Judge = (
        OneChange(workspace, basis, law=scope.law, layers=scope.layers)
        if alone
        else _Watch(workspace, basis)
    )
    past, damaged = _past_since(workspace, scope.since)
    found: list[StaleCheck] = []
    for at, one in enumerate(past):
        progress(at, len(past), one.name)
        try:
            found.append(_with_reviews(workspace, judge.judge(one)))
        except DamagedCheckError:
            # One that is damaged takes no other with it.
            damaged.append(one.id)
    found.sort(key=lambda one: _STATES.index(one.state))
    concerned = _law_of(basis, past) if scope.law or not alone else []
    return StaleList(
        today=basis.on.isoformat(),
        since=str(scope.since) if scope.since else None,
        law_alone=scope.law,
        layers_alone=list(scope.layers),
        rules=rule_changes(concerned, found, workspace.kinds),
        groups=change_groups(found),
        checks=found,
        damaged=damaged,
    )


def _with_reviews(workspace: CheckSource, stale: StaleCheck) -> StaleCheck:
    """Return a past check with what reviewers made of it; most were never reviewed."""
    if not workspace.archive.overrides(stale.check_id):
        return stale
    then = reviewed_check(workspace, stale.check_id)
    said = {(one.site_id, one.rule_id, one.layer_id): one.verdict for one in then.overrides}
    changes = [
        one.model_copy(update={"reviewed_then": said.get((one.site_id, one.rule_id, one.layer_id))})
        for one in stale.changes
    ]
    return stale.model_copy(update={"reviewed_then": then.reviewed_verdict, "changes": changes})


def _past_since(workspace: CheckSource, since: date | None) -> tuple[list[PastCheck], list[str]]:
    """Return past checks, and the ids of those that cannot be read: of whatever day."""
    past, damaged = workspace.archive.sound()
    return [one for one in past if not since or one.checked_on >= str(since)], damaged


def _law_of(basis: BasisOfDay, past: Sequence[PastCheck]) -> list[tuple[LawChange, int]]:
    """Return the rules that changed with the number of past checks that were made before."""
    found: dict[object, LawChange] = {}
    counts = Counter[object]()
    for one in past:
        try:
            changes = basis.law_changes(one)
        except PlanningError:
            # Its law was not kept: the check itself is listed as one that cannot be told.
            continue
        found |= {change.key: change for change in changes}
        counts.update(change.key for change in changes)
    return [(change, counts[key]) for key, change in found.items()]


class _Watch:
    """Holds past checks against everything that counts today."""

    def __init__(self, workspace: CheckNeeds, basis: BasisOfDay) -> None:
        self._workspace, self._basis = workspace, basis
        self._terms = terms_today(workspace, ReadOptions(), None)
        self._versions = VersionChanges(workspace)

    def judge(self, past: PastCheck) -> StaleCheck:
        """Return a past check beside what the same check says today."""
        causes = self._causes(past)
        if not causes:
            return stale_check(past, "current", causes)
        then = self._workspace.archive.get(past.id)
        by_ground = "layer_version" in causes and {*causes} <= {*_BY_GROUND}
        if by_ground and not self._versions.touch(
            then.sites, self._basis.replaced(past), self._basis.reach_m
        ):
            return stale_check(past, "unaffected", causes)
        try:
            now = self._again(past)
        except PlanningError as exc:
            return stale_without_answer(past, causes, exc)
        return compared_check(past, causes, now.verdict, self._changes(past, (then, now), causes))

    def _changes(
        self, past: PastCheck, results: tuple[CheckResult, CheckResult], causes: list[str]
    ) -> list[FindingChange]:
        """Return what differs between both results, with the causes of each difference."""
        law = self._law_changes(past)
        others = [cause for cause in causes if cause not in _OF_LAYERS]
        differences = Differences(law=law, layers=self._basis.layer_causes(past), others=others)
        return [
            one.model_copy(update={"causes": differences.explain(one) or causes})
            for one in changes_between(*results, differences.renamed)
        ]

    def _law_changes(self, past: PastCheck) -> Sequence[LawChange]:
        try:
            return self._basis.law_changes(past)
        except PlanningError:
            # Kept by a release that did not keep the law: only that it differs is known.
            return ()

    def _causes(self, past: PastCheck) -> list[str]:
        """Return what of all that a check rests on is another today."""
        record, parameters = past.record, past.record["parameters"]
        of_layers = {
            cause for causes in self._basis.layer_causes(past).values() for cause in causes
        }
        if "layer_replaced" in of_layers:
            of_layers |= {"layer_added", "layer_removed"}
        differs = {
            "rules": self._other_law(past),
            "decisions": parameters["decisions_sha256"] != self._terms.law.decisions_sha256,
            "parameters": other_parameters(past, self._workspace.site_limits),
            "software": record["software"] != dict(self._terms.software),
        }
        return [
            *(cause for cause, true in differs.items() if true),
            *(cause for cause in ("layer_added", "layer_removed") if cause in of_layers),
            *(cause for cause in (*_BY_GROUND, *_JUDGED_AGAIN) if cause in of_layers),
        ]

    def _other_law(self, past: PastCheck) -> bool:
        """Tell whether a rule is another, or has begun or ended by its own date."""
        other = past.record["rules_sha256"] != self._terms.law.rules_sha256
        return other or bool(self._law_changes(past))

    def _again(self, past: PastCheck) -> CheckResult:
        workspace = self._workspace
        source, declared = input_from(workspace.archive.input_files(past.id))
        sites = workspace.read_sites(source, declared)
        terms: Terms = terms_today(workspace, declared, past.nature)
        return compute_check(workspace, sites, terms)
