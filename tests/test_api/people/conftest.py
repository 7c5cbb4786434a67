"""A server with one person of each role, and one who may see secret layers."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.web.access.who_asks import cookie_name
from api.workspace.workspace import Workspace
from layers.model import Sensitivity
from layers.people import passwords
from layers.people.model import Role

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ORIGIN = {"origin": "http://testserver"}
COOKIE = cookie_name({})

AsPerson = Callable[[str], TestClient]


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash as weakly as the library lets: what is tried here is who gets in."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", cheap)
        yield


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def office(
    built_store: Path, tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "runs", "tasks"))
    workspace = Workspace(
        Settings(data_dir=folder, allowed_hosts=("testserver",), serve_public=True), now=clock
    )
    for role in Role:
        workspace.people.add(role, role.title(), [role], Sensitivity.INTERNAL, NOW)
        settle(workspace, role)
    workspace.people.add(
        "cleared", "许可", [Role.PLANNER, Role.STEWARD], Sensitivity.CLASSIFIED, NOW
    )
    settle(workspace, "cleared")
    yield workspace
    workspace.tasks.close()


def settle(workspace: Workspace, name: str) -> str:
    """Give somebody a password of their own."""
    password, first = f"own-{name}-word", workspace.people.reset_password(name)
    assert workspace.people.set_password(name, first, password)
    return password


@pytest.fixture(scope="module")
def office_app(office: Workspace) -> object:
    return create_app(office.settings, office)


@pytest.fixture
def nobody(office_app: object) -> TestClient:
    return TestClient(
        office_app, client=("127.0.0.1", 50000), raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip


@pytest.fixture
def as_person(office_app: object, office: Workspace, clock: Clock) -> AsPerson:
    def signed_in(name: str) -> TestClient:
        token = office.people.sessions.begin(name, "127.0.0.1", clock.now)
        client = TestClient(
            office_app, client=("127.0.0.1", 50000), raise_server_exceptions=False,
            follow_redirects=False, headers=ORIGIN,
        )  # fmt: skip
        client.cookies.set(COOKIE, token)
        return client

    return signed_in
