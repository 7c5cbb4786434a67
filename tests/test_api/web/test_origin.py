"""What a page of another site can do here: look, and change nothing."""

from importlib import import_module

import pytest
from starlette.testclient import TestClient

from api.cli import ROOMS

UNSAFE = [
    route
    for room in ROOMS
    for one in import_module(f"api.{room}.operations").OPERATIONS
    for route in one.routes
    if not route.startswith("GET ")
]
FOREIGN = (
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("route", UNSAFE)
def test_a_foreign_page_changes_nothing(
    shared_client: TestClient, route: str, headers: dict[str, str]
) -> None:
    method, path = route.split(" ")
    answer = shared_client.request(method, path, headers=headers)
    assert answer.status_code == 403, route
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "api.request.foreign_origin"


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}], ids=str
)
def test_our_own_page_and_programs_are_let_through(
    shared_client: TestClient, headers: dict[str, str]
) -> None:
    body = {"points": [[102.8, 24.9], [102.9, 24.9]]}
    assert shared_client.post("/api/v1/measure", json=body, headers=headers).status_code == 200
    assert shared_client.delete("/api/v1/tasks/none", headers=headers).status_code == 404
