"""A way back: withdraw and restore at both doors.

Oracles: the verdict of the same site before; files and answers that must be as they were.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.proof.evidence import build_evidence
from api.check.stale.find import StaleScope, find_stale
from api.cli import app
from api.workspace.doctor import examine
from api.workspace.workspace import Workspace
from layers.model import ignore_progress
from maps.data.withdrawal_answers import VersionStanding
from maps.data.withdrawal_document import standing_document
from maps.document.terminal import text_of
from maps.numbers import day_and_time

SAID = {"name": "李某", "reason": "坐标有误"}
WHO = ["--name", SAID["name"], "--reason", SAID["reason"]]
FACTS = {"id": "red", "kind": "ecological_red_line", "title": "红线", "source": "某局"}
SITE = shapely.box(102.800, 24.950, 102.802, 24.952)
BESIDE = shapely.box(102.810, 24.950, 102.812, 24.952)


def send(client: TestClient, shape: shapely.Geometry) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    form = {**FACTS, "covers": "53", "accept": "true"}
    answer = client.post("/api/v1/layers", data=form, files={"file": ("a.geojson", data)})
    assert answer.status_code == 201, answer.text
    return answer.json()["layer"]


def finding(client: TestClient) -> tuple[str, dict[str, Any]]:
    check = client.post("/api/v1/checks", json=json.loads(shapely.to_geojson(SITE))).json()
    (red,) = [one for one in check["sites"][0]["findings"] if one["kind"] == FACTS["kind"]]
    return check["id"], red


def say(client: TestClient, word: str, version: int = 1, **said: str) -> Any:
    return client.post(f"/api/v1/layers/red/versions/{version}/{word}", json={**SAID, **said})


@pytest.mark.slow
def test_the_former_version_answers_again_and_what_rested_is_listed(client: TestClient) -> None:
    send(client, BESIDE)
    before, clear = finding(client)
    send(client, SITE)
    during, conflict = finding(client)
    assert (clear["verdict"], conflict["verdict"]) == ("clear", "conflict")
    answer = say(client, "withdraw", 2).json()
    assert answer["in_use"] == "1"
    assert answer["cannot_tell"] is None
    assert [(one["what"], one["id"], one["verdict"]) for one in answer["resting"]] == [
        ("check", during, "conflict")
    ]
    after, again = finding(client)
    assert (after, again["verdict"], again["layer_version"]) == (before, "clear", 1)
    listed = client.get("/api/v1/layers/red/versions").json()["layers"]
    assert [(one["version"], one["in_use"]) for one in listed] == [(2, False), (1, True)]
    (said,) = listed[0]["withdrawals"]
    assert {name: said[name] for name in SAID} == SAID
    assert say(client, "restore", 2, reason="核实无误").json()["in_use"] == "2"
    assert finding(client)[0] == during


def test_no_demonstration_takes_the_place_of_what_was_withdrawn(
    client: TestClient, workspace: Workspace
) -> None:
    assert finding(client)[1]["layer_status"] == "demonstration"
    send(client, BESIDE)
    answer = say(client, "withdraw").json()
    assert answer["in_use"] is None
    assert answer["cannot_tell"] == FACTS["kind"]
    assert answer["kind_title"]["zh"] == "生态保护红线"
    printed = text_of(standing_document(VersionStanding.model_validate(answer), "zh"))
    assert "生态保护红线已没有可用的图层" in printed
    assert f"{day_and_time(answer['steps'][0]['at'])}，理由" in printed
    _, red = finding(client)
    assert (red["verdict"], red["reasons"]) == ("undetermined", ["layer_withdrawn"])
    assert red["layer_id"] is None
    # Still listed, and nobody takes it for one in use.
    listed = {one["id"]: one for one in client.get("/api/v1/layers").json()["layers"]}
    assert listed["red"]["withdrawals"]
    assert not listed["red"]["in_use"]
    assert not listed["demo_ecological_red_line"]["in_use"]
    gone = client.get("/api/v1/layers/red/features")
    assert (gone.status_code, gone.json()["code"]) == (409, "layers.store.all_withdrawn")
    assert gone.json()["params"]["name"] == SAID["name"]
    # It is no damage, and the doctor knows of it.
    health = examine(workspace)
    assert health.sound, health.findings
    assert [(one.what, one.id, one.version) for one in health.withdrawn] == [("layer", "red", "1")]


def test_a_lost_catalogue_takes_no_withdrawal_with_it(own_store: Path, client: TestClient) -> None:
    send(client, BESIDE)
    say(client, "withdraw")
    wanted = finding(client)
    for path in own_store.glob("catalogue.sqlite*"):
        path.unlink()
    runner = CliRunner(env={"FTZGIS_DATA_DIR": str(own_store)})
    done = runner.invoke(app, ["doctor", "--rebuild", "--json"])
    assert done.exit_code == 0, done.output
    shown = runner.invoke(app, ["layers", "history", "red", "--json"])
    (version,) = json.loads(shown.stdout)["layers"]
    assert version["withdrawals"][0]["reason"] == SAID["reason"]
    assert wanted[1]["reasons"] == ["layer_withdrawn"]


@pytest.mark.slow
def test_evidence_verifies_and_says_that_it_rests_on_a_withdrawn_version(
    client: TestClient, workspace: Workspace, tmp_path: Path, own_store: Path
) -> None:
    send(client, SITE)
    check_id, _ = finding(client)
    old = build_evidence(workspace, check_id)
    say(client, "withdraw")
    new = build_evidence(workspace, check_id)
    for data, here in ((old, True), (new, True), (new, False)):
        path = tmp_path / "evidence.zip"
        path.write_bytes(data)
        # Without a store only evidence that was made afterwards can say so.
        folder = own_store if here else tmp_path / "elsewhere"
        runner = CliRunner(env={"FTZGIS_DATA_DIR": str(folder)})
        done = runner.invoke(app, ["verify", str(path), "--json"])
        answer = json.loads(done.stdout)
        assert (done.exit_code, answer["same"]) == (0, True), answer["differences"]
        (withdrawn,) = answer["withdrawn"]
        assert (withdrawn["layer_id"], withdrawn["version"]) == ("red", 1)
        assert withdrawn["step"]["reason"] == SAID["reason"]
        assert (folder / "catalogue.sqlite").exists() is here
    over_http = client.post("/api/v1/evidence/verify", files={"file": ("e.zip", old)}).json()
    assert over_http["withdrawn"] == answer["withdrawn"]
    shown = client.get(f"/api/v1/checks/{check_id}").json()
    assert shown["withdrawn"] == answer["withdrawn"]
    for lang, word in (("zh", "其后被撤回"), ("en", "withdrawn later")):
        report = client.get(f"/api/v1/checks/{check_id}/report.html?lang={lang}")
        assert word in report.text
    say(client, "restore")
    assert client.get(f"/api/v1/checks/{check_id}").json()["withdrawn"] == []


def test_past_checks_that_would_come_out_otherwise_are_named(
    client: TestClient, workspace: Workspace
) -> None:
    send(client, BESIDE)
    send(client, SITE)
    check_id, _ = finding(client)
    say(client, "withdraw", 2)
    (one,) = find_stale(workspace, StaleScope(), ignore_progress).checks
    assert (one.check_id, one.state) == (check_id, "changed")
    assert "layer_withdrawn" in one.causes


REFUSALS = [
    ("layers", "red", 7, "withdraw", {}, "layers.store.unknown_version", 404),
    ("layers", "blue", 1, "withdraw", {}, "layers.store.unknown_layer", 404),
    ("layers", "red", 1, "restore", {}, "layers.store.not_withdrawn", 422),
    ("layers", "red", 1, "withdraw", {"name": " "}, "api.request.invalid", 422),
    ("layers", "red", 1, "withdraw", {"reason": ""}, "api.request.invalid", 422),
    ("rasters", "demo_dem_kunming", 9, "withdraw", {}, "layers.rasters.unknown", 404),
    ("rasters", "demo_dem_kunming", 1, "restore", {}, "layers.store.not_withdrawn", 422),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_doors_refuse_alike(client: TestClient, own_store: Path, lang: str) -> None:
    send(client, BESIDE)
    runner = CliRunner(env={"FTZGIS_DATA_DIR": str(own_store), "FTZGIS_LANG": lang})
    for room, of, number, word, wrong, code, status in REFUSALS:
        said = {**SAID, **wrong}
        path = f"/api/v1/{room}/{of}/versions/{number}/{word}"
        over_http = client.post(path, json=said, headers={"accept-language": lang})
        assert over_http.status_code == status, over_http.text
        assert over_http.json()["code"] == code
        options = [f"--{name}={text}" for name, text in said.items()]
        done = runner.invoke(app, [room, word, of, str(number), *options, "--json"])
        assert done.exit_code == 2, done.output
        assert json.loads(done.stdout) == over_http.json()


def test_a_raster_is_withdrawn_by_command_and_the_words_say_it(
    own_store: Path, workspace: Workspace
) -> None:
    runner = CliRunner(env={"FTZGIS_DATA_DIR": str(own_store)})
    (dem,) = [one for one in workspace.rasters.current() if one.spec.kind == "dem"][:1]
    words = [dem.raster_id, "1", *WHO]
    done = runner.invoke(app, ["rasters", "withdraw", *words])
    assert done.exit_code == 0, done.output
    assert "李某" in done.stdout
    assert "已没有可用的版本" in done.stdout
    again = runner.invoke(app, ["rasters", "withdraw", *words])
    assert again.exit_code == 2
    assert "李某" in again.output
    listed = runner.invoke(app, ["rasters", "list"]).stdout
    assert "已撤回" in listed
    assert runner.invoke(app, ["rasters", "restore", *words]).exit_code == 0
    assert workspace.rasters.get(dem.raster_id).number == 1
