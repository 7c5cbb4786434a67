"""Why a place is protected: a card for every rule. Oracle: the files of rules, and by hand."""

import json
from datetime import date

import pytest

from api.check.protections import list_protections, protections_of
from api.workspace.workspace import Workspace
from layers.check.rules import load_rules
from layers.errors import UnknownKindError
from layers.store.catalogue import load_kinds


def test_every_built_in_rule_says_why_what_and_who(workspace: Workspace) -> None:
    cards = {one.rule_id: one for one in list_protections(workspace).protections}
    rules = load_rules(None, load_kinds())
    assert set(cards) == {rule.id for rule in rules}
    for card in cards.values():
        for words in (card.why, card.allowed, card.decides):
            assert words is not None, card.rule_id
            assert not words.en.isspace()
            assert words.en.isascii(), words.en


def test_every_built_in_rule_names_what_a_finding_says_of_its_feature() -> None:
    for rule in load_rules(None, load_kinds()):
        assert rule.tells, rule.id
        assert all(rule.fields.get(name) or name in {"grade"} for name in rule.tells), rule.id


def test_the_card_of_a_day_is_by_the_edition_of_that_day(workspace: Workspace) -> None:
    # law-2026: the decree on basic farmland is in force since 2025-10-01.
    for day, first in ((date(2025, 9, 30), False), (date(2025, 10, 1), True)):
        (card,) = list_protections(workspace.as_of(day), "permanent_basic_farmland").protections
        assert card.in_force
        assert (card.valid_from == "2025-10-01") is first


def test_a_rule_without_an_edition_in_force_says_so(workspace: Workspace) -> None:
    (card,) = list_protections(workspace.as_of(date(2020, 1, 1)), "ecological_red_line").protections
    assert not card.in_force


def test_one_kind_alone_and_an_unknown_one(workspace: Workspace) -> None:
    kinds = {one.kind for one in list_protections(workspace, "lake_belt").protections}
    assert kinds == {"lake_belt"}
    assert len(protections_of(workspace, ["lake_belt_core", "gone"])) == 1
    with pytest.raises(UnknownKindError) as caught:
        list_protections(workspace, "lake")
    assert "lake_belt" in json.dumps(caught.value.params)
