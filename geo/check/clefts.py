"""Clefts: narrow ground between two features that is open to the outside."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.check.faults import Places
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, densify_lonlat, local_plane, parse_crs, transform
from geo.measure.planes import own_zones
from geo.measure.restore import polygonal
from geo.measure.width import largest_widths_m

_TOUCHES_M: Final = 0.01
"""Nearer than this, a cleft lies at a feature: arcs of buffers are cut into chords."""


def find_narrow_gaps(polygons: npt.NDArray[Any], most_width_m: float, least_m2: float) -> Places:
    """Return ground between two neighbours that no circle of a width fits into.

    Found by closing: two features together are grown by half the width and shrunk again,
    and what has closed up between them is a cleft. Holes that are closed all round are
    :func:`geo.check.faults.gaps`.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490. Neighbours are compared in the Gauss-Krueger plane of their zone.
    most_width_m : float
        Wider ground is meant to be between them.
    least_m2 : float
        Less ground is the rounding of a corner.

    Returns
    -------
    Places
        In EPSG:4490; ``owner`` is the first of the two features.
    """
    zones = own_zones(polygons)
    owners, shapes = list[int](), list[Any]()
    for zone in np.unique(zones[zones > 0]):
        own = np.flatnonzero(zones == zone)
        plane = local_plane(3.0 * zone)
        flat = _restore_valid(
            transform(densify_lonlat(polygons[own]), parse_crs(GEOGRAPHIC), plane)
        )
        for first, shape in _in_plane(flat, most_width_m, least_m2):
            owners.append(int(own[first]))
            shapes.append(_in_degrees(shape, plane))
    found = np.array(shapes, dtype=object)
    return Places(
        owner=np.array(owners, dtype=np.intp),
        shapes=found,
        area_m2=area_lonlat_m2(found),
        width_m=largest_widths_m(found),
    )


def _in_plane(
    flat: npt.NDArray[Any], most_width_m: float, least_m2: float
) -> list[tuple[int, Any]]:
    tree = shapely.STRtree(flat)
    left, right = tree.query(flat, predicate="dwithin", distance=most_width_m)
    found, taken = list[tuple[int, Any]](), list[Any]()
    for one, other in zip(left[left < right].tolist(), right[left < right].tolist(), strict=True):
        between = _narrow_gap(flat[one], flat[other], most_width_m)
        if between.is_empty:
            continue
        # Each cleft once: three features around one place are three pairs.
        known = np.array(taken, dtype=object)
        again = known[shapely.intersects(known, between)]
        ground = shapely.union_all([*flat[tree.query(between)], *again])
        between = shapely.difference(between, ground)
        for part in shapely.get_parts(polygonal(np.array([between], dtype=object))):
            beside = shapely.dwithin(part, [flat[one], flat[other]], _TOUCHES_M).all()
            around = flat[tree.query(part, predicate="dwithin", distance=most_width_m)]
            if part.area >= least_m2 and beside and not _is_hole(part, around):
                found.append((one, part))
                taken.append(part)
    return found


def _narrow_gap(one: Any, other: Any, width_m: float) -> Any:  # noqa: ANN401 - geometries
    """Return what closes up between two shapes, near where their boxes meet."""
    boxes = shapely.box(*shapely.bounds([one, other]).T)
    window = shapely.intersection(*shapely.buffer(boxes, 2.0 * width_m, join_style="mitre"))
    together = shapely.union(*_restore_valid(shapely.intersection([one, other], window)))
    closed = shapely.buffer(shapely.buffer(together, width_m / 2.0), -width_m / 2.0)
    return shapely.difference(closed, together)


def _restore_valid(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return shapes of which rounding in another plane has left none invalid."""
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure")
    return polygonal(shapes)


def _is_hole(part: Any, around: npt.NDArray[Any]) -> bool:  # noqa: ANN401 - geometries
    """Tell whether ground is closed in all round by features."""
    whole = shapely.get_parts(shapely.union_all(around))
    filled = shapely.polygons(shapely.get_exterior_ring(whole))
    return bool(shapely.covers(shapely.buffer(filled, _TOUCHES_M), part).any())


def _in_degrees(shape: Any, plane: CRS) -> Any:  # noqa: ANN401 - geometries
    (moved,) = transform(np.array([shape], dtype=object), plane, parse_crs(GEOGRAPHIC))
    return moved
