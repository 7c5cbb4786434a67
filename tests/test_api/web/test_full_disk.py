"""A full disk is said in words at every door, and nothing is kept by halves."""

import errno
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.errors import NoAccountsError, OpenToAllError, ServedAlreadyError, is_disk_full
from api.serve import only_server_of, require_people
from api.workspace.workspace import Workspace
from layers.people.people_store import PeopleStore

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_no_room_is_507_and_the_store_is_as_it_was(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workspace.projects

    def refuse(*_: object) -> None:
        raise FULL

    monkeypatch.setattr("layers.store.durable._sync_file", refuse)
    answer = client.post("/api/v1/projects", json={"title": "A"}, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (507, "api.disk.full")
    assert "disk is full" in answer.json()["detail"]
    monkeypatch.undo()
    assert client.get("/api/v1/projects").json()["projects"] == []
    assert before is workspace.projects


def test_readiness_says_that_the_disk_is_full(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.app.state.ready = True
    assert client.get("/readyz").json() == {"status": "ready"}
    usage = type("Usage", (), {"free": 1000})()
    monkeypatch.setattr("api.web.health.shutil.disk_usage", lambda _: usage)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "disk_full"})


def test_it_is_found_however_it_was_wrapped() -> None:
    wrapped = ValueError("wrapped")
    wrapped.__cause__ = FULL
    assert is_disk_full(wrapped)
    assert is_disk_full(RuntimeError("(sqlite3.OperationalError) database or disk is full"))
    assert not is_disk_full(OSError(errno.EACCES, "no"))


def test_a_folder_has_one_server_at_a_time(tmp_path: Path) -> None:
    with only_server_of(tmp_path), pytest.raises(ServedAlreadyError), only_server_of(tmp_path):
        pass
    with only_server_of(tmp_path):
        pass


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "gis.example"])  # noqa: S104
def test_other_addresses_need_accounts_or_a_word(tmp_path: Path, host: str) -> None:
    people = PeopleStore(tmp_path)
    for access in (None, "open"):
        with pytest.raises(OpenToAllError):
            require_people(people, access, host, trusted=False)
        require_people(people, access, host, trusted=True)
        require_people(people, access, "127.0.0.1", trusted=False)
    with pytest.raises(NoAccountsError):
        require_people(people, "accounts", "127.0.0.1", trusted=True)
