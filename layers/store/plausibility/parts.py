"""A layer taken apart: its single polygons, lines and points, and how much each is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import to_lonlat
from geo.measure.inside import amounts, shares_inside

_AREAL, _LINEAR = 2, 1


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Single geometries in EPSG:4490; ``owner`` is the row of the feature that each is of."""

    shapes: npt.NDArray[Any]
    owner: npt.NDArray[np.intp]
    count: int

    @cached_property
    def amounts(self) -> npt.NDArray[np.float64]:
        """How much each part is, see :func:`geo.measure.inside.amounts`."""
        return amounts(self.shapes)

    @cached_property
    def weights(self) -> npt.NDArray[np.float64]:
        """What each part weighs in the whole: by area, by length where none has an area, or 1."""
        dimensions = shapely.get_dimensions(self.shapes)
        for dimension in (_AREAL, _LINEAR):
            alike = np.where(dimensions == dimension, self.amounts, 0.0)
            if alike.sum() > 0.0:
                return alike
        return np.ones(len(self.shapes))

    @property
    def area_m2(self) -> npt.NDArray[np.float64]:
        """Ellipsoidal area of each part in m2, 0 for a line or a point."""
        areal = shapely.get_dimensions(self.shapes) == _AREAL
        return np.where(areal, self.amounts, 0.0)

    def shares_in(self, ground: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return which share of each part lies in polygons in EPSG:4490."""
        return shares_inside(self.shapes, ground)

    def share_in(self, ground: npt.NDArray[Any]) -> float:
        """Return which share of the whole lies in polygons in EPSG:4490."""
        return float(np.average(self.shares_in(ground), weights=self.weights))

    def owners(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return for each feature whether any of its parts is chosen."""
        return np.bincount(self.owner[chosen], minlength=self.count) > 0

    def of_features(self, chosen: npt.NDArray[np.bool_]) -> "Parts":
        """Return the parts of some of the features."""
        kept = chosen[self.owner]
        return Parts(shapes=self.shapes[kept], owner=self.owner[kept], count=self.count)


def parts_of(features: gpd.GeoDataFrame) -> Parts:
    """Return the parts of features; what is empty has none.

    Raises
    ------
    PlanningError
        See :func:`geo.measure.crs.to_lonlat`.
    """
    lonlat = to_lonlat(features.geometry).to_numpy()
    shapes, owner = shapely.get_parts(lonlat, return_index=True)
    # A collection in a collection, as some programs write it.
    while (shapely.get_type_id(shapes) > shapely.GeometryType.POLYGON).any():
        shapes, inner = shapely.get_parts(shapes, return_index=True)
        owner = owner[inner]
    some = ~shapely.is_empty(shapes)
    return Parts(shapes=shapes[some], owner=owner[some], count=len(features))
