"""Sign in and out, guess, forge, replay: who gets in, and who does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from layers.model import Sensitivity
from layers.people.model import Role
from layers.people.people_store import PeopleStore
from layers.people.session_book import GRACE, IDLE, LONGEST, TURNED_AFTER

AsPerson = Callable[[str], TestClient]
COOKIE = "ftzgis"
ME = "/api/v1/session"


def send(client: TestClient, name: str, password: str, **more: object) -> int:
    body = {"name": name, "password": password}
    return client.post("/api/v1/session", json=body, **more).status_code


def test_a_right_password_opens_a_session_and_a_wrong_one_does_not(nobody: TestClient) -> None:
    assert send(nobody, "planner", "wrong-and-long") == 401
    assert nobody.get(ME).status_code == 401
    assert send(nobody, "Planner ", "own-planner-word") == 201
    said = nobody.get(ME).json()
    assert (said["id"], said["roles"], said["clearance"]) == ("planner", ["planner"], "internal")


def test_the_cookie_is_for_this_server_alone(nobody: TestClient) -> None:
    body = {"name": "planner", "password": "own-planner-word"}
    plain = nobody.post("/api/v1/session", json=body).headers["set-cookie"]
    assert all(part in plain for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Secure" not in plain
    over_tls = TestClient(nobody.app, base_url="https://testserver", client=("127.0.0.1", 1))
    safe = over_tls.post("/api/v1/session", json=body).headers["set-cookie"]
    assert safe.startswith("__Host-ftzgis=")
    assert "Secure" in safe


@pytest.mark.parametrize(
    "token", ["", "x", "0" * 43, "' OR 1=1 --", "\x00", "eyJhbGciOiJub25lIn0.e30.", "é" * 60]
)
def test_a_made_up_cookie_opens_nothing(nobody: TestClient, token: str) -> None:
    raw = f"{COOKIE}={token}".encode()
    assert nobody.get(ME, headers={b"cookie": raw}).status_code == 401


def test_what_is_kept_of_a_session_and_a_key_opens_nothing(
    nobody: TestClient, office: Workspace
) -> None:
    person = office.people.get("planner")
    office.people.keys.add(person, "rohdaten", [Role.PLANNER], 1, office.now())
    token = office.people.sessions.begin("planner", "127.0.0.1", office.now())
    path = office.settings.data_dir / "people.sqlite"
    assert path.stat().st_mode & 0o077 == 0
    data = path.read_bytes()
    assert token.encode() not in data
    assert b"own-planner-word" not in data


def test_signing_out_ends_the_session_and_not_only_the_cookie(as_person: AsPerson) -> None:
    client = as_person("planner")
    token = client.cookies[COOKIE]
    assert client.delete(ME).status_code == 200
    client.cookies.set(COOKIE, token)
    assert client.get(ME).status_code == 401


def test_signing_out_everywhere_ends_other_browsers(as_person: AsPerson) -> None:
    here, there = as_person("reader"), as_person("reader")
    assert here.delete(f"{ME}?everywhere=true").json()["sessions"] >= 2
    assert there.get(ME).status_code == 401


def test_a_session_ends_when_nobody_needs_it_and_in_any_case(
    as_person: AsPerson, clock: object
) -> None:
    began = clock.now
    client = as_person("reviewer")
    clock.now = began + IDLE + timedelta(seconds=1)
    assert client.get(ME).status_code == 401
    clock.now = began
    client = as_person("reviewer")
    while clock.now - began <= LONGEST:
        assert client.get("/api/v1/natures").status_code == 200
        clock.now += IDLE / 2
    assert client.get("/api/v1/natures").status_code == 401
    clock.now = began


def test_a_token_is_turned_and_the_former_one_ends_all(
    as_person: AsPerson, office: Workspace, clock: object
) -> None:
    began = clock.now
    client = as_person("publisher")
    stolen = client.cookies[COOKIE]
    clock.now += TURNED_AFTER
    fresh = client.get(ME).cookies[COOKIE]
    assert fresh != stolen
    thief = as_person("publisher")
    thief.cookies.set(COOKIE, stolen)
    # What was under way when the token turned still comes through.
    assert thief.get("/api/v1/natures").status_code == 200
    clock.now += GRACE + timedelta(seconds=1)
    assert thief.get("/api/v1/natures").status_code == 401
    client.cookies.set(COOKIE, fresh)
    assert client.get("/api/v1/natures").status_code == 401
    found = client.app.state.workspace.audit.search
    from layers.audit.audit_trail import Search

    entries, _ = found(Search(text="session replayed"), 1)
    assert entries[0].deed.person == "publisher"
    clock.now = began


def test_who_guesses_is_locked_out_for_a_while_even_with_the_right_word(
    nobody: TestClient, office: Workspace, clock: object
) -> None:
    began = clock.now
    office.people.add("guessed", "G", [Role.READER], Sensitivity.PUBLIC, clock.now)
    password = office.people.reset_password("guessed")
    assert [send(nobody, "guessed", "wrong-and-long") for _ in range(5)] == [401] * 5
    assert send(nobody, "guessed", password) == 429
    elsewhere = TestClient(nobody.app, client=("127.0.0.2", 1))
    assert send(elsewhere, "guessed", password) == 201
    clock.now += timedelta(minutes=16)
    assert send(nobody, "guessed", password) == 201
    clock.now = began


def test_a_password_that_was_given_out_opens_only_the_way_to_another(
    nobody: TestClient, office: Workspace
) -> None:
    _, first = office.people.add(
        "fresh", "新人", [Role.PLANNER], Sensitivity.INTERNAL, office.now()
    )
    assert send(nobody, "fresh", first) == 201
    nobody.headers["origin"] = "http://testserver"
    refused = nobody.get("/api/v1/layers")
    assert (refused.status_code, refused.json()["code"]) == (403, "api.access.password_due")
    change = f"{ME}/password"
    assert nobody.post(change, json={"former": first, "password": "short"}).status_code == 422
    good = {"former": first, "password": "a-word-of-my-own"}
    assert nobody.post(change, json=good).status_code == 204
    assert nobody.get("/api/v1/layers").status_code == 200


def test_a_browser_must_say_where_a_change_comes_from(as_person: AsPerson) -> None:
    client = as_person("planner")
    del client.headers["origin"]
    refused = client.post("/api/v1/projects", json={"title": "A"})
    assert (refused.status_code, refused.json()["code"]) == (403, "api.access.no_origin")
    foreign = client.post(
        "/api/v1/projects", json={"title": "A"}, headers={"origin": "http://evil"}
    )
    assert foreign.status_code == 403


def test_a_key_does_what_its_scope_says_until_it_ends(
    nobody: TestClient, office: Workspace, clock: object
) -> None:
    person = office.people.get("cleared")
    key, text = office.people.keys.add(person, "夜间导入", [Role.PLANNER], 1, clock.now)
    bearer = {"authorization": f"Bearer {text}"}
    assert nobody.get(ME, headers=bearer).json()["roles"] == ["planner"]
    # The person is a steward, the key is not; and a key makes no keys.
    assert nobody.post("/api/v1/layers", headers=bearer).status_code == 403
    more = {"label": "x", "roles": ["planner"], "days": 1}
    assert nobody.post("/api/v1/keys", json=more, headers=bearer).status_code == 403
    forged = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert nobody.get(ME, headers={"authorization": f"Bearer {forged}"}).status_code == 401
    began = clock.now
    clock.now += timedelta(days=1)
    assert nobody.get(ME, headers=bearer).status_code == 401
    clock.now = began
    office.people.keys.revoke(key.key_id)
    assert nobody.get(ME, headers=bearer).status_code == 401


def test_a_person_who_is_shut_out_is_out_at_once(
    as_person: AsPerson, office: Workspace, nobody: TestClient
) -> None:
    office.people.add("leaver", "L", [Role.READER], Sensitivity.PUBLIC, office.now())
    person = office.people.get("leaver")
    _, text = office.people.keys.add(person, "k", [Role.READER], 1, office.now())
    client = as_person("leaver")
    assert (
        as_person("administrator")
        .post("/api/v1/people/leaver", json={"disabled": True})
        .json()["disabled"]
    )
    assert client.get(ME).status_code == 401
    assert nobody.get(ME, headers={"authorization": f"Bearer {text}"}).status_code == 401


def test_the_last_administrator_stays(as_person: AsPerson) -> None:
    answer = as_person("administrator").post(
        "/api/v1/people/administrator", json={"roles": ["reader"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "layers.people.last_administrator")


def test_who_never_let_people_in_may_change_where_nobody_does(tmp_path: Path) -> None:
    people = PeopleStore(tmp_path)
    people.add("li", "Li", [Role.PLANNER], Sensitivity.INTERNAL, datetime.now(UTC))
    assert people.change("li", title="Li Na").title == "Li Na"
    assert people.change("li", disabled=True).disabled


def test_the_forms_of_the_pages_work_without_script(nobody: TestClient) -> None:
    page = nobody.get("/?lang=zh", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?lang=zh")
    nobody.headers["origin"] = "http://testserver"
    wrong = nobody.post("/sign-in?lang=en", data={"name": "planner", "password": "wrong"})
    assert wrong.status_code == 401
    assert "Name or password is wrong" in wrong.text
    right = {"name": "planner", "password": "own-planner-word"}
    done = nobody.post("/sign-in?lang=en", data=right)
    assert (done.status_code, done.headers["location"]) == (303, "/?lang=en")
    assert "Planner" in nobody.get("/account?lang=en").text
    assert nobody.get("/administration").status_code == 403


def test_the_page_of_administration_shows_people_and_the_trail(as_person: AsPerson) -> None:
    client = as_person("administrator")
    client.post("/api/v1/people", json={"id": "<b>x", "roles": ["reader"]})
    made = client.post(
        "/api/v1/people", json={"id": "neu", "title": "<b>新</b>", "roles": ["reader"]}
    )
    page = client.get("/administration?lang=zh").text
    assert "&lt;b&gt;新&lt;/b&gt;" in page
    assert "POST /api/v1/people" in page
    assert made.json()["password"] not in page
    assert "程序密钥" in page
    assert "built-in" not in page


def test_a_store_without_people_has_no_file_of_them(own_store: Path) -> None:
    assert not (own_store / "people.sqlite").exists()
