"""Files of constraints and of measures: what ships can be read, what cannot be meant is refused."""

import pytest
from pydantic import ValidationError

from layers.expansion.errors import ConstraintsFileError, CriteriaFileError, UnknownConstraintsError
from layers.expansion.ground_constraints import constraint_set, constraint_sets, parse_constraints
from layers.expansion.measures import Measure
from layers.expansion.ranking_sets import parse_criteria
from layers.store.catalogue import load_kinds

HEAD = "name: {zh: 甲, en: A}\nnote: {zh: 乙, en: B}\nconstraints:\n"


def one(**more: str) -> str:
    fields = {
        "name": "{zh: 丙, en: C}",
        "ground": "{kind: land_use, classes: ['01']}",
        "treatment": "listed",
        "quality": "own",
        "source": "丁",
        **more,
    }
    body = "".join(f"    {name}: {value}\n" for name, value in fields.items() if value)
    return f"{HEAD}  own:\n{body}"


def test_what_ships_names_kinds_that_there_are() -> None:
    kinds = load_kinds()
    for found in constraint_sets().values():
        for said in found.constraints.values():
            assert said.ground.kind is None or said.ground.kind in kinds
            assert said.price is None  # no open source gives the zone's


def test_every_treatment_is_read() -> None:
    soft = parse_constraints("a.yaml", one(treatment="soft", at_most_pct="20"))
    assert soft.constraints["own"].at_most_pct == 20.0
    priced = one(price="{yuan_per_ha: 600000, year: 2025, source: 戊}")
    assert parse_constraints("a.yaml", priced).constraints["own"].price.yuan_per_ha == 600_000.0
    assert parse_constraints("a.yaml", one(treatment="hard")).constraints["own"].treatment == "hard"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[", "*"),
        (one(treatment="soft"), "constraints.own"),
        (one(at_most_pct="20"), "constraints.own"),
        (one(treatment="hard", points_per_pct="1"), "constraints.own"),
        (one(treatment="soft", at_most_pct="100"), "constraints.own.at_most_pct"),
        (one(treatment="soft", at_most_pct="-1"), "constraints.own.at_most_pct"),
        (one(treatment="soft", points_per_pct=".nan"), "constraints.own.points_per_pct"),
        (one(treatment="maybe"), "constraints.own.treatment"),
        (one(ground="{kind: land_use, classes: ['77']}"), "constraints.own.ground"),
        (one(ground="{kind: mineral_cover, classes: ['01']}"), "constraints.own.ground"),
        (one(ground="{}"), "constraints.own.ground"),
        (one(ground="{kind: land_use, layer: a}"), "constraints.own.ground"),
        (one(ground="{slope_above_deg: 15, within_m: 3}"), "constraints.own.ground"),
        (one(ground="{slope_above_deg: 95}"), "constraints.own.ground.slope_above_deg"),
        (one(ground="{kind: a, within_m: -3}"), "constraints.own.ground.within_m"),
        (one(price="{yuan_per_ha: 3}"), "constraints.own.price.year"),
        (one(source=""), "constraints.own.source"),
        (one(colour="red"), "constraints.own.colour"),
        ("name: {zh: 甲, en: A}\nnote: {zh: 乙, en: B}\nconstraints: {}\n", "constraints"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(text: str, field: str) -> None:
    with pytest.raises(ConstraintsFileError) as caught:
        parse_constraints("a.yaml", text)
    assert (caught.value.params["file"], caught.value.params["field"]) == ("a.yaml", field)


def test_a_set_is_called_by_its_name() -> None:
    assert constraint_set("none") is None
    assert constraint_set("ordinary") is constraint_sets()["ordinary"]
    with pytest.raises(UnknownConstraintsError) as caught:
        constraint_set("odd")
    assert caught.value.params["known"] == ["ordinary", "outside_boundary", "soft", "none"]


@pytest.mark.parametrize(
    "given",
    [
        {"what": "mean"},
        {"what": "mean", "of": {"kind": "river"}},
        {"what": "share", "raster": "r"},
        {"what": "share", "of": {"kind": "river"}, "values": [1]},
        {"what": "distance", "raster": "r"},
        {"what": "distance", "of": {"slope_above_deg": 15}},
        {"what": "median", "of": {"kind": "river"}},
        {"what": "share", "of": {"kind": "river"}, "raster": "r", "values": [1]},
    ],
)
def test_a_measure_that_measures_nothing_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(given)


def test_a_criterion_may_say_how_it_is_measured() -> None:
    text = """
name: {zh: 甲, en: A}
draws: 1000
seed: 1
weights_quality: own
weights_note: {zh: 乙, en: B}
criteria:
  river_m:
    name: {zh: 距河流, en: To a river}
    unit: m
    weight: 1
    points: [[0, 0.0], [500, 1.0]]
    quality: own
    source: 丙
    measure: {what: distance, of: {kind: river}}
"""
    measure = parse_criteria("a.yaml", text).criteria["river_m"].measure
    assert measure == Measure.model_validate({"what": "distance", "of": {"kind": "river"}})
    with pytest.raises(CriteriaFileError):
        parse_criteria("a.yaml", text.replace("distance", "median"))
