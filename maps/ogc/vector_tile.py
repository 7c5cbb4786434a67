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
_EDGE: Final = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
MEDIA_TYPE: Final = "application/vnd.mapbox-vector-tile"

Value = str | int | float | bool
"""What a tile says of a feature."""

_POLYGONAL = (3, 6)
_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE, _DRAW = 1, 2


def encode_tile(
    name: str, shapes: npt.NDArray[Any], columns: Mapping[str, Sequence[Value | None]]
) -> bytes:
    """Return a tile of one layer.

    Parameters
    ----------
    name : str
        The layer's name.
    shapes : ndarray of geometry
        In steps from the north-western corner of the tile, east and south.
    columns : mapping of sequence
        Their properties by name: texts, numbers, truth values; None is left out.
    """
    tags, keys, values = _tags(columns, len(shapes))
    features = bytearray()
    for drawn, tag in zip(_all_drawn(shapes), tags, strict=True):
        said = _field(2, bytes(tag)) if tag else b""
        for kind, commands in drawn:
            features += _field(2, said + _number(3, kind) + _field(4, commands))
    layer = _field(1, name.encode("utf-8")) + bytes(features)
    layer += b"".join(_field(3, key.encode("utf-8")) for key in keys)
    layer += b"".join(_field(4, _value(value)) for value in values)
    layer += _number(5, EXTENT) + _number(15, 2)
    return _field(3, layer)


def _tags(
    columns: Mapping[str, Sequence[Value | None]], count: int
) -> tuple[list[bytearray], list[str], list[Value]]:
    """Return what each feature says, as numbers of keys and of values, and these."""
    tags = [bytearray() for _ in range(count)]
    keys: list[str] = []
    values: dict[tuple[type, Value], int] = {}
    for name, column in columns.items():
        key = _varint(len(keys))
        for tag, value in zip(tags, column, strict=True):
            if value is not None:
                # By type, too: 1, 1.0 and true are equal to Python.
                of = values.setdefault((type(value), value), len(values))
                tag.extend(key + _varint(of))
        keys.append(name)
    return tags, keys, [value for _, value in values]


def _clipped(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    bounds = shapely.bounds(shapes)
    outside = ~((bounds[:, :2] >= -BUFFER) & (bounds[:, 2:] <= EXTENT + BUFFER)).all(axis=1)
    broken = ~shapely.is_valid(shapes)
    if not (outside.any() or broken.any()):
        return shapes
    found = shapes.copy()
    found[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    found[outside] = shapely.intersection(found[outside], _EDGE)
    return found


def _all_drawn(shapes: npt.NDArray[Any]) -> Iterable[list[tuple[int, bytes]]]:
    """Yield the parts of each shape as commands; a layer of polygons is drawn at once."""
    clipped = _clipped(shapes)
    if np.isin(shapely.get_type_id(clipped), _POLYGONAL).all():
        return ([(_POLYGON, one)] if one else [] for one in _outlines_of(clipped))
    dimensions = shapely.get_dimensions(shapes)
    return (_drawn(shape, int(one)) for shape, one in zip(clipped, dimensions, strict=True))


def _outlines_of(polygons: npt.NDArray[Any]) -> list[bytes]:
    # numba costs every start 0.3 s, and only the first tile needs it.
    from maps.ogc.tile_outlines import outlines_of  # noqa: PLC0415

    return outlines_of(polygons)


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
        drawn.append((_POINT, _commands([places], points=True)))
    if "LineString" in found:
        lines = [_line(shapely.get_coordinates(one)) for one in found["LineString"]]
        drawn.append((_LINE, _commands(lines)))
    if "Polygon" in found:
        (outlines,) = _outlines_of(np.array([shapely.MultiPolygon(found["Polygon"])]))
        drawn.append((_POLYGON, outlines))
    return drawn


def _line(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    found = _without_repeats(_rounded(places))
    return found if len(found) > 1 else np.vstack([found, found + np.array([1, 0])])


def _rounded(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.rint(places).astype(np.int64)


def _without_repeats(places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    kept = np.ones(len(places), dtype=bool)
    kept[1:] = (places[1:] != places[:-1]).any(axis=1)
    return places[kept]


def _commands(lines: list[npt.NDArray[np.int64]], *, points: bool = False) -> bytes:
    """Return lines as commands: each place as the step from the one before."""
    out = bytearray()
    at = np.zeros(2, dtype=np.int64)
    for places in lines:
        steps = np.diff(np.vstack([at, places]), axis=0)
        zigzag = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
        moves = len(places) if points else 1
        out += _varint(moves << 3 | _MOVE) + _varints(zigzag[: 2 * moves])
        if len(places) > moves:
            out += _varint((len(places) - moves) << 3 | _DRAW)
            out += _varints(zigzag[2 * moves :])
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
