"""What constraints leave of an area: exact ground, and what each of them takes.

Every constraint is polygons of one Gauss-Krueger plane; what it takes is measured on the
ellipsoid. Nothing is lost to cells: ground that is free by the shapes is free to the last metre.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.measure.area import area_lonlat_m2
from geo.measure.necks import from_plane
from geo.measure.restore import polygonal
from geo.units import M2_PER_KM2

Shapes: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Where ground may not lie, or (``inside``) where alone it may; polygons of the plane."""

    reason: str
    shapes: Shapes
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one constraint takes: of what the ones before left, and on its own."""

    reason: str
    removed_km2: float
    alone_km2: float
    left_km2: float


def apply_constraints(
    area: shapely.Geometry, constraints: Iterable[Constraint], plane: CRS
) -> Iterator[tuple[Step, shapely.Geometry]]:
    """Take constraints out one after the other; yields each step and the ground that is left.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        Valid, in the plane.
    constraints : iterable of Constraint
        Polygons may overlap each other.
    plane : CRS
        See :func:`geo.measure.crs.local_plane`.
    """
    left = area
    whole_km2 = before_km2 = measure_km2(area, plane)
    for one in constraints:
        then, alone = take_away(left, one), take_away(area, one)
        after_km2 = measure_km2(then, plane)
        yield (
            Step(
                reason=one.reason,
                removed_km2=max(before_km2 - after_km2, 0.0),
                alone_km2=max(whole_km2 - measure_km2(alone, plane), 0.0),
                left_km2=after_km2,
            ),
            then,
        )
        left, before_km2 = then, after_km2


def take_away(ground: shapely.Geometry, constraint: Constraint) -> shapely.Geometry:
    """Return what one constraint leaves of ground of the plane."""
    near = shapely.intersects(constraint.shapes, shapely.envelope(ground))
    shapes = shapely.union_all(constraint.shapes[near])
    overlay = shapely.intersection if constraint.inside else shapely.difference
    (left,) = polygonal(np.array([overlay(ground, shapes)], dtype=object))
    return left


def measure_km2(shape: shapely.Geometry, plane: CRS) -> float:
    """Return the ellipsoidal area of ground of a plane."""
    return measure_m2(shape, plane) / M2_PER_KM2


def measure_m2(shape: shapely.Geometry, plane: CRS) -> float:
    """Return the ellipsoidal area of ground of a plane."""
    if shapely.is_empty(shape):
        return 0.0
    return float(area_lonlat_m2(np.array([from_plane(shape, plane)], dtype=object))[0])
