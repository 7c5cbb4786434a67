"""The digest of a layer's content, whatever file it is kept in."""

import hashlib
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.measure.crs import crs_name, require_crs
from layers.model import LayerFrame
from layers.provenance import canonical_json

_MULTI: Final[Mapping[int, Callable[..., Any]]] = MappingProxyType(
    {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
)


def content_sha256(frame: LayerFrame) -> str:
    """Return one digest for equal content: same CRS, ids, vertices, attributes, coverage.

    The order of rows and columns does not count, nor does the file format, the version
    of GDAL, or whether one part is called a polygon or a multipolygon of one; one moved
    vertex does.
    """
    whole = hashlib.sha256(canonical_json({"crs": crs_name(require_crs(frame.features))}))
    whole.update(canonical_json(_rows(frame.features)))
    if frame.coverage is not None:
        areas = sorted(_hex(frame.coverage))
        whole.update(canonical_json({"coverage": areas}))
    return whole.hexdigest()


def _rows(features: gpd.GeoDataFrame) -> list[list[object]]:
    attributes = features.drop(columns=[features.geometry.name, "feature_id"])
    columns = sorted(map(str, attributes.columns))
    values = [[_plain(value) for value in attributes[name]] for name in columns]
    rows = [
        [feature_id, geometry, dict(zip(columns, row, strict=True))]
        for feature_id, geometry, *row in zip(
            features["feature_id"], _hex(features.geometry), *values, strict=True
        )
    ]
    return sorted(rows, key=lambda row: str(row[0]))


def _hex(series: gpd.GeoSeries) -> list[str]:
    geometry = _as_multi(series.to_numpy())
    return list(shapely.to_wkb(geometry, hex=True, byte_order=1, output_dimension=2))


def _as_multi(geometry: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give single geometries the multi type that a mixed table stores them in."""
    multi, kinds = geometry.copy(), shapely.get_type_id(geometry)
    for kind, gather in _MULTI.items():
        single = np.flatnonzero(kinds == kind)
        multi[single] = gather(geometry[single], indices=np.arange(len(single)))
    return multi


def _plain(value: Any) -> object:  # noqa: ANN401 - any cell
    """Make a cell comparable: numbers as numbers, nothing as null, the rest as text."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    cell = value.item() if isinstance(value, np.generic) else value
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        # Whole numbers with gaps between them are read back as floats.
        return int(cell) if cell.is_integer() else cell
    # A column of truths with gaps is read back as 1 and 0.
    return int(cell) if isinstance(cell, int) else str(cell)
