"""Boundaries of lon/lat polygons in Gauss-Krueger planes, made when they are first needed."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import GEOGRAPHIC, densify_lonlat, local_plane, parse_crs, transform
from geo.measure.planes import own_zones


class Outlines:
    """The boundaries of polygons in EPSG:4490, kept by zone once they were asked for.

    Shapes that lie apart are as near by their boundaries.
    """

    def __init__(self, geometries: npt.NDArray[Any]) -> None:
        self.geometries = geometries
        self._flat: dict[tuple[int, int], Any] = {}

    @cached_property
    def zones(self) -> npt.NDArray[np.int64]:
        """The 3-degree zone of each polygon's middle."""
        return own_zones(self.geometries)

    def flat(self, zone: int, positions: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        """Return the boundaries at some positions in the metres of a zone."""
        wanted = positions.tolist()
        new = [at for at in dict.fromkeys(wanted) if (zone, at) not in self._flat]
        if new:
            # Lines keep every corner: a polygon might lose a sliver on its way to the plane.
            cut = densify_lonlat(shapely.boundary(self.geometries[new]))
            made = transform(cut, parse_crs(GEOGRAPHIC), local_plane(3.0 * zone))
            self._flat.update(zip(((zone, at) for at in new), made, strict=True))
        return np.array([self._flat[zone, at] for at in wanted], dtype=object)
