"""Projects over HTTP and at the terminal. Oracles: what was sent, and the other door."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.doctor import examine
from api.workspace.purge import purge
from api.workspace.workspace import Workspace

URL = "/api/v1/projects"
SQUARE = [[102.7, 24.9], [102.71, 24.9], [102.71, 24.91], [102.7, 24.9]]
CONTENT = {
    "title": "官渡南片 <b>",
    "notes": "先看二号地",
    "area": {"name": "官渡区", "county": "530111", "geometry": None},
    "sites": [
        {"id": "1", "name": "一号地", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    ],
    "alternatives": [{"id": "a", "name": "甲案", "site_ids": ["1"], "note": ""}],
    "layers": ["counties"],
    "weights": {"slope": 2.0},
    "view": {"tab": "expand"},
    "fields": {"siting-form.least_ha": "20", "swap": True},
    "files": [
        {"field": "siting-constraints", "name": "约束.yaml", "size_bytes": 12,
         "data": "bmFtZToge3poOiB9"},
        {"field": "ground-file", "name": "大.gpkg", "size_bytes": 9_000_000, "data": None},
    ],
    "results": [
        {"what": "task", "id": "f" * 32, "kind": "search", "title": "官渡区",
         "at": "2026-11-29T08:00:00+00:00", "said": {"least_ha": "20"}}
    ],
}  # fmt: skip


def begin(client: TestClient, **more: object) -> dict:
    answer = client.post(URL, json={"content": {**CONTENT, **more}})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_project_is_opened_as_it_was_kept(client: TestClient) -> None:
    made = begin(client)
    shown = client.get(f"{URL}/{made['id']}").json()
    assert shown["content"] == CONTENT
    assert (shown["version"], shown["can_undo"], shown["can_redo"]) == (1, False, False)
    # A result that is not kept here is named, and is no silent link into nothing.
    assert shown["missing"] == ["f" * 32]
    (row,) = client.get(URL).json()["projects"]
    assert (row["id"], row["title"], row["sites"]) == (made["id"], CONTENT["title"], 1)


def test_changes_are_undone_redone_and_returned_to_and_all_stay(client: TestClient) -> None:
    of = begin(client)["id"]
    for base, notes in ((1, "b"), (2, "c")):
        body = {"base": base, "content": {**CONTENT, "notes": notes}}
        assert client.post(f"{URL}/{of}/versions", json=body).status_code == 201

    def step(verb: str, base: int, **more: int) -> str:
        answer = client.post(f"{URL}/{of}/{verb}", json={"base": base, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()["content"]["notes"]

    assert step("undo", 3) == "b"
    assert step("undo", 4) == CONTENT["notes"]
    assert step("redo", 5) == "b"
    assert step("revert", 6, version=3) == "c"
    assert step("undo", 7) == "b"
    refused = client.post(f"{URL}/{of}/redo", json={"base": 3})
    assert refused.status_code == 409
    history = client.get(f"{URL}/{of}/versions").json()
    assert [one["action"] for one in history["versions"]] == [
        "undo", "return", "redo", "undo", "undo", "edit", "edit", "edit",
    ]  # fmt: skip
    assert client.get(f"{URL}/{of}?version=3").json()["content"]["notes"] == "c"


def test_two_who_save_at_once_lose_nothing(client: TestClient) -> None:
    of = begin(client)["id"]
    answers: list[tuple[str, int, dict]] = []

    def save(notes: str) -> None:
        body = {"base": 1, "content": {**CONTENT, "notes": notes}}
        answer = client.post(f"{URL}/{of}/versions", json=body)
        answers.append((notes, answer.status_code, answer.json()))

    threads = [threading.Thread(target=save, args=(f"n{at}",)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    won = [notes for notes, status, _ in answers if status == 201]
    assert len(won) == 1
    assert client.get(f"{URL}/{of}").json()["content"]["notes"] == won[0]
    for notes, status, body in answers:
        if status != 201:
            assert (status, body["code"]) == (409, "layers.project.conflict")
            kept = client.get(f"{URL}/{body['params']['kept_as']}").json()
            assert kept["content"]["notes"] == notes


def test_a_file_is_opened_elsewhere_and_a_damaged_or_foreign_one_is_refused(
    client: TestClient, tmp_path: Path
) -> None:
    of = begin(client)["id"]
    sent = client.get(f"{URL}/{of}/export")
    assert ".ftzproject" in sent.headers["content-disposition"]
    opened = client.post(f"{URL}/open", files={"file": ("a.ftzproject", sent.content)})
    assert opened.status_code == 201, opened.text
    assert opened.json()["id"] != of
    assert opened.json()["content"] == CONTENT
    broken = bytearray(sent.content)
    at = broken.index(b"project.json") + 40
    broken[at] ^= 0xFF
    for lang, word in (("zh", "重新发送"), ("en", "sent again")):
        refused = client.post(
            f"{URL}/open", files={"file": ("a.ftzproject", bytes(broken))},
            headers={"accept-language": lang},
        )  # fmt: skip
        assert refused.status_code == 422
        assert refused.json()["code"] in {
            "layers.project.damaged_file", "layers.project.no_file"
        }  # fmt: skip
        if refused.json()["code"].endswith("damaged_file"):
            assert word in refused.json()["detail"]
    foreign = client.post(f"{URL}/open", files={"file": ("a.docx", b"PK\x03\x04 nothing")})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "layers.project.no_file")
    count = len(client.get(URL).json()["projects"])
    assert count == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"unknown": 1}, "unknown"),
        ({"weights": {"slope": -1}}, "weights.slope"),
        ({"sites": [{"id": "1", "name": "x", "geometry": {"type": "Point", "coordinates": [1, 2]}}]}, "sites.0.geometry"),
        ({"sites": [{"id": "1", "name": "x", "geometry": {"type": "Polygon", "coordinates": [[["a", 2]]]}}]}, "sites.0.geometry"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_nothing_of_it_is_dropped(
    client: TestClient, change: dict, field: str
) -> None:
    answer = client.post(URL, json={"content": {**CONTENT, **change}})
    assert answer.status_code == 422
    assert answer.json()["params"]["field"] == field
    assert client.get(URL).json()["projects"] == []


def test_a_project_is_withdrawn_told_purged_and_its_results_stay(
    workspace: Workspace, client: TestClient
) -> None:
    site = {"type": "Polygon", "coordinates": [SQUARE]}
    check = client.post("/api/v1/checks", json=site).json()
    result = {"what": "check", "id": check["id"], "kind": check["verdict"], "at": "2026-11-29"}
    of = begin(client, results=[result])["id"]
    assert client.get(f"{URL}/{of}").json()["missing"] == []

    def older() -> Workspace:
        later = workspace.now() + timedelta(days=60)
        return Workspace(workspace.settings, now=lambda: later)

    kept = purge(older(), 30, ("checks", "projects"), sure=False)
    assert {one.id: one.stays for one in kept.stays}[check["id"]] == "named_by_project"
    assert of not in {one.id for one in kept.entries}
    said = {"name": "李某", "reason": "重复"}
    assert client.post(f"{URL}/{of}/withdraw", json=said).status_code == 200
    body = {"base": 1, "content": CONTENT}
    assert client.post(f"{URL}/{of}/versions", json=body).status_code == 410
    assert [one.id for one in examine(workspace).withdrawn] == [of]
    gone = purge(older(), 30, ("projects",), sure=True)
    assert [one.id for one in gone.entries] == [of]
    assert client.get(f"{URL}/{of}").status_code == 404
    assert examine(workspace).sound


def test_a_changed_byte_of_a_version_is_found_and_told(
    workspace: Workspace, client: TestClient
) -> None:
    of, other = begin(client)["id"], begin(client, title="乙")["id"]
    path = workspace.settings.data_dir / "projects" / of / "v000001.json"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert [(one.what, one.name) for one in examine(workspace).findings] == [
        ("project", f"{of}/v000001.json")
    ]
    listed = client.get(URL).json()
    assert [one["id"] for one in listed["projects"]] == [other]
    assert listed["damaged"] == [of]
    assert client.get(f"{URL}/{of}").status_code == 500


def test_the_terminal_has_the_same_projects(
    workspace: Workspace, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(workspace.settings.data_dir))
    of = begin(client)["id"]
    done = CliRunner().invoke(app, ["projects", "show", of, "--json"])
    assert json.loads(done.stdout) == client.get(f"{URL}/{of}").json()
    values = tmp_path / "content.json"
    values.write_text(json.dumps({**CONTENT, "notes": "终端"}), encoding="utf-8")
    done = CliRunner().invoke(app, ["projects", "save", of, "--base", "1", "--file", str(values)])
    assert done.exit_code == 0, done.output
    assert client.get(f"{URL}/{of}").json()["content"]["notes"] == "终端"
    file = tmp_path / "a.ftzproject"
    done = CliRunner().invoke(app, ["projects", "export", of, "--output", str(file)])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(app, ["projects", "open", str(file), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "not kept on this server" not in done.output or "f" * 32 in done.output
    assert len(client.get(URL).json()["projects"]) == 2


def test_two_tasks_of_a_kind_say_what_they_were_asked(client: TestClient) -> None:
    asked = [{"county": "530111", "least_ha": ha, "width_m": 200.0} for ha in (20.0, 30.0)]
    for one in asked:
        assert client.post("/api/v1/sites/search", json=one).status_code == 202
    told = [one["asked"] for one in client.get("/api/v1/tasks").json()["tasks"]]
    # The clock of the tests stands still, so that the order says nothing.
    assert sorted(told, key=lambda one: one["least_ha"]) == asked


@pytest.mark.parametrize("field", ["地块名称", "name", "MC", "ZDMC", "DKMC"])
def test_a_site_has_the_name_that_its_file_gives_it(client: TestClient, field: str) -> None:
    feature = {
        "type": "Feature", "properties": {field: "一号地"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    check = client.post("/api/v1/checks", files={"file": ("a.geojson", data)}).json()
    assert check["sites"][0]["name"] == "一号地"


def test_tasks_of_a_project_are_listed_and_lost_ones_named(client: TestClient) -> None:
    started = client.post("/api/v1/audits").json()["id"]
    kept = {"what": "task", "id": started, "kind": "audit", "title": "", "at": "2026", "said": {}}
    of = begin(client, results=[kept, *CONTENT["results"]])["id"]
    client.post("/api/v1/audits")
    found = client.get(f"{URL}/{of}/tasks").json()
    assert [one["id"] for one in found["tasks"]] == [started]
    assert found["missing"] == ["f" * 32]
    assert client.get(f"{URL}/nothing/tasks").status_code == 404
