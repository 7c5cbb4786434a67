"""Past checks, kept as files under their ids."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock
from pydantic import TypeAdapter

from geo.errors import PlanningError
from layers.errors import GoneError, NotFoundError
from layers.model import Datum, ReadOptions
from layers.provenance import canonical_json
from layers.readers import Source
from layers.store.bundle import pack, unpack
from layers.store.durable import remove_file, write_file
from layers.store.sealed import pack_with_digest, unseal, wrap_with_digest
from maps.check.answers import CheckResult
from maps.check.batch_answers import PastCheck
from maps.check.finding import Override

INPUT: Final = "input.json"
FORM: Final = "ftzgis-input-1"
_OVERRIDES: Final = ".overrides.json"
_REVIEWED: Final = ".reviewed.json"
"""How many reviewers' verdicts there are: lost ones must not read as none."""
_SUMMARY: Final = ".summary.json"
_OWNER: Final = "check.json"
_PURGED: Final = ".purged.json"
_ID: Final = re.compile(r"[0-9a-f]{8,64}")
_SHORT: Final = TypeAdapter(PastCheck)
_RESULT: Final = TypeAdapter(CheckResult)
_REVIEWS: Final = TypeAdapter(list[Override])
_COUNT: Final = TypeAdapter(int)
_WORD: Final = TypeAdapter(dict[str, str])

Kept = TypeVar("Kept")


class UnknownCheckError(NotFoundError):
    """No check has this id. Params: ``check_id``."""

    code = "api.check.unknown"


class PurgedCheckError(GoneError):
    """The check was removed after its retention time. Params: ``check_id``, ``at``."""

    code = "api.check.purged"


class DamagedCheckError(PlanningError):
    """What is kept of a check is not what was kept. Params: ``check_id``."""

    code = "api.check.damaged"


class InputNotKeptError(NotFoundError):
    """The check's input was not kept. Params: ``check_id``."""

    code = "api.check.input_not_kept"


class CheckArchive:
    """Results of checks; the same check has the same id and is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, result: CheckResult, at: datetime) -> None:
        """Store a result whole or not at all, and beside it what a list of checks needs.

        ``at`` is when it was made: no reviewer can have judged it before.
        """
        short = _summary(result).model_copy(update={"kept_at": at.isoformat(timespec="seconds")})
        self._seal(f"{result.id}{_SUMMARY}", short.model_dump_json())
        name = f"{result.id}.json"
        self._write(name, pack_with_digest(result.model_dump_json(), name))
        (self._folder / f"{result.id}{_PURGED}").unlink(missing_ok=True)

    def sound(self) -> tuple[list[PastCheck], list[str]]:
        """Return all checks in short that can be read, newest first, and the ids of the others."""
        found, damaged = list[PastCheck](), list[str]()
        for check_id, _ in self.newest():
            try:
                found.append(self.short(check_id))
            except DamagedCheckError:
                damaged.append(check_id)
        damaged += self.without_result()
        return sorted(found, key=lambda one: (one.checked_on, one.id), reverse=True), damaged

    def kept_at(self, check_id: str) -> datetime:
        """Return when a kept check was made, or for the last time made again."""
        if (said := self.short(check_id).kept_at) is not None:
            return datetime.fromisoformat(said)
        # Kept by a release that wrote no times: the file's own.
        kept_s = (self._folder / f"{check_id}.json").stat().st_mtime
        return datetime.fromtimestamp(kept_s, tz=UTC)

    def short(self, check_id: str) -> PastCheck:
        """Return a kept check in short.

        Raises
        ------
        UnknownCheckError, DamagedCheckError
            There is none with this id, or it is not what was kept.
        """
        path = self._folder / f"{check_id}{_SUMMARY}"
        if path.is_file():
            return self._read(path, _SHORT)
        # Kept by a release that wrote no summaries.
        short = _summary(self.get(check_id))
        self._seal(path.name, short.model_dump_json())
        return short

    def keep_input(
        self, check_id: str, source: Source, options: ReadOptions, law: Mapping[str, bytes]
    ) -> None:
        """Store what a person handed in and declared, so that the check can be proved.

        ``law`` are the files that hold its rules, kinds and decisions.
        """
        declared = {"name": source.name, "names": list(source.files), "options": asdict(options)}
        files = {f"input/{number}": data for number, data in enumerate(source.files.values())}
        owner = {_OWNER: canonical_json({"id": check_id})}
        kept = {**files, **law, INPUT: canonical_json(declared), **owner}
        self._write(f"{check_id}.input.zip", pack(kept, FORM))

    def input_files(self, check_id: str) -> dict[str, bytes]:
        """Return the input of a kept check, as :func:`input_from` takes it.

        Raises
        ------
        UnknownCheckError, InputNotKeptError
            There is no such check, or it was kept without its input.
        DamagedCheckError
            It is the input of another check.
        """
        self.get(check_id)
        path = self._folder / f"{check_id}.input.zip"
        if not path.is_file():
            raise InputNotKeptError(check_id=check_id)
        files = unpack(path.read_bytes(), FORM)
        owner = files.pop(_OWNER, None)
        if owner is not None and owner != canonical_json({"id": check_id}):
            raise DamagedCheckError(check_id=check_id)
        return files

    def without_input(self) -> list[str]:
        """Return checks that cannot be proved, because their input is not kept."""
        kept = [check_id for check_id, _ in self.newest()]
        return [one for one in kept if not (self._folder / f"{one}.input.zip").is_file()]

    def get(self, check_id: str) -> CheckResult:
        """Return a kept result.

        Raises
        ------
        UnknownCheckError, PurgedCheckError
            There is none with this id, or none any more.
        DamagedCheckError
            It is not what was kept.
        """
        path = self._folder / f"{check_id}.json"
        if not _ID.fullmatch(check_id) or not path.is_file():
            self._require_not_purged(check_id)
            raise UnknownCheckError(check_id=check_id[:64])
        return self._read(path, _RESULT)

    def require_sound(self, check_id: str) -> None:
        """Read all that is kept of a check.

        Raises
        ------
        DamagedCheckError, AlteredBundleError, NotABundleError
            Something is not what was kept.
        """
        result = self.get(check_id)
        self.overrides(check_id)
        summary = self._folder / f"{check_id}{_SUMMARY}"
        if summary.is_file() and _timeless(self.short(check_id)) != _summary(result):
            raise DamagedCheckError(check_id=check_id)
        if (self._folder / f"{check_id}.input.zip").is_file():
            self.input_files(check_id)

    def files_of(self, check_id: str) -> list[Path]:
        """Return all files of a check, the result first."""
        found = self._folder.glob(f"{check_id}.*")
        own = (path for path in found if not path.name.endswith(_PURGED))
        return sorted(own, key=lambda path: (path.stem != check_id, path.name))

    def remove(self, check_id: str, at: datetime) -> None:
        """Remove a check with its upload, and leave word of it.

        The word is written first and the result goes first: a process that dies in between
        leaves strays, and no check without its upload.
        """
        word = {"check_id": check_id, "at": at.isoformat(timespec="seconds")}
        self._seal(f"{check_id}{_PURGED}", canonical_json(word).decode("utf-8"))
        for path in self.files_of(check_id):
            remove_file(path)

    def _require_not_purged(self, check_id: str) -> None:
        path = self._folder / f"{check_id}{_PURGED}"
        if _ID.fullmatch(check_id) and path.is_file():
            raise PurgedCheckError(check_id=check_id, at=self._read(path, _WORD)["at"])

    def strays(self) -> list[Path]:
        """Return files that belong to no kept check."""
        known = {check_id for check_id, _ in self.newest()}
        return sorted(
            path
            for path in self._folder.glob("[0-9a-f]*.*")
            if path.name.partition(".")[0] not in known and not path.name.endswith(_PURGED)
        )

    def without_result(self) -> list[str]:
        """Return ids of checks of which something is left and the result is gone."""
        return sorted({path.name.partition(".")[0] for path in self.strays()})

    def newest(self) -> list[tuple[str, float]]:
        """Return the ids of all kept checks and when each was kept (POSIX), newest first."""
        if not self._folder.is_dir():
            return []
        kept = [
            (path.stem, path.stat().st_mtime)
            for path in self._folder.glob("*.json")
            if _ID.fullmatch(path.stem)
        ]
        return sorted(kept, key=lambda one: one[1], reverse=True)

    def keep_override(self, check_id: str, override: Override) -> None:
        """Add a reviewer's verdict to those of a kept check; nothing is ever replaced."""
        with FileLock(self._folder / ".overrides.lock"):
            said = [*self.overrides(check_id), override]
            rows = [one.model_dump(mode="json") for one in said]
            self._seal(f"{check_id}{_OVERRIDES}", canonical_json(rows).decode("utf-8"))
            # Afterwards: a process that dies in between leaves one more than is asked for.
            self._seal(f"{check_id}{_REVIEWED}", str(len(rows)))

    def overrides(self, check_id: str) -> list[Override]:
        """Return the reviewers' verdicts on a kept check, oldest first.

        Raises
        ------
        DamagedCheckError
            They are not what was kept, or some of them are gone.
        """
        if not _ID.fullmatch(check_id):
            return []
        path = self._folder / f"{check_id}{_OVERRIDES}"
        found = self._read(path, _REVIEWS) if path.is_file() else []
        counted = self._folder / f"{check_id}{_REVIEWED}"
        if counted.is_file() and len(found) < self._read(counted, _COUNT):
            raise DamagedCheckError(check_id=check_id)
        return found

    def _read(self, path: Path, form: TypeAdapter[Kept]) -> Kept:
        try:
            return form.validate_json(unseal(path.read_bytes(), path.name))
        except ValueError as exc:
            raise DamagedCheckError(check_id=path.name.partition(".")[0]) from exc

    def _seal(self, name: str, document: str) -> None:
        self._write(name, wrap_with_digest(document, name))

    def _write(self, name: str, data: bytes) -> None:
        write_file(self._folder / name, data)


def _summary(result: CheckResult) -> PastCheck:
    return PastCheck(
        id=result.id,
        name=result.read_report.name,
        checked_on=result.checked_on,
        nature=result.nature,
        verdict=result.verdict,
        sites=len(result.sites),
        record=result.record,
    )


def _timeless(short: PastCheck) -> PastCheck:
    return short.model_copy(update={"kept_at": None})


def input_from(files: Mapping[str, bytes]) -> tuple[Source, ReadOptions]:
    """Return the input that a bundle's files hold."""
    declared = json.loads(files[INPUT])
    given = declared["options"]
    source = Source(
        name=declared["name"],
        files={name: files[f"input/{at}"] for at, name in enumerate(declared["names"])},
    )
    return source, ReadOptions(**{**given, "datum": Datum(given["datum"])})
