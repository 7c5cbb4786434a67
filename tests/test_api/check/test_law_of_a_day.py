"""A rule that has ended is a finding at every door. Oracle: the rule's dates, made by hand."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import CliRunner

from api.check.hard_lines import hard_lines, name_unknown_lines
from api.check.plan_claim import check_claim
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import check_made_sites
from api.cli import app
from api.settings import PREFIX, Settings
from api.workspace.workspace import Workspace
from maps.check.document import check_document
from maps.check.finding import Finding
from maps.check.report.material import reasons_text
from maps.document.terminal import text_of
from maps.expansion.answers import AvoidanceReport
from maps.expansion.sites_document import avoidance_document
from maps.i18n import tr

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


def test_a_day_to_come_is_said_to_be_one(workspace: Workspace) -> None:
    made = {
        day: check_made_sites(workspace.as_of(day), {"1": SITE}, "site", None)
        for day in (date(2999, 1, 1), date(2026, 1, 1))
    }
    assert [one.ahead for one in made.values()] == [True, False]
    said = [text_of(check_document(one, "en")) for one in made.values()]
    assert ["2999-01-01 had not come" in text for text in said] == [True, False]
    check_id = made[date(2999, 1, 1)].id
    assert verify_evidence(build_evidence(workspace, check_id), check_id).same


def test_the_claim_and_the_search_say_that_the_rule_has_ended(workspace: Workspace) -> None:
    later = workspace.as_of(date(2026, 1, 2))
    claim = check_claim(later)
    assert claim.holds is not True
    for unit in claim.units:
        if unit.findings:
            assert [f for f in unit.findings if f.reasons == ["rule_ended"]]
    (red,) = name_unknown_lines(hard_lines(later, SITE).untold)
    assert (red.kind, red.reason, red.law_day) == ("ecological_red_line", "rule_ended", HELD)
    earlier = workspace.as_of(date(2026, 1, 1))
    assert hard_lines(earlier, SITE).untold == ()


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


@pytest.fixture
def command(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    """A command on a day, with SITE and a neighbour in one file; returns its JSON."""
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(workspace.settings.data_dir))
    monkeypatch.setenv(f"{PREFIX}RULES_DIR", str(workspace.settings.rules_dir))
    shapes = [SITE, shapely.box(102.86, 24.98, 102.87, 24.99)]
    features = [
        {
            "type": "Feature",
            "properties": {"name": str(at)},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for at, shape in enumerate(shapes)
    ]
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def run(name: str, day: str, *more: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, [name, str(file), "--on", day, "--json", *more])
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


HELD, ENDED = "2026-01-01", "2026-01-02"


def test_a_batch_of_a_day_is_by_the_rule_of_that_day(command, tmp_path: Path) -> None:
    said = {}
    for day in (HELD, ENDED):
        answer = command("batch", day, "-o", str(tmp_path / day))
        assert answer["batch"]["checked_on"] == day
        kept = json.loads((tmp_path / day / "results.json").read_text("utf-8"))
        (file,) = kept["files"]
        said[day] = [
            finding["reasons"]
            for site in file["check"]["sites"]
            for finding in site["findings"]
            if finding["kind"] == "ecological_red_line"
        ]
        red = next(one for one in answer["lines"] if one["kind"] == "ecological_red_line")
        assert ("undetermined" in red["verdicts"]) == (day == ENDED)
    assert said[ENDED] == [["rule_ended"], ["rule_ended"]]
    assert len(said[HELD]) == 2
    assert ["rule_ended"] not in said[HELD]


def test_an_avoidance_of_a_day_is_from_the_lines_of_that_day(command) -> None:
    said = {day: command("avoid", day) for day in (HELD, ENDED)}
    assert said[HELD]["untold"] == []
    (red,) = said[ENDED]["untold"]
    assert (red["kind"], red["reason"]) == ("ecological_red_line", "rule_ended")
    for lang, name in (("zh", "生态保护红线"), ("en", "Ecological red line")):
        text = text_of(avoidance_document(AvoidanceReport.model_validate(said[ENDED]), lang))
        # Why, by name and day: "import a layer" would not help.
        assert f"{name} ({tr('reasons.rule_ended', lang)}, {HELD})" in text
    # What no rule speaks of keeps nothing clear: the outcome cannot be told.
    before = {
        day: [site["before"]["verdict"] for site in one["sites"]] for day, one in said.items()
    }
    assert before[ENDED] == ["undetermined", "undetermined"]
    assert "undetermined" not in before[HELD]


@pytest.mark.slow
def test_a_ranking_of_a_day_is_by_the_checks_of_that_day(command, workspace: Workspace) -> None:
    said = {day: command("rank", day) for day in (HELD, ENDED)}
    for day, answer in said.items():
        checks = [workspace.archive.get(site["check"]["check_id"]) for site in answer["sites"]]
        assert {one.checked_on for one in checks} == {day}
        reasons = [
            finding.reasons
            for one in checks
            for site in one.sites
            for finding in site.findings
            if finding.kind == "ecological_red_line"
        ]
        assert all((found == ["rule_ended"]) == (day == ENDED) for found in reasons)
        assert reasons
    # What an ended rule leaves open is no ground that is known to be clear, nor a distance.
    for fact in ("clear_share_pct", "hard_line_m"):
        held, ended = (said[day]["sites"][0]["facts"][fact] for day in (HELD, ENDED))
        assert held["value"] is not None
        assert (ended["value"], ended["reason"]) == (None, "lines_untold")
        assert ended["bounds"][0] == 0.0
