"""Every route is asked as every role: the app obeys the table, and the table leaves none out."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.web.access.require import require_access
from api.web.access.table import access_table, access_to
from layers.people.model import Role

REACHED = 418
"""What a route answers here that let somebody in; nothing is computed."""


def every_route(routes: Iterable[object]) -> Iterator[tuple[str, str]]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from every_route(included.routes)
        elif isinstance(route, APIRoute):
            for method in route.methods:
                yield method, route.path


@pytest.fixture
def doors(office_app: FastAPI) -> Iterator[None]:
    async def stop(request: Request) -> None:
        await require_access(request)
        raise HTTPException(REACHED)

    office_app.dependency_overrides[require_access] = stop
    yield
    office_app.dependency_overrides.clear()


def ask(client: TestClient, method: str, path: str) -> int:
    filled = re.sub(r"\{(\w+)(:path)?\}", "1", path)
    return client.request(method, filled).status_code


def test_the_table_names_every_route_and_no_other(office_app: FastAPI) -> None:
    assert set(every_route(office_app.routes)) == set(access_table())


def test_nobody_reaches_what_is_not_for_anyone(
    office_app: FastAPI, doors: None, nobody: TestClient
) -> None:
    for method, path in every_route(office_app.routes):
        expected = {REACHED} if access_to(method, path).anyone else {401}
        assert ask(nobody, method, path) in expected, (method, path)


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_the_table_says(
    office_app: FastAPI, doors: None, as_person: Callable[[str], TestClient], role: Role
) -> None:
    client = as_person(role)
    for method, path in every_route(office_app.routes):
        access = access_to(method, path)
        expected = REACHED if access.anyone or role in access.roles else 403
        assert ask(client, method, path) == expected, (method, path)


def test_what_is_in_no_table_is_nobodys() -> None:
    access = access_to("GET", "/api/v1/new")
    assert not access.anyone
    assert not access.roles


def test_files_of_the_page_need_no_account_and_the_document_does(nobody: TestClient) -> None:
    assert nobody.get("/static/office/office.css").status_code == 200
    assert nobody.get("/openapi.json").status_code == 401
    assert nobody.get("/livez").status_code == 200
