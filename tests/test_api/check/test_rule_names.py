"""Rules by name and in one order. Oracles: the order by hand; ids as regular expressions."""

import re
from datetime import date

import pytest
import shapely
from starlette.testclient import TestClient

from api.check.stale.changes import changes_between
from layers.check.rules import load_rules, place_of
from layers.store.catalogue import load_kinds
from maps.answers import Title
from maps.check.answers import CheckResult, ClaimCheck
from maps.check.batch_answers import Batch, BatchFile
from maps.check.batch_document import batch_document
from maps.check.document import check_document, claim_document
from maps.check.report.material import CheckMaterial, LineNames, SitePictures
from maps.check.report.report import check_report
from maps.check.stale_answers import StaleCheck, StaleList
from maps.check.stale_document import stale_document
from maps.data.document import _law_text
from maps.data.health_answers import RuleEnd
from maps.document.terminal import text_of

RULES = load_rules(None, load_kinds())
LANGUAGES = ("zh", "en")
GRAVEST_FIRST = [
    "ecological_red_line", "permanent_basic_farmland", "urban_development_boundary",
    "national_park_core", "national_park_general", "nature_reserve_core", "nature_reserve_general",
    "drinking_water_source_1", "drinking_water_source_2", "drinking_water_source_3",
    "key_wetland_national", "key_wetland_other",
    "scenic_historic_area_core", "scenic_historic_area_general", "nature_park",
    "heritage_protection", "heritage_control",
    "lake_belt_core", "lake_belt_buffer", "lake_belt_green",
    "protected_forest_natural", "protected_forest_public_welfare", "basic_grassland",
    "river_lake_management", "farmland_reserve", "border_control", "airport_clearance_zone",
    "geohazard_zone", "mineral_cover",
    "basin_farmland", "environmental_unit",
]  # fmt: skip


def ids_in(text: str) -> set[str]:
    """Ids of rules as whole words; those of layers (demo_...) are ids of data and may stand."""
    named = "|".join(sorted({rule.id for rule in RULES}, key=len, reverse=True))
    return set(re.findall(rf"(?<![\w@])(?:{named})(?![\w@])", text))


@pytest.fixture(scope="module")
def check(shared_client: TestClient) -> CheckResult:
    shape = shapely.geometry.mapping(shapely.box(102.66, 24.80, 102.90, 25.02))
    body = {"type": "Feature", "properties": {"name": "甲"}, "geometry": shape}
    answer = shared_client.post("/api/v1/checks?nature=ordinary_industry", json=body)
    return CheckResult.model_validate(answer.json())


def without_names(check: CheckResult) -> CheckResult:
    """As rules of a planner's own folder are, whose files give no name."""
    bare = [
        site.model_copy(
            update={
                "findings": [one.model_copy(update={"rule_name": None}) for one in site.findings]
            }
        )
        for site in check.sites
    ]
    return check.model_copy(update={"sites": bare})


def printed(check: CheckResult, lang: str) -> dict[str, str]:
    pictures = tuple(SitePictures(relation=None, enlarged={}) for _ in check.sites)
    material = CheckMaterial(check=check, layers=(), location=None, sites=pictures)
    file = BatchFile(name="a", layer=None, status="checked", check=check, lines=check.lines)
    batch = Batch(
        checked_on="2026-11-29", nature=check.nature, complete=True, total=1, done=1, files=[file]
    )
    gone = check.model_copy(
        update={"sites": [s.model_copy(update={"findings": []}) for s in check.sites]}
    )
    stale = StaleCheck(
        check_id="c", name="a", checked_on="2026-11-29", state="changed", causes=[], rerun=True,
        verdict_then="clear", verdict_now="clear", changes=list(changes_between(check, gone)),
    )  # fmt: skip
    documents = {
        "check": check_document(check, lang),
        "report": check_report(material, lang),
        "batch": batch_document(batch, lang),
        "stale": stale_document(
            StaleList(
                today="2026-11-29",
                since=None,
                law_alone=False,
                layers_alone=[],
                rules=[],
                groups=[],
                checks=[stale],
            ),
            lang,
        ),
    }
    return {name: text_of(document) for name, document in documents.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("named", [True, False])
def test_no_id_of_a_rule_stands_in_anything_that_is_printed(
    check: CheckResult, lang: str, named: bool
) -> None:
    assert {one.rule_id for one in check.sites[0].findings} >= {"drinking_water_source_1"}
    for name, text in printed(check if named else without_names(check), lang).items():
        assert not ids_in(text), (name, ids_in(text))
        assert "〔R" not in text, name
        assert check.sites[0].findings[0].kind_title.text(lang) in text, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_id_of_a_rule_stands_in_the_claim(shared_client: TestClient, lang: str) -> None:
    claim = ClaimCheck.model_validate(shared_client.get("/api/v1/claim").json())
    assert not ids_in(text_of(claim_document(claim, lang)))


def test_the_detector_finds_an_id_where_there_is_one() -> None:
    assert ids_in("x · drinking_water_source_1;") == {"drinking_water_source_1"}
    assert not ids_in("demo_ecological_red_line@1, ecological_red_line_x")


def test_the_doctor_names_a_rule_that_ends() -> None:
    name, next_ = Title(zh="甲区 (2017)", en="Zone A (2017)"), Title(zh="甲区", en="Zone A (2026)")
    one = RuleEnd(
        rule_id="drinking_water_source_1", name=name, state="rule_ends_soon", day="2026-12-01",
        successor="drinking_water_source_1@2026", successor_name=next_,
    )  # fmt: skip
    text = _law_text(one, "en")
    assert not ids_in(text)
    assert "Zone A (2017)" in text
    assert "Zone A (2026)" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_built_in_rule_has_a_name_of_its_own(lang: str) -> None:
    today = [rule for rule in RULES if rule.held_on(date(2026, 11, 29))]
    names = [rule.name_zh if lang == "zh" else rule.name_en for rule in today]
    assert all(names)
    assert len(set(names)) == len(names)


def test_one_order_of_kinds_and_rules_the_gravest_first(check: CheckResult) -> None:
    kinds = load_kinds()
    held = {rule.id: rule for rule in RULES}
    ordered = sorted(held.values(), key=lambda rule: place_of(kinds[rule.kind], rule))
    ranked = [rule.id for rule in ordered]
    assert [name for name in ranked if name in GRAVEST_FIRST] == GRAVEST_FIRST
    found = list(dict.fromkeys(one.rule_id for one in check.sites[0].findings))
    assert found == [name for name in ranked if name in found]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_law_table_and_the_matrix_keep_the_order_of_the_check(
    check: CheckResult, lang: str
) -> None:
    findings = check.sites[0].findings
    short = LineNames(check, lang).short
    pictures = (SitePictures(relation=None, enlarged={}),)
    material = CheckMaterial(check=check, layers=(), location=None, sites=pictures)
    tables = {
        block.id: block
        for section in check_report(material, lang).sections
        for block in section.blocks
        if hasattr(block, "columns")
    }
    (law,) = [one for name, one in tables.items() if name in ("规定", "Law", "Rules")]
    assert [row[0] for row in law.rows] == list(dict.fromkeys(map(short, findings)))
    file = BatchFile(name="a", layer=None, status="checked", check=check)
    batch = Batch(checked_on="", nature=None, complete=True, total=1, done=1, files=[file])
    matrix = batch_document(batch, lang).sections[2].blocks[0]
    heads = [column.title for column in matrix.columns]
    assert len(heads) == 4 + len({one.rule_id for one in check.sites[0].findings})
