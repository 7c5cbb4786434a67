"""Changes of past checks, counted: by rule of law that changed, and by kind of change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from api.check.stale.changes import AREA_DECIMALS
from api.workspace.answers import rule_title
from geo.units import round_as_printed
from layers.check.law_changes import LawChange, RuleChange
from layers.check.rules import ControlRule
from layers.store.catalogue import Kinds
from maps.answers import Title
from maps.check.stale_answers import (
    ChangeGroup,
    FieldChange,
    FindingChange,
    RuleChangeOut,
    StaleCheck,
)
from maps.law_words import article_text

Change = tuple[str, FindingChange]
"""A change with the id of its check."""


def change_groups(checks: Iterable[StaleCheck]) -> list[ChangeGroup]:
    """Return the changes of findings by kind, the most frequent first, then the largest area."""
    groups = defaultdict[tuple[object, ...], list[Change]](list)
    for check_id, change in _changes(checks):
        key = (
            change.rule_id, tuple(change.causes), change.verdict_then, change.reviewed_then,
            change.verdict_now, _what(change),
        )  # fmt: skip
        groups[key].append((check_id, change))
    found = [_group(group) for group in groups.values()]
    return sorted(found, key=_weight)


def rule_changes(
    concerned: Iterable[tuple[LawChange, int]], checks: Sequence[StaleCheck], kinds: Kinds
) -> list[RuleChangeOut]:
    """Return the rules that changed, those first by which the most findings change.

    ``concerned`` has with each rule how many past checks were judged by the former law.
    """
    changes = list(_changes(checks))
    found = [_rule(change, count, changes, kinds) for change, count in concerned]
    return sorted(found, key=lambda one: (-one.changed_findings, one.rule_id, one.change))


def _changes(checks: Iterable[StaleCheck]) -> Iterator[Change]:
    for check in checks:
        yield from ((check.check_id, change) for change in check.changes)


def _what(change: FindingChange) -> str:
    """Return what differs where the verdict does not."""
    if change.verdict_then != change.verdict_now:
        return "verdict"
    if change.outcome_then != change.outcome_now:
        return "outcome"
    if not change.difference_m2 or not round_as_printed(change.difference_m2, AREA_DECIMALS):
        return "reasons"
    return "more" if change.difference_m2 > 0.0 else "less"


def _group(group: Sequence[Change]) -> ChangeGroup:
    first = group[0][1]
    return ChangeGroup(
        kind_title=first.kind_title,
        rule_id=first.rule_id,
        rule_name=first.rule_name,
        causes=first.causes,
        verdict_then=first.verdict_then,
        reviewed_then=first.reviewed_then,
        verdict_now=first.verdict_now,
        what=_what(first),
        findings=len(group),
        checks=len({check_id for check_id, _ in group}),
        difference_m2=_sum_m2(group),
    )


def _weight(group: ChangeGroup) -> tuple[Any, ...]:
    return -group.findings, -abs(group.difference_m2 or 0.0), group.rule_id, group.causes


def _sum_m2(group: Iterable[Change]) -> float | None:
    known = [one.difference_m2 for _, one in group if one.difference_m2 is not None]
    return sum(known) if known else None


def _rule(change: LawChange, count: int, changes: Sequence[Change], kinds: Kinds) -> RuleChangeOut:
    ids = {rule.id for rule in (change.then, change.now) if rule}
    own = [one for one in changes if one[1].rule_id in ids and change.change in one[1].causes]
    known_then = None if change.change is RuleChange.NEW else change.then
    known_now = None if change.change in (RuleChange.ENDED, RuleChange.NOT_YET) else change.now
    return RuleChangeOut(
        rule_id=change.rule.id,
        name=rule_title(change.rule, kinds[change.rule.kind]),
        change=change.change,
        law_then=_law_of(known_then),
        law_now=_law_of(known_now),
        day=change.day.isoformat() if change.day else None,
        fields=[
            FieldChange(name=name, then=_text(then), now=_text(now))
            for name, (then, now) in change.fields.items()
        ],
        checks=count,
        changed_checks=len({check_id for check_id, _ in own}),
        changed_findings=len(own),
        # Where nothing changed there is no difference; one that nobody can tell is not nought.
        difference_m2=_sum_m2(own) if own else 0.0,
    )


def _law_of(rule: ControlRule | None) -> Title | None:
    if rule is None:
        return None
    cited = rule.citation
    # A number whose text nobody has seen says nothing.
    number = cited.number if cited.certainty != "unverified" else None
    if not number or number in cited.document_zh:
        return Title(zh=cited.document_zh, en=cited.document_en)
    return Title(
        zh=f"{cited.document_zh} {number}", en=f"{cited.document_en} {article_text(number, 'en')}"
    )


def _text(value: Any) -> str | None:  # noqa: ANN401 - a number, a word or a mapping of the rule
    if value is None:
        return None
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(values)}" for name, values in sorted(value.items()))
    return f"{value:g}" if isinstance(value, float) else str(value)
