"""The dictionary of land classes. Oracle: the standards' own counts and rows, by hand."""

import pytest

from layers.check.land_classes import load_land_classes

CLASSES = load_land_classes()


def test_first_level_classes_are_thirteen_and_all_codes_lie_below_one() -> None:
    first = [one for one in CLASSES.by_code.values() if one.code == one.first]
    assert [one.code for one in first] == [f"{number:02d}" for number in range(13)]
    for one in CLASSES.by_code.values():
        assert one.first in CLASSES.by_code
        # Wetlands are gathered from the codes of other first-level classes.
        assert one.first == one.code[:2] or one.first == "00"
        assert one.group is None or one.group in CLASSES.groups


def test_every_second_level_class_has_a_group_and_a_name_of_its_own() -> None:
    second = [one for one in CLASSES.by_code.values() if one.code != one.first]
    assert all(one.group for one in second)
    assert len({one.title_zh for one in second}) == len(second)
    assert len({one.title_en for one in second}) == len(second)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("0103", "agricultural"),
        ("1006", "agricultural"),
        ("1104A", "agricultural"),
        ("1202", "agricultural"),
        ("05H1", "built"),
        ("1109", "built"),
        ("1201", "built"),
        ("0404", "unused"),
        ("1101", "unused"),
        ("1106", "unused"),
        ("1207", "unused"),
        ("01", "agricultural"),
        ("08", "built"),
    ],
)
def test_groups_follow_the_annexed_table(code: str, group: str) -> None:
    assert CLASSES.by_code[code].group == group


def test_a_first_level_class_of_several_groups_has_none() -> None:
    assert [CLASSES.by_code[code].group for code in ("00", "04", "10", "11", "12")] == [None] * 5


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        (" ０１０１ ", "水田", "0101"),
        ("05h1", "", "05H1"),
        ("0201K", "果园", "0201K"),
        ("101", "水田", "0101"),
        ("101", "", None),
        ("201", "城市", None),
        ("0303", "灌木林地", None),
        ("9999", "水田", None),
        ("", "水田", "0101"),
        ("", "", None),
    ],
)
def test_code_and_name_must_be_of_one_class(code: str, name: str, found: str | None) -> None:
    one = CLASSES.find(code, name)
    assert (one.code if one else None) == found
