"""What the files of a store say of its versions, whatever its catalogue has lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from layers.errors import LostVersionError
from layers.model import LayerSpec, LayerStatus
from layers.store.facts import Facts, FactsFiles

_NO_VERSION: Final = (KeyError, TypeError, ValueError)
UNKNOWN: Final = "?"
"""Stands for layers of which nothing is known but that they have a file."""


class Version(Protocol):
    """A version of a layer or of a raster."""

    @property
    def spec(self) -> LayerSpec:
        """What is said about it."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def path(self) -> Path:
        """Its file."""


class Catalogue(Protocol):
    """The rows of all versions."""

    def everything(self) -> Sequence[Version]:
        """Return all versions."""

    def of_layer(self, layer_id: str) -> Sequence[Version]:
        """Return all versions of a layer or raster."""

    def add(self, version: Any) -> None:  # noqa: ANN401 - of its own type
        """Write a row."""

    def changes(self) -> int:
        """Return a number that is another one after any write."""

    def facts_of(self, version: Any) -> Facts:  # noqa: ANN401 - of its own type
        """Return everything that a row says, as JSON values."""

    def version_of(self, facts: Facts) -> Version:
        """Return the version that facts are of; KeyError, TypeError, ValueError if of none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The files and the rows of a store held against each other.

    ``lost`` have facts and no row; ``nameless`` are files with neither. ``real`` are ids of
    layers that ever stood and were no demonstrations, by kind.
    """

    lost: tuple[Version, ...]
    nameless: tuple[Path, ...]
    real: dict[str, set[str]]


class Memory:
    """The facts beside the versions of a store, held against its rows after every write."""

    def __init__(self, files: FactsFiles, db: Catalogue) -> None:
        self._db = db
        self._files = files
        self._seen: tuple[int, Standing] | None = None
        # Of releases that wrote no facts, and of a writer that died between row and facts.
        for version in db.everything():
            self._files.complete(version.path, db.facts_of(version))

    def begin(self, version: Version) -> None:
        """Say that a version's file will be put in place."""
        self._files.begin(version.path, self._db.facts_of(version))

    def finish(self, version: Version) -> None:
        """Say that a version's file and its row stand."""
        self._files.finish(version.path)
        self._seen = None

    def next_number(self, layer_id: str) -> int:
        """Return the next number that no file has; under the writers' lock."""
        for version in self._db.of_layer(layer_id):
            self._files.complete(version.path, self._db.facts_of(version))
        self._files.drop_unfinished(layer_id)
        known = [version.number for version in self._db.of_layer(layer_id)]
        return max([self._files.last_number(layer_id), *known]) + 1

    def standing(self) -> Standing:
        """Hold the files against the rows; again only after a write, by whatever process."""
        changes = self._db.changes()
        if self._seen is None or self._seen[0] != changes:
            self._seen = changes, self._compared()
        return self._seen[1]

    def lost_of(self, kind: str, found: Sequence[Version]) -> tuple[str, ...]:
        """Return the layers of a kind without which what was found cannot be relied on.

        Parameters
        ----------
        kind : str
            A kind of layer.
        found : sequence of Version
            The newest versions of its layers that the catalogue knows.
        """
        standing = self.standing()
        newest = {version.spec.id: version.number for version in found}
        lost = {
            version.spec.id
            for version in standing.lost
            if version.spec.kind == kind and version.number > newest.get(version.spec.id, 0)
        }
        real = [v for v in found if v.spec.status is not LayerStatus.DEMONSTRATION]
        if real:
            return tuple(sorted(lost & self._of_kind(kind)))
        lost |= standing.real.get(kind, set())
        if found and standing.nameless:
            # It may be the very layer that the demonstration took the place of.
            lost.add(UNKNOWN)
        return tuple(sorted(lost))

    def require_none_lost(self, layer_id: str, newest: int) -> None:
        """Refuse to pass an old version, or none, off as the newest of a layer.

        Raises
        ------
        LostVersionError
            There is a newer file, of which the catalogue does not know.
        """
        for version in self.standing().lost:
            if version.spec.id == layer_id and version.number > newest:
                raise LostVersionError(layer_id=layer_id, version=version.number)

    def unreadable(self) -> list[Path]:
        """Return facts that are not what was written."""
        return list(self._files.unreadable())

    def rebuild(self) -> int:
        """Write the rows that the catalogue has lost, and return how many."""
        lost = self._compared().lost
        for version in lost:
            self._db.add(version)
        self._seen = None
        return len(lost)

    def _of_kind(self, kind: str) -> set[str]:
        return self.standing().real.get(kind, set())

    def _compared(self) -> Standing:
        # Files first: a version that is put in place meanwhile has its row before its facts.
        nameless = tuple(self._files.nameless())
        kept = []
        for facts in self._files.standing():
            try:
                kept.append(self._db.version_of(facts))
            except _NO_VERSION:
                continue
        rows = self._db.everything()
        known = {(version.spec.id, version.number) for version in rows}
        files = {version.path for version in rows}
        real: dict[str, set[str]] = {}
        for version in (*kept, *rows):
            if version.spec.status is not LayerStatus.DEMONSTRATION:
                real.setdefault(version.spec.kind, set()).add(version.spec.id)
        return Standing(
            lost=tuple(v for v in kept if (v.spec.id, v.number) not in known),
            nameless=tuple(path for path in nameless if path not in files),
            real=real,
        )
