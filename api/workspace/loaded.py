"""A layer version in memory, ready for checks and maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.check.control_index import ControlIndex, index_controls
from geo.measure.buffer import buffer_lonlat
from geo.measure.crs import GEOGRAPHIC, parse_crs, require_crs, to_lonlat
from layers.check.classes import chosen_by, unspoken_of
from layers.check.rules import ControlRule
from layers.model import LayerFrame, LayerVersion


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedLayer:
    """One version ready for checks and maps, in EPSG:4490.

    ``rows`` is where in ``features`` a feature stands,
    ``frame`` is what is stored where that is in EPSG:4490 itself, and no second copy,
    ``coverage`` holds the polygons that state what the layer speaks about and
    ``coverage_area`` their union; both are None where nothing is stated.
    """

    version: LayerVersion
    features: gpd.GeoDataFrame
    rows: Mapping[str, int]
    controls: ControlIndex
    coverage: ControlIndex | None
    coverage_area: Any | None
    frame: LayerFrame | None = None

    @cached_property
    def properties(self) -> pd.DataFrame:
        """The attributes, the id first, without shapes; a plain frame is many times quicker."""
        features = pd.DataFrame(self.features.drop(columns=self.features.geometry.name))
        return features[["feature_id", *features.columns.drop("feature_id")]]

    @cached_property
    def shapeless(self) -> npt.NDArray[np.bool_]:
        """Which features have no shape, or an empty one; looked at once."""
        shapes = self.features.geometry.to_numpy()
        none: npt.NDArray[np.bool_] = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        return none


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleIndex:
    """The features of a layer that a rule speaks of.

    ``judged`` are the same features grown by the rule's buffer; without one they are
    ``features`` themselves.
    """

    features: ControlIndex
    judged: ControlIndex


def loaded_layer(version: LayerVersion, frame: LayerFrame) -> LoadedLayer:
    """Bring a version into lon/lat and index it."""
    lonlat = to_lonlat(frame.features.geometry)
    in_lonlat = require_crs(frame.features) == parse_crs(GEOGRAPHIC)
    coverage, coverage_area = None, None
    if frame.coverage is not None:
        areas = to_lonlat(frame.coverage).to_numpy()
        coverage, coverage_area = _stated_areas(tuple(shapely.to_wkb(areas)))
    feature_ids = [str(feature_id) for feature_id in frame.features["feature_id"]]
    return LoadedLayer(
        version=version,
        features=frame.features if in_lonlat else frame.features.set_geometry(lonlat),
        rows={feature_id: at for at, feature_id in enumerate(feature_ids)},
        controls=index_controls(lonlat, feature_ids),
        coverage=coverage,
        coverage_area=coverage_area,
        frame=frame if in_lonlat else None,
    )


@lru_cache(maxsize=256)
def _stated_areas(wkb: tuple[bytes, ...]) -> tuple[ControlIndex, Any]:
    """Index the areas that a layer speaks about; layers that state the same share it.

    So a site is held against an area once, and not once for each layer that states it.
    """
    areas = gpd.GeoSeries(shapely.from_wkb(np.array(wkb, dtype=object)), crs=GEOGRAPHIC)
    index = index_controls(areas, [str(number) for number in range(len(areas))])
    return index, shapely.union_all(areas.to_numpy())


def index_for(loaded: LoadedLayer, rule: ControlRule) -> RuleIndex:
    """Return the features that a rule speaks of; none where the layer lacks the attribute.

    They stand in the order of their ids, the shorter ones first: where features overlap each
    other the first one counts, and evidence proves features but not the order of a file.
    """
    chosen = (
        np.flatnonzero(chosen_by(loaded.features, rule))
        if rule.where
        else np.arange(len(loaded.features))
    )
    ids = [loaded.controls.feature_ids[at] for at in chosen]
    order = sorted(range(len(ids)), key=lambda at: (len(ids[at]), ids[at]))
    features = loaded.controls
    if rule.where or order != list(range(len(ids))):
        rows = loaded.features.geometry.iloc[chosen[order]]
        features = index_controls(rows, [ids[at] for at in order])
    if not rule.buffer_m or not len(features.geometries):
        return RuleIndex(features=features, judged=features)
    belts = gpd.GeoSeries(buffer_lonlat(features.geometries, rule.buffer_m), crs=GEOGRAPHIC)
    return RuleIndex(features=features, judged=index_controls(belts, features.feature_ids))


def index_unclassified(loaded: LoadedLayer, rules: Sequence[ControlRule]) -> ControlIndex | None:
    """Return the index of the features that none of the rules of their kind speaks of.

    A misspelt class would otherwise let its feature drop out of every rule in silence, and
    so would a layer without the attribute that says the class.
    """
    unspoken = unspoken_of(loaded.features, rules)
    if not unspoken.any():
        return None
    rest = loaded.features[unspoken]
    return index_controls(rest.geometry, rest["feature_id"].to_list())
