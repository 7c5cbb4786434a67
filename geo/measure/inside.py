"""How much of shapes lies in a ground. Lon/lat, EPSG:4490."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.distance import lengths_m
from geo.measure.restore import polygonal

_AREAL, _LINEAR = 2, 1


def amounts(shapes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return how much each shape is: m2 of an area, m of a line, 1 for a point.

    Areas are ellipsoidal (:func:`geo.measure.area.area_lonlat_m2`), lengths geodesic.

    Parameters
    ----------
    shapes : array of single geometries, shape (n,)
        Valid, EPSG:4490; an empty one is 0.

    Examples
    --------
    >>> plot, spot = shapely.box(102, 25, 103, 26), shapely.Point(102, 25)
    >>> [round(float(one), 2) for one in amounts(np.array([plot, spot]))]
    [11137467459.35, 1.0]
    """
    dimension = shapely.get_dimensions(shapes)
    found = np.where(shapely.is_empty(shapes), 0.0, 1.0)
    areal, linear = dimension == _AREAL, dimension == _LINEAR
    found[areal] = area_lonlat_m2(polygonal(shapes[areal]))
    found[linear] = lengths_m(shapes[linear])
    return found


def shares_inside(shapes: npt.NDArray[Any], ground: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return which share of each shape lies in a ground, by area, by length, or 0 and 1.

    Parameters
    ----------
    shapes : array of single geometries, shape (n,)
        Valid polygons, lines or points, EPSG:4490.
    ground : array of Polygon or MultiPolygon, shape (m,)
        Valid; they may overlap each other.

    Returns
    -------
    array of float, shape (n,)
        From 0 to 1; exactly 1 for a shape that one of the polygons covers, 0 for one that
        meets none of them.

    Examples
    --------
    >>> plot = shapely.box(102.0, 25.0, 102.2, 25.1)
    >>> halves = np.array([shapely.box(101, 24, 102.1, 26), shapely.box(101, 24, 102.05, 26)])
    >>> shares_inside(np.array([plot]), halves).round(9).tolist()
    [0.5]
    >>> shares_inside(np.array([shapely.Point(102, 25)]), halves).tolist()
    [1.0]
    """
    shares = np.zeros(len(shapes))
    # The ground asks, for it is what shapely prepares: few polygons of many vertices.
    tree = shapely.STRtree(shapes)
    by, at = tree.query(ground, predicate="intersects")
    whole = np.unique(tree.query(ground, predicate="covers")[1])
    shares[whole] = 1.0
    order = np.argsort(at, kind="stable")
    at, by = at[order], by[order]
    cut = np.setdiff1d(at, whole)
    first, last = np.searchsorted(at, cut, "left"), np.searchsorted(at, cut, "right")
    for one, start, end in zip(cut, first, last, strict=True):
        shares[one] = _share(shapes[one], ground[by[start:end]])
    return shares


def _share(shape: Any, ground: npt.NDArray[Any]) -> float:  # noqa: ANN401 - shapely is untyped
    met = ground[0] if len(ground) == 1 else shapely.union_all(ground)
    common = shapely.get_parts(shapely.intersection(shape, met))
    alike = common[shapely.get_dimensions(common) == shapely.get_dimensions(shape)]
    whole = amounts(np.array([shape], dtype=object))[0]
    return float(min(1.0, amounts(alike).sum() / whole)) if whole > 0.0 else 0.0
