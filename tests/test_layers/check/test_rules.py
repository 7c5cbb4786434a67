"""Oracles: the law as the planning handbook quotes it, files written by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo.model import ContactTolerance, Relation
from layers.check.natures import load_decisions
from layers.check.rules import load_rules, rules_digest
from layers.errors import RuleFileError
from layers.store.catalogue import kinds_with, load_kinds
from layers.zones import shipped_zone
from maps.law_words import article_text

KINDS = load_kinds()
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
    rules = {rule.id: rule for rule in load_rules(None, KINDS)}
    relations: dict[Relation, set[str]] = {}
    for rule in rules.values():
        relations.setdefault(rule.relation, set()).add(rule.id)
    assert relations == {
        Relation.MUST_BE_INSIDE: {"urban_development_boundary"},
        Relation.IMPOSES_CONDITIONS: {
            "basin_farmland", "drinking_water_source_3", "environmental_unit", "lake_belt_green",
            "scenic_historic_area_general", "heritage_control", "protected_forest_public_welfare",
            "farmland_reserve", "border_control", "airport_clearance_zone", "geohazard_zone",
            "mineral_cover", "soil_erosion_zone", "sensitive_use",
        },
        Relation.MUST_NOT_OVERLAP: {
            "ecological_red_line", "permanent_basic_farmland", "nature_reserve_core",
            "nature_reserve_general", "drinking_water_source_1", "drinking_water_source_2",
            "key_wetland_national", "key_wetland_other", "lake_belt_core", "lake_belt_buffer",
            "national_park_core", "national_park_general", "scenic_historic_area_core", "nature_park",
            "heritage_protection", "protected_forest_natural", "basic_grassland",
            "river_lake_management", "world_heritage", "wildlife_habitat", "plant_habitat",
            "aquatic_habitat", "desert_closure",
        },
    }  # fmt: skip
    assert rules["ecological_red_line"].citation.number == "自然资发〔2022〕142号"
    assert rules["permanent_basic_farmland"].citation.number == "自然资源部令第17号"
    assert rules["urban_development_boundary"].citation.number == "自然资规〔2026〕1号"
    assert rules["drinking_water_source_1"].citation.document_zh == "中华人民共和国生态环境法典"
    assert {rule.id for rule in rules.values() if rule.required} == {
        "ecological_red_line", "lake_belt_core", "permanent_basic_farmland",
        "urban_development_boundary",
    }  # fmt: skip


def test_the_tolerance_is_the_proposed_one_and_says_so():
    for rule in load_rules(None, KINDS):
        assert rule.tolerance == ContactTolerance(width_m=0.01, precision_factor=3.0, area_m2=200.0)
        assert "建议值" in rule.citation.note_zh
        assert "proposal" in rule.citation.note_en


def test_what_was_not_read_in_the_original_says_so():
    # The handbook's marks: reprints were read of the red line's notice and of decree 830.
    found = {rule.key: rule.citation for rule in load_rules(None, KINDS)}
    read = {key for key, cited in found.items() if cited.certainty == "reprint"}
    assert read == {
        "ecological_red_line", "nature_reserve_core@2026", "nature_reserve_general@2026",
    }  # fmt: skip
    for cited in found.values():
        if cited.clause is None:
            assert cited.certainty in {"unverified", "general_knowledge"}


def test_what_nobody_has_seen_of_a_law_is_no_word_of_one_language():
    # A word in its place would be printed in the other language too.
    sources = load_decisions(None).sources.values()
    every = [*sources, *(rule.citation for rule in load_rules(None, KINDS))]
    articles = {text for cited in every for text in (cited.number, cited.clause)}
    assert None in articles
    assert not articles & {"未核实", "—", "-", "unknown", "not verified"}
    said = {lang: article_text(None, lang) for lang in ("zh", "en")}
    assert said == {"zh": "未核实", "en": "not verified"}


def test_no_class_of_a_kind_falls_under_two_rules():
    seen: dict[str, list[str]] = {}
    for rule in {rule.id: rule for rule in load_rules(None, KINDS)}.values():
        for values in rule.where.values():
            seen.setdefault(rule.kind, []).extend(values)
    assert set(seen) == {
        "nature_reserve", "drinking_water_source", "key_wetland", "lake_belt", "national_park",
        "scenic_historic_area", "heritage_site", "protected_forest",
    }  # fmt: skip
    for kind, values in seen.items():
        assert len(values) == len(set(values)), kind


def test_an_attribute_is_found_under_the_names_that_planners_use():
    rule = next(r for r in load_rules(None, KINDS) if r.id == "nature_reserve_core")
    assert rule.column("zone", ["名称", "功能分区"]) == "功能分区"
    assert rule.column("zone", ["zone", "功能分区"]) == "zone"
    assert rule.column("zone", ["名称"]) is None


def test_a_rule_in_a_folder_replaces_the_built_in_one(tmp_path):
    (tmp_path / "README.txt").write_text("not a rule", encoding="utf-8")
    rules = load_rules(_folder(tmp_path, red=GOOD), KINDS)
    built_in = {rule.id: rule for rule in load_rules(None, KINDS)}
    own = {rule.id: rule for rule in rules}
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
        load_rules(_folder(tmp_path, red=text), KINDS)
    assert caught.value.params["file"] == "red.yaml"
    assert caught.value.params["field"] == field
    assert caught.value.params["problem"] == problem


def test_text_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "red.yaml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path, KINDS)
    assert caught.value.params == {"file": "red.yaml", "field": "*", "problem": "not_yaml"}


def test_two_files_for_one_rule_are_refused(tmp_path):
    with pytest.raises(RuleFileError) as caught:
        load_rules(_folder(tmp_path, first=GOOD, second=GOOD), KINDS)
    assert caught.value.params == {"file": "second.yaml", "field": "id", "problem": "repeated"}


def test_a_folder_that_is_not_there_is_not_an_empty_one(tmp_path):
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path / "rules", KINDS)
    assert caught.value.params == {"file": "rules", "field": "*", "problem": "no_folder"}


def test_the_digest_of_rules_knows_their_content_and_not_their_order():
    rules = load_rules(None, KINDS)
    assert rules_digest(rules[::-1]) == rules_digest(rules)
    wider = replace(rules[0], tolerance=replace(rules[0].tolerance, width_m=0.02))
    assert rules_digest((wider, *rules[1:])) != rules_digest(rules)
    assert rules_digest(rules[1:]) != rules_digest(rules)


def test_a_folder_adds_kinds_with_their_rules(tmp_path):
    own = "airport_clearance: {title: {zh: 机场净空, en: Airport clearance}, geometry: polygon, sensitivity: internal, control: true}\n"
    rule = GOOD.replace("ecological_red_line", "airport_clearance")
    folder = _folder(tmp_path, kinds=own, clearance=rule)
    kinds = kinds_with(folder, shipped_zone().region)
    assert kinds["airport_clearance"].title_zh == "机场净空"
    assert set(kinds) == {*KINDS, "airport_clearance"}
    assert "airport_clearance" in {rule.kind for rule in load_rules(folder, kinds)}
    assert kinds_with(None, shipped_zone().region) == KINDS


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("lake: {title: {zh: a, en: b}, geometry: polygon, sensitivity: public, control: true}", "lake", "repeated"),
        ("a: {title: {zh: a}, geometry: polygon, sensitivity: public, control: true}", "a.title.en", "missing"),
        ("a: {title: {zh: a, en: b}, geometry: ring, sensitivity: public, control: true}", "a.geometry", "literal_error"),
        ("'../a': {title: {zh: a, en: b}, geometry: line, sensitivity: public, control: true}", "../a.[key]", "string_pattern_mismatch"),
        ("[", "*", "not_yaml"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_kinds_is_named_with_its_field(tmp_path, text, field, problem):
    with pytest.raises(RuleFileError) as caught:
        kinds_with(_folder(tmp_path, kinds=text), shipped_zone().region)
    assert caught.value.params == {"file": "kinds.yaml", "field": field, "problem": problem}
