"""Value types of the geometry core. Frozen; units and CRS are in the names."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS


class Verdict(StrEnum):
    """What a check says of a site and a layer, the most severe first.

    ``conditional``: nothing forbids the site, but conditions of the layer apply to it.
    """

    CONFLICT = "conflict"
    UNDETERMINED = "undetermined"
    CONDITIONAL = "conditional"
    CONTACT = "contact"
    CLEAR = "clear"


GRAVITY: Final = tuple(Verdict)
"""All verdicts, the gravest first: the one order in which verdicts are listed and weighed."""


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most severe verdict; nothing judged at all is cannot-tell.

    Examples
    --------
    >>> worst_verdict([Verdict.CLEAR, Verdict.CONTACT])
    <Verdict.CONTACT: 'contact'>
    >>> worst_verdict([])
    <Verdict.UNDETERMINED: 'undetermined'>
    """
    found = set(verdicts)
    return next((v for v in GRAVITY if v in found), Verdict.UNDETERMINED)


class Reason(StrEnum):
    """Why a finding has its verdict."""

    OVERLAP = "overlap"
    OUTSIDE = "outside"
    THIN_OVERLAP = "thin_overlap"
    CONDITIONS_APPLY = "conditions_apply"
    NO_OVERLAP = "no_overlap"
    INSIDE = "inside"
    RULE_ENDED = "rule_ended"
    RULE_NOT_YET_IN_FORCE = "rule_not_yet_in_force"
    LAYER_MISSING = "layer_missing"
    LAYER_LOST = "layer_lost"
    LAYER_WITHDRAWN = "layer_withdrawn"
    LAYER_WITHHELD = "layer_withheld"
    LAYER_EXPIRED = "layer_expired"
    LAYER_NOT_YET_VALID = "layer_not_yet_valid"
    LAYER_UNREADABLE = "layer_unreadable"
    LAYER_INCOMPLETE = "layer_incomplete"
    NOT_COMPUTABLE = "not_computable"
    COVERAGE_PARTIAL = "coverage_partial"
    COVERAGE_NONE = "coverage_none"
    COVERAGE_UNKNOWN = "coverage_unknown"
    UNCLASSIFIED = "unclassified"
    STATED_AREA_DISAGREES = "stated_area_disagrees"
    STATED_POINTS_DISAGREE = "stated_points_disagree"
    POINTS_MISSING = "points_missing"
    REPAIRED_OTHERWISE = "repaired_otherwise"
    DEGREES_UNCLEAR = "degrees_unclear"

    @property
    def leaves_open(self) -> bool:
        """Whether something more may lie on the ground than what was found."""
        return self not in _MEASURED


_MEASURED: Final = frozenset(
    {
        Reason.OVERLAP,
        Reason.OUTSIDE,
        Reason.THIN_OVERLAP,
        Reason.CONDITIONS_APPLY,
        Reason.NO_OVERLAP,
        Reason.INSIDE,
    }
)


class Relation(StrEnum):
    """What a control layer demands of a site."""

    MUST_NOT_OVERLAP = "must_not_overlap"
    MUST_BE_INSIDE = "must_be_inside"
    IMPOSES_CONDITIONS = "imposes_conditions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTolerance:
    """When an overlap is a technical contact and not a conflict.

    An overlap counts as contact if its largest width is at most
    ``max(width_m, precision_factor * precision of the layers)`` and its area at most
    ``area_m2``. The numbers come from a rule file.
    """

    width_m: float
    precision_factor: float
    area_m2: float

    def allowed_width_m(self, precision_m: float | None) -> float:
        """Width in metres up to which an overlap may be a contact."""
        return max(self.width_m, self.precision_factor * (precision_m or 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapPart:
    """The share of a site that one control feature takes.

    ``area_m2`` counts ground once: where control features overlap each other the
    first takes it and the others report it as ``shared_area_m2``. ``geometry`` is in
    EPSG:4490 and is the counted share; ``max_width_m`` is the diameter of the largest
    circle inside it.
    """

    feature_id: str
    area_m2: float
    shared_area_m2: float
    max_width_m: float
    geometry: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """All parts of one site in one layer; the parts sum to ``area_m2``."""

    area_m2: float
    max_width_m: float
    parts: tuple[OverlapPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boundary:
    """A boundary as it was drawn, before anything was added to its edges.

    ``polygon`` is a valid Polygon or MultiPolygon in the CRS that ``crs`` names. ``numbers``
    are what the file calls its points: a text for each coordinate of
    ``shapely.get_coordinates``, empty where a point has none, and no text at all where none
    has a number.
    """

    polygon: Any
    crs: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Pieces of ground that somebody asks about: the one value that passes between use cases.

    Made once, when sites are read (:func:`geo.measure.sites.make_sites`). ``geometries``
    are valid Polygons or MultiPolygons in EPSG:4490, ``areas_m2`` ellipsoidal, both of
    shape (n,); ``ids`` are unique. ``precision_m`` is that of the coordinates as stated
    or seen, None where nothing tells it. ``doubts`` are of each why it may not be the ground
    that is meant, or empty: one that contradicts what is stated of it is never clear.
    ``boundaries`` are of each as it was drawn, or empty where nobody drew them.
    """

    ids: tuple[str, ...]
    names: tuple[str | None, ...]
    geometries: npt.NDArray[Any]
    areas_m2: npt.NDArray[np.float64]
    precision_m: float | None
    doubts: tuple[tuple[Reason, ...], ...] = ()
    boundaries: tuple[Boundary, ...] = ()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)

    def take(self, chosen: npt.NDArray[np.intp]) -> "Sites":
        """Return some of them, by their positions in rising order."""
        if len(chosen) == len(self):
            return self
        return Sites(
            ids=tuple(self.ids[at] for at in chosen),
            names=tuple(self.names[at] for at in chosen),
            geometries=self.geometries[chosen],
            areas_m2=self.areas_m2[chosen],
            precision_m=self.precision_m,
            doubts=tuple(self.doubts[at] for at in chosen) if self.doubts else (),
            boundaries=tuple(self.boundaries[at] for at in chosen) if self.boundaries else (),
        )

    def doubts_of(self, at: int) -> tuple[Reason, ...]:
        """Return why one of them may not be the ground that is meant."""
        return self.doubts[at] if self.doubts else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """A raster in memory: a window of a file, or what was computed from one.

    ``values`` has the shape (rows, columns). ``transform`` takes (column, row) to the
    upper left corner of a pixel in ``crs``; its axes are never turned. ``nodata`` is the
    value of pixels that say nothing: NaN for measurements, a code for classes, None if
    every pixel speaks. ``unit`` is ``m``, ``deg``, ``class``, ``grade`` or ``score``.
    """

    values: npt.NDArray[Any]
    transform: Affine
    crs: CRS
    nodata: float | None
    unit: str

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in the grid's CRS."""
        rows, columns = self.shape
        x0, y0 = self.transform.c, self.transform.f
        x1, y1 = x0 + columns * self.transform.a, y0 + rows * self.transform.e
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Where pixels say something."""
        if self.nodata is None:
            return np.ones(self.values.shape, dtype=bool)
        if np.isnan(self.nodata):
            return np.asarray(~np.isnan(self.values))
        return np.asarray(self.values != self.nodata)


class Nature(StrEnum):
    """Whether a number is what was, or what somebody plans or expects."""

    FACT = "fact"
    TARGET = "target"
    ESTIMATE = "estimate"
    PRELIMINARY = "preliminary"
    UNCLEAR = "unclear"


def nature_of(period: str) -> Nature:
    """Return what kind of number one of a period is: a part of a year is a fact of it.

    Examples
    --------
    >>> nature_of("target").value, nature_of("partial_year").value
    ('target', 'fact')
    """
    return Nature(period) if period in frozenset(map(str, Nature)) else Nature.FACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """A number that never travels without what it means.

    ``relation`` is ``=``, ``>``, ``<`` or ``~``; ``period`` full_year, partial_year,
    cumulative, target, estimate, preliminary or unclear, with ``months`` (``01-09``,
    ``..09``) where it is not a whole year. ``basis`` says how it was come by: the note of
    its table, the formula that it follows from.
    """

    value: float
    relation: str
    unit: str
    year: int
    period: str
    months: str
    quality: str
    source: str
    basis: str

    @property
    def nature(self) -> Nature:
        """What kind of number it is, whatever time it covers."""
        return nature_of(self.period)

    @property
    def is_fact_of_year(self) -> bool:
        """Whether it may stand for the year: a fact that covers all of it."""
        return self.period == "full_year"
