"""What the law of a day alone, or some layers alone, make of past checks.

All else stays as it was for each check: the versions of the other layers, or the law of its
day. What comes out otherwise is then the effect of that one change and of no other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import cached_property

from api.check.controls import KindControls, kinds_of
from api.check.judgement import Project, judge_sites
from api.check.questions import StaleQuestion
from api.check.sites import software_used
from api.check.stale.causes import BasisOfDay, Differences, kinds_concerned
from api.check.stale.changes import changes_between
from api.check.stale.past_basis import LayersThen, law_of_kinds, law_then
from api.check.stale.results import (
    compared_check,
    other_parameters,
    stale_check,
    stale_without_answer,
)
from api.check.stale.versions import VersionChanges
from api.check.zone_terms import zone_terms
from api.operation import Call
from api.workspace.archive import input_from
from api.workspace.needs import CheckNeeds
from geo.errors import PlanningError
from geo.model import Sites, Verdict, worst_verdict
from layers.check.law import Law
from layers.check.law_changes import LawChange
from layers.check.site_limits import leave_out_unjudgeable
from maps.check.answers import CheckResult, SiteResult
from maps.check.batch_answers import PastCheck
from maps.check.finding import Finding
from maps.check.stale_answers import StaleCheck


def require_layers(call: Call, asked: StaleQuestion) -> None:
    """Refuse a layer that has never stood in the store, before the work begins."""
    for layer_id in asked.layer:
        call.workspace.store.versions(layer_id)


class OneChange:
    """Holds past checks against the law of a day alone, or against some layers of it alone."""

    def __init__(
        self, workspace: CheckNeeds, basis: BasisOfDay, *, law: bool, layers: Sequence[str]
    ) -> None:
        self._workspace, self._basis = workspace, basis
        self._with_law = law
        self._replaced_kinds = {
            workspace.store.versions(layer_id)[0].spec.kind for layer_id in layers
        }
        self._versions = VersionChanges(workspace)

    def judge(self, past: PastCheck) -> StaleCheck:
        """Return a past check beside what it would be with this change and no other."""
        try:
            case = _Case(self._workspace, self._basis, past)
            differences = self._differences(case)
        except PlanningError as exc:
            return stale_without_answer(past, [], exc)
        causes = _causes(differences)
        kinds = self._concerned(case, differences)
        if not kinds:
            return stale_check(past, "unaffected" if causes else "current", causes)
        try:
            return self._judge_again(case, differences, kinds)
        except PlanningError as exc:
            return stale_without_answer(past, causes, exc)

    def _differences(self, case: "_Case") -> Differences:
        """Return those of all differences whose effect is asked for."""
        of_layers = self._basis.layer_causes(case.past)
        return Differences(
            law=self._basis.law_changes(case.past) if self._with_law else (),
            layers={kind: of_layers.get(kind, []) for kind in self._replaced_kinds},
            others=["decisions"] if self._with_law and case.other_decisions else (),
        )

    def _concerned(self, case: "_Case", differences: Differences) -> set[str]:
        """Return the kinds whose findings may come out otherwise."""
        of_law = kinds_concerned(differences.law)
        if differences.others:
            of_law |= {finding.kind for site in case.then.sites for finding in site.findings}
        of_layers = {kind for kind, causes in differences.layers.items() if causes and kind}
        near = {
            kind
            for kind in of_layers - of_law
            if differences.layers[kind] != ["layer_version"]
            or self._versions.touch(
                case.then.sites, self._basis.replaced(case.past, [kind]), self._basis.reach_m
            )
        }
        return of_law | near

    def _judge_again(self, case: "_Case", differences: Differences, kinds: set[str]) -> StaleCheck:
        law = self._basis.law if self._with_law else case.law
        before = only_kinds(case.then, kinds)
        if case.other_program:
            # Else what the program does otherwise would pass for an effect of the change.
            before = case.again(case.law, kinds, fresh=frozenset())
        now = case.again(law, kinds, fresh=self._replaced_kinds)
        changes = [
            one.model_copy(update={"causes": differences.explain(one)})
            for one in changes_between(before, now, differences.renamed)
        ]
        verdict = verdict_with(case.then, now, kinds)
        return compared_check(case.past, _causes(differences), verdict, changes)


class _Case:
    """A past check, with its law, its layers and its sites."""

    def __init__(self, workspace: CheckNeeds, basis: BasisOfDay, past: PastCheck) -> None:
        self._workspace, self._basis = workspace, basis
        self.past = past
        self.law: Law = law_then(workspace, past)
        self._layers = LayersThen(workspace, past)

    @cached_property
    def then(self) -> CheckResult:
        """What it said."""
        return self._workspace.archive.get(self.past.id)

    @property
    def other_decisions(self) -> bool:
        """Whether another table of natures counts now."""
        return self.law.decisions_sha256 != self._basis.law.decisions_sha256

    @property
    def other_program(self) -> bool:
        """Whether it was computed by other software, or with other limits."""
        return self.past.record["software"] != dict(software_used()) or other_parameters(
            self.past, self._workspace.site_limits
        )

    @cached_property
    def _sites(self) -> Sites:
        source, declared = input_from(self._workspace.archive.input_files(self.past.id))
        return leave_out_unjudgeable(
            self._workspace.read_sites(source, declared), self._workspace.site_limits
        ).sites

    def again(self, law: Law, kinds: Collection[str], fresh: Collection[str]) -> CheckResult:
        """Return its findings of some kinds under a law, with layers of ``fresh`` as of the day.

        A kind that no rule of then asked for has none of then: its layers are those of the day.
        """
        asked = {rule.kind for rule in self.law.rules}
        new = frozenset(kind for kind in kinds if kind in fresh or kind not in asked)
        old = frozenset(kinds) - new
        day = date.fromisoformat(self.past.checked_on)
        controls: list[KindControls] = [
            *kinds_of(self._layers, law_of_kinds(law, old), day),
            *kinds_of(self._workspace, law_of_kinds(law, new), self._basis.on),
        ]
        project = Project(
            nature=self.past.nature,
            decisions=law.decisions,
            not_here=zone_terms(self._workspace.zone).not_here,
        )
        return self.then.model_copy(update={"sites": judge_sites(self._sites, controls, project)})


def only_kinds(result: CheckResult, kinds: Collection[str]) -> CheckResult:
    """Return a check with its findings of some kinds alone."""
    return _filtered(result, lambda finding: finding.kind in kinds)


def verdict_with(then: CheckResult, now: CheckResult, kinds: Collection[str]) -> str:
    """Return the verdict of a check in which the findings of some kinds are those of now."""
    kept = _filtered(then, lambda finding: finding.kind not in kinds)
    again = {site.site_id: site.findings for site in now.sites}
    sites = [
        worst_verdict(
            Verdict(one.verdict) for one in [*site.findings, *again.get(site.site_id, [])]
        )
        for site in kept.sites
    ]
    return worst_verdict([*sites, *([Verdict.UNDETERMINED] if then.left_out else [])])


def _filtered(result: CheckResult, wanted: Callable[[Finding], bool]) -> CheckResult:
    def one(site: SiteResult) -> SiteResult:
        return site.model_copy(update={"findings": list(filter(wanted, site.findings))})

    return result.model_copy(update={"sites": [one(site) for site in result.sites]})


def _causes(differences: Differences) -> list[str]:
    """Return the codes of what differs, without repetition."""
    law: Iterable[LawChange] = differences.law
    of_law = [one.change for one in law]
    of_layers = [cause for causes in differences.layers.values() for cause in causes]
    return list(dict.fromkeys([*of_law, *differences.others, *of_layers]))
