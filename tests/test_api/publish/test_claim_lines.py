"""The claim before and after a layer with other ids. Oracle: units by hand."""

from typing import Any

from api.publish.replacement_lines import lines_between


def claim(*units: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "verdict": "undetermined",
        "units": [
            {
                "unit_id": unit_id, "name": {"zh": name, "en": name}, "verdict": verdict,
                "findings": [{"rule_id": "r", "rule_name": {"zh": "线", "en": "line"},
                              "verdict": verdict, "overlap_area_m2": 0.0}],
            }
            for unit_id, name, verdict in units
        ],
    }  # fmt: skip


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    lines = lines_between("claim", before, after)[1:]
    return [(one.subject.zh, one.before, one.after) for one in lines if one.subject]


def test_units_meet_by_name_where_an_official_layer_numbers_them() -> None:
    before = claim(("kunming", "昆明片区", "clear"), ("honghe", "红河片区", "clear"))
    after = claim(("1", "红河片区", "clear"), ("2", "昆明片区", "conflict"))
    assert told(before, after) == [
        ("昆明片区", "clear", "conflict"),
        ("昆明片区 · 线", "clear", "conflict"),
    ]


def test_units_that_share_a_name_meet_by_id() -> None:
    before = claim(("a", "片区", "clear"), ("b", "片区", "conflict"))
    after = claim(("b", "片区", "conflict"), ("a", "片区", "clear"))
    assert told(before, after) == []
