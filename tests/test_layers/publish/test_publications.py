"""Bundles in files: immutable, addressed by digest, shown by one pointer. Oracles: by hand."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PlanningError
from layers.publish.publications import (
    DamagedBundleError,
    PublicationIdError,
    PublicationStore,
    ReleaseWithdrawnError,
    UnknownPublicationError,
    WithdrawnError,
)
from layers.store.sealed import wrap_with_digest
from layers.store.withdrawals import AlreadyWithdrawnError, NotWithdrawnError, Step

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


def step(*, withdrawn: bool) -> Step:
    return Step(withdrawn=withdrawn, name="李某", reason="图上有误", at=LATER)


def test_a_withdrawn_publication_shows_nothing_until_it_is_restored(store) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {})
    store.release("zone", sha256, NOW)
    assert store.say("zone", None, step(withdrawn=True)).withdrawn_at == LATER.isoformat()
    for wanted in (None, sha256):
        with pytest.raises(WithdrawnError):
            store.shown("zone", wanted)
    with pytest.raises(AlreadyWithdrawnError):
        store.say("zone", None, step(withdrawn=True))
    # A release says neither who nor why.
    with pytest.raises(ReleaseWithdrawnError) as caught:
        store.release("zone", sha256, LATER)
    assert caught.value.params["reason"] == "图上有误"
    store.say("zone", sha256, step(withdrawn=False))
    assert store.shown("zone", None) == sha256
    with pytest.raises(NotWithdrawnError):
        store.say("zone", sha256, step(withdrawn=False))


def test_what_was_never_shown_cannot_be_withdrawn(store) -> None:
    sha256 = store.put("zone", {"index.html": b"one"}, {})
    for wanted in (None, sha256):
        with pytest.raises(UnknownPublicationError):
            store.say("zone", wanted, step(withdrawn=True))


ACTIONS = st.one_of(
    st.tuples(st.just("release"), st.integers(0, 2)),
    st.tuples(st.sampled_from(["withdraw", "restore"]), st.sampled_from([0, 1, 2, None])),
)


@settings(max_examples=60)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_what_is_shown_is_that_of_the_model(actions: list[tuple[str, int | None]]) -> None:
    """Oracle: a list of what was shown one after the other, and a set of what was withdrawn."""
    with TemporaryDirectory() as folder:
        store = PublicationStore(Path(folder))
        bundles = [store.put("zone", {"index.html": bytes([at])}, {}) for at in range(3)]
        order: list[int] = []
        withdrawn: set[int] = set()
        for what, at in actions:
            known = [one for one in order if at in (None, one)]
            if what == "release":
                possible = at not in withdrawn
            elif what == "withdraw":
                known = [one for one in known if one not in withdrawn]
                possible = bool(known)
            else:
                known = [one for one in known if one in withdrawn]
                possible = bool(known)
            try:
                if what == "release":
                    store.release("zone", bundles[at or 0], NOW)
                else:
                    named = None if at is None else bundles[at]
                    store.say("zone", named, step(withdrawn=what == "withdraw"))
                done = True
            except PlanningError:
                done = False
            assert done is possible
            if done and what == "release":
                order = [*order, at or 0]
            elif done:
                withdrawn = withdrawn | {*known} if what == "withdraw" else withdrawn - {*known}
            left = [one for one in order if one not in withdrawn]
            found = PublicationStore(Path(folder)).state("zone").current
            assert found == (bundles[left[-1]] if left else None)
        for one in {*order}:
            shown = one not in withdrawn
            try:
                store.shown("zone", bundles[one])
                seen = True
            except WithdrawnError:
                seen = False
            assert seen is shown
            # Nothing was removed.
            assert store.read("zone", bundles[one], "index.html") == bytes([one])


def test_what_an_older_release_withdrew_stays_withdrawn(store, tmp_path) -> None:
    first = store.put("zone", {"index.html": b"one"}, {})
    second = store.put("zone", {"index.html": b"two"}, {})
    releases = [{"sha256": one, "released_at": NOW.isoformat()} for one in (first, second)]
    kept = {"id": "zone", "releases": releases, "current": None, "withdrawn_at": NOW.isoformat()}
    path = tmp_path / "publications" / "zone" / "state.json"
    path.write_bytes(wrap_with_digest(json.dumps(kept)))
    with pytest.raises(WithdrawnError):
        store.shown("zone", None)
    assert store.state("zone").withdrawn_at == NOW.isoformat()
    store.say("zone", first, step(withdrawn=False))
    assert store.shown("zone", None) == first
    path.write_bytes(wrap_with_digest(json.dumps({**kept, "current": first, "withdrawn_at": None})))
    assert store.shown("zone", None) == first
    store.say("zone", first, step(withdrawn=True))
    assert store.shown("zone", None) == second


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
