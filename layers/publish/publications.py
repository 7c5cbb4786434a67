"""Published bundles: immutable folders, and one pointer that says which one is shown.

``publications/<id>/<sha256>/`` holds the files of a bundle and its ``manifest.json``,
whose digest is the folder's name. ``publications/<id>/state.json`` says which bundles
were released, in which order they were shown, and which were withdrawn by whom and why;
it is swapped in one rename. Reading needs nothing but these files.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from geo.errors import InputError, PlanningError
from layers.errors import GoneError, NotFoundError
from layers.provenance import canonical_json, digest
from layers.store.durable import replace_folder, write_file
from layers.store.sealed import unseal, wrap_with_digest
from layers.store.withdrawals import (
    Step,
    Steps,
    followed_by,
    is_withdrawn,
    last_words,
    plain_steps,
    steps_from,
)

MANIFEST: Final = "manifest.json"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A bundle that was shown from a moment on; ISO 8601, UTC."""

    sha256: str
    released_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationState:
    """Which bundles of a publication were released, oldest first, and how they stand.

    ``shown`` are their digests in the order in which they were last shown; ``steps`` is what
    was said of each: withdrawn, restored.
    """

    id: str
    releases: tuple[Release, ...] = ()
    shown: tuple[str, ...] = ()
    steps: Mapping[str, Steps] = field(default_factory=dict)

    @property
    def current(self) -> str | None:
        """The bundle that is shown: the last one that was and is not withdrawn."""
        return next((one for one in reversed(self.shown) if not self.is_withdrawn(one)), None)

    @property
    def withdrawn_at(self) -> str | None:
        """When the last one was withdrawn, where nothing is shown any more."""
        if self.current is not None or not self.shown:
            return None
        return max(self.steps[one][-1].at for one in self.shown).isoformat()

    def is_withdrawn(self, sha256: str) -> bool:
        """Tell whether a bundle was withdrawn."""
        return is_withdrawn(self.steps.get(sha256, ()))


class PublicationStore:
    """Bundles under a folder; writers take turns, readers need no lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, publication_id: str, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
        """Store a bundle without showing it and return its digest.

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
        if not target.is_dir():
            with replace_folder(target) as temporary:
                for name, data in {**files, MANIFEST: manifest}.items():
                    path = temporary / name
                    path.write_bytes(data)
                    path.chmod(0o444)
        with self._turn(publication_id):
            if not (self._folder / publication_id / _STATE).is_file():
                # From the first bundle on: that it is gone is then no "never released".
                self._keep(self.state(publication_id))
        return sha256

    def release(self, publication_id: str, sha256: str, now: datetime) -> PublicationState:
        """Show a stored bundle in place of the one shown so far.

        Raises
        ------
        UnknownPublicationError
            There is no such bundle.
        ReleaseWithdrawnError
            It was withdrawn and is not restored.
        """
        self.manifest(publication_id, sha256)
        with self._turn(publication_id):
            state = self.state(publication_id)
            if state.is_withdrawn(sha256):
                said = last_words(state.steps[sha256])
                raise ReleaseWithdrawnError(publication_id=publication_id, **said)
            release = Release(sha256=sha256, released_at=now.isoformat())
            known = any(old.sha256 == sha256 for old in state.releases)
            return self._keep(
                replace(
                    state,
                    releases=state.releases if known else (*state.releases, release),
                    shown=(*(one for one in state.shown if one != sha256), sha256),
                )
            )

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
        folder = self._known(publication_id)
        path = folder / _STATE
        if not path.is_file():
            return PublicationState(id=publication_id)
        try:
            kept = json.loads(unseal(path.read_bytes()))
            if kept["id"] != publication_id:
                raise DamagedBundleError(publication_id=publication_id, name=_STATE)
            return _state_from(kept)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise DamagedBundleError(publication_id=publication_id, name=_STATE) from exc

    def all_states(self) -> list[PublicationState]:
        """Return all publications, by id."""
        return [self.state(name) for name in self.ids()]

    def ids(self) -> list[str]:
        """Return the ids of all publications."""
        if not self._folder.is_dir():
            return []
        names = sorted(path.name for path in self._folder.iterdir() if path.is_dir())
        return [name for name in names if _ID.fullmatch(name)]

    def damaged(self, publication_id: str) -> list[str]:
        """Return the names of files of a publication that are not what was published."""
        try:
            state = self.state(publication_id)
        except DamagedBundleError as exc:
            return [str(exc.params["name"])]
        if not (self._folder / publication_id / _STATE).is_file():
            return [_STATE]
        released = {release.sha256 for release in state.releases}
        kept = {path.name for path in (self._folder / publication_id).iterdir() if path.is_dir()}
        found = sorted(released - kept)
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
        steps = {sha256: plain_steps(said) for sha256, said in state.steps.items()}
        kept = {**asdict(replace(state, steps={})), "steps": steps}
        write_file(
            self._folder / state.id / _STATE, wrap_with_digest(canonical_json(kept).decode("utf-8"))
        )
        return state


def _state_from(kept: Mapping[str, Any]) -> PublicationState:
    releases = tuple(Release(**release) for release in kept["releases"])
    if "shown" in kept:
        steps = {sha256: steps_from(rows) for sha256, rows in kept["steps"].items()}
        return PublicationState(
            id=kept["id"], releases=releases, shown=tuple(kept["shown"]), steps=steps
        )
    # Of a release that withdrew a publication as a whole, and asked nobody who and why.
    current, at = kept["current"], kept["withdrawn_at"]
    past = tuple(one.sha256 for one in releases if one.sha256 != current)
    said = (
        ()
        if at is None
        else (Step(withdrawn=True, name="", reason="", at=datetime.fromisoformat(at)),)
    )
    shown = (*past, current) if current else past
    return PublicationState(
        id=kept["id"],
        releases=releases,
        shown=shown,
        steps=dict.fromkeys(shown, said) if said else {},
    )
