"""Features as a Mapbox Vector Tile (specification 2.1), written by our own hand.

Every feature that is handed in is in the tile: what is smaller than a step of the tile's own
grid becomes one step wide, so that a far view shows where something is.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

EXTENT: Final = 4096
"""Steps across a tile."""
BUFFER: Final = 64
"""Steps around a tile in which features are drawn too, so that outlines do not end at its edge."""
MEDIA_TYPE: Final = "application/vnd.mapbox-vector-tile"

Record = Mapping[str, str | int | float | bool | None]
"""What a tile says of a feature."""

_POLYGONAL = (3, 6)
_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 1, 2, 7


def encode_tile(name: str, shapes: npt.NDArray[Any], records: Sequence[Record]) -> bytes:
    """Return a tile of one layer.

    Parameters
    ----------
    name : str
        The layer's name.
    shapes : ndarray of geometry
        In steps from the north-western corner of the tile, east and south.
    records : sequence of mapping
        Their properties: texts, numbers, truth values; None is left out.
    """
    keys: dict[str, int] = {}
    values: dict[tuple[type, Any], int] = {}
    features = bytearray()
    for drawn, record in zip(_all_drawn(shapes), records, strict=True):
        for kind, commands in drawn:
            tags = bytearray()
            for key, value in record.items():
                if value is not None:
                    at = keys.setdefault(key, len(keys))
                    # By type, too: 1, 1.0 and true are equal to Python.
                    of = values.setdefault((type(value), value), len(values))
                    tags += _varint(at) + _varint(of)
            body = _field(2, bytes(tags)) if tags else b""
            body += _number(3, kind) + _field(4, commands)
            features += _field(2, body)
    layer = _field(1, name.encode("utf-8")) + bytes(features)
    layer += b"".join(_field(3, key.encode("utf-8")) for key in keys)
    layer += b"".join(_field(4, _value(value)) for _, value in values)
    layer += _number(5, EXTENT) + _number(15, 2)
    return _field(3, layer)


def _clipped(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    edge = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    bounds = shapely.bounds(shapes)
    inside = (bounds[:, :2] >= -BUFFER).all(axis=1) & (bounds[:, 2:] <= EXTENT + BUFFER).all(axis=1)
    found = shapes.copy()
    sound = shapely.is_valid(shapes)
    found[~sound] = shapely.make_valid(shapes[~sound], method="structure", keep_collapsed=False)
    found[~inside] = shapely.intersection(found[~inside], edge)
    return found


def _all_drawn(shapes: npt.NDArray[Any]) -> Iterable[list[tuple[int, bytes]]]:
    """Yield the parts of each shape as commands; a layer of polygons is drawn at once."""
    clipped = _clipped(shapes)
    if np.isin(shapely.get_type_id(clipped), _POLYGONAL).all():
        return ([(_POLYGON, one)] if one else [] for one in _polygons_drawn(clipped))
    dimensions = shapely.get_dimensions(shapes)
    return (_drawn(shape, int(one)) for shape, one in zip(clipped, dimensions, strict=True))


def _polygons_drawn(shapes: npt.NDArray[Any]) -> list[bytes]:
    """Return the outlines of polygons as commands, nothing for an empty one."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return [b""] * len(shapes)
    places = _rounded(xy)
    own = np.r_[False, ring[1:] == ring[:-1]]
    kept = ~own | np.r_[False, (places[1:] != places[:-1]).any(axis=1)]
    places, ring = places[kept], ring[kept]
    inside = ring[1:] == ring[:-1]
    x, y = places.T
    cross = (x[:-1] * y[1:] - x[1:] * y[:-1])[inside]
    doubled = np.bincount(ring[:-1][inside], cross, minlength=len(rings)).tolist()
    ends = np.cumsum(np.bincount(ring, minlength=len(rings))).tolist()
    found: list[list[list[list[int]]]] = [[] for _ in shapes]
    steps, start, shell, seen = places.tolist(), 0, -1, False
    for at, end in enumerate(ends):
        outer, shell = part[at] != shell, part[at]
        seen = bool(doubled[at]) if outer else seen
        line = steps[start : end - 1]
        if doubled[at] and seen:
            forward = (doubled[at] > 0) == outer
            found[owner[part[at]]].append(line if forward else line[::-1])
        elif outer:
            found[owner[part[at]]].append(_one_step(steps[start:end]))
        start = end
    return [_outlines(lines) for lines in found]


def _one_step(places: list[list[int]]) -> list[list[int]]:
    """Return what is smaller than a step as one step, so that it is seen."""
    west, north = (min(axis) for axis in zip(*places, strict=True))
    return [[west, north], [west + 1, north], [west + 1, north + 1], [west, north + 1]]


def _outlines(lines: list[list[list[int]]]) -> bytes:
    """Return closed lines as commands: each place as the step from the one before."""
    out, x, y = bytearray(), 0, 0
    for places in lines:
        numbers = []
        for east, south in places:
            numbers += [_zigzag(east - x), _zigzag(south - y)]
            x, y = east, south
        out += _varint(1 << 3 | _MOVE) + _varints(numbers[:2])
        out += _varint((len(places) - 1) << 3 | _DRAW) + _varints(numbers[2:])
        out += _varint(1 << 3 | _CLOSE)
    return bytes(out)


def _zigzag(number: int) -> int:
    return (number << 1) ^ (number >> 63)


def _drawn(shape: Any, dimension: int) -> list[tuple[int, bytes]]:  # noqa: ANN401 - shapely
    """Return the parts of a shape, those of one dimension together, as commands.

    What clipping left of lower dimension only touches the tile.
    """
    found: dict[str, list[Any]] = {}
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if not part.is_empty and (
            shapely.get_dimensions(part) == dimension or shape.geom_type == "GeometryCollection"
        ):
            found.setdefault(part.geom_type, []).append(part)
    drawn = []
    if "Point" in found:
        places = _rounded(np.concatenate([shapely.get_coordinates(p) for p in found["Point"]]))
        drawn.append((_POINT, _commands([(places, False)], points=True)))
    if "LineString" in found:
        lines = [(_line(shapely.get_coordinates(one)), False) for one in found["LineString"]]
        drawn.append((_LINE, _commands(lines)))
    if "Polygon" in found:
        rings = [ring for one in found["Polygon"] for ring in _rings(one)]
        drawn.append((_POLYGON, _commands([(ring, True) for ring in rings])))
    return drawn


def _rings(polygon: Any) -> Iterable[npt.NDArray[np.int64]]:  # noqa: ANN401 - shapely
    """Return outer ring and holes in steps; outer ones have a positive area with y southwards."""
    outer = _ring(polygon.exterior, positive=True)
    if outer is None:
        west, north = _rounded(shapely.get_coordinates(polygon.exterior)).min(axis=0)
        # Smaller than a step: one step, so that it is seen.
        yield np.array([[west, north], [west + 1, north], [west + 1, north + 1], [west, north + 1]])
        return
    yield outer
    holes = (_ring(ring, positive=False) for ring in polygon.interiors)
    yield from (hole for hole in holes if hole is not None)


def _ring(ring: Any, *, positive: bool) -> npt.NDArray[np.int64] | None:  # noqa: ANN401
    closed = _without_repeats(_rounded(shapely.get_coordinates(ring)))
    x, y = closed.T
    doubled = int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    if not doubled:
        return None
    places = closed[:-1]
    return places if (doubled > 0) == positive else places[::-1]


def _line(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    found = _without_repeats(_rounded(places))
    return found if len(found) > 1 else np.vstack([found, found + np.array([1, 0])])


def _rounded(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.rint(places).astype(np.int64)


def _without_repeats(places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    kept = np.ones(len(places), dtype=bool)
    kept[1:] = (places[1:] != places[:-1]).any(axis=1)
    return places[kept]


def _commands(lines: list[tuple[npt.NDArray[np.int64], bool]], *, points: bool = False) -> bytes:
    """Return lines as commands: each place as the step from the one before."""
    out = bytearray()
    at = np.zeros(2, dtype=np.int64)
    for places, closes in lines:
        steps = np.diff(np.vstack([at, places]), axis=0)
        zigzag = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
        moves = len(places) if points else 1
        out += _varint(moves << 3 | _MOVE) + _varints(zigzag[: 2 * moves])
        if len(places) > moves:
            out += _varint((len(places) - moves) << 3 | _DRAW)
            out += _varints(zigzag[2 * moves :])
        if closes:
            out += _varint(1 << 3 | _CLOSE)
        at = places[-1]
    return bytes(out)


def _value(value: Any) -> bytes:  # noqa: ANN401 - a property
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return _number(6, (value << 1) ^ (value >> 63))
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return _field(1, str(value).encode("utf-8"))


def _long_varint(number: int) -> bytes:
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


_SHORT: Final = [_long_varint(number) for number in range(1 << 14)]
"""Nearly all numbers of a tile are short: they are looked up."""


def _varint(number: int) -> bytes:
    return _SHORT[number] if number < len(_SHORT) else _long_varint(number)


def _varints(numbers: list[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data
