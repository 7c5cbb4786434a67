"""The layer store: immutable versions in files, and a catalogue of them."""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import geopandas as gpd
from filelock import FileLock

from geo.measure.crs import GEOGRAPHIC, crs_name, require_crs
from layers.errors import (
    DamagedVersionError,
    EmptyFileError,
    KindChangedError,
    LayerFactError,
    LayerIdError,
    OfficialLostError,
    UnknownLayerError,
    UnknownVersionError,
    WrongGeometryError,
)
from layers.model import (
    LayerFrame,
    LayerSpec,
    LayerStatus,
    LayerVersion,
    MissingLayer,
    ReadReport,
)
from layers.provenance import file_digest
from layers.readers.ledger import has_lost_features
from layers.store.catalogue import Kind, Kinds, kind_of, load_kinds
from layers.store.content import content_sha256, old_content_sha256
from layers.store.durable import replace_file
from layers.store.export import write_export
from layers.store.facts import FactsFiles, facts_beside
from layers.store.forms.styled_geopackage import Presentation
from layers.store.geopackage import read_geopackage, write_geopackage
from layers.store.memory import Memory
from layers.store.versions_table import CatalogueDb
from layers.store.withdrawals import Step

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_READ_ONLY: Final = 0o444
_GEOMETRY: Final = {"polygon": "Polygon", "line": "LineString", "point": "Point"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PutResult:
    """The version that holds the content; ``created`` is False if it stood there already."""

    version: LayerVersion
    created: bool


class LayerStore:
    """Layers under a folder: ``layers/<id>/v0001.gpkg`` and ``catalogue.sqlite``.

    ``memory`` is what the files themselves say of versions, see :class:`Memory`.

    A version is one GeoPackage in the CRS that it came in. It is written beside its
    place, digested and swapped in under a lock that all processes share, and is never
    changed again. A writer that dies leaves nothing that anyone sees. ``kinds`` are those
    that a layer may be of, the built-in ones if not said otherwise.
    """

    def __init__(self, root: Path, kinds: Kinds | None = None) -> None:
        self._root = root
        self.kinds = load_kinds() if kinds is None else kinds
        root.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(root / "store.lock")
        # A lock of its own: who only looks need not wait for a long import.
        with FileLock(root / "catalogue.lock"):
            self._db = CatalogueDb(root)
            self._digest_by_feature()
        self.memory = Memory(FactsFiles(root / "layers", ".gpkg"), self._db)
        self.set_aside = self._db.set_aside

    def find_same(self, spec: LayerSpec, frame: LayerFrame, content: str) -> LayerVersion | None:
        """Return the version in use that holds a layer already, said the same; None if it is new.

        ``content`` is the digest of the frame. A damaged file is no reason to keep its content
        out: it comes anew.
        """
        current = next((one for one in self.current() if one.layer_id == spec.id), None)
        if current is None or current.spec != spec:
            return None
        same = current.content_sha256 in (content, old_content_sha256(frame))
        return current if same and self._is_sound(current) else None

    def put_version(
        self, spec: LayerSpec, frame: LayerFrame, *, report: ReadReport | None, now: datetime
    ) -> PutResult:
        """Store a layer's content as its next version, unless it is the current one and sound.

        Parameters
        ----------
        spec : LayerSpec
            What is said about the layer; a change in it makes a new version too.
        frame : LayerFrame
            Features with a unique text column ``feature_id`` and a CRS, at least one.
        report : ReadReport or None
            How the file was read; None for built-in layers.
        now : datetime
            Aware; the creation time.

        Raises
        ------
        LayerIdError, LayerFactError
            The id, the precision or the validity is not possible.
        UnknownKindError, KindChangedError, WrongGeometryError
            There is no such kind, the layer is of another one, or the kind is made of
            other geometries.
        MissingCrsError, EmptyFileError
            The frame has no CRS or no features.
        """
        _require_possible(spec)
        _require_geometry(kind_of(spec.kind, self.kinds), frame.features)
        crs = crs_name(require_crs(frame.features))
        if frame.features.empty:
            raise EmptyFileError(name=spec.id)
        content = content_sha256(frame)
        with self._lock:
            newest = next(iter(self._db.of_layer(spec.id)), None)
            if newest and newest.spec.kind != spec.kind:
                raise KindChangedError(layer_id=spec.id, kind=spec.kind, found=newest.spec.kind)
            if same := self.find_same(spec, frame, content):
                return PutResult(version=same, created=False)
            # After every file that stands there: one whose row is lost is never overwritten.
            number = self.memory.next_number(spec.id)
            version = LayerVersion(
                spec=spec,
                number=number,
                sha256="",
                content_sha256=content,
                created_at=now,
                crs=crs,
                feature_count=len(frame.features),
                geometry_type=_geometry_type(frame.features),
                bounds_lonlat=_bounds_lonlat(frame.features),
                covered=frame.coverage is not None,
                path=self._path(spec.id, number),
                report=report,
                incomplete=has_lost_features(report),
            )
            version = self._swap_in(frame, version)
        return PutResult(version=version, created=True)

    def current(self) -> tuple[LayerVersion, ...]:
        """Return the newest version of every layer that was not withdrawn, ordered by id."""
        return self.memory.in_use()

    def everything(self) -> tuple[LayerVersion, ...]:
        """Return all versions of all layers, withdrawn ones too, by id and number."""
        return self._db.everything()

    def say(self, layer_id: str, number: int, step: Step) -> LayerVersion:
        """Withdraw a version, or restore it; nothing is removed.

        Raises
        ------
        UnknownLayerError, UnknownVersionError
            There is no such layer or version.
        AlreadyWithdrawnError, NotWithdrawnError
            The version is so already.
        """
        with self._lock:
            version = self.get(layer_id, number)
            self.memory.say(version, step)
        return version

    def versions(self, layer_id: str) -> tuple[LayerVersion, ...]:
        """Return all versions of a layer, withdrawn ones too, newest first.

        Raises
        ------
        UnknownLayerError, LostVersionError
            There is no such layer, or the catalogue has lost it.
        """
        found = self._db.of_layer(layer_id)
        if not found:
            self.memory.require_none_lost(layer_id, 0)
            raise UnknownLayerError(layer_id=layer_id[:80])
        return found

    def standing_versions(self, layer_id: str) -> tuple[LayerVersion, ...]:
        """Return the versions of a layer that were not withdrawn, newest first; raises as above."""
        standing = self.memory.standing()
        return tuple(
            version
            for version in self.versions(layer_id)
            if not standing.is_withdrawn((layer_id, version.number))
        )

    def get(self, layer_id: str, number: int | None = None) -> LayerVersion:
        """Return a version of a layer, without a number the one in use.

        Raises
        ------
        UnknownLayerError, UnknownVersionError
            There is no such layer or version.
        LostVersionError, AllWithdrawnError, DamagedWithdrawalError
            The catalogue has lost a newer one than it knows, or none is left that counts.
        """
        versions = self.versions(layer_id)
        if number is None:
            return self.memory.chosen(versions)
        for version in versions:
            if version.number == number:
                return version
        raise UnknownVersionError(layer_id=layer_id, version=number)

    def read(self, version: LayerVersion) -> LayerFrame:
        """Return the features and the coverage of a version.

        Raises
        ------
        DamagedVersionError
            The file is gone or is not what was stored.
        """
        return read_geopackage(self.sound_path(version), covered=version.covered)

    def sound_path(self, version: LayerVersion) -> Path:
        """Return the file of a version, whose bytes are as they were stored.

        Raises
        ------
        DamagedVersionError
            The file is gone or is not what was stored.
        """
        if not self._is_sound(version):
            raise DamagedVersionError(layer_id=version.layer_id, version=version.number)
        return version.path

    def _is_sound(self, version: LayerVersion) -> bool:
        return version.path.is_file() and file_digest(version.path) == version.sha256

    def export(
        self, version: LayerVersion, path: Path, presentation: Presentation | None = None
    ) -> None:
        """Write a version to a file; see :func:`layers.store.export.write_export`.

        Raises
        ------
        ExportFormatError
            The suffix is none of these.
        """
        statements = version.report.statements if version.report else None
        write_export(self.read(version), path, statements, presentation)

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that count.

        As soon as one of them is not a demonstration, demonstrations do not count; nor do
        they ever again, should it be lost or withdrawn. Expired layers are among them: that
        they say nothing is a finding, not a gap. Where the only layers of a kind were withdrawn,
        demonstrations too, they are named: what was examined is not passed over.
        """
        found = tuple(version for version in self.current() if version.spec.kind == kind)
        real = tuple(v for v in found if v.spec.status is not LayerStatus.DEMONSTRATION)
        none = MissingLayer(kind=kind, withdrawn=self.memory.withdrawn_of(kind))
        return self.memory.missing(kind, found) or real or found or none

    def require_standing(self, version: LayerVersion) -> None:
        """Refuse a demonstration in the place of a layer that is lost or was withdrawn.

        Raises
        ------
        OfficialLostError
            It names the layers that stood there.
        """
        counted = self.controls(version.spec.kind)
        if (
            version.spec.status is LayerStatus.DEMONSTRATION
            and isinstance(counted, MissingLayer)
            and counted.gone
        ):
            raise OfficialLostError(layer_id=version.layer_id, lost=list(counted.gone))

    def _digest_by_feature(self) -> None:
        """Give versions of releases without facts the content digest that proves features."""
        for version in self._db.everything():
            if not facts_beside(version.path).exists():
                try:
                    content = content_sha256(self.read(version))
                except DamagedVersionError:
                    continue
                self._db.set_content(version, content)

    def _swap_in(self, frame: LayerFrame, version: LayerVersion) -> LayerVersion:
        """Put a version's file in its place, write its row, then say that it stands."""
        path = version.path
        path.parent.mkdir(parents=True, exist_ok=True)
        for left_over in path.parent.glob(".*.tmp.gpkg*"):
            left_over.unlink()
        # On the disk before the row that names it: else a power cut could keep the row alone.
        with replace_file(path) as temporary:
            write_geopackage(frame, temporary)
            version = replace(version, sha256=file_digest(temporary))
            self.memory.begin(version)
        self._db.add(version)
        path.chmod(_READ_ONLY)
        self.memory.finish(version)
        return version

    def _path(self, layer_id: str, number: int) -> Path:
        return self._root / "layers" / layer_id / f"v{number:04d}.gpkg"


def is_layer_id(text: str) -> bool:
    """Tell whether a text can be an id: lower-case letters, digits, underscores."""
    return _ID.fullmatch(text) is not None


def _require_possible(spec: LayerSpec) -> None:
    if not is_layer_id(spec.id):
        raise LayerIdError(layer_id=spec.id[:80])
    if spec.precision_m is not None and not (
        math.isfinite(spec.precision_m) and spec.precision_m > 0
    ):
        # It widens the tolerance: without end, no overlap would ever be wide.
        raise LayerFactError(fact="precision_m", value=str(spec.precision_m))
    if spec.valid_from and spec.valid_to and spec.valid_from > spec.valid_to:
        raise LayerFactError(fact="valid_to", value=spec.valid_to.isoformat())


def _require_geometry(kind: Kind, features: gpd.GeoDataFrame) -> None:
    """Refuse lines as polygons: a red line drawn as lines would overlap nothing."""
    found = {str(name).removeprefix("Multi") for name in features.geom_type.dropna()}
    if found - {_GEOMETRY[one] for one in kind.geometries}:
        raise WrongGeometryError(kind=kind.id, expected=kind.geometry, found=sorted(found))


def _geometry_type(features: gpd.GeoDataFrame) -> str:
    kinds = {str(kind).removeprefix("Multi") for kind in features.geom_type}
    return kinds.pop() if len(kinds) == 1 else "Mixed"


def _bounds_lonlat(features: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = features.geometry.to_crs(GEOGRAPHIC).total_bounds
    return float(west), float(south), float(east), float(north)
