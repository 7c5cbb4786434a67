"""Oracle: the file of kinds, read by hand."""

from pathlib import Path

import pytest

from layers.check.rules import load_rules
from layers.errors import UnknownKindError
from layers.model import Sensitivity
from layers.store.catalogue import kind_of, kinds_with, load_kinds
from layers.zones import shipped_zone
from maps.style.styles import styles

ACCESS = ["road", "rail", "station", "port", "airport", "substation", "water_supply"]
"""Kinds that say how a place is reached: they lie over the waters and under all lines."""


def test_kinds_come_in_drawing_order():
    # By hand: the ground first, control lines over it, the zone over these.
    kinds = load_kinds()
    order = [kind.order for kind in kinds.values()]
    assert order == sorted(order)
    # Of the control lines the gravest lie above, the three lines on top.
    assert [name for name in kinds if kinds[name].control][-3:] == [
        "urban_development_boundary",
        "permanent_basic_farmland",
        "ecological_red_line",
    ]
    assert list(kinds)[:11] == ["county", "land_use", "lake", "river", *ACCESS]
    assert list(kinds)[-7:-3] == ["zone", "district", "bonded_zone", "linkage_zone"]
    assert all(kind.control for kind in list(kinds.values())[11:-7])


def test_layers_are_listed_by_what_they_are_and_not_by_where_they_are_drawn(tmp_path: Path):
    # By hand, of the kinds that ship: those that show the land, and what is no control line.
    groups = {kind.id: kind.group for kind in load_kinds().values()}
    assert {name for name, group in groups.items() if group == "ground"} == {
        "county",
        "lake",
        "land_use",
        "river",
        *ACCESS,
    }
    assert all((groups[one.id] == "control") == one.control for one in load_kinds().values())
    # A planner's control line that is drawn below everything, or above, is one all the same.
    row = "{title: {zh: 线, en: Line}, geometry: polygon, sensitivity: internal, order: %d}"
    (tmp_path / "kinds.yaml").write_text(f"low: {row % 5}\nhigh: {row % 99}\n", encoding="utf-8")
    own = kinds_with(tmp_path, shipped_zone().region)
    assert (own["low"].group, own["high"].group) == ("control", "control")
    assert styles()["fallback"]["group"] == "control"


def test_every_control_kind_has_a_rule_and_no_other_has_one():
    controls = {kind.id for kind in load_kinds().values() if kind.control}
    assert controls == {rule.kind for rule in load_rules(None, load_kinds())}


def test_control_lines_are_internal_by_default():
    kinds = load_kinds().values()
    assert {kind.sensitivity for kind in kinds if kind.control} == {Sensitivity.INTERNAL}
    open_to_all = {kind.id for kind in kinds if kind.sensitivity is Sensitivity.PUBLIC}
    # Parcels tell who owns what, candidates where land will be wanted; the land survey is no
    # map for the public, nor are roads and works with what a bureau notes of them.
    assert open_to_all == {kind.id for kind in kinds if not kind.control} - {
        "parcel",
        "candidate_site",
        "land_use",
        *ACCESS,
    }


def test_every_kind_is_titled_in_both_languages_and_has_a_geometry():
    for kind in load_kinds().values():
        assert kind.title_zh.strip()
        assert kind.title_en.isascii()
        assert set(kind.geometries) <= {"polygon", "line", "point"}


def test_a_kind_by_its_id():
    assert kind_of("lake", load_kinds()).title_zh == "湖泊"


def test_an_unknown_kind_is_named_with_those_that_exist():
    with pytest.raises(UnknownKindError) as caught:
        kind_of("sea", load_kinds())
    assert caught.value.params == {"kind": "sea", "known": sorted(load_kinds())}


def test_nobody_can_change_the_kinds():
    with pytest.raises(TypeError):
        load_kinds()["sea"] = kind_of("lake", load_kinds())  # type: ignore[index]


@pytest.mark.parametrize(
    ("said", "examined"),
    [
        ("", True),
        (", control: true", True),
        (", environmentally_sensitive: false", False),
        (", control: false", False),
        (", control: false, environmentally_sensitive: true", True),
    ],
)
def test_the_claim_examines_a_kind_of_ones_own_unless_it_is_told_not_to(
    tmp_path: Path, said: str, examined: bool
) -> None:
    # A check called a scenic area a conflict that the claim did not look at.
    title = "title: {zh: 风景名胜区, en: Scenic areas}, geometry: polygon, sensitivity: internal"
    (tmp_path / "kinds.yaml").write_text(f"scenic_area: {{{title}{said}}}\n", encoding="utf-8")
    assert (
        kinds_with(tmp_path, shipped_zone().region)["scenic_area"].environmentally_sensitive
        is examined
    )


def test_the_claim_examines_basic_farmland():
    # 建设项目环境影响评价分类管理名录 (2021), article 3 (2).
    assert load_kinds()["permanent_basic_farmland"].environmentally_sensitive
