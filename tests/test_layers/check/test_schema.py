"""Layers of a kind are matched to what its rules read.

Oracles: the rules themselves as they read the matched layer, and layers made by hand.
"""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.check.classes import cell_text, chosen_by, unspoken_of
from layers.check.rules import ControlRule, load_rules
from layers.check.schema import Schema, load_schema, match_schema
from layers.check.text_damage import repaired_text
from layers.errors import RuleFileError
from layers.kinds import SCHEMA_FILE, builtin_kind_folders
from layers.store.catalogue import kinds_with, load_kinds
from layers.zones import shipped_zone

RULES = load_rules(None, load_kinds())
SCHEMAS = {name: load_schema(name, RULES, None) for name in load_kinds()}
ASKED = [
    (kind, attribute.name) for kind, schema in SCHEMAS.items()
    for attribute in schema.attributes if attribute.asked
]  # fmt: skip
TOLD = [
    (kind, attribute.name) for kind, schema in SCHEMAS.items()
    for attribute in schema.attributes if not attribute.asked
]  # fmt: skip


def wide(text: str) -> str:
    """Latin letters and digits as a Chinese input method writes them."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


WRITTEN = (str, str.upper, str.lower, wide, lambda text: f" {text} ")


def layer(**columns: list[object]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(102 + at, 25, 102.5 + at, 26) for at in range(count)]
    table = {"feature_id": [str(at) for at in range(count)], **columns}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490")


def attribute_of(kind: str, name: str):
    return next(one for one in SCHEMAS[kind].attributes if one.name == name)


def editions(kind: str) -> list[ControlRule]:
    return [rule for rule in RULES if rule.kind == kind]


@pytest.mark.parametrize(("kind", "name"), ASKED)
def test_every_field_and_spelling_reaches_its_rule(kind: str, name: str) -> None:
    """Property: all kinds, all fields, all spellings of all classes, each as people write it."""
    attribute = attribute_of(kind, name)
    rows = [
        (value, write(spelling))
        for value, spellings in attribute.classes.items()
        for spelling in spellings
        for write in WRITTEN
    ]
    for field in attribute.fields:
        for write in WRITTEN:
            given = layer(
                **{write(field): [said for _, said in rows], "other": list(range(len(rows)))}
            )
            read, matches = match_schema(given, SCHEMAS[kind])
            match = next(one for one in matches if one.attribute == name)
            assert match.field == write(field)
            assert all(one.meant for one in match.values)
            assert sum(one.count for one in match.values) == len(rows)
            for rule in editions(kind):
                expected = [value in rule.where[name] for value, _ in rows]
                assert chosen_by(read, rule).tolist() == expected, (rule.key, field)
            assert not unspoken_of(read, editions(kind)).any()
            # Every word of the file is still there, and nothing else has moved.
            words = {str(one).strip() for column in read.columns for one in read[column]}
            assert {said.strip() for _, said in rows} <= words
            assert read["other"].tolist() == given["other"].tolist()
            assert read.geometry.equals(given.geometry)
            assert len({str(one).lower() for one in read.columns}) == len(read.columns)


@pytest.mark.parametrize(("kind", "name"), TOLD)
def test_what_a_finding_tells_is_found_under_every_name(kind: str, name: str) -> None:
    for field in attribute_of(kind, name).fields:
        for write in WRITTEN:
            read, matches = match_schema(layer(**{write(field): ["甲", None, "乙"]}), SCHEMAS[kind])
            assert next(one.field for one in matches if one.attribute == name) == write(field)
            for rule in editions(kind):
                if name in rule.tells:
                    column = rule.column(name, read.columns)
                    assert [cell_text(one) for one in read[column]] == ["甲", "", "乙"]


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in ASKED}))
def test_no_spelling_means_two_things(kind: str) -> None:
    # A spelling that two rules of one day claim would put a feature under the wrong law.
    for attribute in SCHEMAS[kind].attributes:
        for spellings in attribute.classes.values():
            for spelling in spellings:
                meant = {
                    rule.id for rule in editions(kind)
                    if attribute.class_of(spelling) in rule.where.get(attribute.name, ())
                    or spelling in rule.where.get(attribute.name, ())
                }  # fmt: skip
                assert len(meant) <= 1, (attribute.name, spelling, meant)


def test_every_kind_that_rules_choose_from_has_further_names_and_every_control_notes() -> None:
    with_file = {one.kind for one in builtin_kind_folders() if SCHEMA_FILE in one.files}
    assert {kind for kind, _ in ASKED} <= with_file
    for kind in load_kinds().values():
        if kind.control:
            assert set(SCHEMAS[kind.id].notes) == {"zh", "en"}, kind.id


def schema_of(kind: str) -> Schema:
    return SCHEMAS[kind]


def test_a_layer_that_rules_read_as_it_stands_is_left_alone() -> None:
    given = layer(zone=["core", "一般控制区", None], 项目名称=["甲", "乙", "丙"])
    read, matches = match_schema(given, schema_of("nature_reserve"))
    assert list(read.columns) == ["feature_id", "zone", "项目名称", "name", "geometry"]
    named, zone = ({one.attribute: one for one in matches}[name] for name in ("name", "zone"))
    assert (named.attribute, named.field) == ("name", "项目名称")
    assert [(one.said, one.meant, one.count) for one in zone.values] == [
        ("", None, 1), ("core", "core", 1), ("一般控制区", "一般控制区", 1),
    ]  # fmt: skip
    given = layer(GNFQ=["核心区", "缓冲区"], name=["甲", "乙"])
    read, _ = match_schema(given, schema_of("nature_reserve"))
    assert read.equals(given)


def test_the_files_own_words_stay_beside_what_rules_read() -> None:
    read, _ = match_schema(layer(zone=["核心", "什么"]), schema_of("nature_reserve"))
    assert read["zone"].tolist() == ["core", "什么"]
    assert read["zone_as_given"].tolist() == ["核心", "什么"]
    # A field that could be anything's gives way to the one that says a class.
    given = layer(级别=["国家级", "省级"], grade_zh=["x", "y"], 等级=["Ⅰ级", "准级"], ZONE_=[1, 2])
    read, matches = match_schema(given, schema_of("drinking_water_source"))
    grade = next(one for one in matches if one.attribute == "grade")
    assert (grade.field, grade.others) == ("等级", ("级别",))
    assert read["grade"].tolist() == ["1", "准保护区"]
    # Upper and lower case are one name in a GeoPackage.
    read, _ = match_schema(layer(GRADE=["I", "II"]), schema_of("drinking_water_source"))
    assert [one for one in read.columns if one.lower().startswith("grade")] == [
        "grade_as_given", "grade",
    ]  # fmt: skip


def test_what_a_layer_lacks_is_said() -> None:
    _, matches = match_schema(layer(a=[1]), schema_of("lake_belt"))
    assert {one.attribute: one.field for one in matches} == {"belt": None, "name_zh": None}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("fields: {nothing: [a]}", "nothing"),
        ("classes: {zone: {nowhere: [a]}}", "zone.nowhere"),
        ("fields: [a]", "fields"),
        ("further: {}", "further"),
        ("a: [", "*"),
    ],
)
def test_a_schema_that_no_rule_reads_is_refused(tmp_path: Path, text: str, field: str) -> None:
    (tmp_path / "nature_reserve").mkdir()
    (tmp_path / "nature_reserve" / SCHEMA_FILE).write_text(text, encoding="utf-8")
    kinds = kinds_with(tmp_path, shipped_zone().region)
    with pytest.raises(RuleFileError) as caught:
        load_schema("nature_reserve", load_rules(tmp_path, kinds), tmp_path)
    assert caught.value.params["field"] == field


def test_a_planners_own_names_come_to_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "nature_reserve").mkdir()
    text = "fields: {zone: [我局分区]}\nclasses: {zone: {core: [甲区]}}"
    (tmp_path / "nature_reserve" / SCHEMA_FILE).write_text(text, encoding="utf-8")
    schema = load_schema("nature_reserve", RULES, tmp_path)
    read, _ = match_schema(layer(我局分区=["甲区", "核心"]), schema)
    assert read["zone"].tolist() == ["core", "core"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("昆明片区", "latin-1", "gb18030"),
        ("昆明", "gb18030", "utf-8"),
        ("河口", "latin-1", "utf-8"),
    ],
)
def test_a_text_that_was_read_in_the_wrong_encoding_is_seen(text, wrong, right) -> None:
    """Oracle: the text before its bytes were read wrongly; sound texts are left alone."""
    assert repaired_text(text.encode(right).decode(wrong)) == text
    assert repaired_text(text) is None
    assert repaired_text("Dehong – São") is None
