"""The raster store: immutable cloud-optimised GeoTIFFs, and a catalogue of them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import shapely
from filelock import FileLock
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from layers.errors import DamagedRasterError, KindChangedError, LayerIdError
from layers.model import Issue, LayerSpec, LayerStatus, MissingLayer, Sensitivity, Severity
from layers.provenance import file_digest
from layers.rasters.errors import RasterGoneError, UnknownRasterError
from layers.rasters.kinds import raster_kind
from layers.rasters.model import RasterFacts, RasterReport, RasterVersion
from layers.rasters.mosaic import Sheet, footprint
from layers.store.database_watch import DatabaseWatch
from layers.store.durable import place_file
from layers.store.facts import Facts, FactsFiles
from layers.store.layer_store import is_layer_id
from layers.store.memory import Memory
from layers.store.plausibility.concerns import Concern
from layers.store.versions_table import set_aside_if_damaged
from layers.store.withdrawals import Step, StepRows

_READ_ONLY: Final = 0o444
_BUSY_S: Final = 30
_HAIR_DEG: Final = 1e-9


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "raster_version"

    raster_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    file: Mapped[str]
    document: Mapped[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterPut:
    """The version that holds the content; ``created`` is False if it stood there already."""

    version: RasterVersion
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterOrigin:
    """Where a raster comes from: a report if imported, versions if calculated."""

    report: RasterReport | None = None
    made_from: tuple[str, ...] = ()


class RasterStore:
    """Rasters under the folder of the layer store: ``rasters/<id>/v0001.tif``.

    As with layers, a version is written beside its place, digested and swapped in under
    a lock that all processes share, and is never changed again.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "rasters"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(root / "rasters.lock")
        self._sound: set[tuple[object, ...]] = set()
        with self._lock:
            self._rows = _Rows(root)
            self.memory = Memory(FactsFiles(self._folder, ".tif"), self._rows)
        self.set_aside = self._rows.set_aside

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Yield a place for a file to be put; what is left there afterwards is removed."""
        path = self._folder / f".{uuid4().hex}.tmp.tif"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def find_same(
        self, spec: LayerSpec, facts: RasterFacts, origin: RasterOrigin
    ) -> RasterVersion | None:
        """Return the version in use that holds the same already; a damaged file holds nothing."""
        for one in self.current():
            said = (one.spec, one.facts.content_sha256, one.made_from)
            if said == (spec, facts.content_sha256, origin.made_from):
                return one if self._is_sound(one, afresh=True) else None
        return None

    def put_version(
        self,
        spec: LayerSpec,
        staged: Path,
        facts: RasterFacts,
        *,
        origin: RasterOrigin,
        now: datetime,
    ) -> RasterPut:
        """Take a staged file in as the next version, unless it is the current one.

        Raises
        ------
        LayerIdError, UnknownRasterKindError, KindChangedError
            The id is not possible, there is no such kind, or the raster is of another.
        """
        if not is_layer_id(spec.id):
            raise LayerIdError(layer_id=spec.id[:80])
        raster_kind(spec.kind)
        with self._lock:
            newest = next(iter(self._rows.of_layer(spec.id)), None)
            if newest and newest.spec.kind != spec.kind:
                raise KindChangedError(layer_id=spec.id, kind=spec.kind, found=newest.spec.kind)
            if same := self.find_same(spec, facts, origin):
                return RasterPut(version=same, created=False)
            number = self.memory.next_number(spec.id)
            version = RasterVersion(
                spec=spec,
                number=number,
                sha256=file_digest(staged),
                created_at=now,
                facts=facts,
                path=self._folder / spec.id / f"v{number:04d}.tif",
                report=origin.report,
                made_from=origin.made_from,
            )
            self._swap_in(version, staged)
        return RasterPut(version=version, created=True)

    def current(self) -> tuple[RasterVersion, ...]:
        """Return the newest version of every raster that was not withdrawn, ordered by id."""
        return self.memory.in_use()

    def everything(self) -> tuple[RasterVersion, ...]:
        """Return all versions of all rasters, withdrawn ones too, by id and number."""
        return self._rows.everything()

    def say(self, raster_id: str, number: int, step: Step) -> RasterVersion:
        """Withdraw a version, or restore it; nothing is removed.

        Raises
        ------
        UnknownRasterError
            There is no such raster or version.
        AlreadyWithdrawnError, NotWithdrawnError
            The version is so already.
        """
        with self._lock:
            version = self.get(raster_id, number)
            self.memory.say(version, step)
        return version

    def versions(self, raster_id: str) -> tuple[RasterVersion, ...]:
        """Return all versions of a raster, withdrawn ones too, newest first.

        Raises
        ------
        UnknownRasterError
            There is no such raster.
        """
        found = self._rows.of_layer(raster_id)
        if not found:
            self.memory.require_none_lost(raster_id, 0)
            raise UnknownRasterError(raster_id=raster_id[:80], version=None)
        return found

    def get(self, raster_id: str, number: int | None = None) -> RasterVersion:
        """Return a version of a raster, without a number the one in use.

        Raises
        ------
        UnknownRasterError
            There is no such raster or version.
        LostVersionError, AllWithdrawnError, DamagedWithdrawalError
            The catalogue has lost a newer one than it knows, or none is left that counts.
        """
        versions = self.versions(raster_id)
        if number is None:
            return self.memory.chosen(versions)
        for version in versions:
            if version.number == number:
                return version
        raise UnknownRasterError(raster_id=raster_id[:80], version=number)

    def in_use(self, kind: str) -> tuple[RasterVersion, ...]:
        """Return the rasters of a kind that count, each before those that it goes before.

        Demonstrations come last, and those that lie wholly under the others do not count.
        Where an official one stood and is lost nobody can tell any more: then there is none.
        Nor do demonstrations count that lie where one was withdrawn and no other lies.
        """
        found = self._of_kind(kind)
        if self.memory.missing(kind, found):
            return ()
        real = [v for v in found if v.spec.status is not LayerStatus.DEMONSTRATION]
        made_up = [v for v in found if v.spec.status is LayerStatus.DEMONSTRATION]
        if real:
            taken = shapely.buffer(shapely.union_all([footprint(v) for v in real]), _HAIR_DEG)
            bared = shapely.difference(self._withdrawn_ground(kind), taken)
            made_up = [v for v in made_up if not shapely.covers(taken, footprint(v))]
            made_up = [v for v in made_up if not _overlap(footprint(v), bared)]
        return (*sorted(real, key=_fineness), *sorted(made_up, key=_fineness))

    def missing(self, kind: str) -> MissingLayer | None:
        """Return the rasters of a kind that stood here and without which nobody can tell."""
        return self.memory.missing(kind, self._of_kind(kind))

    def require_in_use(self, kind: str) -> tuple[RasterVersion, ...]:
        """Return the rasters of a kind that count, see :meth:`in_use`; none where none ever stood.

        Raises
        ------
        RasterGoneError
            One that was no demonstration is lost or was withdrawn, and no other counts.
        """
        found = self.in_use(kind)
        missing = None if found else self.missing(kind)
        if missing is not None:
            raise RasterGoneError(kind=kind, gone=list(missing.gone))
        return found

    def _of_kind(self, kind: str) -> list[RasterVersion]:
        return [version for version in self.current() if version.spec.kind == kind]

    def _withdrawn_ground(self, kind: str) -> shapely.Geometry:
        """Return where rasters of a kind that were no demonstrations lay and were withdrawn."""
        standing = self.memory.standing()
        gone = [
            footprint(version)
            for version in (self.everything() if standing.steps else ())
            if version.spec.kind == kind
            and version.spec.status is not LayerStatus.DEMONSTRATION
            and standing.is_withdrawn((version.raster_id, version.number))
        ]
        return shapely.union_all(gone)

    def paths(self, sheet: Sheet) -> list[Path]:
        """Return the files of a sheet; raises as :meth:`sound_path`."""
        return [self.sound_path(version) for version in sheet.versions]

    def sound_path(self, version: RasterVersion, *, afresh: bool = False) -> Path:
        """Return a version's file, digested the first time that this store is asked for it.

        ``afresh`` digests it again.

        Raises
        ------
        DamagedRasterError
            The file is gone or is not what was stored.
        """
        if not self._is_sound(version, afresh=afresh):
            raise DamagedRasterError(layer_id=version.raster_id, version=version.number)
        return version.path

    def _is_sound(self, version: RasterVersion, *, afresh: bool) -> bool:
        if not version.path.is_file():
            return False
        stat = version.path.stat()
        key = (version.raster_id, version.number, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if afresh or key not in self._sound:
            if file_digest(version.path) != version.sha256:
                return False
            self._sound.add(key)
        return True

    def _swap_in(self, version: RasterVersion, staged: Path) -> None:
        version.path.parent.mkdir(parents=True, exist_ok=True)
        self.memory.begin(version)
        place_file(staged, version.path)
        self._rows.add(version)
        version.path.chmod(_READ_ONLY)
        self.memory.finish(version)


def _overlap(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Tell whether two shapes share more than an edge: ten square metres, in square degrees."""
    return bool(shapely.area(shapely.intersection(one, other)) > _HAIR_DEG)


def _fineness(version: RasterVersion) -> tuple[float, str]:
    return version.facts.pixel_m, version.raster_id


class _Rows:
    """Rows of ``rasters.sqlite``; see :class:`layers.store.memory.Catalogue`."""

    def __init__(self, root: Path) -> None:
        path = root / "rasters.sqlite"
        self._root = root
        self._path = path
        self.set_aside: Path | None = None
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": _BUSY_S}, poolclass=NullPool
        )
        self._watch = DatabaseWatch(self._engine, path, self._prepare)

    def _prepare(self) -> None:
        self.set_aside = set_aside_if_damaged(self._path) or self.set_aside
        _Base.metadata.create_all(self._engine)
        self.steps = StepRows(self._engine)

    def add(self, version: RasterVersion) -> None:
        with Session(self._engine) as session:
            session.add(_row(version, self._root))
            session.commit()

    def everything(self) -> tuple[RasterVersion, ...]:
        return self._select(select(_Row).order_by(_Row.raster_id, _Row.number))

    def of_layer(self, layer_id: str) -> tuple[RasterVersion, ...]:
        query = select(_Row).where(_Row.raster_id == layer_id).order_by(_Row.number.desc())
        return self._select(query)

    def changes(self) -> tuple[int, int]:
        return self._watch.changes()

    def facts_of(self, version: RasterVersion) -> Facts:
        return _fields(version, self._root)

    def version_of(self, facts: Facts) -> RasterVersion:
        return _version(_Row(**facts), self._root)

    def _select(self, query: Any) -> tuple[RasterVersion, ...]:  # noqa: ANN401 - any select
        self._watch.follow()
        with Session(self._engine) as session:
            return tuple(_version(row, self._root) for row in session.scalars(query))


def _row(version: RasterVersion, root: Path) -> _Row:
    return _Row(**_fields(version, root))


def _fields(version: RasterVersion, root: Path) -> dict[str, Any]:
    fields = asdict(replace(version, path=Path()))
    for name in ("path", "sha256", "number"):
        del fields[name]
    return {
        "raster_id": version.raster_id,
        "number": version.number,
        "sha256": version.sha256,
        "file": version.path.relative_to(root).as_posix(),
        "document": json.dumps(fields, ensure_ascii=False, default=str),
    }


def _version(row: _Row, root: Path) -> RasterVersion:
    fields = json.loads(row.document)
    return RasterVersion(
        spec=_spec(fields["spec"]),
        number=row.number,
        sha256=row.sha256,
        created_at=datetime.fromisoformat(fields["created_at"]),
        facts=_facts(fields["facts"]),
        path=root / row.file,
        report=_report(fields["report"]) if fields["report"] else None,
        made_from=tuple(fields["made_from"]),
    )


def _spec(fields: Mapping[str, Any]) -> LayerSpec:
    days = {
        name: date.fromisoformat(fields[name]) if fields[name] else None
        for name in ("data_date", "valid_from", "valid_to")
    }
    kinds = {
        "status": LayerStatus(fields["status"]),
        "sensitivity": Sensitivity(fields["sensitivity"]),
    }
    return LayerSpec(**{**fields, **days, **kinds})


def _facts(fields: Mapping[str, Any]) -> RasterFacts:
    rows = {name: tuple(fields[name]) for name in ("transform", "bands", "bounds_lonlat")}
    nodata = fields["nodata"]
    return RasterFacts(**{**fields, **rows, "nodata": None if nodata is None else float(nodata)})


def _report(fields: Mapping[str, Any]) -> RasterReport:
    issues = tuple(
        Issue(**{**item, "severity": Severity(item["severity"])}) for item in fields["issues"]
    )
    concerns = tuple(Concern(**item) for item in fields.get("concerns", ()))
    return RasterReport(**{**fields, "issues": issues, "concerns": concerns})
