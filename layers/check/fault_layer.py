"""Faults of layers as a GeoPackage that any desktop GIS opens: a point each, and the areas."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.measure.crs import GEOGRAPHIC
from layers.readers._gdal import pyogrio

POINTS: Final = "faults"
AREAS: Final = "fault_areas"
_TEXTS: Final = (
    "code", "layer_id", "feature_id", "other_layer_id", "other_feature_id", "field", "text",
    "repaired",
)  # fmt: skip
_NUMBERS: Final = ("area_m2", "width_m", "stated_m2")
_POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})


def write_faults(faults: Sequence[Mapping[str, Any]], shapes: Sequence[Any], path: Path) -> None:
    """Write a new GeoPackage; a fault without a place (a field's name) is in neither layer.

    Parameters
    ----------
    faults : sequence of mappings
        The fields of :class:`maps.check.audit_answers.AuditFault`; m2 and m.
    shapes : sequence of geometries or None
        EPSG:4490, in the order of ``faults``.
    path : Path
        Must not exist.
    """
    placed = [at for at, fault in enumerate(faults) if fault["at_lonlat"]]
    points = [shapely.Point(faults[at]["at_lonlat"]) for at in placed]
    areal = [at for at in placed if shapes[at] and shapes[at].geom_type in _POLYGONS]
    _write(faults, placed, points, (path, POINTS, "Point"))
    _write(faults, areal, [shapes[at] for at in areal], (path, AREAS, "MultiPolygon"))


def _write(
    faults: Sequence[Mapping[str, Any]],
    chosen: Sequence[int],
    shapes: Sequence[Any],
    target: tuple[Path, str, str],
) -> None:
    path, layer, geometry_type = target
    columns = {
        name: pd.Series([faults[at][name] for at in chosen], dtype=dtype)
        for names, dtype in ((_TEXTS, "str"), (_NUMBERS, "float64"))
        for name in names
    }
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(shapes), crs=GEOGRAPHIC)),
        path,
        layer=layer,
        driver="GPKG",
        geometry_type=geometry_type,
        promote_to_multi=geometry_type.startswith("Multi"),
        append=path.exists(),
    )
