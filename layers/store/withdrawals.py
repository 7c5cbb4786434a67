"""That versions were withdrawn and restored: by whom, why and when.

A version itself never changes and is never removed. What was said of it is a list that only
grows: it stands in a small sealed file beside the version's own, and once more in the
catalogue, so that a file that is lost makes no withdrawn version count again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Boolean, Column, Engine, Integer, MetaData, String, Table, insert, select

from geo.errors import InputError
from layers.errors import CannotTellError
from layers.provenance import canonical_json
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest

_PREFIX: Final = "withdrawn-"
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError)


class AlreadyWithdrawnError(InputError):
    """A version is withdrawn. Params: ``id``, ``version``, ``name``, ``reason``, ``at``."""

    code = "layers.store.already_withdrawn"


class NotWithdrawnError(InputError):
    """A version that is to be restored is not withdrawn. Params: ``id``, ``version``."""

    code = "layers.store.not_withdrawn"


class AllWithdrawnError(CannotTellError):
    """No version of a layer or data set is left that counts.

    Params: ``id``, and of its newest version ``version``, ``name``, ``reason``, ``at``.
    """

    code = "layers.store.all_withdrawn"


class DamagedWithdrawalError(CannotTellError):
    """Whether a version was withdrawn cannot be read. Params: ``id``, ``version``."""

    code = "layers.store.damaged_withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """That a version was withdrawn, or restored: who said so, why, and when (aware)."""

    withdrawn: bool
    name: str
    reason: str
    at: datetime


Steps = tuple[Step, ...]
"""All that was said of one version, oldest first."""
Key = tuple[str, int]
"""Id and number of a version."""


def is_withdrawn(steps: Steps) -> bool:
    """Tell whether a version does not count any more."""
    return bool(steps) and steps[-1].withdrawn


def followed_by(steps: Steps, step: Step, of: str, version: int | str) -> Steps:
    """Return steps with one more.

    Raises
    ------
    AlreadyWithdrawnError, NotWithdrawnError
        The version is so already.
    """
    if is_withdrawn(steps) and step.withdrawn:
        raise AlreadyWithdrawnError(id=of, version=version, **last_words(steps))
    if not is_withdrawn(steps) and not step.withdrawn:
        raise NotWithdrawnError(id=of, version=version)
    return (*steps, step)


def last_words(steps: Steps) -> dict[str, str]:
    """Return who said the last of it, why and when, as an error says it."""
    last = steps[-1]
    return {"name": last.name, "reason": last.reason, "at": last.at.isoformat()}


def plain_steps(steps: Steps) -> list[dict[str, Any]]:
    """Return steps as JSON values."""
    return [{**asdict(step), "at": step.at.isoformat()} for step in steps]


def steps_from(rows: Iterable[Mapping[str, Any]]) -> Steps:
    """Return steps from JSON values.

    Raises
    ------
    KeyError, TypeError, ValueError
        They are none.
    """
    return tuple(Step(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows)


def steps_beside(data_file: Path) -> Path:
    """Return where it stands what was said of a version."""
    return data_file.with_name(f"{_PREFIX}{data_file.stem}.json")


def write_steps(data_file: Path, steps: Steps) -> None:
    """Write beside a version's file what was said of it."""
    kept = {"version": _label(data_file), "steps": plain_steps(steps)}
    write_file(steps_beside(data_file), wrap_with_digest(canonical_json(kept).decode("utf-8")))


def read_steps(data_file: Path) -> Steps | None:
    """Return what was said of a version, None if that cannot be read."""
    path = steps_beside(data_file)
    if not path.exists():
        return ()
    try:
        kept = json.loads(unseal(path.read_bytes()))
        steps = steps_from(kept["steps"])
        return steps if kept["version"] == _label(data_file) else None
    except _UNREADABLE:
        return None


def steps_below(folder: Path) -> Iterator[tuple[Path, Steps | None]]:
    """Return what was said of all versions below a folder; see :func:`steps_in`."""
    for home in sorted(path for path in folder.glob("*") if path.is_dir()):
        yield from steps_in(home)


def steps_in(home: Path) -> Iterator[tuple[Path, Steps | None]]:
    """Return what was said of versions in a folder, each with its path without suffix."""
    for path in sorted(home.glob(f"{_PREFIX}v[0-9]*.json")):
        data_file = path.with_name(path.stem.removeprefix(_PREFIX))
        yield data_file, read_steps(data_file)


class StepRows:
    """The same once more, in a table of a catalogue."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._table = Table(
            "version_step",
            MetaData(),
            Column("layer_id", String, primary_key=True),
            Column("number", Integer, primary_key=True),
            Column("step", Integer, primary_key=True),
            Column("withdrawn", Boolean, nullable=False),
            Column("name", String, nullable=False),
            Column("reason", String, nullable=False),
            Column("at", String, nullable=False),
        )
        self._table.create(engine, checkfirst=True)

    def all(self) -> dict[Key, Steps]:
        """Return what was said of all versions."""
        table, found = self._table.c, dict[Key, Steps]()
        query = select(self._table).order_by(table.layer_id, table.number, table.step)
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                step = Step(
                    withdrawn=row.withdrawn,
                    name=row.name,
                    reason=row.reason,
                    at=datetime.fromisoformat(row.at),
                )
                key = (row.layer_id, row.number)
                found[key] = (*found.get(key, ()), step)
        return found

    def extend(self, key: Key, steps: Steps) -> None:
        """Add those steps of a version that have no row."""
        layer_id, number = key
        with self._engine.begin() as connection:
            table = self._table.c
            mine = (table.layer_id == layer_id) & (table.number == number)
            known = len(connection.execute(select(table.step).where(mine)).all())
            for at, plain in enumerate(plain_steps(steps)[known:], start=known):
                row = {"layer_id": layer_id, "number": number, "step": at, **plain}
                connection.execute(insert(self._table).values(row))


def _label(data_file: Path) -> str:
    return f"{data_file.parent.name}/{data_file.stem}"
