"""A rule that has ended is a finding at every door. Oracle: the rule's dates, made by hand."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from api.check.hard_lines import hard_lines
from api.check.plan_claim import check_claim
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import check_made_sites
from api.settings import Settings
from api.workspace.workspace import Workspace
from maps.check.finding import Finding
from maps.check.report.material import reasons_text

RULE = """
id: ecological_red_line
kind: ecological_red_line
relation: must_not_overlap
required: true
valid_to: 2026-01-01
demands_zh: 禁止
demands_en: none
tolerance: {width_m: 0.01, precision_factor: 3.0, area_m2: 200.0}
citation: {document_zh: 甲, document_en: a, number: 一, clause: 一, issued: null, certainty: general_knowledge, note_zh: 无, note_en: none}
"""
SITE = shapely.box(102.85, 24.98, 102.86, 24.99)


@pytest.fixture
def workspace(own_store: Path, tmp_path: Path) -> Workspace:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "ecological_red_line.yaml").write_text(RULE, encoding="utf-8")
    return Workspace(Settings(data_dir=own_store, rules_dir=folder))


def red(workspace: Workspace, day: str) -> tuple[Finding, str]:
    on = workspace.as_of(date.fromisoformat(day))
    result = check_made_sites(on, {"1": SITE}, "site", None)
    assert result.checked_on == day
    (found,) = [one for one in result.sites[0].findings if one.kind == "ecological_red_line"]
    return found, result.id


def test_a_check_of_a_day_is_by_the_rule_of_that_day(workspace: Workspace) -> None:
    held, _ = red(workspace, "2026-01-01")
    assert held.layer_id is not None
    ended, check_id = red(workspace, "2026-01-02")
    assert (ended.verdict, ended.reasons) == ("undetermined", ["rule_ended"])
    assert "2026-01-01" in reasons_text(ended, "zh")
    assert "2026-01-01" in reasons_text(ended, "en")
    assert verify_evidence(build_evidence(workspace, check_id), check_id).same


def test_the_claim_and_the_search_say_that_the_rule_has_ended(workspace: Workspace) -> None:
    later = workspace.as_of(date(2026, 1, 2))
    claim = check_claim(later)
    assert claim.holds is not True
    for unit in claim.units:
        if unit.findings:
            assert [f for f in unit.findings if f.reasons == ["rule_ended"]]
    assert "ecological_red_line" in hard_lines(later, SITE).untold
    earlier = workspace.as_of(date(2026, 1, 1))
    assert "ecological_red_line" not in hard_lines(earlier, SITE).untold


def test_law_of_an_older_day_is_cited_for_it(workspace: Workspace) -> None:
    cited = {}
    for day in ("2026-02-10", "2026-02-11"):
        result = check_made_sites(workspace.as_of(date.fromisoformat(day)), {"1": SITE}, "s", None)
        (found,) = [
            one for one in result.sites[0].findings if one.kind == "urban_development_boundary"
        ]
        cited[day] = found.citation.number
    assert cited == {
        "2026-02-10": "自然资发〔2023〕193号",
        "2026-02-11": "自然资规〔2026〕1号",
    }
