"""Well-known binary to flat arrays, against shapely and against damage."""

import contextlib
import struct
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BinaryGeometryError
from geo.kernel.ragged import Ragged, from_shapely
from geo.kernel.wkb import ragged_from_wkb

HOLED = shapely.box(102, 25, 103, 26) - shapely.box(102.2, 25.2, 102.8, 25.8)
SHAPES = [
    shapely.box(0, 0, 1, 1),
    HOLED.reverse(),
    shapely.MultiPolygon([HOLED, shapely.box(104, 25, 105, 26)]),
    shapely.Polygon(),
    shapely.force_3d(HOLED, 7.0),
]


def packed(blobs: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    array = pa.array(blobs, pa.binary())
    _, offsets, data = array.buffers()
    return np.frombuffer(data, np.uint8), np.frombuffer(offsets, np.int32).astype(np.int64)


def same(a: Ragged, b: Ragged) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("srid", [False, True])
def test_shapely_gives_the_same_arrays(flavor: str, srid: bool) -> None:
    # Second method: from_shapely, which orients by GEOS.
    if srid and flavor == "iso":
        return
    shapes = shapely.set_srid(np.array(SHAPES), 4490) if srid else np.array(SHAPES)
    blobs = shapely.to_wkb(shapes, flavor=flavor, byte_order=1, include_srid=srid)
    found = ragged_from_wkb(*packed(list(blobs)))
    assert found.size == len(SHAPES)
    for at, expected in enumerate(found.geometries(np.arange(found.size))[[0, 1, 2, 4]]):
        given_ = shapely.force_2d(SHAPES[[0, 1, 2, 4][at]])
        assert shapely.equals(expected, given_)
    assert shapely.area(np.array(SHAPES)).sum() == pytest.approx(
        shapely.area(found.geometries(np.array([0, 1, 2, 4]))).sum()
    )


def test_rings_start_and_turn_as_in_the_other_way_in() -> None:
    shapes = shapely.orient_polygons(np.array(SHAPES[:3]))
    assert same(ragged_from_wkb(*packed(list(shapely.to_wkb(shapes)))), from_shapely(shapes))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_read_and_nothing_else(data: Any) -> None:
    # Property: no read beyond the geometry's own bytes, whatever they are.
    blob = bytearray(shapely.to_wkb(SHAPES[2]))
    for _ in range(data.draw(st.integers(1, 4))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    with contextlib.suppress(BinaryGeometryError):
        found = ragged_from_wkb(*packed([bytes(blob[:cut])]))
        assert found.size == 1
        assert found.rings[-1] == len(found.xy)


@pytest.mark.parametrize(
    "blob",
    [
        shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])),
        shapely.to_wkb(HOLED, byte_order=0),
        shapely.to_wkb(HOLED)[:-8],
        b"\x01\x03\x00\x00\x00\xff\xff\xff\xff",
        struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, 1, np.nan, 1, 1, 0, 0),
    ],
)
def test_what_is_no_sound_polygon_is_named(blob: bytes) -> None:
    with pytest.raises(BinaryGeometryError) as caught:
        ragged_from_wkb(*packed([shapely.to_wkb(HOLED), blob]))
    assert caught.value.params == {"feature": 2}
