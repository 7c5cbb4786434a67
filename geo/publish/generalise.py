"""Boundaries made coarser on purpose: by no more than stated, and without a trace of the original.

A published boundary must not give away the surveyed one. Simplification alone keeps some
surveyed vertices, so what is left of them is moved onto a grid that no surveyed
coordinate lies on. Edges that neighbours share stay shared.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from geo.errors import InputError
from geo.measure.crs import GEOGRAPHIC

_CONFORMAL: Final = "+proj=merc +ellps=GRS80 +units=m +no_defs"
_SIMPLIFIED_SHARE: Final = 0.8
"""Of the stated displacement; the rest is left to the grid."""
_GRID_SHARE: Final = 0.25
"""Cell of the grid: its corners are at most 0.18 of the displacement away."""
_OFFSET: Final = (0.3819660112501051, 0.6180339887498949)
"""Of a cell: irrational, so that no round coordinate lies on the grid."""
_TRIES: Final = 24
_SHRINK: Final = 0.7
_E2: Final = 0.006694380022900686

Geometries = npt.NDArray[np.object_]


class DisplacementError(InputError):
    """A displacement is not a positive number of metres. Params: ``displacement_m``."""

    code = "geo.generalise.displacement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generalised:
    """Generalised features.

    ``geometries`` stand in the order of the input, lon/lat on CGCS2000; None where a
    feature was smaller than the displacement and vanished. ``displacement_m`` is the
    largest measured distance between the two lines of a feature: of an original vertex from
    the simplified line, or of a published vertex from the original line. Parts, holes and
    necks narrower than the displacement may vanish. ``shared_edges_kept`` tells whether
    neighbours that met still meet without gap or overlap; None where they did not before.
    """

    geometries: Geometries
    displacement_m: float
    shared_edges_kept: bool | None


def generalise(geometries: Geometries, displacement_m: float) -> Generalised:
    """Return polygons, lines or points moved by at most a stated distance.

    Parameters
    ----------
    geometries : array of Polygon, MultiPolygon, LineString, MultiLineString, Point
        Lon/lat on CGCS2000 (EPSG:4490), valid, of one kind.
    displacement_m : float
        No line is moved by more, in metres.

    Raises
    ------
    DisplacementError
        It is not a positive finite number.

    References
    ----------
    Douglas and Peucker 1973, Algorithms for the reduction of the number of points, whose
    tolerance is the displacement. Where neighbours share edges, Visvalingam and Whyatt
    1993, Line generalisation by repeated elimination of points, on the coverage, so that
    an edge is simplified once; its tolerance is an area, so the displacement is measured
    and the tolerance lowered until it fits.
    """
    if not (np.isfinite(displacement_m) and displacement_m > 0.0):
        raise DisplacementError(displacement_m=displacement_m)
    plane = to_plane(geometries)
    met = _meet(plane)
    scale = float(metres_per_unit(_latitudes(geometries)).max(initial=0.0)) or 1.0
    simple = _simplified(plane, displacement_m, scale, shared=met)
    snapped = _hidden(simple, _GRID_SHARE * displacement_m / scale, must_meet=met)
    moved_m = max(_apart_m(plane, simple), _apart_m(snapped, plane))
    return Generalised(
        geometries=_to_lonlat(snapped),
        displacement_m=moved_m,
        shared_edges_kept=_still_meets(snapped) if met else None,
    )


def distances_to_lines_m(points_lonlat: npt.NDArray[np.float64], lines: Geometries) -> Any:  # noqa: ANN401
    """Return how far points are from the nearest boundary, in metres.

    Parameters
    ----------
    points_lonlat : array, shape (n, 2)
        Degrees on CGCS2000.
    lines : array of geometries
        Their boundaries count; EPSG:4490. Empty gives infinite distances, and so does a point
        that is nowhere on earth.
    """
    if not len(lines):
        return np.full(len(points_lonlat), np.inf)
    forward = Transformer.from_crs(GEOGRAPHIC, _CONFORMAL, always_xy=True)
    x, y = forward.transform(points_lonlat[:, 0], points_lonlat[:, 1])
    tree = shapely.STRtree(_edges(to_plane(lines)))
    points = shapely.points(x, y)
    pairs, found = tree.query_nearest(points, return_distance=True, all_matches=False)
    # What is nowhere on the plane, such as a latitude of 102, is near nothing.
    distances = np.full(len(points), np.inf)
    distances[pairs[0]] = found * metres_per_unit(points_lonlat[pairs[0], 1])
    return distances


def to_plane(geometries: Geometries) -> Geometries:
    """Return lon/lat of EPSG:4490 on a conformal plane, whose unit :func:`metres_per_unit` says."""
    forward = Transformer.from_crs(GEOGRAPHIC, _CONFORMAL, always_xy=True)
    return _transformed(geometries, forward)


def _to_lonlat(geometries: Geometries) -> Geometries:
    back = Transformer.from_crs(_CONFORMAL, GEOGRAPHIC, always_xy=True)
    # Parts that meet in a point of the plane may cross by a rounding of degrees.
    return _whole(_transformed(geometries, back))


def _transformed(geometries: Geometries, transformer: Transformer) -> Geometries:
    def through(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    done: Geometries = np.asarray(shapely.transform(geometries, through), dtype=object)
    return done


def _latitudes(geometries: Geometries) -> npt.NDArray[np.float64]:
    bounds = shapely.bounds(geometries)[:, [1, 3]].ravel()
    latitudes: npt.NDArray[np.float64] = bounds[np.isfinite(bounds)]
    return latitudes


def metres_per_unit(lat_deg: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the inverse point scale of the Mercator projection of the ellipsoid.

    Snyder 1987, Map Projections, formula 7-8.
    """
    phi = np.radians(lat_deg)
    scale: npt.NDArray[np.float64] = np.cos(phi) / np.sqrt(1.0 - _E2 * np.sin(phi) ** 2)
    return scale


def _meet(plane: Geometries) -> bool:
    """Tell whether these are areas of which some share an edge and none overlap."""
    if not np.all(shapely.get_dimensions(plane) == 2) or not shapely.coverage_is_valid(plane):
        return False
    one, other = shapely.STRtree(plane).query(plane, predicate="touches")
    shared = shapely.intersection(shapely.boundary(plane[one]), shapely.boundary(plane[other]))
    return bool((shapely.length(shared) > 0.0).any())


def _simplified(
    plane: Geometries, displacement_m: float, scale: float, *, shared: bool
) -> Geometries:
    """Return the coarsest simplification that leaves room for the grid."""
    room_m = _SIMPLIFIED_SHARE * displacement_m
    tolerance = room_m / scale
    for _ in range(_TRIES):
        simple: Geometries = (
            shapely.coverage_simplify(plane, tolerance, simplify_boundary=True)
            if shared
            else shapely.simplify(plane, tolerance, preserve_topology=True)
        )
        if _apart_m(plane, simple) <= room_m:
            return simple
        tolerance *= _SHRINK
    return plane


def _hidden(simple: Geometries, grid: float, *, must_meet: bool) -> Geometries:
    """Return the simplified features on the coarsest grid that lets neighbours meet.

    A vertex moves by at most 0.71 of a cell, so no line leaves the stated displacement.
    """
    for _ in range(_TRIES):
        snapped = _snapped(simple, grid)
        if not must_meet or _still_meets(snapped):
            break
        grid *= _SHRINK
    return snapped


def _snapped(plane: Geometries, grid: float) -> Geometries:
    """Move every vertex to the nearest corner of the grid; what collapses is None."""
    offset = grid * np.array(_OFFSET)

    def nearest(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round((xy - offset) / grid) * grid + offset

    moved = np.asarray(shapely.transform(plane, nearest), dtype=object)
    return _whole(np.asarray(shapely.remove_repeated_points(_whole(moved)), dtype=object))


def _whole(geometries: Geometries) -> Geometries:
    """Return valid geometries; areas that collapsed are None."""
    whole = np.array(geometries, dtype=object)
    areal = shapely.get_dimensions(whole) == 2
    broken = areal & ~shapely.is_valid(whole)
    whole[broken] = shapely.make_valid(whole[broken], method="structure", keep_collapsed=False)
    gone = shapely.is_empty(whole) | (areal & ~(shapely.area(whole) > 0.0))
    whole[gone] = None
    return whole


def _still_meets(plane: Geometries) -> bool:
    left = plane[~shapely.is_missing(plane)]
    return bool(len(left)) and bool(shapely.coverage_is_valid(left))


def _apart_m(corners_of: Geometries, lines_of: Geometries) -> float:
    """Return the largest distance of a vertex of a feature from the other line of the same."""
    kept = ~(shapely.is_missing(corners_of) | shapely.is_missing(lines_of))
    lines = linework(lines_of[kept])
    corners, of = shapely.get_coordinates(corners_of[kept], return_index=True)
    distance = shapely.distance(shapely.points(corners), lines[of])
    return float((distance * metres_per_unit(latitude_of(corners))).max(initial=0.0))


def latitude_of(plane_xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the latitudes of points of the plane, in degrees."""
    back = Transformer.from_crs(_CONFORMAL, GEOGRAPHIC, always_xy=True)
    latitudes: npt.NDArray[np.float64] = back.transform(plane_xy[:, 0], plane_xy[:, 1])[1]
    return latitudes


def linework(plane: Geometries) -> Geometries:
    """Return areas as their boundaries, other geometries as they are."""
    lines = np.array(plane, dtype=object)
    areal = shapely.get_dimensions(plane) == 2
    lines[areal] = shapely.boundary(lines[areal])
    return lines


def _edges(plane: Geometries) -> Geometries:
    """Return the single segments of all lines, and the points that belong to none."""
    parts = np.asarray(shapely.get_parts(linework(plane)), dtype=object)
    linear = shapely.get_dimensions(parts) == 1
    corners, of = shapely.get_coordinates(parts[linear], return_index=True)
    joined = of[1:] == of[:-1]
    segments = np.stack([corners[:-1][joined], corners[1:][joined]], axis=1)
    return np.concatenate([shapely.linestrings(segments), parts[~linear]])
