"""How what past checks rest on differs from what counts on a day, by rule and by kind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from api.check.controls import KindControls, is_out_of_date, kinds_of
from api.check.land_use import land_controls
from api.check.sites import layers_used
from api.check.stale.past_basis import law_then, numbers_of
from api.check.stale.versions import Replaced
from api.check.withdrawn import withdrawn_layers
from api.workspace.needs import CheckNeeds
from geo.errors import PlanningError
from geo.model import Reason
from layers.check.law_changes import LawChange, RuleChange, changes_of_law
from maps.check.batch_answers import PastCheck
from maps.check.stale_answers import FindingChange

_IN_OR_OUT_OF_FORCE: Final = frozenset(
    {RuleChange.ENDED, RuleChange.NOT_YET, RuleChange.NEW, RuleChange.REMOVED}
)
"""A rule that is asked, or is not, says all: that its layers are others follows from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What is another for one past check: rules, layers by kind, and all the rest as codes."""

    law: Sequence[LawChange] = ()
    layers: Mapping[str | None, Sequence[str]]
    others: Collection[str] = ()

    @property
    def renamed(self) -> Mapping[str, str]:
        """The ids of successors by those of the rules that they replace."""
        return dict(one.renamed for one in self.law if one.renamed)

    def explain(self, change: FindingChange) -> list[str]:
        """Return what makes a finding come out otherwise, the nearest cause first."""
        own = [one.change for one in self.law if _is_of_rule(one, change) and one.decides]
        if _IN_OR_OUT_OF_FORCE & set(own):
            return [*own]
        found = [*own, *self.layers.get(change.kind, ())]
        if change.outcome_then != change.outcome_now and "decisions" in self.others:
            found.append("decisions")
        if found:
            return found
        # Features of which no rule speaks depend on all rules of their kind.
        kin = {one.change for one in self.law if one.rule.kind == change.kind and one.decides}
        return sorted(kin) or sorted(self.others)


def _is_of_rule(change: LawChange, finding: FindingChange) -> bool:
    return finding.rule_id in {rule.id for rule in (change.then, change.now) if rule}


class BasisOfDay:
    """The law and the layers of a day, and how those of past checks differ from them."""

    def __init__(self, workspace: CheckNeeds) -> None:
        self._workspace = workspace
        self.on = workspace.today()
        self.law = workspace.law(self.on)
        self._law_changes: dict[tuple[str, str], tuple[LawChange, ...]] = {}

    @cached_property
    def kinds(self) -> Sequence[KindControls]:
        """The control layers of the day, by rule."""
        return kinds_of(self._workspace, self.law, self.on)

    @cached_property
    def layers(self) -> Mapping[str, str]:
        """Digests of the layer versions of the day by ``id@number``."""
        return layers_used(self.kinds, land_controls(self._workspace, self.on))

    @cached_property
    def reach_m(self) -> float:
        """How far a feature may lie from a site that it concerns, in metres."""
        return max((kind.rule.buffer_m or 0.0 for kind in self.kinds), default=0.0)

    def law_changes(self, past: PastCheck) -> tuple[LawChange, ...]:
        """Return the rules that are others than those of a past check.

        Raises
        ------
        InputNotKeptError, RulesChangedError
            Its law was not kept.
        """
        # With the day: of the same rules one may have begun or ended, though no file changed.
        key = past.record["rules_sha256"], past.checked_on
        if key not in self._law_changes:
            then = law_then(self._workspace, past)
            self._law_changes[key] = changes_of_law(then, self.law, self._workspace.rules)
        return self._law_changes[key]

    def replaced(self, past: PastCheck, kinds: Collection[str] | None = None) -> list[Replaced]:
        """Return the layers of some kinds, or of all, of which another version counts now."""
        recorded = past.record["layers"]
        then, now = numbers_of(recorded), numbers_of(self.layers)
        return [
            (name, then[name], now[name])
            for name in sorted(then.keys() & now.keys())
            if (kinds is None or self.kind_of(name) in kinds)
            and (
                then[name] != now[name]
                or recorded[f"{name}@{then[name]}"] != self.layers[f"{name}@{now[name]}"]
            )
        ]

    def layer_causes(self, past: PastCheck) -> dict[str | None, list[str]]:
        """Return by kind how its layers differ from those of a past check."""
        then, now = (numbers_of(one) for one in (past.record["layers"], self.layers))
        found = defaultdict[str | None, list[str]](list)
        added, removed = (
            {self.kind_of(name) for name in one} for one in (now.keys() - then, then.keys() - now)
        )
        for kind in added | removed:
            both = kind in added and kind in removed
            one = "layer_added" if kind in added else "layer_removed"
            found[kind].append("layer_replaced" if both else one)
        replaced = {
            (self.kind_of(one[0]), self._cause_of(past, one)) for one in self.replaced(past)
        }
        for kind, cause in sorted(replaced, key=str):
            found[kind].append(cause)
        for withdrawn in withdrawn_layers(self._workspace, past.record["layers"]):
            found[self.kind_of(withdrawn.layer_id)].append("layer_withdrawn")
        for kind in self._other_validity(date.fromisoformat(past.checked_on)):
            found[kind].append("validity")
        return dict(found)

    def _cause_of(self, past: PastCheck, replaced: Replaced) -> str:
        """Return whether a layer has another version, or could not be read then or now."""
        name, then, now = replaced
        read = (past.record["layers"][f"{name}@{then}"], self.layers[f"{name}@{now}"])
        return Reason.LAYER_UNREADABLE if Reason.LAYER_UNREADABLE in read else "layer_version"

    def kind_of(self, layer_id: str) -> str | None:
        """Return the kind of a layer, None where the store does not know it any more."""
        try:
            return self._workspace.store.versions(layer_id)[0].spec.kind
        except PlanningError:
            return None

    def _other_validity(self, day: date) -> set[str]:
        """Return kinds with a layer whose time has begun or ended since a day."""
        return {
            kind.kind.id
            for kind in self.kinds
            for one in kind.controls
            if is_out_of_date(one.version, day) != is_out_of_date(one.version, self.on)
        }


def kinds_concerned(changes: Iterable[LawChange]) -> set[str]:
    """Return the kinds of which a rule changed so that a verdict may."""
    return {
        rule.kind
        for one in changes
        if one.decides
        for rule in (one.then, one.now)
        if rule is not None
    }
