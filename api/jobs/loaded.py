"""A layer version in memory, ready for checks and maps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely

from geo.crs import to_lonlat
from geo.overlay import ControlIndex, index_controls
from layers.errors import MissingAttributeError
from layers.model import LayerFrame, LayerVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLayer:
    """One version ready for checks and maps, in EPSG:4490.

    ``coverage`` holds the polygons that state what the layer speaks about and
    ``coverage_area`` their union; both are None where nothing is stated.
    """

    version: LayerVersion
    features: gpd.GeoDataFrame
    controls: ControlIndex
    coverage: ControlIndex | None
    coverage_area: Any | None


def loaded_layer(version: LayerVersion, frame: LayerFrame) -> LoadedLayer:
    """Bring a version into lon/lat and index it."""
    lonlat = to_lonlat(frame.features.geometry)
    coverage, coverage_area = None, None
    if frame.coverage is not None:
        areas = to_lonlat(frame.coverage)
        coverage = index_controls(areas, [str(number) for number in range(len(areas))])
        coverage_area = shapely.union_all(areas.to_numpy())
    return LoadedLayer(
        version=version,
        features=frame.features.set_geometry(lonlat),
        controls=index_controls(lonlat, frame.features["feature_id"].to_list()),
        coverage=coverage,
        coverage_area=coverage_area,
    )


def index_where(loaded: LoadedLayer, where: Mapping[str, tuple[str, ...]]) -> ControlIndex:
    """Return the index of the features with these attribute values; all if none are given.

    Raises
    ------
    MissingAttributeError
        The layer has no such attribute, so the rule cannot be applied to it.
    """
    if not where:
        return loaded.controls
    features = loaded.features
    for name, values in where.items():
        if name not in features:
            raise MissingAttributeError(layer_id=loaded.version.layer_id, attribute=name)
        features = features[features[name].isin(values)]
    return index_controls(features.geometry, features["feature_id"].to_list())
