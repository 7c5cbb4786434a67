"""Overlapping parts of many checks, and sites not judged, as layers for any desktop GIS."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.measure.crs import GEOGRAPHIC
from layers.readers._gdal import pyogrio

LAYER: Final = "conflicts"
LEFT_OUT: Final = "left_out"
_TYPES: Final[Mapping[str, str]] = {
    "file": "str",
    "data_set": "str",
    "check_id": "str",
    "site_id": "str",
    "site_name": "str",
    "kind": "str",
    "rule_id": "str",
    "layer_id": "str",
    "layer_version": "int64",
    "layer_status": "str",
    "feature_id": "str",
    "verdict": "str",
    "reviewed_verdict": "str",
    "outcome": "str",
    "area_m2": "float64",
    "shared_area_m2": "float64",
    "max_width_m": "float64",
}
_LEFT_OUT_TYPES: Final[Mapping[str, str]] = dict.fromkeys(
    ("file", "data_set", "label", "reason", "why"), "str"
)


def write_conflicts(
    rows: Sequence[Mapping[str, Any]], geometries: Sequence[Any], path: Path
) -> None:
    """Write a new GeoPackage with one feature for each part; none at all is a valid layer.

    Parameters
    ----------
    rows : sequence of mappings
        Attributes of each part: file, site, rule, layer version, verdict; m2 and m.
    geometries : sequence of Polygon, MultiPolygon or None
        EPSG:4490, in the order of ``rows``; None where an earlier part counts the ground.
    path : Path
        Must not exist.
    """
    frame = _frame(rows, geometries, _TYPES)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=LAYER,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
    )


def write_left_out(rows: Sequence[Mapping[str, Any]], points: Sequence[Any], path: Path) -> None:
    """Add a layer of the sites that were not judged to a GeoPackage.

    Parameters
    ----------
    rows : sequence of mappings
        File, data set, name and reason of each.
    points : sequence of Point or None
        EPSG:4490, in the order of ``rows``; None where the file tells no place.
    path : Path
        From :func:`write_conflicts`.
    """
    frame = _frame(rows, points, _LEFT_OUT_TYPES)
    pyogrio.write_dataframe(frame, path, layer=LEFT_OUT, driver="GPKG", geometry_type="Point")


def _frame(
    rows: Sequence[Mapping[str, Any]], geometries: Sequence[Any], types: Mapping[str, str]
) -> gpd.GeoDataFrame:
    columns = {
        name: pd.Series([row[name] for row in rows], dtype=dtype) for name, dtype in types.items()
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(geometries), crs=GEOGRAPHIC))
