"""Compare two versions of a layer."""

from collections import Counter
from typing import Final

import numpy as np

from api.workspace.answers import geojson
from api.workspace.needs import LayerSource
from geo.measure.area import area_lonlat_m2
from layers.model import LayerVersion
from layers.store.diff import FeatureChange, compare
from maps.workbench.answers import FeatureChangeOut, LayerComparison

MOST_CHANGES: Final = 2_000
_KINDS: Final = ("added", "removed", "moved", "renamed")


def compare_versions(
    workspace: LayerSource, layer_id: str, from_version: int, to_version: int
) -> LayerComparison:
    """Return what was added, removed, moved and renamed between two versions.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such layer or version.
    DamagedVersionError
        A version's file is not what was stored.
    """
    before = workspace.store.get(layer_id, from_version)
    after = workspace.store.get(layer_id, to_version)
    found = compare(workspace.load(before).features, workspace.load(after).features)
    counts = Counter(change.change for change in found.changes)
    return LayerComparison(
        layer_id=layer_id,
        from_version=from_version,
        to_version=to_version,
        counts={kind: counts[kind] for kind in _KINDS},
        same_count=found.same_count,
        area_before_m2=_total_m2(workspace, before),
        area_after_m2=_total_m2(workspace, after),
        changes=[_out(change) for change in found.changes[:MOST_CHANGES]],
        more=max(0, len(found.changes) - MOST_CHANGES),
    )


def _total_m2(workspace: LayerSource, version: LayerVersion) -> float:
    if version.geometry_type != "Polygon":
        return 0.0
    return float(np.nansum(area_lonlat_m2(workspace.load(version).controls.geometries)))


def _out(change: FeatureChange) -> FeatureChangeOut:
    return FeatureChangeOut(
        feature_id=change.feature_id,
        change=change.change,
        area_before_m2=change.area_before_m2,
        area_after_m2=change.area_after_m2,
        length_before_m=change.length_before_m,
        length_after_m=change.length_after_m,
        attributes=list(change.attributes),
        before=None if change.before is None else geojson(change.before, decimals=7),
        after=None if change.after is None else geojson(change.after, decimals=7),
    )
