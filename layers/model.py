"""Value types of the layer store: what a layer is, where it came from, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from geo.model import Reason, Sites


class Progress(Protocol):
    """Where long work reports how many steps of how many are done, and what is at hand.

    It may raise to stop the work; what it raises must pass through.
    """

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Report."""


def ignore_progress(done: int, total: int, note: str = "") -> None:
    """Report to nobody."""


class LayerStatus(StrEnum):
    """How far a layer's content can be relied on."""

    OFFICIAL = "official"
    REFERENCE = "reference"
    INDICATIVE = "indicative"
    DEMONSTRATION = "demonstration"


class Sensitivity(StrEnum):
    """Who may see a layer's geometry."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CLASSIFIED = "classified"


class Severity(StrEnum):
    """How much an issue matters to the reader of a report."""

    INFO = "info"
    WARNING = "warning"


class Datum(StrEnum):
    """What the person who hands in coordinates declares them to be shifted by."""

    TRUE = "true"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A fact about data that a person should know; ``code`` is worded in maps/locales."""

    code: str
    severity: Severity
    feature_id: str | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What a person declares about a file; None means decide from the content or refuse.

    ``length_unit`` is that of plane coordinates: drawings may count in millimetres.

    ``leave_out_unusable``: features that are no polygons with area do not stop the others;
    each is named in the ledger. Without it the first of them refuses the file.
    """

    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    datum: Datum = Datum.TRUE
    swap_axes: bool = False
    length_unit: str = "m"
    leave_out_unusable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something of a file that became no feature, and why.

    ``what`` is a code for its kind (``placemark``, ``plot``, ``ring``, ``row``, ...),
    ``label`` its name or number in the file's own words, ``reason`` a code; both codes are
    worded in maps/locales. ``part``: it is only a part of an element that was used.
    ``count`` is how many elements the entry speaks of.
    """

    what: str
    label: str
    reason: str
    part: bool = False
    count: int = 1
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The account of a file: what is in it became a feature, or is named with a reason.

    ``unit`` is what is counted (a code as in :class:`LeftOut`): ``found`` elements in the
    file, of which ``used`` became features. ``found`` is counted apart from the others.

    Examples
    --------
    >>> lost = LeftOut(what="plot", label="2", reason="no_points")
    >>> Ledger(unit="plot", found=3, used=2, left_out=(lost,)).unexplained
    0
    """

    unit: str
    found: int
    used: int
    left_out: tuple[LeftOut, ...] = ()

    @property
    def unexplained(self) -> int:
        """Elements that are neither used nor named; a fault of the reader if not 0."""
        named = sum(entry.count for entry in self.left_out if not entry.part)
        return self.found - self.used - named


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """How a file was understood: every decision with its evidence.

    ``encoding_how`` and ``crs_how`` are codes worded in maps/locales (for example
    ``declared``, ``prj_file``, ``rfc7946``, ``cpg_file``, ``sniffed``). ``statements`` are
    what the file says beside its features: lines by section, in the file's own words.
    ``ledger`` is None in reports that are older than it.
    """

    name: str
    sha256: str
    size_bytes: int
    format: str
    encoding: str | None
    encoding_how: str | None
    crs: str
    crs_how: str
    feature_count: int
    precision_m: float | None
    issues: tuple[Issue, ...] = ()
    statements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSpec:
    """What is said about a layer, apart from its features."""

    id: str
    kind: str
    title_zh: str
    title_en: str
    status: LayerStatus
    sensitivity: Sensitivity
    source: str
    licence: str
    data_date: date | None = None
    precision_m: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerVersion:
    """One immutable version in the store.

    ``sha256`` is of the GeoPackage file, ``content_sha256`` of its features and
    coverage whatever the file's bytes. ``bounds_lonlat`` is (west, south, east, north)
    in EPSG:4490. ``covered`` tells whether the version states which area it speaks about,
    ``incomplete`` whether it is not all of the file that it was read from.
    """

    spec: LayerSpec
    number: int
    sha256: str
    content_sha256: str
    created_at: datetime
    crs: str
    feature_count: int
    geometry_type: str
    bounds_lonlat: tuple[float, float, float, float]
    covered: bool
    path: Path
    report: ReadReport | None = None
    incomplete: bool = False

    @property
    def layer_id(self) -> str:
        """Id of the layer that this is a version of."""
        return self.spec.id


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFrame:
    """Features of one version.

    ``features`` is a GeoDataFrame with a unique text column ``feature_id``, attributes
    and a geometry column, in the CRS of the version. ``coverage`` is a GeoSeries in
    the same CRS: the area the layer speaks about, or None where nothing is stated.
    """

    features: Any
    coverage: Any | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFrame:
    """Sites read from a file or drawn.

    ``features`` is a GeoDataFrame in the CRS of the file with a unique text column
    ``site_id`` and the attributes; its rows are the ``sites``. ``labels`` are what the
    file calls them, ``elements`` how many of its elements each was made of. What became no
    site stands in the ledger of the ``report``.
    """

    features: Any
    sites: Sites
    labels: tuple[str, ...]
    elements: tuple[int, ...]
    report: ReadReport

    def take(self, chosen: Any) -> "SiteFrame":  # noqa: ANN401 - an array of positions
        """Return some of the sites, by their positions in rising order."""
        return replace(
            self,
            features=self.features.iloc[chosen].reset_index(drop=True),
            sites=self.sites.take(chosen),
            labels=tuple(self.labels[at] for at in chosen),
            elements=tuple(self.elements[at] for at in chosen),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLayer:
    """No layer of this kind counts: a value, never a silent pass.

    ``lost`` and ``withdrawn`` name layers of the kind that stood in the store and do not count
    any more, by accident or by somebody's word: no demonstration takes their place.
    ``withheld`` names the kind where a layer of it is too sensitive for who asks: its own name
    would be told.
    """

    kind: str
    lost: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def gone(self) -> tuple[str, ...]:
        """All layers that stood here, or stand and are kept back."""
        return (*self.lost, *self.withdrawn, *self.withheld)

    @property
    def reason(self) -> Reason:
        """Why nothing can be told."""
        if self.lost:
            return Reason.LAYER_LOST
        if self.withdrawn:
            return Reason.LAYER_WITHDRAWN
        return Reason.LAYER_WITHHELD if self.withheld else Reason.LAYER_MISSING
