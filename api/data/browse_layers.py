"""Look into the catalogue: list, history, and the features of a window."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from api.workspace.answers import MAP_DECIMALS, layer_out
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerFiles, LayerSource
from geo.errors import InputError
from layers.model import LayerStatus, LayerVersion, MissingLayer
from maps.answers import JsonObject
from maps.data.answers import LayerList, LayerOut


class BoundsError(InputError):
    """A bounding box is not four finite numbers in order. Params: ``bbox``."""

    code = "api.layers.bbox"


class LimitError(InputError):
    """A limit is not between 1 and the server's own. Params: ``limit``, ``most``."""

    code = "api.layers.limit"


class TooManyFeaturesError(InputError):
    """More features match than come at once, and no limit was asked for.

    Params: ``layer_id``, ``matched``, ``most``.
    """

    code = "api.layers.too_many_features"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which features are asked for; None of bounds or limit means all."""

    bounds_lonlat: tuple[float, float, float, float] | None
    limit: int | None


def list_layers(workspace: LayerSource) -> LayerList:
    """Return the version in use of every layer; of one without any, the newest."""
    shown = {version.layer_id: version for version in workspace.store.everything()}
    shown |= {version.layer_id: version for version in workspace.store.current()}
    return LayerList(
        layers=[listed_layer(workspace, version) for version in shown.values()],
        lost=workspace.store.memory.unlisted(),
    )


def layer_history(workspace: LayerSource, layer_id: str) -> LayerList:
    """Return all versions of a layer, withdrawn ones too, newest first.

    Raises
    ------
    UnknownLayerError
        There is no such layer.
    """
    versions = workspace.store.versions(layer_id)
    return LayerList(
        layers=[listed_layer(workspace, version) for version in versions],
        lost=workspace.store.memory.unlisted(layer_id),
    )


def listed_layer(workspace: LayerSource, version: LayerVersion) -> LayerOut:
    """Return a version as the catalogue lists it."""
    steps = workspace.store.memory.steps_of(version)
    return layer_out(version, in_use=in_use(workspace, version), steps=steps)


def in_use(workspace: LayerSource, version: LayerVersion) -> bool:
    """Tell whether a version counts: the newest not withdrawn of its layer.

    A demonstration gives way to any other of its kind.
    """
    if version not in workspace.store.current():
        return False
    if version.spec.status is not LayerStatus.DEMONSTRATION:
        return True
    used = workspace.store.controls(version.spec.kind)
    return not isinstance(used, MissingLayer) and any(
        other.layer_id == version.layer_id for other in used
    )


def parse_bounds(text: str | None) -> tuple[float, float, float, float] | None:
    """Return ``west,south,east,north`` in degrees as numbers.

    Raises
    ------
    BoundsError
        Not four finite numbers, or not in order.
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(number) for number in text.split(","))
    except ValueError as exc:
        raise BoundsError(bbox=text[:80]) from exc
    ordered = -180.0 <= west < east <= 180.0 and -90.0 <= south < north <= 90.0
    if not ordered:  # comparisons with NaN are false, so NaN ends here too
        raise BoundsError(bbox=text[:80])
    return west, south, east, north


def features_of(workspace: LayerFiles, layer_id: str, window: Window) -> JsonObject:
    """Return features of a layer's current version as GeoJSON in lon/lat.

    Raises
    ------
    UnknownLayerError
        There is no such layer.
    LimitError, TooManyFeaturesError
        More is asked for than the server gives at once: what is left out is left out by a
        limit that somebody asked for.
    """
    most = workspace.settings.max_features
    if window.limit is not None and not 1 <= window.limit <= most:
        raise LimitError(limit=window.limit, most=most)
    loaded = workspace.load(workspace.store.get(layer_id))
    hits = _hits(loaded, window)
    if window.limit is None and len(hits) > most:
        raise TooManyFeaturesError(layer_id=layer_id, matched=len(hits), most=most)
    shown = loaded.features.iloc[hits[: window.limit]]
    return {
        "type": "FeatureCollection",
        "features": _features(shown),
        "layer": {
            "id": layer_id,
            "version": loaded.version.number,
            "status": loaded.version.spec.status,
            "matched": len(hits),
            "returned": len(shown),
        },
    }


def _hits(loaded: LoadedLayer, window: Window) -> Any:  # noqa: ANN401 - numpy index
    if window.bounds_lonlat is None:
        return np.arange(len(loaded.features))
    box = shapely.box(*window.bounds_lonlat)
    return np.sort(loaded.controls.tree.query(box, predicate="intersects"))


def _features(shown: Any) -> list[JsonObject]:  # noqa: ANN401 - geopandas is untyped
    rounded = shapely.transform(shown.geometry.to_numpy(), lambda xy: np.round(xy, MAP_DECIMALS))
    attributes = pd.DataFrame(shown.drop(columns=[shown.geometry.name, "feature_id"]))
    # By index: a table without columns has no records to orient.
    text = attributes.reset_index(drop=True).to_json(
        orient="index", date_format="iso", force_ascii=False
    )
    records = json.loads(text) if len(attributes.columns) else {}
    return [
        {
            "type": "Feature",
            "id": feature_id,
            "geometry": json.loads(geometry),
            "properties": records.get(str(at), {}),
        }
        for at, (feature_id, geometry) in enumerate(
            zip(shown["feature_id"], shapely.to_geojson(rounded), strict=True)
        )
    ]
