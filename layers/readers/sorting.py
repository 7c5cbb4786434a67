"""Which features of a file are sites: the others are left out and named, and stop no other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import (
    EmptyGeometryError,
    NonFiniteCoordinateError,
    NotPolygonalError,
    OutsideCrsError,
    PlanningError,
)
from geo.measure.restore import polygonal, rebuilt
from geo.measure.validity import Repaired, repair_in_lonlat
from layers.errors import DamagedFileError
from layers.model import Issue, LeftOut, Severity
from layers.readers.parsed import Parsed

Why = tuple[str, dict[str, Any]]
"""The code of a reason, and what its words need."""

_POLYGONS: Final = (3, 6)
_COLLECTION: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The features of a file that may be sites; ``parsed`` has a row for each.

    ``numbers`` are theirs in the file, from 1.
    """

    parsed: Parsed
    ids: tuple[str, ...]
    numbers: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()

    def without(self, why: Mapping[int, Why]) -> "Candidates":
        """Leave some out, by their positions; the others keep the ids of the file."""
        if not why:
            return self
        parsed = self.parsed
        kept = ~np.isin(np.arange(len(self.ids)), list(why))
        lost = tuple(
            LeftOut(
                feature=self.numbers[at],
                site_id=self.ids[at],
                name=_name_of(parsed, at),
                at=corner_of(parsed.geometry[at]),
                reason=reason,
                params=params,
            )
            for at, (reason, params) in sorted(why.items())
        )
        return Candidates(
            parsed=replace(
                parsed,
                geometry=parsed.geometry[kept],
                attributes=parsed.attributes.loc[kept].reset_index(drop=True),
                stated_areas=tuple(compress(parsed.stated_areas, kept)),
            ),
            ids=tuple(compress(self.ids, kept)),
            numbers=tuple(compress(self.numbers, kept)),
            left_out=tuple(sorted((*self.left_out, *lost), key=lambda one: one.feature)),
        )

    def moved(self, geometry: npt.NDArray[Any]) -> "Candidates":
        """Return them with other geometries."""
        return replace(self, parsed=replace(self.parsed, geometry=geometry))


def sort_features(name: str, parsed: Parsed, ids: list[str]) -> Candidates:
    """Leave out what is no polygon of finite coordinates with an area.

    Raises
    ------
    EmptyGeometryError, NonFiniteCoordinateError, NotPolygonalError, DamagedFileError
        Not one feature is left: what is wrong with the first.
    """
    every = Candidates(parsed=parsed, ids=tuple(ids), numbers=tuple(range(1, len(ids) + 1)))
    sites = every.without(_unusable(parsed.geometry))
    if not sites.ids:
        raise _refusal(name, sites.left_out[0])
    return sites


def left_out_issue(one: LeftOut) -> Issue:
    """Return what a report says of a site that is left out."""
    where = "" if one.at is None else " ".join(f"{number:.11g}" for number in one.at)
    params = {**one.params, "feature": one.feature, "name": one.name or "", "where": where}
    code = f"left_out_{one.reason}"
    return Issue(code=code, severity=Severity.WARNING, feature_id=one.site_id, params=params)


def repair_each_in_lonlat(polygons: gpd.GeoSeries) -> tuple[Repaired, dict[int, Why]]:
    """Return polygons in lon/lat, and by position why some have no place or ground there.

    Raises
    ------
    PlanningError
        The first of them cannot be brought to lon/lat, and no other either.
    """
    try:
        moved = repair_in_lonlat(polygons)
    except (PlanningError, shapely.errors.GEOSException):
        return _one_by_one(polygons)
    empty = np.flatnonzero(shapely.is_empty(moved.polygons.to_numpy()))
    return moved, {int(at): ("no_area", {}) for at in empty}


def _one_by_one(polygons: gpd.GeoSeries) -> tuple[Repaired, dict[int, Why]]:
    why: dict[int, Why] = {}
    first: PlanningError | None = None
    values, changes = np.full(len(polygons), shapely.Polygon(), dtype=object), []
    for at in range(len(polygons)):
        try:
            one = repair_in_lonlat(polygons.iloc[[at]])
        except shapely.errors.GEOSException:
            why[at] = ("irreparable", {})
        except PlanningError as exc:
            first = first or exc
            why[at] = ("outside_crs", {})
        else:
            values[at] = one.polygons.iloc[0]
            changes += [replace(change, position=at) for change in one.changes]
            if values[at].is_empty:
                why[at] = ("no_area", {})
    if len(why) == len(polygons) and first is not None:
        raise first
    lonlat = gpd.GeoSeries(values, index=polygons.index, crs="EPSG:4490")
    return Repaired(polygons=lonlat, changes=tuple(changes)), why


def _unusable(geometry: npt.NDArray[Any]) -> dict[int, Why]:
    """Return by position why features cannot be sites."""
    why: dict[int, Why] = {}
    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    why |= {int(at): ("empty", {}) for at in np.flatnonzero(absent)}
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    why |= {int(at): ("not_finite", {}) for at in owner[~np.isfinite(xy).all(axis=1)]}
    kinds = shapely.get_type_id(geometry)
    for at in np.flatnonzero(~absent & ~np.isin(kinds, (*_POLYGONS, _COLLECTION))).tolist():
        why.setdefault(at, ("not_polygonal", {"found": geometry[at].geom_type}))
    with np.errstate(all="ignore"):
        solid = shapely.is_valid(geometry) & (shapely.area(geometry) > 0.0)
    for at in np.flatnonzero(~solid).tolist():
        if at not in why and (found := _without_area(geometry[at])):
            why[at] = found
    return why


def _without_area(geometry: Any) -> Why | None:  # noqa: ANN401 - shapely is untyped
    """Return why a doubtful polygon has no area even when it is repaired."""
    (areal,) = polygonal(np.array([geometry], dtype=object))
    if areal.is_empty:
        return "not_polygonal", {"found": geometry.geom_type}
    try:
        made = rebuilt(np.array([areal], dtype=object))
    except shapely.errors.GEOSException:
        return "irreparable", {}
    return None if shapely.area(made)[0] > 0.0 else ("no_area", {})


def _refusal(name: str, first: LeftOut) -> PlanningError:
    """Return what a file of which no feature can be used is refused with."""
    match first.reason:
        case "not_finite":
            return NonFiniteCoordinateError(name=name, feature=first.feature)
        case "not_polygonal":
            return NotPolygonalError(name=name, feature=first.feature, **first.params)
        case "irreparable":
            return DamagedFileError(name=name, format="geometry")
        case "outside_crs":
            return OutsideCrsError(name=name, crs=str(first.params.get("crs", "")), proposals=[])
        case _:
            return EmptyGeometryError(name=name, feature=first.feature)


def _name_of(parsed: Parsed, at: int) -> str | None:
    name = parsed.attributes["name"].iloc[at] if "name" in parsed.attributes else None
    return name if isinstance(name, str) else None


def corner_of(geometry: Any) -> tuple[float, float] | None:  # noqa: ANN401 - shapely is untyped
    """Return the first corner of a geometry that is finite, None without any."""
    xy = shapely.get_coordinates(geometry)
    xy = xy[np.isfinite(xy).all(axis=1)]
    return (float(xy[0, 0]), float(xy[0, 1])) if len(xy) else None
