"""The table of all layer versions, in SQLite through SQLAlchemy."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from layers.model import (
    Issue,
    LayerSpec,
    LayerStatus,
    LayerVersion,
    Ledger,
    LeftOut,
    ReadReport,
    Sensitivity,
    Severity,
)
from layers.readers.ledger import has_lost_features
from layers.store.database_watch import DatabaseWatch
from layers.store.durable import place_file
from layers.store.withdrawals import StepRows

_FILE: Final = "catalogue.sqlite"
_DATES: Final = ("data_date", "valid_from", "valid_to")
_BUSY_MS: Final = 30_000


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "layer_version"

    layer_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    content_sha256: Mapped[str]
    created_at: Mapped[str]
    crs: Mapped[str]
    feature_count: Mapped[int]
    geometry_type: Mapped[str]
    bounds_lonlat: Mapped[str]
    covered: Mapped[bool]
    file: Mapped[str]
    spec: Mapped[str]
    report: Mapped[str | None]


class CatalogueDb:
    """Rows of ``catalogue.sqlite`` under the store's root, as layer versions.

    ``set_aside`` is the file of a damaged catalogue that this one takes the place of.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.set_aside: Path | None = None
        self._engine = _open(root / _FILE)
        self._watch = DatabaseWatch(self._engine, root / _FILE, self._prepare)
        self._read: tuple[tuple[int, int], tuple[LayerVersion, ...]] | None = None

    def _prepare(self) -> None:
        self.set_aside = set_aside_if_damaged(self._root / _FILE) or self.set_aside
        _Base.metadata.create_all(self._engine)
        self.steps = StepRows(self._engine)

    def add(self, version: LayerVersion) -> None:
        """Insert a version; its file must be in place."""
        with Session(self._engine) as session:
            session.add(_row(version, self._root))
            session.commit()

    def set_content(self, version: LayerVersion, content_sha256: str) -> None:
        """Give a version the digest that another way to digest contents gives."""
        with Session(self._engine) as session:
            row = session.get_one(_Row, (version.layer_id, version.number))
            row.content_sha256 = content_sha256
            session.commit()

    def changes(self) -> tuple[int, int]:
        """Return what is another one after any write of another connection."""
        return self._watch.changes()

    def everything(self) -> tuple[LayerVersion, ...]:
        """Return all versions of all layers; read again only after a write, by whatever process."""
        # Before the rows: what is written meanwhile is another change, and read the next time.
        changes = self._watch.changes()
        if self._read is None or self._read[0] != changes:
            query = select(_Row).order_by(_Row.layer_id, _Row.number)
            with Session(self._engine) as session:
                rows = tuple(_version(row, self._root) for row in session.scalars(query))
            self._read = changes, rows
        return self._read[1]

    def facts_of(self, version: LayerVersion) -> dict[str, Any]:
        """Return everything that a row says, as JSON values by column."""
        return _facts_of(version, self._root)

    def version_of(self, facts: Mapping[str, Any]) -> LayerVersion:
        """Return the version that facts are of.

        Raises
        ------
        KeyError, TypeError, ValueError
            They are of none.
        """
        return _version(_Row(**facts), self._root)

    def of_layer(self, layer_id: str) -> tuple[LayerVersion, ...]:
        """Return all versions of a layer, newest first."""
        return tuple(one for one in reversed(self.everything()) if one.layer_id == layer_id)


def _open(path: Path) -> Engine:
    # No pool: a connection is closed when it has answered, and not when a collector comes by.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:  # noqa: ANN401 - DBAPI
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    return engine


def _facts_of(version: LayerVersion, root: Path) -> dict[str, Any]:
    return {
        "layer_id": version.layer_id,
        "number": version.number,
        "sha256": version.sha256,
        "content_sha256": version.content_sha256,
        "created_at": version.created_at.isoformat(),
        "crs": version.crs,
        "feature_count": version.feature_count,
        "geometry_type": version.geometry_type,
        "bounds_lonlat": json.dumps(version.bounds_lonlat),
        "covered": version.covered,
        "file": version.path.relative_to(root).as_posix(),
        "spec": _json(asdict(version.spec)),
        "report": _json(asdict(version.report)) if version.report else None,
    }


def set_aside_if_damaged(path: Path) -> Path | None:
    """Move a database that is none any more out of the way, and return where it lies.

    An empty one in its place knows of no file, which is said of every file; a damaged one
    that is asked on could answer with rows left out.
    """
    if not path.is_file() or _is_sound(path):
        return None
    aside = path.with_name(f"{path.name}.damaged-{uuid4().hex[:8]}")
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.is_file():
            place_file(beside, aside.with_name(aside.name + suffix))
    place_file(path, aside)
    return aside


def _is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=_BUSY_MS / 1000)) as connection:
        try:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]) == "ok"
        except sqlite3.OperationalError:
            # Locked, or on a disk that does not answer: that says nothing of the file.
            raise
        except sqlite3.DatabaseError:
            return False


def _row(version: LayerVersion, root: Path) -> _Row:
    return _Row(**_facts_of(version, root))


def _version(row: _Row, root: Path) -> LayerVersion:
    west, south, east, north = json.loads(row.bounds_lonlat)
    report = _report(json.loads(row.report)) if row.report else None
    return LayerVersion(
        spec=_spec(json.loads(row.spec)),
        number=row.number,
        sha256=row.sha256,
        content_sha256=row.content_sha256,
        created_at=datetime.fromisoformat(row.created_at),
        crs=row.crs,
        feature_count=row.feature_count,
        geometry_type=row.geometry_type,
        bounds_lonlat=(west, south, east, north),
        covered=row.covered,
        path=root / row.file,
        report=report,
        incomplete=has_lost_features(report),
    )


def _spec(fields: dict[str, Any]) -> LayerSpec:
    days = {name: _day(fields[name]) for name in _DATES}
    status, sensitivity = LayerStatus(fields["status"]), Sensitivity(fields["sensitivity"])
    return LayerSpec(**{**fields, **days, "status": status, "sensitivity": sensitivity})


def _report(fields: dict[str, Any]) -> ReadReport:
    # Older reports have neither statements nor a ledger.
    stated = {name: tuple(lines) for name, lines in fields.get("statements", {}).items()}
    issues = tuple(_issues(fields["issues"]))
    ledger = _ledger(fields["ledger"]) if fields.get("ledger") else None
    return ReadReport(**{**fields, "issues": issues, "statements": stated, "ledger": ledger})


def _ledger(fields: dict[str, Any]) -> Ledger:
    return Ledger(**{**fields, "left_out": tuple(LeftOut(**one) for one in fields["left_out"])})


def _issues(items: Iterable[dict[str, Any]]) -> Iterable[Issue]:
    return (Issue(**{**item, "severity": Severity(item["severity"])}) for item in items)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
