"""The register of sensitive areas. Oracles: article 3 of the catalogue by hand; subsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.model import Verdict
from layers.check.register import Member, load_register
from layers.check.rules import load_rules
from layers.store.catalogue import load_kinds
from layers.zones import shipped_zone
from maps.answers import Title
from maps.check.finding import Finding
from maps.check.sensitive import (
    certified,
    member_states,
    states_over_sites,
    states_unknown,
)

REGISTER = load_register()
RULES = load_rules(None, load_kinds())
NOT_HERE = {
    name: Title(zh=why.zh, en=why.en) for name, why in shipped_zone().profile.not_here.items()
}
OCCUR = {name: one for name, one in REGISTER.members.items() if name not in NOT_HERE}


def found(kind: str, rule_id: str, verdict: str, *reasons: str) -> Finding:
    title = Title(zh=kind, en=kind)
    citation = dict.fromkeys(
        ("document_zh", "document_en", "number", "clause", "certainty", "note_zh", "note_en"), ""
    )
    return Finding(
        kind=kind, kind_title=title, rule_id=rule_id, title=title, demands=title, verdict=verdict,
        relation="must_not_overlap", reasons=list(reasons), buffer_m=None,
        citation={**citation, "issued": None},
        decision={"outcome": "nothing", "statement": None, "papers": []},
    )  # fmt: skip


def findings_of(name: str, verdict: str) -> list[Finding]:
    member = REGISTER.members[name]
    rules = {one.id for one in RULES if member.includes_rule(one.kind, one.id)}
    assert rules, name
    return [found(member.kind or "", rule, verdict) for rule in sorted(rules)]


def test_the_members_are_those_of_article_3_in_their_groups() -> None:
    # 建设项目环境影响评价分类管理名录（2021年版）第三条, by hand.
    by_group = {
        group: [one.zh for one in REGISTER.members.values() if one.group == group]
        for group in (1, 2, 3)
    }
    assert by_group[1] == [
        "国家公园", "自然保护区", "风景名胜区", "世界文化和自然遗产地", "海洋特别保护区",
        "饮用水水源保护区",
    ]  # fmt: skip
    assert len(by_group[2]) == 12
    assert {"生态保护红线", "永久基本农田", "基本草原", "自然公园", "重要湿地", "天然林"} <= set(
        by_group[2]
    )
    assert by_group[3][1] == "文物保护单位"
    assert (
        NOT_HERE.keys()
        == {n for n, one in REGISTER.members.items() if one.kind is None}
        == {
            "marine_special_area",
            "enclosed_sea",
        }
    )


def test_every_member_that_can_occur_has_a_kind_that_the_claim_examines_by_rules_with_law() -> None:
    kinds = load_kinds()
    for name, member in OCCUR.items():
        assert kinds[member.kind or ""].environmentally_sensitive, name
        rules = [one for one in RULES if member.includes_rule(one.kind, one.id)]
        assert rules, name
        assert set(member.rules) <= {one.id for one in rules}, name
        assert all(one.citation.document_zh for one in rules), name


@pytest.mark.parametrize("said", [{"occurs": False}, {"why": {"zh": "a", "en": "a"}}])
def test_that_a_member_cannot_occur_is_said_by_the_zone_alone(said: dict) -> None:
    whole = {"group": 1, "zh": "甲", "en": "A", "kind": "scenic_historic_area"}
    Member.model_validate(whole)
    with pytest.raises(ValidationError):
        Member.model_validate({**whole, **said})


def test_at_a_coast_what_no_kind_shows_was_not_examined() -> None:
    # A zone that says nothing of the sea: its reserves may be there, and nobody looked.
    told = [one for name in OCCUR for one in findings_of(name, "clear")]
    assert certified(member_states(told, NOT_HERE)) is Verdict.CLEAR
    inland = {one.id: one.state for one in member_states(told, NOT_HERE)}
    at_sea = {one.id: one.state for one in member_states(told, {})}
    assert inland["marine_special_area"] == "cannot_occur"
    assert at_sea["marine_special_area"] == "not_examined"
    assert certified(member_states(told, {})) is Verdict.UNDETERMINED


@given(st.sets(st.sampled_from(sorted(OCCUR))))
def test_clear_only_if_every_member_was_examined(examined: set[str]) -> None:
    states = member_states(
        [one for name in sorted(examined) for one in findings_of(name, "clear")], NOT_HERE
    )
    assert (certified(states) is Verdict.CLEAR) == (examined == set(OCCUR))
    by_state = {one.id: one.state for one in states}
    # Two members may share a kind of layer: each is examined by its own rules.
    assert {name for name, state in by_state.items() if state == "clear"} == examined
    assert {n for n, s in by_state.items() if s == "not_examined"} == set(OCCUR) - examined


@given(st.dictionaries(st.sampled_from(sorted(OCCUR)), st.sampled_from(list(Verdict))))
def test_one_that_is_touched_ends_it_and_nothing_hides_it(told: dict[str, Verdict]) -> None:
    states = member_states(
        [one for name, verdict in told.items() for one in findings_of(name, verdict)], NOT_HERE
    )
    touched = {name for name, one in told.items() if one in (Verdict.CONFLICT, Verdict.CONDITIONAL)}
    assert (certified(states) is Verdict.CONFLICT) == bool(touched)
    assert touched <= {one.id for one in states if one.state == "touched"}


def test_a_technical_contact_is_touched_and_neither_a_conflict_nor_clear() -> None:
    told = [one for name in OCCUR for one in findings_of(name, "clear")]
    (thin,) = findings_of("basic_grassland", "contact")
    states = member_states(
        [one for one in told if one.kind != "basic_grassland"] + [thin], NOT_HERE
    )
    assert certified(states) is Verdict.CONTACT
    assert next(one.state for one in states if one.id == "basic_grassland") == "touched"


def test_a_quasi_protection_zone_is_no_source_protection_zone() -> None:
    # It lies outside of the zones of the first and second grade, by the law of 2017, art. 63.
    only = [found("drinking_water_source", "drinking_water_source_3", "conditional")]
    (source,) = [one for one in member_states(only, NOT_HERE) if one.id == "drinking_water_source"]
    assert source.state == "not_examined"


def test_a_missing_layer_is_not_examined_and_a_lost_one_cannot_be_told() -> None:
    for reason, state in (("layer_missing", "not_examined"), ("layer_lost", "undetermined")):
        told = [found("scenic_historic_area", "scenic_historic_area_core", "undetermined", reason)]
        (scenic,) = [
            one for one in member_states(told, NOT_HERE) if one.id == "scenic_historic_area"
        ]
        assert scenic.state == state


def test_over_sites_the_gravest_counts_and_is_named() -> None:
    one, other = (
        member_states(findings_of("nature_park", v), NOT_HERE) for v in ("clear", "conflict")
    )
    both = {state.id: state for state in states_over_sites({"a": one, "b": other})}
    assert (both["nature_park"].state, both["nature_park"].sites) == ("touched", ["b"])
    assert both["scenic_historic_area"].sites == ["a", "b"]
    assert {state.state for state in states_unknown("no_limits", NOT_HERE)} == {
        "undetermined",
        "cannot_occur",
    }
