"""The public's server shows what is released and has nothing else; so does the exported site."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from starlette.testclient import TestClient

from api.app import create_app
from api.public_app import create_public_app
from api.publish.static_site import export_site
from api.settings import Settings
from api.web.request_log import LogLines
from api.workspace.workspace import Workspace
from layers.model import Sensitivity
from layers.people.model import Role
from layers.publish.publications import PublicationStore
from layers.store.withdrawals import Step

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FACTS = {"policy": "default-src 'none'"}


class Source:
    def __init__(self, folder: Path) -> None:
        self.publications = PublicationStore(folder)


@pytest.fixture
def released(tmp_path: Path) -> dict[str, str]:
    """One map that is shown with a former version, one that is a draft, one that was withdrawn."""
    store = PublicationStore(tmp_path / "publications")
    digests = {}
    for name, pages in {"zone": (b"old", b"new"), "draft": (b"d",), "gone": (b"g",)}.items():
        for page in pages:
            digests[name] = store.put(name, {"index.html": page}, FACTS)
            if name != "draft":
                store.release(name, digests[name], NOW)
    store.say("gone", None, Step(withdrawn=True, name="a", reason="b", at=NOW))
    return digests


@pytest.fixture
def public(tmp_path: Path, released: dict[str, str]) -> TestClient:
    app = create_public_app(Settings(data_dir=tmp_path, allowed_hosts=("testserver",)))
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def test_it_shows_what_is_released(public: TestClient, released: dict[str, str]) -> None:
    assert public.get("/public/zone/").text == "new"
    assert public.get(f"/public/zone/{released['zone']}/index.html").text == "new"
    assert public.get("/public/gone/").status_code == 410
    for path in ("/public/draft/", f"/public/draft/{released['draft']}/index.html"):
        assert public.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1/layers", "/api/v1/checks", "/collections", "/catalogue", "/openapi.json", "/docs",
     "/drafts/draft/x/index.html", "/sign-in", "/static/app/main.js", "/api/v1/publications",
     "/public/zone/..%2f..%2fcatalogue.sqlite", "/public/%2e%2e/people.sqlite"],
)  # fmt: skip
def test_it_has_nothing_else(public: TestClient, path: str) -> None:
    assert public.get(path).status_code == 404
    assert public.post(path).status_code in {404, 405}


def test_it_opens_no_store(tmp_path: Path, public: TestClient) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert public.get("/readyz").json() == {"status": "ready"}
    assert public.get("/public/zone/").status_code == 200
    assert sorted(tmp_path.rglob("*")) == before


def test_the_internal_server_with_accounts_shows_them_only_if_told(
    tmp_path: Path, own_store: Path
) -> None:
    workspace = Workspace(Settings(data_dir=own_store, allowed_hosts=("testserver",)))
    workspace.people.add("a", "A", [Role.ADMINISTRATOR], Sensitivity.PUBLIC, NOW)
    store = workspace.publications
    store.release("zone", store.put("zone", {"index.html": b"new"}, FACTS), NOW)
    inside = TestClient(create_app(workspace.settings, workspace))
    assert inside.get("/public/zone/").status_code == 404
    told = workspace.settings.model_copy(update={"serve_public": True})
    assert TestClient(create_app(told, workspace)).get("/public/zone/").text == "new"


def test_a_site_is_what_is_shown_and_follows_it(tmp_path: Path, released: dict[str, str]) -> None:
    source, site = Source(tmp_path / "publications"), tmp_path / "site"
    (site / "others").mkdir(parents=True)
    (site / "others" / "own.txt").write_text("stays")
    made = export_site(source, site)
    assert made.shown == ["zone"]
    assert {one.id: one.code for one in made.left_out} == {
        "draft": "layers.publication.unknown", "gone": "layers.publication.withdrawn",
    }  # fmt: skip
    assert (site / "zone" / "index.html").read_bytes() == b"new"
    source.publications.say("zone", None, Step(withdrawn=True, name="a", reason="b", at=NOW))
    assert export_site(source, site).shown == []
    assert not (site / "zone").exists()
    assert (site / "others" / "own.txt").read_text() == "stays"


def test_a_request_has_one_id_and_a_line_without_what_was_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, released: dict[str, str]
) -> None:
    settings = Settings(data_dir=tmp_path, allowed_hosts=("testserver",), access_log=True)
    client = TestClient(create_public_app(settings))
    with caplog.at_level(logging.INFO, logger="ftzgis.access"):
        answer = client.get("/public/zone/?secret=word", headers={"x-request-id": "abc-1"})
        forged = client.get("/livez", headers={"x-request-id": "a\tb c"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert len(forged.headers["x-request-id"]) == 16
    line = json.loads(LogLines(as_json=True).format(caplog.records[0]))
    assert (line["route"], line["status"], line["method"]) == (
        "/public/{publication_id}/", 200, "GET",
    )  # fmt: skip
    assert "word" not in json.dumps(line)


def test_requests_are_counted_by_route_and_not_by_address(
    tmp_path: Path, released: dict[str, str]
) -> None:
    client = TestClient(
        create_public_app(Settings(data_dir=tmp_path, allowed_hosts=("testserver",)))
    )
    for name in ("a", "b", "c"):
        client.get(f"/made-up/{name}")
    assert client.get("/metrics").status_code == 404
    text = generate_latest(client.app.state.meters.registry).decode()
    assert 'ftzgis_requests_total{method="GET",route="other",status="404"} 4.0' in text
    assert "made-up" not in text
