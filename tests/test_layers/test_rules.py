"""Oracles: the law as the planning handbook quotes it, files written by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo.model import ContactTolerance, Relation
from layers.errors import RuleFileError
from layers.rules import load_rules, rules_digest

GOOD = """
id: ecological_red_line
kind: ecological_red_line
relation: must_not_overlap
required: false
demands_zh: 不得占用
demands_en: Keep out
tolerance: {width_m: 0, precision_factor: 0, area_m2: 0}
citation:
  document_zh: 某市办法
  document_en: Rules of a city
  number: 某政发〔2026〕1号
  clause: 第一条
  issued: 2026-01-01
  certainty: official_text
  note_zh: 无
  note_en: none
"""


def _folder(tmp_path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_built_in_rules_are_those_of_the_law():
    rules = {rule.kind: rule for rule in load_rules(None)}
    assert {kind: rule.relation for kind, rule in rules.items()} == {
        "ecological_red_line": Relation.MUST_NOT_OVERLAP,
        "lake_belt": Relation.MUST_NOT_OVERLAP,
        "permanent_basic_farmland": Relation.MUST_NOT_OVERLAP,
        "urban_development_boundary": Relation.MUST_BE_INSIDE,
        "nature_reserve": Relation.MUST_NOT_OVERLAP,
        "drinking_water_source": Relation.MUST_NOT_OVERLAP,
        "key_wetland": Relation.MUST_NOT_OVERLAP,
    }
    assert rules["ecological_red_line"].citation.number == "自然资发〔2022〕142号"
    assert rules["permanent_basic_farmland"].citation.number == "自然资规〔2018〕3号"
    assert rules["urban_development_boundary"].citation.number == "自然资发〔2023〕193号"
    required = {kind for kind, rule in rules.items() if rule.required}
    assert required == {
        "ecological_red_line",
        "lake_belt",
        "permanent_basic_farmland",
        "urban_development_boundary",
    }


def test_the_tolerance_is_the_proposed_one_and_says_so():
    for rule in load_rules(None):
        assert rule.tolerance == ContactTolerance(width_m=0.01, precision_factor=3.0, area_m2=200.0)
        assert "建议值" in rule.citation.note_zh
        assert "proposal" in rule.citation.note_en


def test_what_was_not_read_in_the_original_says_so():
    certainty = {rule.kind: rule.citation.certainty for rule in load_rules(None)}
    assert certainty.pop("ecological_red_line") == "reprint"
    assert set(certainty.values()) == {"general_knowledge"}


def test_only_the_core_belt_of_a_lake_is_closed():
    where = {rule.kind: rule.where for rule in load_rules(None) if rule.where}
    assert where == {"lake_belt": {"belt": ("core",)}}


def test_a_rule_in_a_folder_replaces_the_built_in_one(tmp_path):
    (tmp_path / "README.txt").write_text("not a rule", encoding="utf-8")
    rules = load_rules(_folder(tmp_path, red=GOOD))
    built_in = {rule.kind: rule for rule in load_rules(None)}
    own = {rule.kind: rule for rule in rules}
    assert own["ecological_red_line"].citation.document_zh == "某市办法"
    assert own["ecological_red_line"].citation.issued == date(2026, 1, 1)
    assert not own["ecological_red_line"].required
    assert {k: r for k, r in own.items() if k != "ecological_red_line"} == {
        k: r for k, r in built_in.items() if k != "ecological_red_line"
    }


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("kind: [", "*", "not_yaml"),
        ("", "*", "model_type"),
        ("- a\n- b\n", "*", "model_type"),
        (GOOD.replace("\nkind: ecological_red_line", ""), "kind", "missing"),
        (
            GOOD.replace("kind: ecological_red_line", "kind: ecologial_red_line"),
            "kind",
            "no_control_kind",
        ),
        (GOOD.replace("kind: ecological_red_line", "kind: county"), "kind", "no_control_kind"),
        (GOOD.replace("must_not_overlap", "may_overlap"), "relation", "enum"),
        (GOOD.replace("required: false", "required: perhaps"), "required", "bool_parsing"),
        (GOOD.replace("width_m: 0,", "width_m: -1,"), "tolerance.width_m", "greater_than_equal"),
        (GOOD.replace("area_m2: 0}", "area_m2: .inf}"), "tolerance.area_m2", "finite_number"),
        (GOOD.replace("area_m2: 0}", "area_m2: .nan}"), "tolerance.area_m2", "finite_number"),
        (
            GOOD.replace("issued: 2026-01-01", "issued: soon"),
            "citation.issued",
            "date_from_datetime_parsing",
        ),
        (GOOD.replace("official_text", "sure"), "citation.certainty", "literal_error"),
        (GOOD + "  page: 3\n", "citation.page", "extra_forbidden"),
        (GOOD + "where: {belt: core}\n", "where.belt", "tuple_type"),
        # A rule for no feature at all would find every site clear.
        (GOOD + "where: {belt: []}\n", "where.belt", "too_short"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(tmp_path, text, field, problem):
    with pytest.raises(RuleFileError) as caught:
        load_rules(_folder(tmp_path, red=text))
    assert caught.value.params["file"] == "red.yaml"
    assert caught.value.params["field"] == field
    assert caught.value.params["problem"] == problem


def test_text_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "red.yaml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path)
    assert caught.value.params == {"file": "red.yaml", "field": "*", "problem": "not_yaml"}


def test_two_files_for_one_rule_are_refused(tmp_path):
    with pytest.raises(RuleFileError) as caught:
        load_rules(_folder(tmp_path, first=GOOD, second=GOOD))
    assert caught.value.params == {"file": "second.yaml", "field": "id", "problem": "repeated"}


def test_a_folder_that_is_not_there_is_not_an_empty_one(tmp_path):
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path / "rules")
    assert caught.value.params == {"file": "rules", "field": "*", "problem": "no_folder"}


def test_the_digest_of_rules_knows_their_content_and_not_their_order():
    rules = load_rules(None)
    assert rules_digest(rules[::-1]) == rules_digest(rules)
    wider = replace(rules[0], tolerance=replace(rules[0].tolerance, width_m=0.02))
    assert rules_digest((wider, *rules[1:])) != rules_digest(rules)
    assert rules_digest(rules[1:]) != rules_digest(rules)
