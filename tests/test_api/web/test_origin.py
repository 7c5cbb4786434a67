"""What a page of another site can do here: look, and change nothing."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.web.origin import OwnOriginOnly

FOREIGN = (
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)
# All that a browser sends without asking first, and what it would ask for.
BODIES = (
    {"content": b'{"plan": {}}', "headers": {"content-type": "text/plain"}},
    {"data": {"dataset": "trade", "source": "x", "accept": "true"}},
    {"files": {"file": ("t.csv", b"a,b\n1,2\n", "text/csv")}},
    {"content": b"{}", "headers": {"content-type": "application/json"}},
    {"content": b"{}"},
)


def all_routes(client: TestClient) -> list[tuple[str, str]]:
    """Return method and path of every route there is, declared or written by hand."""
    found = []
    for entry in client.app.routes:
        router = getattr(entry, "original_router", None)
        for route in router.routes if router else [entry]:
            found += [(method, route.path) for method in getattr(route, "methods", None) or ()]
    return sorted(found)


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        # SQLite's own, which opening a connection touches; and a lock's.
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def test_every_unsafe_route_refuses_a_foreign_page_and_nothing_is_changed(
    client: TestClient, own_store: Path
) -> None:
    unsafe = [one for one in all_routes(client) if one[0] not in {"GET", "HEAD", "OPTIONS"}]
    described = client.get("/openapi.json").json()["paths"]
    assert {path for _, path in unsafe} >= {
        path for path, methods in described.items() if methods.keys() - {"get"}
    }
    assert len(unsafe) > 25
    before = files_of(own_store)
    for method, path in unsafe:
        for headers in FOREIGN:
            for body in BODIES:
                sent = {**body, "headers": {**body.get("headers", {}), **headers}}
                answer = client.request(method, path.replace("{", "").replace("}", ""), **sent)
                assert answer.status_code == 403, (method, path, headers)
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["code"] == "api.request.foreign_origin"
    assert files_of(own_store) == before


def test_nothing_is_in_front_of_the_guard_that_could_answer_first(own_store: Path) -> None:
    """Whatever is inside of it, routes and mounts of later days too, is behind it."""
    app = create_app(Settings(data_dir=own_store, allowed_hosts=("testserver",)))
    names = [one.cls.__name__ for one in app.user_middleware]
    # In front of it stands what passes requests on, and what refuses a strange name.
    assert names[: names.index(OwnOriginOnly.__name__)] == [
        "TrustedProxies",
        "RequestLog",
        "SecurityHeaders",
        "HeadAsGet",
        "Packing",
        "NotModified",
        "KnownHosts",
    ]


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}], ids=str
)
def test_our_own_page_and_programs_are_let_through(
    shared_client: TestClient, headers: dict[str, str]
) -> None:
    body = {"points": [[102.8, 24.9], [102.9, 24.9]]}
    assert shared_client.post("/api/v1/measure", json=body, headers=headers).status_code == 200
    assert shared_client.delete("/api/v1/tasks/none", headers=headers).status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "text/plain;charset=UTF-8", "image/png", "", None])
def test_json_under_another_name_is_refused(shared_client: TestClient, kind: str | None) -> None:
    body = b'{"points": [[102.8, 24.9], [102.9, 24.9]]}'
    headers = {} if kind is None else {"content-type": kind}
    answer = shared_client.post("/api/v1/measure", content=body, headers=headers)
    assert answer.status_code == 415
    assert answer.json()["detail"]
