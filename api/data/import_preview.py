"""What of data would come in, to look at: on a small map, as a table, and what it would change."""

import json
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.workspace.needs import LayerSource, RasterSource
from geo.measure.crs import to_lonlat
from layers.model import LayerSpec, LayerStatus, LayerVersion
from layers.rasters.model import RasterVersion
from maps.answers import JsonObject, Title
from maps.data.import_answers import ImportSample, StandingVersion

MOST_DRAWN: Final = 400
MOST_ROWS: Final = 20
MOST_CHARACTERS: Final = 120
_PIXELS: Final = 1000.0
"""The small map is never as wide: what is finer cannot be seen on it."""


def sample_of(features: gpd.GeoDataFrame) -> ImportSample:
    """Return the first features of a layer, coarsened for a small map, and the first rows."""
    drawn = features.iloc[:MOST_DRAWN]
    geometries = to_lonlat(drawn.geometry).to_numpy()
    west, south, east, north = shapely.total_bounds(geometries)
    coarse = shapely.simplify(geometries, max(east - west, north - south) / _PIXELS)
    names = drawn["feature_id"].astype(str)
    shapes = zip(names, shapely.to_geojson(coarse), strict=True)
    table = features.iloc[:MOST_ROWS].drop(columns=[features.geometry.name])
    return ImportSample(
        features={
            "type": "FeatureCollection",
            "features": [_feature(name, json.loads(shape)) for name, shape in shapes],
        },
        shown=len(drawn),
        columns=[str(name) for name in table.columns],
        rows=[[_cell(value) for value in row] for row in table.itertuples(index=False)],
    )


def replaced_layers(workspace: LayerSource, spec: LayerSpec) -> list[LayerVersion]:
    """Return what counts now and would not once a layer has come in: of its id, and stand-ins."""
    return [
        version
        for version in workspace.store.current()
        if version.layer_id == spec.id or _gives_way(version.spec, spec)
    ]


def replaced_demonstrations(workspace: LayerSource, spec: LayerSpec) -> list[str]:
    """Return the ids of the demonstrations that a layer takes the place of."""
    found = replaced_layers(workspace, spec)
    return sorted(one.layer_id for one in found if one.layer_id != spec.id)


def replaced_rasters(workspace: RasterSource, spec: LayerSpec) -> list[RasterVersion]:
    """Return what counts now of a raster's id, and demonstrations of its kind.

    A demonstration gives way only where the new one lies over it; that is told after the import.
    """
    return [
        version
        for version in workspace.rasters.current()
        if version.raster_id == spec.id or _gives_way(version.spec, spec)
    ]


def standing_out(versions: Iterable[LayerVersion | RasterVersion]) -> list[StandingVersion]:
    """Return versions that would count no more as an answer."""
    return [
        StandingVersion(
            id=one.spec.id,
            version=one.number,
            title=Title(zh=one.spec.title_zh, en=one.spec.title_en),
            status=one.spec.status,
            feature_count=one.feature_count if isinstance(one, LayerVersion) else None,
        )
        for one in versions
    ]


def _gives_way(stands: LayerSpec, comes: LayerSpec) -> bool:
    return (
        stands.kind == comes.kind
        and stands.status is LayerStatus.DEMONSTRATION
        and comes.status is not LayerStatus.DEMONSTRATION
    )


def _feature(name: str, geometry: JsonObject) -> JsonObject:
    return {"type": "Feature", "id": name, "properties": {}, "geometry": geometry}


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if isinstance(value, (list, tuple, dict, np.ndarray)):
        return str(value)[:MOST_CHARACTERS]
    return "" if pd.isna(value) else str(value)[:MOST_CHARACTERS]
