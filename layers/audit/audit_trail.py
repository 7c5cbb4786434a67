"""An append-only trail in ``audit.sqlite``: every entry holds the digest of the one before it.

An entry that is changed or taken out breaks the chain behind it. Entries cut off at the end are
missed by ``audit.head``, which says how many there are and what the last one's digest is; it is
written after every entry. Who can write to the folder could make both anew: so ``doctor`` prints
the head, to be written down elsewhere, and takes one to compare with.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from layers.provenance import canonical_json, digest
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest

FILE: Final = "audit.sqlite"
HEAD: Final = "audit.head"
BEGINNING: Final = "0" * 64
_OWNER_ONLY: Final = 0o600
_LONGEST: Final = 300
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, way TEXT NOT NULL,
  address TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, version TEXT NOT NULL,
  result TEXT NOT NULL, request TEXT NOT NULL, former TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_at ON entry (at);
CREATE INDEX IF NOT EXISTS entry_person ON entry (person);
CREATE TRIGGER IF NOT EXISTS entry_kept BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
"""
_SAID: Final = (
    "at",
    "person",
    "way",
    "address",
    "action",
    "object",
    "version",
    "result",
    "request",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is put down: ``way`` is how the person came in, ``result`` a status or code."""

    person: str
    way: str
    address: str
    action: str
    object: str = ""
    version: str = ""
    result: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A deed in its place in the chain."""

    number: int
    at: datetime
    deed: Deed
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which entries are wanted; ``text`` stands anywhere in action, object or result."""

    person: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How many entries there are, and the digest of the last."""

    count: int
    digest: str


class AuditTrail:
    """The trail of a data folder; any process may add to it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def exists(self) -> bool:
        """Whether anything was ever put down, or said to be."""
        return (self._root / FILE).exists() or (self._root / HEAD).exists()

    def add(self, deed: Deed, now: datetime) -> Entry:
        """Put a deed down behind the last one."""
        said = {name: _short(text) for name, text in asdict(deed).items()}
        said["at"] = now.astimezone(UTC).isoformat(timespec="milliseconds")
        with FileLock(self._root / "audit.lock"), self._open() as rows:
            rows.execute("BEGIN IMMEDIATE")
            last = rows.execute("SELECT max(number), digest FROM entry").fetchone()
            number, former = (last[0] or 0) + 1, last[1] or BEGINNING
            own = digest_of(number, former, said)
            row = [number, *(said[name] for name in _SAID), former, own]
            rows.execute(f"INSERT INTO entry VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 - marks alone
            rows.commit()
            self._say_head(Head(count=number, digest=own))
        return _entry([number, *(said[name] for name in _SAID), former, own])

    def search(self, wanted: Search, most: int | None) -> tuple[list[Entry], int]:
        """Return the newest entries that are wanted, and how many there are in all."""
        if not (self._root / FILE).is_file():
            return [], 0
        where, values = _conditions(wanted)
        with self._open() as rows:
            count = rows.execute(f"SELECT count(*) FROM entry {where}", values).fetchone()[0]  # noqa: S608 - own words
            limit = -1 if most is None else most
            query = f"SELECT * FROM entry {where} ORDER BY number DESC LIMIT ?"  # noqa: S608 - own words
            found = [_entry(row) for row in rows.execute(query, [*values, limit])]
        return found, int(count)

    def head(self) -> Head | None:
        """Return what is said of the trail's end; None where nothing was ever put down.

        Raises
        ------
        ValueError
            It is not what was written.
        """
        path = self._root / HEAD
        if not path.is_file():
            return None
        said = json.loads(unseal(path.read_bytes(), HEAD))
        return Head(count=int(said["count"]), digest=str(said["digest"]))

    def faults(self) -> list[str]:
        """Return what is wrong: numbers of entries that do not fit, ``end`` or ``head``."""
        if not self.exists:
            return []
        found, former, number = list[str](), BEGINNING, 0
        try:
            with self._open() as rows:
                for row in rows.execute("SELECT * FROM entry ORDER BY number"):
                    number += 1
                    said = dict(zip(_SAID, row[1:-2], strict=True))
                    fits = row[0] == number and row[-2] == former
                    if not fits or row[-1] != digest_of(row[0], row[-2], said):
                        found.append(str(row[0]))
                        number = row[0]
                    former = row[-1]
        except sqlite3.DatabaseError:
            return ["file"]
        try:
            head = self.head()
        except (ValueError, KeyError):
            return [*found, "head"]
        if head is None:
            return [*found, *(["head"] if number else [])]
        # One more than the head says: the process died between the two.
        if head.count > number or head.count < number - 1:
            found.append("end")
        elif head.count == number and head.digest != former:
            found.append("head")
        return found

    def _say_head(self, head: Head) -> None:
        write_file(self._root / HEAD, wrap_with_digest(json.dumps(asdict(head)), HEAD))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        path = self._root / FILE
        made = not path.exists()
        if made:
            self._root.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as rows:
            if made:
                rows.executescript(_TABLE)
            yield rows


def digest_of(number: int, former: str, said: dict[str, Any]) -> str:
    """Return the digest of an entry: of all that it says, its place, and the one before."""
    return digest(canonical_json({"number": number, "former": former, **said}))


def _conditions(wanted: Search) -> tuple[str, list[str]]:
    parts, values = list[str](), list[str]()
    if wanted.person is not None:
        parts.append("person = ?")
        values.append(wanted.person)
    if wanted.text is not None:
        parts.append("instr(action || ' ' || object || ' ' || version || ' ' || result, ?) > 0")
        values.append(wanted.text)
    for mark, at in ((">=", wanted.since), ("<", wanted.until)):
        if at is not None:
            parts.append(f"at {mark} ?")
            values.append(at.astimezone(UTC).isoformat(timespec="milliseconds"))
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def _entry(row: Sequence[Any]) -> Entry:
    said = dict(zip(_SAID, row[1:-2], strict=True))
    at = datetime.fromisoformat(said.pop("at"))
    return Entry(number=row[0], at=at, deed=Deed(**said), digest=row[-1])


def _short(text: str) -> str:
    plain = "".join(mark if mark.isprintable() else "�" for mark in text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
