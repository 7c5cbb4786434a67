"""Published bundles: immutable folders, and one pointer that says which one is shown.

``publications/<id>/<sha256>/`` holds the files of a bundle and its ``manifest.json``,
whose digest is the folder's name. ``publications/<id>/state.json`` says which bundles
were released, which one is shown, and whether the publication is withdrawn; it is
swapped in one rename. Reading needs nothing but these files.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from geo.errors import InputError, PlanningError
from layers.errors import NotFoundError
from layers.provenance import canonical_json, digest
from layers.store.durable import replaced_folder, write_file
from layers.store.sealed import seal, unseal

MANIFEST: Final = "manifest.json"
_STATE: Final = "state.json"
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class UnknownPublicationError(NotFoundError):
    """There is no such publication, bundle or file. Params: ``publication_id``."""

    code = "layers.publication.unknown"


class WithdrawnError(NotFoundError):
    """The publication was withdrawn. Params: ``publication_id``."""

    code = "layers.publication.withdrawn"


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
    """Which bundles of a publication were released, oldest first, and which one is shown."""

    id: str
    releases: tuple[Release, ...]
    current: str | None
    withdrawn_at: str | None


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
            with replaced_folder(target) as temporary:
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
        """
        self.manifest(publication_id, sha256)
        with self._turn(publication_id):
            state = self.state(publication_id)
            release = Release(sha256=sha256, released_at=now.isoformat())
            known = any(old.sha256 == sha256 for old in state.releases)
            return self._keep(
                replace(
                    state,
                    releases=state.releases if known else (*state.releases, release),
                    current=sha256,
                    withdrawn_at=None,
                )
            )

    def withdraw(self, publication_id: str, now: datetime) -> PublicationState:
        """Show nothing of a publication any more, from this moment on.

        Raises
        ------
        UnknownPublicationError
            There is no such publication.
        """
        with self._turn(publication_id):
            state = self.state(publication_id)
            return self._keep(replace(state, current=None, withdrawn_at=now.isoformat()))

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
            return PublicationState(id=publication_id, releases=(), current=None, withdrawn_at=None)
        try:
            kept = json.loads(unseal(path.read_bytes()))
            if kept["id"] != publication_id:
                raise DamagedBundleError(publication_id=publication_id, name=_STATE)
            releases = tuple(Release(**release) for release in kept.pop("releases"))
            return PublicationState(releases=releases, **kept)
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
            There is no such released bundle, or the publication was withdrawn.
        """
        state = self.state(publication_id)
        if state.withdrawn_at:
            raise WithdrawnError(publication_id=publication_id)
        wanted = sha256 or state.current
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
        text = canonical_json(asdict(state)).decode("utf-8")
        write_file(self._folder / state.id / _STATE, seal(text))
        return state
