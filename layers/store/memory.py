"""What the files of a store say of its versions, whatever its catalogue has lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from layers.errors import LostVersionError, VanishedVersionError
from layers.model import LayerSpec, LayerStatus, MissingLayer
from layers.store.facts import Facts, FactsFiles
from layers.store.inventory import Inventory
from layers.store.withdrawals import (
    AllWithdrawnError,
    DamagedWithdrawalError,
    Key,
    Step,
    StepRows,
    Steps,
    followed_by,
    is_withdrawn,
    last_words,
    read_steps,
    steps_below,
    steps_beside,
    write_steps,
)

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


V = TypeVar("V", bound=Version)


class Catalogue(Protocol[V]):
    """The rows of all versions."""

    @property
    def steps(self) -> StepRows:
        """The rows of what was withdrawn and restored."""

    def everything(self) -> Sequence[V]:
        """Return all versions, by id and number."""

    def of_layer(self, layer_id: str) -> Sequence[V]:
        """Return all versions of a layer or raster, newest first."""

    def add(self, version: V) -> None:
        """Write a row."""

    def changes(self) -> tuple[int, int]:
        """Return what is another one after any write, and of another file in its place."""

    def facts_of(self, version: V) -> Facts:
        """Return everything that a row says, as JSON values."""

    def version_of(self, facts: Facts) -> V:
        """Return the version that facts are of; KeyError, TypeError, ValueError if of none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Generic[V]):
    """The files and the rows of a store held against each other.

    ``in_use`` are the newest versions that were not withdrawn, by id, of those with a row.
    ``lost`` have facts and no row; ``nameless`` are files with neither. ``real`` are ids of
    layers that ever stood and were no demonstrations, by kind; ``withdrawn`` those of which a
    version was withdrawn, demonstrations too. ``steps`` is what was said of versions; that of
    ``doubtful`` ones cannot be read, that of ``unsaid`` ones has no rows. ``vanished`` are
    versions of which neither a file nor a row is left: the inventory alone knows the kind of
    their layers.
    """

    in_use: tuple[V, ...]
    lost: tuple[V, ...]
    nameless: tuple[Path, ...]
    real: dict[str, set[str]]
    withdrawn: dict[str, set[str]]
    steps: dict[Key, Steps]
    doubtful: frozenset[Key]
    unsaid: frozenset[Key]
    vanished: dict[Key, str]

    def is_withdrawn(self, key: Key) -> bool:
        """Tell whether a version does not count any more."""
        return is_withdrawn(self.steps.get(key, ()))


class Memory(Generic[V]):
    """What stands beside the versions of a store, held against its rows after every write.

    The ``inventory`` beside their folder says which layers stood that were no demonstrations.
    """

    def __init__(self, files: FactsFiles, db: Catalogue[V]) -> None:
        self._db = db
        self._files = files
        self.inventory = Inventory(files.folder)
        self._seen: tuple[tuple[int, int], Standing[V]] | None = None
        # Of releases that wrote no facts, and of a writer that died between row and file.
        known = db.steps.all()
        for version in db.everything():
            self._files.complete(version.path, db.facts_of(version))
            said = known.get(_key(version), ())
            if said and not steps_beside(version.path).exists():
                write_steps(version.path, said)
        self.inventory.complete(self._stood())

    def begin(self, version: V) -> None:
        """Say that a version's file will be put in place."""
        self._files.begin(version.path, self._db.facts_of(version))

    def finish(self, version: V) -> None:
        """Say that a version's file and its row stand."""
        self.inventory.complete(self._stood())
        if version.spec.status is not LayerStatus.DEMONSTRATION:
            self.inventory.note(version.spec.id, _noted(version))
        self._files.finish(version.path)
        self._seen = None

    def next_number(self, layer_id: str) -> int:
        """Return the next number that no file has; under the writers' lock."""
        for version in self._db.of_layer(layer_id):
            self._files.complete(version.path, self._db.facts_of(version))
        self._files.drop_unfinished(layer_id)
        known = [version.number for version in self._db.of_layer(layer_id)]
        noted = int(self.inventory.noted().get(layer_id, {"version": 0})["version"])
        return max([self._files.last_number(layer_id), noted, *known]) + 1

    def say(self, version: V, step: Step) -> None:
        """Withdraw or restore a version; under the writers' lock.

        The row decides; a writer that dies before the file is written leaves it to the next.

        Raises
        ------
        AlreadyWithdrawnError, NotWithdrawnError, DamagedWithdrawalError
            The version is so already, or what was said of it cannot be read.
        """
        layer_id, number = key = _key(version)
        if key in self.standing().doubtful:
            raise DamagedWithdrawalError(id=layer_id, version=number)
        said = followed_by(self.steps_of(version), step, layer_id, number)
        self._db.steps.extend(key, said)
        write_steps(version.path, said)
        self._seen = None

    def steps_of(self, version: V) -> Steps:
        """Return what was said of a version, oldest first."""
        return self.standing().steps.get(_key(version), ())

    def in_use(self) -> tuple[V, ...]:
        """Return the newest version of every layer that was not withdrawn, ordered by id."""
        return self.standing().in_use

    def standing(self) -> Standing[V]:
        """Hold the files against the rows; again only after a write, by whatever process."""
        changes = self._db.changes()
        if self._seen is None or self._seen[0] != changes:
            self._seen = changes, self._compared()
        return self._seen[1]

    def missing(self, kind: str, found: Sequence[V]) -> MissingLayer | None:
        """Return the layers of a kind without which what was found cannot be relied on.

        None if it can be.

        Parameters
        ----------
        kind : str
            A kind of layer.
        found : sequence of Version
            The versions of its layers in use.
        """
        standing = self.standing()
        lost, real = _lost_of(standing, kind, found), standing.real.get(kind, set())
        if any(version.spec.status is not LayerStatus.DEMONSTRATION for version in found):
            lost &= real
            return MissingLayer(kind=kind, lost=tuple(sorted(lost))) if lost else None
        gone = real - lost
        withdrawn = gone & {key[0] for key in standing.steps if standing.is_withdrawn(key)}
        lost |= gone - withdrawn
        if found and standing.nameless:
            # It may be the very layer that the demonstration took the place of.
            lost.add(UNKNOWN)
        if not lost and not withdrawn:
            return None
        return MissingLayer(kind=kind, lost=tuple(sorted(lost)), withdrawn=tuple(sorted(withdrawn)))

    def withdrawn_of(self, kind: str) -> tuple[str, ...]:
        """Return the layers of a kind of which a version was withdrawn, demonstrations too."""
        return tuple(sorted(self.standing().withdrawn.get(kind, ())))

    def chosen(self, versions: Sequence[V]) -> V:
        """Return the version of a layer that is in use.

        Parameters
        ----------
        versions : sequence of Version
            All that the catalogue knows of the layer, newest first; at least one.

        Raises
        ------
        LostVersionError, DamagedWithdrawalError
            There is a newer file, of which the catalogue does not know; or nobody can tell
            whether the version was withdrawn.
        AllWithdrawnError
            None is left.
        """
        standing, newest = self.standing(), versions[0]
        left = [version for version in versions if not standing.is_withdrawn(_key(version))]
        self.require_none_lost(newest.spec.id, left[0].number if left else 0)
        if not left:
            said = last_words(self.steps_of(newest))
            raise AllWithdrawnError(id=newest.spec.id, version=newest.number, **said)
        if _key(left[0]) in standing.doubtful:
            raise DamagedWithdrawalError(id=left[0].spec.id, version=left[0].number)
        return left[0]

    def require_none_lost(self, layer_id: str, newest: int) -> None:
        """Refuse to pass an old version, or none, off as the newest of a layer.

        Raises
        ------
        LostVersionError
            There is a newer file, of which the catalogue does not know.
        """
        standing = self.standing()
        for version in standing.lost:
            if version.spec.id != layer_id or version.number <= newest:
                continue
            if not standing.is_withdrawn(_key(version)):
                raise LostVersionError(layer_id=layer_id, version=version.number)
        for of, number in standing.vanished:
            if of == layer_id and number > newest:
                raise VanishedVersionError(layer_id=layer_id, version=number)

    def unlisted(self, layer_id: str | None = None) -> list[str]:
        """Return what has a file that the catalogue does not know: ``red v2``, or the file's name.

        Parameters
        ----------
        layer_id : str or None
            Only of this layer or raster; of all without one.
        """
        standing, root = self.standing(), self._files.folder.parent
        lost = [
            (v.spec.id, f"{v.spec.id} v{v.number}")
            for v in standing.lost
            if not standing.is_withdrawn(_key(v))
        ]
        lost += [(of, f"{of} v{number}") for of, number in standing.vanished]
        unnamed = [(p.parent.name, p.relative_to(root).as_posix()) for p in standing.nameless]
        return [name for of, name in (*lost, *unnamed) if layer_id in (None, of)]

    def unreadable(self) -> list[Path]:
        """Return facts, and records of withdrawals, that are not what was written."""
        beside = steps_below(self._files.folder)
        records = [steps_beside(path) for path, steps in beside if steps is None]
        return [*self._files.unreadable(), *records]

    def rebuild(self) -> int:
        """Write the rows that the catalogue has lost, and return how many.

        Records of withdrawals that are damaged are written again from their rows.
        """
        standing = self._compared()
        for version in standing.lost:
            self._db.add(version)
        for key in standing.unsaid:
            self._db.steps.extend(key, standing.steps[key])
        for version in self._db.everything():
            said = standing.steps.get(_key(version), ())
            if said and read_steps(version.path) != said:
                write_steps(version.path, said)
        self._seen = None
        rewritten = self.inventory.rewrite(self._stood())
        return len(standing.lost) + len(standing.unsaid) + rewritten

    def _compared(self) -> Standing[V]:
        # Files first: a version that is put in place meanwhile has its row before its facts.
        beside = {_key_of(path): steps for path, steps in steps_below(self._files.folder)}
        nameless = tuple(self._files.nameless())
        kept = list(self._facts())
        said, rows = self._db.steps.all(), self._db.everything()
        known = {_key(version) for version in rows}
        files = {version.path for version in rows}
        steps = _longer(said, beside)
        real: dict[str, set[str]] = {}
        withdrawn: dict[str, set[str]] = {}
        for version in (*kept, *rows):
            if version.spec.status is not LayerStatus.DEMONSTRATION:
                real.setdefault(version.spec.kind, set()).add(version.spec.id)
            if is_withdrawn(steps.get(_key(version), ())):
                withdrawn.setdefault(version.spec.kind, set()).add(version.spec.id)
        in_use = {v.spec.id: v for v in rows if not is_withdrawn(steps.get(_key(v), ()))}
        vanished = self._vanished((*kept, *rows))
        for (layer_id, _), kind in vanished.items():
            real.setdefault(kind, set()).add(layer_id)
        return Standing(
            in_use=tuple(in_use.values()),
            lost=tuple(v for v in kept if _key(v) not in known),
            nameless=tuple(path for path in nameless if path not in files),
            real=real,
            withdrawn=withdrawn,
            steps=steps,
            doubtful=frozenset(k for k, v in beside.items() if v is None and k not in said),
            unsaid=frozenset(k for k, v in steps.items() if len(v) > len(said.get(k, ()))),
            vanished=vanished,
        )

    def _vanished(self, known: Sequence[V]) -> dict[Key, str]:
        """Return what the inventory knows and neither a row, facts nor a file do."""
        newest: dict[str, int] = {}
        for version in known:
            newest[version.spec.id] = max(version.number, newest.get(version.spec.id, 0))
        return {
            (layer_id, noted["version"]): noted["kind"]
            for layer_id, noted in self.inventory.noted().items()
            if noted["version"] > max(newest.get(layer_id, 0), self._files.last_number(layer_id))
        }

    def _stood(self) -> dict[str, dict[str, Any]]:
        """Return what an inventory says of the versions that have a row or facts."""
        every = sorted((*self._facts(), *self._db.everything()), key=lambda one: one.number)
        return {
            version.spec.id: _noted(version)
            for version in every
            if version.spec.status is not LayerStatus.DEMONSTRATION
        }

    def _facts(self) -> Iterator[V]:
        for facts in self._files.standing():
            try:
                yield self._db.version_of(facts)
            except _NO_VERSION:
                continue


def _lost_of(standing: Standing[V], kind: str, found: Sequence[V]) -> set[str]:
    newest = {version.spec.id: version.number for version in found}
    doubtful = {v.spec.id for v in found if _key(v) in standing.doubtful}
    return (
        doubtful
        | {
            version.spec.id
            for version in standing.lost
            if version.spec.kind == kind
            and version.number > newest.get(version.spec.id, 0)
            and not standing.is_withdrawn(_key(version))
        }
        | {
            layer_id
            for (layer_id, number), of in standing.vanished.items()
            if of == kind and number > newest.get(layer_id, 0)
        }
    )


def _noted(version: Version) -> dict[str, Any]:
    return {"kind": version.spec.kind, "version": version.number}


def _key(version: Version) -> Key:
    return version.spec.id, version.number


def _key_of(data_file: Path) -> Key:
    number = data_file.name[1:]
    return data_file.parent.name, int(number) if number.isdigit() else 0


def _longer(said: Mapping[Key, Steps], beside: Mapping[Key, Steps | None]) -> dict[Key, Steps]:
    """Return what was said last: what was said once is never taken away."""
    found = dict(said)
    for key, steps in beside.items():
        if steps is not None and len(steps) > len(found.get(key, ())):
            found[key] = steps
    return found
