"""Sites that keep clear of hard lines: the smallest trim, and the smallest shift.

Everything is computed in the Gauss-Krueger plane of the site and told in EPSG:4490. A
trim keeps the site's own edges wherever nothing is cut. A shift is found exactly in the
space of translations: it is forbidden where the site, moved so, meets an obstacle, and
that set is the Minkowski sum of the obstacle and the mirrored site.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import atan2, degrees, hypot, isfinite
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.nearest import grown_bounds
from geo.errors import AvoidanceError
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.crs import local_plane
from geo.measure.necks import from_plane, to_plane, widest_piece
from geo.measure.restore import keep_valid, polygonal
from geo.measure.width import planar_widths

Shapes: TypeAlias = npt.NDArray[Any]

_MOST_PAIRS: Final = 150_000
"""Pairs of triangles whose sums are united: seconds. Beyond, outlines are made simpler."""
_QUADRANT: Final = 16
_ROUNDING_M: Final = 0.001
"""A site that keeps its distance but for this stays where it is: coordinates are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidanceTerms:
    """What an avoidance must keep to.

    ``margin_m`` is the distance that is kept from every line, so that rounding of
    coordinates never turns into an overlap; ``width_m`` the least width of what stays, 0
    for any; ``target_m2`` the least area, 0 for any; ``reach_m`` how far a site may be
    shifted; ``accuracy_m`` by how much outlines together are simplified outwards before a
    shift is sought: a place that is tighter than that is passed by.
    """

    margin_m: float
    width_m: float
    target_m2: float
    reach_m: float
    accuracy_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """The largest part of a site that keeps clear of all lines.

    ``geometry`` is None where ``why`` says why there is none: ``nothing_left``,
    ``too_narrow``, ``too_small`` (then ``area_m2`` is what would be left). ``lost_m2``
    tells by line the ground that goes, each square metre once, the first line first;
    ``cut_off_m2`` is free ground that goes because it is narrower than the least width or
    lies apart. Kept, lost and cut off make up the site.
    """

    geometry: Any | None
    area_m2: float
    width_m: float
    lost_m2: Mapping[str, float]
    cut_off_m2: float
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The smallest move of a whole site that keeps clear of all lines.

    ``bearing_deg`` counts from grid north, clockwise. ``geometry`` is None where ``why``
    says why there is none: ``none_within_reach``, or ``too_small`` (the site itself is
    smaller than the target).
    """

    geometry: Any | None
    area_m2: float
    distance_m: float | None
    bearing_deg: float | None
    accuracy_m: float
    why: str | None


def trim(site: shapely.Geometry, lines: Mapping[str, Shapes], terms: AvoidanceTerms) -> Trim:
    """Cut a site so that it keeps clear of all lines.

    Of the ground outside the lines and their margin that ground stays which a circle of
    the least width reaches without leaving it; of several such pieces the largest. Corners
    of the site stay corners: ground nearer to a circle's place than its mitred outline
    counts as reached.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        Valid, EPSG:4490.
    lines : mapping of str to array of Polygon or MultiPolygon
        By line the ground that is forbidden, valid, EPSG:4490; empty arrays are fine.
    terms : AvoidanceTerms
        ``reach_m`` and ``accuracy_m`` do not matter here.

    Raises
    ------
    AvoidanceError
        A term is negative or not finite.
    """
    _require_terms(terms)
    plane = local_plane(site.centroid.x)
    left, lost_m2 = site, dict[str, float]()
    for name, shapes in lines.items():
        before_m2 = _area_m2(left)
        near = _near(shapes, site, terms.margin_m)
        if len(near):
            left = _minus(left, from_plane(_grown(to_plane(near, plane), terms.margin_m), plane))
        lost_m2[name] = max(before_m2 - _area_m2(left), 0.0)
    free_m2 = _area_m2(left)
    kept = widest_piece(left, terms.width_m, plane) if free_m2 > 0.0 else shapely.Polygon()
    area_m2 = _area_m2(kept)
    why = None
    if free_m2 < NOISE_M2:
        why = "nothing_left"
    elif kept.is_empty:
        why = "too_narrow"
    elif area_m2 < terms.target_m2:
        why = "too_small"
    flat = shapely.get_parts(to_plane(np.array([kept], dtype=object), plane))
    return Trim(
        geometry=kept if why is None else None,
        area_m2=area_m2,
        width_m=float(planar_widths(flat).max(initial=0.0)) if area_m2 else 0.0,
        lost_m2=lost_m2,
        cut_off_m2=max(free_m2 - area_m2, 0.0),
        why=why,
    )


def shift(site: shapely.Geometry, lines: Mapping[str, Shapes], terms: AvoidanceTerms) -> Shift:
    """Move a site, unturned, by the smallest distance that clears all lines.

    The moved site has the ellipsoidal area of the site as it was: it is scaled by the
    plane's change of scale, a few millionths in a kilometre.

    Parameters, raises: see :func:`trim`.
    """
    _require_terms(terms)
    plane = local_plane(site.centroid.x)
    area_m2 = _area_m2(site)
    if area_m2 < terms.target_m2:
        return _no_shift("too_small", area_m2, terms.accuracy_m)
    reach_m = terms.reach_m + terms.margin_m + terms.accuracy_m
    near = [_near(shapes, site, reach_m) for shapes in lines.values()]
    obstacles = to_plane(np.concatenate([*near, np.array([], dtype=object)]), plane)
    (flat,) = to_plane(np.array([site], dtype=object), plane)
    if shapely.distance(flat, obstacles).min(initial=np.inf) >= terms.margin_m - _ROUNDING_M > 0.0:
        return _unmoved(site, area_m2)
    origin = np.array(flat.centroid.coords[0])
    flat = _moved(flat, -origin)
    window = shapely.box(*(np.array(flat.bounds) + reach_m * np.array([-1, -1, 1, 1])))
    around = shapely.intersection(
        shapely.transform(_grown(obstacles, terms.margin_m), lambda xy: xy - origin), window
    )
    vector, accuracy_m = _smallest_vector(flat, around, terms)
    if vector is None:
        return _no_shift("none_within_reach", area_m2, accuracy_m)
    moved = from_plane(_moved(flat, origin + vector), plane)
    scale = float(np.sqrt(area_m2 / _area_m2(moved)))
    middle = np.array(moved.centroid.coords[0])
    moved = _transformed(moved, lambda xy: middle + (xy - middle) * scale)
    return Shift(
        geometry=moved,
        area_m2=_area_m2(moved),
        distance_m=hypot(*vector),
        bearing_deg=degrees(atan2(vector[0], vector[1])) % 360.0,
        accuracy_m=accuracy_m,
        why=None,
    )


def _require_terms(terms: AvoidanceTerms) -> None:
    for name in ("margin_m", "width_m", "target_m2", "reach_m", "accuracy_m"):
        value = getattr(terms, name)
        if not (isfinite(value) and value >= 0.0):
            raise AvoidanceError(field=name, value=value)


def _unmoved(site: shapely.Geometry, area_m2: float) -> Shift:
    """Return the site where it is; of its outline and the lines nothing was simplified."""
    return Shift(
        geometry=site, area_m2=area_m2, distance_m=0.0, bearing_deg=0.0, accuracy_m=0.0, why=None
    )


def _no_shift(why: str, area_m2: float, accuracy_m: float) -> Shift:
    return Shift(
        geometry=None,
        area_m2=area_m2,
        distance_m=None,
        bearing_deg=None,
        accuracy_m=accuracy_m,
        why=why,
    )


def _near(shapes: Shapes, site: shapely.Geometry, reach_m: float) -> Shapes:
    """Return what of the shapes lies around a site, cut to well beyond the reach."""
    around = shapely.box(*grown_bounds(site.bounds, 1.5 * reach_m))
    hits = shapes[shapely.intersects(shapes, around)] if len(shapes) else shapes
    cut = shapely.intersection(hits, shapely.box(*grown_bounds(site.bounds, 3.0 * reach_m + 1.0)))
    cut = polygonal(np.asarray(cut, dtype=object))
    solid: Shapes = cut[~shapely.is_empty(cut)]
    return solid


def _grown(shapes: Shapes, distance_m: float) -> shapely.Geometry:
    if distance_m > 0.0:
        shapes = shapely.buffer(shapes, distance_m, quad_segs=_QUADRANT)
    return shapely.union_all(shapes)


def _minus(left: shapely.Geometry, taken: shapely.Geometry) -> shapely.Geometry:
    (rest,) = polygonal(np.array([shapely.difference(left, taken)], dtype=object))
    parts = shapely.get_parts(rest)
    real = parts[area_lonlat_m2(parts) >= NOISE_M2]
    return shapely.union_all(real) if len(real) else shapely.Polygon()


def _smallest_vector(
    site: shapely.Geometry, around: shapely.Geometry, terms: AvoidanceTerms
) -> tuple[npt.NDArray[np.float64] | None, float]:
    """Return the smallest free translation, and how far outlines were simplified for it."""
    accuracy_m = terms.accuracy_m
    while True:
        moving, standing = (_triangles(_simpler(one, accuracy_m)) for one in (site, around))
        if len(moving) * len(standing) <= _MOST_PAIRS:
            break
        accuracy_m = max(2.0 * accuracy_m, 1.0)
    forbidden = shapely.union_all(_minkowski(standing, -moving))
    here = shapely.Point(0.0, 0.0)
    if not shapely.contains(forbidden, here):
        return np.zeros(2), accuracy_m
    vector = np.array(shapely.shortest_line(here, shapely.boundary(forbidden)).coords[1])
    return (vector if hypot(*vector) <= terms.reach_m else None), accuracy_m


def _simpler(shape: shapely.Geometry, by_m: float) -> shapely.Geometry:
    """Return an outline with fewer corners that holds all of a shape.

    Simplification moves no point of an outline by more than its tolerance, so that what
    was grown by a little more before still holds the shape.
    """
    if by_m == 0.0:
        return shape
    # Two outlines, each grown and then moved outwards again: by_m between them at most.
    step_m = by_m / 4.0
    grown = shapely.buffer(shape, step_m, quad_segs=_QUADRANT)
    return shapely.simplify(grown, 0.99 * step_m)


def _triangles(shape: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Return the corners of triangles that make up a shape, shape (n, 3, 2)."""
    parts = shapely.get_parts(polygonal(np.array([shape], dtype=object)))
    parts = parts[~shapely.is_empty(parts)]
    cut = shapely.get_parts(shapely.constrained_delaunay_triangles(parts))
    corners = shapely.get_coordinates(cut).reshape(-1, 4, 2)[:, :3]
    return np.asarray(corners, dtype=np.float64)


def _minkowski(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> Shapes:
    """Return the sums of all pairs of triangles: convex hulls of the sums of corners."""
    sums = left[:, None, :, None, :] + right[None, :, None, :, :]
    points = shapely.multipoints(sums.reshape(-1, 9, 2))
    hulls: Shapes = shapely.convex_hull(points)
    return hulls


def _moved(shape: shapely.Geometry, by: npt.NDArray[np.float64]) -> shapely.Geometry:
    return _transformed(shape, lambda xy: xy + by)


def _transformed(
    shape: shapely.Geometry,
    move: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
) -> shapely.Geometry:
    shapes = np.array([shape], dtype=object)
    return keep_valid(shapes, shapely.transform(shapes, move))[0]


def _area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])
