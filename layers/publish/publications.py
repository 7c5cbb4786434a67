"""Published bundles: immutable folders, and one pointer that says which one is shown.

``publications/<id>/<sha256>/`` holds the files of a bundle and its ``manifest.json``,
whose digest is the folder's name. ``publications/<id>/state.json`` says which bundles
were released, in which order they were shown, and which were withdrawn by whom and why;
it is swapped in one rename. Reading needs nothing but these files.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from geo.errors import InputError, PlanningError
from layers.errors import GoneError, NotFoundError
from layers.provenance import canonical_json, digest
from layers.publish.publication_state import PublicationState, Release, plain_state, state_from
from layers.publish.release_orders import ReleaseOrders
from layers.store.durable import replace_folder, write_file
from layers.store.inventory import Inventory
from layers.store.sealed import unseal, wrap_with_digest
from layers.store.withdrawals import (
    Step,
    followed_by,
    last_words,
)

MANIFEST: Final = "manifest.json"
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError)
_STATE: Final = "state.json"
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class UnknownPublicationError(NotFoundError):
    """There is no such publication, bundle or file. Params: ``publication_id``."""

    code = "layers.publication.unknown"


class WithdrawnError(GoneError):
    """The publication, or the bundle of it, was withdrawn. Params: ``publication_id``."""

    code = "layers.publication.withdrawn"


class ReleaseWithdrawnError(InputError):
    """A withdrawn bundle must be restored first. Params: ``publication_id``, ``name``, ..."""

    code = "layers.publication.release_withdrawn"


class PublicationIdError(InputError):
    """An id is not made of small letters, digits, - and _. Params: ``publication_id``."""

    code = "layers.publication.id"


class DamagedBundleError(NotFoundError):
    """A file of a bundle is not what was published. Params: ``publication_id``, ``name``."""

    code = "layers.publication.damaged"


class PublicationStore:
    """Bundles under a folder; writers take turns, readers need no lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.inventory = Inventory(folder)
        self.orders = ReleaseOrders(folder)

    def put(self, publication_id: str, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
        """Store a bundle without showing it and return its digest.

        Files of it that are damaged come anew, and so does what was said of the publication.

        Parameters
        ----------
        publication_id : str
            Small letters, digits, ``-`` and ``_``.
        files : mapping of file name to bytes
            Plain names without folders.
        facts : mapping
            What the manifest says beside the digests of the files.

        Raises
        ------
        PublicationIdError
            The id cannot be a folder's name.
        """
        if not _ID.fullmatch(publication_id):
            raise PublicationIdError(publication_id=publication_id[:80])
        manifest = canonical_json(
            {
                **facts,
                "files": {
                    name: {"sha256": digest(data), "size_bytes": len(data)}
                    for name, data in files.items()
                },
            }
        )
        sha256 = digest(manifest)
        target = self._folder / publication_id / sha256
        if not self._is_whole(publication_id, sha256):
            with replace_folder(target) as temporary:
                for name, data in {**files, MANIFEST: manifest}.items():
                    path = temporary / name
                    path.write_bytes(data)
                    path.chmod(0o444)
        with self._turn(publication_id):
            if self._kept(publication_id) is None:
                # From the first bundle on: that it is gone is then no "never released".
                self._keep(self._remembered(publication_id))
        return sha256

    def _is_whole(self, publication_id: str, sha256: str) -> bool:
        """Tell whether a bundle stands as it was published, to the last byte."""
        try:
            for name in self.manifest(publication_id, sha256)["files"]:
                self.read(publication_id, sha256, name)
        except (PlanningError, OSError):
            return False
        return True

    def _kept(self, publication_id: str) -> PublicationState | None:
        """Return what a folder says of its publication, None where that is gone or damaged."""
        try:
            kept = json.loads(unseal((self._folder / publication_id / _STATE).read_bytes()))
            return state_from(kept) if kept["id"] == publication_id else None
        except _UNREADABLE:
            return None

    def _remembered(self, publication_id: str) -> PublicationState:
        """Return what the inventory says of a publication; of a new one, that nothing was shown.

        Raises
        ------
        DamagedBundleError
            It cannot tell, and what the folder says is damaged.
        """
        noted = self.inventory.noted().get(publication_id)
        if noted is not None:
            return state_from(noted)
        if (self._folder / publication_id / _STATE).exists() or self.inventory.is_damaged():
            raise DamagedBundleError(publication_id=publication_id, name=_STATE)
        return PublicationState(id=publication_id)

    def release(self, publication_id: str, sha256: str, now: datetime) -> PublicationState:
        """Show a stored bundle in place of the one shown so far.

        Raises
        ------
        UnknownPublicationError
            There is no such bundle.
        ReleaseWithdrawnError
            It was withdrawn and is not restored.
        """
        with self._turn(publication_id):
            state = self.require_showable(publication_id, sha256)
            release = Release(sha256=sha256, released_at=now.isoformat())
            known = any(old.sha256 == sha256 for old in state.releases)
            return self._keep(
                replace(
                    state,
                    releases=state.releases if known else (*state.releases, release),
                    shown=(*(one for one in state.shown if one != sha256), sha256),
                )
            )

    def require_showable(self, publication_id: str, sha256: str) -> PublicationState:
        """Return what is shown of a publication, if a bundle of it may be shown next.

        Raises
        ------
        UnknownPublicationError, ReleaseWithdrawnError
            As :meth:`release`.
        """
        self.manifest(publication_id, sha256)
        state = self.state(publication_id)
        if state.is_withdrawn(sha256):
            said = last_words(state.steps[sha256])
            raise ReleaseWithdrawnError(publication_id=publication_id, **said)
        return state

    def say(self, publication_id: str, sha256: str | None, step: Step) -> PublicationState:
        """Withdraw a released bundle, or restore it; None is all of them that are not so.

        The one that was shown before is shown again; without any, nothing is.

        Raises
        ------
        UnknownPublicationError
            There is no such publication, or it has no such release.
        AlreadyWithdrawnError, NotWithdrawnError
            The bundle is so already, or all of them are.
        """
        with self._turn(publication_id):
            state = self.state(publication_id)
            if not state.shown or sha256 not in (None, *state.shown):
                raise UnknownPublicationError(publication_id=publication_id)
            other = [one for one in state.shown if state.is_withdrawn(one) != step.withdrawn]
            chosen = [sha256] if sha256 else other or state.shown[-1:]
            said = {
                one: followed_by(state.steps.get(one, ()), step, publication_id, one)
                for one in chosen
            }
            return self._keep(replace(state, steps={**state.steps, **said}))

    def state(self, publication_id: str) -> PublicationState:
        """Return what is shown of a publication.

        Raises
        ------
        UnknownPublicationError, DamagedBundleError
            There is no such publication, or what is said of it is not what was.
        """
        known = publication_id in self.inventory.noted()
        if not known:
            self._known(publication_id)
        kept = self._kept(publication_id)
        if kept is not None:
            return kept
        if known or (self._folder / publication_id / _STATE).exists():
            raise DamagedBundleError(publication_id=publication_id, name=_STATE)
        return PublicationState(id=publication_id)

    def sound_states(self) -> tuple[list[PublicationState], list[str]]:
        """Return all publications that can be read, by id, and the ids of the others."""
        found, damaged = list[PublicationState](), list[str]()
        for name in self.ids():
            try:
                found.append(self.state(name))
            except DamagedBundleError:
                damaged.append(name)
        return found, damaged

    def ids(self) -> list[str]:
        """Return the ids of all publications, also of those that stood and are gone."""
        kept = self._folder.iterdir() if self._folder.is_dir() else ()
        names = {path.name for path in kept if path.is_dir()} | self.inventory.noted().keys()
        return sorted(name for name in names if _ID.fullmatch(name))

    def complete_inventory(self) -> None:
        """Write the inventory of a store of a release that kept none."""
        if not self.inventory.path.exists():
            self.inventory.complete(self._states())

    def rebuild(self) -> int:
        """Write anew what says what is shown and is gone or damaged; return how many files."""
        noted = self.inventory.noted()
        wanting = [name for name in noted if self._kept(name) is None]
        for name in wanting:
            (self._folder / name).mkdir(parents=True, exist_ok=True)
            with self._turn(name):
                self._keep(state_from(noted[name]))
        return len(wanting) + self.inventory.rewrite(self._states())

    def _states(self) -> dict[str, Any]:
        found = {name: self._kept(name) for name in self.ids()}
        return {name: plain_state(state) for name, state in found.items() if state is not None}

    def damaged(self, publication_id: str) -> list[str]:
        """Return the names of files of a publication that are not what was published."""
        home, state = self._folder / publication_id, self._kept(publication_id)
        found = [] if state else [_STATE]
        noted = self.inventory.noted().get(publication_id)
        known = state or (state_from(noted) if noted else PublicationState(id=publication_id))
        released = {release.sha256 for release in known.releases}
        kept = {path.name for path in home.iterdir() if path.is_dir()} if home.is_dir() else set()
        found += sorted(released - kept)
        for sha256 in sorted(name for name in kept if _SHA.fullmatch(name)):
            try:
                names = self.manifest(publication_id, sha256)["files"]
            except (PlanningError, OSError):
                found.append(f"{sha256}/{MANIFEST}")
                continue
            for name in names:
                try:
                    self.read(publication_id, sha256, name)
                except (PlanningError, OSError):
                    found.append(f"{sha256}/{name}")
        return found

    def manifest(self, publication_id: str, sha256: str) -> dict[str, Any]:
        """Return the manifest of a bundle.

        Raises
        ------
        UnknownPublicationError, DamagedBundleError
            There is no such bundle, or its manifest is not what was published.
        """
        path = self._known(publication_id) / sha256 / MANIFEST
        if not _SHA.fullmatch(sha256) or not path.is_file():
            raise UnknownPublicationError(publication_id=publication_id)
        data = path.read_bytes()
        if digest(data) != sha256:
            raise DamagedBundleError(publication_id=publication_id, name=MANIFEST)
        manifest: dict[str, Any] = json.loads(data)
        return manifest

    def read(self, publication_id: str, sha256: str, name: str) -> bytes:
        """Return a file that the manifest of a bundle names.

        Raises
        ------
        UnknownPublicationError, DamagedBundleError
            There is no such file, or it is not what was published.
        """
        manifest = self.manifest(publication_id, sha256)
        path = self._folder / publication_id / sha256 / name
        if name == MANIFEST:
            return path.read_bytes()
        if name not in manifest["files"]:
            raise UnknownPublicationError(publication_id=publication_id)
        data = path.read_bytes() if path.is_file() else b""
        if digest(data) != manifest["files"][name]["sha256"]:
            raise DamagedBundleError(publication_id=publication_id, name=name)
        return data

    def shown(self, publication_id: str, sha256: str | None) -> str:
        """Return the digest of a bundle that the public may see: the current one, or a past one.

        Raises
        ------
        UnknownPublicationError, WithdrawnError
            There is no such released bundle, or it was withdrawn.
        """
        state = self.state(publication_id)
        wanted = sha256 or state.current
        if state.withdrawn_at or (wanted and state.is_withdrawn(wanted)):
            raise WithdrawnError(publication_id=publication_id)
        if wanted is None or all(release.sha256 != wanted for release in state.releases):
            raise UnknownPublicationError(publication_id=publication_id)
        return wanted

    def _known(self, publication_id: str) -> Path:
        folder = self._folder / publication_id
        if not _ID.fullmatch(publication_id) or not folder.is_dir():
            raise UnknownPublicationError(publication_id=publication_id[:80])
        return folder

    def _turn(self, publication_id: str) -> FileLock:
        return FileLock(self._known(publication_id) / ".lock")

    def _keep(self, state: PublicationState) -> PublicationState:
        text = canonical_json(plain_state(state)).decode("utf-8")
        write_file(self._folder / state.id / _STATE, wrap_with_digest(text))
        self.inventory.note(state.id, plain_state(state))
        return state
