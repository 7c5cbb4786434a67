"""Faults of a layer of polygons: what lies on itself, what is missing, what is too thin."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal
from geo.measure.width import largest_widths_m

_INTERIORS_MEET: Final = "T********"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Ground that two features share, a row each; positions in the arrays compared."""

    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    shapes: npt.NDArray[Any]
    area_m2: npt.NDArray[np.float64]
    width_m: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places of one feature each (-1: of none), with area and largest width."""

    owner: npt.NDArray[np.intp]
    shapes: npt.NDArray[Any]
    area_m2: npt.NDArray[np.float64]
    width_m: npt.NDArray[np.float64]


def duplicates(polygons: npt.NDArray[Any]) -> list[tuple[int, int]]:
    """Return (first, later) for each polygon that is an earlier one again.

    Rings that start elsewhere or run the other way are the same; so are parts in another
    order.
    """
    seen: dict[bytes, int] = {}
    found = []
    for at, key in enumerate(shapely.to_wkb(shapely.normalize(polygons), output_dimension=2)):
        first = seen.setdefault(key, at)
        if first != at:
            found.append((first, at))
    return found


def overlaps_within(polygons: npt.NDArray[Any], least_m2: float) -> Pairs:
    """Return the pairs of one layer that share at least an area; equal ones are left out.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon
        Valid, EPSG:4490.
    least_m2 : float
        Less shared ground than this is rounding of coordinates.
    """
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    apart = left < right
    left, right = left[apart], right[apart]
    other = ~shapely.equals(polygons[left], polygons[right])
    return _shared(polygons, polygons, left[other], right[other], least_m2)


def overlaps_between(
    polygons: npt.NDArray[Any], others: npt.NDArray[Any], least_m2: float
) -> Pairs:
    """Return the pairs of two layers that share at least an area."""
    left, right = shapely.STRtree(others).query(polygons, predicate="intersects")
    return _shared(polygons, others, left, right, least_m2)


def gaps(polygons: npt.NDArray[Any], most_m2: float, most_width_m: float) -> Places:
    """Return holes of a layer's union that are too small or too narrow to be meant.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon
        Valid, EPSG:4490.
    most_m2, most_width_m : float
        A hole of less area, or narrower, is a gap between features.
    """
    parts = shapely.get_parts(shapely.union_all(polygons))
    rings = [ring for part in parts for ring in part.interiors]
    holes = shapely.polygons(np.array(rings, dtype=object))
    area_m2, width_m = area_lonlat_m2(holes), largest_widths_m(holes)
    small = (area_m2 < most_m2) | (width_m < most_width_m)
    nobody = np.full(int(small.sum()), -1)
    return Places(owner=nobody, shapes=holes[small], area_m2=area_m2[small], width_m=width_m[small])


def slivers(polygons: npt.NDArray[Any], most_width_m: float) -> Places:
    """Return parts of features whose largest width is below a width."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    width_m = largest_widths_m(parts)
    thin = width_m < most_width_m
    return Places(
        owner=owner[thin],
        shapes=parts[thin],
        area_m2=area_lonlat_m2(parts[thin]),
        width_m=width_m[thin],
    )


def _shared(
    polygons: npt.NDArray[Any],
    others: npt.NDArray[Any],
    left: npt.NDArray[np.intp],
    right: npt.NDArray[np.intp],
    least_m2: float,
) -> Pairs:
    meet = shapely.relate_pattern(polygons[left], others[right], _INTERIORS_MEET)
    left, right = left[meet], right[meet]
    shapes = polygonal(shapely.intersection(polygons[left], others[right]))
    area_m2 = area_lonlat_m2(shapes)
    real = area_m2 >= least_m2
    return Pairs(
        left=left[real],
        right=right[real],
        shapes=shapes[real],
        area_m2=area_m2[real],
        width_m=largest_widths_m(shapes[real]),
    )
