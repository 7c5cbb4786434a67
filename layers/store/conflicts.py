"""Overlapping parts of many checks as one layer that any desktop GIS opens."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.measure.crs import GEOGRAPHIC
from layers.readers._gdal import pyogrio

LAYER: Final = "conflicts"
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
    "outcome": "str",
    "area_m2": "float64",
    "shared_area_m2": "float64",
    "max_width_m": "float64",
}


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
    columns = {
        name: pd.Series([row[name] for row in rows], dtype=dtype) for name, dtype in _TYPES.items()
    }
    geometry = gpd.GeoSeries(list(geometries), crs=GEOGRAPHIC)
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(columns, geometry=geometry),
        path,
        layer=LAYER,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
    )
