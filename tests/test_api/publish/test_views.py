"""Views are counted if that is switched on, and nothing is kept of who looked. Oracle: by hand."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.public_app import create_public_app
from api.publish.views import ViewsDamagedError, list_views
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.publish.publications import PublicationStore

FACTS = {"policy": "default-src 'none'"}


def visit(folder: Path, *, counted: bool) -> Settings:
    store = PublicationStore(folder / "publications")
    sha256 = store.put("zone", {"index.html": b"map"}, FACTS)
    store.release("zone", sha256, datetime.now(UTC))
    settings = Settings(data_dir=folder, allowed_hosts=("testserver",), count_views=counted)
    client = TestClient(create_public_app(settings), raise_server_exceptions=False)
    for lang in ("zh-CN", "en", "en"):
        answer = client.get("/public/zone/", headers={"accept-language": lang, "cookie": "who=me"})
        assert answer.text == "map"
        assert "set-cookie" not in answer.headers
    assert client.get("/public/none/").status_code == 404
    # Neither files beside a map nor former versions of it are views of the map.
    client.get("/public/zone/manifest.json")
    client.get(f"/public/zone/{sha256}/index.html")
    return settings


def test_views_are_counted_by_map_day_and_language(tmp_path: Path) -> None:
    found = list_views(Workspace(visit(tmp_path, counted=True)), 30)
    today = datetime.now(timezone(timedelta(hours=8))).date().isoformat()
    assert found.counted
    assert [(one.publication_id, one.day, one.lang, one.count) for one in found.views] == [
        ("zone", today, "en", 2), ("zone", today, "zh", 1),
    ]  # fmt: skip
    kept = (tmp_path / "views" / "views.sqlite").read_bytes()
    assert b"testclient" not in kept
    assert b"who=me" not in kept


def test_nothing_is_counted_unless_it_is_switched_on(tmp_path: Path) -> None:
    settings = visit(tmp_path, counted=False)
    assert not (tmp_path / "views").exists()
    found = list_views(Workspace(settings), 30)
    assert (found.counted, found.views) == (False, [])


def test_a_map_is_shown_where_nothing_can_be_counted(tmp_path: Path) -> None:
    (tmp_path / "views").write_text("a file in the way")
    visit(tmp_path, counted=True)


def test_damaged_counts_are_no_zero(tmp_path: Path) -> None:
    settings = visit(tmp_path, counted=True)
    (tmp_path / "views" / "views.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(ViewsDamagedError):
        list_views(Workspace(settings), 30)
