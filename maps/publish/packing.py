"""Coordinates in a document as steps of a millionth of a degree: half the bytes of numbers in full.

``maps/static/public/unpacking.js`` reads them again. Nothing is rounded: what a bundle shows has
six decimals.
"""

from itertools import pairwise
from typing import Any, Final

from maps.answers import JsonObject

_PER_DEGREE: Final = 1_000_000


def pack(collection: JsonObject) -> JsonObject:
    """Return a GeoJSON collection whose lines are flat lists: a first corner, then steps.

    Examples
    --------
    >>> line = {"type": "LineString", "coordinates": [[102.5, 25.0], [102.500001, 24.9]]}
    >>> found = pack({"features": [{"geometry": line}]})["features"][0]["geometry"]
    >>> found
    {'type': 'LineString', 'steps': [102500000, 25000000, 1, -100000]}
    """
    return _with_geometries(collection, _packed)


def unpack(collection: JsonObject) -> JsonObject:
    """Return the GeoJSON collection that was packed."""
    return _with_geometries(collection, _unpacked)


def _with_geometries(collection: JsonObject, change: Any) -> JsonObject:  # noqa: ANN401 - a function
    features = [{**one, "geometry": change(one["geometry"])} for one in collection["features"]]
    return {**collection, "features": features}


def _packed(geometry: JsonObject) -> JsonObject:
    if geometry["type"] == "Point":
        return geometry
    return {"type": geometry["type"], "steps": _steps(geometry["coordinates"])}


def _unpacked(geometry: JsonObject) -> JsonObject:
    if "steps" not in geometry:
        return geometry
    return {"type": geometry["type"], "coordinates": _corners(geometry["steps"])}


def _steps(coordinates: Any) -> list[Any]:  # noqa: ANN401 - nested as deep as its kind
    if isinstance(coordinates[0][0], list | tuple):
        return [_steps(part) for part in coordinates]
    whole = [[round(value * _PER_DEGREE) for value in corner] for corner in coordinates]
    first, *_ = whole
    steps = list(first)
    for before, after in pairwise(whole):
        steps += [after[0] - before[0], after[1] - before[1]]
    return steps


def _corners(steps: Any) -> list[Any]:  # noqa: ANN401 - nested as deep as its kind
    if isinstance(steps[0], list):
        return [_corners(part) for part in steps]
    corners, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        corners.append([x / _PER_DEGREE, y / _PER_DEGREE])
    return corners
