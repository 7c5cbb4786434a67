"""The open store with its layers in memory: what every use case works on."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import Final, Protocol, TypeVar

import geopandas as gpd

from api.settings import Settings
from api.workspace.archive import CheckArchive
from api.workspace.kernels import keep_machine_code
from api.workspace.loaded import LoadedLayer, RuleIndex, index_for, index_unclassified, loaded_layer
from api.workspace.needs import CHINA_TIME
from api.workspace.people.seen import ClearedArchive
from api.workspace.runs import RunArchive
from api.workspace.tasks import TaskBoard
from api.workspace.terms import read_terms, stamp_of
from api.workspace.zones.zone_of import ids_not_to_build, open_zone, put_raster, remember_zone
from geo.check.control_index import ControlIndex
from layers.audit.audit_trail import AuditTrail
from layers.builtin import (
    BuiltinLayer,
    build_all,
    layer_ids,
    raster_ids,
    recipe_version,
)
from layers.builtin.reference import read_counties
from layers.check.law import Law, rules_on
from layers.check.natures import Decisions
from layers.check.rules import ControlRule
from layers.check.schema import Schema, load_schema
from layers.check.site_limits import SiteLimits, site_limits
from layers.density.linkage import KIND as LINKAGE_KIND
from layers.density.linkage import LinkageUnit, linkage_units
from layers.density.statistics.collected import Statistics, collect_statistics
from layers.density.statistics.model import PlanningUnit
from layers.density.statistics.store import StatisticsStore
from layers.model import LayerVersion, MissingLayer, ReadOptions, ReadReport, SiteFrame
from layers.model import Sensitivity as Clearance
from layers.people.cleared import ClearedLayers, ClearedRasters
from layers.people.people_store import PeopleStore
from layers.publish.publications import PublicationStore
from layers.rasters.store import RasterStore
from layers.readers import ReadLimits, Source, read_layer, read_sites
from layers.store.catalogue import Kind, Kinds, kind_of
from layers.store.durable import write_file
from layers.store.former_store import FormerStore
from layers.store.layer_store import LayerStore
from layers.store.projects.project_store import ProjectStore

Result = TypeVar("Result")


class UploadReader(Protocol):
    """Reads what anybody hands in where it may be killed; ``name`` is the file, for messages."""

    def read_sites(self, source: Source, options: ReadOptions) -> SiteFrame:
        """Read sites as :func:`layers.readers.read_sites` does."""

    def read_layer(
        self, source: Source, options: ReadOptions
    ) -> tuple[gpd.GeoDataFrame, ReadReport]:
        """Read a layer as :func:`layers.readers.read_layer` does."""

    def call(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Return what a function returns."""


_MARKER: Final = "builtin-recipe.txt"


class Workspace:
    """A store, its rules and its clock, with every layer version loaded at most once.

    ``reader`` reads uploads in the stead of this process, as a server needs it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        reader: UploadReader | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.zone, settings = open_zone(settings)
        self.settings = settings
        keep_machine_code(settings.kernels)
        self._terms = read_terms(settings.rules_dir, self.zone.region)
        self.store = LayerStore(settings.data_dir, self.kinds)
        self.rasters = RasterStore(settings.data_dir)
        self.tables = StatisticsStore(settings.data_dir / "statistics")
        self.archive = CheckArchive(settings.data_dir / "checks")
        self._reader = reader
        self._now = now or _utc_now
        self.runs = RunArchive(settings.data_dir / "runs")
        self.publications = PublicationStore(settings.data_dir / "publications")
        self.projects = ProjectStore(settings.data_dir / "projects")
        self.people = PeopleStore(settings.data_dir)
        self.audit = AuditTrail(settings.data_dir)
        remember_zone(settings.data_dir, self.zone)
        self.tables.complete_inventory()
        self.publications.complete_inventory()
        self.tasks = TaskBoard(settings.data_dir / "tasks", self._now, settings.task_seconds)
        self._layers: dict[tuple[str, int, str], LoadedLayer] = {}
        self._indexes: dict[tuple[object, ...], RuleIndex] = {}
        self._unclassified: dict[tuple[object, ...], ControlIndex | None] = {}
        self._day: date | None = None
        self.loaded_digests: dict[str, str] = {}
        """Content digests of what was loaded by ``id@number``, where somebody watches."""
        self._law: tuple[date, Law] | None = None
        self._lock = Lock()

    @property
    def serves_anybody(self) -> bool:
        """Whether files come from anybody: they are read apart, and checks have limits."""
        return self._reader is not None

    def reads_by(self, reader: UploadReader) -> bool:
        """Whether uploads are read by this reader, which is then to be started and closed."""
        return self._reader is reader

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return self._now()

    def today(self) -> date:
        """Return the day whose law and layers are applied: that in China, or the one asked for."""
        return self._day or self.now().astimezone(CHINA_TIME).date()

    def as_of(self, day: date | None) -> "Workspace":
        """Return the same workspace on another day; None is today.

        It shares store, archive and loaded layers; the clock, which says when something was
        kept, goes on.
        """
        if day is None:
            return self
        other = copy(self)
        other._day, other._law = day, None
        return other

    def seen_by(self, clearance: Clearance) -> "Workspace":
        """Return the same workspace as somebody may see it who is cleared so far."""
        if clearance is Clearance.CLASSIFIED:
            return self
        other = copy(self)
        other.store = layers = ClearedLayers(self.store, clearance)
        other.rasters = ClearedRasters(self.rasters, clearance)
        other.archive = ClearedArchive(self.archive, layers.shows_all)
        return other

    def watched(self) -> "Workspace":
        """Return the same workspace with a list of its own of the versions that are loaded."""
        other = copy(self)
        other.loaded_digests = {}
        return other

    def without(self, hidden: Iterable[LayerVersion]) -> "Workspace":
        """Return the same workspace as it would be if some layer versions had not come in."""
        other = self.watched()
        versions = frozenset((version.layer_id, version.number) for version in hidden)
        other.store = FormerStore(self.store, versions)
        return other

    def read_sites(self, source: Source, options: ReadOptions) -> SiteFrame:
        """Read sites from what a person hands in.

        Raises
        ------
        PlanningError
            The input cannot be used as it is.
        """
        if self._reader is not None:
            return self._reader.read_sites(source, options)
        return read_sites(source, options, counties=self.counties, limits=self.limits)

    def read_layer(
        self, source: Source, options: ReadOptions
    ) -> tuple[gpd.GeoDataFrame, ReadReport]:
        """Read the features of a layer that a person hands in.

        The outlines of counties are those that ship: the layer of counties itself can be
        imported anew when its file is damaged.

        Raises
        ------
        PlanningError
            The input cannot be used as it is.
        """
        if self._reader is not None:
            return self._reader.read_layer(source, options)
        counties = read_counties(self.zone.region)
        return read_layer(source, options, counties=counties, limits=self.limits)

    def read_apart(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Return what a reader makes of hostile bytes, in another process where there is one.

        Raises
        ------
        PlanningError
            The input cannot be used as it is.
        """
        if self._reader is None:
            return function(*args)
        return self._reader.call(name, function, *args)

    @cached_property
    def site_limits(self) -> SiteLimits:
        """Which sites can be judged: those of the zone's region, of a least area."""
        return site_limits(self.zone.region)

    @cached_property
    def limits(self) -> ReadLimits:
        """How much a reader takes in."""
        return ReadLimits(max_bytes=self.settings.max_upload_bytes)

    @property
    def kinds(self) -> Kinds:
        """Kinds of layers by id, built-in ones and those of the settings' folder."""
        return self._terms.kinds

    @property
    def rules(self) -> tuple[ControlRule, ...]:
        """Rules by kind, built-in ones and those of the settings' folder."""
        return self._terms.rules

    @property
    def decisions(self) -> Decisions:
        """What follows from findings: the built-in table under that of the settings' folder."""
        return self._terms.decisions

    def read_terms_anew(self) -> None:
        """Read kinds, rules and decisions again, where a file of them is another one by now.

        Raises
        ------
        RuleFileError
            A file cannot be read. What was read before is not used in its place.
        """
        stamp = stamp_of(self.settings.rules_dir)
        if stamp != self._terms.stamp:
            self._terms = read_terms(self.settings.rules_dir, self.zone.region)
            self.store.kinds = self.kinds
            self._law = None

    def law(self, on: date) -> Law:
        """Return what checks of a day are made under."""
        kept = self._law
        if kept is None or kept[0] != on:
            rules, ended = rules_on(self.rules, on)
            every = (*rules, *(one.rule for one in ended))
            kinds = tuple(self.kind(rule.kind) for rule in every)
            law = Law(rules=rules, ended=ended, kinds=kinds, decisions=self.decisions)
            kept = self._law = on, law
        return kept[1]

    def rules_in_force(self, kind: str) -> tuple[ControlRule, ...]:
        """Return the rules of a kind whose law is in force on the day."""
        return tuple(rule for rule in self.law(self.today()).rules if rule.kind == kind)

    def schema(self, kind: str) -> Schema:
        """Return what the rules of a kind, of whatever day, read from its features."""
        return load_schema(kind, self.rules, self.settings.rules_dir)

    @property
    def statistics(self) -> Statistics:
        """What ships, and over it what was imported by now."""
        return collect_statistics(self.zone, self.tables.current(), self._linkage_drawn())

    @property
    def readable_statistics(self) -> Statistics:
        """The same where some of it is damaged: an import is compared with what is left."""
        return collect_statistics(self.zone, self.tables.readable(), self._linkage_drawn())

    @property
    def linkage(self) -> tuple[LinkageUnit, ...]:
        """Linkage zones, expansion areas and blocks, as the layers of today draw them."""
        layers = [one for one in self.store.current() if one.spec.kind == LINKAGE_KIND]
        return linkage_units(self.zone, ((one, self.load(one).features) for one in layers))

    def _linkage_drawn(self) -> list[PlanningUnit]:
        return [one.unit for one in self.linkage]

    @property
    def counties(self) -> gpd.GeoDataFrame:
        """County polygons in EPSG:4490 for evidence and declared coverage."""
        return self.load(self.store.get("counties")).features

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""
        return kind_of(name, self.kinds)

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that count on the day (see ``LayerStore.controls``)."""
        found = self.store.controls(kind)
        if isinstance(found, MissingLayer):
            return found
        return tuple(self._begun(version) for version in found)

    def _begun(self, newest: LayerVersion) -> LayerVersion:
        """Return the newest version of a layer whose time had come on the day.

        One that has ended is not passed over for an older one: what it replaced is no law.
        An older one that does not say since when it holds takes no place either.
        """
        day = self.today()
        if newest.spec.valid_from is None or newest.spec.valid_from <= day:
            return newest
        older = self.store.standing_versions(newest.layer_id)
        began = (one for one in older if one.spec.valid_from and one.spec.valid_from <= day)
        return next(began, newest)

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory.

        Raises
        ------
        DamagedVersionError
            Its file no longer matches its digest.
        """
        # By the digest, too: a store that was restored may have other files under the numbers.
        key = (version.layer_id, version.number, version.sha256)
        with self._lock:
            self.loaded_digests[f"{version.layer_id}@{version.number}"] = version.content_sha256
            if key not in self._layers:
                self._layers[key] = loaded_layer(version, self.store.read(version))
            return self._layers[key]

    def index_for(self, loaded: LoadedLayer, rule: ControlRule) -> RuleIndex:
        """Return the features that a rule speaks of."""
        key = (loaded.version.layer_id, loaded.version.sha256, rule.chooses)
        with self._lock:
            if key not in self._indexes:
                self._indexes[key] = index_for(loaded, rule)
            return self._indexes[key]

    def index_unclassified(
        self, loaded: LoadedLayer, rules: Sequence[ControlRule]
    ) -> ControlIndex | None:
        """Return the index of the features that no rule of their kind speaks of."""
        chosen = (rule.chooses for rule in rules)
        key = (loaded.version.layer_id, loaded.version.sha256, *chosen)
        with self._lock:
            if key not in self._unclassified:
                self._unclassified[key] = index_unclassified(loaded, rules)
            return self._unclassified[key]

    def builtin_to_build(self) -> int:
        """Return how many built-in layers are still to be built: all or none."""
        marker = self.settings.data_dir / _MARKER
        wanted = recipe_version(self.zone, self.settings.rules_dir)
        built = marker.is_file() and marker.read_text(encoding="utf-8") == wanted
        if built:
            return 0
        return len(layer_ids(self.zone, self.settings.rules_dir)) + len(raster_ids(self.zone))

    def ensure_builtin(self, step: Callable[[], None] | None = None) -> None:
        """Build the data that ships, unless this recipe already stands in the store.

        What a person has imported under the id of a built-in layer stays, and so does what a
        person has withdrawn. ``step`` is called after each layer.
        """
        if not self.builtin_to_build():
            return
        kept = ids_not_to_build(self.store, self.rasters)
        for made in build_all(self.zone, self.settings.rules_dir):
            if made.spec.id in kept:
                pass
            elif isinstance(made, BuiltinLayer):
                self.store.put_version(made.spec, made.frame, report=None, now=self.now())
            else:
                put_raster(self.rasters, made, self.now())
            if step:
                step()
        version = recipe_version(self.zone, self.settings.rules_dir).encode("utf-8")
        write_file(self.settings.data_dir / _MARKER, version)


def _utc_now() -> datetime:
    return datetime.now(tz=UTC)
