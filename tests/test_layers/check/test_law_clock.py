"""Which law held on a day. Oracles: dates of the law by hand, and that no rule is lost."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from geo.model import Reason
from layers.check.law import rules_on
from layers.check.rule_dates import require_sound_dates
from layers.check.rules import load_rules, rules_digest, rules_from_json
from layers.errors import RuleFileError
from layers.provenance import canonical_json
from layers.store.catalogue import load_kinds

RULES = load_rules(None, load_kinds())
WATER, CODE = "中华人民共和国水污染防治法", "中华人民共和国生态环境法典"
# Rule, day, and the number or name of what was law then; None: nothing known here held.
CASES = [
    *[
        (f"drinking_water_source_{grade}", day, said)
        for grade in (1, 2, 3)
        for day, said in (
            ("2017-12-31", None), ("2018-01-01", WATER), ("2025-06-30", WATER),
            ("2026-08-14", WATER), ("2026-08-15", CODE), ("2030-01-01", CODE),
        )
    ],
    ("nature_reserve_core", "2022-08-15", None),
    ("nature_reserve_core", "2022-08-16", "自然资发〔2022〕142号"),
    ("nature_reserve_core", "2026-03-14", "自然资发〔2022〕142号"),
    ("nature_reserve_core", "2026-03-15", "国务院令第830号"),
    ("nature_reserve_general", "1994-11-30", None),
    ("nature_reserve_general", "2020-01-01", "国务院令第167号"),
    ("nature_reserve_general", "2026-03-14", "国务院令第167号"),
    ("nature_reserve_general", "2026-03-15", "国务院令第830号"),
    ("urban_development_boundary", "2023-10-07", None),
    ("urban_development_boundary", "2023-10-08", "自然资发〔2023〕193号"),
    ("urban_development_boundary", "2026-02-10", "自然资发〔2023〕193号"),
    ("urban_development_boundary", "2026-02-11", "自然资规〔2026〕1号"),
    ("permanent_basic_farmland", "2018-07-29", None),
    ("permanent_basic_farmland", "2018-07-30", "自然资规〔2018〕3号"),
    ("permanent_basic_farmland", "2025-09-30", "自然资规〔2018〕3号"),
    ("permanent_basic_farmland", "2025-10-01", "自然资源部令第17号"),
    ("ecological_red_line", "2022-08-15", None),
    ("ecological_red_line", "2022-08-16", "自然资发〔2022〕142号"),
    ("key_wetland_national", "2022-05-31", None),
    ("key_wetland_national", "2022-06-01", "主席令第102号"),
    ("lake_belt_core", "2022-04-27", None),
    ("lake_belt_core", "2022-04-28", "云政发〔2022〕25号"),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "day", "law"), CASES)
def test_the_law_of_a_day_is_the_one_that_held(rule_id: str, day: str, law: str | None) -> None:
    held, ended = rules_on(RULES, date.fromisoformat(day))
    found = [rule.citation for rule in held if rule.id == rule_id]
    if law is None:
        assert not found
        (gone,) = [one for one in ended if one.rule.id == rule_id]
        assert gone.reason is Reason.RULE_NOT_YET_IN_FORCE
        assert gone.day is not None
    else:
        (cited,) = found
        assert law in (cited.number, cited.document_zh)


def test_there_are_forty_cases() -> None:
    assert len(CASES) >= 40


def test_no_rule_is_lost_whenever_rules_end() -> None:
    """By property: each rule is in force or accounted for, once, at random ends and days."""
    chance, first = np.random.default_rng(20261129), date(2020, 1, 1)
    newest = list({rule.id: rule for rule in RULES}.values())
    for _ in range(1000):
        end, day = (first + timedelta(days=int(chance.integers(4000))) for _ in range(2))
        at = int(chance.integers(len(newest)))
        began = newest[at].valid_from
        cut = replace(newest[at], valid_to=max(end, began or end))
        rules = [cut if rule.key == cut.key else rule for rule in RULES]
        held, ended = rules_on(rules, day)
        said = sorted([rule.id for rule in held] + [one.rule.id for one in ended])
        assert said == sorted(rule.id for rule in newest)
        if cut.valid_to and day > cut.valid_to:
            (gone,) = [one for one in ended if one.rule.id == cut.id]
            assert (gone.reason, gone.day) == (Reason.RULE_ENDED, cut.valid_to)


A = replace(RULES[0], id="a", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
B = replace(A, id="b", valid_from=date(2021, 1, 1), valid_to=None)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ([replace(A, valid_to=date(2019, 1, 1))], "ends_before_it_begins"),
        ([replace(A, successor="b")], "unknown_successor"),
        ([replace(A, successor="a")], "circle"),
        ([replace(A, successor="b"), replace(B, successor="a")], "circle"),
        ([replace(A, successor="b"), replace(B, valid_from=date(2020, 12, 31))], "overlap"),
        ([replace(A, successor="b"), replace(B, valid_from=date(2021, 1, 2))], "gap"),
        ([A, replace(B, id="a", edition="2", valid_from=date(2021, 2, 1))], "gap"),
        ([replace(A, valid_to=None), replace(B, id="a", edition="2")], "overlap"),
    ],
)
def test_days_that_contradict_each_other_are_refused(rules, problem) -> None:
    with pytest.raises(RuleFileError) as caught:
        require_sound_dates(rules)
    assert caught.value.params["problem"] == problem


def test_days_that_fit_are_taken() -> None:
    require_sound_dates([replace(A, successor="b"), B])
    require_sound_dates([A])


def test_rules_that_older_releases_kept_have_the_same_digest_for_ever() -> None:
    """Their files lack what was added later: by the digest of exactly these fields."""
    later = {"edition", "successor", "name_zh", "name_en"}
    old = replace(RULES[0], edition=None, successor=None, name_zh=None, name_en=None)
    fields = {name: getattr(old, name) for name in old.__slots__ if name not in later}
    text = canonical_json([{**fields, "tolerance": {n: getattr(old.tolerance, n) for n in old.tolerance.__slots__},
                            "citation": {n: getattr(old.citation, n) for n in old.citation.__slots__}}])  # fmt: skip
    assert rules_digest(rules_from_json(text)) == rules_digest((old,))
    assert "edition" not in text.decode()


def test_before_all_editions_of_a_rule_the_first_one_is_named() -> None:
    one = next(rule for rule in RULES if rule.id == "ecological_red_line")
    early, late = (
        replace(one, edition=day, valid_from=date.fromisoformat(day), valid_to=None, successor=None)
        for day in ("2030-01-01", "2031-01-01")
    )
    held, (ended,) = rules_on([early, late], date(2029, 1, 1))
    assert (held, ended.rule) == ((), early)
