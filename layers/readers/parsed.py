"""What a parser finds in the bytes of one format, before anything is decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt
import pandas as pd

from layers.model import Issue, LeftOut, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedArea:
    """An area that a file states of a feature, in m2, with half the step it is rounded to."""

    area_m2: float
    half_step_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPoints:
    """How many boundary points a file states of a feature, and how many are there.

    ``found`` are all the numbers that may be stated for what is there: with or without the
    points that close its rings.
    """

    stated: int
    found: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneConflict:
    """A stated zone number that is not that of the eastings."""

    stated: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a parser found, and what of it became none of its features.

    ``found`` is the number of elements (of the kind ``unit``) in the file, counted apart
    from the features. ``made_of`` has for each feature the number of elements that it was
    made of, 1 where it is empty; ``labels`` what the file calls each.
    """

    unit: str = "feature"
    found: int
    left_out: tuple[LeftOut, ...] = ()
    made_of: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Geometries and attributes as they stand in a file.

    ``geometry`` is an array of shapely geometries or None, shape (n,), coordinates as
    written, x before y; ``attributes`` has n rows. ``own_crs`` is the text by which the
    file states its CRS, or None; ``lonlat_rule`` names the standard by which coordinates
    without such a text are WGS 84 lon/lat. ``zone_conflict`` stands in the way of a CRS
    until one is declared. ``stated_areas``, ``stated_points`` and ``point_numbers`` (along the
    coordinates of each geometry, see :mod:`layers.readers.drawn`) have n entries, or none at all.
    """

    format: str
    geometry: npt.NDArray[Any]
    attributes: pd.DataFrame
    own_crs: str | None
    own_crs_how: str | None
    encoding: str | None
    encoding_how: str | None
    issues: tuple[Issue, ...]
    account: Account
    lonlat_rule: str | None = None
    zone_conflict: ZoneConflict | None = None
    stated_areas: tuple[StatedArea | None, ...] = ()
    stated_points: tuple[StatedPoints | None, ...] = ()
    point_numbers: tuple[tuple[str, ...], ...] = ()
    statements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def dropped_issues(fields: Sequence[str]) -> tuple[Issue, ...]:
    """Name the fields that hold what no attribute is: nested values, or bytes."""
    if not fields:
        return ()
    params = {"fields": list(fields)}
    return (Issue(code="fields_dropped", severity=Severity.INFO, params=params),)
