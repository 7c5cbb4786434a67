"""WKB that may be handed to GEOS: its parser recurses, and crashes on deep nesting."""

import struct
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

_POINT, _LINE, _POLYGON = 1, 2, 3
_MEMBERS: Final = {4: _POINT, 5: _LINE, 6: _POLYGON, 7: None}
_HAS_SRID: Final = 0x20000000
_MAX_DEPTH: Final = 8


def read_wkb(texts: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], list[int]]:
    """Return the geometries of WKB texts, and the positions of those that are broken."""
    geometry: npt.NDArray[Any] = shapely.from_wkb(texts, on_invalid="ignore")
    given = np.array([text is not None for text in texts], dtype=bool)
    return geometry, np.flatnonzero(given & shapely.is_missing(geometry)).tolist()


def is_harmless(data: bytes) -> bool:
    """Tell whether WKB nests like a real geometry: multi parts once, collections a few times.

    Only the structure is looked at, as far as it nests; a count beyond the end is not.
    ISO and extended forms are known, curves are not.
    """
    try:
        return _end(data, 0, 0, None) <= len(data)
    except (struct.error, _StrangeError):
        return False


class _StrangeError(ValueError):
    """A geometry that is nested as no real one is."""


def _end(data: bytes, at: int, depth: int, wanted: int | None) -> int:
    """Return where a geometry ends."""
    order = "<" if data[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(f"{order}I", data, at + 1)
    kind, size = _kind(code)
    at += 9 if code & _HAS_SRID else 5
    if depth > _MAX_DEPTH or wanted not in (None, kind):
        raise _StrangeError
    if kind == _POINT:
        return at + size
    (count,) = struct.unpack_from(f"{order}I", data, at)
    at += 4
    if kind == _LINE:
        return at + int(count) * size
    for _ in range(count):
        if kind == _POLYGON:
            (points,) = struct.unpack_from(f"{order}I", data, at)
            at += 4 + points * size
        elif kind in _MEMBERS:
            at = _end(data, at, depth + 1, _MEMBERS[kind])
        else:
            raise _StrangeError
    return at


def _kind(code: int) -> tuple[int, int]:
    """Return the type without its dimension, and the bytes of one position."""
    plain = code & 0x0FFFFFFF
    dimensions = 2 + bool(code & 0x80000000) + bool(code & 0x40000000)
    dimensions += {1: 1, 2: 1, 3: 2}.get(plain // 1000, 0)
    return plain % 1000, 8 * dimensions
