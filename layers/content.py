"""The digest of a layer's content, whatever file it is kept in."""

import hashlib
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import crs_name, require_crs
from layers.model import LayerFrame
from layers.provenance import canonical_json


def content_sha256(frame: LayerFrame) -> str:
    """Return one digest for equal content: same CRS, ids, vertices, attributes, coverage.

    The order of rows and columns does not count, nor does the file format or the
    version of GDAL; one moved vertex does.
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
    return list(shapely.to_wkb(series.to_numpy(), hex=True, byte_order=1, output_dimension=2))


def _plain(value: Any) -> object:  # noqa: ANN401 - any cell
    """Make a cell comparable: numbers as numbers, nothing as null, the rest as text."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, (bool, int, float, str)):
        return value
    item = getattr(value, "item", None)
    return item() if item else str(value)
