"""Imported statistics, versioned like layers: each table is a data set with immutable versions.

What was withdrawn and restored stands beside a version's file; ``count.json`` says how many
versions, and how many such steps, there were at least.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea
from layers.errors import (
    DamagedVersionError,
    LayerIdError,
    UnknownLayerError,
    UnknownVersionError,
)
from layers.provenance import canonical_json, digest
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest
from layers.store.withdrawals import (
    DamagedWithdrawalError,
    Step,
    Steps,
    followed_by,
    is_withdrawn,
    read_steps,
    steps_in,
    write_steps,
)

_COUNT: Final = "count.json"
_ADDED_LATER: Final = frozenset({"months", "note"})
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


class StatisticsStore:
    """Data sets in a folder: ``<dataset>/v0001.json``.

    The newest version of each that was not withdrawn counts.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, version: StatisticsVersion) -> tuple[StatisticsVersion, bool]:
        """Store a version under the next number; equal content is not stored twice.

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
            known = self.history(version.dataset, missing_ok=True)
            current = self._in_use(known)
            if current and current.content_sha256 == version.content_sha256:
                return current, False
            number = len(known) + 1
            body = {**_plain(version), "number": number}
            write_file(_path(home, number), wrap_with_digest(canonical_json(body).decode("utf-8")))
            self._keep_count(home, number)
        return self.history(version.dataset)[-1], True

    def say(self, dataset: str, number: int, step: Step) -> StatisticsVersion:
        """Withdraw a version, or restore it; nothing is removed.

        Raises
        ------
        UnknownLayerError, UnknownVersionError
            There is no such data set or version.
        AlreadyWithdrawnError, NotWithdrawnError, DamagedWithdrawalError
            The version is so already, or what was said of it cannot be read.
        """
        known = self.history(dataset)
        if not 1 <= number <= len(known):
            raise UnknownVersionError(layer_id=dataset, version=number)
        home = self._folder / dataset
        with FileLock(home / ".lock"):
            version = known[number - 1]
            write_steps(
                _path(home, number), followed_by(self.steps_of(version), step, dataset, number)
            )
            self._keep_count(home, len(self.history(dataset)))
        return version

    def steps_of(self, version: StatisticsVersion) -> Steps:
        """Return what was said of a version, oldest first.

        Raises
        ------
        DamagedWithdrawalError
            It cannot be read, or more was said than is there.
        """
        home = self._folder / version.dataset
        path = _path(home, version.number)
        steps = read_steps(path)
        if steps is None or len(steps) < _count(home).steps.get(path.stem, 0):
            raise DamagedWithdrawalError(id=version.dataset, version=version.number)
        return steps

    def in_use(self, dataset: str) -> StatisticsVersion | None:
        """Return the version of a data set that counts, None if all were withdrawn."""
        return self._in_use(self.history(dataset))

    def _in_use(self, versions: Sequence[StatisticsVersion]) -> StatisticsVersion | None:
        left = (one for one in reversed(versions) if not is_withdrawn(self.steps_of(one)))
        return next(left, None)

    def _keep_count(self, home: Path, versions: int) -> None:
        """Say what stands; under the lock, after all of it was written."""
        steps = {path.name: len(said) for path, said in steps_in(home) if said}
        kept = {"versions": versions, "steps": {**_count(home).steps, **steps}}
        write_file(home / _COUNT, wrap_with_digest(json.dumps(kept)))

    def history(self, dataset: str, *, missing_ok: bool = False) -> tuple[StatisticsVersion, ...]:
        """Return all versions of a data set, oldest first.

        Raises
        ------
        UnknownLayerError
            There is no such data set.
        DamagedVersionError
            A version is not what was stored.
        """
        home = self._folder / dataset
        if not _ID.fullmatch(dataset) or not home.is_dir():
            if missing_ok:
                return ()
            raise UnknownLayerError(layer_id=dataset[:80])
        paths = sorted(home.glob("v*.json"))
        wanted = [f"v{number:04d}.json" for number in range(1, len(paths) + 1)]
        stood = _count(home).versions
        # One that is gone would let an older one count in its place.
        if [path.name for path in paths] != wanted or len(paths) < stood:
            raise DamagedVersionError(layer_id=dataset, version=stood)
        return tuple(_read(path) for path in paths)

    def datasets(self) -> list[str]:
        """Return the ids of all data sets."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir())

    def current(self) -> tuple[StatisticsVersion, ...]:
        """Return the version in use of each data set, in the order in which they came.

        Raises
        ------
        DamagedVersionError, DamagedWithdrawalError
            One is not what was stored, or nobody can tell whether it was withdrawn.
        """
        found = [one for name in self.datasets() if (one := self.in_use(name))]
        return tuple(sorted(found, key=lambda version: version.created_at))


def content_sha256(
    observations: Sequence[Observation],
    areas: Sequence[PublishedArea],
    units: Sequence[PlanningUnit],
) -> str:
    """Return the digest of what a table says, whatever its file."""
    rows = [[_stated(row) for row in rows] for rows in (observations, areas, units)]
    return digest(canonical_json(rows))


def _stated(row: Observation | PublishedArea | PlanningUnit) -> dict[str, Any]:
    """Return a row without months and notes that are empty: versions from before have none."""
    return {
        name: value
        for name, value in asdict(row).items()
        if value != "" or name not in _ADDED_LATER
    }


def _plain(version: StatisticsVersion) -> dict[str, Any]:
    return {**asdict(version), "created_at": version.created_at.isoformat()}


def _path(home: Path, number: int) -> Path:
    return home / f"v{number:04d}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """How many versions there were at least, and how many steps of each."""

    versions: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)


def _count(home: Path) -> _Count:
    """Return what was counted; releases that did not count said nothing."""
    path = home / _COUNT
    try:
        if not path.is_file():
            return _Count()
        kept = json.loads(unseal(path.read_bytes()))
        return _Count(versions=int(kept["versions"]), steps=dict(kept.get("steps", {})))
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise DamagedVersionError(layer_id=home.name, version=0) from exc


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
                "units": tuple(PlanningUnit(**row) for row in body["units"]),
            }
        )
        known = content_sha256(found.observations, found.areas, found.units)
    except (ValueError, KeyError, TypeError) as exc:
        raise _damaged(path) from exc
    if known != found.content_sha256:
        raise _damaged(path)
    return found


def _damaged(path: Path) -> DamagedVersionError:
    return DamagedVersionError(layer_id=path.parent.name, version=int(path.stem[1:]))
