"""Bundles in files: immutable, addressed by digest, shown by one pointer. Oracles: by hand."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from layers.publish.publications import (
    DamagedBundleError,
    PublicationIdError,
    PublicationStore,
    UnknownPublicationError,
    WithdrawnError,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> PublicationStore:
    return PublicationStore(tmp_path / "publications")


def test_a_bundle_is_named_by_the_digest_of_its_manifest(store, tmp_path) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {"policy": "x"})
    manifest = (tmp_path / "publications" / "zone" / sha256 / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() == sha256
    assert json.loads(manifest)["files"]["index.html"] == {
        "sha256": hashlib.sha256(b"one").hexdigest(),
        "size_bytes": 3,
    }
    # The same content again is the same bundle.
    assert store.put("zone", {"index.html": b"one"}, {"policy": "x"}) == sha256
    assert store.put("zone", {"index.html": b"two"}, {"policy": "x"}) != sha256


def test_what_is_not_released_is_not_shown_and_past_releases_stay(store) -> None:
    first = store.put("zone", {"index.html": b"one"}, {})
    with pytest.raises(UnknownPublicationError):
        store.shown("zone", first)
    store.release("zone", first, NOW)
    second = store.put("zone", {"index.html": b"two"}, {})
    assert store.shown("zone", None) == first
    store.release("zone", second, LATER)
    assert store.shown("zone", None) == second
    assert store.shown("zone", first) == first
    assert store.read("zone", first, "index.html") == b"one"
    # Going back is a release of the same bundle: the history is not written twice.
    state = store.release("zone", first, LATER)
    assert (state.current, [release.sha256 for release in state.releases]) == (
        first,
        [first, second],
    )


def test_a_withdrawn_publication_shows_nothing_until_it_is_released_again(store) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {})
    store.release("zone", sha256, NOW)
    assert store.withdraw("zone", LATER).withdrawn_at == LATER.isoformat()
    for wanted in (None, sha256):
        with pytest.raises(WithdrawnError):
            store.shown("zone", wanted)
    store.release("zone", sha256, LATER)
    assert store.shown("zone", None) == sha256


def test_a_changed_byte_is_never_served(store, tmp_path) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {})
    path = tmp_path / "publications" / "zone" / sha256 / "index.html"
    path.chmod(0o644)
    path.write_bytes(b"0ne")
    with pytest.raises(DamagedBundleError) as caught:
        store.read("zone", sha256, "index.html")
    assert caught.value.params == {"publication_id": "zone", "name": "index.html"}


@pytest.mark.parametrize("name", ["../../state.json", "state.json", "other.html", ""])
def test_only_files_of_the_manifest_are_read(store, name: str) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {})
    with pytest.raises(UnknownPublicationError):
        store.read("zone", sha256, name)


@pytest.mark.parametrize("publication_id", ["", "Zone", "../x", "区", "a" * 64])
def test_an_id_is_a_plain_name(store, publication_id: str) -> None:
    with pytest.raises(PublicationIdError):
        store.put(publication_id, {"index.html": b"one"}, {})
    with pytest.raises(UnknownPublicationError):
        store.state(publication_id)
