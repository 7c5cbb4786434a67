"""The law of a day: rules in force, rules that are not, and what follows from findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from geo.model import Reason
from layers.check.natures import Decisions
from layers.check.rules import ControlRule, rule_fields, rules_digest, rules_from_json
from layers.provenance import canonical_json
from layers.store.catalogue import Kind, kind_of, kinds_from_json

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRule:
    """No edition of this rule is in force on the day: a value, never a missing row.

    ``rule`` is the last edition that had ended by then or, before all of them, the first.
    """

    rule: ControlRule
    on: date

    @property
    def reason(self) -> Reason:
        """Whether its time is over or has not come."""
        ended = self.rule.valid_to is not None and self.rule.valid_to < self.on
        return Reason.RULE_ENDED if ended else Reason.RULE_NOT_YET_IN_FORCE

    @property
    def day(self) -> date | None:
        """The day on which it ended, or begins."""
        over = self.reason is Reason.RULE_ENDED
        return self.rule.valid_to if over else self.rule.valid_from


@dataclass(frozen=True, kw_only=True)
class Law:
    """What checks of a day are made under; its digests are computed once.

    Every rule is in ``rules`` or, where no edition of it holds, in ``ended``. ``kinds`` are
    those of both in this order, one for each.
    """

    rules: tuple[ControlRule, ...]
    ended: tuple[EndedRule, ...]
    kinds: tuple[Kind, ...]
    decisions: Decisions

    @property
    def accounted(self) -> tuple[ControlRule, ...]:
        """One edition of every rule there is, in force or not."""
        return (*self.rules, *(one.rule for one in self.ended))

    @cached_property
    def rules_sha256(self) -> str:
        """The digest of the rules."""
        return rules_digest(self.accounted)

    @cached_property
    def decisions_sha256(self) -> str:
        """The digest of the table of decisions."""
        return self.decisions.sha256()

    @cached_property
    def files(self) -> "Mapping[str, bytes]":
        """The files of an evidence bundle that hold the law.

        They are kept with a check: rules may be other when it is to be proved.
        """
        return {
            "rules.json": canonical_json([rule_fields(rule) for rule in self.accounted]),
            "kinds.json": canonical_json([kind.identity() for kind in self.kinds]),
            "decisions.json": self.decisions.to_json(),
        }


def law_from(files: "Mapping[str, bytes]", on: date) -> Law:
    """Return the law of a day from the files that evidence keeps (see :attr:`Law.files`).

    Raises
    ------
    KeyError, TypeError, ValueError, UnknownKindError
        They are no such files.
    """
    every, kinds = rules_from_json(files["rules.json"]), kinds_from_json(files["kinds.json"])
    rules, ended = rules_on(every, on)
    return Law(
        rules=rules,
        ended=ended,
        kinds=tuple(kind_of(rule.kind, kinds) for rule in every),
        decisions=Decisions.model_validate_json(files["decisions.json"]),
    )


def rules_on(
    rules: Sequence[ControlRule], on: date
) -> tuple[tuple[ControlRule, ...], tuple[EndedRule, ...]]:
    """Return the editions in force on a day, and each rule of which there is none.

    Parameters
    ----------
    rules : sequence of ControlRule
        By id, the editions of one id from the oldest to the newest.
    on : date
        The day.
    """
    held, ended = list[ControlRule](), list[EndedRule]()
    for _, group in groupby(rules, key=lambda rule: rule.id):
        editions = list(group)
        now = [rule for rule in editions if rule.held_on(on)]
        if now:
            held += now
        elif not any(_is_succeeded(rule, rules, on) for rule in editions):
            over = [rule for rule in editions if rule.valid_to is not None and rule.valid_to < on]
            ended.append(EndedRule(rule=over[-1] if over else editions[0], on=on))
    return tuple(held), tuple(ended)


def _is_succeeded(rule: ControlRule, rules: Sequence[ControlRule], on: date) -> bool:
    """Tell whether a rule under another id, which is named as successor, accounts for it."""
    if rule.successor is None or rule.valid_to is None or rule.valid_to >= on:
        return False
    return any(other.key == rule.successor and other.id != rule.id for other in rules)
