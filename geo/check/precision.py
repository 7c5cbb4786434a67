"""What the precision of coordinates does to an overlap: its interval and its sensitivity."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.control_index import ControlIndex
from geo.check.nearest import grown_bounds
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, densify_lonlat, local_plane, parse_crs, transform
from geo.measure.planes import to_own_planes
from geo.measure.restore import polygonal
from geo.measure.width import planar_widths
from geo.model import Relation

_BEYOND: Final = 4.0
"""Features are cut this many precisions around a site, so that no cut moves into it."""


def overlap_interval_m2(
    site: shapely.Geometry,
    features: npt.NDArray[Any],
    precision_m: float,
    relation: Relation = Relation.MUST_NOT_OVERLAP,
) -> tuple[float, float]:
    """Return the least and the greatest area that the coordinates' precision allows.

    The boundary of the features is moved inwards and outwards by the precision: the
    overlap of every boundary within that band lies between the two areas.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        Valid, EPSG:4490.
    features : array of Polygon or MultiPolygon
        Valid, EPSG:4490; those that do not come near are no loss.
    precision_m : float
        By how much site and features together may be off, in metres, >= 0.
    relation : Relation
        ``MUST_BE_INSIDE`` asks for the area outside of all features, the others for
        the area inside of any.

    Returns
    -------
    (float, float)
        Square metres on the ellipsoid. Buffers are made in the Gauss-Krueger plane of
        the site's middle, whose scale cancels out.
    """
    site_m2 = float(area_lonlat_m2(np.array([site], dtype=object))[0])
    here, *near = _in_plane(np.array([site, *_near(site, features, precision_m)], dtype=object))
    whole = shapely.union_all(np.array(near, dtype=object))
    less, more = (shapely.intersection(here, _moved(whole, sign * precision_m)) for sign in (-1, 1))
    inside = [float(shapely.area(taken)) / float(shapely.area(here)) for taken in (less, more)]
    if relation is Relation.MUST_BE_INSIDE:
        return max(1.0 - inside[1], 0.0) * site_m2, max(1.0 - inside[0], 0.0) * site_m2
    return inside[0] * site_m2, inside[1] * site_m2


def overlap_intervals_m2(
    sites: npt.NDArray[Any], controls: ControlIndex, precision_m: float, relation: Relation
) -> list[tuple[float, float]]:
    """Return the interval of each site; see :func:`overlap_interval_m2`.

    ``precision_m`` of 0 is exact: nothing can move. An empty site has no ground to take.
    """
    intervals = [(0.0, 0.0)] * len(sites)
    boxes = shapely.box(*grown_bounds(shapely.bounds(sites).T, precision_m))
    owner, near = controls.tree.query(boxes)
    asked = np.unique(owner)
    if relation is Relation.MUST_BE_INSIDE:
        asked = np.flatnonzero(~shapely.is_empty(sites))
    for at in asked:
        features = controls.geometries[near[owner == at]]
        intervals[at] = overlap_interval_m2(sites[at], features, precision_m, relation)
    return intervals


def spans_zero(interval_m2: tuple[float, float] | None) -> bool | None:
    """Tell whether both are possible, that there is an overlap and that there is none."""
    if interval_m2 is None:
        return None
    least, most = interval_m2
    return least < NOISE_M2 <= most


def area_wider_than_m2(taken: npt.NDArray[Any], widths_m: Sequence[float]) -> tuple[float, ...]:
    """Return the areas of one site's parts; see :func:`areas_wider_than_m2`."""
    return areas_wider_than_m2([taken], widths_m)[0]


def areas_wider_than_m2(
    taken: Sequence[npt.NDArray[Any]], widths_m: Sequence[float]
) -> list[tuple[float, ...]]:
    """Return for each site and width the area of the pieces whose largest width is above it.

    Parameters
    ----------
    taken : sequence of arrays of Polygon or MultiPolygon
        For each site its parts, EPSG:4490, disjoint; parts that adjoin form one piece.
    widths_m : sequence of float
        Widths in metres, >= 0; 0 asks for everything.

    Returns
    -------
    list of tuple of float
        For each site square metres, one for each width, never rising with it.
    """
    if not any(map(len, taken)):
        return [(0.0,) * len(widths_m)] * len(taken)
    joined = np.empty(len(taken), dtype=object)
    joined[:] = [parts[0] if len(parts) == 1 else shapely.union_all(parts) for parts in taken]
    pieces, owner = shapely.get_parts(polygonal(joined), return_index=True)
    solid = ~shapely.is_empty(pieces)
    pieces, owner = pieces[solid], owner[solid]
    area_m2, width_m = area_lonlat_m2(pieces), _widths_m(pieces, max(widths_m, default=0.0))
    left = [
        np.bincount(owner, np.where(width_m > width, area_m2, 0.0), len(taken)).tolist()
        for width in widths_m
    ]
    return [tuple(of_width[at] for of_width in left) for at in range(len(taken))]


def average_width_m(geometries: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return twice the area over the perimeter of lon/lat polygons, in metres; 0 if empty."""
    widths = np.zeros(len(geometries))
    solid = ~shapely.is_empty(geometries)
    if solid.any():
        widths[solid] = _average_widths(to_own_planes(geometries[solid]))
    return widths


def _average_widths(flat: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return average widths in a plane; 0 where rounding has left nothing of a sliver."""
    length = shapely.length(flat)
    widths = np.zeros(len(flat))
    np.divide(2.0 * shapely.area(flat), length, out=widths, where=length > 0.0)
    return widths


def _widths_m(pieces: npt.NDArray[Any], asked_m: float) -> npt.NDArray[np.float64]:
    """Return largest widths, exact only where they could be below ``asked_m``."""
    flat = to_own_planes(pieces)
    # The largest width is never below the average one, and most pieces are wide.
    width_m = _average_widths(flat)
    thin = width_m <= asked_m
    width_m[thin] = planar_widths(flat[thin])
    return width_m


def _moved(shape: shapely.Geometry, distance_m: float) -> shapely.Geometry:
    return shapely.buffer(shape, distance_m) if distance_m else shape


def _near(
    site: shapely.Geometry, features: npt.NDArray[Any], precision_m: float
) -> npt.NDArray[Any]:
    box = shapely.box(*grown_bounds(site.bounds, _BEYOND * precision_m))
    return polygonal(shapely.intersection(features, box))


def _in_plane(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    west, _, east, _ = shapely.total_bounds(geometries)
    plane = local_plane((west + east) / 2.0)
    flat = transform(densify_lonlat(geometries), parse_crs(GEOGRAPHIC), plane)
    # Coordinates near zero: millimetres on 3e6 m are at the edge of what buffers resolve.
    origin = shapely.total_bounds(flat)[:2]
    moved: npt.NDArray[Any] = shapely.transform(flat, lambda xy: xy - origin)
    return moved
