"""What use cases need of an open workspace, each by a name of its own.

A use case says in its signature which of these it works on, and mypy holds it to that: nothing
else of the workspace can be read there, and nothing can be set. Doors hand over the workspace
as a whole; the evidence of a past check can stand in its place where control layers are asked for.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final, Protocol, TypeVar

import geopandas as gpd
from typing_extensions import override

from api.settings import Settings
from api.workspace.archive import CheckArchive
from api.workspace.loaded import LoadedLayer, RuleIndex
from api.workspace.runs import RunArchive
from api.workspace.tasks import TaskBoard
from geo.check.control_index import ControlIndex
from layers.audit.audit_trail import AuditTrail
from layers.check.law import Law
from layers.check.natures import Decisions
from layers.check.rules import ControlRule
from layers.check.schema import Schema
from layers.check.site_limits import SiteLimits
from layers.density.linkage import LinkageUnit
from layers.density.statistics.collected import Statistics
from layers.density.statistics.store import StatisticsStore
from layers.model import LayerVersion, MissingLayer, ReadOptions, ReadReport, SiteFrame
from layers.people.people_store import PeopleStore
from layers.publish.publications import PublicationStore
from layers.rasters.store import RasterStore
from layers.readers import ReadLimits, Source
from layers.store.catalogue import Kind, Kinds
from layers.store.layer_store import LayerStore
from layers.store.projects.project_store import ProjectStore
from layers.zones import Zone

Result = TypeVar("Result")
CHINA_TIME: Final = timezone(timedelta(hours=8))


class Clock(Protocol):
    """When something is kept, and the day whose law and layers are applied."""

    def now(self) -> datetime:
        """Return the current time in UTC."""

    def today(self) -> date:
        """Return the day whose law and layers are applied."""


class Configured(Protocol):
    """What the installation was set to."""

    @property
    def settings(self) -> Settings:
        """The settings."""


class PeopleSource(Protocol):
    """Accounts and the audit trail."""

    @property
    def people(self) -> PeopleStore:
        """All accounts."""

    @property
    def audit(self) -> AuditTrail:
        """What was done."""


class ZoneSource(Protocol):
    """The zone that is planned for."""

    @property
    def zone(self) -> Zone:
        """Everything that the zone's folder says."""

    @property
    def site_limits(self) -> SiteLimits:
        """Which sites can be judged."""


class LayerSource(ZoneSource, Protocol):
    """Layer versions, in files and in memory; what is computed from them can be kept by it."""

    @override
    def __hash__(self) -> int:
        """Return the identity: of two open workspaces nothing is shared."""

    @property
    def store(self) -> LayerStore:
        """The store of all versions."""

    @property
    def counties(self) -> gpd.GeoDataFrame:
        """County polygons in EPSG:4490."""

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory."""


class LawSource(ZoneSource, Protocol):
    """The law, as it stands on a day, and what is said of kinds."""

    @property
    def kinds(self) -> Kinds:
        """All kinds by id."""

    @property
    def rules(self) -> tuple[ControlRule, ...]:
        """All editions of all rules."""

    @property
    def decisions(self) -> Decisions:
        """What follows from findings."""

    def today(self) -> date:
        """Return the day whose law is applied."""

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""

    def law(self, on: date) -> Law:
        """Return what checks of a day are made under."""

    def rules_in_force(self, kind: str) -> tuple[ControlRule, ...]:
        """Return the rules of a kind whose law is in force on the day."""

    def schema(self, kind: str) -> Schema:
        """Return what the rules of a kind read from its features."""

    def as_of(self, day: date | None) -> "LawSource":
        """Return the law as it stands on another day."""


class ControlSource(Protocol):
    """Where control layers come from: a store, or the evidence of a past check."""

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that count."""

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory."""

    def index_for(self, loaded: LoadedLayer, rule: ControlRule) -> RuleIndex:
        """Return the features that a rule speaks of."""

    def index_unclassified(
        self, loaded: LoadedLayer, rules: Sequence[ControlRule]
    ) -> ControlIndex | None:
        """Return the index of the features that no rule of their kind speaks of."""


class UploadSource(ZoneSource, Protocol):
    """What people hand in, read where it may be killed."""

    @property
    def limits(self) -> ReadLimits:
        """How much a reader takes in."""

    def read_sites(self, source: Source, options: ReadOptions) -> SiteFrame:
        """Read sites as :func:`layers.readers.read_sites` does."""

    def read_layer(
        self, source: Source, options: ReadOptions
    ) -> tuple[gpd.GeoDataFrame, ReadReport]:
        """Read a layer as :func:`layers.readers.read_layer` does."""

    def read_apart(self, name: str, function: Callable[..., Result], *args: object) -> Result:
        """Return what a function makes of hostile bytes."""


class StatisticsSource(LayerSource, Protocol):
    """Statistics, with the layers that hold the land under them."""

    @property
    def statistics(self) -> Statistics:
        """What ships, and over it what was imported."""

    @property
    def readable_statistics(self) -> Statistics:
        """The same where some of it is damaged."""

    @property
    def linkage(self) -> tuple[LinkageUnit, ...]:
        """Linkage zones, expansion areas and blocks, as the layers of today draw them."""

    @property
    def tables(self) -> StatisticsStore:
        """The store of imported tables."""


class RasterSource(ZoneSource, Configured, Protocol):
    """Rasters, with what rules of suitability are read from."""

    @property
    def rasters(self) -> RasterStore:
        """The store of all versions."""

    @property
    def kinds(self) -> Kinds:
        """All kinds by id."""


class LayerFiles(LayerSource, Configured, Protocol):
    """Layer versions, with the folder that holds what is made of them."""


class FirmNeeds(LayerFiles, Clock, Protocol):
    """Firms that a layer holds, and the day on which their time is over or not."""


class ZoneNeeds(UploadSource, Clock, Configured, Protocol):
    """Zones that come in, and the day on which their time is over or not."""


class RasterNeeds(RasterSource, UploadSource, Clock, Protocol):
    """What a raster that comes in is read with and kept in."""


class ProjectNeeds(LayerSource, RasterSource, Protocol):
    """Layers and rasters, for a file that holds all of them."""


class KeptProjects(Clock, Protocol):
    """Projects, and the results that they name."""

    @property
    def projects(self) -> ProjectStore:
        """All projects."""

    @property
    def archive(self) -> CheckArchive:
        """Past checks."""

    @property
    def runs(self) -> RunArchive:
        """Kept answers."""

    @property
    def tasks(self) -> TaskBoard:
        """Long work."""


class CheckSource(LayerSource, LawSource, Protocol):
    """Past checks, with the layers and the law that they rest on."""

    @property
    def archive(self) -> CheckArchive:
        """Past checks with their input."""

    def now(self) -> datetime:
        """Return the current time in UTC."""


class ReportNeeds(CheckSource, Configured, Protocol):
    """Past checks, with the templates that their reports can be set in."""


class ControlLayers(ControlSource, LayerSource, LawSource, Protocol):
    """Control layers with their law."""


class IntakeNeeds(ControlLayers, UploadSource, Configured, Clock, Protocol):
    """What a layer that comes in is read with and held against."""


class CheckNeeds(CheckSource, IntakeNeeds, Protocol):
    """What sites are read with, judged by and kept in."""

    @property
    def serves_anybody(self) -> bool:
        """Whether checks have limits."""


class DensityNeeds(StatisticsSource, RasterSource, UploadSource, Clock, Protocol):
    """What tables that come in are read with and spread over."""


class GroundNeeds(ControlLayers, RasterSource, Clock, Protocol):
    """What says of ground whether it can be built on."""


class SiteNeeds(CheckNeeds, GroundNeeds, StatisticsSource, Protocol):
    """What says of a site how good it is: nearly everything, but nothing to publish."""


class PublishNeeds(StatisticsSource, LawSource, Clock, Configured, Protocol):
    """What is published, with the law of its day, and where to."""

    @property
    def publications(self) -> PublicationStore:
        """The store of publications."""
