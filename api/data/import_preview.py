"""What of data would come in, to look at: on a small map, as a table, and what it would change."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.workspace.needs import LayerSource, RasterSource
from geo.measure.crs import to_lonlat
from layers.model import LayerSpec, LayerStatus, LayerVersion
from layers.rasters.model import RasterVersion
from layers.rasters.mosaic import footprint
from maps.answers import JsonObject, Title
from maps.data.import_answers import ImportChange, ImportSample, StandingVersion
from maps.data.withdrawal_answers import Resting

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


def replaced_rasters(
    workspace: RasterSource, spec: LayerSpec, ground: shapely.Geometry
) -> tuple[list[RasterVersion], list[RasterVersion]]:
    """Return rasters that would count no more, and those that would count beyond the new one alone.

    The version before of the same id counts no more, wherever it lies. A demonstration gives way
    where the new raster lies, on ``ground`` in EPSG:4490; one that lies elsewhere is not touched.
    """
    whole, partly = list[RasterVersion](), list[RasterVersion]()
    for version in workspace.rasters.current():
        if version.raster_id == spec.id:
            whole.append(version)
        elif _gives_way(version.spec, spec):
            outline = footprint(version)
            if shapely.covers(ground, outline):
                whole.append(version)
            elif shapely.area(shapely.intersection(ground, outline)) > 0.0:
                partly.append(version)
    return whole, partly


def change_out(
    stands: LayerVersion | RasterVersion | None,
    whole: Iterable[LayerVersion | RasterVersion],
    partly: Iterable[LayerVersion | RasterVersion],
    resting: Sequence[Resting],
) -> ImportChange:
    """Return what an import would change as an answer: nothing where the same ``stands``."""
    if stands is not None:
        return ImportChange(stands=_standing_out([stands])[0], replaces=[], resting=[])
    return ImportChange(
        stands=None,
        replaces=[*_standing_out(whole), *_standing_out(partly, partly=True)],
        resting=list(resting),
    )


def _standing_out(
    versions: Iterable[LayerVersion | RasterVersion], *, partly: bool = False
) -> list[StandingVersion]:
    """Return versions that would count no more, or ``partly`` do, as an answer."""
    return [
        StandingVersion(
            id=one.spec.id,
            version=one.number,
            title=Title(zh=one.spec.title_zh, en=one.spec.title_en),
            status=one.spec.status,
            feature_count=one.feature_count if isinstance(one, LayerVersion) else None,
            partly=partly,
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
