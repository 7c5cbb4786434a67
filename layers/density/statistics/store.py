"""Imported statistics, versioned like layers: each table is a data set with immutable versions.

What was withdrawn and restored stands beside a version's file; ``count.json`` says how many
versions, and how many such steps, there were at least, and so does the inventory beside all.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea
from layers.errors import (
    DamagedCountError,
    DamagedTableError,
    DamagedVersionError,
    LayerIdError,
    UnknownTableError,
    UnknownVersionError,
)
from layers.provenance import canonical_json, digest
from layers.store.durable import write_file
from layers.store.inventory import Inventory
from layers.store.sealed import unseal, wrap_with_digest
from layers.store.withdrawals import (
    DamagedWithdrawalError,
    Step,
    Steps,
    followed_by,
    is_withdrawn,
    read_steps,
    steps_beside,
    steps_in,
    write_steps,
)

_COUNT: Final = "count.json"
_ADDED_LATER: Final = frozenset({"months", "note", "drawn_as"})
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError)
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsVersion:
    """One immutable version of a data set: what a table said, and which table it was.

    ``units`` are those that the table brought with it (parcels, blocks of a layer).
    """

    dataset: str
    number: int
    created_at: datetime
    source_name: str
    source_sha256: str
    observations: tuple[Observation, ...]
    areas: tuple[PublishedArea, ...]
    units: tuple[PlanningUnit, ...]
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """How many versions there were at least, and how many steps of each."""

    versions: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)


class StatisticsStore:
    """Data sets in a folder: ``<dataset>/v0001.json``.

    The newest version of each that was not withdrawn counts. How many versions there were is
    kept twice: in the folder of a data set, and in an inventory beside the folder of all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.inventory = Inventory(folder)

    def put(self, version: StatisticsVersion) -> tuple[StatisticsVersion, bool]:
        """Store a version under the next number; equal content is not stored twice.

        Content comes anew where the version that holds it is damaged.

        Returns
        -------
        StatisticsVersion and bool
            What counts now, and whether it is new.

        Raises
        ------
        LayerIdError
            The data set's id is not lower-case letters, digits and underscores.
        """
        if not _ID.fullmatch(version.dataset):
            raise LayerIdError(layer_id=version.dataset[:80])
        home = self._folder / version.dataset
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock"):
            current = self._sound_in_use(version.dataset)
            if current and current.content_sha256 == version.content_sha256:
                return current, False
            number = self._last(version.dataset) + 1
            body = {**_plain(version), "number": number}
            write_file(_path(home, number), wrap_with_digest(canonical_json(body).decode("utf-8")))
            self._keep_count(version.dataset)
        return _read(_path(home, number)), True

    def say(self, dataset: str, number: int, step: Step) -> StatisticsVersion:
        """Withdraw a version, or restore it; nothing is removed.

        Raises
        ------
        UnknownLayerError, UnknownVersionError
            There is no such data set or version.
        AlreadyWithdrawnError, NotWithdrawnError, DamagedVersionError, DamagedWithdrawalError
            The version is so already, or it or what was said of it cannot be read.
        """
        self._require_known(dataset)
        if not 1 <= number <= self._last(dataset):
            raise UnknownVersionError(layer_id=dataset, version=number)
        home = self._folder / dataset
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock"):
            version = _read(_path(home, number))
            write_steps(
                _path(home, number), followed_by(self.steps_of(version), step, dataset, number)
            )
            self._keep_count(dataset)
        return version

    def steps_of(self, version: StatisticsVersion) -> Steps:
        """Return what was said of a version, oldest first.

        Raises
        ------
        DamagedWithdrawalError
            It cannot be read, or more was said than is there.
        """
        return self._steps(version.dataset, version.number)

    def _steps(self, dataset: str, number: int) -> Steps:
        path = _path(self._folder / dataset, number)
        steps = read_steps(path)
        if steps is None or len(steps) < self._stood(dataset).steps.get(path.stem, 0):
            raise DamagedWithdrawalError(id=dataset, version=number)
        return steps

    def in_use(self, dataset: str) -> StatisticsVersion | None:
        """Return the version of a data set that counts, None if all were withdrawn.

        Raises
        ------
        UnknownLayerError
            There is no such data set.
        DamagedVersionError, DamagedWithdrawalError
            It is not what was stored, or nobody can tell whether it was withdrawn.
        """
        self._require_known(dataset)
        for number in range(self._last(dataset), 0, -1):
            if not is_withdrawn(self._steps(dataset, number)):
                return _read(_path(self._folder / dataset, number))
        return None

    def _sound_in_use(self, dataset: str) -> StatisticsVersion | None:
        try:
            return self.in_use(dataset)
        except (DamagedVersionError, DamagedWithdrawalError):
            return None

    def history(self, dataset: str) -> tuple[StatisticsVersion, ...]:
        """Return all versions of a data set that can be read, oldest first.

        The others are named by :meth:`damaged`.

        Raises
        ------
        UnknownLayerError
            There is no such data set.
        """
        self._require_known(dataset)
        found = []
        for number in range(1, self._last(dataset) + 1):
            with suppress(DamagedVersionError):
                found.append(_read(_path(self._folder / dataset, number)))
        return tuple(found)

    def damaged(self, dataset: str) -> list[str]:
        """Return what of a data set is gone or is not what was stored."""
        home, found = self._folder / dataset, list[str]()
        for number in range(1, self._last(dataset) + 1):
            try:
                _read(_path(home, number))
                self._steps(dataset, number)
            except DamagedVersionError:
                found.append(f"{dataset} v{number}")
            except DamagedWithdrawalError:
                found.append(f"{dataset}/{steps_beside(_path(home, number)).name}")
        if not self._is_counted(dataset):
            found.append(f"{dataset}/{_COUNT}")
        return found

    def datasets(self) -> list[str]:
        """Return the ids of all data sets, also of those that stood and are gone."""
        kept = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted({path.name for path in kept if path.is_dir()} | self.inventory.noted().keys())

    def current(self) -> tuple[StatisticsVersion, ...]:
        """Return the version in use of each data set, in the order in which they came.

        Raises
        ------
        DamagedVersionError, DamagedWithdrawalError
            One is not what was stored, or nobody can tell whether it was withdrawn.
        """
        found = [one for name in self.datasets() if (one := self.in_use(name))]
        return tuple(sorted(found, key=lambda version: version.created_at))

    def readable(self) -> tuple[StatisticsVersion, ...]:
        """Return the same, and in the place of what is damaged the newest that can be read.

        It is what an import is compared with, which may well be what heals a damaged data set.
        """
        found = [
            self._sound_in_use(name) or next(reversed(self.history(name)), None)
            for name in self.datasets()
        ]
        return tuple(sorted((one for one in found if one), key=lambda version: version.created_at))

    def complete_inventory(self) -> None:
        """Write the inventory of a store of a release that kept none."""
        if not self.inventory.path.exists():
            for name in self.datasets():
                if not (self._folder / name / _COUNT).exists():
                    self._keep_count(name)
            self.inventory.complete(self._counts())

    def rebuild(self) -> int:
        """Write anew what counts versions and is gone or damaged, and return how many files."""
        wanting = [name for name in self.datasets() if not self._is_counted(name)]
        for name in wanting:
            self._keep_count(name)
        return len(wanting) + self.inventory.rewrite(self._counts())

    def _counts(self) -> dict[str, Any]:
        return {name: _plain_count(self._counted(name)) for name in self.datasets()}

    def _require_known(self, dataset: str) -> None:
        if not _ID.fullmatch(dataset) or dataset not in self.datasets():
            raise UnknownTableError(layer_id=dataset[:80])

    def _stood(self, dataset: str) -> _Count:
        """Return how much stood at least, by the folder and by the inventory.

        Raises
        ------
        DamagedVersionError
            The folder's count cannot be read, and the inventory does not know the data set.
        """
        path, noted = self._folder / dataset / _COUNT, self.inventory.noted().get(dataset)
        said, known = _count(path), _Count() if noted is None else _count_from(noted)
        if said is None:
            if noted is None and path.exists():
                raise DamagedCountError(layer_id=dataset, version=0)
            return known
        return _more(said, known)

    def _is_counted(self, dataset: str) -> bool:
        """Tell whether a folder itself says how many versions it holds."""
        return _count(self._folder / dataset / _COUNT) is not None

    def _counted(self, dataset: str) -> _Count:
        """Return how much stands now, or stood."""
        home = self._folder / dataset
        steps = {path.name: len(said) for path, said in steps_in(home) if said}
        return _more(_Count(versions=self._last(dataset), steps=steps), self._known(dataset))

    def _known(self, dataset: str) -> _Count:
        try:
            return self._stood(dataset)
        except DamagedVersionError:
            return _Count()

    def _last(self, dataset: str) -> int:
        """Return the highest number of a version that stands, or ever stood."""
        paths = (self._folder / dataset).glob("v[0-9]*.json")
        kept = [int(path.stem[1:]) for path in paths if path.stem[1:].isdigit()]
        return max([self._known(dataset).versions, *kept])

    def _keep_count(self, dataset: str) -> None:
        """Say what stands; under the lock, after all of it was written."""
        home = self._folder / dataset
        home.mkdir(parents=True, exist_ok=True)
        kept = _plain_count(self._counted(dataset))
        write_file(home / _COUNT, wrap_with_digest(json.dumps(kept)))
        self.inventory.note(dataset, kept)


def content_sha256(
    observations: Sequence[Observation],
    areas: Sequence[PublishedArea],
    units: Sequence[PlanningUnit],
) -> str:
    """Return the digest of what a table says, whatever its file."""
    rows = [[_stated(row) for row in rows] for rows in (observations, areas, units)]
    return digest(canonical_json(rows))


def _stated(row: Observation | PublishedArea | PlanningUnit) -> dict[str, Any]:
    """Return a row without what is empty and came later: versions from before have none."""
    return {
        name: value
        for name, value in asdict(row).items()
        if value not in ("", ()) or name not in _ADDED_LATER
    }


def _plain(version: StatisticsVersion) -> dict[str, Any]:
    return {**asdict(version), "created_at": version.created_at.isoformat()}


def _path(home: Path, number: int) -> Path:
    return home / f"v{number:04d}.json"


def _count(path: Path) -> _Count | None:
    """Return what a folder says, None where that is gone or damaged."""
    try:
        return _count_from(json.loads(unseal(path.read_bytes())))
    except _UNREADABLE:
        return None


def _count_from(kept: Mapping[str, Any]) -> _Count:
    return _Count(versions=int(kept["versions"]), steps=dict(kept.get("steps", {})))


def _plain_count(count: _Count) -> dict[str, Any]:
    return {"versions": count.versions, "steps": dict(count.steps)}


def _more(one: _Count, other: _Count) -> _Count:
    """Return the greater of each: what stood once is never forgotten."""
    names = one.steps.keys() | other.steps.keys()
    steps = {name: max(one.steps.get(name, 0), other.steps.get(name, 0)) for name in names}
    return _Count(versions=max(one.versions, other.versions), steps=steps)


def _read(path: Path) -> StatisticsVersion:
    try:
        body = json.loads(unseal(path.read_bytes()))
        if (body["dataset"], body["number"]) != (path.parent.name, int(path.stem[1:])):
            raise _damaged(path)
        found = StatisticsVersion(
            **{
                **body,
                "created_at": datetime.fromisoformat(body["created_at"]),
                "observations": tuple(Observation(**row) for row in body["observations"]),
                "areas": tuple(PublishedArea(**row) for row in body["areas"]),
                "units": tuple(_unit(row) for row in body["units"]),
            }
        )
        known = content_sha256(found.observations, found.areas, found.units)
    except _UNREADABLE as exc:
        raise _damaged(path) from exc
    if known != found.content_sha256:
        raise _damaged(path)
    return found


def _unit(row: Mapping[str, Any]) -> PlanningUnit:
    return PlanningUnit(**{**row, "drawn_as": tuple(row.get("drawn_as", ()))})


def _damaged(path: Path) -> DamagedVersionError:
    return DamagedTableError(layer_id=path.parent.name, version=int(path.stem[1:]))
