"""How shapes lie to each other (CQL2, OGC 21-065r2, clause 7; Simple Features)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.filter.errors import refuse
from geo.filter.tree import Node
from geo.filter.values import Array, Truth

Place = Callable[[Any], Any]
"""Moves a shape of a filter into lon/lat."""

SPATIAL: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}
_MIRRORED: Final = {"s_contains": "s_within", "s_within": "s_contains"}
_DEPTH: Final = {
    "Point": 0,
    "LineString": 1,
    "MultiPoint": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
_MAKERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Point": shapely.Point,
    "LineString": shapely.LineString,
    "MultiPoint": shapely.MultiPoint,
    "Polygon": lambda rings: shapely.Polygon(rings[0], rings[1:]),
    "MultiLineString": shapely.MultiLineString,
    "MultiPolygon": lambda parts: shapely.MultiPolygon([(one[0], one[1:]) for one in parts]),
}


def spatial_truth(name: str, shapes: gpd.GeoSeries, args: list[Node], place: Place) -> Truth:
    """Return where a relation of two shapes holds; a feature without a shape is unknown.

    Raises
    ------
    FilterError
        An argument is no sound shape, or names another property than the shape.
    """
    left, right = (_side(one, shapes, place) for one in args)
    if left.ndim == 0 and right.ndim == 1:
        # The shape that stays the same is prepared, and relations are quick from its side.
        name, left, right = _MIRRORED.get(name, name), right, left
    if right.ndim == 0:
        shapely.prepare(right.item())
        if name in _MIRRORED:
            true = SPATIAL[_MIRRORED[name]](right, left)
        else:
            true = SPATIAL[name](right, left)
    else:
        true = SPATIAL[name](left, right)
    known = ~(shapely.is_missing(left) | shapely.is_missing(right))
    return Truth(true=np.asarray(true, dtype=bool) & known, known=np.asarray(known))


def _side(node: Node, shapes: gpd.GeoSeries, place: Place) -> Array:
    if isinstance(node, Mapping) and "property" in node:
        if node["property"] != shapes.name:
            raise refuse("filter_shape", node["property"])
        column: Array = shapes.to_numpy()
        return column
    shape = place(shape_of(node))
    single = np.empty((), dtype=object)
    single[()] = shape
    return single


def shape_of(node: Node) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return a GeoJSON geometry or ``{"bbox": [...]}`` as a sound shape.

    Raises
    ------
    FilterError
        It is none, or it crosses itself.

    Examples
    --------
    >>> shape_of({"bbox": [0, 0, 2, 1]}).area
    2.0
    """
    try:
        shape = _made(node)
    except (ValueError, TypeError, IndexError, KeyError, shapely.errors.GEOSException) as exc:
        raise refuse("filter_shape", node) from exc
    if shape.is_empty or not shape.is_valid:
        raise refuse("filter_shape", node)
    return shape


def _made(node: Any) -> Any:  # noqa: ANN401 - JSON
    if set(node) == {"bbox"}:
        return _box(node["bbox"])
    if node["type"] == "GeometryCollection":
        return shapely.GeometryCollection([_made(one) for one in node["geometries"]])
    kind, coordinates = node["type"], node["coordinates"]
    return _MAKERS[kind](_flat(coordinates, _DEPTH[kind]))


def _box(numbers: Any) -> Any:  # noqa: ANN401 - JSON
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    (west, south), (east, north) = _flat([numbers[:2], numbers[2:]], 1)
    if west > east or south > north:
        raise ValueError(numbers)
    return shapely.box(west, south, east, north)


def _flat(coordinates: Any, depth: int) -> Any:  # noqa: ANN401 - JSON
    """Return places as pairs of finite numbers; heights say nothing here."""
    if depth:
        return [_flat(one, depth - 1) for one in coordinates]
    if len(coordinates) not in {2, 3} or any(isinstance(one, (bool, str)) for one in coordinates):
        raise ValueError(coordinates)
    pair = [float(one) for one in coordinates[:2]]
    if not np.isfinite(pair).all():
        raise ValueError(coordinates)
    return pair
