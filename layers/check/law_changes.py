"""What changes from the law of one day to that of another, rule by rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from geo.model import Reason
from layers.check.law import EndedRule, Law
from layers.check.rules import ControlRule


class RuleChange(StrEnum):
    """What became of a rule."""

    ENDED = "rule_ended"
    NOT_YET = "rule_not_yet"
    REPLACED = "rule_replaced"
    NEW = "rule_new"
    REMOVED = "rule_removed"
    SCOPE = "rule_scope"
    THRESHOLD = "rule_threshold"
    WORDED = "rule_worded"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawChange:
    """One rule that is another, or none, under the other law.

    ``then`` and ``now`` are the editions that the two laws account for; None: the law knows no
    such rule. ``day`` is the last day of what ended, or the first of what is new. ``fields``
    are those that decide and differ, with both values.
    """

    change: RuleChange
    then: ControlRule | None
    now: ControlRule | None
    day: date | None
    fields: Mapping[str, tuple[Any, Any]]

    @property
    def rule(self) -> ControlRule:
        """The rule as it is now or, where it is none any more, as it was."""
        found = self.now or self.then
        assert found is not None  # noqa: S101 - one of the two laws knows it
        return found

    @property
    def key(self) -> tuple[str | None, ...]:
        """Tells one change from another."""
        editions = (rule.key if rule else None for rule in (self.then, self.now))
        return (self.change, *editions, repr(sorted(self.fields.items())))

    @property
    def decides(self) -> bool:
        """Whether a verdict may come out otherwise."""
        if self.change is RuleChange.REPLACED:
            return bool(self.fields) or self.renamed is not None
        return self.change is not RuleChange.WORDED

    @property
    def renamed(self) -> tuple[str, str] | None:
        """The ids of a rule and of its successor, where they are not the same."""
        if self.then is None or self.now is None or self.then.id == self.now.id:
            return None
        return self.then.id, self.now.id


_THRESHOLDS: Final = frozenset({"width_m", "precision_factor", "area_m2", "buffer_m"})
_SCOPE: Final = ("relation", "required", "where")


def changes_of_law(then: Law, now: Law, editions: Sequence[ControlRule]) -> tuple[LawChange, ...]:
    """Return every rule of which two laws say different things, by the id of the rule.

    Parameters
    ----------
    then, now : Law
        What was judged by, and what would be.
    editions : sequence of ControlRule
        All that is known today, in force or not: they name successors and last days.
    """
    return tuple(_Compared(then, now, editions).changes())


class _Compared:
    def __init__(self, then: Law, now: Law, editions: Sequence[ControlRule]) -> None:
        self._held, self._holds = _by_id(then.rules), _by_id(now.rules)
        self._was_ended = {one.rule.id: one for one in then.ended}
        self._ended = {one.rule.id: one for one in now.ended}
        self._known = {rule.key: rule for rule in editions}

    def changes(self) -> Iterator[LawChange]:
        renamed = {id_: self._later_id(rule) for id_, rule in self._held.items()}
        taken = {new for old, new in renamed.items() if new != old}
        every = self._held.keys() | self._holds.keys() | self._was_ended.keys() | self._ended.keys()
        for rule_id in sorted(every):
            if rule_id in self._held:
                yield from self._of_held(self._held[rule_id], renamed[rule_id])
            elif rule_id not in taken:
                yield from self._of_ended(rule_id)

    def _later_id(self, rule: ControlRule) -> str:
        """Return under which id the other law accounts for a rule: under its own if it can."""
        accounted, at = self._holds.keys() | self._ended.keys(), rule
        while at.id not in accounted:
            successor = self._known.get(at.key, at).successor
            if successor not in self._known:
                return rule.id
            at = self._known[successor]
        return at.id

    def _of_held(self, then: ControlRule, later_id: str) -> Iterator[LawChange]:
        now = self._holds.get(later_id)
        if now is not None:
            yield from self._of_both(then, now)
        elif later_id in self._ended:
            yield _ended(self._ended[later_id], then)
        else:
            yield LawChange(change=RuleChange.REMOVED, then=then, now=None, day=None, fields={})

    def _of_both(self, then: ControlRule, now: ControlRule) -> Iterator[LawChange]:
        fields = _differing(then, now)
        if then.key != now.key:
            change, day = RuleChange.REPLACED, self._last_day(then, now)
        elif fields:
            change = RuleChange.THRESHOLD if fields.keys() <= _THRESHOLDS else RuleChange.SCOPE
            day = None
        elif _worded(then) != _worded(now):
            change, day = RuleChange.WORDED, None
        else:
            return
        yield LawChange(change=change, then=then, now=now, day=day, fields=fields)

    def _of_ended(self, rule_id: str) -> Iterator[LawChange]:
        """Return what became of a rule that was not in force."""
        was, now = self._was_ended.get(rule_id), self._holds.get(rule_id)
        if now is not None:
            then = was.rule if was else None
            yield LawChange(
                change=RuleChange.NEW, then=then, now=now, day=now.valid_from, fields={}
            )
        elif rule_id not in self._ended:
            then = was.rule if was else None
            yield LawChange(change=RuleChange.REMOVED, then=then, now=None, day=None, fields={})
        else:
            ended = self._ended[rule_id]
            if was is None or (was.reason, was.day) != (ended.reason, ended.day):
                yield _ended(ended, was.rule if was else None)

    def _last_day(self, then: ControlRule, now: ControlRule) -> date | None:
        known = self._known.get(then.key, then).valid_to
        if known is None and now.valid_from is not None:
            return now.valid_from - timedelta(days=1)
        return known


def _by_id(rules: Sequence[ControlRule]) -> dict[str, ControlRule]:
    return {rule.id: rule for rule in rules}


def _ended(ended: EndedRule, then: ControlRule | None) -> LawChange:
    over = ended.reason is Reason.RULE_ENDED
    change = RuleChange.ENDED if over else RuleChange.NOT_YET
    return LawChange(change=change, then=then, now=ended.rule, day=ended.day, fields={})


def _differing(then: ControlRule, now: ControlRule) -> dict[str, tuple[Any, Any]]:
    before, after = _deciding(then), _deciding(now)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def _deciding(rule: ControlRule) -> dict[str, Any]:
    own = {name: getattr(rule, name) for name in _SCOPE}
    # Names of attributes that are only told of a feature decide nothing.
    aliases = {name: other for name, other in rule.fields.items() if name in rule.where}
    return {**own, "fields": aliases, **asdict(rule.tolerance), "buffer_m": rule.buffer_m}


def _worded(rule: ControlRule) -> tuple[object, ...]:
    return (
        rule.citation, rule.demands_zh, rule.demands_en, rule.tells, rule.fields, rule.name_zh,
        rule.name_en,
    )  # fmt: skip
