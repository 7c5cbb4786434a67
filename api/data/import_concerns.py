"""What a layer that comes in is asked about, by everything that the workspace knows."""

from typing import Final

import geopandas as gpd

from api.workspace.needs import ControlLayers, LawSource, LayerSource
from layers.builtin.reference import read_counties
from layers.check.classes import classes_of, unspoken_of
from layers.errors import DamagedVersionError
from layers.model import LayerSpec, LayerStatus, LayerVersion, ReadReport
from layers.store.content import content_sha256
from layers.store.plausibility.completeness import contradictions, lost_features
from layers.store.plausibility.concerns import Coming, Concern, outside_coverage, unclassed
from layers.store.plausibility.former_layers import Former, beside, changed
from layers.store.plausibility.said_places import place_names
from layers.store.plausibility.whereabouts import (
    outside_counties,
    said_elsewhere,
    tagged_elsewhere,
)

COUNTY: Final = "county"
SHIFT_SUSPECTED: Final = "gcj02_suspected"
_MADE_UP: Final = (LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE)


def concerns_of(
    workspace: ControlLayers, spec: LayerSpec, layer: Coming, report: ReadReport
) -> list[Concern]:
    """Return everything that a person has to confirm before a layer is stored.

    Parameters
    ----------
    workspace : Workspace
        With what stands, the law of today and the counties.
    spec : LayerSpec
        What is said of the layer.
    layer : Coming
        Its features and the area that it is said to cover.
    report : ReadReport
        How its file was read.
    """
    texts = (spec.title_zh, spec.title_en, spec.id, report.name)
    counties, names = counties_for(workspace, spec), place_names(workspace.zone.region)
    return [
        *_shifted(report),
        *_incomplete(workspace, spec, layer, report),
        *outside_coverage(layer),
        *outside_counties(layer, counties),
        *said_elsewhere(layer, texts, counties, names),
        *tagged_elsewhere(layer, counties, names),
        *_changed(workspace, spec, layer),
        *_beside(workspace, spec, layer),
        *_sketches_that_stay(workspace, spec),
        *_unclassed(workspace, spec, layer),
    ]


def counties_for(workspace: LayerSource, spec: LayerSpec) -> gpd.GeoDataFrame:
    """Return the counties that a layer is held against, in EPSG:4490.

    For counties themselves those that ship: what stands may be the damaged version that is
    now imported again.
    """
    return read_counties(workspace.zone.region) if spec.kind == COUNTY else workspace.counties


def _shifted(report: ReadReport) -> list[Concern]:
    """Ask about a suspected shift: a line that lies beside its place makes sites clear."""
    return [
        Concern(code=issue.code, params=issue.params)
        for issue in report.issues
        if issue.code.startswith(SHIFT_SUSPECTED)
    ]


def _incomplete(
    workspace: ControlLayers, spec: LayerSpec, layer: Coming, report: ReadReport
) -> list[Concern]:
    """Ask about a control layer that lost something: where it says nothing, sites are clear."""
    if not workspace.kind(spec.kind).control:
        return []
    return [*lost_features(report), *contradictions(layer, report)]


def _changed(workspace: LayerSource, spec: LayerSpec, layer: Coming) -> list[Concern]:
    stood = {version.layer_id: version for version in workspace.store.current()}.get(spec.id)
    if stood is None:
        return []
    same = content_sha256(layer.frame) == stood.content_sha256
    return changed(layer, _former(workspace, stood), same_content=same)


def _beside(workspace: ControlLayers, spec: LayerSpec, layer: Coming) -> list[Concern]:
    if spec.status in _MADE_UP or not workspace.kind(spec.kind).control:
        return []
    others = (
        _former(workspace, version)
        for version in workspace.store.current()
        if version.spec.kind == spec.kind
        and version.layer_id != spec.id
        and version.spec.status not in _MADE_UP
    )
    return beside(layer, others)


def _sketches_that_stay(workspace: LayerSource, spec: LayerSpec) -> list[Concern]:
    """Ask about a layer of planning units beside the sketch that draws them.

    Units are drawn by the layer that the zone names: under another id an official one changes
    no density, and the claim is judged by both.
    """
    if spec.status in _MADE_UP:
        return []
    drawn_by = {unit.layer for unit in workspace.zone.units.values()}
    return [
        Concern(code="sketch_stays", params={"layer": version.layer_id})
        for version in workspace.store.current()
        if version.spec.kind == spec.kind
        and version.layer_id in drawn_by - {spec.id}
        and version.spec.status in _MADE_UP
    ]


def _former(workspace: LayerSource, version: LayerVersion) -> Former:
    """Return a version that stands; a damaged one must not keep its successor out."""
    try:
        return Former(version=version, frame=workspace.store.read(version))
    except DamagedVersionError:
        return Former(version=version, frame=None)


def _unclassed(workspace: LawSource, spec: LayerSpec, layer: Coming) -> list[Concern]:
    """Ask about features of a control layer that no rule of today speaks of."""
    if not workspace.kind(spec.kind).control:
        return []
    features, rules = layer.frame.features, workspace.rules_in_force(spec.kind)
    if not rules:
        return [Concern(code="no_rule", params={"count": len(features)})]
    return unclassed(layer, unspoken_of(features, rules), classes_of(features, rules))
