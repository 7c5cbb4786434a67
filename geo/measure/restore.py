"""Polygons that rounding made invalid, made valid again. No CRS: any plane, or lon/lat."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

_POLYGONS: Final = (3, 6)
_FEWEST_CORNERS: Final = 3


def is_areal(geometries: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tell which geometries are polygons or multipolygons."""
    kinds = shapely.get_type_id(geometries)
    # Not np.isin, which takes a hundred times as long on a handful.
    areal: npt.NDArray[np.bool_] = (kinds == _POLYGONS[0]) | (kinds == _POLYGONS[1])
    return areal


def polygonal(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return only the polygons of each geometry; lines and points are dropped.

    What remains is a Polygon, a MultiPolygon, or an empty Polygon.
    """
    mixed = np.flatnonzero(~(is_areal(geometries) | shapely.is_missing(geometries)))
    if not len(mixed):
        return geometries
    result = geometries.copy()
    for at in mixed:
        parts = simple_parts(geometries[at])
        areal = parts[shapely.get_type_id(parts) == _POLYGONS[0]]
        result[at] = areal[0] if len(areal) == 1 else _gathered(areal)
    return result


def simple_parts(geometry: shapely.Geometry) -> npt.NDArray[Any]:
    """Return the points, lines and polygons of a geometry, out of collections at any depth.

    Examples
    --------
    >>> inner = shapely.GeometryCollection([shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])])
    >>> simple_parts(shapely.GeometryCollection([inner, shapely.Point(5, 5)])).tolist()
    [<POLYGON ((1 0, 1 1, 0 1, 0 0, 1 0))>, <POINT (5 5)>]
    """
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > _POLYGONS[0]).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts)


def keep_valid(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return moved geometries, those restored that were valid before and are not any more.

    A polygon that is valid where it was drawn need not be so where its vertices are moved
    or new ones are set on its edges: each is rounded to the nearest double, and an edge
    that runs back along another one may cross it. What was invalid before stays as it is,
    for only its owner knows what it was meant to be.

    Parameters
    ----------
    before, after : arrays of geometries or None, shape (n,)
        The same geometries before and after a move, a cut of edges or a rounding.

    Returns
    -------
    array of geometries, shape (n,)
        ``after`` itself where nothing is to be restored. A polygon of which no ground is
        left is an empty Polygon.
    """
    moved = np.fromiter((a is not b for a, b in zip(before, after, strict=True)), bool, len(after))
    areal = np.flatnonzero(moved & is_areal(after))
    broken = areal[~shapely.is_valid(after[areal])]
    broken = broken[shapely.is_valid(before[broken])] if len(broken) else broken
    if not len(broken):
        return after
    result = after.copy()
    result[broken] = rebuild_polygons(after[broken])
    return result


def round_coordinates(geometries: npt.NDArray[Any], decimals: int) -> npt.NDArray[Any]:
    """Return geometries with rounded coordinates; those it would make invalid stay as they are.

    Slivers narrower than the step would cross themselves or vanish.
    """
    result: npt.NDArray[Any] = shapely.transform(geometries, lambda xy: np.round(xy, decimals))
    broken = np.flatnonzero(~shapely.is_valid(result))
    broken = broken[shapely.is_valid(geometries[broken])] if len(broken) else broken
    result[broken] = geometries[broken]
    return result


def rebuild_polygons(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return valid polygons made of the rings: shells united, holes subtracted.

    Raises
    ------
    shapely.errors.GEOSException
        A ring is beyond repair.
    """
    try:
        made = _by_structure(geometries)
    except shapely.errors.GEOSException:
        # GEOS gives up on rings that have collapsed, such as a hole of one point repeated.
        made = _by_structure(np.array([_without_collapsed(one) for one in geometries], object))
    return polygonal(made)


def _by_structure(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    made: npt.NDArray[Any] = shapely.make_valid(
        geometries, method="structure", keep_collapsed=False
    )
    return made


def _without_collapsed(geometry: Any) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return a geometry without rings of fewer than three different corners."""
    parts = []
    for part in shapely.get_parts(geometry):
        shell, *holes = shapely.get_rings(part) if not part.is_empty else [None]
        if shell is not None and _has_corners(shell):
            parts.append(shapely.Polygon(shell, [hole for hole in holes if _has_corners(hole)]))
    return _gathered(np.array(parts, dtype=object))


def _has_corners(ring: Any) -> bool:  # noqa: ANN401 - shapely is untyped
    return len(np.unique(shapely.get_coordinates(ring), axis=0)) >= _FEWEST_CORNERS


def _gathered(areal: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - shapely is untyped
    return shapely.multipolygons(areal) if len(areal) else shapely.Polygon()
