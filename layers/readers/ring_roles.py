"""Rings whose roles are told wrongly: shells inside their holes, holes as further shells."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.rings import assemble
from layers.model import Issue, Severity

OUTSIDE: Final = "Hole lies outside shell"
NESTED: Final = "Nested shells"
"""What GEOS says where a hole surrounds its shell, and where one part lies in another."""


def rearrange_rings(
    geometry: npt.NDArray[Any], reasons: tuple[str, ...]
) -> tuple[npt.NDArray[Any], tuple[Issue, ...]]:
    """Build polygons anew by where their rings lie, if that is all that is wrong with them.

    Parameters
    ----------
    geometry : array of geometries
        What is no invalid polygon is returned as it is.
    reasons : tuple of str
        Which of :data:`OUTSIDE` and :data:`NESTED` may be mended so. Only formats that tell
        a hole by the direction of its ring (Shapefile) say nested shells without meaning them.
    """
    areal = np.isin(shapely.get_type_id(geometry), (3, 6))
    broken = np.flatnonzero(areal & ~shapely.is_valid(geometry))
    if not len(broken):
        return geometry, ()
    result, rows = geometry.copy(), []
    for at, why in zip(broken, shapely.is_valid_reason(geometry[broken]), strict=True):
        if not str(why).startswith(reasons):
            continue
        rings = [shapely.get_coordinates(r) for r in shapely.get_rings(geometry[at])]
        made = assemble(rings).polygon
        if shapely.is_valid(made):
            result[at] = made
            rows.append(int(at) + 1)
    if not rows:
        return geometry, ()
    params = {"features": len(rows), "first_feature": rows[0]}
    return result, (Issue(code="rings_by_position", severity=Severity.WARNING, params=params),)
