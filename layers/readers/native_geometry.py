"""Geometry as nested lists of coordinates (GeoParquet 1.1, "native encodings")."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from layers.errors import TooComplexError, UnsupportedGeometryError
from layers.readers.source import ReadLimits

NATIVE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "point": 0,
        "linestring": 1,
        "multipoint": 1,
        "polygon": 2,
        "multilinestring": 2,
        "multipolygon": 3,
    }
)
"""How many lists lie around the coordinates of each kind."""


def native_geometries(
    name: str,
    column: Any,  # noqa: ANN401 - pyarrow is untyped
    kind: str,
    limits: ReadLimits,
) -> npt.NDArray[Any]:
    """Build geometries from lists of x and y (structs, or fixed lists); null stays None.

    Raises
    ------
    TooComplexError
    UnsupportedGeometryError
        The column holds something else than it says.
    """
    valid = ~np.asarray(column.is_null().to_numpy(zero_copy_only=False))
    values, offsets = column.drop_null(), []
    for _ in range(NATIVE[kind]):
        if not hasattr(values, "offsets"):
            raise UnsupportedGeometryError(name=name, feature=1, found=kind)
        lists = values.offsets.to_numpy()
        offsets.append((lists - lists[0]).astype(np.int64))
        values = values.flatten()
    if len(values) > limits.max_vertices:
        raise TooComplexError(name=name, what="vertices", limit=limits.max_vertices)
    geometry = np.empty(len(valid), dtype=object)
    geometry[valid] = shapely.from_ragged_array(
        shapely.GeometryType[kind.upper()], _coordinates(values), tuple(reversed(offsets)) or None
    )
    return geometry


def _coordinates(values: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
    if hasattr(values, "field") and not hasattr(values, "offsets"):
        pair = [values.field(axis).to_numpy(zero_copy_only=False) for axis in ("x", "y")]
        return np.column_stack(pair).astype(np.float64)
    size = values.type.list_size
    flat = values.flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    return np.ascontiguousarray(flat.reshape(-1, size)[:, :2])
