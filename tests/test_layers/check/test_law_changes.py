"""What becomes of a rule between two laws. Oracle: pairs of rules and their dates, by hand.

The property: law that did not change has no change, whatever the rules; and every rule of
which the two laws say different things is named once.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from layers.check.law import Law, rules_on
from layers.check.law_changes import changes_of_law
from layers.check.natures import load_decisions
from layers.check.rules import ControlRule, load_rules
from layers.store.catalogue import load_kinds

BASE = next(
    rule for rule in load_rules(None, load_kinds()) if rule.id == "ecological_red_line"
)  # fmt: skip
END = date(2026, 6, 30)
BEFORE, AFTER = date(2026, 6, 1), date(2026, 7, 1)


def made(**fields: object) -> ControlRule:
    plain = {"valid_from": None, "valid_to": None, "successor": None, "edition": None, "where": {}}
    return replace(BASE, **{**plain, **fields})


def law(rules: list[ControlRule], on: date) -> Law:
    held, ended = rules_on(rules, on)
    return Law(rules=held, ended=ended, kinds=(), decisions=load_decisions(None))


OLD = made(edition="1", valid_to=END, successor="ecological_red_line@2")
NEW = made(edition="2", valid_from=AFTER)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([made()], [made()], []),
        ([OLD, NEW], [OLD, NEW], [("rule_replaced", END, set(), False)]),
        ([made(valid_to=END)], [made(valid_to=END)], [("rule_ended", END, set(), True)]),
        ([made()], [made(valid_to=END)], [("rule_ended", END, set(), True)]),
        ([made()], [], [("rule_removed", None, set(), True)]),
        ([], [made(valid_from=AFTER)], [("rule_new", AFTER, set(), True)]),
        ([made(valid_from=AFTER)], [made(valid_from=AFTER)], [("rule_new", AFTER, set(), True)]),
        (
            [made()], [made(valid_from=AFTER + timedelta(days=1))],
            [("rule_not_yet", AFTER + timedelta(days=1), set(), True)],
        ),
        ([made()], [made(buffer_m=30.0)], [("rule_threshold", None, {"buffer_m"}, True)]),
        ([made()], [made(where={"a": ("b",)})], [("rule_scope", None, {"where"}, True)]),
        (
            [made()], [made(required=not BASE.required, buffer_m=1.0)],
            [("rule_scope", None, {"required", "buffer_m"}, True)],
        ),
        ([made(fields={})], [made(fields={"name": ("MC",)})], [("rule_worded", None, set(), False)]),
        (
            [made(where={"a": ("b",)}, fields={})], [made(where={"a": ("b",)}, fields={"a": ("A",)})],
            [("rule_scope", None, {"fields"}, True)],
        ),
        ([made()], [made(demands_en="another word")], [("rule_worded", None, set(), False)]),
        (
            [made()], [made(valid_to=END, successor="b"), made(id="b", valid_from=AFTER)],
            [("rule_replaced", END, set(), True)],
        ),
        (
            # The successor has ended in its turn: one rule, one end.
            [made()],
            [made(valid_to=BEFORE, successor="b"),
             made(id="b", valid_from=BEFORE + timedelta(days=1), valid_to=END)],
            [("rule_ended", END, set(), True)],
        ),
    ],
)  # fmt: skip
def test_each_rule_is_named_with_what_became_of_it(
    then: list[ControlRule], now: list[ControlRule], expected: list[tuple]
) -> None:
    found = changes_of_law(law(then, BEFORE), law(now, AFTER), now)
    assert [(one.change, one.day, set(one.fields), one.decides) for one in found] == expected


def test_the_law_that_ships_between_two_days_by_hand() -> None:
    """The water law ended on 2026-08-14, and the code that follows asks the same."""
    rules = list(load_rules(None, load_kinds()))
    found = changes_of_law(
        law(rules, date(2026, 8, 14)), law(rules, date(2026, 8, 15)), rules
    )  # fmt: skip
    assert [(one.rule.id, one.change, one.day, one.decides) for one in found] == [
        (f"drinking_water_source_{grade}", "rule_replaced", date(2026, 8, 14), False)
        for grade in (1, 2, 3)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_no_rule_is_lost_and_none_is_named_twice(seed: int) -> None:
    """Property, by sets of ids: what is accounted for on one side is paired, kept or named."""
    chance = np.random.default_rng(seed)
    rules: list[ControlRule] = []
    for number in range(8):
        name, first = f"r{number}", None
        for edition in range(int(chance.integers(1, 4))):
            last = AFTER + timedelta(days=int(chance.integers(-60, 60)))
            last = max(last, (first or date(2026, 1, 1)) + timedelta(days=1))
            rules.append(made(id=name, edition=str(edition), valid_from=first, valid_to=last))
            first = last + timedelta(days=1)
        if chance.random() < 0.5:
            rules[-1] = replace(rules[-1], valid_to=None)
    days = [AFTER + timedelta(days=int(at)) for at in chance.integers(-90, 90, 2)]
    then, now = (law(rules, day) for day in days)
    found = changes_of_law(then, now, rules)
    assert len({one.rule.id for one in found}) == len(found)
    held = [{rule.id: rule.key for rule in one.rules} for one in (then, now)]
    told = [
        {one.rule.id: (one.reason, one.day) for one in side.ended} for side in (then, now)
    ]  # fmt: skip
    ids = {rule.id for rule in rules}
    other = {
        one for one in ids
        if (held[0].get(one), told[0].get(one)) != (held[1].get(one), told[1].get(one))
    }  # fmt: skip
    assert {one.rule.id for one in found} == other
    assert changes_of_law(then, then, rules) == ()
