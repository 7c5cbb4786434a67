"""What each nature needs, by which clause. Oracle: the table asked cell by cell; cases by hand."""

import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.workspace import Workspace
from geo.model import Verdict
from layers.check.natures import load_natures
from maps.check.answers import CheckResult, NatureList
from maps.check.document import check_document, natures_document
from maps.document.terminal import text_of
from maps.i18n import tr


@pytest.fixture(scope="module")
def listed(shared_client: TestClient) -> NatureList:
    return NatureList.model_validate(shared_client.get("/api/v1/natures").json())


def test_every_need_and_every_open_cell_is_that_of_the_table(
    listed: NatureList, workspace: Workspace
) -> None:
    law = workspace.law(workspace.today())
    assert [one.id for one in listed.natures] == list(load_natures())
    assert set(listed.rules) == {rule.id for rule in law.rules}
    for nature in listed.natures:
        told = {need.rule_id: need.outcome for need in nature.needs}
        assert told.keys() | set(nature.open) == set(listed.rules)
        assert not told.keys() & set(nature.open)
        for rule in law.rules:
            conditions = rule.relation == "imposes_conditions"
            verdict = Verdict.CONDITIONAL if conditions else Verdict.CONFLICT
            found = law.decisions.decide(rule.id, rule.kind, verdict, nature.id)
            assert told.get(rule.id, "undetermined") == found.outcome


def test_every_need_names_a_clause_with_its_certainty(listed: NatureList) -> None:
    for nature in listed.natures:
        for need in nature.needs:
            source = listed.sources[need.source]
            assert source.document_zh
            # Only what this software itself proposes has no clause; None is one that nobody has seen.
            assert source.clause != "" or "本软件" in source.document_zh
            assert tr(f"certainty.{source.certainty}", "zh") in source.text("zh")
    (patrol,) = [one for one in listed.natures if one.id == "limited_patrol"]
    (red,) = [one for one in patrol.needs if one.rule_id == "ecological_red_line"]
    assert red.papers == ["opinion_for_new_land"]
    assert listed.sources[red.source].clause == "一、（一）第1项"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_listing_says_what_cannot_be_told_and_what_asks(listed: NatureList, lang: str) -> None:
    text = text_of(natures_document(listed, lang))
    for nature in listed.natures:
        assert nature.name.text(lang) in text
    assert [one.id for one in listed.natures if one.asks] == ["limited_activity"]
    assert text.count({"zh": "判定表没有该行", "en": "the table has no such row"}[lang]) > 10


def test_one_nature_at_the_terminal(built_store: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(built_store))
    done = CliRunner().invoke(app, ["natures", "--nature", "border_works", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "only where new building land" in done.output
    assert "Ordinary industry" not in done.output


def test_a_check_for_a_limited_activity_asks_which(shared_client: TestClient) -> None:
    shape = shapely.geometry.mapping(shapely.box(102.66, 24.80, 102.90, 25.02))
    body = {"type": "Feature", "properties": {}, "geometry": shape}
    asked = {
        name: CheckResult.model_validate(
            shared_client.post(f"/api/v1/checks?nature={name}", json=body).json()
        )
        for name in ("limited_activity", "limited_patrol")
    }
    by_rule = {
        name: {one.rule_id: one.decision for one in check.sites[0].findings}
        for name, check in asked.items()
    }
    assert by_rule["limited_activity"]["ecological_red_line"].outcome == "undetermined"
    patrol = by_rule["limited_patrol"]["ecological_red_line"]
    assert (patrol.outcome, patrol.source.clause) == ("approval", "一、（一）第1项")
    assert "limited_patrol" in text_of(check_document(asked["limited_activity"], "en"))
    text = text_of(check_document(asked["limited_patrol"], "zh"))
    assert "自然资发〔2022〕142号 一、（一）第1项" in text
