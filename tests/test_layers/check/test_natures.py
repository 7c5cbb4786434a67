"""The decision table: every cell is a known word, silence allows nothing."""

import itertools
from pathlib import Path

import pytest

from geo.model import Verdict
from layers.check.natures import (
    THE_RULE,
    Decision,
    Decisions,
    Outcome,
    load_decisions,
    load_natures,
    require_nature,
    worst_outcome,
)
from layers.check.rules import load_rules
from layers.errors import RuleFileError, UnknownNatureError
from layers.provenance import canonical_json, digest
from layers.store.catalogue import load_kinds
from maps.i18n import tables

RED = "ecological_red_line"
TABLE = load_decisions(None)
RULES = {rule.id: rule for rule in load_rules(None, load_kinds())}


def decide(rule_id: str, verdict: Verdict, nature: str | None) -> Decision:
    kind = RULES[rule_id].kind if rule_id in RULES else rule_id
    return TABLE.decide(rule_id, kind, verdict, nature)


def test_the_same_geometry_has_three_outcomes_by_nature() -> None:
    # 自然资发〔2022〕142号: industry never, border works with the provincial opinion, an
    # unstated nature cannot be told.
    outcomes = [
        decide(RED, Verdict.CONFLICT, n).outcome
        for n in ("ordinary_industry", "border_works", None)
    ]
    assert outcomes == [Outcome.AVOID, Outcome.APPROVAL, Outcome.UNDETERMINED]
    # The opinion of the province only where new building land is asked for.
    assert decide(RED, Verdict.CONFLICT, "border_works").papers == ("opinion_for_new_land",)
    assert decide(RED, Verdict.CONFLICT, "national_major").papers == (
        "unavoidable_argument",
        "state_council",
    )


def test_industry_never_gets_through_basic_farmland() -> None:
    for nature in ("ordinary_industry", "park_expansion"):
        assert decide("permanent_basic_farmland", Verdict.CONFLICT, nature).outcome is Outcome.AVOID


def test_the_four_statement_cases_of_a_red_line_are_all_reached() -> None:
    # 自然资发〔2022〕142号, as the handbook quotes the cases.
    conflict = {n: decide(RED, Verdict.CONFLICT, n).statement for n in load_natures()}
    assert decide(RED, Verdict.CLEAR, None).statement == "outside"
    assert conflict["crossing_without_land"] == "crossing"
    assert conflict["border_works"] == conflict["limited_patrol"] == "limited"
    assert conflict["limited_activity"] is None
    assert conflict["national_major"] == "major"
    assert conflict["ordinary_industry"] is None


def test_the_zone_of_a_reserve_decides_for_a_road() -> None:
    road = "linear_infrastructure"
    assert decide("nature_reserve_core", Verdict.CONFLICT, road).outcome is Outcome.AVOID
    assert decide("nature_reserve_general", Verdict.CONFLICT, road).outcome is Outcome.APPROVAL


@pytest.mark.parametrize("nature", [None, *load_natures()])
def test_what_cannot_be_told_allows_nothing(nature: str | None) -> None:
    for rule_id in [*RULES, "unheard_of"]:
        assert decide(rule_id, Verdict.UNDETERMINED, nature).outcome is Outcome.UNDETERMINED
    assert decide("unheard_of", Verdict.CONFLICT, nature).outcome is Outcome.UNDETERMINED
    assert decide("unheard_of", Verdict.CLEAR, nature).outcome is Outcome.NOTHING


def test_a_conflict_is_never_nothing_and_clear_never_asks_for_papers() -> None:
    for rule_id, nature in itertools.product(RULES, load_natures()):
        assert decide(rule_id, Verdict.CONFLICT, nature).outcome is not Outcome.NOTHING
        assert decide(rule_id, Verdict.CLEAR, nature).papers == ()


@pytest.mark.parametrize(
    ("rule_id", "verdict", "nature", "outcome", "papers"),
    [
        # By hand, from the corrections of the handbook.
        ("basin_farmland", "conditional", "crossing_without_land", "conditions", ()),
        ("basin_farmland", "conditional", "linear_infrastructure", "approval", ("farmland_balance",)),
        ("urban_development_boundary", "conflict", "national_major", "approval", ("special_plan",)),
        ("drinking_water_source_1", "conflict", "national_major", "avoid", ()),
        ("drinking_water_source_2", "conflict", "national_major", "approval", ("water_source_opinion",)),
        (RED, "conflict", "limited_activity", "undetermined", ()),
        (RED, "conflict", "limited_patrol", "approval", ("opinion_for_new_land",)),
        (RED, "conflict", "limited_residents", "conditions", ()),
        (RED, "conflict", "limited_forest_tending", "conditions", ()),
        (RED, "conflict", "limited_other", "undetermined", ()),
        # One of the ten keeps what the wider nature has by other rules; alone that asks which.
        ("nature_reserve_general", "conflict", "limited_patrol", "approval", ("reserve_opinion",)),
        ("nature_reserve_general", "conflict", "limited_activity", "undetermined", ()),
        *[
            (rule_id, "conflict", nature, "undetermined", ())
            for rule_id in (RED, "permanent_basic_farmland", "urban_development_boundary")
            for nature in ("temporary_land", "legacy_project", "villagers_livelihood", "mining")
        ],
    ],
)  # fmt: skip
def test_the_table_is_as_the_law_has_it(
    rule_id: str, verdict: str, nature: str, outcome: str, papers: tuple[str, ...]
) -> None:
    found = decide(rule_id, Verdict(verdict), nature)
    assert (found.outcome, found.papers) == (outcome, papers)


def test_every_word_of_the_table_is_known() -> None:
    words, known = tables("zh"), {*RULES, *(rule.kind for rule in RULES.values())}
    assert set(TABLE.decisions) <= known
    for verdicts in [TABLE.default, *TABLE.decisions.values()]:
        for rows in verdicts.values():
            assert set(rows) <= {"any", *load_natures()}
            for row in rows.values():
                assert row.outcome in words["outcomes"]
                assert set(row.papers) <= set(words["papers"])
                assert row.statement in {None, *words["statements"]}


def test_limited_activity_asks_which_of_the_ten() -> None:
    # 自然资发〔2022〕142号 一(一) names ten, in one list.
    ten = [one for one in load_natures().values() if one.of == "limited_activity"]
    assert len(ten) == 10
    assert TABLE.asks("limited_activity")
    assert not any(TABLE.asks(one) for one in (None, "magic", *(nature.id for nature in ten)))
    for at, nature in enumerate(ten, 1):
        assert f"（{at}）" in nature.name_zh
        found = decide(RED, Verdict.CONFLICT, nature.id)
        assert found.source is None or f"第{at}项" in found.source.clause


def test_every_cell_of_the_table_cites_its_clause() -> None:
    known = {THE_RULE, *TABLE.sources}
    cells = [
        row
        for verdicts in [TABLE.default, *TABLE.decisions.values()]
        for rows in verdicts.values()
        for row in rows.values()
    ]
    assert len(cells) > 40
    assert all(row.cites in known for row in cells)
    assert {row.cites for row in cells} >= set(TABLE.sources) - {"red_line_limited_10"}
    for source in TABLE.sources.values():
        assert source.document_zh
        assert source.document_en
        # Only what this software itself proposes has no clause; None is one that nobody has seen.
        assert source.clause != "" or "本软件" in source.document_zh
        assert source.certainty in tables("zh")["certainty"]


def test_a_table_that_an_older_release_kept_has_the_digest_it_had() -> None:
    # What is not said is left out: a table without sources is written as it was then.
    row = {"outcome": "avoid", "statement": None, "papers": []}
    old = {
        "natures": {"industry": {"zh": "产业", "en": "Industry"}},
        "default": {"clear": {"any": row}},
        "decisions": {"a": {"conflict": {"industry": row}}},
    }
    assert Decisions.model_validate(old).to_json() == canonical_json(old)
    assert Decisions.model_validate(old).sha256() == digest(canonical_json(old))


def own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "decisions.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_decides_for_its_own_kinds_and_over_the_built_in_rows(tmp_path: Path) -> None:
    table = load_decisions(
        own(
            tmp_path,
            "decisions:\n"
            "  airport: {conflict: {any: {outcome: approval, papers: [special_plan]}}}\n"
            "  lake_belt: {conflict: {any: {outcome: avoid}}}\n",
        )
    )
    assert table.decide("a", "airport", Verdict.CONFLICT, None).papers == ("special_plan",)
    assert table.decide("lake_belt_core", "lake_belt", Verdict.CONFLICT, None).outcome == "avoid"
    assert (
        TABLE.decide("lake_belt_core", "lake_belt", Verdict.CONFLICT, None).outcome
        == "undetermined"
    )
    assert table.sha256() != TABLE.sha256()


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("decisions: {a: {conflict: {any: {outcome: perhaps}}}}", "decisions.a.conflict.any.outcome", "enum"),
        ("decisions: {a: {conflct: {any: {outcome: avoid}}}}", "decisions.a.conflct.[key]", "enum"),
        ("decisions: {a: {conflict: {industy: {outcome: avoid}}}}", "decisions.a.conflict.industy", "unknown_word"),
        ("decisions: {a: {conflict: {any: {outcome: approval, papers: [stamp]}}}}", "decisions.a.conflict.any", "unknown_word"),
        ("decisions: {a: {conflict: {any: {outcome: avoid, cites: art_9}}}}", "decisions.a.conflict.any", "unknown_word"),
        ("decisions: [", "*", "not_yaml"),
        ("natures: {}", "decisions", "missing"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_named_with_its_field(
    tmp_path: Path, text: str, field: str, problem: str
) -> None:
    with pytest.raises(RuleFileError) as caught:
        load_decisions(own(tmp_path, text))
    assert caught.value.params == {"file": "decisions.yaml", "field": field, "problem": problem}


def test_an_unknown_nature_is_refused() -> None:
    assert require_nature(None) is None
    with pytest.raises(UnknownNatureError):
        require_nature("magic")


def test_the_gravest_outcome_counts() -> None:
    assert worst_outcome([Outcome.NOTHING, Outcome.APPROVAL]) is Outcome.APPROVAL
    assert worst_outcome([Outcome.APPROVAL, Outcome.UNDETERMINED]) is Outcome.UNDETERMINED
    assert worst_outcome([]) is Outcome.UNDETERMINED
