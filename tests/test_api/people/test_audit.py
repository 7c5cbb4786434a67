"""What people do stands in the trail, with nothing secret in it, and nobody mends it unseen."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from layers.audit.audit_trail import AuditTrail, Deed, Search

AsPerson = Callable[[str], TestClient]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def newest(office: Workspace, text: str) -> Deed:
    entries, _ = office.audit.search(Search(text=text), 1)
    return entries[0].deed


def test_a_deed_names_who_from_where_what_and_with_what_result(
    office: Workspace, as_person: AsPerson
) -> None:
    made = as_person("planner").post("/api/v1/projects", json={"title": "geheimer Titel"})
    deed = newest(office, "POST /api/v1/projects")
    assert (deed.person, deed.way, deed.address) == ("planner", "session", "127.0.0.1")
    assert (deed.object, deed.version, deed.result) == (made.json()["id"], "1", "201")


def test_what_is_refused_stands_there_too(office: Workspace, as_person: AsPerson) -> None:
    as_person("reader").post("/api/v1/layers/zone/versions/1/withdraw", json={})
    deed = newest(office, "withdraw")
    assert (deed.person, deed.object, deed.version, deed.result) == ("reader", "zone 1", "1", "403")


def test_nothing_secret_stands_in_it(office: Workspace, as_person: AsPerson) -> None:
    admin = as_person("administrator")
    made = admin.post("/api/v1/people", json={"id": "audited", "roles": ["reader"]}).json()
    key = admin.post(
        "/api/v1/keys", json={"label": "k", "roles": ["administrator"], "days": 1}
    ).json()
    typed = {"name": "own-planner-word", "password": "another-secret-word"}
    admin.post("/api/v1/session", json=typed)
    text = admin.get("/api/v1/audit?limit=1000").text
    for secret in (made["password"], key["key"], key["key"][-43:], *typed.values()):
        assert secret not in text
    assert "audited" in text


def test_the_trail_is_searched_and_leaves_as_csv(office: Workspace, as_person: AsPerson) -> None:
    admin = as_person("administrator")
    as_person("planner").post("/api/v1/projects", json={"title": "B"})
    found = admin.get("/api/v1/audit?person=planner&text=projects").json()
    assert {one["person"] for one in found["entries"]} == {"planner"}
    assert admin.get("/api/v1/audit?until=2020-01-01T00:00:00Z").json()["count"] == 0
    table = admin.get("/api/v1/audit?format=csv&lang=en").content.decode("utf-8-sig")
    assert table.splitlines()[0].startswith("No.,Time (UTC),Person")
    assert as_person("reader").get("/api/v1/audit").status_code == 403


def test_a_verdict_carries_the_person_whatever_name_was_typed(
    office: Workspace, as_person: AsPerson
) -> None:
    ring = [[102.80, 24.96], [102.82, 24.96], [102.82, 24.98], [102.80, 24.96]]
    drawn = {"type": "Polygon", "coordinates": [ring]}
    geojson = {"content-type": "application/geo+json"}
    check = as_person("planner").post("/api/v1/checks", content=json.dumps(drawn), headers=geojson)
    finding = check.json()["sites"][0]["findings"][0]
    said = {
        "site_id": check.json()["sites"][0]["site_id"], "rule_id": finding["rule_id"],
        "layer_id": finding["layer_id"], "verdict": "undetermined", "reason": "现场核实",
        "name": "李四",
    }  # fmt: skip
    path = f"/api/v1/checks/{check.json()['id']}/overrides"
    answer = as_person("reviewer").post(path, json=said)
    assert answer.status_code == 201, answer.text
    assert [one["name"] for one in answer.json()["overrides"]] == ["Reviewer (reviewer)"]
    assert newest(office, "overrides").object.startswith(check.json()["id"])


@pytest.fixture
def trail(tmp_path: Path) -> AuditTrail:
    made = AuditTrail(tmp_path)
    for number in range(5):
        deed = Deed(person="a", way="key", address="::1", action="do", object=str(number))
        made.add(deed, NOW + timedelta(seconds=number))
    return made


def test_a_sound_trail_has_no_fault(trail: AuditTrail) -> None:
    assert trail.faults() == []
    assert trail.head().count == 5


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ("UPDATE entry SET person = 'b' WHERE number = 2", ["2"]),
        ("DELETE FROM entry WHERE number = 3", ["4"]),
        ("DELETE FROM entry WHERE number > 3", ["end"]),
        ("DELETE FROM entry", ["end"]),
        ("UPDATE entry SET digest = '0' WHERE number = 5", ["5", "head"]),
    ],
)
def test_what_is_changed_cut_out_or_cut_off_is_found(
    trail: AuditTrail, tmp_path: Path, change: str, faults: list[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "audit.sqlite")) as rows:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            rows.execute(change)
        rows.executescript("DROP TRIGGER entry_kept; DROP TRIGGER entry_stays;")
        rows.execute(change)
        rows.commit()
    assert trail.faults() == faults


def test_a_trail_that_is_gone_or_lost_its_head_is_found(trail: AuditTrail, tmp_path: Path) -> None:
    (tmp_path / "audit.head").rename(tmp_path / "aside")
    assert trail.faults() == ["head"]
    (tmp_path / "aside").rename(tmp_path / "audit.head")
    (tmp_path / "audit.sqlite").unlink()
    assert trail.faults() == ["end"]
