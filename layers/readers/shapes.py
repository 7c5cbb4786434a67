"""Geometries as they are read, turned into ones that the rest may trust."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.errors import EmptyGeometryError, NonFiniteCoordinateError, NotPolygonalError
from geo.measure.crs import MAX_EDGE_M
from geo.measure.crs_proposals import METRES
from geo.measure.restore import polygonal, rebuild_polygons, simple_parts
from geo.measure.validity import RepairChange, repair
from layers.errors import TooComplexError
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import translated

_POLYGONS: Final = (3, 6)
_POINTS: Final = (0, 4)
_COLLECTION: Final = 7
_METRES_PER_DEGREE: Final = 111_320.0
_FULL_DOUBLE_DIGITS: Final = 15
_FEWEST_VALUES: Final = 8
_SAMPLED_VALUES: Final = 10_000
_STRAIGHT: Final = 1e-9
"""Area of a hull over the square of its length up to which it is rounding: a straight line."""

_COARSEST_M: Final = 0.5
_PIECES_PER_VERTEX: Final = 4
"""How many pieces of :data:`geo.crs.MAX_EDGE_M` are made for each vertex that is allowed."""

Geometries = npt.NDArray[Any]


def require_few(name: str, geometry: Geometries, max_vertices: int) -> None:
    """Refuse more vertices than the limit, before anything dear.

    A small file may hold one large geometry many thousand times.

    Raises
    ------
    TooComplexError
    """
    if int(shapely.get_num_coordinates(geometry).sum()) > max_vertices:
        raise TooComplexError(name=name, what="vertices", limit=max_vertices)


def require_finite(name: str, geometry: Geometries) -> None:
    """Refuse NaN and infinity.

    Raises
    ------
    NonFiniteCoordinateError
        With the number of the first such feature, counted from 1.
    """
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    bad = owner[~np.isfinite(xy).all(axis=1)]
    if len(bad):
        raise NonFiniteCoordinateError(name=name, feature=int(bad[0]) + 1)


def require_cuttable(name: str, geometry: Geometries, crs: CRS, max_vertices: int) -> None:
    """Refuse lengths that would be cut into too many pieces on the way to lon/lat.

    A CRS of somebody's own has no area of use that would bound them.

    Raises
    ------
    TooComplexError
    """
    if crs.is_geographic:
        return
    piece = MAX_EDGE_M / crs.axis_info[0].unit_conversion_factor
    with np.errstate(all="ignore"):
        pieces = float(shapely.length(geometry).sum()) / piece
    if not pieces <= _PIECES_PER_VERTEX * max_vertices:
        raise TooComplexError(name=name, what="length", limit=_PIECES_PER_VERTEX * max_vertices)


def drop_heights(
    geometry: Geometries, *, swap_axes: bool, unit: str
) -> tuple[Geometries, tuple[Issue, ...]]:
    """Drop heights and measures; swap x and y and turn units into metres where a person asks."""
    issues: list[Issue] = []
    with_z = int((shapely.has_z(geometry) | shapely.has_m(geometry)).sum())
    if with_z:
        params = {"features": with_z}
        issues.append(Issue(code="z_dropped", severity=Severity.INFO, params=params))
    flat: Geometries = shapely.force_2d(geometry)
    if swap_axes:
        flat = shapely.transform(flat, lambda xy: xy[:, ::-1])
        issues.append(Issue(code="axes_swapped", severity=Severity.INFO))
    if unit != "m":
        flat = shapely.transform(flat, lambda xy: xy * METRES[unit])
        issues.append(Issue(code="unit_declared", severity=Severity.INFO, params={"unit": unit}))
    return flat, tuple(issues)


def without_other_parts(
    geometry: Geometries, labels: Sequence[str], unit: str
) -> tuple[Geometries, tuple[LeftOut, ...]]:
    """Take the polygons out of collections that hold some; name those that lost other parts."""
    taken = geometry.copy()
    lost = []
    for at in np.flatnonzero(shapely.get_type_id(geometry) == _COLLECTION).tolist():
        polygons = polygonal(geometry[at : at + 1])[0]
        if shapely.is_empty(polygons):
            continue
        taken[at] = polygons
        lost += [
            LeftOut(what=unit, label=labels[at], reason=reason, part=True, count=count)
            for reason, count in _other_parts(geometry[at], polygons).items()
        ]
    return taken, tuple(lost)


def _other_parts(collection: shapely.Geometry, polygons: shapely.Geometry) -> Counter[str]:
    """Count what of a collection is no polygon; a line on its polygons encloses no more."""
    parts = simple_parts(collection)
    others = (one for one in parts if shapely.get_type_id(one) not in _POLYGONS)
    return Counter(why_beside(one, polygons) for one in others)


def why_beside(other: shapely.Geometry | None, taken: shapely.Geometry) -> str:
    """Return the code of why a geometry is left out beside the one that its feature has."""
    if other is None or not spans_area(other) or shapely.covers(taken, other):
        return "other_parts"
    return "other_lines"


def spans_area(geometry: shapely.Geometry) -> bool:
    """Tell whether lines or points can enclose ground, however they are closed.

    Their convex hull holds all that they can enclose: a straight line has none.
    """
    hull = shapely.convex_hull(geometry)
    least = _STRAIGHT * float(shapely.length(hull)) ** 2
    return bool(np.isfinite(least)) and float(shapely.area(hull)) > least


def faults_of_sites(geometry: Geometries) -> dict[int, str]:
    """Return why features are not, and do not hold, polygons that have area when repaired.

    Positions of the features, each with the code of the reason.
    """
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    faults = dict.fromkeys(np.flatnonzero(missing).tolist(), "no_geometry")
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    for at in owner[~np.isfinite(xy).all(axis=1)].tolist():
        faults.setdefault(at, "not_finite")
    kinds = shapely.get_type_id(geometry)
    for at in np.flatnonzero(~np.isin(kinds, (-1, *_POLYGONS, _COLLECTION))).tolist():
        faults.setdefault(at, _why_no_polygon(geometry[at]))
    doubtful = ~shapely.is_valid(geometry) | (shapely.area(geometry) <= 0.0)
    for at in np.flatnonzero(doubtful).tolist():
        if at not in faults and (why := _why_no_area(geometry[at])):
            faults[at] = why
    return faults


def _why_no_polygon(geometry: shapely.Geometry) -> str:
    spans = spans_area(geometry)
    if shapely.get_type_id(geometry) in _POINTS:
        return "is_points" if spans else "is_point"
    if not spans:
        return "line_straight"
    return "line_closed" if shapely.is_closed(geometry) else "is_line"


def _why_no_area(geometry: shapely.Geometry) -> str | None:
    try:
        made = rebuild_polygons(np.array([geometry], dtype=object))
    except shapely.GEOSException:
        # Some rings, such as a hole of one point repeated, are beyond repair.
        return "beyond_repair"
    area = shapely.area(made)[0]
    return None if area > 0.0 else "no_area"


def require_polygons(name: str, geometry: Geometries) -> None:
    """Refuse points, lines and missing geometries where sites are expected.

    Raises
    ------
    EmptyGeometryError
        A geometry is missing or empty.
    NotPolygonalError
        With the number and the type of the first such feature.
    """
    for at in np.flatnonzero(shapely.is_missing(geometry) | shapely.is_empty(geometry)):
        raise EmptyGeometryError(name=name, feature=int(at) + 1)
    for at in np.flatnonzero(~np.isin(shapely.get_type_id(geometry), _POLYGONS)):
        raise NotPolygonalError(name=name, feature=int(at) + 1, found=geometry[at].geom_type)


def repair_invalid(
    name: str, polygons: gpd.GeoSeries, ids: Sequence[str]
) -> tuple[gpd.GeoSeries, tuple[Issue, ...]]:
    """Repair what is invalid, with an issue for each that names its areas.

    Raises
    ------
    EmptyGeometryError
        A polygon has no area, or none is left after its repair.
    DamagedFileError
        A polygon cannot be repaired.
    """
    west, south, east, north = shapely.bounds(polygons.to_numpy()).T
    for at in np.flatnonzero(~((east > west) & (north > south))):
        raise EmptyGeometryError(name=name, feature=int(at) + 1)
    # GEOS gives up on some rings, such as a hole of one point repeated.
    with translated(name, "geometry"):
        result = repair(polygons)
    areas = shapely.area(result.polygons.to_numpy())
    for at in np.flatnonzero(~(areas > 0.0)):
        raise EmptyGeometryError(name=name, feature=int(at) + 1)
    return result.polygons, _change_issues("geometry_repaired", result.changes, ids)


def restoration_issues(changes: Sequence[RepairChange], ids: Sequence[str]) -> tuple[Issue, ...]:
    """Say which polygons are valid where they were drawn and were not in lon/lat."""
    return _change_issues("geometry_restored", changes, ids)


def _change_issues(
    code: str, changes: Sequence[RepairChange], ids: Sequence[str]
) -> tuple[Issue, ...]:
    return tuple(
        _warning(
            code,
            ids[change.position],
            why=change.why.lower().replace(" ", "_").replace("-", "_"),
            area_before_m2=round(change.area_before_m2, 4),
            area_after_m2=round(change.area_after_m2, 4),
        )
        for change in changes
    )


def faults_of_layer(geometry: Geometries) -> dict[int, str]:
    """Return why features of a layer hold no ground: no geometry, or polygons without area.

    What cannot be read or repaired is not among them: a control layer that lost a
    piece would make sites clear.
    """
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    faults = dict.fromkeys(np.flatnonzero(missing).tolist(), "no_geometry")
    areal = np.isin(shapely.get_type_id(geometry), _POLYGONS) & ~missing
    for at in np.flatnonzero(areal & (shapely.area(geometry) <= 0.0)).tolist():
        if _why_no_area(geometry[at]) == "no_area":
            faults[at] = "no_area"
    return faults


def precision_m(geometry: Geometries, *, metres_per_unit: float | None) -> float | None:
    """Infer from the decimals of the coordinates how finely they were rounded, in metres.

    The shortest decimal text of each number is looked at; the longest of them counts.
    None where the numbers are not rounded (full double precision), where there are too
    few different ones to tell (a rectangle at round numbers says nothing), or where the
    step would be over half a metre, which is a sketch and not a survey.

    Parameters
    ----------
    geometry : array of geometries
        Finite coordinates, as they were written.
    metres_per_unit : float or None
        Metres of one unit of the plane; None for degrees.
    """
    values = np.unique(shapely.get_coordinates(geometry))
    values = values[:: len(values) // _SAMPLED_VALUES + 1]
    if len(values) < _FEWEST_VALUES:
        return None
    decimals = 0
    for value in values.tolist():
        number = Decimal(repr(value))
        if len(number.as_tuple().digits) >= _FULL_DOUBLE_DIGITS:
            return None
        decimals = max(decimals, -int(number.normalize().as_tuple().exponent))
    step_m = 10.0**-decimals * (metres_per_unit or _METRES_PER_DEGREE)
    return step_m if step_m <= _COARSEST_M else None


def _warning(code: str, feature_id: str, **params: object) -> Issue:
    return Issue(code=code, severity=Severity.WARNING, feature_id=feature_id, params=params)
