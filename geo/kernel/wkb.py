"""Polygons from well-known binary, many at once and without an object for each."""

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import BinaryGeometryError
from geo.kernel.jit import compile_lazily
from geo.kernel.ragged import Floats, Ints, Ragged

Bytes = npt.NDArray[np.uint8]

_POLYGON: Final = 3
_MULTIPOLYGON: Final = 6
_HEAD: Final = 9
_FAULT: Final = -1
_EWKB_Z: Final = 0x80000000
_EWKB_M: Final = 0x40000000
_EWKB_SRID: Final = 0x20000000


def ragged_from_wkb(data: Bytes, offsets: Ints) -> Ragged:
    """Return polygons from the buffers of an array of well-known binary.

    Parameters
    ----------
    data : array of uint8
        The bytes of all geometries, little-endian Polygon or MultiPolygon; heights and
        measures are dropped, rings are turned as :class:`Ragged` wants them.
    offsets : array of int, shape (n + 1,)
        Geometry ``i`` is ``data[offsets[i]:offsets[i + 1]]``; nothing at all is a feature
        without rings.

    Raises
    ------
    BinaryGeometryError
        A geometry is not polygonal, big-endian, cut short, or has an open or tiny ring or a
        vertex that is no number.
    """
    sizes = np.zeros((len(offsets) - 1, 2), dtype=np.int64)
    fault = count_parts(data, offsets, sizes)
    if fault >= 0:
        raise BinaryGeometryError(feature=int(fault) + 1)
    features = np.zeros(len(offsets), dtype=np.int64)
    np.cumsum(sizes[:, 0], out=features[1:])
    xy = np.empty((int(sizes[:, 1].sum()), 2))
    rings = np.zeros(int(features[-1]) + 1, dtype=np.int64)
    fault = fill_parts(data, offsets, features, rings, xy)
    if fault >= 0:
        raise BinaryGeometryError(feature=int(fault) + 1)
    return Ragged.of(xy=xy, rings=rings, features=features)


@compile_lazily
def number_at(data: Bytes, at: int) -> int:
    """Return a little-endian unsigned number of four bytes."""
    found = np.int64(0)
    for byte in range(3, -1, -1):
        # Signed throughout: compiled code makes signed and unsigned together a float.
        found = (found << 8) | np.int64(data[at + byte])
    return int(found)


@compile_lazily
def head_at(data: Bytes, at: int, stop: int) -> tuple[int, int, int, int]:
    """Return kind, doubles in a vertex, number of members, and where these start.

    The kind is _FAULT for what is not ours, or would reach beyond ``stop``.
    """
    if at + _HEAD > stop or data[at] != 1:
        return _FAULT, 0, 0, at
    code = number_at(data, at + 1)
    doubles, after = 2, at + 5
    if code & _EWKB_Z:
        doubles += 1
    if code & _EWKB_M:
        doubles += 1
    if code & _EWKB_SRID:
        after += 4
    code &= 0x1FFFFFFF
    thousands = code // 1000
    if thousands == 3:
        doubles = 4
    elif thousands > 0:
        doubles = 3
    if after + 4 > stop or thousands > 3:
        return _FAULT, 0, 0, at
    return code % 1000, doubles, number_at(data, after), after + 4


@compile_lazily
def count_parts(data: Bytes, offsets: Ints, sizes: Ints) -> int:
    """Write the number of rings and vertices of each geometry; returns the first bad one, or -1."""
    for feature in range(len(offsets) - 1):
        at, stop = offsets[feature], offsets[feature + 1]
        if at == stop:
            continue
        kind, _, members, inner = head_at(data, at, stop)
        polygons = 1
        if kind == _MULTIPOLYGON:
            polygons, at = members, inner
        elif kind != _POLYGON:
            return feature
        for _ in range(polygons):
            kind, doubles, rings, at = head_at(data, at, stop)
            if kind != _POLYGON:
                return feature
            for _ in range(rings):
                if at + 4 > stop:
                    return feature
                vertices = number_at(data, at)
                at += 4 + vertices * doubles * 8
                if vertices < 4 or at > stop:
                    return feature
                sizes[feature, 0] += 1
                sizes[feature, 1] += vertices
    return -1


@compile_lazily
def fill_parts(data: Bytes, offsets: Ints, features: Ints, ends: Ints, xy: Floats) -> int:
    """Write vertices and the ends of rings; returns the first geometry with a bad ring, or -1."""
    ring, vertex = 0, 0
    for feature in range(len(offsets) - 1):
        at, stop = offsets[feature], offsets[feature + 1]
        if features[feature] == features[feature + 1]:
            continue
        kind, _, members, inner = head_at(data, at, stop)
        polygons = 1
        if kind == _MULTIPOLYGON:
            polygons, at = members, inner
        for _ in range(polygons):
            _, doubles, rings, at = head_at(data, at, stop)
            for number in range(rings):
                count = number_at(data, at)
                values = data[at + 4 : at + 4 + count * doubles * 8].view(np.float64)
                at += 4 + count * doubles * 8
                for one in range(count):
                    xy[vertex + one, 0] = values[one * doubles]
                    xy[vertex + one, 1] = values[one * doubles + 1]
                if not orient_ring(xy, vertex, vertex + count, number == 0):
                    return feature
                vertex += count
                ring += 1
                ends[ring] = vertex
    return -1


@compile_lazily
def orient_ring(xy: Floats, start: int, stop: int, shell: bool) -> bool:  # noqa: FBT001
    """Turn a ring counterclockwise for a shell, else clockwise; False if it is no ring."""
    last = stop - 1
    if not (xy[start, 0] == xy[last, 0] and xy[start, 1] == xy[last, 1]):
        return False
    area = 0.0
    for at in range(start, last):
        x0, y0 = xy[at, 0] - xy[start, 0], xy[at, 1] - xy[start, 1]
        x1, y1 = xy[at + 1, 0] - xy[start, 0], xy[at + 1, 1] - xy[start, 1]
        area += x0 * y1 - x1 * y0
    if not np.isfinite(area):
        return False
    if (area > 0.0) != shell:
        for step in range((stop - start) // 2):
            one, other = start + step, last - step
            xy[one, 0], xy[other, 0] = xy[other, 0], xy[one, 0]
            xy[one, 1], xy[other, 1] = xy[other, 1], xy[one, 1]
    return True
