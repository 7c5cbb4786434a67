"""A reviewer's verdict stands beside the computed one. Oracle: what was recorded."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.batch.run import BatchTerms, entries_of, run_batch
from api.check.override import OverrideRequest, override_finding, reviewed_check
from api.cli import app
from api.workspace.workspace import Workspace
from geo.check.verdict import gravity
from geo.model import Verdict
from layers.model import ReadOptions
from maps.check.batch_answers import Batch, BatchWritten
from maps.check.batch_document import batch_document, batch_summary
from maps.check.report.material import CheckMaterial, SitePictures, reviewed_text
from maps.check.report.report import check_report
from maps.document.terminal import text_of as terminal_text
from maps.i18n import LANGUAGES, tr

RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]]
URL = "/api/v1/checks"


@pytest.fixture
def check(client: TestClient) -> dict:
    body = {"type": "Polygon", "coordinates": [[*RING, RING[0]]]}
    return client.post(URL, json=body).json()


def said(check: dict, **other: object) -> dict:
    finding = next(f for f in check["sites"][0]["findings"] if f["verdict"] == "conflict")
    return {
        "site_id": check["sites"][0]["site_id"], "rule_id": finding["rule_id"],
        "layer_id": finding["layer_id"], "verdict": "contact", "reason": "界线已据实测更正", "name": "张三",
        **other,
    }  # fmt: skip


def overridden(check: dict) -> list[dict]:
    return [f for f in check["sites"][0]["findings"] if f["override"]]


def test_both_verdicts_are_told_and_nothing_is_replaced(client: TestClient, check: dict) -> None:
    body = said(check)
    answer = client.post(f"{URL}/{check['id']}/overrides", json=body)
    assert answer.status_code == 201
    again = client.get(f"{URL}/{check['id']}").json()
    assert answer.json() == again
    (finding,) = overridden(again)
    assert finding["verdict"] == "conflict"
    assert finding["override"] | {"at": ""} == body | {"at": ""}
    assert finding["override"]["at"].startswith("2026-11-23T")
    assert again["verdict"] == check["verdict"]
    # A second thought is added; the first stays in the record.
    client.post(
        f"{URL}/{check['id']}/overrides", json=said(check, verdict="conflict", reason="复核")
    )
    last = client.get(f"{URL}/{check['id']}").json()
    assert [one["verdict"] for one in last["overrides"]] == ["contact", "conflict"]
    assert overridden(last)[0]["override"]["reason"] == "复核"


def test_the_reviewed_verdict_counts_the_others_as_computed(
    client: TestClient, check: dict
) -> None:
    for finding in check["sites"][0]["findings"]:
        # What was measured may be accepted, never be called clear.
        verdict = "contact" if finding["overlap_area_m2"] else "clear"
        body = said(
            check, rule_id=finding["rule_id"], layer_id=finding["layer_id"], verdict=verdict
        )
        last = client.post(f"{URL}/{check['id']}/overrides", json=body).json()
        computed = {f["verdict"] for f in last["sites"][0]["findings"] if not f["override"]}
        if "conflict" in computed:
            assert last["reviewed_verdict"] == "conflict"
    assert last["reviewed_verdict"] == last["sites"][0]["reviewed_verdict"] == "contact"
    assert last["verdict"] == "conflict"


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"verdict": "fine"}, 422, "api.override.invalid"),
        ({"reason": "  "}, 422, "api.override.invalid"),
        ({"name": ""}, 422, "api.override.invalid"),
        ({"name": "字" * 101}, 422, "api.override.invalid"),
        ({"verdict": "clear"}, 422, "api.override.overlap_is_not_clear"),
        ({"site_id": "other"}, 404, "api.override.unknown_finding"),
        ({"rule_id": "other"}, 404, "api.override.unknown_finding"),
        ({"layer_id": None}, 404, "api.override.unknown_finding"),
    ],
)
def test_an_override_must_say_who_why_and_of_what(
    client: TestClient, check: dict, wrong: dict, status: int, code: str
) -> None:
    answer = client.post(f"{URL}/{check['id']}/overrides?lang=zh", json=said(check, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(f"{URL}/{check['id']}").json()["overrides"] == []


def test_an_unknown_check_cannot_be_overridden(client: TestClient, check: dict) -> None:
    assert client.post(f"{URL}/{'0' * 16}/overrides", json=said(check)).status_code == 404


def test_the_evidence_holds_what_reviewers_said(client: TestClient, check: dict) -> None:
    client.post(f"{URL}/{check['id']}/overrides", json=said(check))
    data = client.get(f"{URL}/{check['id']}/evidence").content
    with zipfile.ZipFile(BytesIO(data)) as bundle:
        assert "界线已据实测更正" in bundle.read("overrides.json").decode("utf-8")


def test_the_command_line_records_and_prints_both(
    client: TestClient, check: dict, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    body = said(check)
    answer = CliRunner().invoke(
        app,
        ["override", check["id"], "--site-id", body["site_id"], "--rule-id", body["rule_id"],
         "--layer-id", body["layer_id"], "--verdict", "contact", "--reason", body["reason"],
         "--name", body["name"]],
    )  # fmt: skip
    assert answer.exit_code == 1, answer.output
    assert "审查人改判：技术性接触（张三" in answer.output
    # The row shows both, the computed one first.
    assert "冲突（改判：技术性接触）" in answer.output
    assert "冲突" in answer.output


def test_an_override_is_dated_in_china_and_never_before_its_check(
    client: TestClient, check: dict, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By hand: 17:30 UTC of the 23rd is half past one of the 24th in China.
    def clock(*time: int) -> None:
        monkeypatch.setattr(workspace, "_now", lambda: datetime(*time, tzinfo=UTC))

    clock(2026, 11, 23, 17, 30)
    url = f"{URL}/{check['id']}/overrides"
    (first,) = client.post(url, json=said(check)).json()["overrides"]
    assert first["at"] == "2026-11-24T01:30:00+08:00"
    clock(2026, 11, 20)
    late = client.post(url, json=said(check))
    assert (late.status_code, late.json()["code"]) == (422, "api.override.before_check")


def test_the_cover_of_the_report_says_both_in_its_headline(
    client: TestClient, check: dict, workspace: Workspace
) -> None:
    client.post(f"{URL}/{check['id']}/overrides", json=said(check))
    result = reviewed_check(workspace, check["id"]).model_copy(
        update={"reviewed_verdict": "contact"}
    )
    material = CheckMaterial(
        check=result, layers=(), location=None,
        sites=(SitePictures(relation=None, enlarged={}),),
    )  # fmt: skip
    assert check_report(material, "zh").cover.conclusion.text == "冲突（改判：技术性接触）"


def test_a_batch_says_both_verdicts_in_every_cell(workspace: Workspace, tmp_path: Path) -> None:
    """Oracle: the review that was given, beside the verdict of the batch before it."""
    path = tmp_path / "a.geojson"
    path.write_text(
        json.dumps({"type": "Polygon", "coordinates": [[*RING, RING[0]]]}), encoding="utf-8"
    )
    terms = BatchTerms(options=ReadOptions(), nature=None)

    def run() -> Batch:
        entries = entries_of([path], workspace.limits, leave_out=tmp_path / "out")
        return run_batch(workspace, entries, terms, lambda *_: None)

    (file,) = run().files
    assert file.check
    site = file.check.sites[0]
    gravest = min(site.findings, key=lambda one: gravity(one.verdict))
    request = OverrideRequest(
        site_id=site.site_id, rule_id=gravest.rule_id, layer_id=gravest.layer_id,
        verdict=Verdict.CONTACT, reason="现场核实", name="李",
    )  # fmt: skip
    override_finding(workspace, file.check.id, request)
    again = run()
    for lang in LANGUAGES:
        both = reviewed_text(gravest.verdict, "contact", lang)
        tables = {
            block.id: block
            for section in batch_document(again, lang).sections
            for block in section.blocks
        }
        findings = tables[tr("book.sheet_findings", lang)]
        assert both in str(findings.rows)
        assert both in str(tables[tr("book.sheet_matrix", lang)].rows)
        (row,) = tables[tr("book.sheet_sites", lang)].rows
        assert tr(f"verdicts.{site.verdict}", lang) in str(row)
        reviewed = again.files[0].check.sites[0].reviewed_verdict
        assert reviewed_text(site.verdict, reviewed, lang) in str(row)
        written = BatchWritten(
            batch=again, lines=[], verdicts={}, reviewed_verdicts={str(reviewed): 1},
            conditions=0, contacts=0, outputs=[],
        )  # fmt: skip
        said = tr("cli.batch_reviewed", lang, counts=f"{tr(f'verdicts.{reviewed}', lang)} 1")
        assert said in terminal_text(batch_summary(written, lang))
